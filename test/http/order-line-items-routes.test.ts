import { beforeAll, describe, expect, test } from 'vitest';
import type { Account } from '../../src/domain/accounts/account.ts';
import { testAccount } from '../support/order-objects.ts';
import { provenAfterEach } from '../support/proven-metrics.ts';
import { insert, type WorkerApi, workerApi } from '../support/worker-api.ts';

/** Order line items over HTTP: with an order, in its views, alone, changed one by one and in bulk; and what is refused. */

let api: WorkerApi;
let payer: Account;
let owner: Account;

provenAfterEach();

beforeAll(async () => {
  api = await workerApi();
  payer = await insert('account', testAccount());
  owner = await insert('account', testAccount({ name: 'Owner' }));
});

const webcam = {
  itemName: 'webcam',
  itemType: 'Product',
  productCode: 'C9201',
  purchaseOrderNumber: '960-000764',
  quantity: 2,
  listPricePerUnit: 59,
  amountPerUnit: 50.125,
  transactionStartDate: '2026-02-01',
  transactionEndDate: '2026-02-28',
  customFields: { externalNumber5__c: 'olinumber-023' },
};

async function place(orderLineItems: readonly object[], fields: object = {}) {
  const order = { orderDate: '2026-01-15', existingAccountNumber: payer.accountNumber, orderLineItems };
  return api.post('/v1/orders?returnIds=true', { ...order, ...fields });
}

async function placed(item: object = {}): Promise<{ id: string; orderNumber: string }> {
  const { status, body } = await place([{ ...webcam, ...item }]);
  expect(status).toBe(200);
  return { id: body.orderLineItems[0].id, orderNumber: body.orderNumber };
}

describe('an order of line items', () => {
  test('is placed and shown with them', async () => {
    const { status, body } = await place([
      { ...webcam, ownerAccountNumber: owner.accountNumber },
      { ...webcam, itemNumber: 'fee', itemType: 'Fee' },
    ]);
    expect(status).toBe(200);
    expect(body).toMatchObject({ success: true, status: 'Completed' });
    expect(body.orderLineItems).toMatchObject([{ itemNumber: '1' }, { itemNumber: 'fee' }]);
    const shown = await api.get(`/v1/orders/${body.orderNumber}`);
    expect(shown.body.order.subscriptions).toEqual([]);
    expect(shown.body.order.orderLineItems).toMatchObject([
      {
        id: body.orderLineItems[0].id,
        orderId: body.orderId,
        itemNumber: '1',
        itemName: 'webcam',
        itemState: 'Executing',
        itemType: 'Product',
        itemCategory: 'Sales',
        UOM: null,
        accountingCode: null,
        billTargetDate: null,
        quantity: 2,
        amountPerUnit: 50.125,
        amount: 100.25,
        amountWithoutTax: 100.25,
        listPricePerUnit: 59,
        listPrice: 118,
        ownerAccountNumber: owner.accountNumber,
        ownerAccountName: 'Owner',
        invoiceOwnerAccountNumber: payer.accountNumber,
        transactionStartDate: '2026-02-01',
        transactionEndDate: '2026-02-28',
        customFields: { externalNumber5__c: 'olinumber-023' },
      },
      { itemNumber: 'fee', itemType: 'Fee' },
    ]);
  });

  test('is kept with them as a draft, replaced, activated, and deleted', async () => {
    const { body } = await place([webcam, webcam], { status: 'Draft' });
    const path = `/v1/orders/${body.orderNumber}`;
    const replaced = await api.put(path, { orderDate: '2026-01-15', orderLineItems: [webcam] });
    expect(replaced.body).toMatchObject({ success: true });
    const activated = await api.put(`${path}/activate`, {});
    expect(activated.body).toMatchObject({ status: 'Completed', orderLineItems: [{ itemNumber: '1' }] });
    const { id } = activated.body.orderLineItems[0];
    const shown = await api.get(path);
    expect(shown.body.order).toMatchObject({ status: 'Completed', orderLineItems: [{ id }] });
    expect((await api.delete(path)).body).toMatchObject({ success: true });
    expect((await api.get(`/v1/order-line-items/${id}`)).status).toBe(404);
  });

  test('is refused whole when one of them is wrong', async () => {
    const { status, body } = await place([webcam, { ...webcam, itemType: 'Gadget' }]);
    expect(status).toBe(400);
    expect(body.reasons[0].message).toContain('orderLineItems[1].itemType');
    const many = await place(Array.from({ length: 101 }, () => webcam));
    expect(many.status).toBe(400);
    expect(many.body.reasons[0].message).toContain('at most 100 order line items');
  });
});

describe('GET /v1/order-line-items/{id}', () => {
  test('shows one item; an unknown one is not found', async () => {
    const { id } = await placed();
    const { status, body } = await api.get(`/v1/order-line-items/${id}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({ success: true, orderLineItem: { id, itemName: 'webcam', amount: 100.25 } });
    expect((await api.get(`/v1/order-line-items/${'0'.repeat(32)}`)).status).toBe(404);
  });
});

describe('PUT /v1/order-line-items/{id}', () => {
  test('changes what is given', async () => {
    const { id } = await placed();
    const { status, body } = await api.put(`/v1/order-line-items/${id}`, {
      description: 'HD 1080p',
      quantity: 3,
      itemState: 'SentToBilling',
      billTargetDate: '2026-03-01',
    });
    expect([status, body]).toEqual([200, { success: true }]);
    const shown = await api.get(`/v1/order-line-items/${id}`);
    expect(shown.body.orderLineItem).toMatchObject({
      description: 'HD 1080p',
      quantity: 3,
      amount: 150.38,
      itemState: 'SentToBilling',
      billTargetDate: '2026-03-01',
      productCode: 'C9201',
    });
  });

  test('refuses what the state does not allow, and an item that is not there', async () => {
    const { id } = await placed({ itemState: 'Complete' });
    const { status, body } = await api.put(`/v1/order-line-items/${id}`, { itemState: 'Executing' });
    expect(status).toBe(400);
    expect(body.reasons[0].message).toContain('itemState');
    expect((await api.put(`/v1/order-line-items/${'0'.repeat(32)}`, {})).status).toBe(404);
  });
});

describe('POST /v1/order-line-items/bulk', () => {
  test('changes items of several orders, all or none', async () => {
    const [one, other] = [await placed(), await placed()];
    const { status, body } = await api.post('/v1/order-line-items/bulk', {
      orderLineItems: [
        { id: one.id, quantity: 1 },
        { id: other.id, itemState: 'Booked' },
      ],
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      success: true,
      orderLineItems: [
        { id: one.id, itemState: 'Executing' },
        { id: other.id, itemState: 'Booked' },
      ],
    });
    const refused = await api.post('/v1/order-line-items/bulk', {
      orderLineItems: [
        { id: one.id, quantity: 7 },
        { id: other.id, itemState: 'Executing' },
      ],
    });
    expect(refused.status).toBe(400);
    expect(refused.body.reasons[0].message).toContain('orderLineItems[1].itemState');
    const shown = await api.get(`/v1/order-line-items/${one.id}`);
    expect(shown.body.orderLineItem).toMatchObject({ quantity: 1, amount: 50.13 });
  });

  test.each([
    [{ orderLineItems: [] }, 'orderLineItems'],
    [{ orderLineItems: [{ id: '0'.repeat(32) }] }, 'orderLineItems[0].id'],
    [{ orderLineItems: [{ quantity: 1 }] }, 'orderLineItems[0].id'],
    [{ orderLineItems: [{ id: 'x', paymentTerm: 'Whenever' }] }, 'orderLineItems[0].paymentTerm'],
    [
      { orderLineItems: [{ id: 'x' }], processingOptions: { runBilling: true } },
      'processingOptions.runBilling',
    ],
  ])('refuses %j', async (request, field) => {
    const { status, body } = await api.post('/v1/order-line-items/bulk', request);
    expect(status).toBe(400);
    expect(body.reasons[0].message).toContain(field);
  });
});

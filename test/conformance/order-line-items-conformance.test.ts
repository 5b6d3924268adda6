import { expect } from 'vitest';
import { conformance } from './support/conformance.ts';
import { createAccount } from './support/fixtures.ts';
import { expectRefusal, expectSuccess, ID, listAt, textAt, valueAt } from './support/reply-reading.ts';

// Order line items: placed with an order, read with it and alone, changed one by one and in bulk.

const webcam = {
  itemName: 'webcam',
  itemType: 'Product',
  description: 'HD 1080p',
  productCode: 'C9201',
  purchaseOrderNumber: '960-000764',
  quantity: 2,
  listPricePerUnit: 59,
  inlineDiscountType: 'Percentage',
  inlineDiscountPerUnit: 10,
  transactionStartDate: '2026-02-01',
  transactionEndDate: '2026-02-01',
  customFields: { externalNumber5__c: 'olinumber-023' },
};

type Api = Parameters<typeof createAccount>[0];

async function placeItems(api: Api, ...orderLineItems: object[]) {
  const account = await createAccount(api);
  const body = expectSuccess(
    await api.post('/v1/orders', {
      orderDate: '2026-01-01',
      existingAccountNumber: account.number,
      orderLineItems,
    }),
  );
  return { account, body, ids: listAt(body, 'orderLineItems').map((item) => textAt(item, 'id')) };
}

conformance(
  ['POST_Order', 'GET_Order', 'GET_OrderLineItem'],
  'an order of line items shows them, priced',
  async (api) => {
    const { account, body, ids } = await placeItems(api, webcam);
    expect(listAt(body, 'orderLineItems')).toEqual([{ id: expect.stringMatching(ID), itemNumber: '1' }]);
    const order = expectSuccess(await api.get(`/v1/orders/${textAt(body, 'orderNumber')}`));
    const shown = expectSuccess(await api.get(`/v1/order-line-items/${ids[0]}`));
    expect(valueAt(order, 'order.orderLineItems.0')).toEqual(valueAt(shown, 'orderLineItem'));
    expect(valueAt(shown, 'orderLineItem')).toMatchObject({
      id: ids[0],
      itemNumber: '1',
      itemState: 'Executing',
      amountPerUnit: 53.1,
      amount: 106.2,
      listPrice: 118,
      discount: 11.8,
      ownerAccountNumber: account.number,
      invoiceOwnerAccountNumber: account.number,
    });
  },
);

conformance('PUT_OrderLineItem', 'changes what is given', async (api) => {
  const { ids } = await placeItems(api, webcam);
  const path = `/v1/order-line-items/${ids[0]}`;
  expectSuccess(await api.put(path, { description: 'Details of the order line item', itemState: 'Booked' }));
  const shown = expectSuccess(await api.get(path));
  expect(valueAt(shown, 'orderLineItem')).toMatchObject({
    description: 'Details of the order line item',
    itemState: 'Booked',
    productCode: 'C9201',
  });
  expectRefusal(await api.put(path, { quantity: 7 }), { status: 400, category: 30, names: 'quantity' });
});

conformance('Post_OrderLineItems', 'changes several items at once', async (api) => {
  const { ids } = await placeItems(api, webcam, webcam);
  const orderLineItems = ids.map((id) => ({ id, itemState: 'SentToBilling' }));
  const body = expectSuccess(await api.post('/v1/order-line-items/bulk', { orderLineItems }));
  expect(listAt(body, 'orderLineItems')).toEqual(orderLineItems);
});

conformance('GET_OrderLineItem', 'answers 404 for an item that is not there', async (api) => {
  expectRefusal(await api.get(`/v1/order-line-items/${'0'.repeat(32)}`), { status: 404, category: 40 });
});

import { beforeEach, describe, expect, test } from 'vitest';
import type { Account } from '../../../src/domain/accounts/account.ts';
import { activateOrder } from '../../../src/domain/orders/activate-order.ts';
import { cancelOrder } from '../../../src/domain/orders/cancel-order.ts';
import { createOrder } from '../../../src/domain/orders/create-order.ts';
import { deleteOrder } from '../../../src/domain/orders/delete-order.ts';
import { orderLimits } from '../../../src/domain/orders/limits.ts';
import type { OrderLineItem } from '../../../src/domain/orders/order-line-item.ts';
import type { OrderLineItemSpec } from '../../../src/domain/orders/order-line-items.ts';
import { revertOrder } from '../../../src/domain/orders/revert-order.ts';
import { updateDraft } from '../../../src/domain/orders/update-draft.ts';
import { type LineItemPatch, updateLineItems } from '../../../src/domain/orders/update-line-items.ts';
import { MemoryState } from '../../support/memory-state.ts';
import { testAccount, testContact, testOffer } from '../../support/order-objects.ts';
import { orderRequest } from '../../support/order-requests.ts';

/** What an order stores of its line items, what they cost, and which changes of them are refused, naming the field. */

let state: MemoryState;
let account: Account;

beforeEach(() => {
  state = new MemoryState();
  account = testAccount();
  state.put('account', account);
});

function spec(fields: Partial<OrderLineItemSpec> = {}): OrderLineItemSpec {
  return {
    itemNumber: null,
    itemName: 'webcam',
    itemState: null,
    itemType: null,
    itemCategory: null,
    currency: null,
    ownerAccountNumber: null,
    quantity: '2',
    amountPerUnit: '59',
    listPricePerUnit: null,
    inlineDiscountType: null,
    inlineDiscountPerUnit: null,
    transactionStartDate: null,
    transactionEndDate: null,
    billTargetDate: null,
    productRatePlanChargeId: null,
    relatedSubscriptionNumber: null,
    originalOrderNumber: null,
    originalOrderLineItemNumber: null,
    details: {},
    customFields: {},
    ...fields,
  };
}

function place(items: ReadonlyArray<Partial<OrderLineItemSpec>>, fields = {}) {
  const orderLineItems = items.map(spec);
  return state.run(createOrder, orderRequest(account.accountNumber, [], { orderLineItems, ...fields }));
}

function stored(): OrderLineItem[] {
  return state.all('orderLineItem');
}

describe('an order of line items', () => {
  test('has no subscription, is completed, numbers its items, and moves no metric', () => {
    expect(place([{}, { itemNumber: '1' }, {}], { orderNumber: 'O-7' })).toMatchObject({
      status: 'Completed',
      subscriptions: [],
      orderLineItems: [{ itemNumber: '2' }, { itemNumber: '1' }, { itemNumber: '3' }],
    });
    expect(state.deltas).toEqual([]);
    expect(stored()[0]).toMatchObject({
      itemKey: 'O-7/2',
      line: 0,
      itemState: 'Executing',
      itemType: 'Product',
      itemCategory: 'Sales',
      currency: 'USD',
      ownerAccountId: account.id,
      invoiceOwnerAccountId: account.id,
      transactionStartDate: '2026-01-01',
      amountMinor: 11_800,
    });
  });

  test('is stored with a draft too', () => {
    expect(place([{ itemState: 'Booked' }], { intent: 'draft' })).toMatchObject({
      status: 'Draft',
      orderLineItems: [{ itemNumber: '1' }],
    });
    expect(stored()).toMatchObject([{ itemState: 'Booked', orderId: state.all('order')[0]!.id }]);
  });

  test.each([
    ['a price as given', { amountPerUnit: '0.333', quantity: '3' }, '0.333', 100],
    ['a fixed discount', discounted('FixedAmount', '59', '9.5'), '49.5', 9_900],
    ['ten per cent off', discounted('Percentage', '59', '10'), '53.1', 10_620],
    ['a third of a per cent, exactly', discounted('Percentage', '0.03', '33.3'), '0.02001', 4],
    ['nothing off', { ...discounted('None', '59', null), amountPerUnit: '59' }, '59', 11_800],
  ])('costs %s', (_, fields, amountPerUnit, amountMinor) => {
    place([fields]);
    expect(stored()).toMatchObject([{ amountPerUnit, amountMinor }]);
  });

  test('takes its name from the catalog, and names another owner, contacts and a subscription', () => {
    const owner = testAccount();
    const { charges } = testOffer().offer;
    const contact = testContact(account.id);
    state.put('account', owner);
    state.put('contact', contact);
    state.put('productRatePlanCharge', charges[0]!);
    place([
      {
        itemName: null,
        productRatePlanChargeId: charges[0]!.id,
        ownerAccountNumber: owner.accountNumber,
        details: { billTo: contact.id },
      },
    ]);
    expect(stored()).toMatchObject([
      { itemName: 'Test charge', ownerAccountId: owner.id, details: { billTo: contact.id } },
    ]);
  });

  test('takes back what was sold, not more than that, and nothing that was taken back', () => {
    place([{ itemNumber: 'cam' }], { orderNumber: 'O-1' });
    const back = { itemCategory: 'Return' as const, originalOrderNumber: 'O-1' };
    place([{ ...back, originalOrderLineItemNumber: 'cam' }], { orderNumber: 'O-2' });
    expect(stored()[1]).toMatchObject({ originalOrderLineItemId: stored()[0]!.id });
    const field = 'orderLineItems[0].originalOrderLineItemNumber';
    const again = { ...back, originalOrderNumber: 'O-2', originalOrderLineItemNumber: '1' };
    expect(place([again])).toMatchObject({ refused: true, field });
    expect(place([{ ...back, originalOrderLineItemNumber: 'cam', quantity: '3' }])).toMatchObject({
      refused: true,
      category: 'rule',
      field: 'orderLineItems[0].quantity',
    });
  });
});

function discounted(type: OrderLineItemSpec['inlineDiscountType'], list: string, discount: string | null) {
  const inline = { inlineDiscountType: type, listPricePerUnit: list, inlineDiscountPerUnit: discount };
  return { ...inline, amountPerUnit: null };
}

test.each([
  ['itemName', { itemName: null }],
  ['amountPerUnit', { amountPerUnit: null }],
  ['quantity', { quantity: '-1' }],
  ['quantity', { quantity: '999999999999999', amountPerUnit: '999' }],
  ['inlineDiscountType', { inlineDiscountPerUnit: '1' }],
  ['inlineDiscountPerUnit', discounted('FixedAmount', '10', null)],
  ['inlineDiscountPerUnit', discounted('FixedAmount', '10', '10.01')],
  ['inlineDiscountPerUnit', discounted('Percentage', '10', '101')],
  ['listPricePerUnit', { ...discounted('FixedAmount', '10', '1'), listPricePerUnit: null }],
  ['amountPerUnit', { ...discounted('FixedAmount', '10', '1'), amountPerUnit: '9' }],
  ['transactionEndDate', { transactionStartDate: '2026-03-02', transactionEndDate: '2026-03-01' }],
  ['ownerAccountNumber', { ownerAccountNumber: 'nobody' }],
  ['productRatePlanChargeId', { productRatePlanChargeId: 'none' }],
  ['billTo', { details: { billTo: 'f'.repeat(32) } }],
  ['relatedSubscriptionNumber', { relatedSubscriptionNumber: 'A-S404' }],
  ['originalOrderLineItemNumber', { itemCategory: 'Return' as const, originalOrderNumber: 'O-1' }],
  ['originalOrderLineItemNumber', { originalOrderNumber: 'O-1', originalOrderLineItemNumber: '1' }],
])('refuses a wrong %s: %j', (field, fields) => {
  expect(place([fields])).toMatchObject({ refused: true, field: `orderLineItems[0].${field}` });
  expect(stored()).toEqual([]);
});

test('refuses a number given twice, more items than the most, and an order of nothing', () => {
  expect(place([{ itemNumber: '1' }, { itemNumber: '1' }])).toMatchObject({
    refused: true,
    field: 'orderLineItems[1].itemNumber',
  });
  const many = Array.from({ length: orderLimits.lineItemsMax + 1 }, () => ({}));
  expect(place(many)).toMatchObject({ refused: true, field: 'orderLineItems' });
  expect(place(many.slice(1))).toMatchObject({ status: 'Completed' });
  expect(place([])).toMatchObject({ refused: true, field: 'subscriptions' });
});

describe('changing line items', () => {
  function change(fields: Partial<LineItemPatch>, more: readonly LineItemPatch[] = []) {
    const patch = { id: stored()[0]!.id, path: '', fields: {}, details: {}, customFields: {}, ...fields };
    return state.run(updateLineItems, { items: [patch, ...more] });
  }

  test('prices anew, keeps what is not named, and removes what is null', () => {
    place([{ details: { description: 'a', productCode: 'C1' } }]);
    expect(change({ fields: { quantity: '3' }, details: { description: null } })).toMatchObject({
      items: [{ itemState: 'Executing' }],
    });
    expect(stored()[0]).toMatchObject({ amountMinor: 17_700, details: { productCode: 'C1' } });
    expect(stored()[0]!.details).not.toHaveProperty('description');
    change({
      fields: { listPricePerUnit: '100', inlineDiscountType: 'Percentage', inlineDiscountPerUnit: '50' },
    });
    expect(stored()[0]).toMatchObject({ amountPerUnit: '50', amountMinor: 15_000 });
    change({ fields: { quantity: '1' } });
    expect(stored()[0]).toMatchObject({ amountPerUnit: '50', amountMinor: 5_000 });
    change({ fields: { inlineDiscountType: null, inlineDiscountPerUnit: null, amountPerUnit: '70' } });
    expect(stored()[0]).toMatchObject({ inlineDiscountType: null, amountMinor: 7_000 });
  });

  test('goes onwards only, and is open to less the further it is', () => {
    place([{}]);
    expect(change({ itemState: 'Booked' })).toMatchObject({ items: [{ itemState: 'Booked' }] });
    expect(change({ fields: { quantity: '3' } })).toMatchObject({ category: 'rule', field: 'quantity' });
    expect(change({ fields: { billTargetDate: '2026-05-01' } })).toMatchObject({ items: [{}] });
    expect(change({ itemState: 'Cancelled' })).toMatchObject({ category: 'rule', field: 'itemState' });
    expect(change({ itemState: 'SentToBilling' })).toMatchObject({ items: [{}] });
    expect(change({ fields: { billTargetDate: '2026-06-01' } })).toMatchObject({ field: 'billTargetDate' });
    expect(change({ itemState: 'Executing' })).toMatchObject({ category: 'rule', field: 'itemState' });
    expect(change({ customFields: { region__c: 'EU' } })).toMatchObject({ items: [{}] });
    expect(stored()[0]).toMatchObject({ customFields: { region__c: 'EU' }, billTargetDate: '2026-05-01' });
  });

  test.each([
    ['itemName', { fields: { itemName: null } }],
    ['transactionEndDate', { fields: { transactionEndDate: '2025-12-31' } }],
    ['relatedSubscriptionNumber', { fields: { relatedSubscriptionNumber: 'A-S404' } }],
    ['ownerAccountNumber', { ownerAccountNumber: 'nobody' }],
  ] as const)('refuses a wrong %s', (field, patch) => {
    place([{}]);
    expect(change(patch)).toMatchObject({ refused: true, field });
  });

  test('is all or nothing, each item once, and none of an order that is cancelled', () => {
    place([{}, {}]);
    const [first, second] = stored();
    const path = 'orderLineItems[1].';
    const other = { id: second!.id, path, fields: { quantity: '-1' }, details: {}, customFields: {} };
    expect(change({ fields: { quantity: '5' } }, [other])).toMatchObject({ field: `${path}quantity` });
    expect(change({}, [{ ...other, id: first!.id }])).toMatchObject({ field: `${path}id` });
    expect(change({}, [{ ...other, id: 'f'.repeat(32) }])).toMatchObject({ field: `${path}id` });
    expect(stored()).toEqual([first, second]);
    state.put('order', { ...state.all('order')[0]!, status: 'Cancelled' });
    expect(change({ fields: { quantity: '5' } })).toMatchObject({ refused: true, category: 'rule' });
  });
});

describe('the line items of an order that is kept', () => {
  const form = { returnIds: false, numbersOnly: false };
  const draft = (items: ReadonlyArray<Partial<OrderLineItemSpec>>) =>
    place(items, { intent: 'draft', orderNumber: 'O-9' });

  test('stay as they are when it is activated, though it has no subscription', () => {
    draft([{ itemState: 'Booked' }]);
    const before = stored();
    expect(state.run(activateOrder, { order: 'O-9', ...form })).toMatchObject({
      status: 'Completed',
      orderLineItems: [{ itemNumber: '1' }],
    });
    expect(stored()).toEqual(before);
    expect(state.all('order')).toMatchObject([{ status: 'Completed' }]);
  });

  test('are exchanged when it is replaced', () => {
    draft([{}, {}]);
    const {
      account: _,
      intent: __,
      orderNumber: ___,
      ...content
    } = orderRequest('', [], {
      orderLineItems: [spec({ itemName: 'cable' })],
    });
    const request = { ...content, order: 'O-9', account: null, intent: null };
    expect(state.run(updateDraft, request)).toMatchObject({
      status: 'Draft',
      orderLineItems: [{ itemNumber: '1' }],
    });
    expect(stored()).toMatchObject([{ itemName: 'cable', itemKey: 'O-9/1' }]);
  });

  test('are cancelled with it, and go with it', () => {
    draft([{}, { itemState: 'Complete' }]);
    state.run(cancelOrder, { order: 'O-9', cancelReason: null });
    expect(stored()).toMatchObject([{ itemState: 'Cancelled' }, { itemState: 'Complete' }]);
    expect(state.run(deleteOrder, { order: 'O-9' })).toMatchObject({ refused: true, category: 'rule' });
    state.put('orderLineItem', { ...stored()[1]!, itemState: 'Cancelled' });
    expect(state.run(deleteOrder, { order: 'O-9' })).toMatchObject({ orderNumber: 'O-9' });
    expect(stored()).toEqual([]);
  });

  test('are cancelled when the order is reverted, unless one is on its way to billing', () => {
    place([{}], { orderNumber: 'O-1' });
    const revert = { order: 'O-1', orderDate: '2026-02-01' };
    const item = stored()[0]!;
    state.put('orderLineItem', { ...item, itemState: 'SentToBilling' });
    expect(state.run(revertOrder, revert)).toMatchObject({ refused: true, category: 'rule' });
    state.put('orderLineItem', item);
    state.run(revertOrder, revert);
    expect(stored()).toMatchObject([{ itemState: 'Cancelled' }]);
  });
});

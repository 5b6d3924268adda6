import { describe, expect, test } from 'vitest';
import type { z } from 'zod';
import type { OrderPlaced, PlacedSubscription } from '../../src/domain/orders/order-reply.ts';
import { isRefusal } from '../../src/domain/result.ts';
import {
  fromWireOrderActionUpdate,
  fromWireOrderCancel,
  fromWireOrderCustomFields,
  fromWireOrderReplacement,
  fromWireOrderRevert,
  fromWireOrderTriggerDates,
  orderActionBody,
  orderCancelBody,
  orderCustomFieldsBody,
  orderReplacementBody,
  orderRevertBody,
  orderTriggerDatesBody,
  toWireDone,
  toWireOrderCancelled,
  toWireOrderReverted,
} from '../../src/wire/order-lifecycle.ts';
import { complaintsOf } from '../support/read-order.ts';

/** What can be asked of an order that is there: the published samples and their fields come out in the domain's words; what is wrong is named. */

const ORDER = 'O-00000408';
const form = { returnIds: false, numbersOnly: false };

describe('replacing a kept order', () => {
  const sample = {
    existingAccountNumber: 'A00000097',
    orderDate: '2024-11-11',
    subscriptions: [
      {
        orderActions: [
          {
            createSubscription: {
              notes: 'Notes about the subscription',
              terms: {
                renewalSetting: 'RENEW_WITH_SPECIFIC_TERM',
                initialTerm: { startDate: '2024-11-10', period: 12, periodType: 'Month', termType: 'TERMED' },
                renewalTerms: [{ period: 6, periodType: 'Month' }],
              },
            },
            type: 'CreateSubscription',
          },
        ],
      },
    ],
  };
  const replace = (body: object) => fromWireOrderReplacement(orderReplacementBody.parse(body), ORDER, form);

  test('the published sample stays what it was, a draft or scheduled', () => {
    expect(replace(sample)).toMatchObject({
      order: ORDER,
      account: { key: 'A00000097', field: 'existingAccountNumber' },
      intent: null,
      scheduledDate: null,
      orderDate: '2024-11-11',
      subscriptions: [{ actions: [{ action: { type: 'CreateSubscription' } }] }],
    });
  });

  test('without an account it keeps its own; a date alone moves it', () => {
    const { existingAccountNumber: _, ...rest } = sample;
    const schedulingOptions = { scheduledDate: '2025-01-01' };
    expect(replace({ ...rest, orderNumber: ORDER, schedulingOptions })).toMatchObject({
      account: null,
      intent: null,
      scheduledDate: '2025-01-01',
    });
    expect(replace({ ...rest, status: 'Completed' })).toMatchObject({ intent: 'complete' });
  });

  test.each([
    ['orderNumber', { orderNumber: 'O-2' }],
    ['existingAccountNumber', { existingAccountId: 'a1' }],
    ['schedulingOptions', { status: 'Draft', schedulingOptions: { scheduledDate: '2025-01-01' } }],
  ])('%s is refused', (field, fields) => {
    const read = replace({ ...sample, ...fields });
    expect(isRefusal(read) && read.field).toBe(field);
  });
});

describe('dates that an order waits for', () => {
  const read = (body: object) => fromWireOrderTriggerDates(orderTriggerDatesBody.parse(body), ORDER, form);

  test('the published sample', () => {
    const triggerDates = [{ name: 'CustomerAcceptance', triggerDate: '2024-07-22' }];
    const orderActions = [{ sequence: 0, triggerDates }];
    const body = { subscriptions: [{ subscriptionNumber: 'A-S00000143', orderActions }] };
    expect(read(body)).toEqual({
      order: ORDER,
      subscriptions: [
        {
          subscriptionNumber: 'A-S00000143',
          actions: [{ sequence: 0, triggerDates: { customerAcceptance: '2024-07-22' }, charges: [] }],
        },
      ],
      ...form,
    });
  });

  test('dates of single charges', () => {
    const charges = [{ chargeNumber: 'C-00000001', specificTriggerDate: '2024-07-22' }];
    const orderActions = [{ sequence: 3, charges }];
    const body = { subscriptions: [{ subscriptionNumber: 'S', orderActions }] };
    expect(read(body).subscriptions[0]!.actions).toEqual([{ sequence: 3, triggerDates: {}, charges }]);
  });
});

test('custom fields of an order and of its actions', () => {
  const body = {
    customFields: { CustomTag__c: 'internal' },
    subscriptions: [
      {
        subscriptionNumber: 'S',
        orderActions: [
          { sequence: 1, customFields: { a__c: null } },
          { orderActionId: 'x', customFields: { a__c: 1 } },
        ],
      },
    ],
  };
  expect(fromWireOrderCustomFields(orderCustomFieldsBody.parse(body), ORDER)).toEqual({
    order: ORDER,
    customFields: { CustomTag__c: 'internal' },
    subscriptions: [
      {
        subscriptionNumber: 'S',
        actions: [
          { id: null, sequence: 1, customFields: { a__c: null } },
          { id: 'x', sequence: null, customFields: { a__c: 1 } },
        ],
      },
    ],
  });
  expect(fromWireOrderCustomFields(orderCustomFieldsBody.parse({}), ORDER)).toEqual({
    order: ORDER,
    customFields: {},
    subscriptions: [],
  });
});

test.each([
  [
    { changeReason: 'why', customFields: { a__c: 'b' } },
    { changeReason: 'why', customFields: { a__c: 'b' } },
  ],
  [
    { orderAction: { changeReason: 'why', customFields: { a__c: 'b' } } },
    { changeReason: 'why', customFields: { a__c: 'b' } },
  ],
  [{ changeReason: null }, { changeReason: null, customFields: {} }],
  [{}, { customFields: {} }],
])('an order action is changed by %j', (body, request) => {
  expect(fromWireOrderActionUpdate(orderActionBody.parse(body), 'x')).toEqual({ id: 'x', ...request });
});

test('cancelling and taking back', () => {
  const cancelReason = 'Customer cancelled the order.';
  expect(fromWireOrderCancel(orderCancelBody.parse({ cancelReason }), ORDER)).toEqual({
    order: ORDER,
    cancelReason,
  });
  expect(fromWireOrderCancel(orderCancelBody.parse({}), ORDER)).toEqual({ order: ORDER, cancelReason: null });
  const body = orderRevertBody.parse({ orderDate: '2000-01-23' });
  expect(fromWireOrderRevert(body, ORDER)).toEqual({ order: ORDER, orderDate: '2000-01-23' });
});

const trigger = (action: object) => ({
  subscriptions: [{ subscriptionNumber: 'S', orderActions: [{ sequence: 0, ...action }] }],
});
test.each([
  ['orderDate', orderReplacementBody, {}],
  ['status', orderReplacementBody, { orderDate: '2024-11-11', status: 'Executing' }],
  ['cancelReason', orderCancelBody, { cancelReason: 'x'.repeat(256) }],
  ['orderDate', orderRevertBody, {}],
  ['subscriptions', orderTriggerDatesBody, {}],
  ['subscriptions', orderTriggerDatesBody, { subscriptions: [] }],
  ['subscriptions[0].orderActions[0].sequence', orderTriggerDatesBody, trigger({ sequence: -1 })],
  [
    'subscriptions[0].orderActions[0].triggerDates[0].name',
    orderTriggerDatesBody,
    trigger({ triggerDates: [{ name: 'ContractEffective' }] }),
  ],
  [
    'subscriptions[0].orderActions[0].charges[0].specificTriggerDate',
    orderTriggerDatesBody,
    trigger({ charges: [{ chargeNumber: 'C-1' }] }),
  ],
  ['customFields.tag', orderCustomFieldsBody, { customFields: { tag: 1 } }],
  [
    'subscriptions[0].orderActions[0].sequence',
    orderCustomFieldsBody,
    { subscriptions: [{ subscriptionNumber: 'S', orderActions: [{ customFields: {} }] }] },
  ],
  ['changeReason', orderActionBody, { changeReason: 'x'.repeat(256) }],
  ['orderAction.customFields.tag', orderActionBody, { orderAction: { customFields: { tag: 1 } } }],
] as ReadonlyArray<readonly [string, z.ZodType, object]>)('%s is named', (field, schema, body) => {
  expect(complaintsOf(schema, body).map((complaint) => complaint.field)).toEqual([field]);
});

describe('replies', () => {
  const head = { orderNumber: ORDER, accountNumber: 'A00000001' };

  test('of a cancelled order, with the reason under both of its published names', () => {
    expect(toWireOrderCancelled({ ...head, cancelReason: 'why' })).toEqual({
      success: true,
      ...head,
      status: 'Cancelled',
      cancelReason: 'why',
      CancelReason: 'why',
    });
    expect(toWireOrderCancelled({ ...head, cancelReason: null })).toEqual({
      success: true,
      ...head,
      status: 'Cancelled',
    });
  });

  test('of an order that took another one back', () => {
    const line = { subscription: { subscriptionNumber: 'A-S00000001' } } as PlacedSubscription;
    const placed = { ...head, status: 'Completed', subscriptions: [line] } as unknown as OrderPlaced;
    expect(toWireOrderReverted(placed)).toEqual({
      success: true,
      ...head,
      status: 'Completed',
      subscriptionNumbers: ['A-S00000001'],
    });
    expect(toWireDone()).toEqual({ success: true });
  });
});

import { describe, expect, test } from 'vitest';
import type { OrderPlaced, PlacedSubscription } from '../../src/domain/orders/order-reply.ts';
import type { OrderRequest } from '../../src/domain/orders/order-request.ts';
import { fromIfMatch, toWireOrderPlaced } from '../../src/wire/orders.ts';
import { complaintOf, orderOf, readOrder } from '../support/read-order.ts';

/** An order as a whole: several actions and subscriptions, what becomes of it, which version it is for; and the reply. */

const create = {
  type: 'CreateSubscription',
  createSubscription: { terms: { initialTerm: { termType: 'EVERGREEN' } } },
};
const cancel = { type: 'CancelSubscription', cancelSubscription: { cancellationPolicy: 'EndOfCurrentTerm' } };
const remove = { type: 'RemoveProduct', removeProduct: { ratePlanId: 'r1' } };
const read = (body: unknown, ifMatch: string | null = null) => readOrder(body, ifMatch) as OrderRequest;

describe('actions', () => {
  test('several on an existing subscription keep their order, their dates and how they were asked for', () => {
    const triggerDates = [{ name: 'ContractEffective', triggerDate: '2026-08-01' }];
    const body = orderOf([{ ...remove, changeReason: 'unused', triggerDates }, cancel]);
    const [subscription] = read(body).subscriptions;
    expect(subscription).toMatchObject({
      subscriptionNumber: 'A-S00000001',
      expectedVersion: null,
      actions: [
        {
          action: { type: 'RemoveProduct', triggerDates: { contractEffective: '2026-08-01' } },
          body: { removeProduct: { ratePlanId: 'r1' }, changeReason: 'unused', triggerDates },
        },
        { action: { type: 'CancelSubscription', triggerDates: {} } },
      ],
    });
    expect(subscription!.actions[0]!.body).not.toHaveProperty('type');
  });

  test('a new subscription takes the number, the custom fields and the manager from around it', () => {
    const body = orderOf([create, remove], { externallyManagedBy: 'Apple' }, { customFields: { a__c: 1 } });
    const [subscription] = read(body).subscriptions;
    expect(subscription).toMatchObject({
      subscriptionNumber: 'A-S00000001',
      actions: [
        {
          action: {
            triggerDates: {},
            spec: {
              subscriptionNumber: 'A-S00000001',
              details: { externallyManagedBy: 'Apple' },
              customFields: { a__c: 1 },
            },
          },
        },
        { action: { type: 'RemoveProduct' } },
      ],
    });
  });

  const several = { subscriptions: [{ orderActions: [create] }, { orderActions: [cancel] }] };
  test.each([
    ['subscriptions[1].subscriptionNumber', orderOf([], several)],
    ['subscriptions[0].orderActions', orderOf([])],
    ['subscriptions[0].orderActions[1].type', orderOf([create, create])],
    ['subscriptions[0].orderActions[1].type', orderOf([cancel, create])],
    ['subscriptions[0].ramp', orderOf([cancel], {}, { ramp: {} })],
    [
      'subscriptions[0].orderActions[0].createSubscription.subscriptionNumber',
      orderOf([
        { ...create, createSubscription: { ...create.createSubscription, subscriptionNumber: 'S-2' } },
      ]),
    ],
  ])('%s is named', (field, body) => {
    expect(complaintOf(body)?.field).toBe(field);
  });
});

describe('what becomes of an order', () => {
  const schedulingOptions = { scheduledDatePolicy: 'SpecificDate', scheduledDate: '2026-09-01' };
  test.each([
    [{}, 'complete', null],
    [{ status: null }, 'complete', null],
    [{ status: 'Completed' }, 'complete', null],
    [{ status: 'Pending' }, 'complete', null],
    [{ status: 'Draft' }, 'draft', null],
    [{ status: 'Scheduled', schedulingOptions }, 'scheduled', '2026-09-01'],
  ])('%j', (fields, intent, scheduledDate) => {
    expect(read(orderOf([cancel], fields))).toMatchObject({ intent, scheduledDate });
  });

  test('how it was scheduled is kept with the order', () => {
    const { details } = read(orderOf([cancel], { status: 'Scheduled', schedulingOptions }));
    expect(details).toEqual({ schedulingOptions });
  });

  test.each([
    ['status', { status: 'Executing' }],
    ['status', { status: 'Failed' }],
    ['status', { status: 'Done' }],
    ['schedulingOptions.scheduledDate', { status: 'Scheduled' }],
    ['schedulingOptions.scheduledDate', { status: 'Scheduled', schedulingOptions: {} }],
    [
      'schedulingOptions.scheduledDatePolicy',
      { schedulingOptions: { ...schedulingOptions, scheduledDatePolicy: 'FullMoon' } },
    ],
    ['schedulingOptions', { schedulingOptions }],
    ['schedulingOptions', { status: 'Draft', schedulingOptions }],
    ['orderLineItems[0].itemType', { orderLineItems: [{ itemType: 'Gadget' }] }],
    ['commitments', { commitments: [{}] }],
    ['processingOptions.collectPayment', { processingOptions: { collectPayment: true } }],
  ])('%s is named in %j', (field, fields) => {
    expect(complaintOf(orderOf([cancel], fields))?.field).toBe(field);
  });
});

describe('If-Match', () => {
  test.each(['5', '"5"', 'W/"5"', ' 5 '])('%s is version 5', (header) => {
    expect(fromIfMatch(header)).toBe(5);
    expect(read(orderOf([cancel]), header).subscriptions[0]!.expectedVersion).toBe(5);
  });

  test.each(['', '*', '0', '-1', '5, 6', '"5', 'W/5', '5.0', 'latest'])('%j is refused', (header) => {
    expect(complaintOf(orderOf([cancel]), header)?.field).toBe('If-Match');
  });

  test('it is for the one subscription that is there already', () => {
    const body = orderOf([], {
      subscriptions: [{ orderActions: [create] }, { subscriptionNumber: 'S-1', orderActions: [cancel] }],
    });
    expect(read(body, '7').subscriptions.map((subscription) => subscription.expectedVersion)).toEqual([
      null,
      7,
    ]);
  });

  test.each([
    ['none', { subscriptions: [{ orderActions: [create] }] }],
    [
      'two',
      {
        subscriptions: [
          { subscriptionNumber: 'S-1', orderActions: [cancel] },
          { subscriptionNumber: 'S-2', orderActions: [cancel] },
        ],
      },
    ],
  ])('an order that changes %s of them is refused', (_, fields) => {
    expect(complaintOf(orderOf([], fields), '7')?.field).toBe('If-Match');
  });
});

describe('the reply', () => {
  const line = {
    subscription: { id: 's1', subscriptionNumber: 'A-S00000001', accountId: 'a2', status: 'Active' },
    ownerNumber: 'A00000002',
  } as PlacedSubscription;
  const placed: OrderPlaced = {
    orderId: 'o1',
    orderNumber: 'O-00000001',
    orderDate: '2026-07-01',
    accountId: 'a1',
    accountNumber: 'A00000001',
    status: 'Completed',
    subscriptions: [line],
    orderLineItems: [],
    returnIds: false,
    numbersOnly: false,
  };
  const head = { success: true, orderNumber: 'O-00000001', accountNumber: 'A00000001', status: 'Completed' };
  const shown = {
    subscriptionNumber: 'A-S00000001',
    subscriptionOwnerId: 'a2',
    subscriptionOwnerNumber: 'A00000002',
    status: 'Active',
  };

  test.each([
    ['plain', {}, { ...head, subscriptions: [shown] }],
    [
      'with ids',
      { returnIds: true },
      {
        ...head,
        orderId: 'o1',
        accountId: 'a1',
        subscriptionIds: ['s1'],
        subscriptions: [{ subscriptionId: 's1', ...shown }],
      },
    ],
    ['before version 223', { numbersOnly: true }, { ...head, subscriptionNumbers: ['A-S00000001'] }],
    ['of a draft', { status: 'Draft', subscriptions: [] }, { ...head, status: 'Draft' }],
    [
      'with line items',
      { subscriptions: [], orderLineItems: [{ id: 'l1', itemNumber: '1' }] },
      { ...head, orderLineItems: [{ id: 'l1', itemNumber: '1' }] },
    ],
  ] as const)('%s', (_, fields, reply) => {
    expect(toWireOrderPlaced({ ...placed, ...fields } as OrderPlaced)).toEqual(reply);
  });
});

import { beforeEach, describe, expect, test } from 'vitest';
import type { CommandHandler } from '../../../src/domain/account/command.ts';
import type { Account } from '../../../src/domain/accounts/account.ts';
import { NOT_BILLED } from '../../../src/domain/billing/document-line.ts';
import type { InvoiceItem } from '../../../src/domain/billing/invoice.ts';
import type { UpdateProductAction } from '../../../src/domain/orders/action-specs.ts';
import { activateOrder } from '../../../src/domain/orders/activate-order.ts';
import { cancelOrder } from '../../../src/domain/orders/cancel-order.ts';
import { createOrder } from '../../../src/domain/orders/create-order.ts';
import { deleteOrder } from '../../../src/domain/orders/delete-order.ts';
import type { OrderStatus } from '../../../src/domain/orders/order.ts';
import type { OrderPlaced } from '../../../src/domain/orders/order-reply.ts';
import type { OrderRequest, RequestedSubscription } from '../../../src/domain/orders/order-request.ts';
import { revertOrder } from '../../../src/domain/orders/revert-order.ts';
import { setTriggerDates } from '../../../src/domain/orders/set-trigger-dates.ts';
import { updateDraft } from '../../../src/domain/orders/update-draft.ts';
import {
  setOrderCustomFields,
  updateOrderAction,
} from '../../../src/domain/orders/update-order-attributes.ts';
import { isRefusal, type Refusal } from '../../../src/domain/result.ts';
import type { Charge } from '../../../src/domain/subscriptions/subscription.ts';
import type { TriggerDates } from '../../../src/domain/subscriptions/subscription-spec.ts';
import { MemoryState } from '../../support/memory-state.ts';
import { renewing, terms } from '../../support/order-actions.ts';
import { testAccount, testOffer } from '../../support/order-objects.ts';
import { creating, orderRequest, pricing, ratePlanSpec } from '../../support/order-requests.ts';

/** The life of an order after its creation: every state with every operation, what moves, and what is refused with which words. */

let state: MemoryState;
let account: Account;

beforeEach(() => {
  state = new MemoryState();
  account = testAccount();
  state.put('account', account);
});

function offer(...charges: Parameters<typeof testOffer>[0] & object): string {
  const made = testOffer(charges).offer;
  state.put('ratePlanOffer', made);
  return made.id;
}

function must<T>(result: T): Exclude<T, Refusal> {
  if (isRefusal(result as object)) throw new Error((result as Refusal).message);
  return result as Exclude<T, Refusal>;
}

function order(
  subscriptions: readonly RequestedSubscription[],
  fields: Partial<OrderRequest> = {},
): OrderPlaced {
  return must(state.run(createOrder, orderRequest(account.id, subscriptions, fields)));
}

function create(price = '100', triggerDates: TriggerDates = {}): RequestedSubscription {
  return creating([ratePlanSpec(offer({ price }))], {}, { triggerDates });
}

function onSubscription(
  subscriptionNumber: string,
  ...actions: ReadonlyArray<RequestedSubscription['actions'][number]['action']>
): RequestedSubscription {
  const requested = actions.map((action) => ({ action, body: {} }));
  return { subscriptionNumber, expectedVersion: null, actions: requested, details: {}, customFields: {} };
}

/** A subscription of 100 a month with one charge, and an update of its price. */
function updating(price: string, triggerDates: TriggerDates, event: 'ServiceActivation' | null = null) {
  const { subscriptionNumber } = order([create()]).subscriptions[0]!.subscription;
  const charge = state.all('charge').at(-1)!;
  const action: UpdateProductAction = {
    type: 'UpdateProduct',
    triggerDates,
    ratePlan: {
      ratePlan: charge.ratePlanId,
      uniqueToken: null,
      productRatePlan: null,
      field: 'updateProduct.ratePlanId',
    },
    specificUpdateDate: null,
    charges: [
      {
        chargeNumber: charge.chargeNumber,
        uniqueToken: null,
        description: null,
        pricing: pricing('recurringFlatFee', { price }),
        billingPeriodAlignment: null,
        effective: event === null ? null : { triggerEvent: event, specificTriggerDate: null },
        customFields: {},
      },
    ],
    details: {},
    customFields: {},
  };
  return { charge, line: onSubscription(subscriptionNumber, action) };
}

const waitingUpdate = () => updating('120', { serviceActivation: null }, 'ServiceActivation').line;

type State = OrderStatus | 'Pending, only kept';

/** An order in each of its states. */
const makes: Readonly<Record<State, () => string>> = {
  Draft: () => order([create()], { intent: 'draft' }).orderNumber,
  Scheduled: () => order([create()], { intent: 'scheduled', scheduledDate: '2026-02-01' }).orderNumber,
  Pending: () => order([create('100', { customerAcceptance: null })]).orderNumber,
  'Pending, only kept': () => order([waitingUpdate()]).orderNumber,
  Completed: () => order([create()]).orderNumber,
  Cancelled: () => {
    const { orderNumber } = order([create()], { intent: 'draft' });
    must(state.run(cancelOrder, { order: orderNumber, cancelReason: null }));
    return orderNumber;
  },
  Reverted: () => {
    const { orderNumber } = order([create()]);
    must(state.run(revertOrder, { order: orderNumber, orderDate: '2026-03-01' }));
    return orderNumber;
  },
  Executing: () => withStatus('Executing'),
  Failed: () => withStatus('Failed'),
};

function withStatus(status: OrderStatus): string {
  const { orderNumber } = order([create()], { intent: 'scheduled', scheduledDate: '2026-02-01' });
  state.put('order', { ...state.find('order', orderNumber)!, status });
  return orderNumber;
}

const placing = { returnIds: false, numbersOnly: false };

function replacement(key: string, subscriptions: readonly RequestedSubscription[], fields: object = {}) {
  const { orderNumber: _, account: __, intent: ___, ...content } = orderRequest(account.id, subscriptions);
  return { ...content, order: key, account: null, intent: null, ...fields };
}

function dates(
  key: string,
  triggerDates: TriggerDates,
  charges: ReadonlyArray<{ chargeNumber: string; specificTriggerDate: string }> = [],
) {
  const whole = state.find('wholeOrder', key)!;
  const subscriptionNumber = whole.lines[0]!.line.subscriptionNumber ?? 'none';
  const actions = [{ sequence: 0, triggerDates, charges }];
  return { order: key, subscriptions: [{ subscriptionNumber, actions }], ...placing };
}

const operations = {
  activate: (key: string) => state.run(activateOrder, { order: key }),
  replace: (key: string) => state.run(updateDraft, replacement(key, [create('70')])),
  cancel: (key: string) => state.run(cancelOrder, { order: key, cancelReason: 'No need' }),
  delete: (key: string) => state.run(deleteOrder, { order: key }),
  revert: (key: string) => state.run(revertOrder, { order: key, orderDate: '2026-03-01' }),
  'set dates': (key: string) =>
    state.run(
      setTriggerDates,
      dates(key, { serviceActivation: '2026-02-01', customerAcceptance: '2026-02-01' }),
    ),
  'set custom fields': (key: string) =>
    state.run(setOrderCustomFields, { order: key, customFields: { a__c: 'x' }, subscriptions: [] }),
} as const;
type Operation = keyof typeof operations;

const ACTIVATE = 'only orders in Draft can be activated';
const CHANGE = 'only orders in Draft, Scheduled can be changed';
const CANCEL = 'only orders in Draft, Scheduled, Pending can be cancelled';
const DELETE = 'only orders in Draft, Pending, Completed, Cancelled, Failed can be deleted';
const REVERT = 'only orders in Completed can be reverted';
const DATES = 'only orders in Pending, Completed take trigger dates';

/** The state that follows; 'gone'; or the words of the refusal. */
const table: ReadonlyArray<readonly [State, Readonly<Record<Operation, string>>]> = [
  [
    'Draft',
    {
      activate: '→ Completed',
      replace: '→ Draft',
      cancel: '→ Cancelled',
      delete: '→ gone',
      revert: REVERT,
      'set dates': DATES,
      'set custom fields': '→ Draft',
    },
  ],
  [
    'Scheduled',
    {
      activate: ACTIVATE,
      replace: '→ Scheduled',
      cancel: '→ Cancelled',
      delete: DELETE,
      revert: REVERT,
      'set dates': DATES,
      'set custom fields': '→ Scheduled',
    },
  ],
  [
    'Pending',
    {
      activate: ACTIVATE,
      replace: CHANGE,
      cancel: 'has changed its subscriptions: delete it instead',
      delete: '→ gone',
      revert: REVERT,
      'set dates': '→ Completed',
      'set custom fields': '→ Pending',
    },
  ],
  [
    'Pending, only kept',
    {
      activate: ACTIVATE,
      replace: CHANGE,
      cancel: '→ Cancelled',
      delete: '→ gone',
      revert: REVERT,
      'set dates': '→ Completed',
      'set custom fields': '→ Pending',
    },
  ],
  [
    'Completed',
    {
      activate: ACTIVATE,
      replace: CHANGE,
      cancel: CANCEL,
      delete: '→ gone',
      revert: '→ Reverted',
      'set dates': 'the action waits for no date',
      'set custom fields': '→ Completed',
    },
  ],
  [
    'Cancelled',
    {
      activate: ACTIVATE,
      replace: CHANGE,
      cancel: CANCEL,
      delete: '→ gone',
      revert: REVERT,
      'set dates': DATES,
      'set custom fields': '→ Cancelled',
    },
  ],
  [
    'Reverted',
    {
      activate: ACTIVATE,
      replace: CHANGE,
      cancel: CANCEL,
      delete: DELETE,
      revert: REVERT,
      'set dates': DATES,
      'set custom fields': '→ Reverted',
    },
  ],
  [
    'Executing',
    {
      activate: ACTIVATE,
      replace: CHANGE,
      cancel: CANCEL,
      delete: DELETE,
      revert: REVERT,
      'set dates': DATES,
      'set custom fields': '→ Executing',
    },
  ],
  [
    'Failed',
    {
      activate: ACTIVATE,
      replace: CHANGE,
      cancel: CANCEL,
      delete: '→ gone',
      revert: REVERT,
      'set dates': DATES,
      'set custom fields': '→ Failed',
    },
  ],
];

const cases = table.flatMap(([from, expected]) =>
  Object.entries(expected).map(([operation, outcome]) => [from, operation as Operation, outcome] as const),
);

test.each(cases)('%s, %s: %s', (from, operation, outcome) => {
  const key = makes[from]();
  const result = operations[operation](key) as object;
  if (outcome.startsWith('→ ')) {
    expect(isRefusal(result) ? result.message : 'done').toBe('done');
    expect(state.find('order', key)?.status ?? 'gone').toBe(outcome.slice(2));
  } else {
    expect(result).toMatchObject({ refused: true, category: 'rule' });
    expect((result as Refusal).message).toContain(outcome);
  }
});

test.each(Object.keys(operations) as Operation[])('%s an order that is not there', (operation) => {
  if (operation === 'set dates') {
    const request = { order: 'O-404', subscriptions: [], ...placing };
    expect(state.run(setTriggerDates, request)).toMatchObject({ category: 'not_found' });
    return;
  }
  const refusal = { category: 'not_found', message: 'There is no order O-404.' };
  expect(operations[operation]('O-404')).toMatchObject(refusal);
});

function bookedMrr(accountId = account.id): number {
  return state.deltas
    .filter((delta) => delta.accountId === accountId)
    .reduce((sum, delta) => sum + (delta.contractedMrrWhole ?? 0), 0);
}

describe('activation', () => {
  test('a draft books nothing, its activation what the order is worth, under its own rows', () => {
    const { orderNumber } = order([create('40')], { intent: 'draft' });
    expect(bookedMrr()).toBe(0);
    const [line] = state.all('orderSubscription');
    expect(must(state.run(activateOrder, { order: orderNumber }))).toMatchObject({
      orderNumber,
      status: 'Completed',
      accountNumber: account.accountNumber,
      subscriptions: [{ subscription: { status: 'Active', version: 1, orderNumber } }],
    });
    expect(bookedMrr()).toBe(40);
    expect(state.all('orderSubscription')).toMatchObject([{ id: line!.id, newVersion: 1 }]);
    expect(state.all('orderAction')).toMatchObject([{ spec: null, waiting: null }]);
  });

  test('one that misses a date becomes Pending', () => {
    const { orderNumber } = order([create('40', { serviceActivation: null })], { intent: 'draft' });
    expect(state.run(activateOrder, { order: orderNumber })).toMatchObject({
      status: 'Pending',
      subscriptions: [{ subscription: { status: 'Pending Activation' } }],
    });
    expect(bookedMrr()).toBe(40);
  });

  test('one whose update has no date is kept on, Pending', () => {
    const { orderNumber } = order([waitingUpdate()], { intent: 'draft' });
    expect(state.run(activateOrder, { order: orderNumber })).toMatchObject({
      status: 'Pending',
      subscriptions: [],
    });
    expect(bookedMrr()).toBe(100);
  });

  test('a scheduled order is placed by whoever expects it to be scheduled', () => {
    const key = makes.Scheduled();
    const run = () => state.run(activateOrder, { order: key, expectedStatus: 'Scheduled' });
    expect(run()).toMatchObject({ status: 'Completed', subscriptions: [{}] });
    expect(run()).toMatchObject({ category: 'rule', message: expect.stringContaining('is Completed') });
  });

  test('is decided on what is there now', () => {
    const { orderNumber } = order([creating([ratePlanSpec(offer({}))], { subscriptionNumber: 'MINE' })], {
      intent: 'draft',
    });
    order([creating([ratePlanSpec(offer({}))], { subscriptionNumber: 'MINE' })]);
    expect(state.run(activateOrder, { order: orderNumber })).toMatchObject({
      category: 'invalid',
      message: 'subscription MINE exists already',
    });
    state.put('account', { ...account, status: 'Canceled' });
    const other = makes.Draft;
    expect(() => other()).toThrow('is canceled');
  });
});

describe('replacing', () => {
  test('a draft says only what it is told now', () => {
    const { orderNumber } = order([create(), create()], { intent: 'draft', customFields: { old__c: '1' } });
    const { createdAt } = state.find('order', orderNumber)!;
    const changed = replacement(orderNumber, [create('70')], { orderDate: '2026-02-02', description: 'new' });
    expect(state.run(updateDraft, changed)).toMatchObject({
      orderNumber,
      status: 'Draft',
      subscriptions: [],
    });
    expect(state.find('order', orderNumber)).toMatchObject({
      orderDate: '2026-02-02',
      description: 'new',
      customFields: {},
      createdAt,
    });
    expect(state.all('orderSubscription')).toHaveLength(1);
    expect(state.all('orderAction')).toHaveLength(1);
    expect(bookedMrr()).toBe(0);
    must(state.run(activateOrder, { order: orderNumber }));
    expect(bookedMrr()).toBe(70);
  });

  test('with another status it becomes that', () => {
    const draft = makes.Draft();
    const scheduled = { intent: 'scheduled', scheduledDate: '2026-04-01' };
    expect(state.run(updateDraft, replacement(draft, [create()], scheduled))).toMatchObject({
      status: 'Scheduled',
    });
    expect(state.run(updateDraft, replacement(draft, [create()]))).toMatchObject({ status: 'Scheduled' });
    expect(state.find('order', draft)).toMatchObject({ scheduledDate: '2026-04-01' });
    expect(state.run(updateDraft, replacement(draft, [create('55')], { intent: 'complete' }))).toMatchObject({
      status: 'Completed',
      subscriptions: [{}],
    });
    expect(bookedMrr()).toBe(55);
  });

  test('its account stays', () => {
    const other = testAccount();
    state.put('account', other);
    const key = makes.Draft();
    const named = { account: { key: other.accountNumber, field: 'existingAccountNumber' } };
    expect(state.run(updateDraft, replacement(key, [create()], named))).toMatchObject({
      category: 'rule',
      field: 'existingAccountNumber',
    });
    const own = { account: { key: account.accountNumber, field: 'existingAccountNumber' } };
    expect(state.run(updateDraft, replacement(key, [create()], own))).toMatchObject({ status: 'Draft' });
    expect(state.run(updateDraft, replacement(key, []))).toMatchObject({
      category: 'invalid',
      field: 'subscriptions',
    });
  });
});

test('a cancellation keeps its reason', () => {
  const key = makes.Draft();
  const reply = { orderNumber: key, accountNumber: account.accountNumber, cancelReason: 'No need' };
  expect(operations.cancel(key)).toEqual(reply);
  expect(state.find('order', key)).toMatchObject({ details: { cancelReason: 'No need' } });
});

/** A line of an invoice that bills the charge through a day. */
function billedLine({ id, chargeNumber }: Charge, serviceEndDate: string): InvoiceItem {
  return {
    id: 'e'.repeat(32),
    revision: 1,
    invoiceId: 'f'.repeat(32),
    line: 1,
    chargeName: 'Base fee',
    chargeDate: '2026-01-01',
    amountMinor: 10_000,
    taxMinor: 0,
    quantity: '1',
    unitPrice: '100',
    serviceStartDate: '2026-01-01',
    serviceEndDate,
    productRatePlanChargeId: null,
    subscriptionId: null,
    processingType: 'Charge',
    ...NOT_BILLED,
    chargeNumber,
    chargeId: id,
    appliedMinor: 0,
    creditedMinor: 0,
    details: {},
    customFields: {},
    createdAt: '2026-01-01T00:00:00.000Z',
  };
}

describe('what stands in the way of taking an order back', () => {
  const takes = [
    ['deleted', (key: string) => state.run(deleteOrder, { order: key })],
    ['reverted', (key: string) => state.run(revertOrder, { order: key, orderDate: '2026-03-01' })],
  ] as const;

  test.each(takes)('%s: a later order', (what, take) => {
    const first = order([create()]);
    const { subscriptionNumber } = first.subscriptions[0]!.subscription;
    const second = order([onSubscription(subscriptionNumber, renewing())]);
    expect(take(first.orderNumber)).toMatchObject({
      category: 'rule',
      message: `Order ${first.orderNumber} can't be ${what}: it made version 1 of subscription ${subscriptionNumber}, which order ${second.orderNumber} has changed since (version 2).`,
    });
  });

  test.each(takes)('%s: something was invoiced', (what, take) => {
    const first = order([create()]);
    const charge = state.all('charge')[0]!;
    state.put('invoiceItem', billedLine(charge, '2026-01-31'));
    expect(take(first.orderNumber)).toMatchObject({
      category: 'rule',
      message: `Order ${first.orderNumber} can't be ${what}: charge ${charge.chargeNumber} has been invoiced through 2026-02-01.`,
    });
  });

  test.each(takes)('%s: what was invoiced before it does not', (_, take) => {
    const { charge, line } = updating('120', { contractEffective: '2026-03-01' });
    state.put('invoiceItem', billedLine(charge, '2026-01-31'));
    expect(isRefusal(take(order([line]).orderNumber))).toBe(false);
  });

  test.each(takes)('%s: dates that were set since', (what, take) => {
    const first = order([create('100', { serviceActivation: null })]);
    const { subscriptionNumber } = first.subscriptions[0]!.subscription;
    const added = { type: 'AddProduct', triggerDates: {}, ratePlan: ratePlanSpec(offer({})) } as const;
    const second = order([onSubscription(subscriptionNumber, added)]);
    const third = order([onSubscription(subscriptionNumber, added)]);
    must(state.run(setTriggerDates, dates(first.orderNumber, { serviceActivation: '2026-02-01' })));
    expect(take(third.orderNumber)).toMatchObject({
      message: `Order ${third.orderNumber} can't be ${what}: dates of subscription ${subscriptionNumber} have been set since.`,
    });
    expect(isRefusal(take(second.orderNumber))).toBe(true);
  });

  const waitingFor = (name: 'serviceActivation', price: string) => ({
    type: 'AddProduct' as const,
    triggerDates: { [name]: null },
    ratePlan: ratePlanSpec(offer({ price, triggerEvent: 'ServiceActivation' })),
  });
  const renewal = renewing();
  const oldTerms = terms({ autoRenew: true });

  // The charge would be served beyond the term that is there again, or be missing in what that term is worth.
  test.each(
    takes.flatMap(([what, take]) => [
      [what, 'renewed', renewal, take] as const,
      [what, 'left the term as it was', oldTerms, take] as const,
    ]),
  )('%s: a product of an order before was dated since, though it %s', (what, _, action, take) => {
    const { subscriptionNumber } = order([create('100')]).subscriptions[0]!.subscription;
    const second = order([onSubscription(subscriptionNumber, waitingFor('serviceActivation', '5'))]);
    const third = order([onSubscription(subscriptionNumber, action)]);
    must(state.run(setTriggerDates, dates(second.orderNumber, { serviceActivation: '2026-11-01' })));
    expect(take(third.orderNumber)).toMatchObject({
      category: 'rule',
      message: `Order ${third.orderNumber} can't be ${what}: dates of subscription ${subscriptionNumber} have been set since.`,
    });
    // What comes after the dates rests on them, and can go again.
    const fourth = order([onSubscription(subscriptionNumber, oldTerms)]);
    expect(take(fourth.orderNumber)).not.toHaveProperty('refused');
  });

  test('an order that reverts another is deleted, not reverted; a date before the order is no date for that', () => {
    const { orderNumber } = order([create()]);
    expect(state.run(revertOrder, { order: orderNumber, orderDate: '2025-12-31' })).toMatchObject({
      field: 'orderDate',
    });
    const reversal = must(state.run(revertOrder, { order: orderNumber, orderDate: '2026-01-01' }));
    expect(reversal).toMatchObject({ status: 'Completed', orderDate: '2026-01-01' });
    expect(operations.revert(reversal.orderNumber)).toMatchObject({
      category: 'rule',
      message: expect.stringContaining('reverts another order'),
    });
  });
});

describe('trigger dates', () => {
  test('activation, then acceptance: Pending Activation, Pending Acceptance, Active; the charge starts and is worth its term', () => {
    const plan = ratePlanSpec(offer({ price: '10', triggerEvent: 'CustomerAcceptance' }));
    const missing = { serviceActivation: null, customerAcceptance: null };
    const { orderNumber } = order([creating([plan], {}, { triggerDates: missing })]);
    expect(state.all('charge')).toMatchObject([{ effectiveStartDate: null, totalContractedValue: null }]);
    expect(state.all('orderAction')).toMatchObject([{ waiting: { charges: [expect.any(String)] } }]);
    expect(bookedMrr()).toBe(10);
    expect(state.run(setTriggerDates, dates(orderNumber, { serviceActivation: '2026-02-01' }))).toMatchObject(
      {
        status: 'Pending',
        subscriptions: [{ subscription: { status: 'Pending Acceptance', totalContractedValue: null } }],
      },
    );
    expect(
      state.run(setTriggerDates, dates(orderNumber, { customerAcceptance: '2026-03-01' })),
    ).toMatchObject({
      status: 'Completed',
      subscriptions: [{ subscription: { status: 'Active', version: 1, totalContractedValue: '100' } }],
    });
    expect(state.all('charge')).toMatchObject([
      {
        effectiveStartDate: '2026-03-01',
        effectiveEndDate: '2027-01-01',
        totalContractedValue: '100',
        addedInVersion: 1,
      },
    ]);
    expect(state.all('orderDelta')).toMatchObject([
      { startDate: '2026-03-01', endDate: '2027-01-01', deltaMrr: '10', deltaTcv: '100', version: 1 },
    ]);
    expect(state.all('orderAction')).toMatchObject([
      {
        waiting: null,
        body: {
          triggerDates: [
            { name: 'ServiceActivation', triggerDate: '2026-02-01' },
            { name: 'CustomerAcceptance', triggerDate: '2026-03-01' },
          ],
        },
      },
    ]);
    expect(state.all('subscription')).toHaveLength(1);
    expect(bookedMrr()).toBe(10);
    must(state.run(deleteOrder, { order: orderNumber }));
    expect(state.all('orderDelta')).toEqual([]);
  });

  test('acceptance follows activation where it was not named', () => {
    const { orderNumber } = order([create('10', { serviceActivation: null })]);
    expect(state.run(setTriggerDates, dates(orderNumber, { serviceActivation: '2026-02-01' }))).toMatchObject(
      {
        status: 'Completed',
        subscriptions: [
          { subscription: { serviceActivationDate: '2026-02-01', customerAcceptanceDate: '2026-02-01' } },
        ],
      },
    );
  });

  test('a charge with a date of its own', () => {
    const plan = ratePlanSpec(offer({ price: '10', triggerEvent: 'SpecificDate' }, { price: '7' }));
    const { orderNumber, status } = order([creating([plan])]);
    expect(status).toBe('Pending');
    const [own, other] = state.all('charge');
    const set = (chargeNumber: string, specificTriggerDate: string) =>
      state.run(setTriggerDates, dates(orderNumber, {}, [{ chargeNumber, specificTriggerDate }]));
    expect(set(other!.chargeNumber, '2026-02-01')).toMatchObject({
      category: 'invalid',
      field: 'subscriptions[0].orderActions[0].charges[0].chargeNumber',
    });
    const field = 'subscriptions[0].orderActions[0].charges[0].specificTriggerDate';
    expect(set(own!.chargeNumber, '2025-12-31')).toMatchObject({ category: 'invalid', field });
    expect(set(own!.chargeNumber, '2027-01-01')).toMatchObject({ category: 'invalid', field });
    expect(set(own!.chargeNumber, '2026-07-01')).toMatchObject({ status: 'Completed' });
    expect(state.find('charge', own!.id)).toMatchObject({
      triggerDate: '2026-07-01',
      effectiveStartDate: '2026-07-01',
      totalContractedValue: '60',
    });
    expect(state.all('subscription')).toMatchObject([
      { totalContractedValue: '144', knownContractedValue: '144' },
    ]);
  });

  test('a charge of an added product starts on the latest version, which a later order has made', () => {
    const { subscriptionNumber } = order([create('100')]).subscriptions[0]!.subscription;
    const added = {
      type: 'AddProduct',
      triggerDates: { serviceActivation: null },
      ratePlan: ratePlanSpec(offer({ price: '5', triggerEvent: 'ServiceActivation' })),
    } as const;
    const second = order([onSubscription(subscriptionNumber, added)]);
    expect(second.status).toBe('Pending');
    order([onSubscription(subscriptionNumber, terms({ autoRenew: true }))]);
    expect(
      state.run(setTriggerDates, dates(second.orderNumber, { serviceActivation: '2026-11-01' })),
    ).toMatchObject({
      status: 'Completed',
      subscriptions: [{ subscription: { version: 3, status: 'Active', totalContractedValue: '1210' } }],
    });
    expect(state.all('subscription')).toHaveLength(3);
    expect(state.all('charge').at(-1)).toMatchObject({
      effectiveStartDate: '2026-11-01',
      addedInVersion: 2,
      removedInVersion: null,
    });
  });

  test('versions before keep the charge as it waited in their term', () => {
    const { subscriptionNumber } = order([create('100')]).subscriptions[0]!.subscription;
    const added = {
      type: 'AddProduct',
      triggerDates: { serviceActivation: null },
      ratePlan: ratePlanSpec(offer({ price: '5', triggerEvent: 'ServiceActivation' })),
    } as const;
    const second = order([onSubscription(subscriptionNumber, added)]);
    const renewal = renewing();
    // The renewal itself misses nothing.
    expect(order([onSubscription(subscriptionNumber, renewal)])).toMatchObject({
      status: 'Completed',
      subscriptions: [{ deltas: { length: 1 } }],
    });
    must(state.run(setTriggerDates, dates(second.orderNumber, { serviceActivation: '2026-11-01' })));
    const [, waited] = [...new Set(state.all('charge').map(({ chargeNumber }) => chargeNumber))];
    const rows = state.all('charge').filter(({ chargeNumber }) => chargeNumber === waited);
    expect(rows).toMatchObject([
      { addedInVersion: 2, removedInVersion: 3, effectiveStartDate: null },
      {
        addedInVersion: 3,
        removedInVersion: null,
        effectiveStartDate: '2026-11-01',
        effectiveEndDate: '2028-01-01',
        totalContractedValue: '70',
      },
    ]);
  });

  test('an update that waited is placed once it has its date', () => {
    const { orderNumber } = order([waitingUpdate()]);
    expect(state.run(setTriggerDates, dates(orderNumber, {}))).toMatchObject({
      status: 'Pending',
      subscriptions: [],
    });
    expect(state.run(setTriggerDates, dates(orderNumber, { serviceActivation: '2026-03-01' }))).toMatchObject(
      {
        status: 'Completed',
        subscriptions: [{ subscription: { version: 2, contractedMrr: '120' } }],
      },
    );
    expect(bookedMrr()).toBe(120);
    expect(state.all('charge').filter((charge) => charge.removedInVersion === null)).toMatchObject([
      { effectiveStartDate: '2026-01-01', effectiveEndDate: '2026-03-01', price: '100' },
      { effectiveStartDate: '2026-03-01', price: '120' },
    ]);
  });

  test('an update that waited takes a date for its charge', () => {
    const { charge, line } = updating('120', { serviceActivation: null }, 'ServiceActivation');
    const { orderNumber } = order([line]);
    const one = (chargeNumber: string) => [{ chargeNumber, specificTriggerDate: '2026-04-01' }];
    expect(state.run(setTriggerDates, dates(orderNumber, {}, one('C-404')))).toMatchObject({
      field: 'subscriptions[0].orderActions[0].charges[0].chargeNumber',
    });
    expect(state.run(setTriggerDates, dates(orderNumber, {}, one(charge.chargeNumber)))).toMatchObject({
      status: 'Completed',
    });
    expect(state.all('charge').at(-1)).toMatchObject({ effectiveStartDate: '2026-04-01', price: '120' });
  });

  test('what is refused', () => {
    const { orderNumber } = order([create('10', { customerAcceptance: null })]);
    const { subscriptionNumber } = state.all('subscription')[0]!;
    const request = dates(orderNumber, { customerAcceptance: '2026-02-01' });
    const [subscription] = request.subscriptions;
    const refused = (changed: object) => state.run(setTriggerDates, { ...request, ...changed });
    const action = subscription!.actions[0]!;
    const line = (...actions: object[]) => ({ subscriptions: [{ ...subscription, actions }] });
    expect(refused({ subscriptions: [{ ...subscription, subscriptionNumber: 'A-S404' }] })).toMatchObject({
      category: 'invalid',
      field: 'subscriptions[0].subscriptionNumber',
    });
    expect(refused({ subscriptions: [subscription, subscription] })).toMatchObject({
      field: 'subscriptions[1].subscriptionNumber',
    });
    expect(refused(line({ ...action, sequence: 7 }))).toMatchObject({
      field: 'subscriptions[0].orderActions[0].sequence',
    });
    expect(refused(line(action, action))).toMatchObject({
      field: 'subscriptions[0].orderActions[1].sequence',
    });
    expect(refused(line({ ...action, triggerDates: { customerAcceptance: '2025-01-01' } }))).toMatchObject({
      category: 'invalid',
      field: 'subscriptions[0].orderActions[0].triggerDates',
    });
    const cancel = {
      type: 'CancelSubscription',
      triggerDates: {},
      policy: 'SpecificDate',
      effectiveDate: '2026-05-01',
    } as const;
    order([onSubscription(subscriptionNumber, cancel)]);
    expect(refused({})).toMatchObject({
      category: 'rule',
      message: `subscription ${subscriptionNumber} is Cancelled`,
    });
  });

  test('a date that is known stays', () => {
    const plan = ratePlanSpec(offer({ triggerEvent: 'CustomerAcceptance' }));
    const given = { serviceActivation: '2026-01-15', customerAcceptance: null };
    const { orderNumber } = order([creating([plan], {}, { triggerDates: given })]);
    expect(state.run(setTriggerDates, dates(orderNumber, { serviceActivation: '2026-02-01' }))).toMatchObject(
      {
        category: 'rule',
        field: 'subscriptions[0].orderActions[0].triggerDates',
      },
    );
  });
});

describe('custom fields and reasons', () => {
  const set: CommandHandler<Parameters<typeof setOrderCustomFields.decide>[1], object> = setOrderCustomFields;

  test('of an order: null clears, the others stay', () => {
    const { orderNumber } = order([create()], { customFields: { a__c: '1', b__c: '2' } });
    const customFields = { a__c: null, c__c: '3' };
    must(state.run(set, { order: orderNumber, customFields, subscriptions: [] }));
    expect(state.find('order', orderNumber)).toMatchObject({ customFields: { b__c: '2', c__c: '3' } });
    expect(state.find('order', orderNumber)!.customFields).not.toHaveProperty('a__c');
  });

  test('of its actions, by id or by sequence', () => {
    const { orderNumber } = order([create()]);
    const { subscriptionNumber } = state.all('subscription')[0]!;
    const [action] = state.all('orderAction');
    const run = (wanted: object, number = subscriptionNumber) =>
      state.run(set, {
        order: orderNumber,
        customFields: {},
        subscriptions: [
          {
            subscriptionNumber: number,
            actions: [{ id: null, sequence: null, customFields: { x__c: 'y' }, ...wanted }],
          },
        ],
      });
    must(run({ sequence: 0 }));
    must(run({ id: action!.id, customFields: { z__c: 1 } }));
    expect(state.all('orderAction')).toMatchObject([{ body: { customFields: { x__c: 'y', z__c: 1 } } }]);
    expect(run({ sequence: 5 })).toMatchObject({ field: 'subscriptions[0].orderActions[0].sequence' });
    expect(run({ id: 'none' })).toMatchObject({ field: 'subscriptions[0].orderActions[0].orderActionId' });
    expect(run({ sequence: 0 }, 'A-S404')).toMatchObject({ field: 'subscriptions[0].subscriptionNumber' });
  });

  test('of one action by its id: why it was asked for', () => {
    order([create()]);
    const [{ id } = { id: '' }] = state.all('orderAction');
    must(state.run(updateOrderAction, { id, changeReason: 'Grown', customFields: { a__c: 'x' } }));
    expect(state.find('orderAction', id)).toMatchObject({
      body: { changeReason: 'Grown', customFields: { a__c: 'x' } },
    });
    must(state.run(updateOrderAction, { id, customFields: {} }));
    expect(state.find('orderAction', id)).toMatchObject({ body: { changeReason: 'Grown' } });
    must(state.run(updateOrderAction, { id, changeReason: null, customFields: {} }));
    expect(state.find('orderAction', id)!.body).not.toHaveProperty('changeReason');
    expect(state.run(updateOrderAction, { id: 'none', customFields: {} })).toMatchObject({
      category: 'not_found',
    });
  });
});

import { describe, expect, test } from 'vitest';
import type { Order, OrderAction } from '../../src/domain/orders/order.ts';
import type { OrderLine } from '../../src/domain/orders/order-record.ts';
import type { JsonObject } from '../../src/domain/result.ts';
import type { Charge, RatePlan, Subscription } from '../../src/domain/subscriptions/subscription.ts';
import { toWireOrderActions } from '../../src/wire/order-action-views.ts';

/** Order actions as they read afterwards: what was given, with what it came to; only what was given while the order is kept. */

const order = { orderDate: '2026-07-01' } as Order;
const subscription = {
  status: 'Active',
  subscriptionNumber: 'A-S00000001',
  contractEffectiveDate: '2026-01-01',
  serviceActivationDate: '2026-01-02',
  customerAcceptanceDate: null,
  termType: 'TERMED',
  termStartDate: '2026-01-01',
  initialTerm: 12,
  initialTermPeriodType: 'Month',
  currentTerm: 12,
  currentTermPeriodType: 'Month',
  renewalTerm: 6,
  renewalTermPeriodType: 'Month',
  renewalSetting: 'RENEW_WITH_SPECIFIC_TERM',
  autoRenew: false,
  subscriptionEndDate: '2027-01-01',
  suspendedOn: null,
  details: {},
} as unknown as Subscription;

function ratePlan(id: string, product: string): RatePlan {
  return {
    id,
    ratePlanNumber: `SRP-${id}`,
    productRatePlanId: product,
    productRatePlanNumber: `PRP-${product}`,
  } as RatePlan;
}
function charge(chargeNumber: string, fields: Partial<Charge> = {}): Charge {
  return {
    id: `${chargeNumber}/${fields.segment ?? 1}`,
    chargeNumber,
    ratePlanId: 'r1',
    segment: 1,
    chargeType: 'Recurring',
    chargeModel: 'Flat Fee Pricing',
    price: '10',
    quantity: null,
    tiers: [],
    includedUnits: null,
    overagePrice: null,
    productRatePlanChargeId: 'c1',
    productRatePlanChargeNumber: 'PRPC-1',
    effectiveStartDate: '2026-01-01',
    details: {},
    ...fields,
  } as Charge;
}

function line(
  bodies: ReadonlyArray<readonly [string, JsonObject]>,
  fields: Partial<OrderLine> = {},
): OrderLine {
  const actions = bodies.map(
    ([type, body], sequence) => ({ id: `a${sequence}`, sequence, type, body }) as OrderAction,
  );
  const none = { ratePlans: [], charges: [] };
  return { line: {} as OrderLine['line'], actions, subscription, ...none, ...fields };
}
const shown = (given: OrderLine) => toWireOrderActions(given, order, 'A00000002');

describe('every action', () => {
  test('has its id, type, position, custom fields and dates; nulls of other types are left out', () => {
    const body = { removeProduct: { ratePlanId: 'r1' }, addProduct: null, changeReason: 'unused' };
    expect(shown(line([['RemoveProduct', body]]))).toEqual([
      {
        id: 'a0',
        type: 'RemoveProduct',
        sequence: 0,
        changeReason: 'unused',
        customFields: {},
        triggerDates: [{ name: 'ContractEffective', triggerDate: '2026-07-01' }],
        removeProduct: { ratePlanId: 'r1', customFields: {} },
      },
    ]);
  });

  test('shows the dates that it was given, or those of the subscription that it created', () => {
    const triggerDates = [{ name: 'ContractEffective', triggerDate: '2026-08-01' }];
    const bodies: ReadonlyArray<readonly [string, JsonObject]> = [
      ['CreateSubscription', { triggerDates, createSubscription: {} }],
      ['RenewSubscription', { triggerDates }],
      ['RenewSubscription', { triggerDates: [{ name: 'ServiceActivation', triggerDate: null }] }],
    ];
    expect(shown(line(bodies)).map((action) => action.triggerDates)).toEqual([
      [
        { name: 'ContractEffective', triggerDate: '2026-01-01' },
        { name: 'ServiceActivation', triggerDate: '2026-01-02' },
        { name: 'CustomerAcceptance', triggerDate: null },
      ],
      triggerDates,
      [
        { name: 'ContractEffective', triggerDate: '2026-07-01' },
        { name: 'ServiceActivation', triggerDate: null },
      ],
    ]);
  });

  test.each([
    ['CreateSubscription', 'createSubscription', { terms: { initialTerm: { termType: 'TERMED' } } }],
    ['TermsAndConditions', 'termsAndConditions', { autoRenew: true }],
    ['AddProduct', 'addProduct', { productRatePlanId: 'p1' }],
    ['UpdateProduct', 'updateProduct', { uniqueToken: 't' }],
    ['RemoveProduct', 'removeProduct', { uniqueToken: 't' }],
    ['RenewSubscription', 'renewSubscription', {}],
    ['CancelSubscription', 'cancelSubscription', { cancellationPolicy: 'EndOfCurrentTerm' }],
    ['OwnerTransfer', 'ownerTransfer', { destinationAccountNumber: 'A00000009' }],
    ['Suspend', 'suspend', { suspendPolicy: 'Today' }],
    ['Resume', 'resume', { resumePolicy: 'Today', extendsTerm: false }],
    ['ChangePlan', 'changePlan', { ratePlanId: 'r1', newProductRatePlan: { productRatePlanId: 'p1' } }],
  ])('%s of a kept order shows what was given', (type, own, given) => {
    const [action] = shown(line([[type, { [own]: given } as JsonObject]], { subscription: null }));
    expect(action).toMatchObject({ type, triggerDates: [], [own]: given });
  });
});

describe('rate plans', () => {
  test('each goes with the action that added it, its charges as they began', () => {
    const bodies: ReadonlyArray<readonly [string, JsonObject]> = [
      [
        'CreateSubscription',
        { createSubscription: { subscribeToRatePlans: [{ productRatePlanNumber: 'PRP-p1' }] } },
      ],
      ['AddProduct', { addProduct: { productRatePlanId: 'p2' } }],
      ['ChangePlan', { changePlan: { ratePlanId: 'r9', newProductRatePlan: { productRatePlanId: 'p1' } } }],
    ];
    const ratePlans = [ratePlan('r1', 'p1'), ratePlan('r2', 'p2'), ratePlan('r3', 'p1')];
    const charges = [
      charge('C-1'),
      charge('C-1', { segment: 2, price: '12' }),
      charge('C-2', { ratePlanId: 'r2' }),
      charge('C-3', { ratePlanId: 'r3' }),
    ];
    const view = (id: string, product: string, chargeNumber: string) => ({
      newRatePlanId: id,
      subscriptionRatePlanNumber: `SRP-${id}`,
      productRatePlanId: product,
      chargeOverrides: [{ chargeNumber, pricing: { recurringFlatFee: { listPrice: 10 } } }],
    });
    expect(shown(line(bodies, { ratePlans, charges }))).toMatchObject([
      { createSubscription: { subscribeToRatePlans: [view('r1', 'p1', 'C-1')] } },
      { addProduct: view('r2', 'p2', 'C-2') },
      { changePlan: { ratePlanId: 'r9', newProductRatePlan: view('r3', 'p1', 'C-3') } },
    ]);
  });

  test('an update names the segment that it made: from its date on, else the last', () => {
    const updateProduct: JsonObject = {
      uniqueToken: 'team',
      chargeUpdates: [
        { chargeNumber: 'C-1', effectiveDate: { specificTriggerDate: '2026-08-01' } },
        { uniqueToken: 'seats' },
      ],
    };
    const charges = [
      charge('C-1'),
      charge('C-1', { segment: 2, effectiveStartDate: '2026-08-01' }),
      charge('C-1', { segment: 3, effectiveStartDate: '2026-10-01' }),
      charge('C-2', { details: { uniqueToken: 'seats' } }),
      charge('C-2', { segment: 2, effectiveStartDate: '2026-07-15', details: { uniqueToken: 'seats' } }),
    ];
    expect(shown(line([['UpdateProduct', { updateProduct }]], { charges }))[0]!.updateProduct).toEqual({
      uniqueToken: 'team',
      ratePlanId: 'r1',
      newRatePlanId: 'r1',
      customFields: {},
      chargeUpdates: [
        {
          chargeNumber: 'C-1',
          effectiveDate: { specificTriggerDate: '2026-08-01' },
          newRatePlanChargeId: 'C-1/2',
          customFields: {},
        },
        { uniqueToken: 'seats', chargeNumber: 'C-2', newRatePlanChargeId: 'C-2/2', customFields: {} },
      ],
    });
  });
});

describe('dates that an action came to', () => {
  const cancelled = {
    ...subscription,
    status: 'Cancelled',
    subscriptionEndDate: '2026-11-01',
  } as Subscription;
  const suspended = { ...subscription, status: 'Suspended', suspendedOn: '2026-09-01' } as Subscription;
  const resumed = [
    charge('C-1', { segment: 3, effectiveStartDate: '2026-12-01' }),
    charge('C-1', { segment: 2, effectiveStartDate: '2026-09-11' }),
  ];
  const suspend = { suspendPolicy: 'EndOfLastInvoicePeriod' };
  const resume = { resumePolicy: 'Today', extendsTerm: true };
  const cancellation = { cancellationPolicy: 'EndOfCurrentTerm' };
  test.each<[string, string, JsonObject, Partial<OrderLine>, JsonObject]>([
    [
      'CancelSubscription',
      'cancelSubscription',
      cancellation,
      { subscription: cancelled },
      { cancellationEffectiveDate: '2026-11-01' },
    ],
    [
      'CancelSubscription',
      'cancelSubscription',
      { ...cancellation, cancellationEffectiveDate: '2026-10-01' },
      { subscription: cancelled },
      {},
    ],
    ['Suspend', 'suspend', suspend, { subscription: suspended }, { suspendDate: '2026-09-01' }],
    [
      'Suspend',
      'suspend',
      { suspendPolicy: 'SpecificDate', suspendSpecificDate: '2026-10-01' },
      {},
      { suspendDate: '2026-10-01' },
    ],
    ['Resume', 'resume', resume, { charges: resumed }, { resumeDate: '2026-09-11' }],
    ['Resume', 'resume', { ...resume, resumeDate: '2026-09-05' }, { charges: resumed }, {}],
    [
      'TermsAndConditions',
      'termsAndConditions',
      { lastTerm: { termType: 'TERMED', period: 24, periodType: 'Month' } },
      {},
      {
        initialTerm: {
          termType: 'TERMED',
          period: 24,
          periodType: 'Month',
          startDate: '2026-01-01',
        },
      },
    ],
  ])('%s: %s %j', (type, own, given, fields, resolved) => {
    const [action] = shown(line([[type, { [own]: given }]], fields));
    expect(action![own]).toEqual({ ...given, ...resolved });
  });

  test('a resumption beside other changes shows none that it does not know', () => {
    const bodies: ReadonlyArray<readonly [string, JsonObject]> = [
      ['Resume', { resume }],
      ['UpdateProduct', { updateProduct: { ratePlanId: 'r1' } }],
    ];
    expect(shown(line(bodies, { charges: resumed }))[0]!.resume).toEqual(resume);
  });
});

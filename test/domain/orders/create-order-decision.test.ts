import { beforeEach, describe, expect, test } from 'vitest';
import type { Account } from '../../../src/domain/accounts/account.ts';
import type { ProductRatePlanCharge } from '../../../src/domain/catalog/catalog.ts';
import { createOrder } from '../../../src/domain/orders/create-order.ts';
import { orderLimits, orderSizeLimits, orderSizeProblem } from '../../../src/domain/orders/limits.ts';
import type { OrderRequest, RequestedSubscription } from '../../../src/domain/orders/order-request.ts';
import { MemoryState } from '../../support/memory-state.ts';
import { testAccount, testContact, testOffer } from '../../support/order-objects.ts';
import {
  chargeSpec,
  creating,
  evergreen,
  orderRequest,
  pricing,
  ratePlanSpec,
  twelveMonths,
} from '../../support/order-requests.ts';

/** What an order with CreateSubscription decides: objects, owners, MRR that moves, and what it refuses, naming the field. */

let state: MemoryState;
let account: Account;

beforeEach(() => {
  state = new MemoryState();
  account = testAccount();
  state.put('account', account);
});

type ChargeFields = Partial<ProductRatePlanCharge> & { readonly price?: string };

function offer(...charges: ChargeFields[]): ReturnType<typeof testOffer>['offer'] {
  const made = testOffer(charges).offer;
  state.put('ratePlanOffer', made);
  return made;
}

const PER_UNIT: ChargeFields = { chargeModel: 'Per Unit Pricing', defaultQuantity: '1' };

function run(subscriptions: readonly RequestedSubscription[], fields: Partial<OrderRequest> = {}) {
  return state.run(createOrder, orderRequest(account.accountNumber, subscriptions, fields));
}

/** Contracted MRR that was booked; the amounts of these tests are whole. */
function bookedMrr(accountId: string): number {
  return state.deltas
    .filter((delta) => delta.accountId === accountId)
    .reduce((sum, delta) => sum + (delta.contractedMrrWhole ?? 0), 0);
}

describe('worked ledger (semantics F.2)', () => {
  test('row 1: 100 a month and 12 × 7.50 a month, owned by E1, billed to R: CMRR of E1 is 190', () => {
    const owner = testAccount();
    state.put('account', owner);
    const base = offer({ price: '100' });
    const seats = offer(PER_UNIT);
    const override = chargeSpec(seats.charges[0]!.id, {
      pricing: pricing('recurringPerUnit', { price: '7.5', quantity: '12' }),
    });
    const subscriptionOwner = { key: owner.accountNumber, field: 'owner' };
    const plans = [ratePlanSpec(base.id), ratePlanSpec(seats.id, [override])];
    expect(run([creating(plans, {}, { subscriptionOwner })])).toMatchObject({
      status: 'Completed',
      subscriptions: [
        { subscription: { accountId: owner.id, status: 'Active' }, ownerNumber: owner.accountNumber },
      ],
    });
    expect(state.all('subscription')).toMatchObject([
      { contractedMrr: '190', accountId: owner.id, invoiceOwnerAccountId: account.id },
    ]);
    expect(state.all('charge').map((charge) => charge.monthlyRecurringRevenue)).toEqual(['100', '90']);
    expect(bookedMrr(owner.id)).toBe(190);
    expect(bookedMrr(account.id)).toBe(0);
  });

  test('row 2: 900 a quarter: CMRR 300', () => {
    run([creating([ratePlanSpec(offer({ price: '900', billingPeriod: 'Quarter' }).id)])]);
    expect(state.all('subscription')).toMatchObject([{ contractedMrr: '300' }]);
    expect(bookedMrr(account.id)).toBe(300);
  });
});

describe('contracted MRR and contracted value (semantics B.3, C.1, C.3)', () => {
  test('count neither fixed periods, one-time, nor usage', () => {
    const plan = offer(
      { price: '84' },
      { price: '60', endDateCondition: 'FixedPeriod', upToPeriods: 6, upToPeriodsType: 'Billing Periods' },
      { price: '10', chargeType: 'OneTime', billingPeriod: null },
      { price: '1', chargeType: 'Usage', chargeModel: 'Per Unit Pricing', unitOfMeasure: 'GB' },
    );
    run([creating([ratePlanSpec(plan.id)])]);
    expect(state.all('subscription')).toMatchObject([
      // 12 × 84 + 6 × 60 + 10
      { contractedMrr: '84', totalContractedValue: '1378' },
    ]);
    expect(state.all('charge')).toMatchObject([
      { effectiveStartDate: '2026-01-01', effectiveEndDate: '2027-01-01', totalContractedValue: '1008' },
      { effectiveEndDate: '2026-07-01', totalContractedValue: '360', monthlyRecurringRevenue: '60' },
      { endDateCondition: 'OneTime', effectiveEndDate: '2026-01-02', totalContractedValue: '10' },
      { quantity: null, monthlyRecurringRevenue: '0', totalContractedValue: '0' },
    ]);
  });

  test('an evergreen subscription has no end and no contracted value', () => {
    run([creating([ratePlanSpec(offer({ price: '84' }).id)], { terms: evergreen })]);
    expect(state.all('subscription')).toMatchObject([
      { termType: 'EVERGREEN', termEndDate: null, totalContractedValue: null, contractedMrr: '84' },
    ]);
    expect(state.all('charge')).toMatchObject([{ effectiveEndDate: null, totalContractedValue: null }]);
  });

  test('no MRR, no delta', () => {
    run([creating([ratePlanSpec(offer({ price: '5', chargeType: 'OneTime', billingPeriod: null }).id)])]);
    expect(state.deltas).toEqual([]);
  });

  test('the price is the one of the currency', () => {
    run([creating([ratePlanSpec(offer({}).id)], { currency: 'EUR' })]);
    expect(state.deltas).toMatchObject([{ currency: 'EUR', contractedMrrWhole: 90 }]);
    expect(state.all('order')).toMatchObject([{ currency: 'EUR' }]);
  });

  test('a price per month is not divided by the billing period', () => {
    const quarterly = offer({ price: '30', billingPeriod: 'Quarter', listPriceBase: 'Per Month' });
    run([creating([ratePlanSpec(quarterly.id)])]);
    expect(bookedMrr(account.id)).toBe(30);
  });

  test('a price for the whole term is averaged over it', () => {
    run([creating([ratePlanSpec(offer({ price: '120', billingPeriod: 'Subscription Term' }).id)])]);
    expect(bookedMrr(account.id)).toBe(10);
  });
});

describe('dates (semantics D.2, D.3)', () => {
  const given = {
    contractEffective: '2026-02-01',
    serviceActivation: '2026-02-10',
    customerAcceptance: '2026-02-20',
  };

  test('charges start with their trigger and end with the term', () => {
    const plan = offer(
      {},
      { triggerEvent: 'ServiceActivation' },
      { triggerEvent: 'CustomerAcceptance' },
      { name: 'specific' },
    );
    const override = chargeSpec(plan.charges[3]!.chargeNumber, {
      start: { triggerEvent: 'SpecificDate', specificTriggerDate: '2026-03-15' },
      end: {
        endDateCondition: 'SpecificEndDate',
        specificEndDate: '2026-05-01',
        upToPeriods: null,
        upToPeriodsType: null,
      },
    });
    run([creating([ratePlanSpec(plan.id, [override])], {}, { triggerDates: given })]);
    expect(state.all('charge').map((c) => [c.effectiveStartDate, c.effectiveEndDate])).toEqual([
      ['2026-02-01', '2027-02-01'],
      ['2026-02-10', '2027-02-01'],
      ['2026-02-20', '2027-02-01'],
      ['2026-03-15', '2026-05-01'],
    ]);
  });

  test.each([
    [{}, 'Active', 'Completed'],
    [{ serviceActivation: null }, 'Pending Activation', 'Pending'],
    [{ customerAcceptance: null }, 'Pending Acceptance', 'Pending'],
    [{ contractEffective: null }, 'Active', 'Completed'],
  ])('trigger dates %o make the subscription %s and the order %s', (triggerDates, subscription, order) => {
    const plan = offer({ price: '84', triggerEvent: 'CustomerAcceptance' });
    expect(run([creating([ratePlanSpec(plan.id)], {}, { triggerDates })])).toMatchObject({ status: order });
    expect(state.all('subscription')).toMatchObject([
      { status: subscription, contractEffectiveDate: '2026-01-01', contractedMrr: '84' },
    ]);
    // Counted at booking, whatever is missing (semantics J row 10).
    expect(bookedMrr(account.id)).toBe(84);
    expect(state.all('charge')[0]!.effectiveStartDate).toBe(subscription === 'Active' ? '2026-01-01' : null);
  });

  test.each([
    [{ contractEffective: '2026-02-01', serviceActivation: '2026-01-31' }],
    [{ contractEffective: '2026-02-01', customerAcceptance: '2026-01-31' }],
  ])('trigger dates out of order are refused: %o', (triggerDates) => {
    expect(run([creating([ratePlanSpec(offer({}).id)], {}, { triggerDates })])).toMatchObject({
      refused: true,
      field: 'subscriptions[0].orderActions[0].triggerDates',
    });
  });
});

describe('drafts', () => {
  test('keep the order and move nothing (semantics F.1 row 1)', () => {
    expect(run([creating([ratePlanSpec('no such plan')])], { intent: 'draft' })).toMatchObject({
      status: 'Draft',
      subscriptions: [],
    });
    expect(state.all('orderAction')).toHaveLength(1);
    expect(state.all('orderSubscription')).toMatchObject([{ subscriptionId: null, newVersion: null }]);
    expect(state.all('subscription')).toEqual([]);
    expect(state.deltas).toEqual([]);
  });
});

describe('limits, each by its name', () => {
  const many = (count: number, plans = [ratePlanSpec(offer({}).id)]) =>
    Array.from({ length: count }, () => creating(plans));

  test.each([
    [orderSizeLimits.synchronous, 50],
    [orderSizeLimits.asynchronous, 300],
  ])('subscriptionsMax and actionsMax, as the order came: %o', (limits, most) => {
    expect(orderSizeProblem(many(most), limits)).toBeNull();
    expect(orderSizeProblem(many(most + 1), limits)).toMatchObject({
      refused: true,
      field: 'subscriptions',
      message: expect.stringContaining(`${most} subscriptions`),
    });
    const doubled = many(most / 2).map((s) => ({ ...s, actions: [...s.actions, ...s.actions] }));
    expect(orderSizeProblem(doubled, limits)).toBeNull();
    expect(orderSizeProblem([...doubled, ...many(1)], limits)).toMatchObject({
      refused: true,
      message: expect.stringContaining(`${most} order actions`),
    });
  });

  test('ratePlansPerActionMax', () => {
    const plans = Array.from({ length: orderLimits.ratePlansPerActionMax + 1 }, () => ratePlanSpec('x'));
    expect(run([creating(plans)])).toMatchObject({
      refused: true,
      field: 'subscriptions[0].orderActions[0].createSubscription.subscribeToRatePlans',
    });
  });

  test('chargesMax', () => {
    const ten = offer(...Array.from({ length: 10 }, () => ({})));
    const plans = Array.from({ length: 50 }, () => ratePlanSpec(ten.id));
    const subscriptions = Array.from({ length: 4 }, () => creating(plans));
    expect(run(subscriptions)).toMatchObject({ status: 'Completed' });
    expect(state.all('charge')).toHaveLength(orderLimits.chargesMax);
    expect(run([...subscriptions, creating([ratePlanSpec(ten.id)])])).toMatchObject({
      refused: true,
      field: 'subscriptions',
    });
  });

  test('termPeriodsMax', () => {
    const terms = { ...twelveMonths, periodType: 'Day' as const };
    const plans = [ratePlanSpec(offer({}).id)];
    expect(run([creating(plans, { terms: { ...terms, period: orderLimits.termPeriodsMax } })])).toMatchObject(
      {
        status: 'Completed',
      },
    );
    for (const period of [0, orderLimits.termPeriodsMax + 1]) {
      expect(run([creating(plans, { terms: { ...terms, period } })])).toMatchObject({
        refused: true,
        field: 'subscriptions[0].orderActions[0].createSubscription.terms.initialTerm.period',
      });
    }
  });
});

describe('refusals name the field, and nothing is done', () => {
  const at = 'subscriptions[0].orderActions[0].createSubscription';
  const plansAt = `${at}.subscribeToRatePlans[0]`;
  const priced = (charge: ChargeFields, spec: Parameters<typeof chargeSpec>[1]) => {
    const plan = offer(charge);
    return [creating([ratePlanSpec(plan.id, [chargeSpec(plan.charges[0]!.id, spec)])])];
  };
  const own = (key: string) => ({ subscriptionOwner: { key, field: 'the owner field' } });

  const cases: Array<[string, string, () => readonly RequestedSubscription[]]> = [
    ['no subscription', 'subscriptions', () => []],
    ['no action', 'subscriptions[0].orderActions', () => [{ ...creating([]), actions: [] }]],
    ['an unknown rate plan', `${plansAt}.productRatePlanId`, () => [creating([ratePlanSpec('x')])]],
    ['an unknown owner', 'the owner field', () => [creating([ratePlanSpec(offer({}).id)], {}, own('x'))]],
    [
      'a canceled owner',
      'the owner field',
      () => {
        const canceled = testAccount({ status: 'Canceled' });
        state.put('account', canceled);
        return [creating([ratePlanSpec(offer({}).id)], {}, own(canceled.accountNumber))];
      },
    ],
    [
      'a plan that is not on offer yet',
      `${plansAt}.productRatePlanId`,
      () => [
        creating([ratePlanSpec(offer({}).id)], {}, { triggerDates: { contractEffective: '2019-12-31' } }),
      ],
    ],
    [
      'no price in the currency',
      `${plansAt}.pricing.recurringFlatFee.listPrice`,
      () => [creating([ratePlanSpec(offer({}).id)], { currency: 'JPY' })],
    ],
    [
      'a charge model that is not priced',
      plansAt,
      () => [creating([ratePlanSpec(offer({ chargeModel: 'Delivery Pricing' }).id)])],
    ],
    [
      'no quantity',
      `${plansAt}.pricing.recurringPerUnit.quantity`,
      () => [creating([ratePlanSpec(offer({ ...PER_UNIT, defaultQuantity: null }).id)])],
    ],
    [
      'pricing of another model',
      `${plansAt}.chargeOverrides[0].pricing.recurringPerUnit`,
      () => priced({}, { pricing: pricing('recurringPerUnit', { price: '1' }) }),
    ],
    [
      'a price with too many decimals',
      `${plansAt}.chargeOverrides[0].pricing.recurringFlatFee.listPrice`,
      () => priced({}, { pricing: pricing('recurringFlatFee', { price: '1.0000000001' }) }),
    ],
    [
      'a price that is too large',
      `${plansAt}.chargeOverrides[0].pricing.recurringFlatFee.listPrice`,
      () => priced({}, { pricing: pricing('recurringFlatFee', { price: '1000000000000' }) }),
    ],
    [
      'a charge of another plan',
      `${plansAt}.chargeOverrides[0].productRatePlanChargeId`,
      () => [creating([ratePlanSpec(offer({}).id, [chargeSpec('x')])])],
    ],
    [
      'a charge overridden twice',
      `${plansAt}.chargeOverrides[1].productRatePlanChargeId`,
      () => {
        const plan = offer({});
        const key = plan.charges[0]!.id;
        return [creating([ratePlanSpec(plan.id, [chargeSpec(key), chargeSpec(key)])])];
      },
    ],
    [
      'a specific date that is missing',
      `${plansAt}.chargeOverrides[0].startDate.specificTriggerDate`,
      () => priced({}, { start: { triggerEvent: 'SpecificDate', specificTriggerDate: null } }),
    ],
    [
      'a charge after the end of the subscription',
      `${plansAt}.chargeOverrides[0].startDate`,
      () => priced({}, { start: { triggerEvent: 'SpecificDate', specificTriggerDate: '2027-01-01' } }),
    ],
    [
      'an end before the start',
      `${plansAt}.chargeOverrides[0].endDate.specificEndDate`,
      () =>
        priced(
          {},
          {
            end: {
              endDateCondition: 'SpecificEndDate',
              specificEndDate: '2026-01-01',
              upToPeriods: null,
              upToPeriodsType: null,
            },
          },
        ),
    ],
    [
      'a fixed period without a length',
      `${plansAt}.endDate.upToPeriods`,
      () => [creating([ratePlanSpec(offer({ endDateCondition: 'FixedPeriod' }).id)])],
    ],
    [
      'a price for the term of an evergreen subscription',
      `${plansAt}.billing.billingPeriod`,
      () => [
        creating([ratePlanSpec(offer({ billingPeriod: 'Subscription Term' }).id)], { terms: evergreen }),
      ],
    ],
    [
      'a termed subscription without a period',
      `${at}.terms.initialTerm.period`,
      () => [creating([ratePlanSpec(offer({}).id)], { terms: { ...twelveMonths, period: null } })],
    ],
    [
      'a term beyond the calendar',
      `${at}.terms.initialTerm.period`,
      () => [
        creating([ratePlanSpec(offer({}).id)], {
          terms: { ...twelveMonths, period: 9000, periodType: 'Year' },
        }),
      ],
    ],
    ['an unknown contact', `${at}.billToContactId`, () => [creating([], { billToContactId: 'x' })]],
    [
      'a contact of another account',
      `${at}.soldToContactId`,
      () => {
        const contact = testContact('f'.repeat(32));
        state.put('contact', contact);
        return [creating([], { soldToContactId: contact.id })];
      },
    ],
    [
      'a subscription number like an id',
      'subscriptions[0].subscriptionNumber',
      () => [creating([], { subscriptionNumber: 'a'.repeat(32) })],
    ],
    [
      'a subscription number given twice',
      'subscriptions[1].subscriptionNumber',
      () => [creating([], { subscriptionNumber: 'S' }), creating([], { subscriptionNumber: 'S' })],
    ],
  ];

  test.each(cases)('%s', (_, field, subscriptions) => {
    expect(run(subscriptions())).toMatchObject({ refused: true, field });
    expect(state.all('order')).toEqual([]);
    expect(state.deltas).toEqual([]);
  });

  test('numbers that exist already', () => {
    const subscriptions = [creating([ratePlanSpec(offer({}).id)], { subscriptionNumber: 'S-1' })];
    expect(run(subscriptions, { orderNumber: 'O-mine' })).toMatchObject({ orderNumber: 'O-mine' });
    expect(run(subscriptions)).toMatchObject({ refused: true, field: 'subscriptions[0].subscriptionNumber' });
    expect(run(subscriptions, { orderNumber: 'O-mine' })).toMatchObject({
      refused: true,
      field: 'orderNumber',
    });
    expect(run(subscriptions, { orderNumber: 'b'.repeat(32) })).toMatchObject({ field: 'orderNumber' });
  });
});

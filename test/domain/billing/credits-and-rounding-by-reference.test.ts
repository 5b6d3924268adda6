import { describe, expect, it } from 'vitest';
import type { DecideContext } from '../../../src/domain/account/command.ts';
import {
  type BillingRules,
  billingRuleDefaults,
  type CurrencyRounding,
} from '../../../src/domain/billing/billing-rules.ts';
import { roundingLine } from '../../../src/domain/billing/document-rows.ts';
import { fromMinor } from '../../../src/domain/money.ts';
import { cancelling } from '../../support/order-actions.ts';
import { type ChargeFields, OrderWorld } from '../../support/order-world.ts';
import { BillingBook } from '../../support/subscription-billing.ts';
import vectors from '../../vectors.json' with { type: 'json' };

// Shows what is kept and credited (semantics E.4) and how amounts are rounded (E.5) in bills, against the reference vectors, and by hand
// for currencies with increments and rounding up and down.

function priced(price: string, currency: string, fields: ChargeFields = {}): ChargeFields {
  const tier = {
    id: 'f'.repeat(32),
    tier: 1,
    currency,
    startingUnit: null,
    endingUnit: null,
    price,
    priceFormat: 'Flat Fee' as const,
    isOveragePrice: false,
    discountAmount: null,
    discountPercentage: null,
    includedUnits: null,
  };
  return { ...fields, tiers: [tier] };
}

const ruled = (currency: string, rounding: Partial<CurrencyRounding>): Partial<BillingRules> => ({
  rounding: { [currency]: { mode: 'HALF_UP', incrementMinor: 1, invoiceIncrementMinor: null, ...rounding } },
});

interface Cancelled {
  readonly price: string;
  readonly currency: string;
  readonly billingPeriod: 'Month' | 'Quarter';
  /** First day of the period that is billed and cut. */
  readonly start: string;
  readonly cancelledOn: string;
  readonly rules: Partial<BillingRules>;
}

/** What of the period is kept, and what is credited, as the credit line's amount. */
function keptAndCredited({ price, currency, billingPeriod, start, cancelledOn, rules }: Cancelled) {
  const world = new OrderWorld();
  const sub = world.subscribe([priced(price, currency, { billingPeriod })], { currency });
  const book = new BillingBook(world);
  const billed = book.bill(sub.number, start, { rules }).at(-1)!;
  expect(billed.serviceStartDate).toBe(start);
  world.change(sub.number, [cancelling(cancelledOn)]);
  const [credit, ...rest] = book.bill(sub.number, start, { rules });
  expect(rest).toEqual([]);
  expect(book.bill(sub.number, '2027-06-01', { rules })).toEqual([]);
  return {
    kept: fromMinor(billed.amountMinor + credit!.amountMinor, currency),
    credited: fromMinor(-credit!.amountMinor, currency),
  };
}

const MONTH = {
  price: '200',
  currency: 'USD',
  billingPeriod: 'Month',
  start: '2026-03-01',
  cancelledOn: '2026-03-11',
} as const;
// July, August and September have 92 days; 31 of July and 14 of August are used.
const QUARTER = {
  price: '1000',
  currency: 'JPY',
  billingPeriod: 'Quarter',
  start: '2026-07-01',
  cancelledOn: '2026-08-15',
} as const;
// January, February and March have 90 days; 31 of January and 14 of February are used.
const TIE = {
  price: '1001',
  currency: 'JPY',
  billingPeriod: 'Quarter',
  start: '2026-01-01',
  cancelledOn: '2026-02-15',
} as const;
const { credit, rounding } = vectors;
const [tieCharged, tieNew, tieOld] = credit['JPY 1001/90d, 45 used: charged/new/old'] as [
  string,
  string,
  string,
];
const byDay = { longPeriods: 'day' } as const;
const old = { creditMethod: 'credited' } as const;

describe('credits of the reference', () => {
  it.each([
    [
      'a month, new',
      MONTH,
      {},
      credit['month 200 cancel 2026-03-11: charged'],
      credit['credit (new method)'],
    ],
    [
      'a month, old',
      MONTH,
      old,
      credit['month 200 cancel 2026-03-11: charged'],
      credit['credit (old method)'],
    ],
    [
      'a quarter, new',
      QUARTER,
      byDay,
      credit['JPY 1000/quarter(92d) cancel after 45 d: charged'],
      credit['JPY credit new'],
    ],
    [
      'a quarter, old',
      QUARTER,
      { ...byDay, ...old },
      credit['JPY 1000/quarter(92d) cancel after 45 d: charged'],
      credit['JPY credit old (per-item half-up)'],
    ],
    ['a tie, new', TIE, byDay, tieCharged, tieNew],
    // What was billed is 1,001: less the old method's credit, one less is kept than the charge for the days.
    ['a tie, old', TIE, { ...byDay, ...old }, '500', tieOld],
  ] as const)('%s', (_, period, rules, kept, credited) => {
    expect(keptAndCredited({ ...period, rules })).toEqual({ kept, credited });
  });
});

describe('credits where a currency is rounded up, down or in steps', () => {
  // 10 of 31 days of 10.00 are 3.2258, the other 21 are 6.7742.
  const CHF = {
    price: '10',
    currency: 'CHF',
    billingPeriod: 'Month',
    start: '2026-03-01',
    cancelledOn: '2026-03-11',
  } as const;
  it.each([
    ['HALF_UP', 'kept', '3.25', '6.75'],
    ['HALF_UP', 'credited', '3.25', '6.75'],
    ['UP', 'kept', '3.25', '6.75'],
    ['UP', 'credited', '3.2', '6.8'],
    ['DOWN', 'kept', '3.2', '6.8'],
    ['DOWN', 'credited', '3.25', '6.75'],
  ] as const)('%s to 0.05, what is %s', (mode, creditMethod, kept, credited) => {
    const rules = { ...ruled('CHF', { mode, incrementMinor: 5 }), creditMethod };
    expect(keptAndCredited({ ...CHF, rules })).toEqual({ kept, credited });
  });
});

/** The amounts of a first month of charges at these prices. */
function billedOf(prices: readonly string[], currency: string, rules: Partial<BillingRules> = {}): string[] {
  const world = new OrderWorld();
  const sub = world.subscribe(
    prices.map((price) => priced(price, currency)),
    { currency },
  );
  const lines = new BillingBook(world).bill(sub.number, '2026-01-01', { rules });
  return lines.map(({ amountMinor }) => fromMinor(amountMinor, currency));
}

describe('lines are rounded', () => {
  it.each([
    ['1.005', 'USD', rounding['1.005 USD']],
    ['2.5', 'JPY', rounding['2.5 JPY']],
    ['0.0005', 'KWD', rounding['0.0005 KWD']],
  ])('half up to the minor unit: %s %s', (price, currency, amount) => {
    expect(billedOf([price], currency)).toEqual([amount]);
  });

  it('half up by their size where they are below zero', () => {
    // Usage of minus one unit.
    const world = new OrderWorld();
    const usage = { chargeType: 'Usage', chargeModel: 'Per Unit Pricing', unitOfMeasure: 'GB' } as const;
    const sub = world.subscribe([priced('1.005', 'USD', usage)]);
    const book = new BillingBook(world);
    book.use(sub.number, { chargeNumber: sub.charges[0]!, day: '2026-01-05', quantity: '-1' });
    const [line] = book.bill(sub.number, '2026-02-01');
    expect(fromMinor(line!.amountMinor, 'USD')).toBe(rounding['-1.005 USD']);
  });

  it.each([
    ['1.02', 'CHF', 'HALF_UP', 5, '1'],
    ['1.025', 'CHF', 'HALF_UP', 5, '1.05'],
    ['1.01', 'CHF', 'UP', 5, '1.05'],
    ['1.09', 'CHF', 'DOWN', 5, '1.05'],
    ['1.001', 'USD', 'UP', 1, '1.01'],
    ['1.009', 'USD', 'DOWN', 1, '1'],
    ['2.1', 'JPY', 'UP', 1, '3'],
    ['2.9', 'JPY', 'DOWN', 1, '2'],
    ['149', 'JPY', 'HALF_UP', 100, '100'],
    ['150', 'JPY', 'HALF_UP', 100, '200'],
    ['0.0011', 'KWD', 'UP', 5, '0.005'],
  ] as const)('%s %s %s in steps of %i', (price, currency, mode, incrementMinor, amount) => {
    expect(billedOf([price], currency, ruled(currency, { mode, incrementMinor }))).toEqual([amount]);
  });

  it('each on its own, then the total by a line of its own where the tenant says so', () => {
    const thirds = ['3.333333333', '3.333333333', '3.333333333'];
    expect(billedOf(thirds, 'USD')).toEqual(rounding['10/3 three items']);
    const context = { newId: () => 'id', now: '2026-01-01T00:00:00.000Z' } as DecideContext;
    const lineFor = (fields: Partial<BillingRules>) =>
      roundingLine(
        999,
        { currency: 'USD', documentDate: '2026-01-01' },
        { ...billingRuleDefaults, ...fields },
        context,
      );
    expect(lineFor(ruled('USD', { invoiceIncrementMinor: 5 }))).toMatchObject({
      amountMinor: 1,
      processingType: 'Rounding',
      chargeName: 'Rounding',
      calculation: null,
    });
    expect(lineFor(ruled('USD', { mode: 'DOWN', invoiceIncrementMinor: 5 }))).toMatchObject({
      amountMinor: -4,
    });
    expect(lineFor(ruled('USD', { invoiceIncrementMinor: 1 }))).toBeNull();
    expect(lineFor({})).toBeNull();
  });
});

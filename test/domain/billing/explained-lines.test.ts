import { describe, expect, it } from 'vitest';
import { explainItem } from '../../../src/domain/billing/explain-item.ts';
import { cancelling, repricing } from '../../support/order-actions.ts';
import { type ChargeFields, OrderWorld, PER_UNIT, type Subscribed } from '../../support/order-world.ts';
import { type BillFields, BillingBook } from '../../support/subscription-billing.ts';

// Shows what people read about a line's amount.

interface Story {
  readonly charges: readonly ChargeFields[];
  readonly target?: string;
  readonly fields?: BillFields;
  /** What the charges' segment has instead, such as tiers. */
  readonly segment?: object;
  /** What happens after a first bill, before the one that is explained. */
  readonly later?: (book: BillingBook, sub: Subscribed) => void;
  readonly used?: string;
}

/** Sentences of the lines of the last bill. */
function explained({ charges, target = '2026-01-01', fields = {}, segment, later, used }: Story): string[] {
  const world = new OrderWorld();
  const sub = world.subscribe(charges);
  const book = new BillingBook(world);
  if (segment !== undefined) {
    world.state.put('charge', { ...world.live(sub.charges[0]!)[0]!, ...segment });
  }
  if (used !== undefined) use(book, sub, used);
  let lines = book.bill(sub.number, target, fields);
  if (later !== undefined) {
    later(book, sub);
    lines = book.bill(sub.number, target, fields);
  }
  return lines.map((line) => explainItem(line, 'USD'));
}

function use(book: BillingBook, sub: Subscribed, quantity: string): void {
  book.use(sub.number, { chargeNumber: sub.charges[0]!, day: '2026-01-05', quantity });
}

const cancelledOn =
  (day: string): Story['later'] =>
  (book, sub) => {
    book.world.change(sub.number, [cancelling(day)]);
  };

describe('a recurring charge', () => {
  it.each([
    [
      'a whole month',
      { ...PER_UNIT, defaultQuantity: '12', price: '7.5' },
      '12 units x 7.50 = 90.00 a month',
    ],
    ['one unit', PER_UNIT, '1 unit x 10.00 = 10.00 a month'],
    ['a price with more places', { price: '3.333333333' }, '3.333333333 = 3.33 a month'],
    ['a quarter', { price: '270', billingPeriod: 'Quarter' }, '270.00 a quarter'],
    [
      'so many days',
      { price: '70', billingPeriod: 'Specific Days', specificBillingPeriod: 10 },
      '70.00 for 10 days',
    ],
    [
      'one of so many weeks',
      { price: '70', billingPeriod: 'Specific Weeks', specificBillingPeriod: 1 },
      '70.00 for 1 week',
    ],
    ['the term', { price: '1000', billingPeriod: 'Subscription Term' }, '1000.00 for the term'],
    [
      'a price of another length',
      { price: '90', billingPeriod: 'Quarter', listPriceBase: 'Per Month' },
      '90.00 a month = 270.00 a quarter',
    ],
    [
      'a price of some months',
      { price: '600', listPriceBase: 'Per Specific Months', specificListPriceBase: 6 },
      '600.00 for 6 months = 100.00 a month',
    ],
  ] as ReadonlyArray<[string, ChargeFields, string]>)('%s', (_, charge, sentence) => {
    expect(explained({ charges: [charge] })).toEqual([sentence]);
  });

  it.each([
    ['a part of a month', {}, '90.00 a month; 14 of 31 days (2025-12-15 to 2026-01-14) = 40.65'],
    [
      'a part that is free',
      { rules: { billPartialMonth: false } },
      '90.00 a month; 14 of 31 days, free (2025-12-15 to 2026-01-14) = 0.00',
    ],
  ])('%s', (_, fields, sentence) => {
    expect(explained({ charges: [{ price: '90' }], fields: { billCycleDay: 15, ...fields } })).toEqual([
      sentence,
    ]);
  });

  it('months and days of a quarter', () => {
    const charges = [
      { price: '270', billingPeriod: 'Quarter', billingPeriodAlignment: 'AlignToTermEnd' } as const,
    ];
    // The periods before 1 January 2027 begin on 15 October, July, April, January.
    expect(explained({ charges, target: '2026-12-31', fields: { billCycleDay: 15 } }).slice(-1)).toEqual([
      '270.00 a quarter; 2 months and 17 of 31 days (2026-10-15 to 2027-01-14) = 229.35',
    ]);
  });
});

describe('discounts', () => {
  const discount = (chargeModel: string, price: string) =>
    ({ chargeModel, price, billingPeriod: 'Month', details: {} }) as unknown as ChargeFields;
  const charges = [
    { price: '310' },
    discount('Discount-Percentage', '10'),
    discount('Discount-Fixed Amount', '31'),
  ];

  it('say what they take off', () => {
    expect(explained({ charges })).toEqual([
      '310.00 a month',
      '10% off = 31.00',
      '31.00 a month off = 31.00',
    ]);
  });

  it('of a one-time charge', () => {
    const setup: ChargeFields = { price: '50', chargeType: 'OneTime', billingPeriod: null };
    expect(explained({ charges: [setup, discount('Discount-Percentage', '10')] })).toEqual([
      '50.00',
      '10% off = 5.00',
    ]);
  });

  it('say what of them goes with days that are given back', () => {
    const fields = { rules: { prorateFixedDiscountCredit: true } };
    expect(explained({ charges, fields, later: cancelledOn('2026-01-11') })).toEqual([
      'not served: 310.00 was billed, 100.00 is kept (21 of 31 days given back)',
      'not served: 31.00 was taken off, 10.00 stays off (21 of 31 days given back)',
      'not served: 31.00 was taken off, 10.00 stays off (21 of 31 days given back)',
    ]);
  });
});

describe('credits', () => {
  it('of days that are not served', () => {
    expect(explained({ charges: [{ price: '200' }], later: cancelledOn('2026-01-11') })).toEqual([
      'not served: 200.00 was billed, 64.52 is kept (21 of 31 days given back)',
    ]);
  });

  it('of days that are served on other terms', () => {
    const later: Story['later'] = (book, sub) => {
      book.world.change(sub.number, [
        repricing(sub.plans[0]!, sub.charges[0]!, '2026-01-11', { price: '20' }),
      ]);
    };
    expect(explained({ charges: [PER_UNIT], later })).toEqual([
      'served on other terms: 10.00 was billed, 3.23 is kept (21 of 31 days given back)',
      '1 unit x 20.00 = 20.00 a month; 21 of 31 days (2026-01-01 to 2026-01-31) = 13.55',
    ]);
  });

  it('that give back what is no longer billed are taken back', () => {
    const later: Story['later'] = (book, sub) => {
      book.world.change(sub.number, [cancelling('2026-01-01')]);
      book.bill(sub.number, '2026-01-01');
      book.cancel(0);
    };
    expect(explained({ charges: [{ price: '100' }], later })).toEqual([
      'what it applies to is no longer billed: the credit of 100.00 is taken back',
    ]);
  });
});

describe('usage', () => {
  const GB: ChargeFields = {
    price: '2',
    chargeType: 'Usage',
    chargeModel: 'Per Unit Pricing',
    unitOfMeasure: 'GB',
  };
  const TIERS = [
    { startingUnit: '0', endingUnit: '10', price: '5', priceFormat: 'Per Unit' },
    { startingUnit: '11', endingUnit: '20', price: '1', priceFormat: 'Flat Fee' },
  ];
  const tiered = { chargeModel: 'Tiered Pricing', price: null, tiers: TIERS };
  const overage = { chargeModel: 'Overage Pricing', price: null, includedUnits: '10', overagePrice: '2' };
  it.each([
    ['by the unit', {}, '7.5', '7.5 units in 1 record of 2026-01-01 to 2026-01-31: 7.5 units x 2.00 = 15.00'],
    [
      'in the first tier',
      tiered,
      '7',
      '7 units in 1 record of 2026-01-01 to 2026-01-31: 7 units x 5.00 = 35.00',
    ],
    [
      'in two tiers',
      tiered,
      '13',
      '13 units in 1 record of 2026-01-01 to 2026-01-31: 10 units x 5.00 + 1.00 for the tier from 11 = 51.00',
    ],
    [
      'in the tier of all',
      { ...tiered, chargeModel: 'Volume Pricing' },
      '10',
      '10 units in 1 record of 2026-01-01 to 2026-01-31: 10 units x 5.00 = 50.00',
    ],
    [
      'beyond what is included',
      overage,
      '13',
      '13 units in 1 record of 2026-01-01 to 2026-01-31: 3 units beyond 10 x 2.00 = 6.00',
    ],
    [
      'within what is included',
      overage,
      '8',
      '8 units in 1 record of 2026-01-01 to 2026-01-31: 0 units beyond 10 x 2.00 = 0.00',
    ],
    [
      'beyond the tiers',
      { ...tiered, chargeModel: 'Tiered with Overage Pricing', overagePrice: '2' },
      '23',
      '23 units in 1 record of 2026-01-01 to 2026-01-31: 10 units x 5.00 + 1.00 for the tier from 11 + 3 units beyond 20 x 2.00 = 57.00',
    ],
  ])('%s', (_, segment, used, sentence) => {
    expect(explained({ charges: [GB], segment, used, target: '2026-02-01' })).toEqual([sentence]);
  });

  it('that comes late says what was billed before', () => {
    const later: Story['later'] = (book, sub) => use(book, sub, '5');
    expect(explained({ charges: [GB], segment: tiered, used: '8', target: '2026-02-01', later })).toEqual([
      '13 units in 2 records of 2026-01-01 to 2026-01-31: 10 units x 5.00 + 1.00 for the tier from 11 = 51.00; 8 units billed before, 11.00 more',
    ]);
  });

  it('that takes units back says what is less', () => {
    const later: Story['later'] = (book, sub) => use(book, sub, '-3');
    expect(explained({ charges: [GB], used: '8', target: '2026-02-01', later })).toEqual([
      '5 units in 2 records of 2026-01-01 to 2026-01-31: 5 units x 2.00 = 10.00; 8 units billed before, 6.00 less',
    ]);
  });
});

describe('lines that were given', () => {
  const given = {
    amountMinor: 1250,
    quantity: '1',
    unitPrice: '12.5',
    processingType: 'Charge',
    calculation: null,
  } as const;
  it.each([
    ['an amount', given, '12.50 USD, as given'],
    ['a price', { ...given, quantity: '2', unitPrice: '6.25' }, '2 × 6.25 = 12.50 USD'],
    [
      'a discount',
      { ...given, amountMinor: -1250, processingType: 'Discount' as const },
      '-12.50 USD, taken off as given',
    ],
  ])('%s', (_, line, sentence) => {
    expect(explainItem(line, 'USD')).toBe(sentence);
  });
});

import { describe, expect, it } from 'vitest';
import { addingProduct, cancelling, removingProduct, repricing } from '../../support/order-actions.ts';
import { evergreen, ratePlanSpec } from '../../support/order-requests.ts';
import { type ChargeFields, OrderWorld } from '../../support/order-world.ts';
import { BillingBook, shown } from '../../support/subscription-billing.ts';

// Shows the lines of discounts, usage and one-time charges, and what is given back of them. Amounts by hand.

function bookOf(charges: readonly ChargeFields[], spec = {}) {
  const world = new OrderWorld();
  const sub = world.subscribe(charges, spec);
  return { world, sub, book: new BillingBook(world) };
}

const FLAT = { price: '100' };
const off = (fields: object) =>
  ({ billingPeriod: 'Month', details: {}, ...fields }) as unknown as ChargeFields;
const PERCENT = off({ chargeModel: 'Discount-Percentage', price: '10' });
const FIXED = off({ chargeModel: 'Discount-Fixed Amount', price: '30' });

describe('discounts', () => {
  it('a percentage and a fixed one each take of what the one before left', () => {
    const { sub, book } = bookOf([FLAT, FIXED, PERCENT]);
    const lines = book.bill(sub.number, '2026-01-01');
    expect(shown(lines)).toEqual([
      '2026-01-01..2026-01-31 100.00',
      '2026-01-01..2026-01-31 -10.00 discount',
      '2026-01-01..2026-01-31 -30.00 discount',
    ]);
    expect(lines.map((line) => line.appliedToItemId)).toEqual([null, lines[0]!.id, lines[0]!.id]);
    expect(lines.map((line) => line.chargeNumber)).toEqual([sub.charges[0], sub.charges[2], sub.charges[1]]);
  });

  it('one that ends cuts the month, and never takes more than there is', () => {
    const { world, sub, book } = bookOf([FLAT, off({ chargeModel: 'Discount-Fixed Amount', price: '500' })]);
    world.change(sub.number, [removingProduct(sub.plans[1]!, '2026-01-11')]);
    expect(shown(book.bill(sub.number, '2026-01-01'))).toEqual([
      '2026-01-01..2026-01-10 32.26',
      '2026-01-01..2026-01-10 -32.26 discount',
      '2026-01-11..2026-01-31 67.74',
    ]);
  });

  it('a percentage goes back with what it was taken off', () => {
    const { world, sub, book } = bookOf([{ price: '310' }, PERCENT]);
    book.bill(sub.number, '2026-01-01');
    world.change(sub.number, [cancelling('2026-01-11')]);
    expect(shown(book.bill(sub.number, '2026-01-01'))).toEqual([
      '2026-01-11..2026-01-31 -210.00 credit',
      '2026-01-11..2026-01-31 21.00 discount back',
    ]);
  });

  it.each([
    // 31 of 310 a month stays for one day, less than the 30 a month of the discount only when nothing is left.
    [
      'is kept up to what is still due',
      {},
      '2026-01-02',
      ['2026-01-02..2026-01-31 -300.00 credit', '2026-01-02..2026-01-31 20.00 discount back'],
    ],
    ['is kept where enough is due', {}, '2026-01-11', ['2026-01-11..2026-01-31 -210.00 credit']],
    [
      'is prorated if the tenant says so',
      { prorateFixedDiscountCredit: true },
      '2026-01-11',
      ['2026-01-11..2026-01-31 -210.00 credit', '2026-01-11..2026-01-31 20.32 discount back'],
    ],
  ])('a fixed one %s', (_, rules, date, expected) => {
    const { world, sub, book } = bookOf([{ price: '310' }, FIXED]);
    book.bill(sub.number, '2026-01-01');
    world.change(sub.number, [cancelling(date)]);
    expect(shown(book.bill(sub.number, '2026-01-01', { rules }))).toEqual(expected);
  });

  it('a fixed one is not taken twice when the price changes', () => {
    const { world, sub, book } = bookOf([{ price: '310' }, FIXED]);
    book.bill(sub.number, '2026-01-01');
    world.change(sub.number, [
      repricing(sub.plans[0]!, sub.charges[0]!, '2026-01-11', { price: '620' }, 'recurringFlatFee'),
    ]);
    expect(shown(book.bill(sub.number, '2026-01-01'))).toEqual([
      '2026-01-11..2026-01-31 -210.00 credit',
      '2026-01-11..2026-01-31 20.32 discount back',
      '2026-01-11..2026-01-31 420.00',
      '2026-01-11..2026-01-31 -20.32 discount',
    ]);
  });

  it('one-time charges and usage get theirs', () => {
    const usage = { price: '2', chargeType: 'Usage', chargeModel: 'Per Unit Pricing', unitOfMeasure: 'GB' };
    const { sub, book } = bookOf([
      { price: '50', chargeType: 'OneTime', billingPeriod: null },
      usage,
      PERCENT,
    ]);
    book.use(sub.number, { chargeNumber: sub.charges[1]!, day: '2026-01-05', quantity: '7' });
    expect(shown(book.bill(sub.number, '2026-02-01'))).toEqual([
      '2026-01-01..2026-01-01 50.00',
      '2026-01-01..2026-01-01 -5.00 discount',
      '2026-01-01..2026-01-31 14.00',
      '2026-01-01..2026-01-31 -1.40 discount',
    ]);
  });
});

describe('one-time charges', () => {
  const SETUP = { price: '50', chargeType: 'OneTime', billingPeriod: null };

  it('are billed once, on their day', () => {
    const { sub, book } = bookOf([SETUP]);
    expect(book.bill(sub.number, '2025-12-31')).toEqual([]);
    expect(shown(book.bill(sub.number, '2026-01-01'))).toEqual(['2026-01-01..2026-01-01 50.00']);
    expect(book.bill(sub.number, '2026-12-01')).toEqual([]);
  });

  it.each([
    [false, []],
    [true, ['2026-01-01..2026-01-01 -50.00 credit']],
  ])('are credited with creditOneTime %s', (creditOneTime, expected) => {
    const { world, sub, book } = bookOf([SETUP]);
    book.bill(sub.number, '2026-01-01');
    world.change(sub.number, [cancelling('2026-01-01')]);
    expect(shown(book.bill(sub.number, '2026-01-01', { rules: { creditOneTime } }))).toEqual(expected);
  });
});

describe('what a fixed discount leaves for a one-time charge', () => {
  const SETUP = { price: '500', chargeType: 'OneTime', billingPeriod: null } as ChargeFields;

  // 30 a month for 12 months are 360. Of them 20 in January and in February go to a monthly charge that ends then: 320 are left.
  it.each([
    ['nothing', []],
    ['what came before it', ['2026-05-01']],
  ])('does not depend on what is settled: %s', (_, earlier) => {
    const { world, sub, book } = bookOf([{ price: '20' }, FIXED]);
    world.change(sub.number, [removingProduct(sub.plans[0]!, '2026-03-01')]);
    for (const day of earlier) book.bill(sub.number, day);
    world.change(sub.number, [addingProduct(ratePlanSpec(world.offer(SETUP).id), '2026-06-01')], {
      orderDate: '2026-06-01',
    });
    const lines = book
      .bill(sub.number, '2026-06-01')
      .filter((line) => line.serviceStartDate === '2026-06-01');
    expect(shown(lines)).toEqual([
      '2026-06-01..2026-06-01 500.00',
      '2026-06-01..2026-06-01 -320.00 discount',
    ]);
  });

  it('is not used twice: another one-time charge had 300 of 360', () => {
    const { world, sub, book } = bookOf([{ ...SETUP, price: '300' }, FIXED]);
    book.bill(sub.number, '2026-05-01');
    world.change(sub.number, [addingProduct(ratePlanSpec(world.offer(SETUP).id), '2026-06-01')], {
      orderDate: '2026-06-01',
    });
    expect(shown(book.bill(sub.number, '2026-06-01'))).toEqual([
      '2026-06-01..2026-06-01 500.00',
      '2026-06-01..2026-06-01 -60.00 discount',
    ]);
  });
});

describe('a one-time charge that was billed and gets a later day', () => {
  const SETUP = { price: '50', chargeType: 'OneTime', billingPeriod: null } as ChargeFields;

  /** Billed on 1 January, with a monthly fee that settles the subscription up to February; then its day is another one. */
  function moved(start: string | null) {
    const { world, sub, book } = bookOf([FLAT, SETUP]);
    book.bill(sub.number, '2026-01-01');
    expect(world.subscription(sub.number).billingFrom).toBe('2026-02-01');
    const dated = (day: string | null) => {
      const [charge] = world.live(sub.charges[1]!);
      world.state.put('charge', {
        ...charge!,
        effectiveStartDate: day,
        effectiveEndDate: day === null ? null : day.replace(/1$/, '2'),
      });
    };
    dated(start);
    return { sub, book, dated };
  }

  it('is not billed again', () => {
    const { sub, book } = moved('2026-03-01');
    expect(shown(book.bill(sub.number, '2026-03-01'))).toEqual([
      '2026-02-01..2026-02-28 100.00',
      '2026-03-01..2026-03-31 100.00',
    ]);
    expect(book.bill(sub.number, '2026-03-31')).toEqual([]);
  });

  it('is not billed again after it had no day for a while', () => {
    const { sub, book, dated } = moved(null);
    expect(shown(book.bill(sub.number, '2026-02-01'))).toEqual(['2026-02-01..2026-02-28 100.00']);
    dated('2026-03-01');
    expect(shown(book.bill(sub.number, '2026-03-01'))).toEqual(['2026-03-01..2026-03-31 100.00']);
  });

  it('is billed on its new day when the document that billed it is gone', () => {
    const { sub, book } = moved('2026-03-01');
    book.cancel(0);
    expect(shown(book.bill(sub.number, '2026-03-01'))).toEqual([
      '2026-01-01..2026-01-31 100.00',
      '2026-02-01..2026-02-28 100.00',
      '2026-03-01..2026-03-31 100.00',
      '2026-03-01..2026-03-01 50.00',
    ]);
  });

  it('is given back and billed anew while its day is unsettled and the tenant credits one-time charges', () => {
    const { sub, book } = moved('2026-03-01');
    book.lookAgain(sub.number, '2026-01-01');
    const rules = { creditOneTime: true };
    expect(shown(book.bill(sub.number, '2026-01-01', { rules }))).toEqual([
      '2026-01-01..2026-01-01 -50.00 credit',
    ]);
    expect(shown(book.bill(sub.number, '2026-03-01', { rules })).at(-1)).toBe('2026-03-01..2026-03-01 50.00');
    expect(book.bill(sub.number, '2026-03-01', { rules })).toEqual([]);
  });
});

describe('usage', () => {
  const GB = { price: '2', chargeType: 'Usage', chargeModel: 'Per Unit Pricing', unitOfMeasure: 'GB' };

  it('is billed when the period is over, late usage for the difference', () => {
    const { sub, book } = bookOf([GB]);
    const use = (day: string, quantity: string) =>
      book.use(sub.number, { chargeNumber: sub.charges[0]!, day, quantity });
    use('2026-01-05', '7');
    expect(book.bill(sub.number, '2026-01-31')).toEqual([]);
    expect(book.world.subscription(sub.number).billingFrom).toBe('2026-01-01');
    expect(shown(book.bill(sub.number, '2026-02-01'))).toEqual(['2026-01-01..2026-01-31 14.00']);
    expect(book.world.subscription(sub.number).billingFrom).toBe('2026-02-01');
    use('2026-01-31', '0.5');
    const late = book.bill(sub.number, '2026-02-01');
    expect(shown(late)).toEqual(['2026-01-01..2026-01-31 1.00']);
    expect(late[0]!.calculation!.usage).toEqual({
      quantity: '7.5',
      billedBefore: '7',
      throughSequence: 2,
      records: 2,
    });
    expect(book.bill(sub.number, '2026-03-01')).toEqual([]);
  });

  it('that takes the price of all units down gives the difference back', () => {
    const tiers = [
      { startingUnit: '0', endingUnit: '10', price: '5', priceFormat: 'Per Unit' },
      { startingUnit: '11', endingUnit: null, price: '1', priceFormat: 'Per Unit' },
    ];
    const { world, sub, book } = bookOf([GB], { terms: evergreen });
    const [charge] = world.live(sub.number);
    world.state.put('charge', {
      ...charge!,
      chargeModel: 'Volume Pricing',
      price: null,
      tiers: tiers as never,
    });
    const use = (quantity: string) =>
      book.use(sub.number, { chargeNumber: sub.charges[0]!, day: '2026-01-05', quantity });
    use('10');
    expect(shown(book.bill(sub.number, '2026-02-01'))).toEqual(['2026-01-01..2026-01-31 50.00']);
    use('2');
    expect(shown(book.bill(sub.number, '2026-02-01'))).toEqual(['2026-01-01..2026-01-31 -38.00']);
  });

  const TIERS = [
    { startingUnit: '0', endingUnit: '10', price: '5', priceFormat: 'Per Unit' },
    { startingUnit: '11', endingUnit: '20', price: '1', priceFormat: 'Per Unit' },
  ];
  it.each([
    // 8 at 5; then 13: 10 at 5 and 3 at 1; then 12.
    ['tiers', { chargeModel: 'Tiered Pricing', tiers: TIERS }, ['40.00', '13.00', '-1.00']],
    // 8 of 10 are included; then 3 and 2 beyond them at 2.
    [
      'overage',
      { chargeModel: 'Overage Pricing', includedUnits: '10', overagePrice: '2' },
      ['0.00', '6.00', '-2.00'],
    ],
    // The last tier ends at 10: 3 and 2 beyond it at 2.
    [
      'tiers with overage',
      { chargeModel: 'Tiered with Overage Pricing', tiers: TIERS.slice(0, 1), overagePrice: '2' },
      ['40.00', '16.00', '-2.00'],
    ],
  ])('in %s is billed for the difference when it comes late', (_, fields, amounts) => {
    const { world, sub, book } = bookOf([GB], { terms: evergreen });
    const [charge] = world.live(sub.charges[0]!);
    world.state.put('charge', { ...charge!, price: null, ...(fields as object) });
    const billed = ['8', '5', '-1'].flatMap((quantity) => {
      book.use(sub.number, { chargeNumber: sub.charges[0]!, day: '2026-01-05', quantity });
      return shown(book.bill(sub.number, '2026-02-01'));
    });
    expect(billed).toEqual(amounts.map((amount) => `2026-01-01..2026-01-31 ${amount}`));
  });

  it('is rated by each segment’s price, and final when the charge is over', () => {
    const { world, sub, book } = bookOf([GB]);
    const use = (day: string) => book.use(sub.number, { chargeNumber: sub.charges[0]!, day, quantity: '3' });
    use('2026-01-05');
    use('2026-01-15');
    world.change(sub.number, [cancelling('2026-01-11')]);
    expect(shown(book.bill(sub.number, '2026-01-11'))).toEqual(['2026-01-01..2026-01-10 6.00']);
    expect(book.world.subscription(sub.number).billingFrom).toBe('9999-12-31');
  });
});

describe('what is left alone', () => {
  it('excluded charges keep the subscription unsettled', () => {
    const { sub, book } = bookOf([FLAT, { price: '50', chargeType: 'OneTime', billingPeriod: null }]);
    const chargeTypesToExclude = new Set(['Recurring'] as const);
    expect(shown(book.bill(sub.number, '2026-01-01', { chargeTypesToExclude }))).toEqual([
      '2026-01-01..2026-01-01 50.00',
    ]);
    expect(book.world.subscription(sub.number).billingFrom).toBe('2026-01-01');
    expect(shown(book.bill(sub.number, '2026-01-01'))).toEqual(['2026-01-01..2026-01-31 100.00']);
  });

  it.each(['Draft', 'Pending Activation', 'Pending Acceptance'] as const)('%s subscriptions', (status) => {
    const { world, sub, book } = bookOf([FLAT]);
    world.state.put('subscription', { ...world.subscription(sub.number), status });
    expect(book.bill(sub.number, '2026-06-01')).toEqual([]);
    expect(world.subscription(sub.number).billingFrom).toBe('');
  });
});

describe('documents that are gone', () => {
  it('what they billed is billed again', () => {
    const { sub, book } = bookOf([FLAT]);
    book.bill(sub.number, '2026-02-01');
    book.cancel(0);
    expect(shown(book.bill(sub.number, '2026-01-01'))).toEqual(['2026-01-01..2026-01-31 100.00']);
  });

  it('a credit of what is no longer billed is taken back', () => {
    const { world, sub, book } = bookOf([FLAT]);
    book.bill(sub.number, '2026-01-01');
    world.change(sub.number, [cancelling('2026-01-01')]);
    book.bill(sub.number, '2026-01-01');
    book.cancel(0);
    expect(shown(book.bill(sub.number, '2026-01-01'))).toEqual(['2026-01-01..2026-01-31 100.00 credit']);
    expect(book.bill(sub.number, '2026-01-01')).toEqual([]);
  });
});

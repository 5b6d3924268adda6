import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { NewBillingLine } from '../../../src/domain/billing/billing-line.ts';
import type { BillingRules } from '../../../src/domain/billing/billing-rules.ts';
import { addDays, daysBetween } from '../../../src/domain/calendar.ts';
import { cancelling } from '../../support/order-actions.ts';
import { evergreen } from '../../support/order-requests.ts';
import { type ChargeFields, OrderWorld } from '../../support/order-world.ts';
import { BillingBook } from '../../support/subscription-billing.ts';

// Shows for any price, period, day and rounding that the days after the end, and no others, are given back, that the new method keeps what the
// kept days cost when they are billed alone and the old one credits what the others cost, and that it does not matter in how many steps whole
// periods are billed.

const price = fc.integer({ min: 1, max: 10_000_000 }).map((n) => String(n / 1000));
const billingPeriod = fc.constantFrom(
  'Month',
  'Quarter',
  'Semi-Annual',
  'Annual',
  'Week',
  'Subscription Term',
);
const rounding = fc.record({
  mode: fc.constantFrom('HALF_UP', 'UP', 'DOWN'),
  incrementMinor: fc.constantFrom(1, 5, 100),
});
const creditMethod = fc.constantFrom('kept', 'credited');
const rules = fc
  .record({
    rounding,
    longPeriods: fc.constantFrom('monthFirst', 'day'),
    monthBasis: fc.constantFrom('actual', '30', '30strict'),
    creditMethod,
  })
  .map(
    ({ rounding: usd, ...rest }) =>
      ({ ...rest, rounding: { USD: { ...usd, invoiceIncrementMinor: null } } }) as Partial<BillingRules>,
  );

/** A quotient of whole numbers, none below zero, as a whole number. */
function rounded(dividend: bigint, divisor: bigint, { mode }: { readonly mode: string }): number {
  if (mode === 'HALF_UP') return Number((2n * dividend + divisor) / (2n * divisor));
  return Number((dividend + (mode === 'UP' ? divisor - 1n : 0n)) / divisor);
}

const total = (lines: readonly NewBillingLine[]) =>
  lines.reduce((sum, { amountMinor }) => sum + amountMinor, 0);

function bookOf(charge: object) {
  const world = new OrderWorld();
  const { number } = world.subscribe([charge as ChargeFields]);
  return { world, number, book: new BillingBook(world) };
}

describe('whatever the price, the period, the day and the rounding', () => {
  it('the days from the end on are given back, once, and what is kept is what they cost alone', () => {
    fc.assert(
      fc.property(price, billingPeriod, rules, fc.nat(400), (amount, period, fields, n) => {
        const charge = { price: amount, billingPeriod: period };
        const { world, number, book } = bookOf(charge);
        const [billed] = book.bill(number, '2026-01-01', { rules: fields });
        const days = daysBetween('2026-01-01', billed!.serviceEndDate!) + 1;
        const cut = addDays('2026-01-01', n % (days + 1));
        world.change(number, [cancelling(cut)]);
        const back = book.bill(number, '2026-01-01', { rules: fields });
        expect(
          back.map((line) => [line.serviceStartDate, line.serviceEndDate, line.appliedToItemId]),
        ).toEqual(cut > billed!.serviceEndDate! ? [] : [[cut, billed!.serviceEndDate, billed!.id]]);
        const keptMinor = billed!.amountMinor + total(back);
        expect(keptMinor).toBeGreaterThanOrEqual(0);
        expect(keptMinor).toBeLessThanOrEqual(billed!.amountMinor);
        if (cut === '2026-01-01') expect(keptMinor).toBe(0);
        expect(Math.abs(total(back)) % fields.rounding!.USD!.incrementMinor).toBe(0);
        for (const { calculation } of back)
          expect(calculation!.credit).toMatchObject({ billedMinor: billed!.amountMinor, keptMinor });
        expect(book.bill(number, '2027-06-01', { rules: fields })).toEqual([]);
        if (fields.creditMethod === 'credited' || period === 'Subscription Term') return;
        const alone = bookOf(charge);
        alone.world.change(alone.number, [cancelling(cut)]);
        const kept = alone.book.bill(alone.number, '2026-01-01', { rules: fields });
        expect(keptMinor).toBe(Math.min(total(kept), billed!.amountMinor));
      }),
      { numRuns: 150 },
    );
  });

  it('the new method rounds the days that are kept, the old one those that are given back', () => {
    const periods = fc.constantFrom(['Month', 31] as const, ['Week', 7] as const);
    fc.assert(
      fc.property(
        price,
        periods,
        rounding,
        creditMethod,
        fc.nat(31),
        (amount, [period, days], rule, method, n) => {
          const fields = {
            creditMethod: method,
            rounding: { USD: { ...rule, invoiceIncrementMinor: null } },
          } as Partial<BillingRules>;
          const { world, number, book } = bookOf({ price: amount, billingPeriod: period });
          const billed = total(book.bill(number, '2026-01-01', { rules: fields }));
          const kept = n % (days + 1);
          world.change(number, [cancelling(addDays('2026-01-01', kept))]);
          const credited = 0 - total(book.bill(number, '2026-01-01', { rules: fields }));
          // Prices are in thousandths: so many days of the period, in increments of so many cents.
          const ofDays = (part: number) =>
            rounded(
              BigInt(Math.round(Number(amount) * 1000) * part),
              BigInt(10 * days * rule.incrementMinor),
              rule,
            ) * rule.incrementMinor;
          expect(billed).toBe(ofDays(days));
          const given = method === 'kept' ? billed - ofDays(kept) : ofDays(days - kept);
          expect(credited).toBe(kept === 0 ? billed : Math.min(Math.max(given, 0), billed));
        },
      ),
      { numRuns: 300 },
    );
  });

  it('whole periods cost the same in one bill as in several', () => {
    const world = new OrderWorld();
    const targets = fc.array(
      fc.nat(800).map((n) => addDays('2026-01-01', n)),
      { maxLength: 6 },
    );
    const charges = fc.record({
      price,
      billingPeriod: fc.constantFrom('Month', 'Quarter', 'Semi-Annual', 'Week'),
      billingTiming: fc.constantFrom('In Advance', 'In Arrears'),
    });
    fc.assert(
      fc.property(charges, rules, targets, (charge, fields, days) => {
        const { number } = world.subscribe([charge as ChargeFields], { terms: evergreen });
        const last = '2028-04-01';
        const once = new BillingBook(world).bill(number, last, { rules: fields });
        world.state.put('subscription', { ...world.subscription(number), billingFrom: '' });
        const book = new BillingBook(world);
        const several = [...days, last].flatMap((day) => book.bill(number, day, { rules: fields }));
        const views = (lines: readonly NewBillingLine[]) =>
          lines.map((line) => [line.serviceStartDate, line.serviceEndDate, line.amountMinor]);
        expect(views(several)).toEqual(views(once));
        expect(total(several)).toBe(several.length * once[0]!.amountMinor);
      }),
      { numRuns: 100 },
    );
  });
});

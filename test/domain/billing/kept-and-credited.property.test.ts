import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { NewBillingLine } from '../../../src/domain/billing/billing-line.ts';
import type { BillingRules } from '../../../src/domain/billing/billing-rules.ts';
import { addDays, daysBetween } from '../../../src/domain/calendar.ts';
import { cancelling } from '../../support/order-actions.ts';
import { evergreen } from '../../support/order-requests.ts';
import { type ChargeFields, OrderWorld } from '../../support/order-world.ts';
import { BillingBook } from '../../support/subscription-billing.ts';

// Shows for any price, period, day and rounding that what is kept and what is credited are what was billed, that the new method keeps what the
// days cost when they are billed alone, and that it does not matter in how many steps whole periods are billed.

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
const rules = fc
  .record({
    rounding,
    longPeriods: fc.constantFrom('monthFirst', 'day'),
    monthBasis: fc.constantFrom('actual', '30', '30strict'),
    creditMethod: fc.constantFrom('kept', 'credited'),
  })
  .map(
    ({ rounding: usd, ...rest }) =>
      ({ ...rest, rounding: { USD: { ...usd, invoiceIncrementMinor: null } } }) as Partial<BillingRules>,
  );

const total = (lines: readonly NewBillingLine[]) =>
  lines.reduce((sum, { amountMinor }) => sum + amountMinor, 0);

function bookOf(charge: object) {
  const world = new OrderWorld();
  const { number } = world.subscribe([charge as ChargeFields]);
  return { world, number, book: new BillingBook(world) };
}

describe('whatever the price, the period, the day and the rounding', () => {
  it('kept and credited are what was billed', () => {
    fc.assert(
      fc.property(price, billingPeriod, rules, fc.nat(400), (amount, period, fields, n) => {
        const charge = { price: amount, billingPeriod: period };
        const { world, number, book } = bookOf(charge);
        const [billed] = book.bill(number, '2026-01-01', { rules: fields });
        const days = daysBetween('2026-01-01', billed!.serviceEndDate!);
        const cut = addDays('2026-01-01', n % (days + 1));
        world.change(number, [cancelling(cut)]);
        const back = book.bill(number, '2026-01-01', { rules: fields });
        for (const line of back) {
          const { billedMinor, keptMinor } = line.calculation!.credit!;
          expect([billedMinor, keptMinor - billedMinor]).toEqual([billed!.amountMinor, line.amountMinor]);
          expect(keptMinor).toBeGreaterThanOrEqual(0);
          expect(Math.abs(line.amountMinor) % fields.rounding!.USD!.incrementMinor).toBe(0);
        }
        expect(book.bill(number, '2027-06-01', { rules: fields })).toEqual([]);
        if (fields.creditMethod === 'credited' || period === 'Subscription Term') return;
        const alone = bookOf(charge);
        alone.world.change(alone.number, [cancelling(cut)]);
        const kept = alone.book.bill(alone.number, '2026-01-01', { rules: fields });
        expect(billed!.amountMinor + total(back)).toBe(Math.min(total(kept), billed!.amountMinor));
      }),
      { numRuns: 150 },
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

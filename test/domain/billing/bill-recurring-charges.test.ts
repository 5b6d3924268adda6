import { describe, expect, it } from 'vitest';
import { cancelling, repricing, resuming, suspending } from '../../support/order-actions.ts';
import { type ChargeFields, OrderWorld, PER_UNIT } from '../../support/order-world.ts';
import { BillingBook, shown } from '../../support/subscription-billing.ts';

// Shows which lines recurring charges get: period by period, in advance and in arrears, with stubs, and the difference after
// orders changed what is billed already. Amounts by hand.

function bookOf(charge: ChargeFields, spec = {}) {
  const world = new OrderWorld();
  const sub = world.subscribe([charge], spec);
  return { world, sub, book: new BillingBook(world) };
}

describe('a monthly flat fee', () => {
  it('is billed month by month up to the target date', () => {
    const { sub, book } = bookOf({ price: '100' });
    expect(shown(book.bill(sub.number, '2026-02-15'))).toEqual([
      '2026-01-01..2026-01-31 100.00',
      '2026-02-01..2026-02-28 100.00',
    ]);
    expect(book.world.subscription(sub.number).billingFrom).toBe('2026-03-01');
    expect(book.bill(sub.number, '2026-02-28')).toEqual([]);
    expect(shown(book.bill(sub.number, '2026-03-01'))).toEqual(['2026-03-01..2026-03-31 100.00']);
  });

  it('in arrears is billed when the month is over', () => {
    const { sub, book } = bookOf({ price: '100', billingTiming: 'In Arrears' });
    expect(book.bill(sub.number, '2026-01-31')).toEqual([]);
    expect(shown(book.bill(sub.number, '2026-02-01'))).toEqual(['2026-01-01..2026-01-31 100.00']);
  });

  it('is settled when the subscription is over', () => {
    const { sub, book } = bookOf({ price: '100' });
    expect(book.bill(sub.number, '2027-06-01')).toHaveLength(12);
    expect(book.world.subscription(sub.number).billingFrom).toBe('9999-12-31');
  });

  it('has a stub before and after the bill day', () => {
    const { sub, book } = bookOf({ price: '90' });
    // 14 of the 31 days from 15 December on, whole months, and the last 17 days of December of 31.
    const lines = book.bill(sub.number, '2026-12-31', { billCycleDay: 15 });
    expect(shown(lines.slice(0, 2))).toEqual([
      '2026-01-01..2026-01-14 40.65',
      '2026-01-15..2026-02-14 90.00',
    ]);
    expect(shown(lines.slice(-1))).toEqual(['2026-12-15..2026-12-31 49.35']);
  });
});

describe('the difference to what is billed', () => {
  const planOf = (sub: { plans: readonly string[]; charges: readonly string[] }) =>
    [sub.plans[0]!, sub.charges[0]!] as const;

  it('of a cancellation in a billed month', () => {
    const { world, sub, book } = bookOf({ price: '200' });
    book.bill(sub.number, '2026-03-01');
    world.change(sub.number, [cancelling('2026-03-11')]);
    // 10 of 31 days are kept: 64.52.
    expect(shown(book.bill(sub.number, '2026-03-01'))).toEqual(['2026-03-11..2026-03-31 -135.48 credit']);
    expect(book.bill(sub.number, '2026-12-01')).toEqual([]);
    expect(book.world.subscription(sub.number).billingFrom).toBe('9999-12-31');
  });

  it('of a price that changes in a billed month', () => {
    const { world, sub, book } = bookOf(PER_UNIT);
    book.bill(sub.number, '2026-01-01');
    world.change(sub.number, [repricing(...planOf(sub), '2026-01-11', { price: '20' })]);
    expect(shown(book.bill(sub.number, '2026-01-01'))).toEqual([
      '2026-01-11..2026-01-31 -6.77 credit',
      '2026-01-11..2026-01-31 13.55',
    ]);
    expect(book.bill(sub.number, '2026-01-01')).toEqual([]);
  });

  it('of a second change credits only the rest, and what is served again is billed again', () => {
    const { world, sub, book } = bookOf({ price: '310' });
    book.bill(sub.number, '2026-01-01');
    world.change(sub.number, [suspending('2026-01-11')]);
    expect(shown(book.bill(sub.number, '2026-01-01'))).toEqual(['2026-01-11..2026-01-31 -210.00 credit']);
    world.change(sub.number, [resuming('2026-01-21')]);
    expect(shown(book.bill(sub.number, '2026-01-01'))).toEqual(['2026-01-21..2026-01-31 110.00']);
    world.change(sub.number, [cancelling('2026-01-06')]);
    expect(shown(book.bill(sub.number, '2026-01-01'))).toEqual([
      '2026-01-06..2026-01-10 -50.00 credit',
      '2026-01-21..2026-01-31 -110.00 credit',
    ]);
    expect(book.bill(sub.number, '2027-01-01')).toEqual([]);
  });
});

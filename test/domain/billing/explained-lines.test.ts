import { expect, it } from 'vitest';
import { explain } from '../../../src/domain/billing/explain-line.ts';
import { cancelling } from '../../support/order-actions.ts';
import { type ChargeFields, OrderWorld, PER_UNIT } from '../../support/order-world.ts';
import { BillingBook } from '../../support/subscription-billing.ts';

// Shows what people read about a line's amount.

function explained(charge: ChargeFields, target: string, billCycleDay = 1, cancelledOn?: string): string[] {
  const world = new OrderWorld();
  const sub = world.subscribe([charge]);
  const book = new BillingBook(world);
  let lines = book.bill(sub.number, target, { billCycleDay });
  if (cancelledOn !== undefined) {
    world.change(sub.number, [cancelling(cancelledOn)]);
    lines = book.bill(sub.number, target, { billCycleDay });
  }
  return lines.map((line) => explain(line.calculation!, 'USD'));
}

it('a whole month', () => {
  expect(explained({ ...PER_UNIT, defaultQuantity: '12', price: '7.5' }, '2026-01-01')).toEqual([
    '12 units x 7.50 = 90.00 a month',
  ]);
});

it('a part of a month', () => {
  expect(explained({ price: '90' }, '2026-01-01', 15)).toEqual([
    '90.00 a month; 14 of 31 days (2025-12-15 to 2026-01-14) = 40.65',
  ]);
});

it('a credit', () => {
  expect(explained({ price: '200' }, '2026-01-01', 1, '2026-01-11')).toEqual([
    'not served: 200.00 was billed, 64.52 is kept (21 of 31 days given back)',
  ]);
});

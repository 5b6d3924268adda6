import { describe, expect, it } from 'vitest';
import { billingLimits } from '../../../src/domain/billing/billing-limits.ts';
import { addDays } from '../../../src/domain/calendar.ts';
import { cancelling, repricing } from '../../support/order-actions.ts';
import { evergreen } from '../../support/order-requests.ts';
import { type ChargeFields, OrderWorld } from '../../support/order-world.ts';
import { BillingBook, shown } from '../../support/subscription-billing.ts';

// Usage of periods that a bill does not reach, because there are too many or because they are billed beyond its target date: neither lost nor
// given back. Amounts by hand.

function used(charge: ChargeFields, days: readonly string[]) {
  const world = new OrderWorld();
  const gb = {
    price: '1',
    chargeType: 'Usage',
    chargeModel: 'Per Unit Pricing',
    unitOfMeasure: 'GB',
  } as const;
  const sub = world.subscribe([{ ...gb, ...charge }], { terms: evergreen });
  const book = new BillingBook(world);
  const use = (day: string, quantity = '10') =>
    book.use(sub.number, { chargeNumber: sub.charges[0]!, day, quantity });
  for (const day of days) use(day);
  const billed = (targetDate: string) => shown(book.bill(sub.number, targetDate));
  const settledTo = () => world.subscription(sub.number).billingFrom;
  return { world, sub, use, billed, settledTo };
}

describe('more periods than are billed at once', () => {
  const DAILY: ChargeFields = { billingPeriod: 'Specific Days', specificBillingPeriod: 1 };
  const FIRST = '2026-01-01';
  const day = (index: number) => addDays(FIRST, index);
  const line = (index: number, amount = '10.00') => `${day(index)}..${day(index)} ${amount}`;
  const MAX = billingLimits.periodsPerChargeMax;
  const TARGET = day(MAX + 200);

  it('are billed the next time', () => {
    const { billed, settledTo } = used(DAILY, [0, MAX - 1, MAX, MAX + 1, MAX + 199].map(day));
    expect(billed(TARGET)).toEqual([line(0), line(MAX - 1)]);
    expect(settledTo()).toBe(day(MAX));
    expect(billed(TARGET)).toEqual([line(MAX), line(MAX + 1), line(MAX + 199)]);
    expect(settledTo()).toBe(TARGET);
    expect(billed(TARGET)).toEqual([]);
  });

  it('stand where late usage has the first of them looked at again', () => {
    const { use, billed, settledTo } = used(DAILY, [0, MAX, MAX + 50].map(day));
    billed(TARGET);
    billed(TARGET);
    use(day(0), '5');
    expect(billed(TARGET)).toEqual([line(0, '5.00')]);
    expect(settledTo()).toBe(day(MAX));
    expect(billed(TARGET)).toEqual([]);
    expect(settledTo()).toBe(TARGET);
  });
});

describe('periods that are billed beyond the target date', () => {
  const MONTHS = ['01', '02', '03', '04', '05', '06'];
  const billedToJune = () => {
    const setting = used(
      { billingPeriod: 'Month' },
      MONTHS.map((month) => `2026-${month}-10`),
    );
    setting.billed('2026-07-01');
    return setting;
  };

  it('stand where an earlier one is looked at again', () => {
    const { use, billed, settledTo } = billedToJune();
    use('2026-01-12', '5');
    expect(billed('2026-03-01')).toEqual(['2026-01-01..2026-01-31 5.00']);
    expect(settledTo()).toBe('2026-03-01');
    expect(billed('2026-07-01')).toEqual([]);
  });

  it('are given back when the charge ends before them', () => {
    const { world, sub, billed } = billedToJune();
    world.change(sub.number, [cancelling('2026-05-01')], { orderDate: '2026-02-15' });
    expect(billed('2026-02-15')).toEqual([
      '2026-05-01..2026-05-31 -10.00 credit',
      '2026-06-01..2026-06-30 -10.00 credit',
    ]);
  });

  it('are billed again at once on another price, and what is used later is billed later', () => {
    const { world, sub, billed, settledTo } = billedToJune();
    world.change(
      sub.number,
      [repricing(sub.plans[0]!, sub.charges[0]!, '2026-05-01', { price: '2' }, 'usagePerUnit')],
      { orderDate: '2026-03-15' },
    );
    expect(billed('2026-03-15')).toEqual([
      '2026-05-01..2026-05-31 -10.00 credit',
      '2026-06-01..2026-06-30 -10.00 credit',
      '2026-05-01..2026-05-31 20.00',
      '2026-06-01..2026-06-30 20.00',
    ]);
    expect(settledTo()).toBe('2026-03-15');
    expect(billed('2026-07-01')).toEqual([]);
  });

  it('that are the last to be given back do not settle what comes after them', () => {
    const { world, sub, use, billed, settledTo } = billedToJune();
    use('2026-07-10');
    expect(billed('2026-07-01')).toEqual([]);
    world.change(
      sub.number,
      [repricing(sub.plans[0]!, sub.charges[0]!, '2026-06-01', { price: '2' }, 'usagePerUnit')],
      { orderDate: '2026-06-15' },
    );
    expect(billed('2026-06-15')).toEqual([
      '2026-06-01..2026-06-30 -10.00 credit',
      '2026-06-01..2026-06-30 20.00',
    ]);
    expect(settledTo() <= '2026-07-01').toBe(true);
    expect(billed('2026-08-01')).toEqual(['2026-07-01..2026-07-31 20.00']);
  });
});

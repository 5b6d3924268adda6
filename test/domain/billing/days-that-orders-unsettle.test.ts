import { describe, expect, it } from 'vitest';
import { revertOrder } from '../../../src/domain/orders/revert-order.ts';
import { setTriggerDates } from '../../../src/domain/orders/set-trigger-dates.ts';
import type { ChargeStart } from '../../../src/domain/subscriptions/subscription-spec.ts';
import { addingProduct, cancelling, changingPlan } from '../../support/order-actions.ts';
import { chargeSpec, ratePlanSpec } from '../../support/order-requests.ts';
import { type ChargeFields, OrderWorld } from '../../support/order-world.ts';
import { BillingBook, shown } from '../../support/subscription-billing.ts';

// From which day on billing looks at a subscription again after an order. Amounts by hand.

const SETUP = { price: '99', chargeType: 'OneTime', billingPeriod: null } as ChargeFields;

/** A subscription that is billed to the end of June, and a plan whose charges start on a date of their own before that. */
function billedToJune(ownDate: string) {
  const world = new OrderWorld();
  const sub = world.subscribe([{ price: '100' }]);
  const book = new BillingBook(world);
  book.bill(sub.number, '2026-06-01');
  expect(world.subscription(sub.number).billingFrom).toBe('2026-07-01');
  const offer = world.offer({ price: '10' }, SETUP);
  const start: ChargeStart = { triggerEvent: 'SpecificDate', specificTriggerDate: ownDate };
  const plan = ratePlanSpec(
    offer.id,
    offer.charges.map(({ id }) => chargeSpec(id, { start })),
  );
  return { world, sub, book, plan };
}

describe('charges that are added with an earlier date of their own', () => {
  it('are billed from that date on', () => {
    const { world, sub, book, plan } = billedToJune('2026-02-01');
    const placed = world.change(sub.number, [addingProduct(plan, '2026-06-01')], { orderDate: '2026-06-01' });
    expect(placed.subscription.billingFrom).toBe('2026-02-01');
    expect(shown(book.bill(sub.number, '2026-06-30'))).toEqual([
      '2026-02-01..2026-02-28 10.00',
      '2026-03-01..2026-03-31 10.00',
      '2026-04-01..2026-04-30 10.00',
      '2026-05-01..2026-05-31 10.00',
      '2026-06-01..2026-06-30 10.00',
      '2026-02-01..2026-02-01 99.00',
    ]);
  });

  it('are billed from that date on when they come with a change of plan', () => {
    const { world, sub, book, plan } = billedToJune('2026-05-01');
    world.change(sub.number, [changingPlan(sub.plans[0]!, plan, '2026-06-01')], { orderDate: '2026-06-01' });
    expect(shown(book.bill(sub.number, '2026-06-30'))).toEqual([
      '2026-06-01..2026-06-30 -100.00 credit',
      '2026-05-01..2026-05-31 10.00',
      '2026-06-01..2026-06-30 10.00',
      '2026-05-01..2026-05-01 99.00',
    ]);
  });
});

it('what was billed beyond a later change is looked at from the day of the order on', () => {
  const world = new OrderWorld();
  const sub = world.subscribe([{ price: '1200', billingPeriod: 'Annual' }, { price: '100' }]);
  const book = new BillingBook(world);
  book.bill(sub.number, '2026-03-01');
  expect(world.subscription(sub.number).billingFrom).toBe('2026-04-01');
  const { subscription } = world.change(sub.number, [cancelling('2026-06-01')], { orderDate: '2026-03-10' });
  expect(subscription.billingFrom).toBe('2026-03-10');
  // January to May stays of the year: 5 of 12 months of 1,200.
  expect(shown(book.bill(sub.number, '2026-03-15'))).toEqual(['2026-06-01..2026-12-31 -700.00 credit']);
});

describe('a charge that gets its date later', () => {
  it.each([
    ['2026-05-01', '2026-05-01', ['2026-05-01..2026-05-31 10.00', '2026-06-01..2026-06-30 10.00']],
    ['2026-09-01', '2026-07-01', []],
  ])('on %s has days looked at again from %s on', (date, from, lines) => {
    const world = new OrderWorld();
    const sub = world.subscribe([{ price: '100' }]);
    const book = new BillingBook(world);
    const waiting = ratePlanSpec(world.offer({ price: '10', triggerEvent: 'ServiceActivation' }).id);
    const triggerDates = { contractEffective: '2026-01-01', serviceActivation: null };
    world.change(sub.number, [{ ...addingProduct(waiting, '2026-01-01'), triggerDates }]);
    book.bill(sub.number, '2026-06-01');
    const dated = world.state.run(setTriggerDates, {
      order: world.state.all('order').at(-1)!.orderNumber,
      returnIds: false,
      numbersOnly: false,
      subscriptions: [
        {
          subscriptionNumber: sub.number,
          actions: [{ sequence: 0, triggerDates: { serviceActivation: date }, charges: [] }],
        },
      ],
    });
    expect(dated).toMatchObject({ status: 'Completed' });
    expect(world.subscription(sub.number).billingFrom).toBe(from);
    expect(shown(book.bill(sub.number, '2026-06-01'))).toEqual(lines);
  });
});

it('an order that is reverted has days looked at again from the first one that it changed', () => {
  const world = new OrderWorld();
  const sub = world.subscribe([{ price: '100' }]);
  const book = new BillingBook(world);
  book.bill(sub.number, '2026-06-01');
  const plan = ratePlanSpec(world.offer({ price: '10' }).id);
  world.change(sub.number, [addingProduct(plan, '2026-09-01')], { orderDate: '2026-07-10' });
  const order = world.state.all('order').at(-1)!.orderNumber;
  expect(world.subscription(sub.number).billingFrom).toBe('2026-07-01');
  world.state.run(revertOrder, { order, orderDate: '2026-07-12' });
  expect(world.subscription(sub.number)).toMatchObject({ version: 3, billingFrom: '2026-07-01' });
  expect(book.bill(sub.number, '2026-06-30')).toEqual([]);
});

import { beforeEach, describe, expect, test } from 'vitest';
import {
  addingProduct,
  cancelling,
  changing,
  removingProduct,
  repricing,
  suspending,
} from '../../../support/order-actions.ts';
import { evergreen, ratePlanSpec } from '../../../support/order-requests.ts';
import { deltasOf, OrderWorld, PER_UNIT, type Subscribed } from '../../../support/order-world.ts';

/** CancelSubscription: Cancelled at once whatever the day; nothing is served from that day on; the owner counts nothing from booking on. */

let world: OrderWorld;
let sub: Subscribed;
beforeEach(() => {
  world = new OrderWorld();
  sub = world.subscribe([{ price: '84' }, { ...PER_UNIT, defaultQuantity: '3' }]);
});

function invoice(chargeNumber: string, through: string): void {
  for (const charge of world.live(chargeNumber)) {
    world.state.put('charge', { ...charge, chargedThroughDate: through });
  }
}

describe('what is left', () => {
  test.each([
    // date, value of 84 and of 30 a month, of both
    ['2026-05-01', '336', '120', '456'],
    // 3 months and 15 of April's 30 days
    ['2026-04-16', '294', '105', '399'],
    ['2026-01-01', '0', '0', '0'],
    ['2027-01-01', '1008', '360', '1368'],
  ])('on %s', (date, flat, unit, tcv) => {
    const placed = world.change(sub.number, [cancelling(date)]);
    const days = `2026-01-01..${date}`;
    expect(world.segments(sub.charges[0]!)).toMatchObject([{ days, tcv: flat }]);
    expect(world.segments(sub.charges[1]!)).toMatchObject([{ days, tcv: unit }]);
    expect(placed).toMatchObject({
      subscription: {
        version: 2,
        status: 'Cancelled',
        subscriptionEndDate: date,
        termEndDate: date,
        totalContractedValue: tcv,
      },
    });
    expect(world.booked(world.account.id)).toBe(0);
    expect(world.state.deltas.at(-1)).toMatchObject({
      contractedMrrWhole: -114,
      accountId: world.account.id,
    });
  });

  test('the subscription itself keeps what its days are worth a month (semantics B.3)', () => {
    expect(world.change(sub.number, [cancelling('2026-05-01')])).toMatchObject({
      subscription: { contractedMrr: '114' },
      deltaMrr: '0',
      deltaTcv: '-912',
    });
  });

  test('the order’s deltas: what each charge loses from the day on', () => {
    expect(deltasOf(world.change(sub.number, [cancelling('2026-05-01')]))).toEqual([
      '0: 2026-05-01..2027-01-01 mrr -84 tcv -672 quantity -1',
      '0: 2026-05-01..2027-01-01 mrr -30 tcv -240 quantity -3',
    ]);
  });

  test('booked changes after the day are gone, charges that would begin later have no day', () => {
    world.change(sub.number, [
      repricing(sub.plans[1]!, sub.charges[1]!, '2026-06-01', { quantity: '9' }),
      addingProduct(ratePlanSpec(world.offer({ price: '50' }).id), '2026-08-01'),
    ]);
    expect(world.booked(world.account.id)).toBe(84 + 90 + 50);
    const placed = world.change(sub.number, [cancelling('2026-05-01')]);
    expect(world.live(sub.number)).toMatchObject([
      { segment: 1, effectiveEndDate: '2026-05-01', isLastSegment: true },
      { segment: 1, effectiveEndDate: '2026-05-01', quantity: '3', isLastSegment: true },
      { effectiveStartDate: '2026-08-01', effectiveEndDate: '2026-08-01', totalContractedValue: '0' },
    ]);
    expect(placed.subscription.totalContractedValue).toBe('456');
    expect(world.booked(world.account.id)).toBe(0);
  });

  test('an evergreen subscription gets its end and its value', () => {
    const endless = world.subscribe([PER_UNIT], { terms: evergreen });
    const placed = world.change(endless.number, [cancelling('2028-01-01')]);
    expect(deltasOf(placed)).toEqual(['0: 2028-01-01.. mrr -10 tcv null quantity -1']);
    expect(placed).toMatchObject({ subscription: { totalContractedValue: '240' }, deltaTcv: null });
  });

  test('a suspended one: what was not resumed is dropped', () => {
    world.change(sub.number, [suspending('2026-03-01')]);
    expect(world.booked(world.account.id)).toBe(114);
    const placed = world.change(sub.number, [cancelling('2026-05-01')]);
    expect(world.segments(sub.charges[0]!)).toMatchObject([
      { segment: 1, days: '2026-01-01..2026-03-01', tcv: '168' },
    ]);
    expect(placed).toMatchObject({
      subscription: { suspendedOn: null, status: 'Cancelled', totalContractedValue: '228' },
      deltas: [],
    });
    expect(world.booked(world.account.id)).toBe(0);
  });

  test('a charge that waited for its date waits no more', () => {
    const offer = world.offer({ price: '40', triggerEvent: 'ServiceActivation' });
    const adding = addingProduct(ratePlanSpec(offer.id), '2026-04-01');
    world.order([
      changing(sub.number, [
        { ...adding, triggerDates: { contractEffective: '2026-04-01', serviceActivation: null } },
      ]),
    ]);
    expect(world.subscription(sub.number).totalContractedValue).toBeNull();
    expect(world.change(sub.number, [cancelling('2026-05-01')]).subscription).toMatchObject({
      totalContractedValue: '456',
    });
    expect(world.booked(world.account.id)).toBe(0);
  });

  test('in the order that makes the subscription: nothing is booked', () => {
    const before = world.booked(world.account.id);
    const update = repricing(sub.plans[1]!, sub.charges[1]!, '2026-02-01', { quantity: '9' });
    world.change(sub.number, [update, cancelling('2026-03-01')]);
    expect(before).toBe(114);
    expect(world.state.deltas.map(({ contractedMrrWhole }) => contractedMrrWhole)).toEqual([114, -114]);
  });
});

describe('the day of each policy', () => {
  test('EndOfCurrentTerm: the subscription’s end', () => {
    const placed = world.change(sub.number, [cancelling(null, 'EndOfCurrentTerm')]);
    expect(placed).toMatchObject({
      subscription: { subscriptionEndDate: '2027-01-01', totalContractedValue: '1368' },
      deltas: [],
    });
    expect(world.booked(world.account.id)).toBe(0);
  });

  test('EndOfLastInvoicePeriod: after everything that has been invoiced, also long before the order', () => {
    world.change(sub.number, [repricing(sub.plans[1]!, sub.charges[1]!, '2026-05-01', { quantity: '9' })]);
    invoice(sub.charges[0]!, '2026-02-01');
    invoice(sub.charges[1]!, '2026-03-01');
    world.change(sub.number, [cancelling(null, 'EndOfLastInvoicePeriod')], { orderDate: '2026-09-01' });
    expect(world.live(sub.number)).toMatchObject([
      { segment: 1, effectiveEndDate: '2026-03-01' },
      { segment: 1, effectiveEndDate: '2026-03-01', isLastSegment: true },
    ]);
  });

  test('EndOfLastInvoicePeriod: what was invoiced and has been removed since does not count', () => {
    invoice(sub.charges[0]!, '2026-03-01');
    invoice(sub.charges[1]!, '2026-08-01');
    world.change(sub.number, [removingProduct(sub.plans[1]!, '2026-02-01')]);
    const placed = world.change(sub.number, [cancelling(null, 'EndOfLastInvoicePeriod')], {
      orderDate: '2026-10-01',
    });
    expect(placed.subscription.subscriptionEndDate).toBe('2026-03-01');
  });

  test('EndOfLastInvoicePeriod where nothing was invoiced: the first day', () => {
    const placed = world.change(sub.number, [cancelling(null, 'EndOfLastInvoicePeriod')], {
      orderDate: '2026-09-01',
    });
    expect(placed.subscription).toMatchObject({
      subscriptionEndDate: '2026-01-01',
      totalContractedValue: '0',
    });
  });
});

test.each([
  ['before the start', cancelling('2025-12-31'), 'must not lie before the subscription starts on 2026-01-01'],
  ['after the end', cancelling('2027-01-02'), 'must not lie after the subscription ends on 2027-01-01'],
  ['no date', cancelling(null), 'is required for SpecificDate'],
])('refused: %s', (_, action, message) => {
  world.refuses([changing(sub.number, [action])], {
    field: 'subscriptions[0].orderActions[0].cancelSubscription.cancellationEffectiveDate',
    message,
  });
});

test('refused: the end of a term that an evergreen subscription has not', () => {
  const endless = world.subscribe([PER_UNIT], { terms: evergreen });
  world.refuses([changing(endless.number, [cancelling(null, 'EndOfCurrentTerm')])], {
    field: 'subscriptions[0].orderActions[0].cancelSubscription.cancellationPolicy',
    message: 'an evergreen subscription has no term that ends',
  });
});

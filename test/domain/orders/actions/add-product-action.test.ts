import { beforeEach, describe, expect, test } from 'vitest';
import { addingProduct, changing, removingProduct, repricing } from '../../../support/order-actions.ts';
import { chargeSpec, evergreen, pricing, ratePlanSpec } from '../../../support/order-requests.ts';
import { type ChargeFields, deltasOf, OrderWorld, PER_UNIT, placedOf } from '../../../support/order-world.ts';

/** What AddProduct makes of a subscription: segments, version, contracted MRR and value, order deltas, and what it refuses. */

let world: OrderWorld;
beforeEach(() => {
  world = new OrderWorld();
});

const SEATS: ChargeFields = { ...PER_UNIT, defaultQuantity: '3' };

describe('what is added', () => {
  test.each([
    // date, end, months, contracted value of 3 × 10 a month
    ['2026-01-01', '2027-01-01', '360'],
    ['2026-04-01', '2027-01-01', '270'],
    // 8 months from 04-16 to 12-16, then 16 days of December's 31: 8 16/31 × 30
    ['2026-04-16', '2027-01-01', '255.483870968'],
    ['2026-12-31', '2027-01-01', '0.967741935'],
  ])('from %s', (date, end, tcv) => {
    const { number } = world.subscribe([{ price: '100' }]);
    const placed = world.change(number, [addingProduct(ratePlanSpec(world.offer(SEATS).id), date)]);
    const charge = placed.charges[0]!.chargeNumber;
    expect(world.segments(charge)).toEqual([
      { segment: 1, days: `${date}..${end}`, price: '10', quantity: '3', mrr: '30', tcv },
    ]);
    expect(deltasOf(placed)).toEqual([`0: ${date}..${end} mrr 30 tcv ${tcv} quantity 3`]);
    expect(placed).toMatchObject({
      baseVersion: 1,
      subscription: { version: 2, isLatestVersion: true, status: 'Active', contractedMrr: '130' },
      deltaMrr: '30',
      deltaTcv: tcv,
    });
    expect(world.booked(world.account.id)).toBe(130);
  });

  test('the version before stays as it was, and the rate plan belongs to the new one', () => {
    const { number } = world.subscribe([{ price: '100' }]);
    const placed = world.change(number, [addingProduct(ratePlanSpec(world.offer(SEATS).id), '2026-04-01')]);
    expect(world.state.all('subscription')).toMatchObject([
      { version: 1, isLatestVersion: false, contractedMrr: '100', totalContractedValue: '1200' },
      { version: 2, isLatestVersion: true, contractedMrr: '130', totalContractedValue: '1470' },
    ]);
    expect(placed.ratePlans).toMatchObject([{ addedInVersion: 2, endedInVersion: null }]);
    expect(world.state.all('ratePlan')).toMatchObject([{ addedInVersion: 1 }, { addedInVersion: 2 }]);
    expect(world.live(number)).toMatchObject([
      { addedInVersion: 1, version: 1, isLastSegment: true },
      { addedInVersion: 2, version: 1, isLastSegment: true },
    ]);
  });

  test('a fixed period counts in the contracted value and not in the contracted MRR', () => {
    const { number } = world.subscribe([{ price: '100' }]);
    const fixed = world.offer({
      price: '60',
      endDateCondition: 'FixedPeriod',
      upToPeriods: 6,
      upToPeriodsType: 'Billing Periods',
    });
    const placed = world.change(number, [addingProduct(ratePlanSpec(fixed.id), '2026-03-01')]);
    expect(deltasOf(placed)).toEqual(['0: 2026-03-01..2026-09-01 mrr 60 tcv 360 quantity 1']);
    expect(placed).toMatchObject({ deltaMrr: '0', deltaTcv: '360' });
    expect(world.booked(world.account.id)).toBe(100);
  });

  test('a fixed period is cut at the end of the subscription, and keeps the end that was agreed', () => {
    const { number } = world.subscribe([{ price: '100' }]);
    const fixed = world.offer({ price: '60', endDateCondition: 'FixedPeriod', upToPeriods: 6 });
    const placed = world.change(number, [addingProduct(ratePlanSpec(fixed.id), '2026-10-01')]);
    expect(placed.charges).toMatchObject([
      { effectiveEndDate: '2027-01-01', agreedEndDate: '2027-04-01', totalContractedValue: '180' },
    ]);
  });

  test('one-time: one day, the full amount, no MRR; usage: neither', () => {
    const { number } = world.subscribe([{ price: '100' }]);
    const both = world.offer(
      { price: '25', chargeType: 'OneTime', billingPeriod: null },
      { price: '1', chargeType: 'Usage', chargeModel: 'Per Unit Pricing', unitOfMeasure: 'GB' },
    );
    const placed = world.change(number, [addingProduct(ratePlanSpec(both.id), '2026-04-01')]);
    expect(deltasOf(placed)).toEqual(['0: 2026-04-01..2026-04-02 mrr 0 tcv 25 quantity 1']);
    expect(world.subscription(number)).toMatchObject({ contractedMrr: '100', totalContractedValue: '1225' });
  });

  test('to an evergreen subscription: no end, no contracted value', () => {
    const { number } = world.subscribe([{ price: '100' }], { terms: evergreen });
    const placed = world.change(number, [addingProduct(ratePlanSpec(world.offer(SEATS).id), '2030-01-01')]);
    expect(deltasOf(placed)).toEqual(['0: 2030-01-01.. mrr 30 tcv null quantity 3']);
    expect(placed).toMatchObject({
      deltaTcv: null,
      subscription: { totalContractedValue: null, knownContractedValue: '0' },
    });
  });

  test('a charge waits for its date: the order is Pending, its MRR is booked', () => {
    const { number } = world.subscribe([{ price: '100' }]);
    const offer = world.offer({ price: '40', triggerEvent: 'ServiceActivation' });
    const adding = addingProduct(ratePlanSpec(offer.id), '2026-04-01');
    const waiting = { ...adding, triggerDates: { ...adding.triggerDates, serviceActivation: null } };
    const order = world.order([changing(number, [waiting])]);
    expect(order).toMatchObject({ status: 'Pending' });
    expect(placedOf(order)).toMatchObject({
      subscription: { status: 'Active', contractedMrr: '140', totalContractedValue: null },
      deltas: [],
    });
    expect(world.booked(world.account.id)).toBe(140);
  });

  test('and changed and removed again in the same order: one version, one delta for each action', () => {
    const { number } = world.subscribe([{ price: '100' }]);
    const offer = world.offer(SEATS);
    const token = { ...ratePlanSpec(offer.id), details: { uniqueToken: 'seats' } };
    const override = [chargeSpec(offer.charges[0]!.id, { details: { uniqueToken: 'seat' } })];
    const update = repricing('', '', '2026-07-01', { quantity: '5' });
    const named = { ratePlan: null, uniqueToken: 'seats', productRatePlan: null, field: 'x' };
    const placed = world.change(number, [
      addingProduct({ ...token, charges: override }, '2026-04-01'),
      {
        ...update,
        ratePlan: named,
        charges: [{ ...update.charges[0]!, chargeNumber: null, uniqueToken: 'seat' }],
      },
      { ...removingProduct('', '2026-10-01'), ratePlan: named },
    ]);
    expect(placed.subscription).toMatchObject({ version: 2, contractedMrr: '100' });
    expect(world.segments(placed.charges[0]!.chargeNumber)).toMatchObject([
      { segment: 1, days: '2026-04-01..2026-07-01', quantity: '3', tcv: '90' },
      { segment: 2, days: '2026-07-01..2026-10-01', quantity: '5', tcv: '150' },
    ]);
    expect(deltasOf(placed)).toEqual([
      '0: 2026-04-01..2027-01-01 mrr 30 tcv 270 quantity 3',
      '1: 2026-07-01..2027-01-01 mrr 20 tcv 120 quantity 2',
      '2: 2026-10-01..2027-01-01 mrr -50 tcv -150 quantity -5',
    ]);
    expect(world.subscription(number).totalContractedValue).toBe('1440');
    expect(world.booked(world.account.id)).toBe(100);
  });
});

describe('what is refused', () => {
  const at = 'subscriptions[0].orderActions[0].addProduct';

  test.each([
    ['an unknown plan', '2026-04-01', `${at}.productRatePlanId`, 'there is no product rate plan nothing'],
    ['before the subscription', '2025-12-31', `${at}.startDate`, 'starts before the subscription does'],
    ['after its end', '2027-01-01', `${at}.startDate`, 'starts after the end of the subscription'],
    ['when it is not on offer', '2019-12-31', `${at}.productRatePlanId`, /is not effective on 2019-12-31/],
  ])('%s', (_, date, field, message) => {
    const { number } = world.subscribe([{ price: '100' }]);
    const plan = field.endsWith('Id') && date > '2020' ? 'nothing' : world.offer(SEATS).id;
    world.refuses([changing(number, [addingProduct(ratePlanSpec(plan), date)])], { field, message });
  });

  test('a price that does not fit, by its field', () => {
    const { number } = world.subscribe([{ price: '100' }]);
    const offer = world.offer(SEATS);
    const override = chargeSpec(offer.charges[0]!.id, {
      pricing: pricing('recurringFlatFee', { price: '1' }),
    });
    world.refuses([changing(number, [addingProduct(ratePlanSpec(offer.id, [override]), '2026-04-01')])], {
      field: `${at}.chargeOverrides[0].pricing.recurringFlatFee`,
      message: 'takes recurringPerUnit',
    });
  });

  test('trigger dates in the wrong order', () => {
    const { number } = world.subscribe([{ price: '100' }]);
    const adding = addingProduct(ratePlanSpec(world.offer(SEATS).id), '2026-04-01');
    const triggerDates = { contractEffective: '2026-04-01', serviceActivation: '2026-03-31' };
    world.refuses([changing(number, [{ ...adding, triggerDates }])], {
      field: 'subscriptions[0].orderActions[0].triggerDates',
      message: 'ServiceActivation must not lie before ContractEffective',
    });
  });
});

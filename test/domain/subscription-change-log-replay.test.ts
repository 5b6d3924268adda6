import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { OrderActionSpec } from '../../src/domain/orders/action-specs.ts';
import { isRefusal } from '../../src/domain/result.ts';
import {
  chargeValues,
  type FieldChange,
  type FieldValues,
  ratePlanValues,
  subscriptionValues,
  type VersionChange,
  versionChange,
} from '../../src/domain/subscriptions/change-log.ts';
import type { Subscription } from '../../src/domain/subscriptions/subscription.ts';
import {
  addingProduct,
  cancelling,
  changing,
  changingPlan,
  lastTerm,
  removingProduct,
  renewing,
  repricing,
  resuming,
  suspending,
  terms,
  transferring,
} from '../support/order-actions.ts';
import { ratePlanSpec } from '../support/order-requests.ts';
import { OrderWorld, PER_UNIT } from '../support/order-world.ts';

/** A change log says everything: played over the version before, it gives the version, whatever orders came before. */

/** A version as the change log sees it: values by field, of the subscription, its rate plans, and its segments that are served. */
type Flat = ReadonlyMap<string, FieldValues>;

function versionsOf(world: OrderWorld, number: string): Subscription[] {
  return world.state
    .all('subscription')
    .filter((subscription) => subscription.subscriptionNumber === number)
    .sort((a, b) => a.version - b.version);
}

/** From the rows, by what they say of the versions that they are part of. */
function flat(world: OrderWorld, { version, originalId, ...rest }: Subscription): Flat {
  const isPart = (row: { addedInVersion: number; removedInVersion: number | null }) =>
    row.addedInVersion <= version && (row.removedInVersion === null || version < row.removedInVersion);
  const things = new Map<string, FieldValues>();
  things.set('subscription', subscriptionValues({ version, originalId, ...rest }));
  for (const plan of world.state.all('ratePlan')) {
    if (plan.subscriptionOriginalId === originalId && isPart(plan)) {
      things.set(plan.ratePlanNumber, ratePlanValues(plan, version));
    }
  }
  for (const charge of world.state.all('charge')) {
    if (charge.subscriptionOriginalId === originalId && isPart(charge) && !charge.isSuspended) {
      things.set(`${charge.chargeNumber} ${charge.segment}`, chargeValues(charge));
    }
  }
  return things;
}

function changeOf(world: OrderWorld, subscription: Subscription): VersionChange {
  const { version, originalId, subscriptionNumber } = subscription;
  const ofLineage = <T extends { subscriptionOriginalId: string }>(rows: readonly T[]) =>
    rows.filter((row) => row.subscriptionOriginalId === originalId);
  const charges = ofLineage(world.state.all('charge'));
  return versionChange({
    subscription,
    base: versionsOf(world, subscriptionNumber).find((v) => v.version === version - 1) ?? null,
    ratePlans: ofLineage(world.state.all('ratePlan')),
    addedCharges: charges.filter(({ addedInVersion }) => addedInVersion === version),
    removedCharges: charges.filter(({ removedInVersion }) => removedInVersion === version),
  });
}

/** Plays a change over the version before it; an old value that is not there fails. */
function replayed(before: Flat, change: VersionChange): Flat {
  const things = new Map(before);
  const play = (key: string, fields: readonly FieldChange[], isRemoved = false) => {
    const values = new Map(things.get(key) ?? []);
    for (const { field, oldValue, newValue } of fields) {
      expect(values.get(field) ?? null).toBe(oldValue);
      if (newValue === null) values.delete(field);
      else values.set(field, newValue);
    }
    if (isRemoved) expect(values.size).toBe(0);
    if (isRemoved) things.delete(key);
    else things.set(key, values);
  };
  play('subscription', change.fields);
  for (const { ratePlan, fields, charges } of change.ratePlans) {
    play(ratePlan.ratePlanNumber, fields);
    for (const { charge, isRemoved, fields: ofSegment } of charges) {
      play(`${charge.chargeNumber} ${charge.segment}`, ofSegment, isRemoved);
    }
  }
  return things;
}

function sorted(version: Flat): unknown {
  return [...version].map(([key, values]) => [key, [...values].sort()]).sort();
}

const month = fc.integer({ min: 1, max: 28 });
const date = fc.tuple(month, fc.integer({ min: 1, max: 28 })).map(([m, day]) => {
  const [year, inYear] = [2026 + Math.floor((m - 1) / 12), ((m - 1) % 12) + 1];
  return `${year}-${String(inYear).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
});
const amount = fc.integer({ min: 1, max: 40 }).map(String);
const which = fc.nat({ max: 5 });

type Step = (
  world: OrderWorld,
  number: string,
  offerId: string,
  ownerKeys: readonly string[],
) => OrderActionSpec;

function planAndCharge(world: OrderWorld, number: string, n: number) {
  const live = world.live(number);
  const charge = live[n % Math.max(live.length, 1)];
  return { ratePlan: charge?.ratePlanId ?? 'none', chargeNumber: charge?.chargeNumber ?? 'none' };
}

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.tuple(which, date, fc.record({ quantity: amount })).map(
    ([n, on, what]): Step =>
      (world, number) => {
        const { ratePlan, chargeNumber } = planAndCharge(world, number, n);
        return repricing(ratePlan, chargeNumber, on, what);
      },
  ),
  fc.tuple(which, date, fc.record({ price: amount })).map(
    ([n, on, what]): Step =>
      (world, number) => {
        const { ratePlan, chargeNumber } = planAndCharge(world, number, n);
        return repricing(ratePlan, chargeNumber, on, what);
      },
  ),
  date.map(
    (on): Step =>
      (_, __, offerId) =>
        addingProduct(ratePlanSpec(offerId), on),
  ),
  fc.tuple(which, date).map(
    ([n, on]): Step =>
      (world, number) => {
        return removingProduct(planAndCharge(world, number, n).ratePlan, on);
      },
  ),
  fc.tuple(which, date).map(
    ([n, on]): Step =>
      (world, number, offerId) => {
        return changingPlan(planAndCharge(world, number, n).ratePlan, ratePlanSpec(offerId), on);
      },
  ),
  date.map(
    (on): Step =>
      () =>
        suspending(on),
  ),
  fc.tuple(date, fc.boolean()).map(
    ([on, extendsTerm]): Step =>
      () =>
        resuming(on, { extendsTerm }),
  ),
  fc.constant<Step>(() => renewing()),
  fc.tuple(fc.boolean(), amount).map(
    ([autoRenew, notes]): Step =>
      () =>
        terms({ autoRenew, invoicing: { details: { notes } } }),
  ),
  fc.integer({ min: 1, max: 30 }).map(
    (period): Step =>
      () =>
        lastTerm({ period, periodType: 'Month' }),
  ),
  which.map(
    (n): Step =>
      (_, __, ___, owners) =>
        transferring({ subscriptionOwner: owners[n % owners.length]! }),
  ),
  date.map(
    (on): Step =>
      () =>
        cancelling(on),
  ),
);

test('a change log over version n − 1 is version n, for any history', () => {
  let changes = 0;
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 14 }), (steps) => {
      const world = new OrderWorld();
      const offer = world.offer(PER_UNIT, {});
      const owners = [world.openAccount(), world.openAccount()].map((account) => account.accountNumber);
      const { number } = world.subscribe([PER_UNIT, {}]);
      for (const make of steps) {
        const reply = world.order([changing(number, [make(world, number, offer.id, owners)])]);
        if (!isRefusal(reply)) changes++;
      }
      let before: Flat = new Map();
      for (const version of versionsOf(world, number)) {
        const after = flat(world, version);
        const change = changeOf(world, version);
        expect(sorted(replayed(before, change))).toEqual(sorted(after));
        before = after;
      }
    }),
    { numRuns: 150 },
  );
  expect(changes).toBeGreaterThan(300);
});

describe('what a change log holds', () => {
  test('of a new quantity from a date on: the end of one segment, and the next one whole', () => {
    const world = new OrderWorld();
    const { number, plans, charges } = world.subscribe([PER_UNIT]);
    world.change(number, [repricing(plans[0]!, charges[0]!, '2026-05-01', { quantity: '4' })]);
    const { fields, ratePlans } = changeOf(world, world.subscription(number));
    expect(fields).toEqual([
      { field: 'contractedMrr', oldValue: '10', newValue: '40' },
      { field: 'totalContractedValue', oldValue: '120', newValue: '360' },
    ]);
    const [first, second] = ratePlans[0]!.charges;
    expect(ratePlans[0]!.fields).toEqual([]);
    expect(first!.fields).toEqual([
      { field: 'effectiveEndDate', oldValue: '2027-01-01', newValue: '2026-05-01' },
      { field: 'totalContractedValue', oldValue: '120', newValue: '40' },
    ]);
    expect(second!.fields).toContainEqual({ field: 'quantity', oldValue: null, newValue: '4' });
    expect(second!.fields).toContainEqual({ field: 'price', oldValue: null, newValue: '10' });
  });

  test('of a suspension: what is no longer served is gone, and comes back when it is resumed', () => {
    const world = new OrderWorld();
    const { number } = world.subscribe([PER_UNIT]);
    world.change(number, [suspending('2026-04-01')]);
    const suspended = changeOf(world, world.subscription(number));
    expect(suspended.ratePlans[0]!.charges).toMatchObject([{ isRemoved: false, charge: { segment: 1 } }]);
    world.change(number, [resuming('2026-06-01')]);
    const resumed = changeOf(world, world.subscription(number));
    expect(resumed.ratePlans[0]!.charges).toMatchObject([
      { isRemoved: false, charge: { segment: 2, effectiveStartDate: '2026-06-01' } },
    ]);
    expect(resumed.fields).toContainEqual({ field: 'suspendedOn', oldValue: '2026-04-01', newValue: null });
  });

  test('of a removed product: its end, and its charges cut', () => {
    const world = new OrderWorld();
    const { number, plans } = world.subscribe([PER_UNIT, {}]);
    world.change(number, [removingProduct(plans[1]!, '2026-08-01')]);
    const { ratePlans } = changeOf(world, world.subscription(number));
    expect(ratePlans).toMatchObject([
      {
        ratePlan: { id: plans[1] },
        fields: [{ field: 'endDate', oldValue: null, newValue: '2026-08-01' }],
        charges: [{ charge: { effectiveEndDate: '2026-08-01' } }],
      },
    ]);
  });
});

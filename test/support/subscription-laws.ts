import { expect } from 'vitest';
import { add, isZero, splitMrr, subtract } from '../../src/domain/money.ts';
import { countedMrr } from '../../src/domain/subscriptions/materialise.ts';
import type { Charge, Subscription } from '../../src/domain/subscriptions/subscription.ts';
import type { MemoryState } from './memory-state.ts';

/** Laws that every history of orders must leave true, checked from the stored rows alone. */

export function checkLaws(state: MemoryState): void {
  const charges = Map.groupBy(state.all('charge'), (charge) => charge.subscriptionOriginalId);
  const versions = Map.groupBy(state.all('subscription'), (row) => row.originalId);
  for (const [originalId, rows] of versions) {
    const latest = checkVersions(rows);
    const all = charges.get(originalId) ?? [];
    const live = all.filter((charge) => charge.removedInVersion === null);
    const byNumber = Map.groupBy(live, (charge) => charge.chargeNumber);
    expect(byNumber.size, 'every charge has live segments').toBe(
      new Set(all.map((charge) => charge.chargeNumber)).size,
    );
    for (const segments of byNumber.values()) checkTiling(segments, latest);
    checkVersionsOfSegments(all, latest);
    checkValues(live, latest);
    checkDeltas(state, live, latest);
  }
  checkOwners(state);
}

function checkVersions(rows: readonly Subscription[]): Subscription {
  const sorted = [...rows].sort((a, b) => a.version - b.version);
  expect(sorted.map(({ version }) => version)).toEqual(sorted.map((_, i) => i + 1));
  expect(sorted.map(({ isLatestVersion }) => isLatestVersion)).toEqual(
    sorted.map((_, i) => i === sorted.length - 1),
  );
  return sorted.at(-1)!;
}

/** Live segments are numbered from 1, follow each other, and only the last is marked as last. */
function checkTiling(segments: readonly Charge[], { subscriptionEndDate, suspendedOn }: Subscription): void {
  const sorted = [...segments].sort((a, b) => a.segment - b.segment);
  const told = sorted.map(
    (c) => `${c.chargeNumber}#${c.segment} ${c.effectiveStartDate}..${c.effectiveEndDate}`,
  );
  expect(
    sorted.map(({ segment }) => segment),
    told.join(),
  ).toEqual(sorted.map((_, i) => i + 1));
  expect(sorted.map(({ isLastSegment }) => isLastSegment)).toEqual(
    sorted.map((_, i) => i === sorted.length - 1),
  );
  expect(new Set(sorted.map(({ originalChargeId }) => originalChargeId)).size).toBe(1);
  for (const [i, { effectiveStartDate: start, effectiveEndDate: end, isSuspended }] of sorted.entries()) {
    if (start === null) continue;
    const isOnly = sorted.length === 1;
    if (end !== null) expect(isOnly ? start <= end : start < end, told.join()).toBe(true);
    if (i > 0) expect(sorted[i - 1]!.effectiveEndDate! <= start, told.join()).toBe(true);
    if (isSuspended) expect(suspendedOn !== null && suspendedOn <= start, told.join()).toBe(true);
    const beyond =
      subscriptionEndDate !== null && start !== end && (end === null || end > subscriptionEndDate);
    expect(beyond, `${told.join()} beyond ${subscriptionEndDate}`).toBe(false);
  }
}

/** A segment is part of consecutive versions, which exist. */
function checkVersionsOfSegments(charges: readonly Charge[], { version }: Subscription): void {
  for (const { addedInVersion, removedInVersion } of charges) {
    expect(addedInVersion).toBeLessThanOrEqual(version);
    if (removedInVersion !== null) {
      expect(removedInVersion).toBeGreaterThan(addedInVersion);
      expect(removedInVersion).toBeLessThanOrEqual(version);
    }
  }
}

/** Sums kept with the version are those of its live segments. */
function checkValues(live: readonly Charge[], latest: Subscription): void {
  const values = live.map(({ totalContractedValue }) => totalContractedValue);
  const known = values.reduce<string>((sum, value) => (value === null ? sum : add(sum, value)), '0');
  expect(latest.knownContractedValue).toBe(known);
  expect(latest.totalContractedValue).toBe(values.includes(null) ? null : known);
  const contracted = live.filter(
    (c) =>
      c.isLastSegment &&
      c.chargeType === 'Recurring' &&
      c.endDateCondition === 'SubscriptionEnd' &&
      !c.isRemoved &&
      (c.effectiveStartDate === null ||
        (c.effectiveStartDate !== c.effectiveEndDate && c.effectiveEndDate === latest.subscriptionEndDate)),
  );
  expect(latest.contractedMrr).toBe(contracted.reduce((sum, c) => add(sum, c.monthlyRecurringRevenue), '0'));
}

/** On every day on which anything starts or ends, deltas add up to what is served; their values to the contracted value. */
function checkDeltas(state: MemoryState, live: readonly Charge[], latest: Subscription): void {
  const deltas = state
    .all('orderDelta')
    .filter(({ subscriptionOriginalId }) => subscriptionOriginalId === latest.originalId);
  const byNumber = Map.groupBy(deltas, (delta) => delta.chargeNumber);
  for (const [chargeNumber, segments] of Map.groupBy(live, (charge) => charge.chargeNumber)) {
    const own = byNumber.get(chargeNumber) ?? [];
    const days = new Set(
      [
        ...own.map((d) => [d.startDate, d.endDate]),
        ...segments.map((c) => [c.effectiveStartDate, c.effectiveEndDate]),
      ]
        .flat()
        .filter((day) => day !== null),
    );
    for (const day of [...days, '9998-01-01']) {
      const on = own.filter((d) => d.startDate <= day && (d.endDate === null || day < d.endDate));
      const served = segments.find(
        (c) =>
          !c.isSuspended &&
          c.effectiveStartDate !== null &&
          c.effectiveStartDate <= day &&
          (c.effectiveEndDate === null || day < c.effectiveEndDate),
      );
      const sum = (field: 'deltaMrr' | 'deltaQuantity') => on.reduce((total, d) => add(total, d[field]), '0');
      expect(sum('deltaMrr'), `MRR of ${chargeNumber} on ${day}`).toBe(
        served?.monthlyRecurringRevenue ?? '0',
      );
      expect(sum('deltaQuantity'), `quantity of ${chargeNumber} on ${day}`).toBe(served?.quantity ?? '0');
    }
  }
  if (latest.totalContractedValue === null || deltas.some(({ deltaTcv }) => deltaTcv === null)) return;
  const total = deltas.reduce((sum, { deltaTcv }) => add(sum, deltaTcv!), '0');
  expect(subtract(total, latest.totalContractedValue), 'value of all deltas').toBe('0');
}

/** What is booked on accounts is what the subscriptions that they own count. */
function checkOwners(state: MemoryState): void {
  const booked = new Map<string, bigint>();
  const put = (key: string, whole: number, nano: number, sign: bigint) =>
    booked.set(key, (booked.get(key) ?? 0n) + sign * (BigInt(whole) * 1_000_000_000n + BigInt(nano)));
  for (const { accountId, currency, contractedMrrWhole, contractedMrrNano } of state.deltas) {
    put(`${accountId} ${currency}`, contractedMrrWhole ?? 0, contractedMrrNano ?? 0, 1n);
  }
  for (const subscription of state.all('subscription')) {
    const mrr = countedMrr(subscription);
    if (!subscription.isLatestVersion || isZero(mrr)) continue;
    const { whole, nano } = splitMrr(mrr);
    put(`${subscription.accountId} ${subscription.currency}`, whole, nano, -1n);
  }
  for (const [owner, difference] of booked) expect(difference, `contracted MRR of ${owner}`).toBe(0n);
}

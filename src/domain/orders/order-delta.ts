import { totalContractedValue } from '../charge-models/mrr.ts';
import { add, type Decimal, isZero, subtract } from '../money.ts';
import type { Charge } from '../subscriptions/subscription.ts';
import { lastOf, type Timeline } from '../subscriptions/timeline.ts';
import type { OrderDelta } from './order-reply.ts';

type Timelines = ReadonlyMap<string, Timeline>;

/** What one action moved on every charge, by spans of days (semantics C.4). */
export function orderDeltas(
  before: Timelines,
  after: Timelines,
  action: { readonly sequence: number; readonly type: string },
): OrderDelta[] {
  const deltas: OrderDelta[] = [];
  for (const [chargeNumber, timeline] of after) {
    const known = before.get(chargeNumber) ?? [];
    if (known !== timeline) deltas.push(...deltasOf(known, timeline, action));
  }
  return deltas;
}

interface Slice {
  readonly start: string;
  readonly end: string | null;
  readonly mrr: Decimal;
  readonly quantity: Decimal;
}

function deltasOf(
  before: Timeline,
  after: Timeline,
  action: { readonly sequence: number; readonly type: string },
): OrderDelta[] {
  const last = lastOf(after);
  const moved = merged(slicesOf(before, after));
  const slices = moved.length > 0 ? moved : valueOnly(before, after);
  const values = valuesOf(slices, before, after);
  return slices.map(({ start, end, mrr, quantity }, i) => ({
    sequence: action.sequence,
    actionType: action.type,
    chargeNumber: last.chargeNumber,
    chargeId: last.id,
    productRatePlanChargeId: last.productRatePlanChargeId,
    currency: last.currency,
    startDate: start,
    endDate: end,
    deltaMrr: mrr,
    deltaTcv: values[i]!,
    deltaQuantity: quantity,
  }));
}

/** Difference per span between any two dates at which something changes. */
function slicesOf(before: Timeline, after: Timeline): Slice[] {
  const days = new Set<string>();
  let endless = false;
  for (const { effectiveStartDate: start, effectiveEndDate: end } of [...before, ...after]) {
    if (start === null) continue;
    days.add(start);
    if (end === null) endless = true;
    else days.add(end);
  }
  const dates: Array<string | null> = [...days].sort();
  if (endless) dates.push(null);
  const slices: Slice[] = [];
  for (let i = 0; i + 1 < dates.length; i++) {
    const start = dates[i]!;
    const [from, to] = [servedOn(before, start), servedOn(after, start)];
    const mrr = subtract(to?.monthlyRecurringRevenue ?? '0', from?.monthlyRecurringRevenue ?? '0');
    const quantity = subtract(to?.quantity ?? '0', from?.quantity ?? '0');
    slices.push({ start, end: dates[i + 1]!, mrr, quantity });
  }
  return slices;
}

function servedOn(timeline: Timeline, day: string): Charge | null {
  return (
    timeline.find(
      ({ effectiveStartDate: start, effectiveEndDate: end, isSuspended }) =>
        !isSuspended && start !== null && start <= day && (end === null || day < end),
    ) ?? null
  );
}

/** Neighbours with the same difference are one; spans in which nothing moves are none. */
function merged(slices: readonly Slice[]): Slice[] {
  const result: Slice[] = [];
  for (const slice of slices) {
    const previous = result.at(-1);
    if (
      previous !== undefined &&
      previous.end === slice.start &&
      previous.mrr === slice.mrr &&
      previous.quantity === slice.quantity
    ) {
      result[result.length - 1] = { ...previous, end: slice.end };
    } else if (!isZero(slice.mrr) || !isZero(slice.quantity)) result.push(slice);
  }
  return result;
}

/** Months that are counted from another day may move a charge's contracted value by a fraction, and nothing else: its days in one span. */
function valueOnly(before: Timeline, after: Timeline): Slice[] {
  const whole = difference(before, after);
  const start = after[0]!.effectiveStartDate;
  if (whole === null || isZero(whole) || start === null) return [];
  return [{ start, end: lastOf(after).effectiveEndDate, mrr: '0', quantity: '0' }];
}

/**
 * Contracted values of the spans: their MRR over their own days, and the last one takes what is missing to the charge's whole difference,
 * since months that are counted from another day may differ by a fraction. Null where the value has no end.
 */
function valuesOf(slices: readonly Slice[], before: Timeline, after: Timeline): Array<Decimal | null> {
  const whole = difference(before, after);
  if (whole === null) {
    return slices.map(({ start, end, mrr }) => totalContractedValue(mrr, start, end));
  }
  let left = whole;
  return slices.map(({ start, end, mrr }, i) => {
    if (i === slices.length - 1) return left;
    const value = totalContractedValue(mrr, start, end) ?? '0';
    left = subtract(left, value);
    return value;
  });
}

function difference(before: Timeline, after: Timeline): Decimal | null {
  let sum: Decimal = '0';
  for (const { totalContractedValue: value } of after) {
    if (value === null) return null;
    sum = add(sum, value);
  }
  for (const { totalContractedValue: value } of before) {
    if (value === null) return null;
    sum = subtract(sum, value);
  }
  return sum;
}

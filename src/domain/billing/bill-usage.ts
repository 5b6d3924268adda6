import { type CalendarDate, earlier, later } from '../calendar.ts';
import { type PricedModel, ratedUsage } from '../charge-models/registry.ts';
import { type Fraction, fractionOf, minus, NOTHING, roundedMinor } from '../fraction.ts';
import { add, type Decimal, isZero, subtract } from '../money.ts';
import type { Charge } from '../subscriptions/subscription.ts';
import { endOf } from './bill-recurring.ts';
import { isServed, type LineDiscount, termsKey, termsOf } from './billed-terms.ts';
import { billingLimits } from './billing-limits.ts';
import type { NewBillingLine } from './billing-line.ts';
import type { ChargeBill, ChargeHistory, Settlement } from './charge-bill.ts';
import { linesOf, WHOLE_PERIOD } from './charge-lines.ts';
import { type Days, firstOf, fromDay, NO_END, shared } from './day-spans.ts';
import { CREDIT_REASONS, giveBack } from './give-back.ts';
import { type OutstandingCharge, serviceOf } from './outstanding.ts';
import { gridOf, periodOn } from './period-grid.ts';
import { type UsageTotal, usageTotalKey } from './usage.ts';

/** Days of a charge whose usage is counted together: a period, as far as one segment serves it. */
export interface UsagePart extends Days {
  readonly charge: Charge;
  readonly period: Days;
  readonly isDue: boolean;
  /** More than one bill takes: it and what comes after it are left for the next one. */
  readonly isRest: boolean;
}

type Reach = Pick<ChargeBill, 'subscription' | 'from' | 'targetDate' | 'billCycleDay'>;

/**
 * The parts of a usage charge from the period of the first unsettled day on: those that are over by the target date or billed already, and the
 * first that is neither. Usage is due when its period is over, or the charge is.
 */
export function usageParts(history: ChargeHistory, reach: Reach): UsagePart[] {
  const { subscription, billCycleDay, from, targetDate } = reach;
  const { periodsPerChargeMax } = billingLimits;
  const billedTo = history.outstanding
    .filter(({ days }) => days.length > 0)
    .reduce((last, { line }) => later(last, serviceOf(line).end), '');
  const parts: UsagePart[] = [];
  for (const { charge, firstStartDate } of history.segments) {
    if (!isServed(charge)) continue;
    const start = charge.effectiveStartDate!;
    const end = charge.effectiveEndDate ?? NO_END;
    const grid = gridOf({ charge, firstStartDate: firstStartDate ?? start, subscription, billCycleDay });
    const chargeEnd = endOf(history);
    let day = from <= start ? start : later(start, periodOn(grid, from).start);
    while (day < end && parts.length <= periodsPerChargeMax) {
      const period = periodOn(grid, day);
      if (period.end <= day) break;
      const isRest = parts.length === periodsPerChargeMax;
      const isDue = !isRest && earlier(period.end, chargeEnd) <= targetDate;
      const days = { start: later(period.start, start), end: earlier(period.end, end) };
      parts.push({ ...days, charge, period, isDue, isRest });
      if (!isDue && days.start >= billedTo) break;
      day = period.end;
    }
  }
  return parts;
}

export function usageKeyOf({ charge, start, end }: UsagePart): string {
  return usageTotalKey(charge.chargeNumber, start, end);
}

/**
 * A usage charge: what a part's whole usage costs now, less what live lines have billed of it. Usage that comes late bills the difference, which is
 * less than nothing where more units cost less. Parts that no longer are what was billed are given back and billed anew. What is billed of the
 * rest, beyond the parts of one bill, stands until they are looked at.
 */
export function billUsage(
  history: ChargeHistory,
  bill: ChargeBill,
  usageOf: (key: string) => UsageTotal,
): Settlement {
  const known = usageParts(history, bill).map((part) => ({
    part,
    discounts: bill.discounts.ofUsage(part.charge, lastDayOf(part)),
  }));
  const byStart = new Map(known.map((entry) => [entry.part.start, entry]));
  const fits = ({ line }: OutstandingCharge) => {
    const { start, end } = serviceOf(line);
    const entry = byStart.get(start);
    if (entry === undefined || (end !== entry.part.end && entry.part.isDue)) return undefined;
    const terms = termsKey(termsOf(entry.part.charge, entry.discounts));
    return termsKey(line.calculation.terms) === terms ? entry : undefined;
  };
  const live = history.outstanding.filter(({ days }) => fromDay(days, bill.from).length > 0);
  const rest = known.find(({ part }) => part.isRest)?.part.start ?? NO_END;
  const gone = live.filter((line) => fits(line) === undefined && serviceOf(line.line).start < rest);
  const given = gone.map(({ line }) => serviceOf(line));
  // Parts before the first unsettled day are settled, unless what billed them is given back.
  const offered = known.filter(({ part }) => part.end > bill.from || shared([part], given).length > 0);
  const open = offered.filter(
    ({ part }) => part.isRest || (!part.isDue && shared([part], given).length === 0),
  );
  const unsettled = later(firstOf(open.map(({ part }) => part)), bill.from);
  if (bill.isExcluded) {
    return {
      lines: [],
      unsettled: later(firstOf([...offered.map(({ part }) => part), ...given]), bill.from),
    };
  }
  const lines = gone.flatMap((line) => {
    const back = { days: serviceOf(line.line), reason: CREDIT_REASONS.otherTerms };
    return giveBack(line, [back], bill.rules, bill.maker);
  });
  const before = Map.groupBy(live, fits);
  for (const entry of offered) {
    if (open.includes(entry)) continue;
    const { part, discounts } = entry;
    lines.push(...increment(part, discounts, before.get(entry) ?? [], usageOf(usageKeyOf(part)), bill));
  }
  return { lines, unsettled };
}

function lastDayOf({ start, end }: Days): CalendarDate {
  return end === NO_END ? start : end;
}

function increment(
  part: UsagePart,
  discounts: readonly LineDiscount[],
  before: readonly OutstandingCharge[],
  total: UsageTotal,
  { maker }: ChargeBill,
): NewBillingLine[] {
  const { charge } = part;
  const price = total.records === 0 ? NOTHING : rated(charge, total.quantity);
  const billedBefore = before.reduce<Decimal>((sum, { line }) => add(sum, line.quantity), '0');
  const billedMinor = before.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
  const quantity = subtract(total.quantity, billedBefore);
  const amountMinor = roundedMinor(price, maker.subscription.currency, maker.rounding) - billedMinor;
  if (isZero(quantity) && amountMinor === 0) return [];
  return linesOf(
    {
      charge,
      days: { start: part.start, end: part.end },
      period: part.period,
      discounts,
      periodPrice: price,
      amount: minus(price, isZero(billedBefore) ? NOTHING : rated(charge, billedBefore)),
      proration: WHOLE_PERIOD,
      measure: null,
      quantity,
      usage: {
        quantity: total.quantity,
        billedBefore,
        throughSequence: total.throughSequence,
        records: total.records,
      },
      amountMinor,
    },
    maker,
  );
}

function rated(charge: Charge, quantity: Decimal): Fraction {
  return fractionOf(ratedUsage(charge.chargeModel as PricedModel, charge, quantity));
}

import { type CalendarDate, earlier, later } from '../calendar.ts';
import { times } from '../fraction.ts';
import type { BillableCharge } from './billable.ts';
import { isServed, type TermsSpan, termsKey } from './billed-terms.ts';
import { billingLimits } from './billing-limits.ts';
import type { NewBillingLine } from './billing-line.ts';
import type { ChargeBill, ChargeHistory, Settlement } from './charge-bill.ts';
import { linesOf } from './charge-lines.ts';
import { type Days, firstOf, fromDay, NO_END, shared, together, without } from './day-spans.ts';
import { CREDIT_REASONS, giveBack, type Returned } from './give-back.ts';
import { gridOf, type PeriodGrid, periodOn } from './period-grid.ts';
import { periodPriceOf } from './period-price.ts';
import { measureOf, prorationOf, servedFromOn, shareOf } from './proration.ts';

/**
 * A recurring charge (semantics E.2 to E.4): days that are billed on the terms on which they are served stand; other billed days are given back;
 * days that are due and not billed are billed, one line for each period and terms.
 */
export function billRecurring(history: ChargeHistory, bill: ChargeBill): Settlement {
  const { from } = bill;
  const served = history.segments.filter(({ charge }) => isServed(charge));
  const spans = served
    .flatMap(({ charge }) => bill.discounts.spansOf(charge, serviceDays(charge)))
    .flatMap((span) => fromDay([span], from).map((days) => ({ ...span, ...days })));
  const { standing, returned } = compared(history, spans, from);
  const given = together(returned.flatMap(({ spans: back }) => back.map(({ days }) => days)));
  if (bill.isExcluded) return { lines: [], unsettled: firstOf([...given, ...without(spans, standing)]) };
  const lines = returned.flatMap(({ line, spans: back }) => giveBack(line, back, bill.rules, bill.maker));
  let unsettled: CalendarDate = NO_END;
  let room: number = billingLimits.periodsPerChargeMax;
  for (const span of spans) {
    const clock = clockOf(span, history, bill);
    const { pieces, rest } = duePieces(without([span], standing), given, clock, room);
    room -= pieces.length;
    for (const days of pieces) lines.push(...billed(span, days, served, clock, bill));
    unsettled = earlier(unsettled, firstOf(rest));
  }
  return { lines, unsettled };
}

function serviceDays({ effectiveStartDate, effectiveEndDate }: BillableCharge['charge']): Days {
  return { start: effectiveStartDate!, end: effectiveEndDate ?? NO_END };
}

/** Of what is billed: the days that stand, and of each line those that don't. What lies before the first unsettled day stands. */
function compared({ outstanding }: ChargeHistory, spans: readonly TermsSpan[], from: CalendarDate) {
  const standing: Days[] = [];
  const returned: Array<{ line: ChargeHistory['outstanding'][number]; spans: Returned[] }> = [];
  for (const line of outstanding) {
    const terms = termsKey(line.line.calculation.terms);
    const equal = spans.filter((span) => termsKey(span.terms) === terms);
    const open = fromDay(line.days, from);
    const stays = without(shared(open, equal), standing);
    standing.push(...stays);
    const back = without(open, stays);
    const other = shared(back, without(spans, standing));
    const byReason = [
      ...other.map((days) => ({ days, reason: CREDIT_REASONS.otherTerms })),
      ...without(back, other).map((days) => ({ days, reason: CREDIT_REASONS.notServed })),
    ];
    if (byReason.length > 0) returned.push({ line, spans: byReason.sort(byStart) });
  }
  return { standing, returned };
}

function byStart(a: Returned, b: Returned): number {
  return a.days.start < b.days.start ? -1 : 1;
}

/** The periods of some days, and which of them are due. */
interface Clock {
  readonly grid: PeriodGrid;
  readonly isDue: (period: Days) => boolean;
}

/**
 * In advance a period is due from its first day on, or the charge's where that comes later; in arrears from the day after its last one, or the
 * charge's where that comes earlier.
 */
function clockOf({ charge }: TermsSpan, history: ChargeHistory, bill: ChargeBill): Clock {
  const { subscription, billCycleDay, targetDate } = bill;
  const firstStartDate = history.segments[0]!.firstStartDate ?? charge.effectiveStartDate!;
  const grid = gridOf({ charge, firstStartDate, subscription, billCycleDay });
  const end = endOf(history);
  const isInArrears = charge.billingTiming === 'In Arrears';
  const isDue = (period: Days) =>
    isInArrears ? earlier(period.end, end) <= targetDate : later(period.start, firstStartDate) <= targetDate;
  return { grid, isDue };
}

/** The day after a charge's last one; while it is suspended nobody knows. */
export function endOf({ segments }: ChargeHistory): CalendarDate {
  const last = segments.at(-1)!.charge;
  return last.isSuspended ? NO_END : (last.effectiveEndDate ?? NO_END);
}

/** Unbilled days cut into periods, as far as they are due. What was billed before and is given back now is billed again at once. */
function duePieces(unbilled: readonly Days[], given: readonly Days[], { grid, isDue }: Clock, room: number) {
  const pieces: Days[] = [];
  const rest: Days[] = [];
  for (const span of unbilled) {
    let day = span.start;
    while (day < span.end && pieces.length < room) {
      const period = periodOn(grid, day);
      if (!isDue(period) || period.end <= day) break;
      const end = earlier(period.end, span.end);
      pieces.push({ start: day, end });
      day = end;
    }
    if (day >= span.end) continue;
    const later = { start: day, end: span.end };
    const again = shared([later], given).flatMap((days) => inPeriods(days, grid));
    const taken = again.slice(0, Math.max(0, room - pieces.length));
    pieces.push(...taken);
    rest.push(...without([later], taken));
  }
  return { pieces, rest };
}

function inPeriods(days: Days, grid: PeriodGrid): Days[] {
  const pieces: Days[] = [];
  let day = days.start;
  while (day < days.end) {
    const period = periodOn(grid, day);
    const end = period.end > day && period.end < days.end ? period.end : days.end;
    pieces.push({ start: day, end });
    day = end;
  }
  return pieces;
}

function billed(
  { charge, discounts }: TermsSpan,
  days: Days,
  served: readonly BillableCharge[],
  { grid }: Clock,
  bill: ChargeBill,
): NewBillingLine[] {
  const period = periodOn(grid, days.start);
  const servedFrom = servedFromOn(grid, runsOf(served), days.start);
  const measure = measureOf(grid, bill.rules, servedFrom);
  const periodPrice = periodPriceOf(charge, grid, measure, period);
  return linesOf(
    {
      charge,
      days,
      period,
      discounts,
      periodPrice,
      amount: times(periodPrice, shareOf(measure, period, [days])),
      proration: prorationOf(measure, period, days),
      measure,
      quantity: charge.quantity ?? '1',
    },
    bill.maker,
  );
}

/** Uninterrupted service. Of a charge whose earlier segments are settled and not read, the first one that is counts as going on from them. */
function runsOf(served: readonly BillableCharge[]): Days[] {
  return together(
    served.map(({ charge, firstStartDate }, i) => {
      const days = serviceDays(charge);
      return i === 0 && charge.segment > 1 && firstStartDate !== null && firstStartDate < days.start
        ? { ...days, start: firstStartDate }
        : days;
    }),
  );
}

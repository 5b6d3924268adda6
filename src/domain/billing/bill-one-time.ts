import { addDays } from '../calendar.ts';
import { fractionOf } from '../fraction.ts';
import type { BillableCharge } from './billable.ts';
import { isServed, termsKey, termsOf } from './billed-terms.ts';
import type { NewBillingLine } from './billing-line.ts';
import type { ChargeBill, ChargeHistory, Settlement } from './charge-bill.ts';
import { linesOf, WHOLE_PERIOD } from './charge-lines.ts';
import { type Days, fromDay, NO_END } from './day-spans.ts';
import { CREDIT_REASONS, giveBack } from './give-back.ts';
import { serviceOf } from './outstanding.ts';
import { ratedPrice } from './period-price.ts';

/**
 * A one-time charge is billed once, on its day. What is billed of it stands, whatever becomes of it, unless the tenant credits one-time charges
 * (semantics E.4): then it is given back when the charge is gone or costs something else.
 */
export function billOneTime({ segments, outstanding }: ChargeHistory, bill: ChargeBill): Settlement {
  const found = segments.find(({ charge }) => isServed(charge) && charge.effectiveStartDate! >= bill.from);
  const discounts = found === undefined ? [] : bill.discounts.ofOneTime(found.charge);
  const terms = found === undefined ? null : termsKey(termsOf(found.charge, discounts));
  const billed = outstanding.filter(
    ({ line, days }) => line.calculation.credit === undefined && days.length > 0,
  );
  const standing = billed.filter(
    ({ line, days }) =>
      !bill.rules.creditOneTime ||
      fromDay(days, bill.from).length === 0 ||
      (found !== undefined &&
        termsKey(line.calculation.terms) === terms &&
        line.serviceStartDate === found.charge.effectiveStartDate),
  );
  const gone = billed.filter((line) => !standing.includes(line));
  const toBill = standing.length > 0 ? undefined : found;
  if (bill.isExcluded) {
    const open = [...gone.map(({ line }) => line.serviceStartDate), startOf(toBill)].sort();
    return { lines: [], unsettled: open[0]! };
  }
  const reason = found === undefined ? CREDIT_REASONS.notServed : CREDIT_REASONS.otherTerms;
  const lines = gone.flatMap((line) =>
    giveBack(line, [{ days: serviceOf(line.line), reason }], bill.rules, bill.maker),
  );
  if (toBill === undefined) return { lines, unsettled: NO_END };
  const isDue = startOf(toBill) <= bill.targetDate;
  if (!isDue) return { lines, unsettled: startOf(toBill) };
  return { lines: [...lines, ...billedOnce(toBill, discounts, bill)], unsettled: NO_END };
}

function startOf(found: BillableCharge | undefined): string {
  return found?.charge.effectiveStartDate ?? NO_END;
}

function billedOnce(
  { charge }: BillableCharge,
  discounts: ReturnType<ChargeBill['discounts']['ofOneTime']>,
  { maker }: ChargeBill,
): NewBillingLine[] {
  const start = charge.effectiveStartDate!;
  const days: Days = { start, end: addDays(start, 1) };
  const amount = fractionOf(ratedPrice(charge));
  return linesOf(
    {
      charge,
      days,
      period: days,
      discounts,
      periodPrice: amount,
      amount,
      proration: WHOLE_PERIOD,
      measure: null,
      quantity: charge.quantity ?? '1',
    },
    maker,
  );
}

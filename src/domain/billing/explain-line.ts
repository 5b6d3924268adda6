import { addDays, type CalendarDate } from '../calendar.ts';
import { currencyDigits } from '../currencies.ts';
import { fromMinor, isNegative, isZero, roundToMinorText, subtract } from '../money.ts';
import type { BilledTerms, Calculation, Proration } from './document-line.ts';
import { type Money, priceInWords, unitsInWords } from './explain-price.ts';

/**
 * How the amount of a line was computed, in plain English: "12 units x 7.50 = 90.00 a month; 27 of 31 days of 2026-03-01 to 2026-03-31 = 78.39".
 * For people who look at an invoice; nothing is computed from it.
 */
export function explain(calculation: Calculation, currency: string): string {
  const money = moneyIn(currency);
  const rounded: Money = (amount) => money(roundToMinorText(amount, currency));
  const { credit, discount, usage } = calculation;
  if (credit !== undefined) {
    const inWords = (minor: number) => money(fromMinor(Math.abs(minor), currency));
    return `${credit.reason}: ${creditText(credit, discount !== undefined, inWords)}${daysOfCredit(calculation)}`;
  }
  if (discount !== undefined) return discountText(discount, calculation, rounded);
  if (usage !== undefined) return usageText(usage, calculation, money, rounded);
  return `${priceText(calculation, money, rounded)}${shareText(calculation, rounded)}`;
}

/** Amounts with at least the digits of the currency; prices may have more. */
function moneyIn(currency: string): Money {
  const digits = currencyDigits(currency) ?? 0;
  return (amount) => {
    const [whole, places = ''] = amount.split('.');
    const shown = places.padEnd(digits, '0');
    return shown === '' ? whole! : `${whole}.${shown}`;
  };
}

const PER: Readonly<Record<string, string>> = {
  Month: 'a month',
  Quarter: 'a quarter',
  'Semi-Annual': 'a half-year',
  Annual: 'a year',
  'Eighteen Months': 'for 18 months',
  'Two Years': 'for two years',
  'Three Years': 'for three years',
  'Five Years': 'for five years',
  Week: 'a week',
  'Subscription Term': 'for the term',
};

const SPECIFIC: Readonly<Record<string, string>> = {
  'Specific Months': 'month',
  'Specific Weeks': 'week',
  'Specific Days': 'day',
};

/** "for 10 days", "for 1 week". */
function forSome(count: number | null, unit: string): string {
  return `for ${count} ${unit}${count === 1 ? '' : 's'}`;
}

/** "a month", "for 10 days"; nothing for what does not recur. */
function perPeriod({ billingPeriod, specificBillingPeriod }: BilledTerms): string {
  if (billingPeriod === null) return '';
  const unit = SPECIFIC[billingPeriod];
  return ` ${unit === undefined ? (PER[billingPeriod] ?? 'a period') : forSome(specificBillingPeriod, unit)}`;
}

const PER_BASE: Readonly<Record<string, string>> = {
  'Per Month': 'a month',
  'Per Week': 'a week',
  'Per Year': 'a year',
};

function priceText({ terms, periodPrice, measure }: Calculation, money: Money, rounded: Money): string {
  const amount = priceInWords(terms, terms.quantity ?? '1', money);
  const total = rounded(periodPrice);
  if (measure === null) return amount === total ? total : `${amount} = ${total}`;
  const base = terms.listPriceBase ?? 'Per Billing Period';
  const per = perPeriod(terms);
  if (base === 'Per Billing Period')
    return amount === total ? `${total}${per}` : `${amount} = ${total}${per}`;
  const perBase = PER_BASE[base] ?? forSome(terms.specificListPriceBase, 'month');
  return `${amount} ${perBase} = ${total}${per}`;
}

/** What of the period is billed; nothing for a whole one. */
function shareText({ proration, periodStart, periodEnd, exactAmount }: Calculation, money: Money): string {
  if (proration.method === 'none') return '';
  return `; ${shareOfPeriod(proration)} (${daysText(periodStart, periodEnd)}) = ${money(exactAmount)}`;
}

const WHOLE_UNITS: Readonly<Record<Proration['method'], string>> = {
  none: 'periods',
  monthFirst: 'months',
  week: 'weeks',
  day: 'periods',
};

function shareOfPeriod({ method, wholeUnits, parts, numerator }: Proration): string {
  const units = WHOLE_UNITS[method];
  const whole = wholeUnits === 0 ? [] : [`${wholeUnits} ${wholeUnits === 1 ? units.slice(0, -1) : units}`];
  const days = parts.map((part) => `${part.days} of ${part.daysOf} days`);
  const counted = [...whole, ...days].join(' and ');
  return isZero(numerator) ? `${counted}, free` : counted;
}

function daysText(start: CalendarDate, endExclusive: CalendarDate): string {
  return `${start} to ${addDays(endExclusive, -1)}`;
}

/** What was billed and what of it stays; of a discount, what was taken off; of a credit whose own line is gone, that it goes too. */
function creditText(
  { billedMinor, keptMinor }: NonNullable<Calculation['credit']>,
  isDiscount: boolean,
  inWords: (minor: number) => string,
): string {
  const [before, kept] = [inWords(billedMinor), inWords(keptMinor)];
  if (isDiscount && billedMinor <= 0) return `${before} was taken off, ${kept} stays off`;
  if (!isDiscount && billedMinor >= 0) return `${before} was billed, ${kept} is kept`;
  return isDiscount
    ? `the ${before} of a discount that was given back is taken off again`
    : `the credit of ${before} is taken back`;
}

function daysOfCredit({ proration, measure }: Calculation): string {
  if (measure === null || proration.method === 'none') return '';
  return ` (${shareOfPeriod(proration)} given back)`;
}

function discountText(
  { percentage, monthly }: NonNullable<Calculation['discount']>,
  { exactAmount, measure }: Calculation,
  money: Money,
): string {
  const taken = money(isNegative(exactAmount) ? subtract('0', exactAmount) : exactAmount);
  if (percentage !== null) return `${percentage}% off = ${taken}`;
  return measure === null
    ? `${money(monthly ?? '0')} off`
    : `${money(monthly ?? '0')} a month off = ${taken}`;
}

function usageText(
  { quantity, billedBefore, records }: NonNullable<Calculation['usage']>,
  calculation: Calculation,
  money: Money,
  rounded: Money,
): string {
  const { terms, periodPrice, periodStart, periodEnd, exactAmount } = calculation;
  const counted = `${unitsInWords(quantity)} in ${records} ${records === 1 ? 'record' : 'records'}`;
  const price = priceInWords(terms, quantity, money);
  const total = price === rounded(periodPrice) ? price : `${price} = ${rounded(periodPrice)}`;
  const text = `${counted} of ${daysText(periodStart, periodEnd)}: ${total}`;
  if (isZero(billedBefore)) return text;
  const difference = isNegative(exactAmount)
    ? `${rounded(subtract('0', exactAmount))} less`
    : `${rounded(exactAmount)} more`;
  return `${text}; ${unitsInWords(billedBefore)} billed before, ${difference}`;
}

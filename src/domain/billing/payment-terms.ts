import { addDays, type CalendarDate } from '../calendar.ts';

/** Days from the invoice date to the due date, by the name that accounts, orders and documents carry. */
const DAYS_BY_TERM: ReadonlyMap<string, number> = new Map([
  ['Due Upon Receipt', 0],
  ['Net 7', 7],
  ['Net 10', 10],
  ['Net 15', 15],
  ['Net 20', 20],
  ['Net 30', 30],
  ['Net 45', 45],
  ['Net 60', 60],
  ['Net 75', 75],
  ['Net 90', 90],
  ['Net 120', 120],
]);

/** What an account has when it names no term. */
export const PAYMENT_TERM_DEFAULT = 'Due Upon Receipt';

/** Every known term, shortest first. */
export const paymentTerms: readonly string[] = [...DAYS_BY_TERM.keys()];

export function isPaymentTerm(name: string): boolean {
  return DAYS_BY_TERM.has(name);
}

/**
 * The day on which an invoice of this date is due.
 *
 * @throws RangeError for a term that is not known; callers that take terms from outside ask `isPaymentTerm` first
 */
export function dueDate(term: string, invoiceDate: CalendarDate): CalendarDate {
  const days = DAYS_BY_TERM.get(term);
  if (days === undefined) throw new RangeError(`not a payment term: ${term}`);
  return addDays(invoiceDate, days);
}

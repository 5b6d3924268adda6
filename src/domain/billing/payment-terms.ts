import { addDays, addMonthsAnchored, type CalendarDate, daysInMonth } from '../calendar.ts';

/** What an account has when it names no term. */
export const PAYMENT_TERM_DEFAULT = 'Due Upon Receipt';
/** Net 30: so many days after the invoice date. */
const NET = /^Net (\d{1,3})$/;
/** Proximo 15: that day of the next month, or its last day when the month is shorter. */
const PROXIMO = /^Proximo ([1-9]|[12]\d|3[01])$/;

/** Whether the text names a payment term: 'Due Upon Receipt', 'Net <days>' or 'Proximo <day of the next month>'. */
export function isPaymentTerm(name: string): boolean {
  return name === PAYMENT_TERM_DEFAULT || NET.test(name) || PROXIMO.test(name);
}

/**
 * When an invoice of this date is due (semantics E.5).
 *
 * @throws RangeError for a text that names no payment term
 */
export function dueDate(term: string, invoiceDate: CalendarDate): CalendarDate {
  if (term === PAYMENT_TERM_DEFAULT) return invoiceDate;
  const net = NET.exec(term);
  if (net !== null) return addDays(invoiceDate, Number(net[1]));
  const proximo = PROXIMO.exec(term);
  if (proximo === null) throw new RangeError(`not a payment term: ${term}`);
  const firstOfNext = addMonthsAnchored(`${invoiceDate.slice(0, 7)}-01`, 1);
  const day = Math.min(Number(proximo[1]), daysInMonth(firstOfNext));
  return addDays(firstOfNext, day - 1);
}

import type { FieldReading } from './model.ts';

/** What lines of invoices and memos have alike, over a line `t` and its document `v`. */

/** A time of day that a line was given is kept as it was given; what billing sets is an instant. */
export const CHARGE_DATE =
  "CASE WHEN t.charge_date LIKE '%Z' THEN t.charge_date ELSE replace(t.charge_date, ' ', 'T') || '.000Z' END";

/** The contract's digits for what a line is. */
export const PROCESSING_TYPE =
  "CASE t.processing_type WHEN 'Discount' THEN '1' WHEN 'Prepayment' THEN '2' WHEN 'Tax' THEN '3' ELSE '0' END";

/** Lines of a charge, by the id of one of its segments, and of a subscription, by that of one of its versions. */
export function ofBilledCharge(id: string): string {
  return `t.charge_number = (SELECT y.charge_number FROM charge AS y WHERE y.id = ${id})`;
}

export function ofBilledSubscription(id: string): string {
  return `t.subscription_number = (SELECT y.subscription_number FROM subscription AS y WHERE y.id = ${id})`;
}

const AMOUNT = '(t.amount_minor + t.tax_minor)';

/** How much of what is applied to (or taken of) a document falls on which of its lines. */
interface LineShares {
  readonly lines: string;
  /** Column of a line that names its document. */
  readonly document: string;
  /** What is meant for the very line `ALIAS`, minor units. */
  readonly meant: string;
  /** What all lines of the document are to share, those with something meant for them included, minor units over `v`. */
  readonly total: string;
}

/**
 * SQL of a line's share (decision 009, domain/settlement/item-shares.ts): what is meant for it, and what belongs to the document as a whole, laid over
 * the lines in their order, each up to what is open of it. Of a document from which nothing is taken, and of a line that is alone, no other line is read.
 *
 * @returns minor units
 */
export function lineShareSql({ lines, document, meant, total }: LineShares): string {
  const own = meant.replaceAll('ALIAS', 't');
  const ofDocument = `FROM ${lines} AS y WHERE y.${document} = t.${document}`;
  const other = meant.replaceAll('ALIAS', 'y');
  const whole = `(${total}) - (SELECT coalesce(sum(${other}), 0) ${ofDocument})`;
  const openBefore = `(SELECT coalesce(sum(max(y.amount_minor + y.tax_minor - (${other}), 0)), 0) ${ofDocument} AND y.line < t.line)`;
  const laid = `min(max(${whole} - ${openBefore}, 0), max(${AMOUNT} - (${own}), 0))`;
  return `(CASE WHEN (${total}) = 0 THEN 0 WHEN v.line_count = 1 THEN (${total}) ELSE (${own}) + ${laid} END)`;
}

/** SQL of what is left of a line when its share is taken, minor units. */
export function lineRestSql(shares: LineShares): string {
  return `${AMOUNT} - ${lineShareSql(shares)}`;
}

/** What shares read of the other lines. */
export function lineReads(lines: string, document: string, ...columns: readonly string[]): FieldReading[] {
  return [
    {
      table: lines,
      columns: ['line', 'amount_minor', 'tax_minor', 'applied_minor', ...columns],
      by: [document],
    },
  ];
}

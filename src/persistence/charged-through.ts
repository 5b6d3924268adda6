import { entityTables, selectList } from './entity-tables.ts';
import { LIVE } from './live-documents.ts';
import { columnLists } from './row-lists.ts';

/** The tables of lines that were billed from charges, with their documents. */
const BILLED_TABLES = [
  ['invoice_item', 'invoice', 'invoice_id'],
  ['credit_memo_item', 'credit_memo', 'credit_memo_id'],
] as const;

/** First day of the line `i` that live lines of its charge give back; null when none does. One seek by the line that is given back. */
const GIVEN_BACK_FROM = `(SELECT min(g.service_start_date) FROM (${BILLED_TABLES.map(
  ([items, documents, key]) =>
    `SELECT b.service_start_date, b.charge_number FROM ${items} AS b CROSS JOIN ${documents} AS v ON v.id = b.${key} AND ${LIVE} ` +
    'WHERE b.applied_to_item_id = i.id',
).join(' UNION ALL ')}) AS g WHERE g.charge_number = i.charge_number)`;

/** First day after the last one that live lines of the charge `ALIAS` bill and do not give back; null when there is none. */
const THROUGH = BILLED_TABLES.map(
  ([items, documents, key]) =>
    `(SELECT coalesce(${GIVEN_BACK_FROM}, date(i.service_end_date, '+1 day')) FROM ${items} AS i ` +
    `CROSS JOIN ${documents} AS v ON v.id = i.${key} AND ${LIVE} WHERE i.charge_number = ALIAS.charge_number ` +
    `AND i.calculation->>'$.credit' IS NULL AND coalesce(${GIVEN_BACK_FROM}, '9999') > i.service_start_date ` +
    'ORDER BY i.service_end_date DESC LIMIT 1)',
);

/**
 * How far a charge segment is invoiced, from live lines (decision 008): the charge's last billed day and the one after, as far as the segment
 * reaches; null for a segment that starts later. The latest line is found by index: one seek for each kind of document, whatever has been
 * billed before.
 */
function chargedThroughSql(alias: string): string {
  const through = THROUGH.map((sql) => `coalesce(${sql.replaceAll('ALIAS', alias)}, '')`).join(', ');
  const end = `CASE ${alias}.is_last_segment WHEN 1 THEN '9999' ELSE coalesce(${alias}.effective_end_date, '9999') END`;
  return (
    `(SELECT CASE WHEN b.through > ${alias}.effective_start_date THEN min(b.through, ${end}) END ` +
    `FROM (SELECT max(${through}) AS through) AS b)`
  );
}

/** `selectList` of a charge's columns with how far it is invoiced. */
export function chargeColumns(alias: string): string {
  const column = `${alias}.charged_through_date`;
  return selectList(entityTables.charge, alias).replace(
    column,
    () => `${chargedThroughSql(alias)} AS charged_through_date`,
  );
}

/** `columnLists` of a charge's columns with how far it is invoiced. */
export function chargeLists(alias: string): string {
  return columnLists(entityTables.charge, alias).replace(
    `${alias}.charged_through_date`,
    chargedThroughSql(alias),
  );
}

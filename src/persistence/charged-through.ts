import { entityTables, selectList } from './entity-tables.ts';
import { BILLED_TABLES, LIVE } from './live-documents.ts';
import { columnLists } from './row-lists.ts';

/** Lines of live documents that give days of the line `i` back: found by the line that is given back. */
const GIVEN_BACK = BILLED_TABLES.map(
  ([items, documents, key]) =>
    `SELECT b.service_start_date, b.service_end_date, b.charge_number FROM ${items} AS b CROSS JOIN ${documents} AS v ON v.id = b.${key} ` +
    `AND ${LIVE} WHERE b.applied_to_item_id = i.id`,
).join(' UNION ALL ');

/** First day after those of the line `i` that are still billed: what was given back at its end is not. */
const END =
  "(WITH RECURSIVE back (day) AS (SELECT date(i.service_end_date, '+1 day') UNION SELECT g.service_start_date FROM back " +
  `CROSS JOIN (${GIVEN_BACK}) AS g ON g.charge_number = i.charge_number AND date(g.service_end_date, '+1 day') = back.day) ` +
  'SELECT min(day) FROM back)';

/** First day after the last one that live lines of the charge `ALIAS` bill and do not give back; null when there is none. */
const THROUGH = BILLED_TABLES.map(
  ([items, documents, key]) =>
    `(SELECT ${END} FROM ${items} AS i ` +
    `CROSS JOIN ${documents} AS v ON v.id = i.${key} AND ${LIVE} WHERE i.charge_number = ALIAS.charge_number ` +
    `AND i.calculation->>'$.credit' IS NULL AND ${END} > i.service_start_date ` +
    'ORDER BY i.service_end_date DESC LIMIT 1)',
);

/**
 * How far a charge segment is invoiced, from live lines (decision 008): the charge's last billed day and the one after, as far as the segment
 * reaches; null for a segment that starts later. The latest line is found by index: one seek for each kind of document, whatever has been
 * billed before.
 */
export function chargedThroughSql(alias: string): string {
  const through = THROUGH.map((sql) => `coalesce(${sql.replaceAll('ALIAS', alias)}, '')`).join(', ');
  const end = `CASE ${alias}.is_last_segment WHEN 1 THEN '9999' ELSE coalesce(${alias}.effective_end_date, '9999') END`;
  return (
    `(SELECT CASE WHEN billed.through > ${alias}.effective_start_date THEN min(billed.through, ${end}) END ` +
    `FROM (SELECT max(${through}) AS through) AS billed)`
  );
}

/** What that reads: columns of these tables, of rows found by those in `by`. */
export const chargedThroughReads = BILLED_TABLES.flatMap(([items, documents, key]) => [
  {
    table: items,
    columns: ['id', key, 'service_start_date', 'service_end_date', 'calculation'],
    by: ['charge_number'],
  },
  { table: items, columns: [], by: ['applied_to_item_id'] },
  { table: documents, columns: ['status', 'is_reversed'], by: ['id'] },
]);

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
  return columnLists(entityTables.charge, alias).replace(`${alias}.charged_through_date`, () =>
    chargedThroughSql(alias),
  );
}

import type {
  BillableCharge,
  BilledDocument,
  BilledLine,
  SubscriptionBilling,
} from '../domain/billing/billable.ts';
import type { Calculation } from '../domain/billing/document-line.ts';
import { entityTables, fromRow, selectList } from './entity-tables.ts';
import { LIVE } from './live-documents.ts';
import { columnLists, fromLists } from './row-lists.ts';
import { OPEN_CHARGES } from './subscription-content.ts';

const { subscription, ratePlan, charge } = entityTables;

/** Start of a charge's first live segment: one seek. */
const FIRST_START =
  '(SELECT f.effective_start_date FROM charge AS f WHERE f.charge_number = c.charge_number ' +
  'AND f.removed_in_version IS NULL ORDER BY f.segment LIMIT 1)';

const RATE_PLAN = `(SELECT ${columnLists(ratePlan, 'p')} FROM rate_plan AS p WHERE p.id = c.rate_plan_id)`;

/** Lines of live documents whose service ends on the day `k.from_date` or later; amounts as charges, so a credit memo's are turned round. */
function linesSql(kind: 'invoice' | 'creditMemo'): string {
  const [items, documents, key, sign] =
    kind === 'invoice'
      ? ['invoice_item', 'invoice', 'invoice_id', '']
      : ['credit_memo_item', 'credit_memo', 'credit_memo_id', '-'];
  return (
    `SELECT i.id, '${kind}' AS kind, v.id AS document_id, v.revision AS document_revision, i.charge_number, i.processing_type, ${sign}i.amount_minor AS amount, ` +
    'i.service_start_date, i.service_end_date, i.applied_to_item_id, i.calculation ' +
    `FROM ${items} AS i JOIN ${documents} AS v ON v.id = i.${key} AND ${LIVE} ` +
    'WHERE i.subscription_number = k.number AND i.service_end_date >= k.from_date'
  );
}

/** ?1: JSON list of subscription numbers. */
export const SUBSCRIPTION_BILLING_SQL =
  'WITH k AS MATERIALIZED (SELECT j.value AS number, s.id AS subscription_id, s.original_id AS original_id, s.billing_from AS from_date ' +
  'FROM json_each(?1) AS j CROSS JOIN subscription AS s ON s.subscription_number = j.value AND s.is_latest_version = 1) ' +
  `SELECT k.number, ${selectList(subscription, 's')}, ` +
  `(SELECT json_group_array(json_array(${columnLists(charge, 'c')}, ${FIRST_START}, ${RATE_PLAN}) ORDER BY c.charge_number, c.segment) ${OPEN_CHARGES}) AS charges, ` +
  '(SELECT json_group_array(json_array(l.id, l.kind, l.document_id, l.charge_number, l.processing_type, l.amount, l.service_start_date, ' +
  `l.service_end_date, l.applied_to_item_id, l.calculation, l.document_revision) ORDER BY l.id) FROM (${linesSql('invoice')} UNION ALL ${linesSql('creditMemo')}) AS l) AS lines ` +
  'FROM k JOIN subscription AS s ON s.id = k.subscription_id';

type Lists = unknown[][];
type ChargeRow = readonly [Lists | string, string | null, Lists | string];
type LineRow = readonly [
  string,
  string,
  string,
  string,
  string,
  number,
  string,
  string,
  string | null,
  string,
  number,
];

export function toSubscriptionBilling(row: Record<string, unknown>): SubscriptionBilling {
  const latest = fromRow<'subscription'>(subscription, row);
  const lines = JSON.parse(row.lines as string) as LineRow[];
  return {
    id: row.number as string,
    revision: latest.revision,
    subscription: latest,
    charges: (JSON.parse(row.charges as string) as ChargeRow[]).map(toBillableCharge),
    billed: lines.map(toBilledLine),
    documents: documentsOf(lines),
  };
}

function documentsOf(lines: readonly LineRow[]): BilledDocument[] {
  const documents = new Map<string, BilledDocument>();
  for (const row of lines) {
    const [, kind, id] = row;
    documents.set(id, { kind: kind as BilledDocument['kind'], id, revision: row[10] });
  }
  return [...documents.values()];
}

function toBillableCharge([lists, firstStartDate, plan]: ChargeRow): BillableCharge {
  return {
    charge: fromRow<'charge'>(charge, fromLists(charge, parsed(lists))),
    ratePlan: fromRow<'ratePlan'>(ratePlan, fromLists(ratePlan, parsed(plan))),
    firstStartDate,
  };
}

/** JSON in JSON arrives as text where SQLite does not know that it is JSON. */
function parsed(lists: Lists | string): Lists {
  return typeof lists === 'string' ? (JSON.parse(lists) as Lists) : lists;
}

function toBilledLine(row: LineRow): BilledLine {
  const [
    itemId,
    kind,
    documentId,
    chargeNumber,
    processingType,
    amountMinor,
    start,
    end,
    appliedTo,
    calculation,
  ] = row;
  return {
    itemId,
    documentKind: kind as BilledLine['documentKind'],
    documentId,
    chargeNumber,
    processingType: processingType as BilledLine['processingType'],
    amountMinor,
    serviceStartDate: start,
    serviceEndDate: end,
    appliedToItemId: appliedTo,
    calculation: JSON.parse(calculation) as Calculation,
  };
}

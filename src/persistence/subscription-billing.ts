import type {
  BillableCharge,
  BilledDocument,
  BilledLine,
  SubscriptionBilling,
} from '../domain/billing/billable.ts';
import type { Calculation } from '../domain/billing/document-line.ts';
import type { JsonObject } from '../domain/result.ts';
import { entityTables, fromRow, selectList } from './entity-tables.ts';
import { LIVE } from './live-documents.ts';
import { columnLists, fromLists } from './row-lists.ts';
import { firstStart, openCharges } from './subscription-content.ts';

const { subscription, ratePlan, charge } = entityTables;

const RATE_PLAN = `(SELECT ${columnLists(ratePlan, 'p')} FROM rate_plan AS p WHERE p.id = c.rate_plan_id)`;

const LINE = [
  'i.charge_number',
  'i.processing_type',
  'i.service_start_date',
  'i.service_end_date',
  'i.applied_to_item_id',
  'i.charge_id',
  'i.charge_name',
  'i.quantity',
  'i.unit_price',
  'i.product_rate_plan_charge_id',
  'i.details',
  'i.calculation',
] as const;

const KINDS = {
  invoice: { items: 'invoice_item', documents: 'invoice', key: 'invoice_id', sign: '' },
  creditMemo: { items: 'credit_memo_item', documents: 'credit_memo', key: 'credit_memo_id', sign: '-' },
} as const;

/** Lines of live documents whose service ends on a day or later; amounts as charges, so a credit memo's are turned round. */
function linesSql(kind: keyof typeof KINDS, select: string, from: string): string {
  const { items, documents, key } = KINDS[kind];
  return (
    `SELECT ${select} FROM ${items} AS i JOIN ${documents} AS v ON v.id = i.${key} AND ${LIVE} ` +
    `WHERE i.subscription_number = k.number AND i.service_end_date >= ${from}`
  );
}

function bothKinds(sql: (kind: keyof typeof KINDS) => string): string {
  return `${sql('invoice')} UNION ALL ${sql('creditMemo')}`;
}

/**
 * First day of what lines bill whose service ends on the day `k.from_date` or later. All that was given back of them, or taken off them, lies
 * behind it: at most one billing period more than is asked for.
 */
const FIRST_DAY = `coalesce((SELECT min(f.start) FROM (${bothKinds((kind) =>
  linesSql(kind, 'i.service_start_date AS start', 'k.from_date'),
)}) AS f), k.from_date)`;

/** Live segments `f` of the fixed monthly discounts `d` of the subscription `k`. */
const FIXED_DISCOUNTS =
  'charge AS d CROSS JOIN charge AS f ON f.charge_number = d.charge_number AND f.removed_in_version IS NULL ' +
  'WHERE d.subscription_original_id = k.original_id AND d.removed_in_version IS NULL AND d.is_last_segment = 1 ' +
  "AND d.charge_model = 'Discount-Fixed Amount' AND d.charge_type = 'Recurring'";

/**
 * Day from which charges are read. What a fixed discount leaves over its whole time goes to one-time charges: with one that ends on the day
 * `k.from_date` or later, all charges count from the first day of such discounts on.
 */
const CHARGES_FROM =
  `CASE WHEN EXISTS (SELECT 1 FROM ${FIXED_DISCOUNTS} AND coalesce(d.effective_end_date, '9999') >= k.from_date AND f.effective_end_date >= k.from_date) ` +
  `THEN min(k.from_date, (SELECT min(f.effective_start_date) FROM ${FIXED_DISCOUNTS})) ELSE k.from_date END`;

/**
 * Lines before that day of one-time charges that have not ended before `k.from_date`: they are billed once, also when an order that gave them their
 * day was taken back and another one gives them a later day.
 */
function oneTimeLinesSql(kind: keyof typeof KINDS, select: string): string {
  const { items, documents, key } = KINDS[kind];
  return (
    `SELECT ${select} FROM charge AS o CROSS JOIN ${items} AS i ON i.charge_number = o.charge_number ` +
    `AND i.service_end_date < k.first_day JOIN ${documents} AS v ON v.id = i.${key} AND ${LIVE} ` +
    'WHERE o.subscription_original_id = k.original_id AND o.removed_in_version IS NULL AND o.is_last_segment = 1 ' +
    "AND coalesce(o.effective_end_date, '9999') >= k.from_date AND o.charge_type = 'OneTime'"
  );
}

function lineSql(kind: keyof typeof KINDS): string {
  const { sign } = KINDS[kind];
  const columns = `i.id AS id, json_array(i.id, '${kind}', v.id, v.revision, ${sign}i.amount_minor, ${LINE.join(', ')}) AS line`;
  return `${linesSql(kind, columns, 'k.first_day')} UNION ALL ${oneTimeLinesSql(kind, columns)}`;
}

/** ?1: JSON list of keys `from@number` (billingKey). */
export const SUBSCRIPTION_BILLING_SQL =
  'WITH asked AS MATERIALIZED (SELECT j.value AS key, s.subscription_number AS number, s.id AS subscription_id, s.original_id AS original_id, ' +
  "min(s.billing_from, substr(j.value, 1, instr(j.value, '@') - 1)) AS from_date FROM json_each(?1) AS j CROSS JOIN subscription AS s " +
  "ON s.subscription_number = substr(j.value, instr(j.value, '@') + 1) AND s.is_latest_version = 1), " +
  `k AS MATERIALIZED (SELECT k.*, ${FIRST_DAY} AS first_day, ${CHARGES_FROM} AS charges_from FROM asked AS k) ` +
  `SELECT k.key, ${selectList(subscription, 's')}, ` +
  `(SELECT json_group_array(json_array(${columnLists(charge, 'c')}, ${firstStart('c')}, ${RATE_PLAN}) ORDER BY c.charge_number, c.segment) ${openCharges('k.charges_from')}) AS charges, ` +
  `(SELECT json_group_array(json(l.line) ORDER BY l.id) FROM (${bothKinds(lineSql)}) AS l) AS lines ` +
  'FROM k JOIN subscription AS s ON s.id = k.subscription_id';

type Lists = unknown[][];
type ChargeRow = readonly [Lists | string, string | null, Lists | string];
type LineRow = readonly [
  itemId: string,
  kind: string,
  documentId: string,
  documentRevision: number,
  amountMinor: number,
  chargeNumber: string,
  processingType: string,
  start: string,
  end: string,
  appliedTo: string | null,
  chargeId: string,
  chargeName: string,
  quantity: string,
  unitPrice: string,
  productRatePlanChargeId: string | null,
  details: string,
  calculation: string,
];

export function toSubscriptionBilling(row: Record<string, unknown>): SubscriptionBilling {
  const latest = fromRow<'subscription'>(subscription, row);
  const lines = JSON.parse(row.lines as string) as LineRow[];
  return {
    id: row.key as string,
    revision: latest.revision,
    subscription: latest,
    charges: (JSON.parse(row.charges as string) as ChargeRow[]).map(toBillableCharge),
    billed: lines.map(toBilledLine),
    documents: documentsOf(lines),
  };
}

function documentsOf(lines: readonly LineRow[]): BilledDocument[] {
  const documents = new Map<string, BilledDocument>();
  for (const [, kind, id, revision] of lines) {
    documents.set(id, { kind: kind as BilledDocument['kind'], id, revision });
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
    _revision,
    amountMinor,
    chargeNumber,
    processingType,
    start,
    end,
    ...rest
  ] = row;
  const [
    appliedTo,
    chargeId,
    chargeName,
    quantity,
    unitPrice,
    productRatePlanChargeId,
    details,
    calculation,
  ] = rest;
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
    chargeId,
    chargeName,
    quantity,
    unitPrice,
    productRatePlanChargeId,
    details: JSON.parse(details) as JsonObject,
    calculation: JSON.parse(calculation) as Calculation,
  };
}

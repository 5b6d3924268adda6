import { getTableColumns, getTableName } from 'drizzle-orm';
import type { SQLiteTable } from 'drizzle-orm/sqlite-core';
import type { Entities, EntityKind } from '../domain/entities.ts';
import * as schema from './schema/index.ts';

type Convert = (value: unknown) => unknown;

interface Column {
  readonly field: string;
  readonly name: string;
  readonly toDriver: Convert;
  readonly fromDriver: Convert;
}

/** How one kind of object lies in D1. Everything is derived from the drizzle table, so that a column is written once. */
export interface EntityTable {
  readonly kind: EntityKind;
  readonly tableName: string;
  readonly columns: readonly Column[];
  /** Column of the object's number, when it can be found by number too; `latest` restricts to the latest version. */
  readonly number?: { readonly field: string; readonly column: string; readonly only?: string };
  /** Its rows say when a commit last wrote them, which the entity does not: inserts and updates bind that instant as ?2. */
  readonly keepsChange: boolean;
  readonly insertSql: string;
  readonly updateSql: string;
  readonly deleteSql: string;
  /** Refuses the batch when an object is not at the revision on which the group was decided. */
  readonly guardSql: string;
  readonly loadByIdSql: string;
  readonly loadByNumberSql: string | null;
}

/** Kinds that are read through a query of their own (offers.ts), not stored under their own name. */
export type DerivedKind =
  | 'ratePlanOffer'
  | 'accountUsage'
  | 'productSku'
  | 'unitOfMeasureUse'
  | 'catalogUsage'
  | 'subscriptionContent'
  | 'subscriptionLineage'
  | 'subscriptionBilling'
  | 'paymentApplications'
  | 'invoiceLines'
  | 'invoiceMemos'
  | 'creditMemoLines'
  | 'debitMemoLines'
  | 'documentBilling'
  | 'usageTotal'
  | 'usageBilled'
  | 'usageCharges'
  | 'wholeOrder'
  | 'orderEffects';
export type StoredKind = Exclude<EntityKind, DerivedKind>;

const identity: Convert = (value) => value ?? null;

/** Known from other rows when they are read (charged-through.ts), and not stored: a copy could disagree. */
const DERIVED_COLUMNS: ReadonlySet<string> = new Set(['charged_through_date', 'processed_through_date']);

/** When a commit last wrote a row that is a part of another object's. */
const CHANGED_AT = 'changed_at';

/** Columns of what an entity says: the order in which rows arrive, and when, is the database's. */
function columnsOf(table: SQLiteTable): Column[] {
  const columns = Object.entries(getTableColumns(table)).filter(
    ([, column]) => (!column.primary || column.dataType !== 'number') && column.name !== CHANGED_AT,
  );
  return columns.map(([field, column]) => {
    if (DERIVED_COLUMNS.has(column.name)) {
      return { field, name: column.name, toDriver: () => null, fromDriver: identity };
    }
    if (column.dataType === 'json') {
      return {
        field,
        name: column.name,
        toDriver: (value) => JSON.stringify(value ?? null),
        fromDriver: (value) => JSON.parse(value as string) as unknown,
      };
    }
    if (column.dataType === 'boolean') {
      return {
        field,
        name: column.name,
        toDriver: (value) => (value === true ? 1 : 0),
        fromDriver: (value) => value === 1,
      };
    }
    return { field, name: column.name, toDriver: identity, fromDriver: identity };
  });
}

/**
 * The rows of the JSON list ?1 as `r.v`, each built once: `json_each` itself would build a row's text anew for every column that is taken
 * out of it, which makes the cost of a row grow with the square of its columns.
 */
export const ROWS = 'WITH r AS MATERIALIZED (SELECT value AS v FROM json_each(?1)) ';

function define(kind: EntityKind, table: SQLiteTable, number?: EntityTable['number']): EntityTable {
  const tableName = getTableName(table);
  const columns = columnsOf(table);
  const names = columns.map((c) => c.name).join(', ');
  const values = columns.map((_, i) => `r.v->>${i}`).join(', ');
  const assignments = columns
    .map((c, i) => (c.name === 'id' ? '' : `${c.name} = r.v->>${i}`))
    .filter((text) => text !== '')
    .join(', ');
  const idIndex = columns.findIndex((c) => c.name === 'id');
  const only = number?.only === undefined ? '' : ` AND ${number.only}`;
  const keepsChange = Object.values(getTableColumns(table)).some(({ name }) => name === CHANGED_AT);
  const [changeColumn, changeValue, changeAssignment] = keepsChange
    ? [`, ${CHANGED_AT}`, ', ?2', `, ${CHANGED_AT} = ?2`]
    : ['', '', ''];
  return {
    kind,
    tableName,
    columns,
    ...(number === undefined ? {} : { number }),
    keepsChange,
    insertSql: `${ROWS}INSERT INTO ${tableName} (${names}${changeColumn}) SELECT ${values}${changeValue} FROM r`,
    updateSql: `${ROWS}UPDATE ${tableName} SET ${assignments}${changeAssignment} FROM r WHERE ${tableName}.id = r.v->>${idIndex}`,
    deleteSql: `DELETE FROM ${tableName} WHERE id IN (SELECT value FROM json_each(?1))`,
    guardSql:
      `INSERT INTO commit_guard (stale) SELECT '${tableName} ' || (j.value->>0) FROM json_each(?1) AS j ` +
      `WHERE (SELECT revision FROM ${tableName} WHERE id = j.value->>0) IS NOT j.value->>1`,
    loadByIdSql: `SELECT ${names} FROM ${tableName} WHERE id IN (SELECT value FROM json_each(?1))`,
    loadByNumberSql:
      number === undefined
        ? null
        : `SELECT ${names} FROM ${tableName} WHERE ${number.column} IN (SELECT value FROM json_each(?1))${only}`,
  };
}

export const entityTables: { readonly [K in StoredKind]: EntityTable } = {
  account: define('account', schema.account, { field: 'accountNumber', column: 'account_number' }),
  contact: define('contact', schema.contact),
  contactSnapshot: define('contactSnapshot', schema.contactSnapshot),
  catalogState: define('catalogState', schema.catalogState),
  product: define('product', schema.product, { field: 'productNumber', column: 'product_number' }),
  productRatePlan: define('productRatePlan', schema.productRatePlan, {
    field: 'ratePlanNumber',
    column: 'rate_plan_number',
  }),
  productRatePlanCharge: define('productRatePlanCharge', schema.productRatePlanCharge, {
    field: 'chargeNumber',
    column: 'charge_number',
  }),
  chargeTierKey: define('chargeTierKey', schema.chargeTierKey),
  ratePlanExternalId: define('ratePlanExternalId', schema.ratePlanExternalId),
  unitOfMeasure: define('unitOfMeasure', schema.unitOfMeasure, { field: 'uomName', column: 'uom_name' }),
  order: define('order', schema.orders, { field: 'orderNumber', column: 'order_number' }),
  orderSubscription: define('orderSubscription', schema.orderSubscription),
  orderAction: define('orderAction', schema.orderAction),
  orderDelta: define('orderDelta', schema.orderDelta),
  orderLineItem: define('orderLineItem', schema.orderLineItem, { field: 'itemKey', column: 'item_key' }),
  subscription: define('subscription', schema.subscription, {
    field: 'subscriptionNumber',
    column: 'subscription_number',
    only: 'is_latest_version = 1',
  }),
  ratePlan: define('ratePlan', schema.ratePlan),
  charge: define('charge', schema.charge),
  invoice: define('invoice', schema.invoice, { field: 'invoiceNumber', column: 'invoice_number' }),
  invoiceItem: define('invoiceItem', schema.invoiceItem),
  billRun: define('billRun', schema.billRun, { field: 'billRunNumber', column: 'bill_run_number' }),
  billRunAccount: define('billRunAccount', schema.billRunAccount),
  billingPreviewRun: define('billingPreviewRun', schema.billingPreviewRun, {
    field: 'runNumber',
    column: 'run_number',
  }),
  usage: define('usage', schema.usage),
  usageImport: define('usageImport', schema.usageImport),
  usageImportPiece: define('usageImportPiece', schema.usageImportPiece),
  creditMemo: define('creditMemo', schema.creditMemo, { field: 'memoNumber', column: 'memo_number' }),
  creditMemoItem: define('creditMemoItem', schema.creditMemoItem),
  creditMemoApplication: define('creditMemoApplication', schema.creditMemoApplication),
  debitMemo: define('debitMemo', schema.debitMemo, { field: 'memoNumber', column: 'memo_number' }),
  debitMemoItem: define('debitMemoItem', schema.debitMemoItem),
  payment: define('payment', schema.payment, { field: 'paymentNumber', column: 'payment_number' }),
  paymentApplication: define('paymentApplication', schema.paymentApplication),
  paymentMethod: define('paymentMethod', schema.paymentMethod),
  refund: define('refund', schema.refund, { field: 'refundNumber', column: 'refund_number' }),
  asyncJob: define('asyncJob', schema.asyncJob),
};

/** One row as the JSON array that travels through json_each: values in the order of the table's columns. */
export function toRow(table: EntityTable, entity: object): unknown[] {
  const record = entity as Record<string, unknown>;
  return table.columns.map((column) => column.toDriver(record[column.field]));
}

/** An object from a row of SELECT <columns>; the reverse of toRow. */
export function fromRow<K extends EntityKind>(table: EntityTable, row: Record<string, unknown>): Entities[K] {
  const entity: Record<string, unknown> = {};
  for (const column of table.columns) {
    const value = row[column.name];
    entity[column.field] = value === null ? null : column.fromDriver(value);
  }
  return entity as unknown as Entities[K];
}

/** `a.id, a.name …`: the columns of a kind with a table alias, for reads that join. */
export function selectList(table: EntityTable, alias: string): string {
  return table.columns.map((column) => `${alias}.${column.name}`).join(', ');
}

export function numberOf(kind: EntityKind, entity: object): string | null {
  if (kind === 'ratePlanOffer') return (entity as Entities['ratePlanOffer']).plan.ratePlanNumber;
  const table = (entityTables as Partial<Record<EntityKind, EntityTable>>)[kind];
  if (table?.number === undefined) return null;
  // A number means the latest version.
  if (kind === 'subscription' && !(entity as Entities['subscription']).isLatestVersion) return null;
  const value = (entity as Record<string, unknown>)[table.number.field];
  return typeof value === 'string' ? value : null;
}

import type { RatePlanOffer } from '../domain/catalog/catalog.ts';
import type { Entities } from '../domain/entities.ts';
import { DOCUMENT_BILLING_GUARD_SQL, DOCUMENT_BILLING_SQL, toDocumentBilling } from './document-billing.ts';
import { creditMemoLines, debitMemoLines, invoiceLines } from './document-lines.ts';
import { type DerivedKind, entityTables, fromRow, selectList } from './entity-tables.ts';
import { ORDER_EFFECTS_SQL, toOrderEffects } from './order-effects.ts';
import { PAYMENT_APPLICATIONS_SQL, toPaymentApplications } from './payment-applications.ts';
import { SUBSCRIPTION_BILLING_SQL, toSubscriptionBilling } from './subscription-billing.ts';
import { CONTENT_SQL, toContent } from './subscription-content.ts';
import { lineageGuardSql, lineageLoadSql, toLineage } from './subscription-lineage.ts';
import { toUsageBilled, USAGE_BILLED_SQL } from './usage.ts';
import { toUsageCharges, USAGE_CHARGES_SQL } from './usage-charges.ts';
import { toUsageTotal, USAGE_TOTAL_GUARD_SQL, USAGE_TOTAL_SQL } from './usage-total.ts';
import { toWholeOrders, WHOLE_ORDER_SQL } from './whole-order.ts';

interface DerivedTable<K extends DerivedKind> {
  /** ?1: JSON list of keys. */
  readonly loadSql: string;
  fromRows(rows: ReadonlyArray<Record<string, unknown>>): Array<Entities[K]>;
  /** Refuses the batch when what was read has changed; null where another kind's guard covers it. */
  readonly guardSql: string | null;
}

const charges = entityTables.productRatePlanCharge;

/** A rate plan, its product's terms, and its charges as one JSON list (D1 allows 32 arguments per function). */
const OFFER_SQL =
  `SELECT ${selectList(entityTables.productRatePlan, 'p')}, ` +
  'r.name AS product_name, r.sku AS product_sku, r.effective_start_date AS product_start, r.effective_end_date AS product_end, ' +
  `(SELECT json_group_array(json_array(${selectList(charges, 'c')}) ORDER BY c.charge_number) ` +
  'FROM product_rate_plan_charge AS c WHERE c.product_rate_plan_id = p.id) AS charges ' +
  'FROM product_rate_plan AS p JOIN product AS r ON r.id = p.product_id ' +
  'WHERE p.id IN (SELECT value FROM json_each(?1)) OR p.rate_plan_number IN (SELECT value FROM json_each(?1))';

function toOffer(row: Record<string, unknown>): RatePlanOffer {
  const plan = fromRow<'productRatePlan'>(entityTables.productRatePlan, row);
  const rows = JSON.parse(row.charges as string) as unknown[][];
  return {
    id: plan.id,
    revision: plan.revision,
    productId: plan.productId,
    productName: row.product_name as string,
    productSku: row.product_sku as string,
    productEffectiveStartDate: row.product_start as string,
    productEffectiveEndDate: row.product_end as string,
    plan,
    charges: rows.map((values) =>
      fromRow<'productRatePlanCharge'>(
        charges,
        Object.fromEntries(charges.columns.map((column, i) => [column.name, values[i]])),
      ),
    ),
  };
}

const SKU_SQL =
  'SELECT sku AS id, revision, id AS product_id FROM product WHERE sku IN (SELECT value FROM json_each(?1))';

/** 2 when a subscription has it or ever had it, else 1: a product by its plans, a plan, a charge. */
const CATALOG_USED =
  '(1 + (EXISTS (SELECT 1 FROM rate_plan WHERE product_rate_plan_id = KEY)' +
  ' OR EXISTS (SELECT 1 FROM charge WHERE product_rate_plan_charge_id = KEY)' +
  ' OR EXISTS (SELECT 1 FROM product_rate_plan AS p JOIN rate_plan AS r ON r.product_rate_plan_id = p.id WHERE p.product_id = KEY)))';

const USAGE_BITS =
  '(1 + (EXISTS (SELECT 1 FROM subscription WHERE account_id = KEY) OR EXISTS (SELECT 1 FROM subscription WHERE invoice_owner_account_id = KEY))' +
  ' + 2 * (EXISTS (SELECT 1 FROM orders WHERE account_id = KEY)' +
  ' OR EXISTS (SELECT 1 FROM order_subscription WHERE subscription_owner_account_id = KEY)' +
  ' OR EXISTS (SELECT 1 FROM order_subscription WHERE invoice_owner_account_id = KEY))' +
  ' + 4 * EXISTS (SELECT 1 FROM invoice WHERE account_id = KEY)' +
  ' + 8 * EXISTS (SELECT 1 FROM payment WHERE account_id = KEY)' +
  ' + 16 * EXISTS (SELECT 1 FROM account WHERE parent_id = KEY)' +
  ' + 32 * (EXISTS (SELECT 1 FROM credit_memo WHERE account_id = KEY) OR EXISTS (SELECT 1 FROM debit_memo WHERE account_id = KEY)' +
  ' OR EXISTS (SELECT 1 FROM usage WHERE account_id = KEY) OR EXISTS (SELECT 1 FROM payment_method WHERE account_id = KEY)))';

/** 1 when no live memo was made from the invoice; 2 more for credit memos, 4 more for debit memos. */
const MEMO_BITS =
  "(1 + 2 * EXISTS (SELECT 1 FROM credit_memo WHERE referred_invoice_id = KEY AND status <> 'Canceled' AND is_reversed = 0)" +
  " + 4 * EXISTS (SELECT 1 FROM debit_memo WHERE referred_invoice_id = KEY AND status <> 'Canceled'))";

export const derivedKinds: { readonly [K in DerivedKind]: DerivedTable<K> } = {
  /** Guarded by catalogState, which whoever reads an offer reads too. */
  ratePlanOffer: { loadSql: OFFER_SQL, fromRows: (rows) => rows.map(toOffer), guardSql: null },
  /** Guarded by catalogState, which every change of the catalog reads. */
  productSku: {
    loadSql: SKU_SQL,
    fromRows: (rows) =>
      rows.map((row) => ({
        id: row.id as string,
        revision: row.revision as number,
        productId: row.product_id as string,
      })),
    guardSql: null,
  },
  /** Guarded by catalogState, which every change of the catalog reads. */
  unitOfMeasureUse: {
    loadSql:
      'SELECT j.value AS id, EXISTS (SELECT 1 FROM product_rate_plan_charge WHERE unit_of_measure = j.value) AS used FROM json_each(?1) AS j',
    fromRows: (rows) => rows.map((row) => ({ id: row.id as string, revision: 1, isUsed: row.used === 1 })),
    guardSql: null,
  },
  /** Guarded by the row of the latest version, which every new version changes. */
  subscriptionContent: { loadSql: CONTENT_SQL, fromRows: (rows) => rows.map(toContent), guardSql: null },
  documentBilling: {
    loadSql: DOCUMENT_BILLING_SQL,
    fromRows: (rows) => rows.map(toDocumentBilling),
    guardSql: DOCUMENT_BILLING_GUARD_SQL,
  },
  /** Guarded by the row of the latest version, which everything that bills it changes, and by the documents that it counts. */
  subscriptionBilling: {
    loadSql: SUBSCRIPTION_BILLING_SQL,
    fromRows: (rows) => rows.map(toSubscriptionBilling),
    guardSql: null,
  },
  /** Guarded by the highest record: a total that has grown is read again. */
  usageTotal: {
    loadSql: USAGE_TOTAL_SQL,
    fromRows: (rows) => rows.map(toUsageTotal),
    guardSql: USAGE_TOTAL_GUARD_SQL,
  },
  /** Guarded by the subscription's row, which whoever acts on it changes. */
  usageBilled: { loadSql: USAGE_BILLED_SQL, fromRows: (rows) => rows.map(toUsageBilled), guardSql: null },
  /** Guarded by the rows of the subscriptions that the charges are of. */
  usageCharges: { loadSql: USAGE_CHARGES_SQL, fromRows: toUsageCharges, guardSql: null },
  invoiceLines,
  creditMemoLines,
  debitMemoLines,
  invoiceMemos: {
    loadSql: `SELECT j.value AS id, ${MEMO_BITS.replaceAll('KEY', 'j.value')} AS bits FROM json_each(?1) AS j`,
    fromRows: (rows) =>
      rows.map((row) => {
        const bits = (row.bits as number) - 1;
        return {
          id: row.id as string,
          revision: row.bits as number,
          hasCreditMemos: (bits & 2) !== 0,
          hasDebitMemos: (bits & 4) !== 0,
        };
      }),
    guardSql:
      `INSERT INTO commit_guard (stale) SELECT 'invoice memos ' || (j.value->>0) FROM json_each(?1) AS j ` +
      `WHERE ${MEMO_BITS.replaceAll('KEY', 'j.value->>0')} IS NOT j.value->>1`,
  },
  /** Guarded by the payment's row, which whoever applies or takes it off changes. */
  paymentApplications: {
    loadSql: PAYMENT_APPLICATIONS_SQL,
    fromRows: (rows) => rows.map(toPaymentApplications),
    guardSql: null,
  },
  subscriptionLineage: {
    loadSql: lineageLoadSql,
    fromRows: (rows) => rows.map(toLineage),
    guardSql: lineageGuardSql,
  },
  /** Guarded by the order's row, which everything that changes an order changes. */
  wholeOrder: { loadSql: WHOLE_ORDER_SQL, fromRows: toWholeOrders, guardSql: null },
  /** Guarded by the rows of its subscriptions' latest versions. */
  orderEffects: { loadSql: ORDER_EFFECTS_SQL, fromRows: toOrderEffects, guardSql: null },
  catalogUsage: {
    loadSql:
      `SELECT j.value AS id, ${CATALOG_USED.replaceAll('KEY', 'j.value')} AS used, ` +
      '(SELECT json_group_array(id) FROM product_rate_plan WHERE product_id = j.value) AS rate_plan_ids ' +
      'FROM json_each(?1) AS j',
    fromRows: (rows) =>
      rows.map((row) => ({
        id: row.id as string,
        revision: row.used as number,
        isUsed: row.used === 2,
        ratePlanIds: JSON.parse(row.rate_plan_ids as string) as string[],
      })),
    guardSql:
      `INSERT INTO commit_guard (stale) SELECT 'catalog usage ' || (j.value->>0) FROM json_each(?1) AS j ` +
      `WHERE ${CATALOG_USED.replaceAll('KEY', 'j.value->>0')} IS NOT j.value->>1`,
  },
  accountUsage: {
    loadSql: `SELECT j.value AS id, ${USAGE_BITS.replaceAll('KEY', 'j.value')} AS bits FROM json_each(?1) AS j`,
    fromRows: (rows) =>
      rows.map((row) => {
        const bits = (row.bits as number) - 1;
        return {
          id: row.id as string,
          revision: row.bits as number,
          hasSubscriptions: (bits & 1) !== 0,
          hasOrders: (bits & 2) !== 0,
          hasInvoices: (bits & 4) !== 0,
          hasPayments: (bits & 8) !== 0,
          hasChildren: (bits & 16) !== 0,
          hasOtherRecords: (bits & 32) !== 0,
        };
      }),
    guardSql:
      `INSERT INTO commit_guard (stale) SELECT 'account usage ' || (j.value->>0) FROM json_each(?1) AS j ` +
      `WHERE ${USAGE_BITS.replaceAll('KEY', 'j.value->>0')} IS NOT j.value->>1`,
  },
};

import type { Account } from '../domain/accounts/account.ts';
import type {
  AccountSummaryView,
  AccountView,
  SummaryInvoice,
  SummaryPayment,
  SummarySubscription,
} from '../domain/accounts/account-views.ts';
import type { Contact } from '../domain/accounts/contact.ts';
import { inCurrencyOrder, toAccountMetrics } from '../domain/metrics/account-metrics.ts';
import type { Decimal } from '../domain/money.ts';
import {
  ACCOUNT_WITH_FRESHNESS,
  accountIs,
  FRESHNESS_COLUMNS,
  publishedSql,
  toFreshness,
  toSums,
} from './account-metrics.ts';
import { entityTables, fromRow, selectList } from './entity-tables.ts';
import { settingDefaults } from './tenant-settings.ts';

type Row = Record<string, unknown>;
type Results = ReadonlyArray<{ readonly results: Row[] }>;

/** How many of each the summary shows. */
const SUMMARY_ROWS_MAX = 6;
/** Inner lists of a reply end here (conventions 6). */
const INNER_ROWS_MAX = 300;

/** Id of the account with this id or number, null when there is none. One indexed read. */
export async function findAccountId(db: D1Database, accountKey: string): Promise<string | null> {
  const row = await db
    .prepare(`SELECT a.id FROM account AS a WHERE ${accountIs(accountKey)}`)
    .bind(accountKey)
    .first<{ id: string }>();
  return row?.id ?? null;
}

/** Id and number of the account with this id or number, null when there is none. One indexed read. */
export async function findAccountNames(
  db: D1Database,
  accountKey: string,
): Promise<{ readonly id: string; readonly number: string } | null> {
  return db
    .prepare(`SELECT a.id, a.account_number AS number FROM account AS a WHERE ${accountIs(accountKey)}`)
    .bind(accountKey)
    .first<{ id: string; number: string }>();
}

/** The account with its contacts and published metrics, in one round trip. Constant cost. */
export async function readAccount(db: D1Database, accountKey: string): Promise<AccountView | null> {
  return toAccountView(await db.batch<Row>(accountStatements(db, accountKey)));
}

function accountStatements(db: D1Database, accountKey: string): D1PreparedStatement[] {
  const where = accountIs(accountKey);
  const bound = [
    `SELECT ${selectList(entityTables.account, 'a')}, ${FRESHNESS_COLUMNS} FROM ${ACCOUNT_WITH_FRESHNESS} WHERE ${where}`,
    `SELECT ${selectList(entityTables.contact, 'c')} FROM account AS a ` +
      `CROSS JOIN contact AS c ON c.id IN (a.bill_to_contact_id, a.sold_to_contact_id) WHERE ${where}`,
    publishedSql(accountKey),
  ];
  return [
    ...bound.map((sql) => db.prepare(sql).bind(accountKey)),
    db.prepare("SELECT value FROM tenant_setting WHERE name = 'timeZone'"),
  ];
}

function toAccountView([heads, contactRows, published, zone]: Results): AccountView | null {
  const head = heads!.results[0];
  if (head === undefined) return null;
  const account: Account = fromRow<'account'>(entityTables.account, head);
  const contacts: Contact[] = contactRows!.results.map((row) =>
    fromRow<'contact'>(entityTables.contact, row),
  );
  return {
    account,
    billTo: contacts.find((contact) => contact.id === account.billToContactId) ?? null,
    soldTo: contacts.find((contact) => contact.id === account.soldToContactId) ?? null,
    freshness: toFreshness(head),
    metrics: inCurrencyOrder(published!.results.map(toSums), account.currency).map(toAccountMetrics),
    timeZone: (zone!.results[0]?.value as string | undefined) ?? settingDefaults.timeZone,
  };
}

const SUBSCRIPTION_COLUMNS =
  't.id, t.original_id, t.version, t.subscription_number, t.status, t.auto_renew, t.term_type, t.initial_term, ' +
  't.renewal_term, t.subscription_start_date, t.term_start_date, t.term_end_date';

function summaryStatements(db: D1Database, accountKey: string): D1PreparedStatement[] {
  const account = `(SELECT a.id FROM account AS a WHERE ${accountIs(accountKey)})`;
  return [
    // A change of a subscription is a new version with a new, later id: the latest ids are the latest updates.
    `SELECT ${SUBSCRIPTION_COLUMNS} FROM subscription AS t WHERE t.account_id = ${account} AND t.is_latest_version = 1 ` +
      `ORDER BY t.id DESC LIMIT ${SUMMARY_ROWS_MAX}`,
    'SELECT i.id, i.invoice_number, i.invoice_date, i.due_date, i.status, i.currency, i.amount_minor, i.balance_minor ' +
      `FROM invoice AS i WHERE i.account_id = ${account} ORDER BY i.invoice_date DESC, i.id DESC LIMIT ${SUMMARY_ROWS_MAX}`,
    'SELECT p.id, p.payment_number, p.effective_date, p.type, p.status, p.currency, p.amount_minor ' +
      `FROM payment AS p WHERE p.account_id = ${account} ORDER BY p.effective_date DESC, p.id DESC LIMIT ${SUMMARY_ROWS_MAX}`,
    'SELECT p.effective_date, p.amount_minor, p.currency ' +
      `FROM payment AS p WHERE p.account_id = ${account} AND p.status = 'Processed' ` +
      'ORDER BY p.effective_date DESC, p.id DESC LIMIT 1',
    `SELECT u.start_date, u.quantity, u.unit_of_measure FROM usage AS u WHERE u.account_id = ${account} ` +
      `ORDER BY u.start_date DESC, u.id DESC LIMIT ${SUMMARY_ROWS_MAX}`,
  ].map((sql) => db.prepare(sql).bind(accountKey));
}

/**
 * The account with the latest six of its subscriptions, invoices, payments and records of usage, in two round trips: each by an index that ends
 * after six rows, whatever the account holds.
 */
export async function readAccountSummary(
  db: D1Database,
  accountKey: string,
): Promise<AccountSummaryView | null> {
  const accountReads = accountStatements(db, accountKey);
  const results = await db.batch<Row>([...accountReads, ...summaryStatements(db, accountKey)]);
  const view = toAccountView(results);
  if (view === null) return null;
  const [subscriptions, invoices, payments, lastPayments, usage] = results.slice(accountReads.length);
  const last = lastPayments!.results[0];
  const inner = await readInner(db, subscriptions!.results, payments!.results);
  return {
    ...view,
    lastPayment:
      last === undefined
        ? null
        : {
            effectiveDate: last.effective_date as string,
            amountMinor: last.amount_minor as number,
            currency: last.currency as string,
          },
    subscriptions: subscriptions!.results.map((row, i) => toSubscription(row, inner.ratePlans[i]!)),
    invoices: invoices!.results.map(toInvoice),
    payments: payments!.results.map((row, i) => toPayment(row, inner.paidInvoices[i]!)),
    usage: usage!.results.map((row) => ({
      startDate: row.start_date as string,
      quantity: row.quantity as Decimal,
      unitOfMeasure: row.unit_of_measure as string,
    })),
  };
}

const RATE_PLANS =
  'SELECT product_id, product_name, product_sku, product_rate_plan_id, name FROM rate_plan ' +
  'WHERE subscription_original_id = ?1 AND added_in_version <= ?2 AND (removed_in_version IS NULL OR removed_in_version > ?2) ' +
  `ORDER BY id LIMIT ${INNER_ROWS_MAX}`;
const PAID_INVOICES =
  'SELECT x.invoice_id, i.invoice_number, i.currency, x.amount_minor FROM payment_application AS x ' +
  'CROSS JOIN invoice AS i ON i.id = x.invoice_id WHERE x.payment_id = ?1 AND x.amount_minor > 0 ' +
  `LIMIT ${INNER_ROWS_MAX}`;

async function readInner(
  db: D1Database,
  subscriptions: readonly Row[],
  payments: readonly Row[],
): Promise<{ ratePlans: Row[][]; paidInvoices: Row[][] }> {
  const statements = [
    ...subscriptions.map((row) => db.prepare(RATE_PLANS).bind(row.original_id, row.version)),
    ...payments.map((row) => db.prepare(PAID_INVOICES).bind(row.id)),
  ];
  const results = statements.length === 0 ? [] : await db.batch<Row>(statements);
  const rows = results.map((result) => result.results);
  return { ratePlans: rows.slice(0, subscriptions.length), paidInvoices: rows.slice(subscriptions.length) };
}

function toSubscription(row: Row, ratePlans: readonly Row[]): SummarySubscription {
  return {
    id: row.id as string,
    subscriptionNumber: row.subscription_number as string,
    status: row.status as string,
    autoRenew: row.auto_renew === 1,
    termType: row.term_type as string,
    initialTerm: row.initial_term as number | null,
    renewalTerm: row.renewal_term as number | null,
    subscriptionStartDate: row.subscription_start_date as string,
    termStartDate: row.term_start_date as string,
    termEndDate: row.term_end_date as string | null,
    ratePlans: ratePlans.map((plan) => ({
      productId: plan.product_id as string,
      productName: plan.product_name as string,
      productSku: plan.product_sku as string,
      productRatePlanId: plan.product_rate_plan_id as string,
      ratePlanName: plan.name as string,
    })),
  };
}

function toInvoice(row: Row): SummaryInvoice {
  return {
    id: row.id as string,
    invoiceNumber: row.invoice_number as string,
    invoiceDate: row.invoice_date as string,
    dueDate: row.due_date as string,
    status: row.status as string,
    currency: row.currency as string,
    amountMinor: row.amount_minor as number,
    balanceMinor: row.balance_minor as number,
  };
}

function toPayment(row: Row, paidInvoices: readonly Row[]): SummaryPayment {
  return {
    id: row.id as string,
    paymentNumber: row.payment_number as string,
    effectiveDate: row.effective_date as string,
    paymentType: row.type as string,
    status: row.status as string,
    paidInvoices: paidInvoices.map((paid) => ({
      invoiceId: paid.invoice_id as string,
      invoiceNumber: paid.invoice_number as string,
      currency: paid.currency as string,
      amountMinor: paid.amount_minor as number,
    })),
  };
}

import { isId } from '../domain/account/state.ts';
import type { Application } from '../domain/settlement/application.ts';
import type { Payment } from '../domain/settlement/payment.ts';
import { entityTables, fromRow, selectList } from './entity-tables.ts';
import type { RowRange } from './row-range.ts';

/** A payment with the number of its account. */
export interface ShownPayment {
  readonly payment: Payment;
  readonly accountNumber: string;
}

const payments = entityTables.payment;
const applications = entityTables.paymentApplication;
const SELECT =
  `SELECT ${selectList(payments, 'p')}, a.account_number AS shown_account_number ` +
  'FROM payment AS p JOIN account AS a ON a.id = p.account_id';

function toShown(row: Record<string, unknown>): ShownPayment {
  return {
    payment: fromRow<'payment'>(payments, row),
    accountNumber: row.shown_account_number as string,
  };
}

/** A payment by id or number. */
export async function readPayment(db: D1Database, key: string): Promise<ShownPayment | null> {
  const row = await db
    .prepare(`${SELECT} WHERE p.${isId(key) ? 'id' : 'payment_number'} = ?1`)
    .bind(key)
    .first<Record<string, unknown>>();
  return row === null ? null : toShown(row);
}

/** What a list of payments is narrowed to. The account or the number leads to an index; the others narrow what it finds. */
export interface PaymentFilter {
  readonly accountId?: string | undefined;
  readonly number?: string | undefined;
  readonly effectiveDate?: string | undefined;
  readonly currency?: string | undefined;
  readonly status?: string | undefined;
  readonly type?: string | undefined;
}

/** Payments, the newest first: by effective date within an account, by creation over all. */
export async function readPayments(
  db: D1Database,
  filter: PaymentFilter,
  { offset, rowsMax }: RowRange,
): Promise<ShownPayment[]> {
  const columns: Array<readonly [string, string | undefined]> = [
    ['account_id', filter.accountId],
    ['payment_number', filter.number],
    ['effective_date', filter.effectiveDate],
    ['currency', filter.currency],
    ['status', filter.status],
    ['type', filter.type],
  ];
  const given = columns.filter(([, value]) => value !== undefined);
  const where = given.map(([column], i) => `p.${column} = ?${i + 3}`).join(' AND ');
  const order = filter.accountId === undefined ? 'p.id DESC' : 'p.effective_date DESC, p.rowid DESC';
  const { results } = await db
    .prepare(`${SELECT} ${where === '' ? '' : `WHERE ${where} `}ORDER BY ${order} LIMIT ?1 OFFSET ?2`)
    .bind(rowsMax, offset, ...given.map(([, value]) => value))
    .all<Record<string, unknown>>();
  return results.map(toShown);
}

/** What a payment is applied to, by invoice. */
export async function readPaymentParts(
  db: D1Database,
  paymentId: string,
  { offset, rowsMax }: RowRange,
): Promise<Application[]> {
  const { results } = await db
    .prepare(
      `SELECT ${selectList(applications, 'a')} FROM payment_application AS a WHERE a.payment_id = ?1 ` +
        'ORDER BY a.invoice_id LIMIT ?2 OFFSET ?3',
    )
    .bind(paymentId, rowsMax, offset)
    .all<Record<string, unknown>>();
  return results.map((row) => fromRow<'paymentApplication'>(applications, row));
}

/** One part of a payment; null when it is none of this payment's. */
export async function readPaymentPart(
  db: D1Database,
  paymentId: string,
  partId: string,
): Promise<Application | null> {
  const row = await db
    .prepare(
      `SELECT ${selectList(applications, 'a')} FROM payment_application AS a WHERE a.id = ?1 AND a.payment_id = ?2`,
    )
    .bind(partId, paymentId)
    .first<Record<string, unknown>>();
  return row === null ? null : fromRow<'paymentApplication'>(applications, row);
}

/** An invoice that a payment paid, or paid in part. */
export interface PaidInvoice {
  readonly paymentId: string;
  readonly invoiceId: string;
  readonly invoiceNumber: string;
  readonly amountMinor: number;
}

/** What these payments are applied to: at most so many invoices of each. */
export async function readPaidInvoices(
  db: D1Database,
  paymentIds: readonly string[],
  invoicesMax: number,
): Promise<PaidInvoice[]> {
  const { results } = await db
    .prepare(
      'SELECT a.payment_id AS paymentId, a.invoice_id AS invoiceId, i.invoice_number AS invoiceNumber, ' +
        'a.amount_minor AS amountMinor FROM json_each(?1) AS j ' +
        'CROSS JOIN payment_application AS a ON a.payment_id = j.value AND a.invoice_id IN ' +
        '(SELECT b.invoice_id FROM payment_application AS b WHERE b.payment_id = j.value ORDER BY b.invoice_id LIMIT ?2) ' +
        'CROSS JOIN invoice AS i ON i.id = a.invoice_id ORDER BY a.payment_id, a.invoice_id',
    )
    .bind(JSON.stringify(paymentIds), invoicesMax)
    .all<PaidInvoice & Record<string, unknown>>();
  return results;
}

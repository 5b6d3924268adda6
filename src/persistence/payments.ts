import { isId } from '../domain/account/state.ts';
import type { Application } from '../domain/settlement/application.ts';
import type { PaymentReply } from '../domain/settlement/payment.ts';
import { entityTables, fromRow, selectList } from './entity-tables.ts';
import { type Listing, readListing } from './listing.ts';
import type { RowRange } from './row-range.ts';

const payments = entityTables.payment;
const applications = entityTables.paymentApplication;
const SELECT =
  `SELECT ${selectList(payments, 'p')}, a.account_number AS shown_account_number ` +
  'FROM payment AS p LEFT JOIN account AS a ON a.id = p.account_id';

function toShown(row: Record<string, unknown>): PaymentReply {
  return {
    payment: fromRow<'payment'>(payments, row),
    accountNumber: row.shown_account_number as string | null,
  };
}

/** A payment by id or number. */
export async function readPayment(db: D1Database, key: string): Promise<PaymentReply | null> {
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

/** Payments, unless sorted the newest first: by effective date within an account, by creation over all. */
export async function readPayments(
  db: D1Database,
  filter: PaymentFilter,
  { sorting, range }: Listing,
): Promise<PaymentReply[]> {
  const rows = await readListing(db, {
    select: SELECT,
    equals: [
      ['p.account_id', filter.accountId],
      ['p.payment_number', filter.number],
      ['p.effective_date', filter.effectiveDate],
      ['p.currency', filter.currency],
      ['p.status', filter.status],
      ['p.type', filter.type],
    ],
    newestFirst: filter.accountId === undefined ? ['p.id'] : ['p.effective_date', 'p.id'],
    sortable: {
      effectiveDate: ['p.effective_date', 'p.id'],
      createdDate: ['p.id'],
      number: ['p.payment_number'],
    },
    sorting,
    range,
  });
  return rows.map(toShown);
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

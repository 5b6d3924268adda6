import { isId } from '../domain/account/state.ts';
import type { PaymentMethod } from '../domain/settlement/payment-method.ts';
import { entityTables, fromRow, selectList } from './entity-tables.ts';
import type { RowRange } from './row-range.ts';

/** A payment method, and whether it is its account's default. */
export interface ShownPaymentMethod {
  readonly method: PaymentMethod;
  readonly isDefault: boolean;
}

/** What the payment methods of an account hang on. */
export interface PayingAccount {
  readonly id: string;
  readonly defaultPaymentMethodId: string | null;
  readonly paymentGateway: string | null;
}

const table = entityTables.paymentMethod;
const DEFAULT_ID = "json_extract(a.details, '$.defaultPaymentMethodId')";
const SELECT =
  `SELECT ${selectList(table, 'm')}, m.id IS ${DEFAULT_ID} AS is_default ` +
  'FROM payment_method AS m JOIN account AS a ON a.id = m.account_id';

function toShown(row: Record<string, unknown>): ShownPaymentMethod {
  return { method: fromRow<'paymentMethod'>(table, row), isDefault: row.is_default === 1 };
}

export async function readPaymentMethod(db: D1Database, id: string): Promise<ShownPaymentMethod | null> {
  const row = await db.prepare(`${SELECT} WHERE m.id = ?1`).bind(id).first<Record<string, unknown>>();
  return row === null ? null : toShown(row);
}

/** Which of an account's methods a list shows. */
export interface PaymentMethodFilter {
  readonly type?: PaymentMethod['type'];
  readonly activeOnly?: boolean;
  readonly defaultOnly?: boolean;
}

/** The methods of an account, the oldest first. */
export async function readPaymentMethods(
  db: D1Database,
  accountId: string,
  { type, activeOnly, defaultOnly }: PaymentMethodFilter,
  { offset, rowsMax }: RowRange,
): Promise<ShownPaymentMethod[]> {
  const { results } = await db
    .prepare(
      `${SELECT} WHERE m.account_id = ?1 AND (?2 IS NULL OR m.type = ?2)` +
        `${activeOnly === true ? " AND m.status = 'Active'" : ''}` +
        `${defaultOnly === true ? ` AND m.id = ${DEFAULT_ID}` : ''} ORDER BY m.id LIMIT ?3 OFFSET ?4`,
    )
    .bind(accountId, type ?? null, rowsMax, offset)
    .all<Record<string, unknown>>();
  return results.map(toShown);
}

/** An account by id or number; null when there is none. */
export async function findPayingAccount(db: D1Database, key: string): Promise<PayingAccount | null> {
  return db
    .prepare(
      `SELECT a.id, ${DEFAULT_ID} AS defaultPaymentMethodId, json_extract(a.details, '$.paymentGateway') AS paymentGateway ` +
        `FROM account AS a WHERE a.${isId(key) ? 'id' : 'account_number'} = ?1`,
    )
    .bind(key)
    .first<PayingAccount & Record<string, unknown>>();
}

/** Ids of an account's posted invoices that are due by a day, not settled and not reversed, the longest due first. */
export async function findDueInvoices(
  db: D1Database,
  accountId: string,
  dueBy: string,
  rowsMax: number,
): Promise<string[]> {
  const { results } = await db
    .prepare(
      "SELECT id FROM invoice WHERE account_id = ?1 AND status = 'Posted' AND balance_minor > 0 AND due_date <= ?2 " +
        'AND is_reversed = 0 AND currency = (SELECT currency FROM account WHERE id = ?1) ORDER BY due_date, id LIMIT ?3',
    )
    .bind(accountId, dueBy, rowsMax)
    .all<{ id: string }>();
  return results.map(({ id }) => id);
}

/** Number and amount of credit memos, in the order of their numbers. */
export async function readMemoTotals(
  db: D1Database,
  ids: readonly string[],
): Promise<Array<{ id: string; memoNumber: string; amountMinor: number; currency: string }>> {
  const { results } = await db
    .prepare(
      'SELECT id, memo_number AS memoNumber, amount_minor AS amountMinor, currency FROM credit_memo ' +
        'WHERE id IN (SELECT value FROM json_each(?1)) ORDER BY memo_number',
    )
    .bind(JSON.stringify(ids))
    .all<{ id: string; memoNumber: string; amountMinor: number; currency: string }>();
  return results;
}

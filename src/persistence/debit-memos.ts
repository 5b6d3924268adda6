import { isId } from '../domain/account/state.ts';
import type { DebitMemoReply } from '../domain/settlement/debit-memo.ts';
import { entityTables, fromRow, selectList } from './entity-tables.ts';
import type { RowRange } from './row-range.ts';

const memos = entityTables.debitMemo;
const SELECT =
  `SELECT ${selectList(memos, 'm')}, a.account_number AS shown_account_number ` +
  'FROM debit_memo AS m JOIN account AS a ON a.id = m.account_id';

function toShown(row: Record<string, unknown>): DebitMemoReply {
  return { memo: fromRow<'debitMemo'>(memos, row), accountNumber: row.shown_account_number as string };
}

/** A debit memo by id or number. */
export async function readDebitMemo(db: D1Database, key: string): Promise<DebitMemoReply | null> {
  const row = await db
    .prepare(`${SELECT} WHERE m.${isId(key) ? 'id' : 'memo_number'} = ?1`)
    .bind(key)
    .first<Record<string, unknown>>();
  return row === null ? null : toShown(row);
}

/** What a list of debit memos is narrowed to. The account, the number or the invoice leads to an index; the others narrow what it finds. */
export interface DebitMemoFilter {
  readonly accountId?: string | undefined;
  readonly number?: string | undefined;
  readonly referredInvoiceId?: string | undefined;
  readonly currency?: string | undefined;
  readonly status?: string | undefined;
  readonly debitMemoDate?: string | undefined;
  readonly dueDate?: string | undefined;
  readonly targetDate?: string | undefined;
}

/** Debit memos, the newest first: by their date within an account, by creation otherwise. */
export async function readDebitMemos(
  db: D1Database,
  filter: DebitMemoFilter,
  { offset, rowsMax }: RowRange,
): Promise<DebitMemoReply[]> {
  const columns: Array<readonly [string, string | undefined]> = [
    ['account_id', filter.accountId],
    ['memo_number', filter.number],
    ['referred_invoice_id', filter.referredInvoiceId],
    ['currency', filter.currency],
    ['status', filter.status],
    ['memo_date', filter.debitMemoDate],
    ['due_date', filter.dueDate],
    ['target_date', filter.targetDate],
  ];
  const given = columns.filter(([, value]) => value !== undefined);
  const where = given.map(([column], i) => `m.${column} = ?${i + 3}`).join(' AND ');
  const byDate = filter.accountId !== undefined && filter.referredInvoiceId === undefined;
  const { results } = await db
    .prepare(
      `${SELECT} ${where === '' ? '' : `WHERE ${where} `}ORDER BY ${byDate ? 'm.memo_date DESC, ' : ''}m.id DESC LIMIT ?1 OFFSET ?2`,
    )
    .bind(rowsMax, offset, ...given.map(([, value]) => value))
    .all<Record<string, unknown>>();
  return results.map(toShown);
}

import { isId } from '../domain/account/state.ts';
import type { Application } from '../domain/settlement/application.ts';
import type { CreditMemoReply } from '../domain/settlement/credit-memo.ts';
import { entityTables, fromRow, selectList } from './entity-tables.ts';
import type { RowRange } from './row-range.ts';

const memos = entityTables.creditMemo;
const applications = entityTables.creditMemoApplication;
const SELECT =
  `SELECT ${selectList(memos, 'm')}, a.account_number AS shown_account_number ` +
  'FROM credit_memo AS m JOIN account AS a ON a.id = m.account_id';

function toShown(row: Record<string, unknown>): CreditMemoReply {
  return { memo: fromRow<'creditMemo'>(memos, row), accountNumber: row.shown_account_number as string };
}

/** A credit memo by id or number. */
export async function readCreditMemo(db: D1Database, key: string): Promise<CreditMemoReply | null> {
  const row = await db
    .prepare(`${SELECT} WHERE m.${isId(key) ? 'id' : 'memo_number'} = ?1`)
    .bind(key)
    .first<Record<string, unknown>>();
  return row === null ? null : toShown(row);
}

/** What a list of credit memos is narrowed to. The account, the number or the invoice leads to an index; the others narrow what it finds. */
export interface CreditMemoFilter {
  readonly accountId?: string | undefined;
  readonly number?: string | undefined;
  readonly referredInvoiceId?: string | undefined;
  readonly autoApplyUponPosting?: boolean | undefined;
  readonly excludeFromAutoApplyRules?: boolean | undefined;
  readonly memoDate?: string | undefined;
  readonly currency?: string | undefined;
  readonly status?: string | undefined;
  readonly targetDate?: string | undefined;
  /** By date within an account, by number over all. */
  readonly sort?: { readonly column: 'memoDate' | 'number'; readonly direction: 'ASC' | 'DESC' } | undefined;
}

/** Credit memos, as sorted; otherwise the newest first: by their date within an account, by creation over all. */
export async function readCreditMemos(
  db: D1Database,
  filter: CreditMemoFilter,
  { offset, rowsMax }: RowRange,
): Promise<CreditMemoReply[]> {
  const flag = (value: boolean | undefined) => (value === undefined ? undefined : Number(value));
  const columns: Array<readonly [string, string | number | undefined]> = [
    ['account_id', filter.accountId],
    ['memo_number', filter.number],
    ['referred_invoice_id', filter.referredInvoiceId],
    ['auto_apply_upon_posting', flag(filter.autoApplyUponPosting)],
    ['exclude_from_auto_apply_rules', flag(filter.excludeFromAutoApplyRules)],
    ['memo_date', filter.memoDate],
    ['currency', filter.currency],
    ['status', filter.status],
    ['target_date', filter.targetDate],
  ];
  const given = columns.filter(([, value]) => value !== undefined);
  const where = given.map(([column], i) => `m.${column} = ?${i + 3}`).join(' AND ');
  const { results } = await db
    .prepare(
      `${SELECT} ${where === '' ? '' : `WHERE ${where} `}ORDER BY ${orderOf(filter)} LIMIT ?1 OFFSET ?2`,
    )
    .bind(rowsMax, offset, ...given.map(([, value]) => value))
    .all<Record<string, unknown>>();
  return results.map(toShown);
}

function orderOf({ accountId, referredInvoiceId, sort }: CreditMemoFilter): string {
  if (sort?.column === 'number') return `m.memo_number ${sort.direction}`;
  const direction = sort?.direction ?? 'DESC';
  const isByDate = accountId !== undefined && (sort !== undefined || referredInvoiceId === undefined);
  return isByDate ? `m.memo_date ${direction}, m.id ${direction}` : `m.id ${direction}`;
}

/** What a credit memo is applied to, by document. */
export async function readCreditMemoParts(
  db: D1Database,
  memoId: string,
  { offset, rowsMax }: RowRange,
): Promise<Application[]> {
  const { results } = await db
    .prepare(
      `SELECT ${selectList(applications, 'a')} FROM credit_memo_application AS a WHERE a.credit_memo_id = ?1 ` +
        'ORDER BY a.document_id LIMIT ?2 OFFSET ?3',
    )
    .bind(memoId, rowsMax, offset)
    .all<Record<string, unknown>>();
  return results.map((row) => fromRow<'creditMemoApplication'>(applications, row));
}

/** One part of a credit memo; null when it is none of this memo's. */
export async function readCreditMemoPart(
  db: D1Database,
  memoId: string,
  partId: string,
): Promise<Application | null> {
  const row = await db
    .prepare(
      `SELECT ${selectList(applications, 'a')} FROM credit_memo_application AS a WHERE a.id = ?1 AND a.credit_memo_id = ?2`,
    )
    .bind(partId, memoId)
    .first<Record<string, unknown>>();
  return row === null ? null : fromRow<'creditMemoApplication'>(applications, row);
}

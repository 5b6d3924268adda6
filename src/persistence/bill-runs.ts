import { isId } from '../domain/account/state.ts';
import {
  type BillRun,
  type BillRunAccount,
  type BillRunFailure,
  type BillRunProgress,
  billRunAccountId,
} from '../domain/billing/bill-run.ts';
import { entityTables, fromRow, selectList } from './entity-tables.ts';
import type { RowRange } from './row-range.ts';

const runs = entityTables.billRun;
const rows = entityTables.billRunAccount;

type Row = Record<string, unknown>;
type AccountStatus = BillRunAccount['status'];

/** A bill run by id or number. */
export async function readBillRun(db: D1Database, key: string): Promise<BillRun | null> {
  const column = isId(key) ? 'id' : 'bill_run_number';
  const row = await db
    .prepare(`SELECT ${selectList(runs, 'b')} FROM bill_run AS b WHERE b.${column} = ?1`)
    .bind(key)
    .first<Row>();
  return row === null ? null : fromRow<'billRun'>(runs, row);
}

/** Bill runs, newest first: their ids are ordered by time. */
export async function readBillRuns(db: D1Database, { offset, rowsMax }: RowRange): Promise<BillRun[]> {
  const { results } = await db
    .prepare(`SELECT ${selectList(runs, 'b')} FROM bill_run AS b ORDER BY b.id DESC LIMIT ?1 OFFSET ?2`)
    .bind(rowsMax, offset)
    .all<Row>();
  return results.map((row) => fromRow<'billRun'>(runs, row));
}

/** Runs with something to do: what the sweep asks for. */
export const OPEN_BILL_RUNS_SQL =
  "SELECT id FROM bill_run WHERE status IN ('Pending', 'Processing', 'Posting', 'Canceling', 'Removing') ORDER BY id LIMIT ?1";

export async function findOpenBillRuns(db: D1Database, runsMax: number): Promise<string[]> {
  const { results } = await db.prepare(OPEN_BILL_RUNS_SQL).bind(runsMax).all<{ id: string }>();
  return results.map(({ id }) => id);
}

/** A run and one of its accounts as they are together; null when either is gone. */
export async function readBillRunAccount(
  db: D1Database,
  billRunId: string,
  accountId: string,
): Promise<{ readonly run: BillRun; readonly row: BillRunAccount } | null> {
  const [run, row] = await db.batch<Row>([
    db.prepare(`SELECT ${selectList(runs, 'b')} FROM bill_run AS b WHERE b.id = ?1`).bind(billRunId),
    db
      .prepare(`SELECT ${selectList(rows, 'a')} FROM bill_run_account AS a WHERE a.id = ?1`)
      .bind(billRunAccountId(billRunId, accountId)),
  ]);
  if (run?.results[0] === undefined || row?.results[0] === undefined) return null;
  return {
    run: fromRow<'billRun'>(runs, run.results[0]),
    row: fromRow<'billRunAccount'>(rows, row.results[0]),
  };
}

/**
 * Accounts of a run in these states about which nothing was heard or asked since an instant, and notes that they are asked now. What is noted
 * is only when to ask again: it is no change of the row.
 */
export const ASK_ACCOUNTS_SQL =
  'UPDATE bill_run_account SET updated_at = ?4 WHERE id IN (SELECT a.id FROM json_each(?2) AS s CROSS JOIN bill_run_account AS a ' +
  'WHERE a.bill_run_id = ?1 AND a.status = s.value AND a.updated_at < ?3 LIMIT ?5) RETURNING account_id AS accountId';

export async function askAccounts(
  db: D1Database,
  billRunId: string,
  statuses: readonly AccountStatus[],
  { since, now, accountsMax }: { readonly since: string; readonly now: string; readonly accountsMax: number },
): Promise<string[]> {
  const { results } = await db
    .prepare(ASK_ACCOUNTS_SQL)
    .bind(billRunId, JSON.stringify(statuses), since, now, accountsMax)
    .all<{ accountId: string }>();
  return results.map(({ accountId }) => accountId);
}

/** Whether accounts of the run are in one of these states; when none is, how many were refused, which is not counted before. */
export const LEFT_ACCOUNTS_SQL =
  'SELECT is_left, CASE WHEN is_left THEN 0 ELSE ' +
  "(SELECT count(*) FROM bill_run_account WHERE bill_run_id = ?1 AND status = 'Error') END AS failures FROM (" +
  'SELECT EXISTS (SELECT 1 FROM json_each(?2) AS s CROSS JOIN bill_run_account AS a WHERE a.bill_run_id = ?1 AND a.status = s.value) AS is_left)';

export async function readLeftAccounts(
  db: D1Database,
  billRunId: string,
  statuses: readonly AccountStatus[],
): Promise<{ readonly isLeft: boolean; readonly failures: number }> {
  const row = await db
    .prepare(LEFT_ACCOUNTS_SQL)
    .bind(billRunId, JSON.stringify(statuses))
    .first<{ is_left: number; failures: number }>();
  return { isLeft: row!.is_left === 1, failures: row!.failures };
}

const STATUSES = ['Pending', 'Processing', 'Completed', 'Posted', 'Canceled', 'Error'] as const;

/** Reads the rows of this run's accounts and the index entries of its documents, and nothing else. */
export const PROGRESS_SQL = {
  accounts:
    'SELECT status, count(*) AS accounts, sum(subscriptions) AS subscriptions, sum(lines) AS lines, sum(pieces) AS pieces, ' +
    'sum(messages) AS messages FROM bill_run_account WHERE bill_run_id = ?1 GROUP BY status',
  invoices: 'SELECT count(*) AS documents FROM invoice WHERE bill_run_id = ?1',
  creditMemos: 'SELECT count(*) AS documents FROM credit_memo WHERE bill_run_id = ?1',
} as const;

export async function readBillRunProgress(db: D1Database, billRunId: string): Promise<BillRunProgress> {
  const [states, invoices, creditMemos] = await db.batch<Row>(
    [PROGRESS_SQL.accounts, PROGRESS_SQL.invoices, PROGRESS_SQL.creditMemos].map((sql) =>
      db.prepare(sql).bind(billRunId),
    ),
  );
  const sum = (name: string) => states!.results.reduce((total, state) => total + (state[name] as number), 0);
  const accountsIn = (status: AccountStatus) =>
    (states!.results.find((state) => state.status === status)?.accounts as number | undefined) ?? 0;
  return {
    accounts: Object.fromEntries(
      STATUSES.map((status) => [status, accountsIn(status)]),
    ) as BillRunProgress['accounts'],
    subscriptions: sum('subscriptions'),
    lines: sum('lines'),
    pieces: sum('pieces'),
    messages: sum('messages'),
    invoices: invoices!.results[0]!.documents as number,
    creditMemos: creditMemos!.results[0]!.documents as number,
  };
}

export async function readBillRunFailures(
  db: D1Database,
  billRunId: string,
  { offset, rowsMax }: RowRange,
): Promise<BillRunFailure[]> {
  const { results } = await db
    .prepare(
      'SELECT a.account_id AS accountId, b.account_number AS accountNumber, a.failure AS reason ' +
        "FROM bill_run_account AS a LEFT JOIN account AS b ON b.id = a.account_id WHERE a.bill_run_id = ?1 AND a.status = 'Error' " +
        'ORDER BY a.updated_at, a.id LIMIT ?2 OFFSET ?3',
    )
    .bind(billRunId, rowsMax, offset)
    .all<BillRunFailure & Row>();
  return results;
}

/** A document of a run and account, as far as its next step goes. */
export interface RunDocument {
  readonly kind: 'invoice' | 'creditMemo';
  readonly id: string;
  readonly revision: number;
  readonly amountMinor: number;
  readonly lineCount: number;
  /** Its lines are on their way into the credit memo of the same id. */
  readonly isMoving: 0 | 1;
}

const documentsSql = (table: string, kind: string, isMoving: string) =>
  `SELECT * FROM (SELECT '${kind}' AS kind, d.id, d.revision, d.amount_minor AS amountMinor, d.line_count AS lineCount, ${isMoving} AS isMoving ` +
  `FROM json_each(?3) AS s CROSS JOIN ${table} AS d WHERE d.bill_run_id = ?1 AND d.account_id = ?2 AND d.status = s.value LIMIT ?4)`;

/** Invoices before credit memos. */
export const RUN_DOCUMENTS_SQL =
  `${documentsSql('invoice', 'invoice', 'EXISTS (SELECT 1 FROM credit_memo AS m WHERE m.id = d.id)')} ` +
  `UNION ALL ${documentsSql('credit_memo', 'creditMemo', '0')} LIMIT ?4`;

export async function findRunDocuments(
  db: D1Database,
  { billRunId, accountId }: Pick<BillRunAccount, 'billRunId' | 'accountId'>,
  statuses: ReadonlyArray<'Generating' | 'Draft' | 'Canceled'>,
  documentsMax: number,
): Promise<RunDocument[]> {
  const { results } = await db
    .prepare(RUN_DOCUMENTS_SQL)
    .bind(billRunId, accountId, JSON.stringify(statuses), documentsMax)
    .all<RunDocument & Row>();
  return results;
}

/** Ids of the first lines of an invoice. */
export async function findFirstItems(db: D1Database, invoiceId: string, itemsMax: number): Promise<string[]> {
  const { results } = await db
    .prepare('SELECT id FROM invoice_item WHERE invoice_id = ?1 ORDER BY line LIMIT ?2')
    .bind(invoiceId, itemsMax)
    .all<{ id: string }>();
  return results.map(({ id }) => id);
}

import { BILLION } from './exact-decimals.ts';
import { TODAY } from './order-action-bodies.ts';
import type { OrderTables, Row } from './order-tables.ts';
import type { SettlementTables } from './settlement-auditor.ts';
import { contractedByAccount } from './subscription-auditor.ts';

/** Places of an account's numbers in one currency. */
const [TIB, TDB, UPA, UCM, CMRR, LID] = [0, 1, 2, 3, 4, 5] as const;
const ZERO = [0n, 0n, 0n, 0n, 0n, 0n];

/**
 * I8, I9 and the account's part of I5: what is published is the fold of the deltas and the recomputation from the documents; both
 * formulas of the balance agree (semantics B.1).
 */
export async function auditMetrics(
  db: D1Database,
  tables: OrderTables,
  settlement: SettlementTables,
): Promise<string[]> {
  const problems: string[] = [];
  const rows = async (sql: string) => (await db.prepare(sql).all<Row>()).results;
  const published = new Totals();
  for (const row of await rows('SELECT * FROM account_metrics')) addColumns(published, row);
  const folded = new Totals();
  const withdrawn = new Set<string>();
  for (const row of await rows('SELECT * FROM metric_delta')) {
    addColumns(folded, row);
    if (row.withdraws_invoice_date === 1) withdrawn.add(keyOf(row));
  }
  const truth = recompute(tables, settlement, problems);
  for (const key of new Set([published, folded, truth].flatMap((totals) => [...totals.byKey.keys()]))) {
    const shown = published.row(key);
    const fold = [...folded.row(key)];
    // A date that was withdrawn is no maximum of deltas: there the documents alone say it.
    if (withdrawn.has(key)) fold[LID] = truth.row(key)[LID]!;
    if (shown.join(' ') !== fold.join(' '))
      problems.push(`I8: ${key} publishes ${shown.join(' ')}, its deltas are ${fold.join(' ')}`);
    if (shown.join(' ') !== truth.row(key).join(' '))
      problems.push(`I8: ${key} publishes ${shown.join(' ')}, its documents are ${truth.row(key).join(' ')}`);
  }
  const places = await rows(
    'SELECT a.id AS account_id, a.currency, s.balance_millionths, s.mrr_millionths FROM account AS a ' +
      'LEFT JOIN metrics_state AS s ON s.account_id = a.id',
  );
  return [...problems, ...places.flatMap((row) => misplaced(row, published.row(keyOf(row))))];
}

/** Where an account stands in the orders of balances and of MRR is what it publishes in its own currency. Crowds write in US dollars. */
function misplaced(row: Row, shown: readonly bigint[]): string[] {
  const cents = shown[TIB]! + shown[TDB]! - shown[UPA]! - shown[UCM]!;
  const nano = shown[CMRR]!;
  const mrrCents = nano < 0n ? -((-nano + 5_000_000n) / 10_000_000n) : (nano + 5_000_000n) / 10_000_000n;
  const wanted = `${cents * 10_000n} ${mrrCents * 10_000n}`;
  const found = `${row.balance_millionths} ${row.mrr_millionths}`;
  return found === wanted ? [] : [`I8: ${keyOf(row)} stands at ${found}, its numbers are ${wanted}`];
}

function keyOf(row: Row): string {
  return `${row.account_id} ${row.currency}`;
}

function addColumns(totals: Totals, row: Row): void {
  const key = keyOf(row);
  totals.add(key, TIB, BigInt(row.total_invoice_balance_minor!));
  totals.add(key, TDB, BigInt(row.total_debit_memo_balance_minor!));
  totals.add(key, UPA, BigInt(row.unapplied_payment_minor!));
  totals.add(key, UCM, BigInt(row.unapplied_credit_memo_minor!));
  totals.add(key, CMRR, BigInt(row.contracted_mrr_whole!) * BILLION + BigInt(row.contracted_mrr_nano!));
  totals.raise(key, LID, dateNumber(row.last_invoice_date ?? null));
}

/** From balances; beside it, from amounts without any application. */
function recompute(tables: OrderTables, settlement: SettlementTables, problems: string[]): Totals {
  const totals = new Totals();
  const byAmounts = new Totals();
  const collect = (rows: readonly Row[], counts: string, place: number, column: string, sign: bigint) => {
    for (const row of rows) {
      if (row.status !== counts || row.account_id === '') continue;
      totals.add(keyOf(row), place, BigInt(row[column]!));
      byAmounts.add(keyOf(row), TIB, sign * BigInt(row.amount_minor!));
    }
  };
  collect(settlement.invoices, 'Posted', TIB, 'balance_minor', 1n);
  collect(settlement.debitMemos, 'Posted', TDB, 'balance_minor', 1n);
  collect(settlement.payments, 'Processed', UPA, 'unapplied_minor', -1n);
  collect(settlement.creditMemos, 'Posted', UCM, 'unapplied_minor', -1n);
  const counts = new Set(
    [...settlement.payments, ...settlement.creditMemos]
      .filter(({ status }) => status === 'Processed' || status === 'Posted')
      .map(({ id }) => id),
  );
  for (const row of settlement.refunds) {
    if (row.status === 'Processed' && row.account_id !== '' && counts.has(row.source_id ?? null))
      byAmounts.add(keyOf(row), TIB, BigInt(row.amount_minor!));
  }
  for (const row of settlement.invoices) {
    if (row.status === 'Posted') totals.raise(keyOf(row), LID, dateNumber(row.invoice_date ?? null));
  }
  for (const key of byAmounts.byKey.keys()) {
    const row = totals.row(key);
    const balance = row[TIB]! + row[TDB]! - row[UPA]! - row[UCM]!;
    const amounts = byAmounts.row(key)[TIB]!;
    if (balance !== amounts) problems.push(`I5: ${key} has two balances, ${balance} and ${amounts}`);
  }
  for (const [key, mrr] of contractedByAccount(tables, TODAY)) totals.add(key, CMRR, mrr);
  return totals;
}

class Totals {
  readonly byKey = new Map<string, bigint[]>();

  row(key: string): readonly bigint[] {
    return this.byKey.get(key) ?? ZERO;
  }

  add(key: string, column: number, amount: bigint): void {
    const row = this.#own(key);
    row[column] = row[column]! + amount;
  }

  raise(key: string, column: number, value: bigint): void {
    const row = this.#own(key);
    if (value > row[column]!) row[column] = value;
  }

  #own(key: string): bigint[] {
    let row = this.byKey.get(key);
    if (row === undefined) {
      row = [...ZERO];
      this.byKey.set(key, row);
    }
    return row;
  }
}

function dateNumber(date: string | number | null): bigint {
  return date === null ? 0n : BigInt(String(date).replaceAll('-', ''));
}

import { groupedBy, type Row } from './order-tables.ts';

/**
 * The documents' part of I5, from the tables alone: items add up, balances are what applications and refunds leave, and nothing is
 * applied, credited or refunded twice over.
 */

const QUERIES = {
  invoices: 'SELECT * FROM invoice',
  invoiceItems: 'SELECT * FROM invoice_item',
  creditMemos: 'SELECT * FROM credit_memo',
  creditMemoItems: 'SELECT * FROM credit_memo_item',
  debitMemos: 'SELECT * FROM debit_memo',
  debitMemoItems: 'SELECT * FROM debit_memo_item',
  payments: 'SELECT * FROM payment',
  refunds: 'SELECT * FROM refund',
  paymentApplications:
    'SELECT payment_id AS source_id, invoice_id AS target_id, target_kind, amount_minor, account_id, items FROM payment_application',
  creditMemoApplications:
    'SELECT credit_memo_id AS source_id, document_id AS target_id, target_kind, amount_minor, account_id, items FROM credit_memo_application',
} as const;

/** Everything that is billed, paid, credited and refunded, as it is in the database. */
export type SettlementTables = { readonly [Name in keyof typeof QUERIES]: readonly Row[] };

export async function settlementTables(db: D1Database): Promise<SettlementTables> {
  const results = await db.batch<Row>(Object.values(QUERIES).map((sql) => db.prepare(sql)));
  const entries = Object.keys(QUERIES).map((name, i) => [name, results[i]!.results]);
  return Object.fromEntries(entries) as SettlementTables;
}

type Found = { readonly problems: string[] };

/** Sums by id, exact. */
class Sums {
  readonly #byId = new Map<string, bigint>();

  static of(rows: readonly Row[], id: string, amount: (row: Row) => bigint): Sums {
    const sums = new Sums();
    for (const row of rows) if (row[id] !== null) sums.add(String(row[id]), amount(row));
    return sums;
  }

  add(id: string, amount: bigint): void {
    this.#byId.set(id, this.get(id) + amount);
  }

  get(id: string): bigint {
    return this.#byId.get(id) ?? 0n;
  }
}

const minor = (row: Row, column = 'amount_minor') => BigInt(row[column]!);
const withTax = (row: Row) => minor(row) + minor(row, 'tax_minor');

export function auditSettlement(tables: SettlementTables): string[] {
  const found: Found = { problems: [] };
  auditApplications(tables, found);
  for (const kind of ['invoice', 'debitMemo'] as const) auditTargets(tables, kind, found);
  auditCreditMemos(tables, found);
  auditPayments(tables, found);
  auditLines(tables, found);
  return found.problems;
}

function expect({ problems }: Found, holds: boolean, problem: string): void {
  if (!holds) problems.push(`I5: ${problem}`);
}

function itemsOf(
  application: Row,
): ReadonlyArray<{ sourceItemId: string | null; targetItemId: string; amountMinor: number }> {
  return JSON.parse(String(application.items)) as never;
}

/** Each is above zero, between documents that count, of one account; its lines are not above it. */
function auditApplications(tables: SettlementTables, found: Found): void {
  const posted = new Map<string, Row>();
  const { invoices, debitMemos, creditMemos, payments } = tables;
  for (const row of [...invoices, ...debitMemos, ...creditMemos]) {
    if (row.status === 'Posted') posted.set(String(row.id), row);
  }
  for (const row of payments) if (row.status === 'Processed') posted.set(String(row.id), row);
  for (const application of [...tables.paymentApplications, ...tables.creditMemoApplications]) {
    const name = `application of ${application.source_id} to ${application.target_id}`;
    const [source, target] = [application.source_id, application.target_id].map((id) =>
      posted.get(String(id)),
    );
    expect(found, minor(application) > 0n, `${name} is ${application.amount_minor}`);
    expect(found, source !== undefined && target !== undefined, `${name} has a side that does not count`);
    expect(
      found,
      source?.account_id === target?.account_id && source?.currency === target?.currency,
      `${name} is between accounts or currencies`,
    );
    const lines = itemsOf(application).reduce((sum, item) => sum + BigInt(item.amountMinor), 0n);
    expect(found, lines <= minor(application), `${name} names lines over ${lines}`);
  }
}

/** Invoices and debit memos: balance = amount − payments − credit memos, never below zero. */
function auditTargets(tables: SettlementTables, kind: 'invoice' | 'debitMemo', found: Found): void {
  const [documents, items, key] =
    kind === 'invoice'
      ? [tables.invoices, tables.invoiceItems, 'invoice_id']
      : [tables.debitMemos, tables.debitMemoItems, 'debit_memo_id'];
  const amounts = Sums.of(items, key, withTax);
  const paid = Sums.of(tables.paymentApplications, 'target_id', minor);
  const credited = Sums.of(tables.creditMemoApplications, 'target_id', minor);
  const lineCounts = groupedBy(items, key);
  for (const row of documents) {
    const id = String(row.id);
    const name = `${kind} ${id}`;
    expect(
      found,
      amounts.get(id) === minor(row),
      `${name} is ${row.amount_minor}, its items ${amounts.get(id)}`,
    );
    expect(
      found,
      minor(row, 'payments_applied_minor') === paid.get(id),
      `${name} notes other payments than are applied`,
    );
    expect(
      found,
      minor(row, 'credit_memos_applied_minor') === credited.get(id),
      `${name} notes other credit memos than are applied`,
    );
    const balance = minor(row) - paid.get(id) - credited.get(id);
    expect(
      found,
      minor(row, 'balance_minor') === balance,
      `${name} has balance ${row.balance_minor}, should be ${balance}`,
    );
    expect(found, balance >= 0n, `${name} has a negative balance ${balance}`);
    expect(found, minor(row) >= 0n, `${name} is negative`);
    expect(
      found,
      Number(row.line_count) === (lineCounts.get(id)?.length ?? 0),
      `${name} counts ${row.line_count} lines of ${lineCounts.get(id)?.length ?? 0}`,
    );
  }
}

/** Processed refunds by what they refund. */
function refundedBySource({ refunds }: SettlementTables): Sums {
  return Sums.of(
    refunds.filter(({ status }) => status === 'Processed'),
    'source_id',
    minor,
  );
}

/** amount = applied + unapplied + refunded, and each of them is what the rows say. */
function auditSource(row: Row, name: string, applied: bigint, refunded: bigint, found: Found): void {
  expect(
    found,
    minor(row, 'applied_minor') === applied,
    `${name} notes ${row.applied_minor} applied, applications are ${applied}`,
  );
  expect(
    found,
    minor(row, 'refunded_minor') === refunded,
    `${name} notes ${row.refunded_minor} refunded, refunds are ${refunded}`,
  );
  const parts = minor(row, 'applied_minor') + minor(row, 'unapplied_minor') + minor(row, 'refunded_minor');
  expect(found, parts === minor(row), `${name} does not add up`);
  expect(found, minor(row, 'unapplied_minor') >= 0n, `${name} is over-applied`);
}

function auditCreditMemos(tables: SettlementTables, found: Found): void {
  const amounts = Sums.of(tables.creditMemoItems, 'credit_memo_id', withTax);
  const applied = Sums.of(tables.creditMemoApplications, 'source_id', minor);
  const refunded = refundedBySource(tables);
  for (const row of tables.creditMemos) {
    const id = String(row.id);
    const name = `credit memo ${id}`;
    expect(
      found,
      amounts.get(id) === minor(row),
      `${name} is ${row.amount_minor}, its items ${amounts.get(id)}`,
    );
    auditSource(row, name, applied.get(id), refunded.get(id), found);
  }
}

function auditPayments(tables: SettlementTables, found: Found): void {
  const applied = Sums.of(tables.paymentApplications, 'source_id', minor);
  const refunded = refundedBySource(tables);
  for (const row of tables.payments) {
    const id = String(row.id);
    if (row.status === 'Processed')
      auditSource(row, `payment ${id}`, applied.get(id), refunded.get(id), found);
    else expect(found, applied.get(id) === 0n, `payment ${id} is ${row.status} and applied`);
  }
}

/** What is meant for a line stays within it; no line of an invoice is credited by posted memos above its amount. */
function auditLines(tables: SettlementTables, found: Found): void {
  const meant = new Sums();
  for (const application of [...tables.paymentApplications, ...tables.creditMemoApplications]) {
    for (const { sourceItemId, targetItemId, amountMinor } of itemsOf(application)) {
      meant.add(targetItemId, BigInt(amountMinor));
      if (sourceItemId !== null) meant.add(sourceItemId, BigInt(amountMinor));
    }
  }
  // A reversal mirrors the whole invoice, and is reversed with it.
  const counting = new Set(
    tables.creditMemos
      .filter((memo) => memo.status === 'Posted' && memo.is_reversed === 0)
      .map(({ id }) => id),
  );
  const credited = Sums.of(
    tables.creditMemoItems.filter(
      (item) => counting.has(item.credit_memo_id ?? null) && item.credit_from_item_source === 'InvoiceItem',
    ),
    'credit_from_item_id',
    minor,
  );
  for (const row of [...tables.invoiceItems, ...tables.debitMemoItems, ...tables.creditMemoItems]) {
    const id = String(row.id);
    const applied = minor(row, 'applied_minor');
    expect(
      found,
      applied === meant.get(id),
      `line ${id} notes ${applied} applied, applications name ${meant.get(id)}`,
    );
    expect(found, applied === 0n || applied <= withTax(row), `line ${id} is over-applied`);
    if (row.credited_minor === undefined) continue;
    expect(
      found,
      minor(row, 'credited_minor') === credited.get(id),
      `line ${id} notes other credits than there are`,
    );
    expect(found, credited.get(id) <= 0n || credited.get(id) <= withTax(row), `line ${id} is over-credited`);
  }
}

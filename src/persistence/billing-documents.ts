import type { RowRange } from './row-range.ts';

/** An invoice, credit memo or debit memo in the list of an account's billing documents. */
export interface BillingDocument {
  readonly id: string;
  readonly kind: 'invoice' | 'creditMemo' | 'debitMemo';
  readonly number: string;
  readonly status: string;
  readonly date: string;
  readonly currency: string;
  readonly amountMinor: number;
  /** What is open of it: of a credit memo, what is not applied. */
  readonly balanceMinor: number;
}

export interface BillingDocumentFilter {
  readonly accountId: string;
  /** YYYY-MM-DD */
  readonly date: string | null;
  readonly status: string | null;
  readonly order: 'newest' | 'oldest';
}

const KINDS = [
  ['invoice', 'invoice', 'invoice_number', 'invoice_date', 'balance_minor'],
  ['creditMemo', 'credit_memo', 'memo_number', 'memo_date', 'unapplied_minor'],
  ['debitMemo', 'debit_memo', 'memo_number', 'memo_date', 'balance_minor'],
] as const;

/** ?1 account, ?2 rows, ?3 offset, then the given filters: each kind is read by its own index, and the three are merged as they come. */
export function billingDocumentsSql({ date, status, order }: BillingDocumentFilter): string {
  const direction = order === 'newest' ? 'DESC' : 'ASC';
  const selects = KINDS.map(([kind, table, number, dateColumn, balance]) => {
    const filters = [
      'account_id = ?1',
      ...(date === null ? [] : [`${dateColumn} = ?4`]),
      ...(status === null ? [] : [`status = ?${date === null ? 4 : 5}`]),
    ];
    return (
      `SELECT ${dateColumn} AS document_date, id, '${kind}' AS kind, ${number} AS number, status, currency, ` +
      `amount_minor, ${balance} AS balance_minor FROM ${table} WHERE ${filters.join(' AND ')}`
    );
  });
  return `${selects.join(' UNION ALL ')} ORDER BY document_date ${direction}, id ${direction} LIMIT ?2 OFFSET ?3`;
}

/** The billing documents of an account by date, invoices and memos in one list. */
export async function readBillingDocuments(
  db: D1Database,
  filter: BillingDocumentFilter,
  { offset, rowsMax }: RowRange,
): Promise<BillingDocument[]> {
  const given = [filter.date, filter.status].filter((value) => value !== null);
  const { results } = await db
    .prepare(billingDocumentsSql(filter))
    .bind(filter.accountId, rowsMax, offset, ...given)
    .all<Record<string, unknown>>();
  return results.map((row) => ({
    id: row.id as string,
    kind: row.kind as BillingDocument['kind'],
    number: row.number as string,
    status: row.status as string,
    date: row.document_date as string,
    currency: row.currency as string,
    amountMinor: row.amount_minor as number,
    balanceMinor: row.balance_minor as number,
  }));
}

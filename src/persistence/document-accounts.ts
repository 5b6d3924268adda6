import { isId } from '../domain/account/state.ts';

/** A document and the account whose lane its commands run in. */
export interface DocumentOwner {
  readonly id: string;
  readonly accountId: string;
}

const NUMBER_COLUMNS = { invoice: 'invoice_number', payment: 'payment_number' } as const;

/** The account of an invoice or payment, by its id or number. One indexed read; null when there is none. */
export async function findDocumentOwner(
  db: D1Database,
  kind: keyof typeof NUMBER_COLUMNS,
  key: string,
): Promise<DocumentOwner | null> {
  const column = isId(key) ? 'id' : NUMBER_COLUMNS[kind];
  return db
    .prepare(`SELECT id, account_id AS accountId FROM ${kind} WHERE ${column} = ?1`)
    .bind(key)
    .first<DocumentOwner>();
}

/** Account ids by number, for the numbers that exist. One indexed read. */
export async function findAccountIds(
  db: D1Database,
  numbers: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const { results } = await db
    .prepare(
      'SELECT account_number, id FROM account WHERE account_number IN (SELECT value FROM json_each(?1))',
    )
    .bind(JSON.stringify(numbers))
    .all<{ account_number: string; id: string }>();
  return new Map(results.map((row) => [row.account_number, row.id]));
}

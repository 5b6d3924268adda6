/** A document and the account whose lane its commands run in. */
export interface DocumentOwner {
  readonly id: string;
  readonly accountId: string;
}

const TABLES = {
  invoice: ['invoice', 'invoice_number'],
  payment: ['payment', 'payment_number'],
  creditMemo: ['credit_memo', 'memo_number'],
  debitMemo: ['debit_memo', 'memo_number'],
  refund: ['refund', 'refund_number'],
} as const;

/** The owners of documents by id or number, for the keys that exist. One indexed read. */
export async function findDocumentOwners(
  db: D1Database,
  kind: keyof typeof TABLES,
  keys: readonly string[],
): Promise<ReadonlyMap<string, DocumentOwner>> {
  const [table, number] = TABLES[kind];
  const list = '(SELECT value FROM json_each(?1))';
  const { results } = await db
    .prepare(
      `SELECT id, account_id AS accountId, ${number} AS number FROM ${table} WHERE id IN ${list} OR ${number} IN ${list}`,
    )
    .bind(JSON.stringify(keys))
    .all<DocumentOwner & { number: string }>();
  return new Map(
    results.flatMap((row) => [
      [row.id, row],
      [row.number, row],
    ]),
  );
}

/** How many lines a document has, as it says; 0 when there is no such document. */
export async function readLineCount(
  db: D1Database,
  kind: 'invoice' | 'creditMemo',
  id: string,
): Promise<number> {
  const row = await db
    .prepare(`SELECT line_count AS lines FROM ${TABLES[kind][0]} WHERE id = ?1`)
    .bind(id)
    .first<{ lines: number }>();
  return row?.lines ?? 0;
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

/** An account's id, number and name, by id or number; null when there is none. */
export async function findAccountName(
  db: D1Database,
  key: string,
): Promise<{ readonly id: string; readonly accountNumber: string; readonly name: string } | null> {
  return db
    .prepare(
      'SELECT id, account_number AS accountNumber, name FROM account WHERE id = ?1 OR account_number = ?1',
    )
    .bind(key)
    .first();
}

import { isId } from '../domain/account/state.ts';
import { limits } from '../env.ts';

/** What a search finds, in the order in which it is shown. */
export type SearchedKind =
  | 'account'
  | 'subscription'
  | 'order'
  | 'invoice'
  | 'creditMemo'
  | 'debitMemo'
  | 'payment'
  | 'refund';

export interface Found {
  readonly kind: SearchedKind;
  readonly id: string;
  readonly number: string;
  /** The account's own, or that of the account that it belongs to. */
  readonly accountId: string;
  readonly accountName: string;
  readonly status: string;
  /** The text is its id, its number or the account's name, whatever the case of its letters, and not only how it begins. */
  readonly isExact: boolean;
}

/** Documents by their number's index; of a subscription the latest version, along the index that has no others. */
const DOCUMENTS: ReadonlyArray<readonly [SearchedKind, table: string, number: string, only: string]> = [
  ['subscription', 'subscription', 'subscription_number', ' AND t.is_latest_version = 1'],
  ['order', 'orders', 'order_number', ''],
  ['invoice', 'invoice', 'invoice_number', ''],
  ['creditMemo', 'credit_memo', 'memo_number', ''],
  ['debitMemo', 'debit_memo', 'memo_number', ''],
  ['payment', 'payment', 'payment_number', ''],
  ['refund', 'refund', 'refund_number', ''],
];

/** Sorts after all characters: what begins with a text lies between it and it with this behind. */
const LAST = 'char(1114111)';

/**
 * Finds accounts whose number or name begins with a text, and documents whose number does, in one round trip: each kind along an index, at most
 * `searchRowsMax` rows. Numbers are looked up as they are given and in capitals, names whatever the case of their letters.
 */
export async function search(db: D1Database, text: string): Promise<Found[]> {
  const asked = isId(text.toLowerCase()) ? idStatements(db, text.toLowerCase()) : statements(db, text);
  const results = await db.batch<Record<string, unknown>>(asked.map(({ statement }) => statement));
  const found = results.flatMap(({ results: rows }, i) =>
    rows.map((row) => toFound(asked[i]!.kind, row, text)),
  );
  return [...new Map(found.map((one) => [one.id, one])).values()];
}

function toFound(kind: SearchedKind, row: Record<string, unknown>, text: string): Found {
  const names = [row.id, row.number, ...(kind === 'account' ? [row.name] : [])];
  return {
    kind,
    id: row.id as string,
    number: row.number as string,
    accountId: row.account_id as string,
    accountName: row.name as string,
    status: row.status as string,
    isExact: names.some((name) => String(name).toLowerCase() === text.toLowerCase()),
  };
}

interface Asked {
  readonly kind: SearchedKind;
  readonly statement: D1PreparedStatement;
}

const ACCOUNT =
  'SELECT a.id, a.account_number AS number, a.id AS account_id, a.name, a.status FROM account AS a';
const documentSql = (table: string, number: string) =>
  `SELECT t.id, t.${number} AS number, t.account_id, a.name, t.status FROM ${table} AS t CROSS JOIN account AS a ON a.id = t.account_id`;

function statements(db: D1Database, text: string): Asked[] {
  const spellings = [...new Set([text, text.toUpperCase()])];
  const asked = (kind: SearchedKind, sql: string, value: string): Asked => ({
    kind,
    statement: db.prepare(`${sql} LIMIT ?2`).bind(value, limits.searchRowsMax),
  });
  const begins = (column: string) => `${column} >= ?1 AND ${column} < ?1 || ${LAST}`;
  return [
    ...spellings.map((value) =>
      asked('account', `${ACCOUNT} WHERE ${begins('a.account_number')} ORDER BY a.account_number`, value),
    ),
    asked(
      'account',
      `${ACCOUNT} WHERE a.name >= ?1 COLLATE NOCASE AND a.name < (?1 || ${LAST}) COLLATE NOCASE ORDER BY a.name COLLATE NOCASE, a.id`,
      text,
    ),
    ...DOCUMENTS.flatMap(([kind, table, number, only]) =>
      spellings.map((value) =>
        asked(
          kind,
          `${documentSql(table, number)} WHERE ${begins(`t.${number}`)}${only} ORDER BY t.${number}`,
          value,
        ),
      ),
    ),
  ];
}

function idStatements(db: D1Database, id: string): Asked[] {
  return [
    { kind: 'account' as const, statement: db.prepare(`${ACCOUNT} WHERE a.id = ?1`).bind(id) },
    ...DOCUMENTS.map(([kind, table, number]) => ({
      kind,
      statement: db.prepare(`${documentSql(table, number)} WHERE t.id = ?1`).bind(id),
    })),
  ];
}

import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import type { CompiledQuery } from '../../src/query/compiled-query.ts';
import { fromMillionths } from '../../src/query/objects/values.ts';

/** Rows that are deleted, by table, as D1 had them. */
export type DeletedRows = Readonly<
  Record<string, ReadonlyArray<Readonly<Record<string, string | number | null>>>>
>;

/**
 * Carries a compiled query out in the SQLite of a Durable Object, on tables that hold the columns and rows of D1 that the query says it reads and no
 * others. Decimals come as text, booleans as such.
 */
export async function onCopies(
  { sql, sources, columns, parameters }: CompiledQuery,
  deleted: DeletedRows = {},
): Promise<unknown[][]> {
  const tables = await Promise.all(
    [...sources].map(async ([table, source]) => {
      const { results: known } = await env.DB.prepare(`PRAGMA table_info(${table})`).all<{
        name: string;
        type: string;
      }>();
      const names = known.filter(({ name }) => source.columns.has(name)).map(({ name }) => name);
      const { results } = await env.DB.prepare(
        `SELECT ${['rowid AS row_id', ...names].join(', ')} FROM ${table} AS t${source.where === null ? '' : ` WHERE ${source.where}`} ORDER BY rowid`,
      ).all<Record<string, string | number | null>>();
      const gone = source.withDeleted ? (deleted[table] ?? []) : [];
      const types = names.map((name) => `${name} ${known.find((column) => column.name === name)!.type}`);
      return { table, names, types, rows: results, gone };
    }),
  );
  const stub = env.ACCOUNTS.get(env.ACCOUNTS.newUniqueId());
  return runInDurableObject(stub, (_, { storage }) => {
    for (const { table, names, types, rows, gone } of tables) {
      storage.sql.exec(
        `CREATE TABLE ${['row_id INTEGER PRIMARY KEY', '_deleted INTEGER', ...types].join(', ').replace(/^/, `${table} (`)})`,
      );
      const insert = `INSERT INTO ${table} VALUES (${['?', '?', ...names.map(() => '?')].join(', ')})`;
      storage.transactionSync(() => {
        for (const row of rows)
          storage.sql.exec(insert, row.row_id!, 0, ...names.map((name) => row[name] ?? null));
        gone.forEach((row, i) => {
          storage.sql.exec(insert, -1 - i, 1, ...names.map((name) => row[name] ?? null));
        });
      });
    }
    const exact = columns.map(({ type }, i) => (type === 'decimal' ? `CAST(c${i} AS TEXT)` : `c${i}`));
    const result = `WITH result(${columns.map((_, i) => `c${i}`).join(', ')}) AS (${sql}) SELECT ${exact.join(', ')} FROM result`;
    const rows = Array.from(storage.sql.exec(result, ...parameters).raw());
    return rows.map((row) =>
      row.map((value, i) => {
        if (value === null) return null;
        if (columns[i]!.type === 'decimal') return fromMillionths(String(value));
        return columns[i]!.type === 'boolean' ? value === 1 : value;
      }),
    );
  });
}

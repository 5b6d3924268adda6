import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { QueryError } from '../../src/query/compiled-query.ts';
import { compileDataQuery, type DataQueryOptions } from '../../src/query/data-query/compile.ts';
import { deletedTableOf, planCopy, tablesSql } from '../../src/query/execution/copy-plan.ts';
import { exactSql, printerOf } from '../../src/query/execution/values.ts';

/** Rows of D1's tables, by table: columns that are not given are null; `_deleted` marks a deleted one. */
export type CopiedRows = Readonly<
  Record<string, ReadonlyArray<Readonly<Record<string, string | number | null>>>>
>;

export const NOW = '2026-03-15T12:30:45.678Z';

interface Result {
  readonly headers: readonly string[];
  readonly rows: ReadonlyArray<ReadonlyArray<string | null>>;
}

/** Runs queries as the executor does, each on its own copy in a Durable Object, and gives their rows as files show them. */
export async function runDataQueries(
  queries: readonly string[],
  copied: CopiedRows = {},
  options: Partial<DataQueryOptions> = {},
): Promise<Array<Result | QueryError>> {
  const stub = env.QUERIES.get(env.QUERIES.newUniqueId());
  const { results } = await runInDurableObject(stub, (_, { storage }) => ({
    results: queries.map((text) => {
      try {
        return runOn(storage.sql, text, copied, options);
      } catch (error) {
        if (error instanceof QueryError) return error;
        throw error;
      }
    }),
  }));
  return results;
}

/** The rows of one query; throws its QueryError. */
export async function runDataQuery(
  text: string,
  copied: CopiedRows = {},
  options: Partial<DataQueryOptions> = {},
): Promise<Result> {
  const [result] = await runDataQueries([text], copied, options);
  if (result instanceof QueryError) throw result;
  return result!;
}

function runOn(
  sql: SqlStorage,
  text: string,
  copied: CopiedRows,
  options: Partial<DataQueryOptions>,
): Result {
  const query = compileDataQuery(text, { readDeleted: false, now: NOW, timeZone: 'UTC', ...options });
  const tables = planCopy([query]);
  for (const plan of tables) {
    for (const name of [plan.table, deletedTableOf(plan.table)]) sql.exec(`DROP TABLE IF EXISTS ${name}`);
    for (const statement of tablesSql(plan)) sql.exec(statement);
    for (const row of copied[plan.table] ?? []) {
      const columns = ['_deleted', ...plan.columns];
      const values = columns.map((name) => row[name] ?? (name === '_deleted' ? 0 : null));
      sql.exec(
        `INSERT INTO ${plan.table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
        ...values,
      );
    }
    if (plan.where !== null)
      sql.exec(`DELETE FROM ${plan.table} AS t WHERE NOT coalesce((${plan.where}), 0)`);
  }
  const counts = new Map(tables.map(({ table }) => [table, copied[table]?.length ?? 0]));
  const tooMuch = query.checkCost?.(counts) ?? null;
  if (tooMuch !== null) throw new QueryError(tooMuch);
  const names = query.columns.map((_, index) => `c${index}`);
  const list = query.columns.map((column, index) => exactSql(column, names[index]!));
  const printers = query.columns.map((column) => printerOf(column, {}));
  try {
    const found = sql.exec(
      `WITH result(${names.join(', ')}) AS (${query.sql}) SELECT ${list.join(', ')} FROM result`,
      ...query.parameters,
    );
    const rows = [...found.raw()].map((row) =>
      row.map((value, index) => (value === null ? null : printers[index]!(value as string | number))),
    );
    return { headers: query.columns.map(({ header }) => header), rows };
  } catch (error) {
    throw new QueryError(query.explain!(error instanceof Error ? error.message : String(error)));
  }
}

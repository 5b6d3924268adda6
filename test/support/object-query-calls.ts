import { env } from 'cloudflare:workers';
import { isRefusal, type JsonObject } from '../../src/domain/result.ts';
import { queryObjects } from '../../src/query/object-query/object-query.ts';
import { objectOfCollection } from '../../src/query/objects/index.ts';

export interface Page {
  readonly data: readonly JsonObject[];
  readonly nextPage: string | null;
}

/** A page of a list; fails when it is refused. */
export async function page(
  collection: string,
  query: string,
  cursor?: string | null,
  db = env.DB,
): Promise<Page> {
  const parameters = new URLSearchParams(query);
  if (cursor != null) parameters.set('cursor', cursor);
  const reply = await queryObjects(db, objectOfCollection(collection)!, parameters, 'UTC');
  if (isRefusal(reply)) throw new Error(`${query}: ${reply.message}`);
  return reply;
}

/** Why a query is refused. */
export async function refusal(collection: string, query: string): Promise<string> {
  const reply = await queryObjects(
    env.DB,
    objectOfCollection(collection)!,
    new URLSearchParams(query),
    'UTC',
  );
  return isRefusal(reply) ? `${reply.field ?? ''}: ${reply.message}` : 'answered';
}

/** So many seconds into 2026. */
export const instant = (n: number) =>
  new Date(Date.parse('2026-01-01T00:00:00.000Z') + n * 1_000).toISOString();

/** D1 that counts the rows that it reads. */
export function counting() {
  const counted = { rowsRead: 0 };
  const count = <T extends { readonly meta: { readonly rows_read?: number } }>(result: T): T => {
    counted.rowsRead += result.meta.rows_read ?? 0;
    return result;
  };
  const unwrapped = new Map<object, D1PreparedStatement>();
  const wrap = (statement: D1PreparedStatement): D1PreparedStatement => {
    const wrapped = {
      bind: (...values: unknown[]) => wrap(statement.bind(...values)),
      all: async () => count(await statement.all()),
      first: async () => count(await statement.all()).results[0] ?? null,
    } as unknown as D1PreparedStatement;
    unwrapped.set(wrapped, statement);
    return wrapped;
  };
  const db = {
    prepare: (sql: string) => wrap(env.DB.prepare(sql)),
    batch: async (statements: D1PreparedStatement[]) =>
      (await env.DB.batch(statements.map((one) => unwrapped.get(one)!))).map(count),
  } as unknown as D1Database;
  return { db, counted };
}

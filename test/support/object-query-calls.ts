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

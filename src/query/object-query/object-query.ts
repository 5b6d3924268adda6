import type { JsonObject } from '../../domain/result.ts';
import { isRefusal, type Refusal, refuse } from '../../domain/result.ts';
import { fieldNamed, latestSql } from '../objects/index.ts';
import type { ModelObject } from '../objects/model.ts';
import { expandRecords } from './expand.ts';
import { cursorOf } from './order.ts';
import { readPage } from './page.ts';
import { type Key, type ObjectQuery, parseObjectQuery } from './request.ts';

/** A page of a list: its records, and the cursor of the next page if there is one. */
export interface ObjectQueryReply {
  readonly data: readonly JsonObject[];
  readonly nextPage: string | null;
}

/** GET /object-query/{collection} */
export async function queryObjects(
  db: D1Database,
  object: ModelObject,
  parameters: URLSearchParams,
  timeZone: string,
): Promise<ObjectQueryReply | Refusal> {
  const query = parseObjectQuery(parameters, object, timeZone);
  return isRefusal(query) ? query : readQuery(db, query, timeZone);
}

/**
 * GET /object-query/{collection}/{key}
 *
 * @param key id or number; the number of a subscription means its latest version
 */
export async function queryObject(
  db: D1Database,
  object: ModelObject,
  key: string,
  parameters: URLSearchParams,
  timeZone: string,
): Promise<JsonObject | Refusal> {
  const query = parseObjectQuery(parameters, object, timeZone);
  if (isRefusal(query)) return query;
  const by = keyOf(object, key);
  const filters = [...query.filters, by.filter];
  const order = { field: null, direction: 'DESC', name: 'Id' } as const;
  const reply = await readQuery(db, { ...query, filters, order, after: null, key: by }, timeZone);
  if (isRefusal(reply)) return reply;
  return reply.data[0] ?? refuse('not_found', `There is no ${object.label} ${key}.`);
}

const ID = /^[0-9a-f]{32}$/i;

function keyOf(object: ModelObject, key: string): Key {
  const isNumber = !ID.test(key) && object.numberField !== null;
  const field = fieldNamed(object, isNumber ? object.numberField! : 'Id')!;
  const filter = { field, operator: 'EQ', values: [key], wholeSeconds: false } as const;
  return { filter, latest: isNumber ? latestSql(object) : null };
}

async function readQuery(
  db: D1Database,
  query: ObjectQuery,
  timeZone: string,
): Promise<ObjectQueryReply | Refusal> {
  const { selection, includeNullFields, pageSize, order, mark } = query;
  const showing = { timeZone, includeNullFields };
  const page = await readPage(db, query, showing);
  if (isRefusal(page)) return page;
  const refused = await expandRecords(db, page.records, selection, showing, pageSize);
  if (refused !== null) return refused;
  return {
    data: page.records.map(({ shown }) => shown),
    nextPage: page.end === null ? null : cursorOf(order, page.end, mark),
  };
}

import { newTimeOrderedId } from '../../account/runtime.ts';
import { databaseOf } from '../../persistence/database.ts';
import { readSettings } from '../../persistence/tenant-settings.ts';
import { readZoqlLocator, saveZoqlLocator } from '../../persistence/zoql-locators.ts';
import { QueryFault } from '../../query/filtering/query-fault.ts';
import { compileLiveZoql, type LiveQuery } from '../../query/zoql/live-query.ts';
import { type Course, type Page, readFirstPage, readPage, zoqlLimits } from '../../query/zoql/pages.ts';
import { toRecord } from '../../query/zoql/records.ts';
import { fromWireLocator, toWireLocator, wireZoqlMore, wireZoqlQuery } from '../../wire/zoql.ts';
import type { AppContext } from '../context.ts';
import { json } from '../errors.ts';
import { type AnyOperation, operation, reader } from '../operation.ts';

const MINUTE_MS = 60_000;

/** One page as it is answered, and where the next one goes on. */
interface Answer {
  readonly text: string;
  readonly query: LiveQuery;
  readonly course: Course;
  readonly page: Page;
  readonly id: string;
  readonly offset: number;
  readonly timeZone: string;
  readonly now: string;
}

async function answer(c: AppContext, given: Answer): Promise<Response> {
  const { query, course, page, id, timeZone } = given;
  const offset = given.offset + page.rows.length;
  if (page.next !== null) {
    await saveZoqlLocator(databaseOf(c.env), {
      id,
      offset,
      queryText: given.text,
      along: course.along,
      size: course.size,
      lastRowId: course.lastRowId,
      afterRowId: page.next.rowId,
      afterElement: page.next.element,
      expiresAt: new Date(Date.parse(given.now) + zoqlLimits.locatorMinutes * MINUTE_MS).toISOString(),
    });
  }
  return c.json({
    size: course.size,
    records: page.rows.map((row) => toRecord(query.fields, row, timeZone)),
    ...(page.next === null ? {} : { queryLocator: toWireLocator(id, offset) }),
    done: page.next === null,
  });
}

/** What is wrong with a query is answered as a fault, with its place when that is known. */
async function orFault(c: AppContext, run: () => Promise<Response>): Promise<Response> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof QueryFault)) throw error;
    const { code, message, place } = error;
    const where = place === null ? '' : ` (line ${place.line}, column ${place.column})`;
    return json(c, 400, JSON.stringify({ FaultCode: code, FaultMessage: `${message}${where}` }));
  }
}

export const zoqlOperations: readonly AnyOperation[] = [
  operation({
    id: 'Action_POSTquery',
    method: 'post',
    path: '/v1/action/query',
    role: 'read',
    body: wireZoqlQuery,
    handle: (c, { body }) =>
      orFault(c, async () => {
        const now = new Date().toISOString();
        const db = reader(c);
        const { timeZone } = await readSettings(db);
        const query = compileLiveZoql(body.queryString, { now, timeZone });
        const recordsMax = body.conf?.batchSize ?? zoqlLimits.pageRecordsMax;
        const { page, course } = await readFirstPage(db, query, recordsMax);
        const id = newTimeOrderedId(now);
        return answer(c, { text: body.queryString, query, course, page, id, offset: 0, timeZone, now });
      }),
  }),
  operation({
    id: 'Action_POSTqueryMore',
    method: 'post',
    path: '/v1/action/queryMore',
    role: 'read',
    body: wireZoqlMore,
    handle: (c, { body }) =>
      orFault(c, async () => {
        const now = new Date().toISOString();
        const named = fromWireLocator(body.queryLocator);
        // From the primary: a replica need not have heard of the page that was just announced.
        const found = named && (await readZoqlLocator(databaseOf(c.env), named.id, named.offset, now));
        if (found === null) {
          const message = `queryLocator: there is no such one, or it is older than ${zoqlLimits.locatorMinutes} minutes: ask the query again.`;
          throw new QueryFault('INVALID_QUERY_LOCATOR', message);
        }
        const db = reader(c);
        const { timeZone } = await readSettings(db);
        const query = compileLiveZoql(found.queryText, { now, timeZone });
        const after = { rowId: found.afterRowId, element: found.afterElement };
        const recordsMax = body.conf?.batchSize ?? zoqlLimits.pageRecordsMax;
        const page = await readPage(db, query, found, after, recordsMax);
        const { id, offset, queryText: text } = found;
        return answer(c, { text, query, course: found, page, id, offset, timeZone, now });
      }),
  }),
];

import { isRefusal } from '../../domain/result.ts';
import { queryObjects } from '../object-query/object-query.ts';
import { objectOfCollection } from '../objects/index.ts';
import { billingObjects } from './billing.ts';
import type { Columns, ExampleObject, ExampleObjects } from './example-object.ts';
import { jobObjects } from './jobs.ts';
import { sellingObjects } from './selling.ts';

/** By name: what examples of the API can stand on. Any collection of Object Query is one too, by the id of a record. */
export const exampleObjects: ExampleObjects = { ...sellingObjects, ...billingObjects, ...jobObjects };

/** Columns by object; what is not there has none. */
export type LiveValues = ReadonlyMap<string, Columns>;

/** Looks up the newest objects of these names that suit: for a local server, whose tables are small, and for nobody else. */
export async function readLiveValues(db: D1Database, names: readonly string[]): Promise<LiveValues> {
  const values = new Map<string, Columns>();
  const own = names.filter((name) => exampleObjects[name] !== undefined);
  const found = await rowsOf(
    db,
    own.map((name) => exampleObjects[name]!),
  );
  for (const [i, name] of own.entries()) {
    const row = found[i];
    if (row !== undefined) values.set(name, row);
  }
  for (const name of names) {
    if (exampleObjects[name] !== undefined) continue;
    const id = await newestOf(db, name);
    if (id !== null) values.set(name, { id });
  }
  return values;
}

async function rowsOf(
  db: D1Database,
  objects: readonly ExampleObject[],
): Promise<Array<Columns | undefined>> {
  if (objects.length === 0) return [];
  const results = await db.batch<Record<string, unknown>>(objects.map(({ sql }) => db.prepare(sql)));
  return Promise.all(
    results.map(async ({ results: [row] }, i) => {
      if (row === undefined) return undefined;
      const columns = Object.fromEntries(
        Object.entries(row).flatMap(([name, value]) => (value === null ? [] : [[name, String(value)]])),
      );
      return { ...columns, ...(await objects[i]!.more?.(columns, db)) };
    }),
  );
}

async function newestOf(db: D1Database, collection: string): Promise<string | null> {
  const object = objectOfCollection(collection);
  if (object === undefined) return null;
  const page = await queryObjects(db, object, new URLSearchParams({ pageSize: '1' }), 'UTC');
  const id = isRefusal(page) ? undefined : page.data[0]?.id;
  return typeof id === 'string' ? id : null;
}

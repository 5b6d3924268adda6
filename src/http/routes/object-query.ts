import { isRefusal, type JsonObject, type Refusal } from '../../domain/result.ts';
import { readSettings } from '../../persistence/tenant-settings.ts';
import { queryObject, queryObjects } from '../../query/object-query/object-query.ts';
import { objects } from '../../query/objects/index.ts';
import type { ModelObject } from '../../query/objects/model.ts';
import {
  toWireObjectQueryPage,
  wireObjectQueryList,
  wireObjectQueryRecord,
} from '../../wire/object-query.ts';
import type { AppContext } from '../context.ts';
import { json, refused } from '../errors.ts';
import { type AnyOperation, operation, reader } from '../operation.ts';

/** Lists and single records of every object that has a collection (src/query/object-query). */
export const objectQueryOperations: readonly AnyOperation[] = objects.flatMap((object) => {
  const { collection } = object;
  if (collection === null) return [];
  const path = `/object-query/${collection}`;
  return [
    operation({
      id: `query${inCapitals(collection)}`,
      method: 'get',
      path,
      role: 'read',
      envelope: 'objectQuery',
      reads: { query: wireObjectQueryList },
      handle: async (c) => {
        const page = await queryObjects(reader(c), object, parametersOf(c), await zoneOf(c));
        return answer(c, isRefusal(page) ? page : toWireObjectQueryPage(page));
      },
    }),
    operation({
      id: `query${nameOf(object)}ByKey`,
      method: 'get',
      path: `${path}/:key`,
      role: 'read',
      envelope: 'objectQuery',
      reads: { query: wireObjectQueryRecord },
      handle: async (c) => {
        const key = c.req.param('key')!;
        return answer(c, await queryObject(reader(c), object, key, parametersOf(c), await zoneOf(c)));
      },
    }),
  ];
});

function parametersOf(c: AppContext): URLSearchParams {
  return new URL(c.req.url).searchParams;
}

async function zoneOf(c: AppContext): Promise<string> {
  return (await readSettings(reader(c))).timeZone;
}

function answer(c: AppContext, outcome: JsonObject | Refusal): Response {
  return isRefusal(outcome) ? refused(c, outcome) : json(c, 200, JSON.stringify(outcome));
}

/** credit-memo-items → CreditMemoItems */
function inCapitals(collection: string): string {
  return collection.replaceAll(/(^|-)([a-z])/g, (_, __, letter: string) => letter.toUpperCase());
}

/** The contract names an order in the plural here. */
function nameOf({ name }: ModelObject): string {
  return name === 'Order' ? 'Orders' : name;
}

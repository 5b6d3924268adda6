import { beforeAll, describe, expect, test } from 'vitest';
import { shownRelation } from '../../src/query/object-query/request.ts';
import { objects } from '../../src/query/objects/index.ts';
import objectQueryLists from '../conformance/contract/object-query.json';
import { type InProcessApi, inProcessApi } from '../support/in-process-api.ts';
import { type QueriedAccount, queriedAccount } from '../support/queried-account.ts';

// What the contract declares of Object Query is answered for every list: each filter and each order with the records that it means, each path to expand.

let api: InProcessApi;
let made: QueriedAccount;

beforeAll(async () => {
  api = await inProcessApi('admin');
  made = await queriedAccount(api, 'declared');
});

// biome-ignore lint/suspicious/noExplicitAny: replies are asserted on, not computed with
type Body = Record<string, any>;

async function page(path: string): Promise<Body> {
  const { status, body } = await api.get(path);
  expect(status, `${path}: ${JSON.stringify(body)}`).toBe(200);
  return body as Body;
}

const lists = Object.entries(objectQueryLists) as Array<
  [string, { filter: string[]; sort: string[]; expand: string[] }]
>;

describe.each(lists)('%s', (path, { filter, sort, expand }) => {
  const object = objects.find(({ collection }) => `/object-query/${collection}` === path)!;

  test('each filter leaves the record whose value it names', async () => {
    const { data } = await page(`${path}?pageSize=99`);
    if (path !== '/object-query/contact-snapshots') expect(data.length).toBeGreaterThan(0);
    for (const name of filter) {
      const shown = Object.keys(data[0] ?? {}).find((one) => one.toLowerCase() === name);
      const value = shown === undefined ? 'null' : String(data[0][shown]);
      const found = await page(`${path}?pageSize=99&filter[]=${encodeURIComponent(`${name}.EQ:${value}`)}`);
      const ids = found.data.map(({ id }: Body) => id);
      if (data.length > 0) expect(ids, `${name}.EQ:${value}`).toContain(data[0].id);
      for (const one of found.data)
        expect(shown === undefined ? null : String(one[shown])).toBe(shown === undefined ? null : value);
    }
  });

  test('each order is one', async () => {
    for (const name of sort) {
      const up = await page(`${path}?pageSize=99&sort[]=${name}.ASC&includeNullFields=true`);
      const down = await page(`${path}?pageSize=99&sort[]=${name}.DESC`);
      expect(
        up.data.map(({ id }: Body) => id),
        name,
      ).toEqual(down.data.map(({ id }: Body) => id).reverse());
      const shown = Object.keys(up.data[0] ?? {}).find((one) => one.toLowerCase() === name);
      const values = up.data.map((one: Body) => one[shown!] ?? null);
      const nulls = values.filter((value: unknown) => value === null).length;
      expect(
        values.slice(0, nulls).every((value: unknown) => value === null),
        name,
      ).toBe(true);
      for (let i = nulls + 1; i < values.length; i++)
        expect(values[i - 1] <= values[i], `${name}: ${values[i - 1]} ${values[i]}`).toBe(true);
    }
  });

  test('each path expands', async () => {
    for (const dotted of expand) {
      const { data } = await page(`${path}?pageSize=9&expand[]=${dotted}`);
      const [first] = dotted.split('.');
      for (const one of data) {
        const below = Object.keys(one).find((name) => name.toLowerCase() === first);
        if (below === undefined) continue;
        for (const child of [one[below]].flat()) expect(child).toHaveProperty('id');
      }
    }
  });

  test('every relation of the model expands, and each record is found by its key', async () => {
    for (const relation of object.relations)
      await page(`${path}?pageSize=9&expand[]=${shownRelation(relation)}`);
    const { data } = await page(`${path}?pageSize=9`);
    for (const one of data) expect(await page(`${path}/${one.id}`)).toEqual(one);
  });
});

describe('numbers', () => {
  test.each([
    ['accounts', () => made.accountNumber, () => made.accountId],
    ['orders', () => made.orderNumber, null],
    ['subscriptions', () => made.subscriptionNumber, null],
  ] as const)('%s are found by them in any case of letters', async (collection, number, id) => {
    const byNumber = await page(`/object-query/${collection}/${number()}`);
    expect(await page(`/object-query/${collection}/${number().toLowerCase()}`)).toEqual(byNumber);
    if (id !== null) expect(byNumber.id).toBe(id());
    if (collection === 'subscriptions') expect(byNumber).toMatchObject({ version: 2, isLatestVersion: true });
  });
});

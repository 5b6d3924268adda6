// A copy has what the model finds rows by: no field of any object reads a whole other table for each row.

import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { expect, test } from 'vitest';
import { planCopy, tablesSql } from '../../src/query/execution/copy-plan.ts';
import { objects } from '../../src/query/objects/index.ts';
import { columnsOf, fromClause } from '../../src/query/objects/view.ts';

test.each(objects.map((object) => [object.name, object] as const))(
  'every field of %s finds what it reads elsewhere by an index',
  async (_, object) => {
    const sources = new Map(
      [...columnsOf(object, object.fields)].map(([table, columns]) => [
        table,
        { columns, where: null, withDeleted: false },
      ]),
    );
    const tables = planCopy([{ sql: '', parameters: [], columns: [], sources }]);
    const stub = env.QUERIES.get(env.QUERIES.idFromName(`plan of ${object.name}`));
    const scans = await runInDurableObject(stub, (_instance, state) => {
      const { sql } = state.storage;
      for (const table of tables) for (const statement of tablesSql(table)) sql.exec(statement);
      return object.fields.flatMap((field) => {
        const query = `SELECT ${field.sql} FROM ${fromClause(object, [field.sql])}`;
        const isTable = (alias: string) =>
          tables.some(({ table }) => query.includes(`${table} AS ${alias} `));
        return sql
          .exec<{ detail: string }>(`EXPLAIN QUERY PLAN ${query}`)
          .toArray()
          .map(({ detail }) => /^SCAN (\w+)(?! VIRTUAL)/.exec(detail)?.[1])
          .filter((alias) => alias !== undefined && alias !== 't' && isTable(alias))
          .map((alias) => `${field.name}: ${alias}`);
      });
    });
    expect(scans).toEqual([]);
  },
);

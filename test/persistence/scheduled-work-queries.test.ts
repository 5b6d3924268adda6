import { env } from 'cloudflare:workers';
import { expect, test } from 'vitest';
import { DUE_SOURCES, dueSql } from '../../src/persistence/scheduled-work.ts';

/** Due work is found along its index: nothing is scanned and nothing is sorted, however many subscriptions and orders there are. */

const indexes = { orders: 'orders_scheduled', subscriptions: 'subscription_scheduled' };

const statements = DUE_SOURCES.flatMap((source) =>
  (['pairs', 'nextDay', 'page', 'count'] as const).map((name) => [source, name] as const),
);

test.each(statements)('%s, %s: by its index alone', async (source, name) => {
  const { results } = await env.DB.prepare(`EXPLAIN QUERY PLAN ${dueSql[name][source]}`)
    .bind(...['a', 'b', 'c', 4].slice(0, { pairs: 4, nextDay: 3, page: 4, count: 2 }[name]))
    .all<{ detail: string }>();
  const onTable = results
    .map(({ detail }) => detail)
    .filter((detail) => /\b(orders|subscription)\b/.test(detail));
  expect(onTable.length).toBeGreaterThan(0);
  for (const detail of onTable) {
    expect(detail).toMatch(
      new RegExp(`^SEARCH .*(${indexes[source]} \\(<expr>|${indexes[source]} \\(scheduled_date|rowid=)`),
    );
  }
  expect(results.map(({ detail }) => detail).join('\n')).not.toContain('TEMP B-TREE');
});

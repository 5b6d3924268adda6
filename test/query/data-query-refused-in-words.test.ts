import { expect, test } from 'vitest';
import { QueryError } from '../../src/query/compiled-query.ts';
import { runDataQueries } from '../support/data-query-copy.ts';

// What Trino refuses is refused in words that say what is wrong, and nothing is taken for what SQLite would take it for.

async function give(table: ReadonlyArray<readonly [query: string, row: readonly string[]]>) {
  const results = await runDataQueries(table.map(([query]) => query));
  const shown = results.map((one) => (one instanceof QueryError ? [one.message] : one.rows[0]));
  expect(shown.map((one, index) => [table[index]![0], one])).toEqual(table);
}

test('what is no unit and no type is refused in words', () =>
  give([
    [
      "SELECT DATE '2026-01-31' + INTERVAL '1' HOUR",
      ['line 1:8: Cannot add hour, minutes or seconds to a date'],
    ],
    [
      "SELECT DATE '2026-01-31' - INTERVAL '1' HOUR",
      ['line 1:8: Cannot add hour, minutes or seconds to a date'],
    ],
    [
      "SELECT DATE '2026-01-31' + -INTERVAL '1' DAY, DATE '2026-01-31' - INTERVAL '1' MONTH",
      ['2026-01-30', '2025-12-31'],
    ],
    ["SELECT CAST('1' AS constructor)", ['line 1:8: Unknown type: constructor']],
    [
      "SELECT date_trunc('constructor', DATE '2026-01-31')",
      [
        "line 1:8: 'constructor' is not a valid unit: millisecond, second, minute, hour, day, week, month, quarter, year",
      ],
    ],
  ]));

const BELOW = 'ORDER BY position -1 is not in select list';

test('a constant that is no place sorts nothing', () =>
  give([
    ['SELECT 1 UNION SELECT 2 ORDER BY -1', [BELOW]],
    ['SELECT n FROM (VALUES 1, 2) AS t (n) ORDER BY -1', [BELOW]],
    ...['1.5', '-1.5', 'true', '-CAST(true AS bigint)', '1 + 0', "'a'", 'NULL'].flatMap(
      (one): Array<readonly [string, readonly string[]]> => [
        [`SELECT 1 AS n UNION SELECT 2 ORDER BY ${one}, n DESC`, ['2']],
        [`SELECT n FROM (VALUES 1, 2) AS t (n) ORDER BY ${one}, n DESC`, ['2']],
      ],
    ),
  ]));

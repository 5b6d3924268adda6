import { BigNumber } from 'bignumber.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { QueryError } from '../../src/query/compiled-query.ts';
import { fieldsOf } from '../../src/query/data-query/relations.ts';
import { objects } from '../../src/query/objects/index.ts';
import { type CopiedRows, runDataQueries, runDataQuery } from '../support/data-query-copy.ts';

// On SQLite as in a decimal library, and nothing but rows of the model whatever is asked for.

const RUNS = { numRuns: 12 };
const BATCH = 25;

const decimal = fc
  .tuple(fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n }), fc.constantFrom(1, 1_000, 1_000_000))
  .map(([units, step]) => new BigNumber(String(units)).idiv(step).times(step).shiftedBy(-6));
const written = (of: BigNumber) => `(${of.toFixed(6)})`;
const plain = (of: BigNumber) => of.decimalPlaces(6, BigNumber.ROUND_HALF_UP).toFixed();

async function hold(table: ReadonlyArray<readonly [query: string, expected: string]>) {
  const results = await runDataQueries(table.map(([query]) => query));
  const shown = results.map((result) => (result instanceof QueryError ? result.message : result.rows[0]![0]));
  expect(shown.map((one, index) => [table[index]![0], one === '-0' ? '0' : one])).toEqual(
    table.map(([query, expected]) => [query, expected === '-0' ? '0' : expected]),
  );
}

describe('exact', () => {
  test('arithmetic of decimals, whether literals or columns', async () => {
    const pairs = fc.array(fc.tuple(decimal, decimal), { minLength: BATCH, maxLength: BATCH });
    await fc.assert(
      fc.asyncProperty(pairs, (list) =>
        hold(
          list.flatMap(([a, b]) => {
            const columns = `FROM (VALUES (${written(a)}, ${written(b)})) AS t (a, b)`;
            const [x, y] = [written(a), written(b)];
            return [
              [`SELECT ${x} + ${y}`, plain(a.plus(b))] as const,
              [`SELECT a - b ${columns}`, plain(a.minus(b))] as const,
              [`SELECT a * b ${columns}`, plain(a.times(b))] as const,
              [`SELECT (a + 0) * ${y} ${columns}`, plain(a.times(b))] as const,
              ...(b.isZero()
                ? []
                : [
                    [`SELECT a / b ${columns}`, divided(a, b)] as const,
                    [`SELECT ${x} / (b - 0) ${columns}`, divided(a, b)] as const,
                  ]),
              [
                `SELECT round(a, 2) ${columns}`,
                a.decimalPlaces(2, BigNumber.ROUND_HALF_UP).toFixed(),
              ] as const,
              [`SELECT floor(a) ${columns}`, a.decimalPlaces(0, BigNumber.ROUND_FLOOR).toFixed()] as const,
              [`SELECT CAST(CAST(a AS varchar) AS decimal(18,6)) ${columns}`, plain(a)] as const,
            ];
          }),
        ),
      ),
      RUNS,
    );
  });

  test('sums and means', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(decimal, { minLength: 1, maxLength: 40 }), async (list) => {
        const sum = list.reduce((total, one) => total.plus(one), new BigNumber(0));
        const values = `FROM (VALUES ${list.map(written).join(', ')}) AS t (x)`;
        await hold([
          [`SELECT sum(x) ${values}`, plain(sum)],
          [`SELECT avg(x) ${values}`, divided(sum, new BigNumber(list.length))],
          [`SELECT max(x) - min(x) ${values}`, plain(BigNumber.max(...list).minus(BigNumber.min(...list)))],
        ]);
      }),
      RUNS,
    );
  });

  test('LIKE is what a search by hand finds', async () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', 'A', 'é', '*', '['), maxLength: 8 });
    const pattern = fc
      .array(fc.constantFrom('a', 'b', 'é', '*', '%', '%', '_'), { maxLength: 6 })
      .map((list) => list.join(''))
      .filter((one) => !/%.*_.*%/.test(one));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(text, pattern), { minLength: 40, maxLength: 40 }), (list) =>
        hold(
          list.map(
            ([x, like]) => [`SELECT '${x}' LIKE '${like}'`, String(isLike([...x], [...like]))] as const,
          ),
        ),
      ),
      RUNS,
    );
  });
});

/** Rounded half away from zero from the exact quotient of whole numbers. */
function divided(a: BigNumber, b: BigNumber): string {
  const [x, y] = [a, b].map((one) => BigInt(one.shiftedBy(6).toFixed())) as [bigint, bigint];
  const size = (one: bigint) => (one < 0n ? -one : one);
  const scaled = (2n * size(x) * 1_000_000n + size(y)) / (2n * size(y));
  return new BigNumber(String(x < 0n !== y < 0n ? -scaled : scaled)).shiftedBy(-6).toFixed();
}

function isLike(text: readonly string[], pattern: readonly string[]): boolean {
  const [sign, ...rest] = pattern;
  if (sign === undefined) return text.length === 0;
  if (sign === '%') return text.some((_, from) => isLike(text.slice(from), rest)) || isLike([], rest);
  return text.length > 0 && (sign === '_' || sign === text[0]) && isLike(text.slice(1), rest);
}

const SECRET = 'not in the model';
const ROWS: CopiedRows = {
  account: [
    { id: 'a1', account_number: 'A-1', name: 'One', currency: 'USD', partner_account: 1 },
    { id: 'a2', account_number: 'A-2', name: 'Gone', currency: 'USD', partner_account: 0, _deleted: 1 },
  ],
};

/** Pieces of SQL that are put together at random; some of it is read, none of it reaches further than the model. */
const piece = fc.constantFrom(
  'SELECT',
  'DISTINCT',
  '*',
  'name',
  'id',
  'account',
  'FROM account',
  'FROM sqlite_master',
  'FROM (SELECT * FROM account) AS t',
  'FROM _cf_KV',
  'FROM account_metrics',
  'WHERE',
  'GROUP BY 1',
  'ORDER BY 1',
  'LIMIT 1',
  'UNION ALL',
  'UNION',
  'EXCEPT',
  ',',
  '(',
  ')',
  'rowid',
  '_deleted',
  'deleted',
  'a.name',
  'count(*)',
  'sum(1)',
  'max(name)',
  '1',
  '0',
  "'x'",
  '= 1',
  '/ 0',
  '|| name',
  'IS NULL',
  'IN (1, 2)',
  "LIKE '%a%'",
  'AND',
  'OR',
  'NOT',
  'AS t',
  'JOIN account b ON true',
  'WITH t AS (SELECT * FROM account)',
  '--',
  '/*',
  '*/',
  ';',
  '"',
  "'",
  '\\',
  '%',
  '$1',
  ':a',
  '@b',
  '#',
  'row_number() OVER (ORDER BY id)',
  'CASE WHEN true THEN 1 END',
  'CAST(name AS bigint)',
  "json_extract(name, '$')",
  'EXISTS (SELECT 1)',
  'ATTACH',
  'PRAGMA',
  '\u2028',
  '\u{1f600}',
);

describe('hostile', () => {
  test('pieces of SQL in any order give rows of the model or a QueryError', async () => {
    const query = fc.oneof(
      fc.array(piece, { maxLength: 14 }).map((list) => list.join(' ')),
      fc.array(piece, { maxLength: 8 }).map((list) => `SELECT ${list.join(' ')} FROM account`),
      fc.array(piece, { maxLength: 6 }).map((list) => `SELECT name FROM account WHERE ${list.join(' ')}`),
      fc.string({ maxLength: 60 }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(query, { minLength: 60, maxLength: 60 }), async (list) => {
        for (const result of await runDataQueries(list, ROWS)) {
          if (result instanceof QueryError) {
            expect(result.message).not.toBe('');
            expect(result.message).not.toMatch(/SQLITE|no such|syntax error|near "/);
          } else {
            const shown = JSON.stringify(result.rows);
            expect(shown).not.toContain('Gone');
            expect(shown).not.toMatch(/CREATE TABLE|sqlite_/);
          }
        }
      }),
      { numRuns: 10 },
    );
  });

  test('what is large, deep or slow is answered at once', async () => {
    const letters = 'a'.repeat(400);
    const hostile = [
      `SELECT ${'('.repeat(10_000)}1${')'.repeat(10_000)}`,
      `SELECT * FROM ${'(SELECT * FROM '.repeat(3_000)}account${')'.repeat(3_000)}`,
      `SELECT ${'NOT '.repeat(12_000)}true`,
      `SELECT ${'- '.repeat(20_000)}1`,
      `SELECT ${'CASE WHEN true THEN '.repeat(2_000)}1`,
      `SELECT ${Array(12_000).fill('1').join(' + ')}`,
      `SELECT ${Array(4_000).fill('SELECT 1').join(' UNION ')}`,
      `SELECT 1 IN (${Array(20_000).fill('1').join(',')})`,
      `SELECT ${"'".repeat(49_001)}`,
      `SELECT ${'/*'.repeat(20_000)}`,
      `SELECT '${letters}b' LIKE '%${'a%'.repeat(7)}c'`,
      `SELECT '${letters}' LIKE '${'%_'.repeat(200)}'`,
      `SELECT '${letters}' LIKE '${'_'.repeat(40)}%'`,
      `WITH ${Array.from({ length: 14 }, (_, i) => `t${i + 1} AS (SELECT a.x FROM t${i} a, t${i} b)`)
        .join(', ')
        .replace('FROM t0 a, t0 b', 'FROM (VALUES 1, 2) AS a (x)')} SELECT count(*) FROM t14`,
    ];
    const began = performance.now();
    const results = await runDataQueries(hostile.slice(0, -1));
    expect(performance.now() - began).toBeLessThan(20_000);
    expect(results.filter((result) => result instanceof QueryError).length).toBeGreaterThanOrEqual(9);
    for (const result of results) if (!(result instanceof QueryError)) expect(result.rows).toHaveLength(1);
    // Each of the names squares what is looked at: the estimate refuses it before it is run.
    await expect(runDataQuery(hostile.at(-1)!)).rejects.toThrow(/^The query would look at up to /);
  });

  test('texts with quotes stay texts', async () => {
    const text = fc.string({
      unit: fc.constantFrom("'", '"', '\\', ';', '-', 'a', '\n', '%', '\u{1f600}'),
      maxLength: 12,
    });
    await fc.assert(
      fc.asyncProperty(fc.array(text, { minLength: 20, maxLength: 20 }), async (list) => {
        const quoted = (one: string) => `'${one.replaceAll("'", "''")}'`;
        await hold(list.map((one) => [`SELECT ${quoted(one)}`, one] as const));
        await hold(
          list.map(
            (one) =>
              [
                `SELECT "${`c${one}`.replaceAll('"', '""')}" FROM (VALUES 1) AS t ("${`c${one}`.replaceAll('"', '""')}")`,
                '1',
              ] as const,
          ),
        );
      }),
      RUNS,
    );
  });

  test('columns that are no fields are not to be had by any spelling', async () => {
    const rows: CopiedRows = {
      account: [{ ...ROWS.account![0]!, details: JSON.stringify({ secret: SECRET }) }],
    };
    const names = [
      'details',
      '"details"',
      't.details',
      'r1.details',
      '_deleted',
      'row_id',
      'rowid',
      'oid',
      '"_rowid_"',
    ];
    const results = await runDataQueries(
      names.map((name) => `SELECT ${name} FROM account t`),
      rows,
    );
    expect(
      results.map((result) => result instanceof QueryError && / cannot be resolved$/.test(result.message)),
    ).toEqual(names.map(() => true));
  });
});

test('every field of every object can be selected, and by it sorted and grouped', async () => {
  const queries = objects.flatMap((object) => {
    const names = fieldsOf(object).map(({ name }) => `"${name}"`);
    return [
      `SELECT * FROM "${object.name}"`,
      `SELECT count(*) FROM "${object.name}"`,
      `SELECT ${names[0]}, count(*) FROM "${object.name}" GROUP BY ${names[0]} ORDER BY 1`,
    ];
  });
  const results = await runDataQueries(queries);
  expect(
    results.flatMap((result, index) =>
      result instanceof QueryError ? [`${queries[index]}: ${result.message}`] : [],
    ),
  ).toEqual([]);
});

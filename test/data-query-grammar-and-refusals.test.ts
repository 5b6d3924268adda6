import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { QueryError } from '../src/query/compiled-query.ts';
import { compileDataQuery } from '../src/query/data-query/compile.ts';
import { dataQueryLimits } from '../src/query/data-query/limits.ts';
import { parse } from '../src/query/data-query/parse.ts';
import { print } from '../src/query/data-query/print.ts';
import { anyQuery, withoutPlaces } from './support/data-query-syntax.ts';

// What Data Query's grammar reads is what was written; what is not read, or reaches beyond the model, is refused in words, with its place, in bounded time.

const OPTIONS = { readDeleted: false, now: '2026-03-15T12:30:45.678Z', timeZone: 'UTC' };
const compile = (text: string) => compileDataQuery(text, OPTIONS);

function refusalOf(text: string): string {
  try {
    compile(text);
  } catch (error) {
    if (error instanceof QueryError) return error.message;
    throw error;
  }
  return 'compiled';
}

const RUNS = 150;
const TIMEOUT_MS = 60_000;

describe('the grammar', () => {
  test(
    'what is printed is read as the same',
    () => {
      fc.assert(
        fc.property(anyQuery, (query) => {
          const text = print(query);
          fc.pre(text.length < dataQueryLimits.dataQueryCharactersMax && !isDeep(text));
          expect(withoutPlaces(parse(text)), text).toEqual(withoutPlaces(query));
        }),
        { numRuns: RUNS },
      );
    },
    TIMEOUT_MS,
  );

  test.each([
    ['a + b * c - d', '(a + (b * c)) - d'],
    ['a - b - c', '(a - b) - c'],
    ['a || b + c', 'a || (b + c)'],
    ['NOT a = b AND c OR d', '((NOT (a = b)) AND c) OR d'],
    ['- a * b', '(- a) * b'],
    ['a BETWEEN b + 1 AND c AND d', '(a BETWEEN (b + 1) AND c) AND d'],
    ['a LIKE b || c', 'a LIKE (b || c)'],
    ['a IS NULL AND b IS NOT NULL', '(a IS NULL) AND (b IS NOT NULL)'],
    ['NOT NOT NOT a', 'NOT a'],
    ['CASE WHEN a THEN b END + 1', '(CASE WHEN a THEN b END) + 1'],
  ])('%s is %s', (short, long) => {
    expect(withoutPlaces(parse(`SELECT ${short} FROM t`))).toEqual(
      withoutPlaces(parse(`SELECT ${long} FROM t`)),
    );
  });

  test('comments, quotes, letters and a semicolon at the end', () => {
    const plain = withoutPlaces(parse("SELECT a, 'x' FROM t WHERE b = 1"));
    expect(withoutPlaces(parse('select /* (( */ "A", \'x\' -- \')\n FROM "t" where B=1 ;'))).toEqual(plain);
  });
});

/** Deeper than what is read at all. */
function isDeep(text: string): boolean {
  let [depth, most] = [0, 0];
  for (const [word] of text.replaceAll(/'(?:[^']|'')*'|"(?:[^"]|"")*"/g, '').matchAll(/[()]|CASE|END/g)) {
    depth += word === '(' || word === 'CASE' ? 1 : -1;
    most = Math.max(most, depth);
  }
  return most > dataQueryLimits.dataQueryNestingLevelsMax;
}

describe('refusals', () => {
  test.each([
    ['SELECT 1 FRM t', "line 1:14: mismatched input 't'"],
    ['SELECT\n  1 +', 'line 2:6: the query ends too early'],
    ['', 'line 1:1: the query ends too early'],
    ['SELECT 1; SELECT 2', "line 1:11: mismatched input 'SELECT'"],
    ['SELECT id FROM order', "line 1:16: mismatched input 'order'"],
    ["SELECT 'abc", 'line 1:8: This text is not closed.'],
    ['SELECT "abc', 'line 1:8: This name is not closed.'],
    ['SELECT 1 /* abc', 'line 1:10: This comment is not closed.'],
    ['SELECT (1', 'line 1:8: This parenthesis is not closed.'],
    ['SELECT 1)', 'line 1:9: This parenthesis was not opened.'],
    ['SELECT (CASE WHEN a)', 'line 1:20: A CASE has no END before this.'],
    ['SELECT ""', 'line 1:8: A name is empty.'],
    ["SELECT 'a\0b'", 'line 1:8: A text contains the character U+0000.'],
    ['SELECT a[1] FROM account', 'line 1:9: Arrays and subscripts are not supported.'],
    ['SELECT `a` FROM account', 'line 1:8: Names are quoted by " in this dialect.'],
    ['SELECT ? FROM account', 'line 1:8: Parameters are not supported.'],
    ['SELECT transform(a, x -> x + 1)', 'line 1:23: Functions in arguments (lambda) are not supported.'],
    [
      'DROP TABLE account',
      'line 1:1: DROP is not supported: a query reads, by SELECT, WITH, VALUES, SHOW or DESCRIBE',
    ],
    [
      'INSERT INTO account VALUES (1)',
      'line 1:1: INSERT is not supported: a query reads, by SELECT, WITH, VALUES, SHOW or DESCRIBE',
    ],
    [
      'PRAGMA table_info(account)',
      'line 1:1: PRAGMA is not supported: a query reads, by SELECT, WITH, VALUES, SHOW or DESCRIBE',
    ],
    ['WITH RECURSIVE a AS (SELECT 1) SELECT * FROM a', 'line 1:6: WITH RECURSIVE is not supported.'],
    ['SELECT * FROM account NATURAL JOIN invoice', 'line 1:23: NATURAL JOIN is not supported.'],
    ['SELECT * FROM UNNEST(a)', 'line 1:15: UNNEST is not supported.'],
    ['SELECT count(*) FROM account GROUP BY ROLLUP (name)', 'line 1:39: ROLLUP is not supported.'],
    ['SELECT count(*) FROM account GROUP BY CUBE (name)', 'line 1:39: CUBE is not supported.'],
    [
      'SELECT count(*) FROM account GROUP BY GROUPING SETS ((name))',
      'line 1:39: GROUPING SETS is not supported.',
    ],
    ['SELECT name FROM account TABLESAMPLE BERNOULLI (10)', 'line 1:26: TABLESAMPLE is not supported.'],
    [
      'SELECT name FROM account FETCH FIRST 1 ROW WITH TIES',
      'line 1:44: FETCH … WITH TIES is not supported.',
    ],
    ['SELECT (1, 2)', 'line 1:8: A row of several values is not supported.'],
    ["SELECT interval '1' day to second", 'line 1:8: An interval over several units is not supported.'],
    ['SELECT a.b.c FROM account', 'line 1:11: A name of three parts is not supported.'],
    [
      'SELECT first_value(name) IGNORE NULLS OVER (ORDER BY id) FROM account',
      'line 1:26: IGNORE NULLS is not supported.',
    ],
  ])('of the grammar: %j', (text, message) => expect(refusalOf(text)).toBe(message));

  test.each([
    ['SELECT * FROM sqlite_master', "line 1:15: Table 'sqlite_master' does not exist"],
    ['SELECT * FROM account_metrics', "line 1:15: Table 'account_metrics' does not exist"],
    [
      'SELECT * FROM information_schema.tables',
      "line 1:15: Table 'information_schema.tables' does not exist",
    ],
    ['SELECT rowid FROM account', "line 1:8: Column 'rowid' cannot be resolved"],
    ['SELECT custom_fields FROM account', "line 1:8: Column 'custom_fields' cannot be resolved"],
    ['SELECT t.id FROM account', "line 1:8: Column 't.id' cannot be resolved"],
    ['SELECT r1.f1 FROM account', "line 1:8: Column 'r1.f1' cannot be resolved"],
    ['SELECT b.x FROM (SELECT name AS x FROM account) a', "line 1:8: Column 'b.x' cannot be resolved"],
    ['SELECT id FROM account a, account b', "line 1:8: Column 'id' is ambiguous"],
    [
      'SELECT * FROM (SELECT a.id FROM account b) c, account a',
      "line 1:23: Column 'a.id' cannot be resolved",
    ],
    ['WITH a AS (SELECT * FROM b), b AS (SELECT 1) SELECT 1', "line 1:26: Table 'b' does not exist"],
    ['DESCRIBE sqlite_master', "line 1:1: Table 'sqlite_master' does not exist"],
    ["SELECT load_extension('x')", "line 1:8: Function 'load_extension' not registered"],
    ['SELECT randomblob(1000000)', "line 1:8: Function 'randomblob' not registered"],
    ["SELECT json_extract(name, '$.a') FROM account", "line 1:8: Function 'json_extract' not registered"],
    ["SELECT regexp_like(name, 'a+') FROM account", "line 1:8: Function 'regexp_like' not registered"],
    ['SELECT constructor(1), toString(2)', "line 1:8: Function 'constructor' not registered"],
  ])('of the model: %s', (text, message) => expect(refusalOf(text)).toBe(message));

  test.each([
    ['SELECT name = 1 FROM account', 'line 1:8: Cannot apply operator: varchar = bigint'],
    [
      "SELECT createddate > '2026-01-01' FROM account",
      'line 1:8: Cannot apply operator: timestamp with time zone > varchar',
    ],
    ['SELECT name + 1 FROM account', 'line 1:8: Cannot apply operator: varchar + bigint'],
    [
      'SELECT name FROM account WHERE balance',
      'WHERE clause must evaluate to a boolean: actual type decimal(18,6)',
    ],
    ['SELECT name || 1 FROM account', 'line 1:8: Cannot apply operator: varchar || bigint'],
    ["SELECT CASE WHEN true THEN 1 ELSE 'a' END", 'line 1:8: All CASE results must be the same type'],
    ['SELECT CAST(1 AS json)', 'line 1:8: Unknown type: json'],
    [
      'SELECT CAST(1.5 AS decimal(18,9))',
      'line 1:8: decimal(18,9): there are at most 6 places after the point.',
    ],
    ["SELECT CAST(date '2026-01-01' AS bigint)", 'line 1:8: Cannot cast date to bigint'],
    [
      'SELECT 1.1234567',
      'line 1:8: 1.1234567 is not a decimal(18,6): up to twelve digits before the point and six after it.',
    ],
    ['SELECT 9223372036854775808', 'line 1:8: 9223372036854775808 is beyond what bigint holds.'],
    ["SELECT date '2026-02-30'", "line 1:8: '2026-02-30' is not a valid date literal"],
    [
      "SELECT interval '1' fortnight",
      "line 1:8: 'fortnight' is not a unit of intervals: year, month, day, hour, minute, second",
    ],
    ["SELECT interval '1' day", 'Column 1 is an interval day to second, which no file shows.'],
    [
      "SELECT now() AT TIME ZONE 'Europe/Paris'",
      "line 1:8: AT TIME ZONE 'Europe/Paris' is not supported: instants are in UTC.",
    ],
    [
      'SELECT length(5)',
      'line 1:8: Unexpected parameters (bigint) for function length. Expected: length(varchar) → bigint',
    ],
    [
      "SELECT coalesce(1, 'a')",
      'line 1:8: Unexpected parameters (bigint, varchar) for function coalesce. Expected: coalesce(value, value, …) → value',
    ],
    [
      'SELECT sum(name) FROM account',
      'line 1:8: Unexpected parameters (varchar) for function sum. Expected: sum(number)',
    ],
    [
      'SELECT name, count(*) FROM account',
      "line 1:8: 'name' must be an aggregate expression or appear in GROUP BY clause",
    ],
    [
      'SELECT name FROM account WHERE count(*) > 1',
      'line 1:32: WHERE clause cannot contain the aggregation count',
    ],
    [
      'SELECT sum(sum(balance)) FROM account',
      'line 1:12: GROUP BY clause or an aggregation cannot contain the aggregation sum',
    ],
    [
      'SELECT name FROM account WHERE rank() OVER () = 1',
      'line 1:32: WHERE clause cannot contain window functions',
    ],
    ['SELECT name FROM account GROUP BY 2', 'GROUP BY position 2 is not in select list'],
    ['SELECT name FROM account ORDER BY 2', 'ORDER BY position 2 is not in select list'],
    [
      'SELECT DISTINCT name FROM account ORDER BY balance',
      'For SELECT DISTINCT, ORDER BY expressions must appear in select list',
    ],
    ['SELECT 1 UNION SELECT 1, 2', 'UNION query has different number of fields: 1, 2'],
    ["SELECT 1 UNION SELECT 'a'", 'column 1 in UNION query has incompatible types: bigint, varchar'],
    ['SELECT 1 INTERSECT ALL SELECT 1', 'INTERSECT ALL is not supported.'],
    ['SELECT (SELECT 1, 2)', 'line 1:8: A subquery of one column is wanted; this one has 2.'],
    ['SELECT try(coalesce(1 / 0, 5))', 'line 1:8: try takes arithmetic and casts of columns and literals.'],
    ['SELECT name LIKE name FROM account', 'line 1:8: A LIKE pattern and its escape must be text literals.'],
    [
      'SELECT sum(balance) OVER (ORDER BY id RANGE 1 PRECEDING) FROM account',
      'line 1:8: A RANGE frame with a number is not supported: ROWS and GROUPS are.',
    ],
    [
      'SELECT * FROM (VALUES (1, 2)) AS t (a)',
      "Column alias list has 1 entries but 't' has 2 columns available",
    ],
  ])('of meaning: %s', (text, message) => expect(refusalOf(text)).toBe(message));
});

describe('limits', () => {
  const {
    dataQueryCharactersMax,
    dataQueryNestingLevelsMax,
    dataQueryRelationsMax,
    dataQueryColumnsMax,
    dataQueryLikePartsMax,
    dataQueryLikePartBytesMax,
    dataQueryPaddingCharactersMax,
  } = dataQueryLimits;

  test.each<[what: string, build: (count: number) => string, most: number, message: RegExp]>([
    [
      'characters',
      (count) => `SELECT 1 --${'x'.repeat(count - 11)}`,
      dataQueryCharactersMax,
      /^The query has 50001 characters; there can be 50000/,
    ],
    [
      'nesting',
      (count) => `SELECT ${'('.repeat(count)}1${')'.repeat(count)}`,
      dataQueryNestingLevelsMax,
      /nested more than 30 levels deep/,
    ],
    [
      'nesting of CASE',
      (count) => `SELECT ${'CASE WHEN true THEN '.repeat(count)}1${' END'.repeat(count)}`,
      dataQueryNestingLevelsMax,
      /nested more than 30 levels deep/,
    ],
    [
      'relations',
      (count) =>
        `SELECT 1 FROM ${Array(count)
          .fill('account')
          .map((table, i) => `${table} a${i}`)
          .join(', ')}`,
      dataQueryRelationsMax,
      /^The query has more than 30 tables and subqueries in FROM/,
    ],
    [
      'columns',
      (count) => `SELECT ${Array(count).fill('1').join(', ')}`,
      dataQueryColumnsMax,
      /^The query selects 101 columns/,
    ],
    [
      'parts of LIKE',
      (count) => `SELECT name LIKE '${Array(count).fill('a').join('%')}' FROM account`,
      dataQueryLikePartsMax,
      /more than 8 parts between its % signs/,
    ],
    [
      'bytes of a part of LIKE',
      (count) => `SELECT name LIKE '_${'a'.repeat(count - 1)}' FROM account`,
      dataQueryLikePartBytesMax,
      /longer than 50 bytes/,
    ],
    [
      'padding',
      (count) => `SELECT lpad(name, ${count}, 'x') FROM account`,
      dataQueryPaddingCharactersMax,
      /The size of lpad is from 0 to 1000/,
    ],
  ])('%s', (_, build, most, message) => {
    expect(refusalOf(build(most))).toBe('compiled');
    expect(refusalOf(build(most + 1))).toMatch(message);
  });

  test('what becomes too much for SQLite is refused beforehand', () => {
    expect(refusalOf(`SELECT ${Array(10_000).fill('1').join(' + ')}`)).toMatch(/^The query is too complex/);
    expect(refusalOf(`SELECT ${Array(200).fill('n').join(' * ')} FROM (VALUES 1.5) AS t (n)`)).toMatch(
      /^The query is too complex/,
    );
    const list = Array.from({ length: 12_000 }, (_, i) => i).join(',');
    expect(refusalOf(`SELECT 1 IN (${list}), 2 WHERE 3 IN (${list})`)).toMatch(
      /^The query has|^The query is too complex/,
    );
    expect(refusalOf(`SELECT ${Array(900).fill("name = 'x'").join(' OR ')} FROM account`)).toBe('compiled');
  });

  test('rows that would be looked at', () => {
    const cost = (text: string, rows: Record<string, number>) =>
      compile(text).checkCost!(new Map(Object.entries(rows)));
    const million = { account: 1_000_000, invoice: 1_000_000 };
    expect(cost('SELECT a.name FROM account a JOIN invoice i ON i.accountid = a.id', million)).toBeNull();
    expect(cost('SELECT a.name FROM account a, invoice i WHERE i.accountid = a.id', million)).toBeNull();
    expect(cost('SELECT name FROM account WHERE id IN (SELECT accountid FROM invoice)', million)).toBeNull();
    const tooMany = /^The query would look at up to 1\.0e\+12 rows; 300000000 is the most/;
    expect(cost('SELECT a.name FROM account a CROSS JOIN invoice i', million)).toMatch(tooMany);
    expect(cost('SELECT a.name FROM account a JOIN invoice i ON i.amount > a.balance', million)).toMatch(
      tooMany,
    );
    expect(
      cost(
        'SELECT name FROM account a WHERE EXISTS (SELECT 1 FROM invoice i WHERE i.accountid = a.id)',
        million,
      ),
    ).toMatch(tooMany);
    expect(cost('SELECT id FROM account WHERE balance > ALL (SELECT amount FROM invoice)', million)).toMatch(
      tooMany,
    );
    expect(cost('SELECT id FROM account WHERE 5 > ANY (SELECT amount FROM invoice)', million)).toBeNull();
    expect(
      cost('SELECT a.name FROM account a CROSS JOIN invoice i', { account: 10_000, invoice: 20_000 }),
    ).toBeNull();
  });
});

describe('what is copied', () => {
  const account = (text: string) => compile(text).sources.get('account');

  test('only columns that are read, and rows that one table is asked for', () => {
    expect(account("SELECT name FROM account WHERE status = 'Active'")).toEqual({
      columns: new Set(['name', 'status']),
      where: "((t.status) = 'Active')",
      withDeleted: false,
    });
    expect(
      account(
        'SELECT name FROM account a JOIN invoice i ON i.accountid = a.id WHERE partneraccount AND a.billcycleday IN (1, 15) AND i.amount > 5',
      )?.where,
    ).toBe('((t.partner_account = 1) AND ((t.bill_cycle_day) IN (1, 15)))');
    expect(compile('SELECT 1').sources.size).toBe(0);
  });

  test('all rows where less would change the result', () => {
    const status = "status = 'Active'";
    for (const text of [
      `SELECT name FROM account WHERE ${status} OR balance > 5`,
      `SELECT a.name FROM account a JOIN account b ON a.id = b.parentid WHERE a.${status}`,
      `SELECT i.id FROM invoice i LEFT JOIN account a ON i.accountid = a.id WHERE a.${status}`,
      `SELECT name FROM account WHERE (SELECT count(*) FROM account) > 1 AND ${status}`,
      'SELECT name FROM account WHERE deleted = false',
      'SELECT name FROM account WHERE balance = 5',
    ]) {
      expect(account(text)?.where, text).toBeNull();
    }
  });

  test('deleted rows when they are asked for', () => {
    const { sources } = compileDataQuery('SELECT name FROM account', { ...OPTIONS, readDeleted: true });
    expect(sources.get('account')?.withDeleted).toBe(true);
  });

  test('today is the day in the tenant’s time zone', () => {
    const today = (timeZone: string) =>
      compileDataQuery('SELECT current_date', { ...OPTIONS, now: '2026-03-15T23:30:00.000Z', timeZone }).sql;
    expect(today('UTC')).toContain("'2026-03-15'");
    expect(today('Asia/Tokyo')).toContain("'2026-03-16'");
  });
});

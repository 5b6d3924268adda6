// The parsers are what the grammars generate, and read every query as it was printed.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { GRAMMARS, parserOf } from '../scripts/grammar.mjs';
import { printExportZoql } from '../src/query/export-zoql/print.ts';
import { readExportZoql } from '../src/query/export-zoql/read.ts';
import type { Condition, ExportQuery, Operand } from '../src/query/export-zoql/syntax.ts';
import { QueryFault } from '../src/query/filtering/query-fault.ts';
import { queryTextLimits } from '../src/query/filtering/read-query.ts';
import { printZoql } from '../src/query/zoql/print.ts';
import { CONDITIONS_MAX, readZoql } from '../src/query/zoql/read.ts';
import type { Literal, Operator, ZoqlQuery } from '../src/query/zoql/syntax.ts';

const root = join(import.meta.dirname, '..');
const RESERVED = 'select from where and or not as is like null true false';

test.each(GRAMMARS)('$parser is what npm run grammar makes of $grammar', ({ grammar, parser }) => {
  expect(readFileSync(join(root, parser), 'utf8')).toBe(parserOf(readFileSync(join(root, grammar), 'utf8')));
});

/** Where things stand in the text is not part of what they mean. */
function withoutPlaces(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutPlaces);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, part]) => (name === 'at' ? [] : [[name, withoutPlaces(part)]])),
  );
}

const name = fc
  .stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,8}$/)
  .filter((text) => !RESERVED.split(' ').includes(text.toLowerCase()));
const at = 0;
const text = fc
  .oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: fc.constantFrom("'", '"', '\\', '%', '(', ')', '\n', 'é', ';') }),
  )
  .map((value) => value.replaceAll('\0', ''));
const literal: fc.Arbitrary<Literal> = fc.oneof(
  text.map((value) => ({ kind: 'text' as const, value })),
  fc.stringMatching(/^-?[0-9]{1,9}(\.[0-9]{1,6})?$/).map((value) => ({ kind: 'number' as const, value })),
  fc.boolean().map((value) => ({ kind: 'boolean' as const, value })),
  fc.constant({ kind: 'null' as const }),
);
const operator = fc.constantFrom<Operator>('=', '!=', '>', '>=', '<', '<=', 'like');
const list = <T>(of: fc.Arbitrary<T>, minLength = 1, maxLength = 4) => fc.array(of, { minLength, maxLength });

describe('ZOQL', () => {
  const named = name.map((one) => ({ name: one, at }));
  const query: fc.Arbitrary<ZoqlQuery> = fc.record({
    fields: list(named),
    object: named,
    where: list(list(fc.record({ field: named, operator, value: literal })), 0),
  });

  test('reads what it prints', () => {
    fc.assert(
      fc.property(query, (one) => {
        expect(withoutPlaces(readZoql(printZoql(one)))).toEqual(withoutPlaces(one));
      }),
      { numRuns: 1_000 },
    );
  });

  test('says what it does not have', () => {
    const faultOf = (written: string) => {
      try {
        readZoql(written);
      } catch (error) {
        return `${(error as QueryFault).code} ${(error as QueryFault).message}`;
      }
      return 'none';
    };
    const refusals: ReadonlyArray<readonly [query: string, says: string]> = [
      ['select * from Account', 'no *'],
      ['select Account.Id from Account', 'no joins'],
      ['select count(Id) from Account', 'no functions'],
      ['select Id from Account, Contact', 'one object'],
      ['select Id from Account join Contact', 'one object'],
      ["select Id from Account where (Id = 'a')", 'no parentheses'],
      ["select Id from Account where Id in ('a')", 'no in'],
      ['select Id from Account where Id is null', 'no is'],
      ["select Id from Account where not Id = 'a'", 'no not'],
      ["select Id from Account where Id <> 'a'", 'no <>'],
      ['select Id from Account where BillCycleDay between 1 and 2', 'no between'],
      ['select Id from Account where Id = ParentId', 'not with a field'],
      ['select Id from Account where Id = "a"', 'single quotes'],
      ['select Id from Account where Id = (select Id from Account)', 'no subqueries'],
      ['select Id from Account order by Id', 'no order by'],
      ['select Id from Account limit 1', 'no order by, group by, having or limit'],
      ['select Id from', 'Expected'],
      ['', 'Expected'],
      ["select Id from Account where Id = 'a", 'Expected'],
      ["select Id from Account where Id = 'a' -- x", 'Expected'],
      ["select Id from Account where Id = 'a\0'", 'U+0000'],
    ];
    for (const [written] of refusals) expect(faultOf(written)).toMatch(/^MALFORMED_QUERY /);
    for (const [written, says] of refusals) expect(faultOf(written)).toContain(says);
  });

  test('names line and column', () => {
    const place = { line: 2, column: 7 };
    expect(() => readZoql('select Id\nfrom 5')).toThrow(
      expect.objectContaining({ place: { line: 2, column: 6 } }),
    );
    expect(() => readZoql('select Id\nfrom A where')).toThrow(
      expect.objectContaining({ code: 'MALFORMED_QUERY' }),
    );
    expect(() => readZoql('select Id,\n     *')).toThrow(
      expect.objectContaining({ place: { ...place, column: 6 } }),
    );
  });

  test('takes so many conditions and no more', () => {
    const conditions = (count: number) => `select Id from A where ${Array(count).fill('a = 1').join(' or ')}`;
    expect(readZoql(conditions(CONDITIONS_MAX)).where).toHaveLength(CONDITIONS_MAX);
    expect(() => readZoql(conditions(CONDITIONS_MAX + 1))).toThrow(`at most ${CONDITIONS_MAX} conditions`);
  });
});

describe('Export ZOQL', () => {
  const path = list(name, 1, 3).map((names) => ({ kind: 'path' as const, names, at }));
  const aggregate = fc.oneof(
    fc.constant({ kind: 'aggregate' as const, name: 'count' as const, of: null, at }),
    fc.record({
      kind: fc.constant('aggregate' as const),
      name: fc.constantFrom('count', 'sum', 'avg', 'min', 'max'),
      of: path,
      at: fc.constant(at),
    }),
  );
  const operand: fc.Arbitrary<Operand> = fc.oneof(path, aggregate);
  const { condition } = fc.letrec<{ condition: Condition }>((tie) => ({
    condition: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      fc.record({
        kind: fc.constant('comparison'),
        left: operand,
        operator,
        right: fc.oneof(literal, operand),
      }),
      fc.record({ kind: fc.constant('null'), left: operand, isNot: fc.boolean() }),
      fc.record({ kind: fc.constant('not'), of: tie('condition') }),
      fc.record({ kind: fc.constantFrom('and', 'or'), of: list(tie('condition'), 2, 3) }),
    ) as fc.Arbitrary<Condition>,
  }));
  const quoted = fc.stringMatching(/^[ -!#-~]{1,9}$/);
  const alias = fc.oneof(quoted, fc.stringMatching(/^[ -~]{1,9}$/));
  const query: fc.Arbitrary<ExportQuery> = fc.record({
    columns: list(
      fc.record({
        value: fc.oneof(
          operand,
          list(name, 0, 2).map((names) => ({ kind: 'star' as const, names, at })),
        ),
        alias: fc.option(alias),
      }),
    ),
    source: name.map((one) => ({ name: one, at })),
    where: fc.option(condition),
    groupBy: list(path, 0),
    having: fc.option(condition),
    orderBy: list(
      fc.record({
        by: fc.oneof(
          operand,
          quoted.map((one) => ({ kind: 'alias' as const, alias: one, at })),
        ),
        descending: fc.boolean(),
      }),
      0,
    ),
    limit: fc.option(fc.record({ offset: fc.nat(), rows: fc.nat() })),
  });

  test('reads what it prints', () => {
    fc.assert(
      fc.property(query, (one) => {
        expect(withoutPlaces(readExportZoql(printExportZoql(one)))).toEqual(withoutPlaces(one));
      }),
      { numRuns: 1_000 },
    );
  });

  test.each([
    ['select Id from Account join Contact on a = b', 'no joins'],
    ['select Id from Account, Contact', 'one data source'],
    ['select Id from Account union select Id from Contact', 'no union'],
    ['select distinct Id from Account', 'no distinct'],
    ['select sum(count(Id)) from Account', 'cannot be nested'],
    ['select load_extension(Id) from Account', 'no function load_extension'],
    ['select sum(*) from Account', 'name a field'],
    ["select Id from Account where Id in ('a')", 'no in'],
    ['select Id from Account where Id = (select Id from Account)', 'no subqueries'],
    ['select Id from Account where Id = "a"', 'single quotes'],
    ['select Id from Account limit 1234567890123', 'twelve digits'],
    [`select Id from Account where ${'not '.repeat(10_000)} Id = 'a'`, 'too many times not'],
    ["select Id from Account where Id = 'a' /* x */", 'Expected'],
    ['select Id from Account; drop table account', 'Expected'],
    ['select "Id" from Account', 'Expected'],
  ])('%.80s: %s', (written, says) => {
    expect(() => readExportZoql(written)).toThrow(says);
    expect(() => readExportZoql(written)).toThrow(QueryFault);
  });

  test('nests so deep and no deeper', () => {
    const nested = (levels: number) =>
      `select Id from Account where ${'('.repeat(levels)}Id = ')'${')'.repeat(levels)}`;
    const { nestingLevelsMax } = queryTextLimits;
    expect(readExportZoql(nested(nestingLevelsMax)).where).toMatchObject({ kind: 'comparison' });
    expect(() => readExportZoql(nested(nestingLevelsMax + 1))).toThrow(`more than ${nestingLevelsMax} deep`);
    expect(() => readExportZoql(nested(10_000))).toThrow(`more than ${nestingLevelsMax} deep`);
    // A backslash does not make a text longer, so that these parentheses are seen.
    const hidden = `select Id from Account where Id = '\\' and ${'('.repeat(10_000)}Id = ''`;
    expect(() => readExportZoql(hidden)).toThrow(QueryFault);
  });

  test('has so many characters and no more', () => {
    const { textCharactersMax } = queryTextLimits;
    const padded = (length: number) => 'select Id from Account'.padEnd(length, ' ');
    expect(readExportZoql(padded(textCharactersMax)).source.name).toBe('Account');
    expect(() => readExportZoql(padded(textCharactersMax + 1))).toThrow(
      `at most ${textCharactersMax} characters`,
    );
  });

  test('takes any text whatever without failing in another way', () => {
    const words = fc.constantFrom(
      ...[
        'select',
        'from',
        'where',
        "'",
        '"',
        '(',
        ')',
        '*',
        ',',
        '.',
        'and',
        'not',
        'Id',
        'Account',
        '=',
        '\\',
        '--',
        ';',
      ],
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(words, fc.string({ unit: 'binary' })), { maxLength: 60 }), (parts) => {
        for (const read of [readZoql, readExportZoql]) {
          try {
            read(parts.join(' '));
          } catch (error) {
            expect(error).toBeInstanceOf(QueryFault);
          }
        }
      }),
      { numRuns: 1_000 },
    );
  });
});

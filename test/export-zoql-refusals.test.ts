// Export ZOQL that is refused: each query with what is said about it, and nothing that fails in another way.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  compileExportZoql,
  type ExportZoqlOptions,
  exportZoqlLimits,
} from '../src/query/export-zoql/compile.ts';
import { QueryFault } from '../src/query/filtering/query-fault.ts';

const OPTIONS: ExportZoqlOptions = {
  now: '2026-06-15T10:30:00.000Z',
  timeZone: 'America/New_York',
  headers: 'query',
  changedSince: null,
  changedUntil: null,
  deletedColumn: null,
};

test.each([
  ['select Id from Nothing', 'INVALID_TYPE', 'noSuchDataSource'],
  ['select name from sqlite_master', 'INVALID_TYPE', 'noSuchDataSource'],
  ['select id from access_token', 'INVALID_TYPE', 'noSuchDataSource'],
  ['select Colour from Account', 'INVALID_FIELD', 'There is no field Colour in Account.'],
  ['select rowid from Account', 'INVALID_FIELD', 'rowid'],
  ['select t.id from Account', 'INVALID_FIELD', 'There is no object t'],
  ['select Colour.Id from Account', 'INVALID_FIELD', 'There is no object Colour that hangs on Account'],
  [
    'select Subscriptions.Id from Account',
    'INVALID_FIELD',
    'Account has many Subscriptions: take Subscription as the data source',
  ],
  [
    'select Account.Id as "A", Name as "A" from Account',
    'MALFORMED_QUERY',
    'Duplicate column aliases "A" were defined.',
  ],
  ['select * as "A" from Account', 'MALFORMED_QUERY', 'has no alias'],
  [
    'select Name, count(*) from Account',
    'MALFORMED_QUERY',
    'does not appear in the GROUP BY statement: Name',
  ],
  ['select * from Account group by Name', 'MALFORMED_QUERY', 'GROUP BY'],
  ['select Name from Account order by count(*)', 'MALFORMED_QUERY', 'GROUP BY'],
  ['select Name from Account group by Name having Batch = 1', 'MALFORMED_QUERY', 'GROUP BY'],
  ['select Name from Account where count(*) > 1', 'MALFORMED_QUERY', 'in having, not in where'],
  ['select sum(Name) from Account', 'INVALID_VALUE', 'Name is no number'],
  ['select Name from Account order by "X"', 'INVALID_FIELD', 'There is no column "X"'],
  ['select Name from Account where Name > Balance', 'INVALID_VALUE', 'they cannot be compared'],
  ['select Name from Account where AutoPay < PartnerAccount', 'INVALID_VALUE', 'with = or !='],
  ['select Name from Account where Name like Batch', 'INVALID_VALUE', 'not a field'],
  ['select Name from Account where UpdatedDate > 5', 'INVALID_VALUE', 'UpdatedDate is a date-time'],
  ["select Name from Account where UpdatedDate > 'now - 1 fortnight'", 'INVALID_VALUE', "'now - 1 day'"],
  ["select Name from Account where UpdatedDate > 'now - 999999 years'", 'INVALID_VALUE', 'is none'],
  [
    "select Name from Account where UpdatedDate > 'now + 999999 hours + 999999 years'",
    'INVALID_VALUE',
    'is none',
  ],
  [
    `select Name from Account group by ${Array(exportZoqlLimits.groupFieldsMax + 1)
      .fill('Name')
      .join(',')}`,
    'MALFORMED_QUERY',
    'at most 5',
  ],
  [
    `select Name from Account order by ${Array(exportZoqlLimits.orderFieldsMax + 1)
      .fill('Name')
      .join(',')}`,
    'MALFORMED_QUERY',
    'at most 20',
  ],
  [
    `select ${Array(exportZoqlLimits.resultColumnsMax + 1)
      .fill('Name')
      .join(',')} from Account`,
    'MALFORMED_QUERY',
    'this has 101',
  ],
  [
    `select Name from Account where ${Array(exportZoqlLimits.conditionsMax + 1)
      .fill('BillCycleDay = 1')
      .join(' or ')}`,
    'MALFORMED_QUERY',
    'at most 1000 conditions',
  ],
  [
    `select Name from Account where ${Array(400).fill('Balance = 1').join(' or ')}`,
    'MALFORMED_QUERY',
    'too long',
  ],
  [
    `select Name from Account where ${'(Name = 1 or not '.repeat(25)}AutoPay = true${')'.repeat(25)}`,
    'INVALID_VALUE',
    'Name is text',
  ],
  [
    `select Name from Account where ${"(Name = 'a' or not ".repeat(29)}AutoPay = true${')'.repeat(29)}`,
    'MALFORMED_QUERY',
    'nested too deeply',
  ],
])('refused: %.100s', (text, code, message) => {
  let fault: unknown;
  try {
    compileExportZoql(text, OPTIONS);
  } catch (error) {
    fault = error;
  }
  expect(fault).toBeInstanceOf(QueryFault);
  expect(fault).toMatchObject({ code, message: expect.stringContaining(message) });
});

test('names line and column of what it does not know', () => {
  const text = 'select Name,\n  Colour from Account';
  expect(() => compileExportZoql(text, OPTIONS)).toThrow(
    expect.objectContaining({ place: { line: 2, column: 3 } }),
  );
});

test('whatever is written is compiled from the model or refused, in bounded time', () => {
  const words = fc.constantFrom(
    ...[
      'select',
      'Id',
      'Name',
      '*',
      'Account.*',
      'BillToContact.Id',
      'from',
      'Account',
      'where',
      'and',
      'or',
      'not',
      'is',
      'null',
    ],
    ...[
      '=',
      '!=',
      'like',
      "'a'",
      "''",
      "'",
      '"',
      '"x"',
      'as',
      'count(*)',
      'sum(Balance)',
      'group by',
      'having',
      'order by',
      'limit',
    ],
    ...[
      '1',
      '1e999',
      '(',
      ')',
      ',',
      '.',
      '--',
      '/*',
      ';',
      'union',
      'sqlite_master',
      't.id',
      '?1',
      '\u0000',
      '\ud800',
      '🙂',
      "'now'",
    ],
  );
  const written = fc.oneof(
    fc.array(words, { maxLength: 20 }).map((parts) => parts.join(' ')),
    fc.array(words, { maxLength: 10 }).map((parts) => `select Name from Account where ${parts.join(' ')}`),
    fc.array(words, { maxLength: 6 }).map((parts) => `select ${parts.join(', ')} from Account`),
  );
  fc.assert(
    fc.property(written, (text) => {
      try {
        const { sql, sources } = compileExportZoql(text, OPTIONS);
        // Texts are values; everything else in the SQL is the model's.
        expect(sql.replaceAll(/'(?:[^']|'')*'/g, '')).not.toMatch(/sqlite_|--|\/\*|;|\?|UNION/i);
        expect([...sources.keys()].every((table) => /^[a-z_]+$/.test(table))).toBe(true);
      } catch (error) {
        expect(error).toBeInstanceOf(QueryFault);
      }
    }),
    { numRuns: 3_000 },
  );
});

test('the longest texts take no time to speak of', () => {
  const startedMs = performance.now();
  const long = [
    `select ${'a,'.repeat(24_000)}a from Account`,
    `select Name from Account where ${'Name = Name or '.repeat(3_000)}Name = Name`,
    `select Name from Account where Name = '${"''".repeat(24_000)}'`,
    `select ${'a.'.repeat(24_000)}a from Account`,
    `select Name from Account where ${'('.repeat(49_000)}`,
    `select Name from Account where ${'not '.repeat(12_000)}`,
    `select Name from Account where Name like '${'%a'.repeat(24_000)}'`,
    `select Name from Account where Name = 'x' ${' '.repeat(49_000)}`,
  ];
  for (const text of long) {
    try {
      compileExportZoql(text, OPTIONS);
    } catch (error) {
      expect(error).toBeInstanceOf(QueryFault);
    }
  }
  expect(performance.now() - startedMs).toBeLessThan(5_000);
});

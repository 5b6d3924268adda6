import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CsvError, csvLimits, readCsv } from '../../src/wire/csv.ts';

const cellsOf = (text: string) => Array.from(readCsv(text), ({ cells }) => cells);

function failure(text: string): string {
  try {
    cellsOf(text);
  } catch (error) {
    if (error instanceof CsvError) return `row ${error.row} ${error.message}`;
    throw error;
  }
  return 'none';
}

describe('comma-separated text', () => {
  it.each([
    [
      'a,b\n1,2\n',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    [
      'a,b\r\n1,2',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    [
      'a,b\r1,2\r',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    ['\n\na\n\n\r\nb\n\n', [['a'], ['b']]],
    [
      'a,\n,b\n',
      [
        ['a', ''],
        ['', 'b'],
      ],
    ],
    ['"a,b","c""d"\n', [['a,b', 'c"d']]],
    ['"line 1\r\nline 2",x\n', [['line 1\r\nline 2', 'x']]],
    ['""\n', [['']]],
    ['', []],
    [' a , b \n', [[' a ', ' b ']]],
    ['é,日本,🙂\n', [['é', '日本', '🙂']]],
  ])('reads %j', (text, rows) => expect(cellsOf(text)).toEqual(rows));

  it.each([
    ['a\n"b', 'row 2 has a quote that is not closed'],
    ['a\nb"c', 'row 2 has a quote inside a cell that does not begin with one'],
    ['"a"b\n', 'row 1 has text after a closing quote'],
    ['"a" ,b\n', 'row 1 has text after a closing quote'],
  ])('refuses %j', (text, message) => expect(failure(text)).toBe(message));

  it('bounds cells and rows', () => {
    const { cellCharactersMax, rowCharactersMax, columnsMax } = csvLimits;
    expect(failure('x'.repeat(cellCharactersMax))).toBe('none');
    expect(failure('x'.repeat(cellCharactersMax + 1))).toContain(`more than ${cellCharactersMax} characters`);
    expect(failure(`"${'x'.repeat(rowCharactersMax)}`)).toContain('not closed');
    expect(failure(`"${'x'.repeat(rowCharactersMax)}"`)).toContain(
      `more than ${rowCharactersMax} characters`,
    );
    expect(failure(','.repeat(columnsMax - 1))).toBe('none');
    expect(failure(','.repeat(columnsMax))).toContain(`more than ${columnsMax} cells`);
    expect(failure(`${'"'.repeat(20_000)}\n`)).toBe('none');
  });

  it('reads back what was written, and rows lie one behind the other', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r', ' ', 'é'), maxLength: 8 });
    const row = fc.array(cell, { minLength: 2, maxLength: 5 });
    fc.assert(
      fc.property(fc.array(row), fc.constantFrom('\n', '\r\n', '\r'), (rows, newline) => {
        const quoted = (value: string) => `"${value.replaceAll('"', '""')}"`;
        const text = rows.map((cells) => cells.map(quoted).join(',') + newline).join('');
        const read = [...readCsv(text)];
        expect(read.map(({ cells }) => cells)).toEqual(rows);
        expect(read.map(({ start, end }) => text.slice(start, end)).join('')).toBe(text);
      }),
    );
  });
});

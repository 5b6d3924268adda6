/** Reads comma-separated text (RFC 4180): cells in quotes hold commas, line breaks and doubled quotes. Lines end in CR LF, LF or CR; empty ones are skipped. */

/** Limits of one file; characters are UTF-16 units. */
export const csvLimits = {
  columnsMax: 200,
  cellCharactersMax: 32_000,
  rowCharactersMax: 100_000,
} as const;

export interface CsvRow {
  readonly cells: readonly string[];
  /** Where the row begins in the text, and where what follows it begins. */
  readonly start: number;
  readonly end: number;
}

/** What cannot be read, with the row (counted from 1, the heading included) that it is in. */
export class CsvError extends Error {
  readonly row: number;
  constructor(message: string, row: number) {
    super(message);
    this.row = row;
  }
}

/**
 * The rows of a text, one after another: no more than a row is held beside the text.
 *
 * @throws CsvError
 */
export function* readCsv(text: string): Generator<CsvRow, void> {
  let at = 0;
  for (let number = 1; at < text.length; ) {
    const row = readRow(text, at, number);
    at = row.end;
    if (row.cells.length === 1 && row.cells[0] === '' && isBlank(text, row)) continue;
    yield row;
    number++;
  }
}

/** A line with nothing on it is no row; one with a pair of quotes is. */
function isBlank(text: string, { start, end }: CsvRow): boolean {
  return text.slice(start, end).trim() === '';
}

function readRow(text: string, start: number, number: number): CsvRow {
  const cells: string[] = [];
  let at = start;
  for (;;) {
    const cell = text[at] === '"' ? readQuoted(text, at, number) : readPlain(text, at, number);
    if (cell.value.length > csvLimits.cellCharactersMax) {
      throw new CsvError(`a cell has more than ${csvLimits.cellCharactersMax} characters`, number);
    }
    cells.push(cell.value);
    if (cells.length > csvLimits.columnsMax) {
      throw new CsvError(`has more than ${csvLimits.columnsMax} cells`, number);
    }
    at = cell.end;
    if (at - start > csvLimits.rowCharactersMax) {
      throw new CsvError(`has more than ${csvLimits.rowCharactersMax} characters`, number);
    }
    if (text[at] !== ',') break;
    at++;
  }
  if (text[at] === '\r') at++;
  if (text[at] === '\n') at++;
  return { cells, start, end: at };
}

interface Cell {
  readonly value: string;
  readonly end: number;
}

const PLAIN = /[^",\r\n]*/y;

function readPlain(text: string, start: number, number: number): Cell {
  PLAIN.lastIndex = start;
  const value = PLAIN.exec(text)![0];
  const end = start + value.length;
  if (text[end] === '"') throw new CsvError('has a quote inside a cell that does not begin with one', number);
  return { value, end };
}

function readQuoted(text: string, start: number, number: number): Cell {
  let value = '';
  let at = start + 1;
  for (;;) {
    const quote = text.indexOf('"', at);
    if (quote === -1) throw new CsvError('has a quote that is not closed', number);
    if (quote - start > csvLimits.rowCharactersMax) {
      throw new CsvError(`has more than ${csvLimits.rowCharactersMax} characters`, number);
    }
    value += text.slice(at, quote);
    if (text[quote + 1] !== '"') {
      const end = quote + 1;
      if (end < text.length && !',\r\n'.includes(text[end]!)) {
        throw new CsvError('has text after a closing quote', number);
      }
      return { value, end };
    }
    value += '"';
    at = quote + 2;
  }
}

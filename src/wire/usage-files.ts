import { z } from 'zod';
import type { NewUsage } from '../domain/billing/record-usage.ts';
import {
  type UsageImport,
  type UsageImportPiece,
  type UsagePiece,
  usageImportLimits,
} from '../domain/billing/usage-import.ts';
import { DATE_MIN } from '../domain/calendar.ts';
import { parseDecimal } from '../domain/money.ts';
import { type JsonValue, type Refusal, refuse } from '../domain/result.ts';
import { CsvError, readCsv } from './csv.ts';
import { DOCUMENT_DATE_MAX, isCustomFieldName, readDateTime } from './values.ts';

/** Files with usage: comma-separated, one record a row, below a heading that names the columns. */

const COLUMNS = [
  'ACCOUNT_ID',
  'UOM',
  'QTY',
  'STARTDATE',
  'ENDDATE',
  'SUBSCRIPTION_ID',
  'CHARGE_ID',
  'DESCRIPTION',
] as const;
type Column = (typeof COLUMNS)[number];
const REQUIRED: readonly Column[] = ['UOM', 'QTY', 'STARTDATE'];
const NAMING: readonly Column[] = ['ACCOUNT_ID', 'SUBSCRIPTION_ID', 'CHARGE_ID'];

const LENGTHS_MAX: Partial<Record<Column, number>> = {
  ACCOUNT_ID: 100,
  SUBSCRIPTION_ID: 100,
  CHARGE_ID: 100,
  UOM: 255,
  DESCRIPTION: 200,
};

/** The form that brings a file. */
export const wireUsageForm = z.object({
  file: z.string().meta({
    format: 'binary',
    description: `a file in CSV with a heading of ${COLUMNS.join(', ')}; needed are ${REQUIRED.join(', ')} and what names an account`,
  }),
});

/** A file that can be imported: its content as UTF-8, and where in it the pieces of its rows begin. */
export interface UsageFile {
  readonly columns: readonly string[];
  readonly content: Uint8Array;
  readonly pieces: readonly UsagePiece[];
  readonly rows: number;
}

/** Reads a file's heading and counts its rows: every row has a cell for every column. What the cells say is looked at row by row later. */
export function readUsageFile(text: string): UsageFile | Refusal {
  try {
    // Spreadsheets begin their files with a byte order mark.
    return readFile(text.startsWith('\uFEFF') ? text.slice(1) : text);
  } catch (error) {
    if (error instanceof CsvError) return refuse('invalid', `row ${error.row} ${error.message}`, 'file');
    throw error;
  }
}

function readFile(text: string): UsageFile | Refusal {
  const wrong = (message: string) => refuse('invalid', message, 'file');
  if (text.includes('\uFFFD')) return wrong('must be UTF-8 text');
  const rows = readCsv(text);
  const heading = rows.next();
  if (heading.done === true) return wrong('is empty');
  const columns = heading.value.cells.map((cell) => cell.trim());
  const badHeading = findWrongHeading(columns);
  if (badHeading !== null) return wrong(badHeading);
  const encoder = new TextEncoder();
  const parts = [encoder.encode(text.slice(0, heading.value.end))];
  const pieces: UsagePiece[] = [];
  let count = 0;
  let bytes = parts[0]!.byteLength;
  let start = heading.value.end;
  let inPiece = 0;
  const closePiece = (end: number) => {
    const part = encoder.encode(text.slice(start, end));
    parts.push(part);
    pieces.push({ from: bytes, bytes: part.byteLength, rows: inPiece });
    bytes += part.byteLength;
    start = end;
    inPiece = 0;
  };
  for (const { cells, end } of rows) {
    count++;
    if (cells.length !== columns.length) {
      return wrong(`row ${count + 1} has ${cells.length} cells; the heading has ${columns.length}`);
    }
    if (count > usageImportLimits.rowsMax) return wrong(`has more than ${usageImportLimits.rowsMax} rows`);
    inPiece++;
    const { rowsPerPiece, charactersPerPiece } = usageImportLimits;
    if (inPiece === rowsPerPiece || end - start >= charactersPerPiece) closePiece(end);
  }
  if (inPiece > 0) closePiece(text.length);
  return count === 0 ? wrong('has no rows') : { columns, content: joined(parts, bytes), pieces, rows: count };
}

function joined(parts: readonly Uint8Array[], bytes: number): Uint8Array {
  const content = new Uint8Array(bytes);
  let at = 0;
  for (const part of parts) {
    content.set(part, at);
    at += part.byteLength;
  }
  return content;
}

function findWrongHeading(columns: readonly string[]): string | null {
  const seen = new Set<string>();
  for (const column of columns) {
    if (!(COLUMNS as readonly string[]).includes(column) && !isCustomFieldName(column)) {
      return `has a column ${JSON.stringify(column.slice(0, 100))}; there are ${COLUMNS.join(', ')} and custom fields`;
    }
    if (seen.has(column)) return `has the column ${column} twice`;
    seen.add(column);
  }
  const missing = REQUIRED.find((column) => !seen.has(column));
  if (missing !== undefined) return `has no column ${missing}`;
  return NAMING.some((column) => seen.has(column)) ? null : `has none of the columns ${NAMING.join(', ')}`;
}

/** The rows of a piece of a file: each as a record of usage, or what is wrong with it. @param usageIds of the rows, in their order */
export function readUsageRows(
  text: string,
  columns: readonly string[],
  usageIds: (index: number) => string,
  timeZone: string,
): Array<NewUsage | Refusal> {
  return Array.from(readCsv(text), ({ cells }, index) => {
    const row = new Map(columns.map((column, i) => [column, cells[i] ?? '']));
    return fromRow(row, usageIds(index), timeZone);
  });
}

function fromRow(row: ReadonlyMap<string, string>, usageId: string, timeZone: string): NewUsage | Refusal {
  const text = (column: Column) => (row.get(column) ?? '').trim();
  const key = (column: Column) => text(column) || null;
  for (const [column, lengthMax] of Object.entries(LENGTHS_MAX)) {
    if (text(column as Column).length > lengthMax) {
      return refuse('invalid', `must have at most ${lengthMax} characters`, column);
    }
  }
  const missing = REQUIRED.find((column) => text(column) === '');
  if (missing !== undefined) return refuse('missing', 'is required', missing);
  if (NAMING.every((column) => text(column) === '')) {
    return refuse('missing', `is required, or one of ${NAMING.slice(1).join(', ')}`, 'ACCOUNT_ID');
  }
  const quantity = parseDecimal(text('QTY'));
  if (quantity === null) return refuse('invalid', 'must be a number', 'QTY');
  const start = readDateTime(text('STARTDATE'), timeZone);
  if (start === null) return refuse('format', NOT_A_DATE, 'STARTDATE');
  const end = text('ENDDATE') === '' ? null : readDateTime(text('ENDDATE'), timeZone);
  if (end === null && text('ENDDATE') !== '') return refuse('format', NOT_A_DATE, 'ENDDATE');
  return {
    usageId,
    target: {
      chargeKey: key('CHARGE_ID'),
      subscriptionKey: key('SUBSCRIPTION_ID'),
      accountKey: key('ACCOUNT_ID'),
      unitOfMeasure: text('UOM'),
      startDate: start.day,
      names: {
        charge: 'CHARGE_ID',
        subscription: 'SUBSCRIPTION_ID',
        account: 'ACCOUNT_ID',
        unitOfMeasure: 'UOM',
        startDate: 'STARTDATE',
        endDate: 'ENDDATE',
        quantity: 'QTY',
      },
    },
    quantity,
    startDateTime: start.instant,
    endDateTime: end?.instant ?? null,
    description: key('DESCRIPTION'),
    details: {},
    customFields: Object.fromEntries(
      [...row].filter(([name, value]) => isCustomFieldName(name) && value !== ''),
    ) as { readonly [name: string]: JsonValue },
  };
}

const NOT_A_DATE = `must be a date such as 2026-01-31 or 01/31/2026, with a time of day or without, not before ${DATE_MIN} or after ${DOCUMENT_DATE_MAX}`;

/** Where what has become of a file can be asked. */
export function usageStatusPath(importId: string): string {
  return `/v1/usage/${importId}/status`;
}

/** The reply of POST /v1/usage. */
export function toWireUsageAccepted({ id, bytes }: UsageImport): object {
  return { checkImportStatus: usageStatusPath(id), size: bytes, success: true };
}

/** What has become of a file, and of some of its rows: the first of them is row `firstRow`, counted from 1 below the heading. */
export function toWireUsageImport(
  running: UsageImport,
  outcomes: ReadonlyArray<UsageImportPiece['outcomes'][number]>,
  firstRow: number,
): object {
  return {
    importStatus: running.status,
    message: running.failure,
    fileName: running.fileName,
    totalCount: running.rows,
    importedCount: running.recorded,
    failedCount: running.refused,
    rows: outcomes.map(([outcome, said], i) =>
      outcome === 'recorded'
        ? { row: firstRow + i, success: true, usageId: said }
        : { row: firstRow + i, success: false, message: said },
    ),
  };
}

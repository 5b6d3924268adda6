import { isDate, toDayNumber } from '../../../domain/calendar.ts';
import { QueryError, type ResultColumn } from '../../compiled-query.ts';
import { escapeMarkup } from './html-table.ts';
import { type FormatOptions, isNumeric, type RowFormat } from './row-format.ts';

/** What Excel takes. */
export const sheetLimits = {
  /** The heading is one of them. */
  sheetRowsMax: 1_048_576,
  cellCharactersMax: 32_767,
  /** Digits of a number that Excel keeps; longer ones are written as text, so that none is lost. */
  numberDigitsMax: 15,
} as const;

/** Style 1 of the book: a day. */
const DATE_STYLE = 1;
/** Excel counts days from here; before March 1900 it counts one that there was not. */
const DAY_ZERO = toDayNumber('1899-12-30');
const FIRST_DATE = '1900-03-01';
/** What XML has no words for. */
const FORBIDDEN = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu;

/** The sheet of an Excel file (xl/worksheets/sheet1.xml); the rest of the book is `bookParts`. */
export class WorkSheetFormat implements RowFormat {
  readonly #columns: readonly ResultColumn[];
  readonly #nullText: string;
  #rows = 0;

  constructor(columns: readonly ResultColumn[], { nullText = '' }: FormatOptions) {
    this.#columns = columns;
    this.#nullText = nullText;
  }

  head(): string {
    return (
      '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n' +
      '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>' +
      this.#line(this.#columns.map((column) => this.#text(column.header, column)))
    );
  }

  /** @throws QueryError when Excel does not take so many rows or so long a value */
  row(values: ReadonlyArray<string | null>): string {
    return this.#line(values.map((value, i) => this.#cell(value, this.#columns[i]!)));
  }

  tail(): string {
    return '</sheetData></worksheet>';
  }

  #line(cells: readonly string[]): string {
    this.#rows += 1;
    if (this.#rows > sheetLimits.sheetRowsMax) {
      throw new QueryError(`An Excel file holds ${sheetLimits.sheetRowsMax - 1} rows; the query gives more.`);
    }
    return `<row>${cells.join('')}</row>`;
  }

  #cell(value: string | null, column: ResultColumn): string {
    if (value === null) return this.#nullText === '' ? '<c/>' : this.#text(this.#nullText, column);
    if (column.type === 'boolean') return `<c t="b"><v>${value === 'true' ? 1 : 0}</v></c>`;
    if (isNumeric(column) && value.replaceAll(/\D/g, '').length <= sheetLimits.numberDigitsMax) {
      return `<c><v>${value}</v></c>`;
    }
    if (column.type === 'date' && isDate(value) && value >= FIRST_DATE) {
      return `<c s="${DATE_STYLE}"><v>${toDayNumber(value) - DAY_ZERO}</v></c>`;
    }
    return this.#text(value, column);
  }

  #text(value: string, { header }: ResultColumn): string {
    if (value.length > sheetLimits.cellCharactersMax) {
      throw new QueryError(
        `A value of ${header} has ${value.length} characters; an Excel file takes ${sheetLimits.cellCharactersMax}.`,
      );
    }
    const text = escapeMarkup(value.replaceAll(FORBIDDEN, '\ufffd'));
    return `<c t="inlineStr"><is><t xml:space="preserve">${text}</t></is></c>`;
  }
}

const OFFICE = 'http://schemas.openxmlformats.org';
const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MAIN = `${OFFICE}/spreadsheetml/2006/main`;
const SHEET = 'application/vnd.openxmlformats-officedocument.spreadsheetml';
const RELATIONS = `${OFFICE}/officeDocument/2006/relationships`;

function relations(...targets: ReadonlyArray<readonly [type: string, target: string]>): string {
  const entries = targets.map(
    ([type, target], i) => `<Relationship Id="r${i + 1}" Type="${RELATIONS}/${type}" Target="${target}"/>`,
  );
  return `${XML}<Relationships xmlns="${OFFICE}/package/2006/relationships">${entries.join('')}</Relationships>`;
}

/** The parts of a book of one sheet, but for the sheet (ECMA-376, part 1). */
export const bookParts: Readonly<Record<string, string>> = {
  '[Content_Types].xml':
    `${XML}<Types xmlns="${OFFICE}/package/2006/content-types">` +
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>' +
    `<Override PartName="/xl/workbook.xml" ContentType="${SHEET}.sheet.main+xml"/>` +
    `<Override PartName="/xl/styles.xml" ContentType="${SHEET}.styles+xml"/>` +
    `<Override PartName="/xl/worksheets/sheet1.xml" ContentType="${SHEET}.worksheet+xml"/></Types>`,
  '_rels/.rels': relations(['officeDocument', 'xl/workbook.xml']),
  'xl/workbook.xml': `${XML}<workbook xmlns="${MAIN}" xmlns:r="${RELATIONS}"><sheets><sheet name="Export" sheetId="1" r:id="r1"/></sheets></workbook>`,
  'xl/_rels/workbook.xml.rels': relations(['worksheet', 'worksheets/sheet1.xml'], ['styles', 'styles.xml']),
  'xl/styles.xml':
    `${XML}<styleSheet xmlns="${MAIN}"><numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/></numFmts>` +
    '<fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>' +
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>' +
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>' +
    '<cellXfs count="2"><xf/><xf numFmtId="164" applyNumberFormat="1"/></cellXfs></styleSheet>',
};

export const SHEET_PART = 'xl/worksheets/sheet1.xml';

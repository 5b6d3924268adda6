import type { StatementOutput } from '../../../persistence/query-jobs.ts';
import type { ResultColumn } from '../../compiled-query.ts';
import { HtmlTableFormat } from './html-table.ts';
import { JsonLinesFormat } from './json-lines.ts';
import type { RowFormat } from './row-format.ts';
import { SeparatedFormat } from './separated.ts';
import { WorkSheetFormat } from './work-sheet.ts';

interface Format {
  readonly extension: string;
  readonly contentType: string;
  readonly make: (columns: readonly ResultColumn[], output: StatementOutput) => RowFormat;
}

/** What stands between the values of a dsv file whose request does not say. */
const DEFAULT_SEPARATOR = '|';

export const formats: { readonly [F in StatementOutput['format']]: Format } = {
  csv: {
    extension: 'csv',
    contentType: 'text/csv; charset=utf-8',
    make: (columns, output) => new SeparatedFormat(columns, ',', output),
  },
  tsv: {
    extension: 'tsv',
    contentType: 'text/tab-separated-values; charset=utf-8',
    make: (columns, output) => new SeparatedFormat(columns, '\t', output),
  },
  dsv: {
    extension: 'dsv',
    contentType: 'text/plain; charset=utf-8',
    make: (columns, output) => new SeparatedFormat(columns, output.separator ?? DEFAULT_SEPARATOR, output),
  },
  jsonLines: {
    extension: 'jsonl',
    contentType: 'application/x-ndjson',
    make: (columns) => new JsonLinesFormat(columns),
  },
  html: {
    extension: 'html',
    contentType: 'text/html; charset=utf-8',
    make: (columns, output) => new HtmlTableFormat(columns, output),
  },
  xlsx: {
    extension: 'xlsx',
    contentType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    make: (columns, output) => new WorkSheetFormat(columns, output),
  },
};

import { readQuery } from '../filtering/read-query.ts';
import { parse } from './export-zoql-parser.js';
import type { ExportQuery } from './syntax.ts';

/** @throws QueryFault for text that is no Export ZOQL */
export function readExportZoql(text: string): ExportQuery {
  return readQuery(text, parse);
}

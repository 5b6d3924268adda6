import type { StatementOutput } from '../../../persistence/query-jobs.ts';
import type { ResultColumn } from '../../compiled-query.ts';

/**
 * Makes rows into text. Values are texts by their column's type: decimals, integers and doubles as plain numbers, booleans true and false, dates
 * YYYY-MM-DD, instants as the output wants them; null where there is none.
 */
export interface RowFormat {
  head(): string;
  row(values: ReadonlyArray<string | null>): string;
  tail(): string;
}

export type FormatOptions = Pick<StatementOutput, 'separator' | 'nullText' | 'fileName'>;

/** Whether a column's values are written without quotes where the format knows numbers. */
export function isNumeric({ type }: ResultColumn): boolean {
  return type === 'integer' || type === 'decimal' || type === 'double';
}

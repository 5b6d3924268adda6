import type { ResultColumn } from '../../compiled-query.ts';
import { isNumeric, type RowFormat } from './row-format.ts';

/** One object per line, by header. Numbers are written digit by digit: readers decide how exactly they take them. */
export class JsonLinesFormat implements RowFormat {
  readonly #columns: readonly ResultColumn[];
  readonly #keys: readonly string[];
  #isEmpty = true;

  constructor(columns: readonly ResultColumn[]) {
    this.#columns = columns;
    this.#keys = columns.map(({ header }) => JSON.stringify(header));
  }

  head(): string {
    return '';
  }

  row(values: ReadonlyArray<string | null>): string {
    this.#isEmpty = false;
    const members = values.map((value, i) => `${this.#keys[i]}:${this.#value(value, this.#columns[i]!)}`);
    return `{${members.join(',')}}\n`;
  }

  /** A file has a byte at least: one without is not there yet (persistence/files.ts). */
  tail(): string {
    return this.#isEmpty ? '\n' : '';
  }

  #value(value: string | null, column: ResultColumn): string {
    if (value === null) return 'null';
    return column.type === 'boolean' || isNumeric(column) ? value : JSON.stringify(value);
  }
}

import type { ResultColumn } from '../../compiled-query.ts';
import type { FormatOptions, RowFormat } from './row-format.ts';

/**
 * Lines of values with a character between them (RFC 4180, with a line feed at the end of each line): values that hold it, quotes or line breaks are
 * quoted, quotes doubled. What values say is the caller's: they are not changed for programs that take some for formulas.
 */
export class SeparatedFormat implements RowFormat {
  readonly #columns: readonly ResultColumn[];
  readonly #separator: string;
  readonly #nullText: string;
  readonly #special: RegExp;

  constructor(columns: readonly ResultColumn[], separator: string, { nullText = '' }: FormatOptions) {
    this.#columns = columns;
    this.#separator = separator;
    this.#nullText = nullText;
    const code = separator.charCodeAt(0).toString(16).padStart(4, '0');
    this.#special = new RegExp(`["\\r\\n\\u${code}]`);
  }

  head(): string {
    return this.row(this.#columns.map(({ header }) => header));
  }

  row(values: ReadonlyArray<string | null>): string {
    let line = '';
    for (const [i, value] of values.entries()) {
      if (i > 0) line += this.#separator;
      line += value === null ? this.#nullText : this.#quoted(value);
    }
    return `${line}\n`;
  }

  tail(): string {
    return '';
  }

  #quoted(value: string): string {
    return this.#special.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
  }
}

import type { ResultColumn } from '../../compiled-query.ts';
import { type FormatOptions, isNumeric, type RowFormat } from './row-format.ts';

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export function escapeMarkup(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character]!);
}

/** A page with one table. */
export class HtmlTableFormat implements RowFormat {
  readonly #columns: readonly ResultColumn[];
  readonly #title: string;
  readonly #nullText: string;

  constructor(columns: readonly ResultColumn[], { fileName, nullText = '' }: FormatOptions) {
    this.#columns = columns;
    this.#title = escapeMarkup(fileName);
    this.#nullText = escapeMarkup(nullText);
  }

  head(): string {
    const headers = this.#columns.map(({ header }) => `<th>${escapeMarkup(header)}</th>`);
    return (
      `<!DOCTYPE html>\n<html lang="en">\n<head><meta charset="utf-8"><title>${this.#title}</title></head>\n<body>\n` +
      `<table>\n<thead><tr>${headers.join('')}</tr></thead>\n<tbody>\n`
    );
  }

  row(values: ReadonlyArray<string | null>): string {
    const cells = values.map((value, i) => {
      const text = value === null ? this.#nullText : escapeMarkup(value);
      return isNumeric(this.#columns[i]!) ? `<td align="right">${text}</td>` : `<td>${text}</td>`;
    });
    return `<tr>${cells.join('')}</tr>\n`;
  }

  tail(): string {
    return '</tbody>\n</table>\n</body>\n</html>\n';
  }
}

// The product with one query language more: what other languages are compiled to, so that the executor is measured and no compiler.

import type { CompiledQuery } from '../src/query/compiled-query.ts';
import { languages } from '../src/query/execution/languages.ts';

/** A compiled query as JSON. */
export interface CompiledText {
  readonly sql: string;
  readonly columns: CompiledQuery['columns'];
  readonly sources: Readonly<Record<string, readonly string[]>>;
}

languages.set('compiled', (text) => {
  const { sql, columns, sources } = JSON.parse(text) as CompiledText;
  return {
    sql,
    parameters: [],
    columns,
    sources: new Map(
      Object.entries(sources).map(([table, names]) => [
        table,
        { columns: new Set(names), where: null, withDeleted: false },
      ]),
    ),
  };
});

export * from '../src/worker.ts';
export { default } from '../src/worker.ts';

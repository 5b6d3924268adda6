// Makes the parsers of the query languages out of their grammars: npm run grammar.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import peggy from 'peggy';

/** Each grammar, and the parser that is made of it. */
export const GRAMMARS = [
  { grammar: 'src/query/zoql/zoql.peggy', parser: 'src/query/zoql/zoql-parser.js' },
  {
    grammar: 'src/query/export-zoql/export-zoql.peggy',
    parser: 'src/query/export-zoql/export-zoql-parser.js',
  },
  { grammar: 'src/query/data-query/trino.peggy', parser: 'src/query/data-query/trino-parser.js' },
];

/** The parser's source, as it is committed. */
export function parserOf(grammarText) {
  return peggy.generate(grammarText, { output: 'source', format: 'es' });
}

if (import.meta.filename === process.argv[1]) {
  const root = join(import.meta.dirname, '..');
  for (const { grammar, parser } of GRAMMARS) {
    writeFileSync(join(root, parser), parserOf(readFileSync(join(root, grammar), 'utf8')));
  }
}

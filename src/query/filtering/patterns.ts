import { textSql } from './literals.ts';
import { QueryFault } from './query-fault.ts';

/** What D1 takes as a pattern. Only patterns with % between texts are affected: the others are compared without one. */
export const PATTERN_BYTES_MAX = 50;

/**
 * SQL of `text like pattern`, where % stands for any characters and nothing else is special.
 *
 * A text at the beginning, at the end or anywhere is looked for as it is, so that it may have any length and takes time
 * in proportion to the value; only what is more than that is left to SQLite's own patterns.
 *
 * @param expression SQL of the text
 */
export function likeSql(
  expression: string,
  pattern: string,
  { caseSensitive }: { readonly caseSensitive: boolean },
): string {
  const folded = (sql: string) => (caseSensitive ? sql : `lower(${sql})`);
  const literal = (text: string) => textSql(caseSensitive ? text : asciiLower(text));
  const [first = '', ...rest] = pattern.split(/%+/);
  if (rest.length === 0) return `${folded(expression)} = ${literal(pattern)}`;
  const last = rest.at(-1)!;
  const middle = rest.slice(0, -1).filter((text) => text !== '');
  if (middle.length === 0) {
    if (first === '' && last === '') return `${expression} IS NOT NULL`;
    const begins = `substr(${folded(expression)}, 1, ${charactersOf(first)}) = ${literal(first)}`;
    const ends = `substr(${folded(expression)}, -${charactersOf(last)}) = ${literal(last)}`;
    if (last === '') return begins;
    if (first === '') return ends;
    return `(${begins} AND (${ends} AND length(${expression}) >= ${charactersOf(first) + charactersOf(last)}))`;
  }
  if (middle.length === 1 && first === '' && last === '') {
    return `instr(${folded(expression)}, ${literal(middle[0]!)}) > 0`;
  }
  return nativeSql(expression, [first, ...middle, last], caseSensitive);
}

function nativeSql(expression: string, texts: readonly string[], caseSensitive: boolean): string {
  const special = caseSensitive ? /[*?[]/g : /[\\_]/g;
  const escaped = texts.map((text) =>
    text.replaceAll(special, (character) => (caseSensitive ? `[${character}]` : `\\${character}`)),
  );
  const pattern = escaped.join(caseSensitive ? '*' : '%');
  if (new TextEncoder().encode(pattern).length > PATTERN_BYTES_MAX) {
    throw new QueryFault(
      'INVALID_VALUE',
      `A pattern of like with % between texts has at most ${PATTERN_BYTES_MAX} bytes.`,
    );
  }
  return caseSensitive
    ? `${expression} GLOB ${textSql(pattern)}`
    : `${expression} LIKE ${textSql(pattern)} ESCAPE '\\'`;
}

/** As SQLite's lower() has it: letters beyond ASCII stay what they are. */
function asciiLower(text: string): string {
  return text.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
}

/** As SQLite counts them. */
function charactersOf(text: string): number {
  return [...text].length;
}

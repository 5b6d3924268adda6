import { placeIn, QueryFault } from './query-fault.ts';

/** What is looked at before a parser is, which recurs: none of it depends on what the text means. */
export const queryTextLimits = {
  textCharactersMax: 50_000,
  /** Parentheses inside of parentheses. */
  nestingLevelsMax: 30,
} as const;

interface SyntaxFailure {
  readonly message: string;
  readonly location: { readonly start: { readonly line: number; readonly column: number } };
}

/**
 * Reads a query with the parser of its language.
 *
 * @throws QueryFault that says what is wrong and where
 */
export function readQuery<Query>(text: string, parse: (text: string) => Query): Query {
  checkText(text);
  try {
    return parse(text);
  } catch (error) {
    const { message, location } = error as SyntaxFailure;
    if (location === undefined) throw error;
    throw new QueryFault('MALFORMED_QUERY', message, {
      line: location.start.line,
      column: location.start.column,
    });
  }
}

/** Texts, whose parentheses do not count, and parentheses. Without nesting, as in ZOQL, a text may end elsewhere: nothing depends on it then. */
const PARTS = /'(?:[^']|'')*'|"[^"]*"|[()]/g;

function checkText(text: string): void {
  const { textCharactersMax, nestingLevelsMax } = queryTextLimits;
  if (text.length > textCharactersMax) {
    throw new QueryFault('MALFORMED_QUERY', `A query has at most ${textCharactersMax} characters.`);
  }
  const zero = text.indexOf('\0');
  if (zero >= 0) {
    throw new QueryFault('MALFORMED_QUERY', 'A query has no characters U+0000.', placeIn(text, zero));
  }
  let level = 0;
  for (const { 0: part, index } of text.matchAll(PARTS)) {
    if (part === '(') level += 1;
    if (part === ')') level -= 1;
    if (level > nestingLevelsMax) {
      const message = `Parentheses are nested more than ${nestingLevelsMax} deep.`;
      throw new QueryFault('MALFORMED_QUERY', message, placeIn(text, index));
    }
  }
}

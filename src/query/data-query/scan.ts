import { QueryError } from '../compiled-query.ts';
import { dataQueryLimits } from './limits.ts';

/**
 * A look over a query before it is parsed, once from its first to its last character: that its texts, names, comments and parentheses end, that it
 * is not nested too deep for a parser that calls itself, what Trino has and Spillway not (arrays, lambdas), and which parentheses hold a query.
 */
export interface Scan {
  /** Where the parentheses begin that hold a query rather than an expression or a join. */
  readonly queries: ReadonlySet<number>;
}

interface Parenthesis {
  readonly at: number;
  /** The word or sign that came first in it; the parenthesis, when it is one. */
  first: string | Parenthesis | null;
  /** What came after its end. */
  next: string;
}

const QUERY_WORDS = new Set(['select', 'with', 'values', 'table']);
const AFTER_QUERY = new Set([')', 'union', 'intersect', 'except', 'order', 'limit', 'offset', 'fetch']);
const TOKEN =
  /\s+|--[^\n\r]*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'|"(?:[^"]|"")*"|[a-z_]\w*|\d[\w.]*|->|[<>!]=|<>|\|\||\/(?!\*)|[(),.;*%+=<>-]/iy;

/** Line and column, from 1, of a character. */
export function placeOf(text: string, at: number): { line: number; column: number } {
  const before = text.slice(0, at).split(/\r\n|\r|\n/);
  return { line: before.length, column: before.at(-1)!.length + 1 };
}

/** An error that says where, as Trino does: line 1:8: … */
export function errorAt(text: string, at: number, message: string): QueryError {
  const place = placeOf(text, at);
  return new QueryError(`line ${place.line}:${place.column}: ${message}`, place);
}

/** Throws QueryError for what no parser needs to look at. */
export function scan(text: string): Scan {
  const { dataQueryCharactersMax } = dataQueryLimits;
  if (text.length > dataQueryCharactersMax) {
    throw new QueryError(
      `The query has ${text.length} characters; there can be ${dataQueryCharactersMax} at the most.`,
    );
  }
  const found: Parenthesis[] = [];
  const open: Array<Parenthesis | 'case'> = [];
  let closed: Parenthesis | null = null;
  for (const { token, at } of tokensOf(text)) {
    const word = token.toLowerCase();
    const parent = open.at(-1);
    const parenthesis: Parenthesis | null = word === '(' ? { at, first: null, next: '' } : null;
    if (parent !== undefined && parent !== 'case') parent.first ??= parenthesis ?? word;
    if (closed !== null) closed.next = word;
    closed = null;
    if (parenthesis !== null) {
      found.push(parenthesis);
      open.push(parenthesis);
    } else if (word === 'case') {
      open.push('case');
    } else if (word === 'end') {
      if (parent === 'case') open.pop();
    } else if (word === ')') {
      closed = closeOf(open, text, at);
    }
    if (open.length > dataQueryLimits.dataQueryNestingLevelsMax) {
      throw errorAt(
        text,
        at,
        `The query is nested more than ${dataQueryLimits.dataQueryNestingLevelsMax} levels deep.`,
      );
    }
  }
  const left = open.at(-1);
  if (left !== undefined && left !== 'case') {
    throw errorAt(text, left.at, 'This parenthesis is not closed.');
  }
  return { queries: queriesAmong(found) };
}

function closeOf(open: Array<Parenthesis | 'case'>, text: string, at: number): Parenthesis {
  const last = open.pop();
  if (last === undefined) throw errorAt(text, at, 'This parenthesis was not opened.');
  if (last === 'case') throw errorAt(text, at, 'A CASE has no END before this.');
  return last;
}

/** Inner ones were found after outer ones, so that each looks at one whose answer is known. */
function queriesAmong(found: readonly Parenthesis[]): Set<number> {
  const queries = new Set<number>();
  for (const { at, first } of [...found].reverse()) {
    if (first === null) continue;
    const isQuery =
      typeof first === 'string'
        ? QUERY_WORDS.has(first)
        : queries.has(first.at) && AFTER_QUERY.has(first.next);
    if (isQuery) queries.add(at);
  }
  return queries;
}

/** Words and signs, without space and comments. */
function* tokensOf(text: string): Generator<{ token: string; at: number }> {
  const pattern = new RegExp(TOKEN);
  for (let at = 0; at < text.length; at = pattern.lastIndex) {
    pattern.lastIndex = at;
    const token = pattern.exec(text)?.[0];
    if (token === undefined || token === '->') throw unreadable(text, at);
    if (/^(\s|--|\/\*)/.test(token)) continue;
    if (token.startsWith('"') && token.length === 2) {
      throw errorAt(text, at, 'A name is empty.');
    }
    if (token.includes('\0')) {
      throw errorAt(text, at, 'A text contains the character U+0000.');
    }
    yield { token, at };
  }
}

const UNREADABLE: ReadonlyArray<readonly [start: string, message: string]> = [
  ["'", 'This text is not closed.'],
  ['"', 'This name is not closed.'],
  ['/*', 'This comment is not closed.'],
  ['->', 'Functions in arguments (lambda) are not supported.'],
  ['[', 'Arrays and subscripts are not supported.'],
  ['?', 'Parameters are not supported.'],
  ['`', 'Names are quoted by " in this dialect.'],
];

function unreadable(text: string, at: number): QueryError {
  const known = UNREADABLE.find(([start]) => text.startsWith(start, at));
  const character = String.fromCodePoint(text.codePointAt(at)!);
  return errorAt(text, at, known?.[1] ?? `The character ${character} cannot be read here.`);
}

import { QueryError } from '../compiled-query.ts';
import { dataQueryLimits } from './limits.ts';
import { errorAt, scan } from './scan.ts';
import type { Statement } from './syntax.ts';
import { parse as parseTrino, SyntaxError as TrinoSyntaxError } from './trino-parser.js';

/** What the grammar knows and Spillway does not do. */
class Refused extends Error {
  readonly at: number;
  constructor(what: string, at: number) {
    super(what);
    this.at = at;
  }
}

const TOKEN_AT = /(?:\s|--[^\n\r]*|\/\*[\s\S]*?\*\/)*('(?:[^']|'')*'|"(?:[^"]|"")*"|\w+|\S)?/y;

const OTHER_STATEMENTS = new Set(
  (
    'alter analyze attach begin call comment commit create deallocate delete detach drop execute explain grant insert ' +
    'merge pragma prepare refresh reindex replace reset revoke rollback set start truncate update use vacuum'
  ).split(' '),
);

/** Reads a statement. Throws QueryError with the place of what cannot be read, in Trino's words where it has some. */
export function parse(text: string): Statement {
  const { queries } = scan(text);
  try {
    const statement = parseTrino(text, { queries, Refused }) as Statement;
    refuseDeep(statement);
    return statement;
  } catch (error) {
    if (error instanceof Refused) {
      const what = error.message;
      throw errorAt(text, error.at, `${what.charAt(0).toUpperCase()}${what.slice(1)} is not supported.`);
    }
    if (error instanceof TrinoSyntaxError) throw mismatch(text, error.location.start.offset);
    throw error;
  }
}

function mismatch(text: string, offset: number): QueryError {
  const pattern = new RegExp(TOKEN_AT);
  pattern.lastIndex = offset;
  const [all = '', token] = pattern.exec(text) ?? [];
  const at = token === undefined ? text.length : offset + all.length - token.length;
  if (token !== undefined && OTHER_STATEMENTS.has(token.toLowerCase())) {
    const what = `${token.toUpperCase()} is not supported`;
    return errorAt(text, at, `${what}: a query reads, by SELECT, WITH, VALUES, SHOW or DESCRIBE`);
  }
  const found = token === undefined ? 'the query ends too early' : `mismatched input '${token.slice(0, 60)}'`;
  return errorAt(text, at, found);
}

/** Looks at the tree without calling itself, so that whoever does so afterwards is safe. */
function refuseDeep(statement: Statement): void {
  const { dataQueryTreeLevelsMax } = dataQueryLimits;
  let level: object[] = [statement];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > dataQueryTreeLevelsMax)
      throw new QueryError('The query is too complex: it is nested too deep.');
    level = level.flatMap((node) =>
      Object.values(node).filter((child) => typeof child === 'object' && child !== null),
    );
  }
}

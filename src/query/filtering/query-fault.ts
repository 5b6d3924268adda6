import { QueryError } from '../compiled-query.ts';

/** What is wrong with a query, as ZOQL's faults and Zuora's clients name it. */
export type FaultCode =
  | 'MALFORMED_QUERY'
  | 'INVALID_TYPE'
  | 'INVALID_FIELD'
  | 'INVALID_VALUE'
  | 'INVALID_QUERY_LOCATOR'
  | 'QUERY_TIMEOUT';

export class QueryFault extends QueryError {
  readonly code: FaultCode;
  /** Where in the text it is, in characters from 0, when who found it knew that and not the text. */
  readonly at: number | null;
  constructor(code: FaultCode, message: string, place: QueryError['place'] = null, at: number | null = null) {
    super(message, place);
    this.code = code;
    this.at = at;
  }
}

/** Runs what compiles a text; faults of which only the character is known say their line and column. */
export function withPlaces<Result>(text: string, compile: () => Result): Result {
  try {
    return compile();
  } catch (error) {
    if (!(error instanceof QueryFault) || error.at === null) throw error;
    throw new QueryFault(error.code, error.message, placeIn(text, error.at));
  }
}

/** Line and column, from 1, of the character `at`. */
export function placeIn(text: string, at: number): { readonly line: number; readonly column: number } {
  const lines = text.slice(0, at).split('\n');
  return { line: lines.length, column: lines.at(-1)!.length + 1 };
}

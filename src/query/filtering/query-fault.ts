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
  constructor(code: FaultCode, message: string, place: QueryError['place'] = null) {
    super(message, place);
    this.code = code;
  }
}

/** Line and column, from 1, of the character `at`. */
export function placeIn(text: string, at: number): { readonly line: number; readonly column: number } {
  const lines = text.slice(0, at).split('\n');
  return { line: lines.length, column: lines.at(-1)!.length + 1 };
}

import type { ZoqlQuery } from './syntax.ts';

/** @throws SyntaxError of peggy, with `location.start`, for text that is not in the grammar. */
export function parse(text: string): ZoqlQuery;

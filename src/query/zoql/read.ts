import { placeIn, QueryFault } from '../filtering/query-fault.ts';
import { readQuery } from '../filtering/read-query.ts';
import type { ZoqlQuery } from './syntax.ts';
import { parse } from './zoql-parser.js';

/** Conditions of a query, as Zuora has it. */
export const CONDITIONS_MAX = 200;

/** @throws QueryFault for text that is no ZOQL */
export function readZoql(text: string): ZoqlQuery {
  const query = readQuery(text, parse);
  const beyond = query.where.flat()[CONDITIONS_MAX];
  if (beyond !== undefined) {
    const message = `A query has at most ${CONDITIONS_MAX} conditions.`;
    throw new QueryFault('MALFORMED_QUERY', message, placeIn(text, beyond.field.at));
  }
  return query;
}

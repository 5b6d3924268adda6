import { z } from 'zod';
import type { JsonObject } from '../domain/result.ts';

/** A page of a list of Object Query; `nextPage` is absent on the last one. */
export function toWireObjectQueryPage({
  data,
  nextPage,
}: {
  readonly data: readonly JsonObject[];
  readonly nextPage: string | null;
}): JsonObject {
  return nextPage === null ? { data: [...data] } : { nextPage, data: [...data] };
}

const names = (what: string) => z.array(z.string()).meta({ description: what }).optional();
const word = (what: string) => z.string().meta({ description: what }).optional();

/** What every single record of Object Query takes, said here for readers: src/query/object-query reads it. */
export const wireObjectQueryRecord = z.object({
  'expand[]': names(
    'names of what hangs on the object, several levels apart by dots: subscriptions.rateplans',
  ),
  'fields[]': names('only these fields; of what is expanded `<name>.fields[]`'),
  includeNullFields: z
    .enum(['true', 'false'])
    .meta({ description: 'shows fields without a value too' })
    .optional(),
});

/** The same of every list. */
export const wireObjectQueryList = wireObjectQueryRecord.extend({
  'filter[]': names(
    'field.OPERATOR:value, such as balance.GT:100; operators EQ, NE, LT, GT, LE, GE, SW and IN; all have to hold',
  ),
  'sort[]': names('field.ASC or field.DESC'),
  pageSize: word('from 1 to 99; 10 when it is not said'),
  cursor: word('nextPage of the page before'),
});

import { z } from 'zod';

/** Records of a page, as Zuora has it. */
export const ZOQL_PAGE_RECORDS_MAX = 2_000;

const conf = z
  .object({
    batchSize: z
      .number({ error: 'must be a number' })
      .int('must be a whole number')
      .min(1, 'must be at least 1')
      .max(ZOQL_PAGE_RECORDS_MAX, `must be at most ${ZOQL_PAGE_RECORDS_MAX}`)
      .nullish(),
  })
  .nullish();

const LOCATOR = /^([0-9a-f]{32})-(0|[1-9]\d{0,14})$/;

/** POST /v1/action/query. How long a query may be is the language's to say. */
export const wireZoqlQuery = z.object({
  queryString: z.string({ error: 'must be text' }),
  conf,
});

/** POST /v1/action/queryMore. */
export const wireZoqlMore = z.object({
  queryLocator: z.string({ error: 'must be text' }),
  conf,
});

/** Parts of a locator, `<32 hex digits>-<records before it>`; null for anything else. */
export function fromWireLocator(text: string): { readonly id: string; readonly offset: number } | null {
  const match = LOCATOR.exec(text);
  return match === null ? null : { id: match[1]!, offset: Number(match[2]) };
}

export function toWireLocator(id: string, offset: number): string {
  return `${id}-${offset}`;
}

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

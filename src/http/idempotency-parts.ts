import type { Idempotency } from '../domain/account/command.ts';

/** The key of one of a request's commands. */
export function idempotencyOfPart(idempotency: Idempotency, part: number | string): Idempotency {
  return { ...idempotency, key: `${idempotency.key} #${part}` };
}

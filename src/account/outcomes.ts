import type { Command, CommandOutcome } from '../domain/account/command.ts';
import { isRefusal, type Refusal, refuse } from '../domain/result.ts';
import { toWireError } from '../wire/errors.ts';

/** What the engine itself says, as opposed to a decision. */
export const KEY_REUSED = refuse(
  'key_reused',
  'This Idempotency-Key was used with another request; use a new key for a new request.',
);
export const KEY_IN_FLIGHT = refuse(
  'conflict',
  'A request with this Idempotency-Key is still running; repeat it later for its reply.',
);
export const UNKNOWN_COMMAND = refuse(
  'unavailable',
  'This command is of a newer version than the account object; nothing was done, send it again.',
);
export const QUEUE_FULL = refuse(
  'unavailable',
  'Too many requests wait for this account; nothing was done, send it again later.',
);
export const OVERLOADED = refuse(
  'unavailable',
  'The service is busy; nothing was done, send the request again.',
);
export const UNKNOWN_OUTCOME = refuse(
  'unknown_outcome',
  'It is not known whether the request took effect; repeat it with the same Idempotency-Key to learn its outcome.',
);
export const DONE_BUT_REPLY_LOST = refuse(
  'unknown_outcome',
  'The request took effect, but its reply was lost; read the object instead of sending the request again.',
);
export const REFUSED_BY_DATABASE = refuse('rule', 'The database refused the request; nothing was done.');
export const TOO_MANY_LEVELS = refuse('rule', 'The request refers to too many levels of other objects.');
export const DECISION_FAILED = refuse('defect', 'The request could not be processed; nothing was done.');

/** A refusal as the caller's outcome, in the envelope of its command. */
export function outcomeOf(refusal: Refusal, command: Command): CommandOutcome {
  return { ...toWireError(refusal, command), replayed: false, ...markOf(refusal) };
}

/** What only jobs see of a refusal: its status says "not now", though it will not pass. */
export function markOf(decision: object): Pick<CommandOutcome, 'isDefect'> {
  return isRefusal(decision) && decision.category === 'defect' ? { isDefect: true } : {};
}

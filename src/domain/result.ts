/**
 * Refusals: the only way in which the domain says no.
 *
 * A refusal is data, never an exception. `category` is the two-digit category of the published error codes; the
 * wire layer turns it into an HTTP status and a code, in one exhaustive switch.
 */
export type RefusalCategory =
  /** 11: not known who calls. */
  | 'unauthenticated'
  /** 10: the caller's role does not allow it. */
  | 'forbidden'
  /** 20: a field's value is not valid. */
  | 'invalid'
  /** 20: a field that must be there is not. */
  | 'missing'
  /** 21: a field is not known or not writable here. */
  | 'unknown_field'
  /** 22: a date or format cannot be read. */
  | 'format'
  /** 27: a filter, an order, fields or what to expand cannot be read. */
  | 'query'
  /** 30: the state of the object does not allow it (a rule, not a conflict). */
  | 'rule'
  /** 40: there is no such object. */
  | 'not_found'
  /** 45: the method or media type is not one that the operation has. */
  | 'unsupported'
  /** 50: a true conflict: the caller named a version that is no longer the latest. */
  | 'conflict'
  /** 30 with 422: an idempotency key was used for another request. */
  | 'key_reused'
  /** 70: over a limit. */
  | 'limit'
  /** 61: could not be done now; nothing happened. */
  | 'unavailable'
  /** 61 for callers, like `unavailable`; a job knows better: a defect of ours met this very request, and the next time would end the same. */
  | 'defect'
  /** 99: the outcome is not known; the same idempotency key may be repeated. */
  | 'unknown_outcome';

export interface Refusal {
  readonly refused: true;
  readonly category: RefusalCategory;
  /** What is wrong and what to do, for the API's caller. Names the field. */
  readonly message: string;
  /** Path of the field in the request, dotted, when one field is to blame. */
  readonly field?: string;
  /** Of a conflict: the version that the object has now, for the caller to look at and ask again. */
  readonly currentVersion?: number;
}

export function refuse(category: RefusalCategory, message: string, field?: string): Refusal {
  return field === undefined
    ? { refused: true, category, message }
    : { refused: true, category, message, field };
}

export function isRefusal(value: object): value is Refusal {
  return 'refused' in value && value.refused === true;
}

/** JSON as it travels: what custom fields and uninterpreted attributes hold. */
export type JsonValue = string | number | boolean | null | JsonValue[] | { [name: string]: JsonValue };
export type JsonObject = { [name: string]: JsonValue };

import type { Refusal, RefusalCategory } from '../domain/result.ts';

/** Category digits and status per refusal (conventions 4). 503 stands for "nothing happened" and "outcome unknown": both may be repeated. */
const categories: Record<
  RefusalCategory,
  { readonly digits: string; readonly status: number; readonly crud: string }
> = {
  unauthenticated: { digits: '11', status: 401, crud: 'INVALID_SESSION' },
  forbidden: { digits: '10', status: 403, crud: 'INSUFFICIENT_ACCESS' },
  invalid: { digits: '20', status: 400, crud: 'INVALID_VALUE' },
  missing: { digits: '20', status: 400, crud: 'MISSING_REQUIRED_VALUE' },
  unknown_field: { digits: '21', status: 400, crud: 'INVALID_FIELD' },
  format: { digits: '22', status: 400, crud: 'INVALID_VALUE' },
  query: { digits: '27', status: 400, crud: 'INVALID_VALUE' },
  rule: { digits: '30', status: 400, crud: 'TRANSACTION_FAILED' },
  not_found: { digits: '40', status: 404, crud: 'INVALID_ID' },
  unsupported: { digits: '45', status: 415, crud: 'INVALID_VALUE' },
  conflict: { digits: '50', status: 409, crud: 'LOCK_COMPETITION' },
  key_reused: { digits: '30', status: 422, crud: 'INVALID_VALUE' },
  limit: { digits: '70', status: 429, crud: 'REQUEST_EXCEEDED_RATE' },
  unavailable: { digits: '61', status: 503, crud: 'SERVER_UNAVAILABLE' },
  defect: { digits: '61', status: 503, crud: 'SERVER_UNAVAILABLE' },
  unknown_outcome: { digits: '99', status: 503, crud: 'UNKNOWN_ERROR' },
};

/** 500000: no particular resource (GET and DELETE without a body, authentication, limits). */
export const ANY_RESOURCE = '500000';

const AUTHENTICATION_CODE = 90000011;
/** What /v1/object answers for an object that is not there: an empty result. */
const CRUD_NOTHING_FOUND = JSON.stringify({ done: true, records: [], size: 0 });

/** Of /v1, of the older resources under /v1/object, of the actions, which have the latter's and fields of their own, or of Object Query. */
export type Envelope = 'v1' | 'crud' | 'action' | 'objectQuery';

export interface ErrorContext {
  readonly requestId: string;
  readonly envelope: Envelope;
  readonly resourceCode: string;
}

export interface WireReply {
  readonly status: number;
  readonly body: string;
}

/** HTTP status of a refusal. */
export function statusOf({ category }: Refusal): number {
  return categories[category].status;
}

/** A refusal in the contract's envelope. Messages name the field; nothing internal is in them. */
export function toWireError(refusals: Refusal | readonly Refusal[], context: ErrorContext): WireReply {
  const list = Array.isArray(refusals) ? (refusals as readonly Refusal[]) : [refusals as Refusal];
  const first = list[0]!;
  const status = categories[first.category].status;
  if (context.envelope === 'crud' || context.envelope === 'action') {
    if (first.category === 'not_found') return { status, body: CRUD_NOTHING_FOUND };
    return {
      status,
      body: JSON.stringify({
        Success: false,
        Errors: list.map((refusal) => toCrudError(refusal, context.envelope)),
      }),
    };
  }
  if (context.envelope === 'objectQuery') {
    const reasons = list.map((r) => toWireReason(r, context.resourceCode));
    return { status, body: JSON.stringify({ reasons, requestId: context.requestId }) };
  }
  // Of versions that do not know the category of queries.
  const known = list.map((r): Refusal => (r.category === 'query' ? { ...r, category: 'invalid' } : r));
  const reasons = known.map((r) => toWireReason(r, context.resourceCode));
  return {
    status,
    body: JSON.stringify({
      success: false,
      processId: processIdOf(context.requestId),
      reasons,
      ...(first.currentVersion === undefined ? {} : { currentVersion: first.currentVersion }),
      requestId: context.requestId,
    }),
  };
}

/** Code and message of one refusal, as `reasons` lists them. */
export function toWireReason(
  refusal: Refusal,
  resourceCode: string,
): { readonly code: number; readonly message: string } {
  return { code: codeOf(refusal, resourceCode), message: messageOf(refusal) };
}

/** One refusal, as the older resources list them. */
export function toCrudError(
  refusal: Refusal,
  envelope: ErrorContext['envelope'] = 'crud',
): { readonly Code: string; readonly Message: string } {
  const { category, field } = refusal;
  return {
    Code: categories[category].crud,
    Message: messageOf(
      field === undefined || envelope === 'action' ? refusal : { ...refusal, field: capitalised(field) },
    ),
  };
}

/** The field is part of the message, as clients show messages and nothing else. */
function messageOf(refusal: Refusal): string {
  if (refusal.field === undefined || refusal.message.includes(refusal.field)) return refusal.message;
  return `${refusal.field}: ${refusal.message}`;
}

/** Fields of /v1/object begin with a capital, but for custom ones. */
function capitalised(field: string): string {
  return field.endsWith('__c') ? field : field.charAt(0).toUpperCase() + field.slice(1);
}

/** Not found and limits belong to no resource; authentication has a range of its own. */
function codeOf(refusal: Refusal, resourceCode: string): number {
  if (refusal.category === 'unauthenticated') return AUTHENTICATION_CODE;
  const resource =
    refusal.category === 'not_found' || refusal.category === 'limit' ? ANY_RESOURCE : resourceCode;
  return Number(resource + categories[refusal.category].digits);
}

/** 16 upper-case hex digits, as clients expect; taken from the request id, so that one leads to the other. */
function processIdOf(requestId: string): string {
  return requestId.replaceAll('-', '').slice(0, 16).toUpperCase();
}

import { HTTPException } from 'hono/http-exception';
import type { ZodError } from 'zod';
import { type Refusal, refuse } from '../domain/result.ts';
import { log } from '../persistence/log.ts';
import { ANY_RESOURCE, type Envelope, toWireError } from '../wire/errors.ts';
import type { AppContext } from './context.ts';

/** When to come again after "nothing happened" and "outcome unknown". */
const RETRY_AFTER_SECONDS = '1';
/** Most problems that one reply names. */
const REASONS_MAX = 10;

/** Answers a refusal in the envelope of the operation, with the status that the caller's version expects. */
export function refused(c: AppContext, refusals: Refusal | readonly Refusal[], status?: number): Response {
  const operation = c.get('operation');
  const reply = toWireError(refusals, {
    requestId: c.get('requestId'),
    envelope: envelopeOf(c),
    resourceCode: operation?.resourceCode ?? ANY_RESOURCE,
  });
  return json(c, status ?? reply.status, reply.body);
}

/** What the older resources answer for an id that names nothing: an empty result. */
export function noSuchObject(c: AppContext): Response {
  return refused(c, refuse('not_found', 'There is no such object.'));
}

/** Object Query has an error body of its own, also before an operation is found, since the version that introduced it (conventions 4). */
function envelopeOf(c: AppContext): Envelope {
  if (c.req.path.startsWith('/object-query/')) return c.get('objectQueryErrors') ? 'objectQuery' : 'v1';
  return c.get('operation')?.envelope ?? 'v1';
}

/** 401, with how to do better. */
export function unauthenticated(c: AppContext, message: string): Response {
  const response = /^\/v1\/(object\/|action\/(create|update|delete)$)/.test(c.req.path)
    ? json(c, 401, JSON.stringify({ message }))
    : refused(c, refuse('unauthenticated', message));
  response.headers.set('WWW-Authenticate', 'Bearer realm=Zuora API');
  return response;
}

/** A reply whose body is JSON text already. */
export function json(
  c: AppContext,
  status: number,
  body: string,
  headers: Record<string, string> = {},
): Response {
  c.set('replyText', body);
  const shown = c.get('legacyStatus') && status >= 400 && status !== 401 && status !== 429 ? 200 : status;
  return c.body(body, shown as 200, {
    'Content-Type': 'application/json; charset=utf-8',
    ...(status === 503 ? { 'Retry-After': RETRY_AFTER_SECONDS } : {}),
    ...headers,
  });
}

/** What zod found in `input`, as refusals that name their fields. */
export function toRefusals(error: Pick<ZodError, 'issues'>, input: unknown): Refusal[] {
  return error.issues.slice(0, REASONS_MAX).map((issue) => {
    const field = issue.path
      .map((part, i) => (typeof part === 'number' ? `[${part}]` : `${i > 0 ? '.' : ''}${String(part)}`))
      .join('');
    if (issue.code !== 'custom' && field !== '' && valueAt(input, issue.path) === undefined) {
      return refuse('missing', 'is required', field);
    }
    return field === '' ? refuse('invalid', issue.message) : refuse('invalid', issue.message, field);
  });
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, part) =>
      value === null || typeof value !== 'object' ? undefined : (value as Record<PropertyKey, unknown>)[part],
    input,
  );
}

/** The last resort: whatever was thrown becomes an envelope; details go to the log, not to the caller. */
export function onError(error: Error, c: AppContext): Response {
  if (error instanceof HTTPException) {
    const message =
      error.status === 400
        ? 'The request body is not valid JSON.'
        : error.message || 'The request was refused.';
    return refused(c, refuse('invalid', message), error.status);
  }
  log('http.failed', {
    request: c.get('requestId'),
    path: c.req.path,
    message: error.stack ?? error.message,
  });
  return refused(c, refuse('unavailable', 'The request could not be processed now; send it again later.'));
}

import type { MiddlewareHandler } from 'hono';
import { KEY_REUSED } from '../../account/outcomes.ts';
import { limits } from '../../env.ts';
import { databaseOf } from '../../persistence/database.ts';
import { findStoredReply } from '../../persistence/idempotency-store.ts';
import type { WireReply } from '../../wire/errors.ts';
import type { AppContext, AppEnv } from '../context.ts';
import { json, refused } from '../errors.ts';
import { idempotencyOfPart } from '../idempotency-parts.ts';

/**
 * Answers with the kept reply of an idempotency key before an operation starts that sends several commands: its
 * whole reply is no command's reply, so no lane would find it.
 */
export function storedReply(): MiddlewareHandler<AppEnv> {
  return async function storedReply(c, next) {
    return (await storedReplyOf(c)) ?? next();
  };
}

const keptSince = () => new Date(Date.now() - limits.idempotencyHours * 3_600_000).toISOString();

/** The reply that is kept for a part of this request, whose commands are told apart by it; null when there is none. */
export async function keptReplyOfPart(c: AppContext, part: string | number): Promise<WireReply | null> {
  const idempotency = c.get('idempotency');
  if (idempotency === undefined) return null;
  const { key, requestHash } = idempotencyOfPart(idempotency, part);
  const stored = await findStoredReply(databaseOf(c.env), key, keptSince());
  return stored?.requestHash === requestHash ? stored : null;
}

/** The kept reply of the request's idempotency key, or the refusal of a key that another request has used; null when there is neither. */
export async function storedReplyOf(c: AppContext): Promise<Response | null> {
  const idempotency = c.get('idempotency');
  if (idempotency === undefined) return null;
  const stored = await findStoredReply(databaseOf(c.env), idempotency.key, keptSince());
  if (stored === null) return null;
  if (stored.requestHash !== idempotency.requestHash) return refused(c, KEY_REUSED);
  c.set('replyKept', true);
  return json(c, stored.status, stored.body, { 'Idempotency-Hit': 'true' });
}

import type { MiddlewareHandler } from 'hono';
import { KEY_REUSED } from '../../account/outcomes.ts';
import { limits } from '../../env.ts';
import { databaseOf } from '../../persistence/database.ts';
import { findStoredReply } from '../../persistence/idempotency-store.ts';
import type { AppEnv } from '../context.ts';
import { json, refused } from '../errors.ts';

/**
 * Answers with the kept reply of an idempotency key before an operation starts that sends several commands: its
 * whole reply is no command's reply, so no lane would find it.
 */
export function storedReply(): MiddlewareHandler<AppEnv> {
  return async function storedReply(c, next) {
    const idempotency = c.get('idempotency');
    if (idempotency === undefined) return next();
    const since = new Date(Date.now() - limits.idempotencyHours * 3_600_000).toISOString();
    const stored = await findStoredReply(databaseOf(c.env), idempotency.key, since);
    if (stored === null) return next();
    if (stored.requestHash !== idempotency.requestHash) return refused(c, KEY_REUSED);
    c.set('replyKept', true);
    return json(c, stored.status, stored.body, { 'Idempotency-Hit': 'true' });
  };
}

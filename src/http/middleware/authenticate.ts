import type { MiddlewareHandler } from 'hono';
import { callerOf } from '../../auth/clients.ts';
import type { AppEnv } from '../context.ts';
import { unauthenticated } from '../errors.ts';
import { reader } from '../operation.ts';

const BEARER = /^Bearer ([A-Za-z0-9._~+/-]{16,200}=*)$/i;

/** Lets only holders of a live token in; the reply to others says how to get one. */
export function authenticate(): MiddlewareHandler<AppEnv> {
  return async function authenticate(c, next) {
    const token = BEARER.exec(c.req.header('Authorization') ?? '')?.[1];
    const caller = token === undefined ? null : await callerOf(reader(c), token, Date.now());
    if (caller === null) {
      return unauthenticated(
        c,
        'Authentication failed: send "Authorization: Bearer <token>" with a token of POST /oauth/token.',
      );
    }
    c.set('caller', caller);
    await next();
    return undefined;
  };
}

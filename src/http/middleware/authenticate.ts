import type { MiddlewareHandler } from 'hono';
import { callerOf } from '../../auth/clients.ts';
import { refuse } from '../../domain/result.ts';
import { ANY_RESOURCE, toWireError } from '../../wire/errors.ts';
import type { AppEnv } from '../context.ts';
import { json } from '../errors.ts';
import { reader } from '../operation.ts';

const BEARER = /^Bearer ([A-Za-z0-9._~+/-]{16,200}=*)$/i;

/** Lets only holders of a live token in; the reply to others says how to get one. */
export function authenticate(): MiddlewareHandler<AppEnv> {
  return async function authenticate(c, next) {
    const token = BEARER.exec(c.req.header('Authorization') ?? '')?.[1];
    const caller = token === undefined ? null : await callerOf(reader(c), token, Date.now());
    if (caller === null) {
      const { body } = toWireError(
        refuse(
          'invalid',
          'Authentication failed: send "Authorization: Bearer <token>" with a token of POST /oauth/token.',
        ),
        { requestId: c.get('requestId'), envelope: 'v1', resourceCode: ANY_RESOURCE },
      );
      return json(c, 401, body.replace('"code":50000020', '"code":90000011'), {
        'WWW-Authenticate': 'Bearer realm="Spillway API"',
      });
    }
    c.set('caller', caller);
    await next();
    return undefined;
  };
}

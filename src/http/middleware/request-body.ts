import type { MiddlewareHandler } from 'hono';
import { refuse } from '../../domain/result.ts';
import type { AppEnv } from '../context.ts';
import { refused } from '../errors.ts';

const BODY_BYTES_MAX = 4_000_000;
const METHODS_WITH_BODY = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);
const JSON_TYPE = /^application\/(json|[a-z.+-]*\+json)\b/i;

/**
 * Reads the body once, within its limit. It is read even when nobody needs it: a reply to an unread body ends the
 * connection and the caller's next request with it.
 */
export function requestBody(): MiddlewareHandler<AppEnv> {
  return async function requestBody(c, next) {
    if (!METHODS_WITH_BODY.has(c.req.method)) return next();
    const max = Number(c.env.BODY_BYTES_MAX ?? BODY_BYTES_MAX);
    const declared = Number(c.req.header('Content-Length') ?? 0);
    const text = declared > max ? null : await c.req.text();
    if (text === null || text.length > max) {
      if (text === null) await c.req.raw.body?.cancel();
      return refused(
        c,
        refuse('invalid', `The request body is larger than ${max} bytes; split the request.`),
        413,
      );
    }
    const type = c.req.header('Content-Type');
    if (text !== '' && c.req.path.startsWith('/v1/') && (type === undefined || !JSON_TYPE.test(type))) {
      return refused(c, refuse('unsupported', 'must be application/json', 'Content-Type'));
    }
    return next();
  };
}

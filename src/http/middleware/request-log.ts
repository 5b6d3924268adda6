import type { MiddlewareHandler } from 'hono';
import { log } from '../../persistence/log.ts';
import type { AppEnv } from '../context.ts';

/**
 * One line per request when LOG_LEVEL is info: its ids lead to the commit that holds it (`lane.committed` names the requests of a
 * group) and on to the fold. Off locally, where a line per request is what a load test would measure.
 */
export function requestLog(): MiddlewareHandler<AppEnv> {
  return async function requestLog(c, next) {
    if (c.env.LOG_LEVEL !== 'info') return next();
    const startedAtMs = Date.now();
    await next();
    log('http.request', {
      request: c.get('requestId'),
      track: c.req.header('Zuora-Track-Id'),
      client: c.get('caller')?.clientId,
      method: c.req.method,
      path: c.req.path,
      status: c.res.status,
      ms: Date.now() - startedAtMs,
    });
    return undefined;
  };
}

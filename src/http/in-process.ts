import { Hono } from 'hono';
import type { Caller } from '../auth/clients.ts';
import type { Env } from '../env.ts';
import { mountOperations } from './app.ts';
import type { AppEnv } from './context.ts';
import { onError } from './errors.ts';
import { apiLog } from './middleware/api-log.ts';
import { idempotency } from './middleware/idempotency.ts';
import { requestBody } from './middleware/request-body.ts';
import { requestHeaders } from './middleware/request-headers.ts';
import { mountHealth } from './routes/health.ts';
import { assetOrNotFound } from './unserved.ts';

/** Answers a request to the API on behalf of somebody who is known already. */
export type InProcessApi = (
  request: Request,
  caller: Caller,
  env: Env,
  execution: ExecutionContext,
) => Promise<Response>;

/**
 * The API as the web pages call it: the very operations, with their validation, roles and envelopes, for a user who has signed in instead of a
 * holder of a token. An Idempotency-Key counts for every method that writes, so that a form that is sent twice has one effect.
 */
export function createInProcessApi(): InProcessApi {
  const callers = new WeakMap<Request, Caller>();
  // Isolates that never show a page do without it.
  let app: Hono<AppEnv> | null = null;
  return async (request, caller, env, execution) => {
    callers.set(request, caller);
    app ??= operationsFor(callers);
    return app.fetch(request, env, execution);
  };
}

function operationsFor(callers: WeakMap<Request, Caller>): Hono<AppEnv> {
  const app = new Hono<AppEnv>();
  app.onError((error, c) => onError(error, c));
  app.notFound(assetOrNotFound);
  app.use(apiLog('page'));
  app.use(requestHeaders());
  app.use(async (c, next) => {
    c.set('caller', callers.get(c.req.raw)!);
    await next();
  });
  app.use(requestBody());
  app.use(idempotency({ methods: ['POST', 'PUT', 'PATCH', 'DELETE'] }));
  mountHealth(app);
  mountOperations(app);
  return app;
}

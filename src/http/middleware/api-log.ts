import type { MiddlewareHandler } from 'hono';
import type { CallSource } from '../../persistence/api-log/logged-call.ts';
import { apiLogBuffer, type Background } from '../api-log/buffer.ts';
import type { PassedCall } from '../api-log/entries.ts';
import type { AppContext, AppEnv } from '../context.ts';

/** The API's own paths: not its health, which is asked for all the time, nor who looks into the log, and no asset. */
const LOGGED = /^\/(?:v1|apps\/api|object-query|query|oauth)\/(?!spillway\/(?:health|api-log)(?:\/|$))/;
/** How replies begin that say with status 200 that something failed, as older versions are answered. */
const SAYS_FAILED = /^\{\s*"(?:success"\s*:\s*false|reasons"|errorCode")/i;

/**
 * Keeps the call for the API log, behind the reply. Bodies are those that are text in memory anyway: the request as it was read, the reply as
 * `json` or `c.json` was given it. Streams, pages and files are not looked into.
 */
export function apiLog(source: CallSource = 'api'): MiddlewareHandler<AppEnv> {
  return async function apiLog(c, next) {
    if (c.env.API_LOG === 'off' || !LOGGED.test(c.req.path)) return next();
    const startedAtMs = Date.now();
    noteJson(c);
    await next();
    const nowMs = Date.now();
    const replyText = c.get('replyText');
    const isFailed = c.res.status >= 400 || (replyText !== undefined && SAYS_FAILED.test(replyText));
    if (apiLogBuffer.admits(isFailed, startedAtMs, nowMs)) {
      apiLogBuffer.keep(await passed(c, { source, atMs: startedAtMs, ms: nowMs - startedAtMs, isFailed }));
    }
    apiLogBuffer.sendBehind(() => backgroundOf(c), c.env, nowMs);
    return undefined;
  };
}

type Known = Pick<PassedCall, 'source' | 'atMs' | 'ms' | 'isFailed'>;

/** The call with what it said. Its body was read before, if it was read at all: nothing is waited for. */
async function passed(c: AppContext, known: Known): Promise<PassedCall> {
  const { pathname, search } = new URL(c.req.url);
  return {
    ...known,
    requestId: c.get('requestId'),
    trackId: c.req.header('Zuora-Track-Id'),
    clientId: c.get('caller')?.clientId,
    method: c.req.method,
    path: pathname + search,
    status: c.res.status,
    idempotencyKey: c.req.header('Idempotency-Key'),
    isReplayed: c.res.headers.get('Idempotency-Hit') === 'true',
    requestText: c.req.bodyCache.text === undefined ? undefined : await c.req.text(),
    requestType: c.req.header('Content-Type'),
    replyText: c.get('replyText'),
  };
}

/** Notes the text of a reply that is made by c.json; replies of `json` note theirs themselves. */
function noteJson(c: AppContext): void {
  const json = (value: unknown, status?: never, headers?: Record<string, string>) => {
    const text = JSON.stringify(value);
    c.set('replyText', text);
    return c.newResponse(text, status, { 'Content-Type': 'application/json', ...headers });
  };
  c.json = json as unknown as AppContext['json'];
}

/** null where the app is called without one: then what waits is sent behind a later call. */
function backgroundOf(c: AppContext): Background | null {
  try {
    return c.executionCtx;
  } catch {
    return null;
  }
}

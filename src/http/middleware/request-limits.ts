import type { MiddlewareHandler } from 'hono';
import { refuse } from '../../domain/result.ts';
import type { AppContext, AppEnv } from '../context.ts';
import { refused } from '../errors.ts';
import { discard } from './request-body.ts';

const WINDOW_MS = 60_000;
const REQUESTS_PER_MINUTE_MAX = 600_000;
const CONCURRENT_MAX = 2_000;
const CONCURRENT_HIGH_VOLUME_MAX = 10_000;
const CONCURRENT_OBJECT_QUERY_MAX = 4_000;

/** Calls that have a concurrency limit of their own, a larger one (conventions 3). */
const HIGH_VOLUME =
  /^(POST \/v1\/(accounts|orders|orders\/preview|subscriptions|subscriptions\/preview)|PUT \/v1\/subscriptions\/[^/]+(\/cancel|\/renew)?)\/?$/;

interface Pool {
  readonly type: 'Default' | 'High-volume transactions' | 'Object Query';
  readonly max: (c: AppContext) => number;
  running: number;
}

/**
 * Rate and concurrency limits with their headers (conventions 3). Counted per isolate: a limit against one isolate
 * being overrun, not a tenant-wide meter, which would be one hot counter for everybody (docs/decisions/004).
 */
export function requestLimits(): MiddlewareHandler<AppEnv> {
  let windowStartedAtMs = 0;
  let windowCount = 0;
  const usual: Pool = {
    type: 'Default',
    max: (c) => Number(c.env.CONCURRENT_REQUESTS_MAX ?? CONCURRENT_MAX),
    running: 0,
  };
  const highVolume: Pool = {
    type: 'High-volume transactions',
    max: (c) => Number(c.env.CONCURRENT_HIGH_VOLUME_MAX ?? CONCURRENT_HIGH_VOLUME_MAX),
    running: 0,
  };
  const objectQuery: Pool = {
    type: 'Object Query',
    max: (c) => Number(c.env.CONCURRENT_OBJECT_QUERY_MAX ?? CONCURRENT_OBJECT_QUERY_MAX),
    running: 0,
  };
  const poolOf = (c: AppContext): Pool => {
    if (c.req.path.startsWith('/object-query/')) return objectQuery;
    return HIGH_VOLUME.test(`${c.req.method} ${c.req.path}`) ? highVolume : usual;
  };
  return async function requestLimits(c, next) {
    const rateMax = Number(c.env.RATE_REQUESTS_PER_MINUTE_MAX ?? REQUESTS_PER_MINUTE_MAX);
    const pool = poolOf(c);
    const concurrentMax = pool.max(c);
    const nowMs = Date.now();
    if (nowMs - windowStartedAtMs >= WINDOW_MS) {
      windowStartedAtMs = nowMs;
      windowCount = 0;
    }
    windowCount++;
    const resetSeconds = Math.max(1, Math.ceil((windowStartedAtMs + WINDOW_MS - nowMs) / 1000));
    const headers: Record<string, string> = {
      'RateLimit-Limit': `${rateMax}, ${rateMax};w=60`,
      'RateLimit-Remaining': String(Math.max(0, rateMax - windowCount)),
      'RateLimit-Reset': String(resetSeconds),
      'Concurrency-Limit-Type': pool.type,
      'Concurrency-Limit-Limit': String(concurrentMax),
      'Concurrency-Limit-Remaining': String(Math.max(0, concurrentMax - pool.running - 1)),
    };
    const over = windowCount > rateMax ? 'rate' : pool.running >= concurrentMax ? 'concurrency' : null;
    if (over !== null) {
      await discard(c.req.raw.body);
      const retryAfter = String(over === 'rate' ? resetSeconds : 1);
      const response = refused(c, refuse('limit', `Over the ${over} limit; try again in ${retryAfter} s.`));
      setHeaders(response, { ...headers, 'Retry-After': retryAfter });
      return response;
    }
    pool.running++;
    try {
      await next();
    } finally {
      pool.running--;
    }
    setHeaders(c.res, headers);
    return undefined;
  };
}

function setHeaders(response: Response, headers: Readonly<Record<string, string>>): void {
  for (const name in headers) response.headers.set(name, headers[name]!);
}

import type { MiddlewareHandler } from 'hono';
import { refuse } from '../../domain/result.ts';
import type { AppEnv } from '../context.ts';
import { refused } from '../errors.ts';

const WINDOW_MS = 60_000;

interface Window {
  startedAtMs: number;
  count: number;
}

export interface RequestLimitsOptions {
  /** Defaults when the Worker's variables do not say otherwise. */
  readonly requestsPerMinuteMax?: number;
  readonly concurrentMax?: number;
}

/**
 * Rate and concurrency limits with their headers (conventions 3). Counted per isolate: a limit against one isolate
 * being overrun, not a tenant-wide meter, which would be one hot counter for everybody (docs/decisions).
 */
export function requestLimits(options: RequestLimitsOptions = {}): MiddlewareHandler<AppEnv> {
  const window: Window = { startedAtMs: 0, count: 0 };
  let running = 0;
  return async function requestLimits(c, next) {
    const rateMax = Number(c.env.RATE_REQUESTS_PER_MINUTE_MAX ?? options.requestsPerMinuteMax ?? 600_000);
    const concurrentMax = Number(c.env.CONCURRENT_REQUESTS_MAX ?? options.concurrentMax ?? 2_000);
    const nowMs = Date.now();
    if (nowMs - window.startedAtMs >= WINDOW_MS) {
      window.startedAtMs = nowMs;
      window.count = 0;
    }
    window.count++;
    const resetSeconds = Math.max(1, Math.ceil((window.startedAtMs + WINDOW_MS - nowMs) / 1000));
    const headers = {
      'RateLimit-Limit': `${rateMax}, ${rateMax};w=60`,
      'RateLimit-Remaining': String(Math.max(0, rateMax - window.count)),
      'RateLimit-Reset': String(resetSeconds),
      'Concurrency-Limit-Type': 'Default',
      'Concurrency-Limit-Limit': String(concurrentMax),
      'Concurrency-Limit-Remaining': String(Math.max(0, concurrentMax - running - 1)),
    };
    const over = window.count > rateMax ? 'rate' : running >= concurrentMax ? 'concurrency' : null;
    if (over !== null) {
      const retryAfter = over === 'rate' ? resetSeconds : 1;
      const response = refused(c, refuse('limit', `Over the ${over} limit; try again in ${retryAfter} s.`));
      for (const [name, value] of Object.entries({ ...headers, 'Retry-After': String(retryAfter) })) {
        response.headers.set(name, value);
      }
      return response;
    }
    running++;
    try {
      await next();
    } finally {
      running--;
    }
    for (const [name, value] of Object.entries(headers)) c.res.headers.set(name, value);
    return undefined;
  };
}

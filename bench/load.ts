import { join } from 'node:path';
import { Worker } from 'node:worker_threads';

/** One run: bounded in time and in count. */
export interface LoadSpec {
  /** Complete HTTP/1.1 requests, sent in turn. */
  readonly requests: readonly string[];
  readonly concurrency: number;
  readonly durationMs: number;
  readonly countMax: number;
  /** Text that the body of a successful reply holds. */
  readonly expected: string;
  /** Reads the account of the first request: measures the time from a reply to a `lastMetricsUpdate` later than it. */
  readonly freshnessRequest?: string;
}

export interface LoadResult {
  /** Successful replies. */
  readonly count: number;
  readonly failures: number;
  readonly failureSamples: readonly string[];
  /** From the first request to the last reply. */
  readonly seconds: number;
  readonly latenciesMs: readonly number[];
  /** One per successful reply of the watched account; null without `freshnessRequest`. */
  readonly lagsMs: readonly number[] | null;
}

export type LoadReply = { readonly result: LoadResult } | { readonly error: string };

/** A load generator in a thread of its own, with connections to one server. One run at a time. */
export class LoadGenerator {
  readonly #worker: Worker;

  constructor(host: string, port: number) {
    this.#worker = new Worker(join(import.meta.dirname, 'load-thread.ts'), { workerData: { host, port } });
  }

  /** @throws when a connection breaks or a reply does not come; a refused request is a failure in the result. */
  run(spec: LoadSpec): Promise<LoadResult> {
    return new Promise((resolve, reject) => {
      this.#worker.once('message', (reply: LoadReply) => {
        if ('error' in reply) reject(new Error(`The load generator failed: ${reply.error}`));
        else resolve(reply.result);
      });
      this.#worker.postMessage(spec);
    });
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }
}

export interface HttpRequest {
  readonly method: string;
  readonly path: string;
  readonly token: string;
  readonly body?: string;
  readonly idempotencyKey?: string;
}

/** The bytes of a request as they go over the connection. */
export function httpText({ method, path, token, body = '', idempotencyKey }: HttpRequest): string {
  const type = body === '' ? '' : 'Content-Type: application/json\r\n';
  const key = idempotencyKey === undefined ? '' : `Idempotency-Key: ${idempotencyKey}\r\n`;
  return (
    `${method} ${path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${token}\r\n${type}${key}` +
    `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
  );
}

/** Nearest-rank percentile; NaN of nothing. */
export function percentile(values: readonly number[], percent: number): number {
  if (values.length === 0) return Number.NaN;
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil((percent / 100) * sorted.length) - 1)]!;
}

export function median(values: readonly number[]): number {
  if (values.length === 0) return Number.NaN;
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

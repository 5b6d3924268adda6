import { env, exports } from 'cloudflare:workers';
import { expect, vi } from 'vitest';
import { createClient, issueToken } from '../../src/auth/clients.ts';
import type { ApiReply, WorkerApi } from './worker-api.ts';

/** Jobs of several queries over HTTP: submitting them, waiting for their end, and what their files hold. */

const ENDED = new Set(['completed', 'aborted', 'error', 'cancelled']);

// biome-ignore lint/suspicious/noExplicitAny: replies are asserted on, not computed with
export type JobBody = any;

export async function submitted(api: WorkerApi, body: object): Promise<JobBody> {
  const reply = await api.post('/v1/batch-query/', body);
  expect([reply.status, reply.body.errorCode, reply.body.status]).toEqual([200, undefined, 'submitted']);
  return reply.body;
}

/** The job once it has ended. The queue carries it out. */
export async function ended(api: WorkerApi, id: string): Promise<JobBody> {
  return vi.waitFor(
    async () => {
      const { body } = await api.get(`/v1/batch-query/jobs/${id}`);
      expect(ENDED, JSON.stringify(body)).toContain(body.status);
      return body;
    },
    { timeout: 50_000, interval: 100 },
  );
}

export async function completed(api: WorkerApi, body: object): Promise<JobBody> {
  const job = await ended(api, (await submitted(api, body)).id);
  expect([job.status, job.batches.map((batch: JobBody) => batch.message)]).toEqual([
    'completed',
    job.batches.map(() => ''),
  ]);
  return job;
}

/** Reads files as a client that may read. */
export async function fileReader(): Promise<(path: string) => Promise<Response>> {
  const now = new Date();
  const client = await createClient(env.DB, 'files', 'read', now.toISOString());
  const { token } = (await issueToken(env.DB, client.id, client.secret, now.getTime()))!;
  return (path) =>
    exports.default.fetch(
      new Request(`http://spillway.test${path}`, { headers: { Authorization: `Bearer ${token}` } }),
    );
}

/** Lines of a file whose values have no commas and quotes, split. */
export function linesOf(text: string): string[][] {
  expect(text.endsWith('\n')).toBe(true);
  return text
    .slice(0, -1)
    .split('\n')
    .map((line) => line.split(','));
}

export function refusalOf({ status, body }: ApiReply): string {
  expect(status).toBe(200);
  return `${body.errorCode} ${body.message}`;
}

import { env } from 'cloudflare:workers';
import { execute } from '../../src/account/client.ts';
import { newTimeOrderedId } from '../../src/account/runtime.ts';
import { asynchronousCommands } from '../../src/domain/async-jobs/asynchronous-commands.ts';
import { gatewaysOf } from '../../src/gateways/registry.ts';
import type { JobPorts } from '../../src/jobs/consume-jobs.ts';
import { noticeOf } from '../../src/query/aqua/notices.ts';

/** What the jobs queue's consumer has at hand in the Worker, without sending and logging. */
export function jobPorts(overrides: Partial<JobPorts> = {}): JobPorts {
  const { send = () => Promise.resolve() } = overrides;
  return {
    db: env.DB,
    bucket: env.FILES,
    now: () => new Date().toISOString(),
    newId: newTimeOrderedId,
    gateways: gatewaysOf(env),
    asynchronousCommands,
    execute: (laneId, command) => execute(env, laneId, command),
    send,
    sendAll: (messages) => Promise.all(messages.map((message) => send(message))),
    queries: {
      advance: (jobId) => env.QUERIES.get(env.QUERIES.idFromName(jobId)).advance(jobId),
      onFinished: () => Promise.resolve(),
    },
    jobEnds: {
      noticeOf: (jobId) => noticeOf(env.DB, jobId, new Date().toISOString()),
      allowLoopback: false,
    },
    log: () => undefined,
    ...overrides,
  };
}

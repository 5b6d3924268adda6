import { env } from 'cloudflare:workers';
import { execute } from '../../src/account/client.ts';
import { newTimeOrderedId } from '../../src/account/runtime.ts';
import { asynchronousCommands } from '../../src/domain/async-jobs/asynchronous-commands.ts';
import { gatewaysOf } from '../../src/gateways/registry.ts';
import type { JobPorts } from '../../src/jobs/consume-jobs.ts';

/** What the jobs queue's consumer has at hand in the Worker, without sending and logging. */
export function jobPorts(overrides: Partial<JobPorts> = {}): JobPorts {
  return {
    db: env.DB,
    bucket: env.FILES,
    now: () => new Date().toISOString(),
    newId: newTimeOrderedId,
    gateways: gatewaysOf(env),
    asynchronousCommands,
    execute: (laneId, command) => execute(env, laneId, command),
    send: () => Promise.resolve(),
    log: () => undefined,
    ...overrides,
  };
}

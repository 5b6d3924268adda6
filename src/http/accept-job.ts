import { execute } from '../account/client.ts';
import type { CommandOutcome } from '../domain/account/command.ts';
import type { AcceptJob } from '../domain/async-jobs/accept-job.ts';
import type { JobMessage } from '../jobs/consume-jobs.ts';
import { log } from '../persistence/log.ts';
import { announceJob } from '../persistence/outbox.ts';
import { ANY_RESOURCE } from '../wire/errors.ts';
import type { AppContext } from './context.ts';
import { commandOf, reply } from './operation.ts';

/**
 * Keeps a command to be carried out in its lane later, and answers with its job as soon as that is committed.
 *
 * @param referenceId of the document that the job shows that it is about
 */
export async function acceptJob(
  c: AppContext,
  laneId: string,
  commandKind: string,
  payload: unknown,
  referenceId?: string,
): Promise<Response> {
  const job: AcceptJob = {
    commandKind,
    payload,
    laneId,
    ...(referenceId === undefined ? {} : { referenceId }),
    resourceCode: c.get('operation')?.resourceCode ?? ANY_RESOURCE,
    requestId: c.get('requestId'),
  };
  const outcome = await execute(c.env, laneId, commandOf(c, 'job.accept', job));
  if (c.get('idempotency') !== undefined) c.set('replyKept', true);
  announceJobOf(c, outcome);
  return reply(c, outcome);
}

/** Sends the message about the job that a command has accepted, if it has: its reply names it `jobId`, or `id` where it is all that it is about. */
export function announceJobOf(c: AppContext, outcome: CommandOutcome): void {
  if (outcome.status >= 300) return;
  const { jobId, id } = JSON.parse(outcome.body) as { readonly jobId?: string; readonly id?: string };
  const named = jobId ?? id;
  if (named === undefined) return;
  const send = (message: JobMessage) => c.env.JOBS_QUEUE.send(message);
  c.executionCtx.waitUntil(announceJob(named, { send, log }));
}

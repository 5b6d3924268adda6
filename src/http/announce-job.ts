import type { NotifyMessage } from '../jobs/notify-job-end.ts';
import type { QueryJobMessage } from '../jobs/run-query-job.ts';
import { log } from '../persistence/log.ts';
import type { AppContext } from './context.ts';

/** Asks for a query's job, or for its end to be told; should the message be lost, the sweep asks again. */
export function announceJob(c: AppContext, message: QueryJobMessage | NotifyMessage): void {
  c.executionCtx.waitUntil(
    c.env.JOBS_QUEUE.send(message).catch((error: unknown) =>
      log('query.not_announced', { ...message, message: String(error) }),
    ),
  );
}

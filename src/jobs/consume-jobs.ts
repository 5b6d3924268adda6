import { z } from 'zod';
import { bury, type ConsumerPorts, UNREADABLE } from './consume.ts';
import { expire } from './expire.ts';

const messageSchema = z.object({ version: z.literal(1), job: z.literal('expire') });
export type JobMessage = z.infer<typeof messageSchema>;

export interface JobPorts extends ConsumerPorts {
  /** Sends a job that was not finished in one piece again. */
  readonly send: (message: JobMessage) => Promise<unknown>;
}

/** Jobs queue: one message, one piece of a job; acknowledged or retried on its own. */
export async function consumeJobs(batch: MessageBatch, ports: JobPorts): Promise<void> {
  for (const message of batch.messages) {
    const parsed = messageSchema.safeParse(message.body);
    if (!parsed.success) {
      await bury(batch.queue, message, UNREADABLE, ports);
      continue;
    }
    try {
      if ((await expire(ports.db, ports.now())) === 'more') await ports.send(parsed.data);
      message.ack();
    } catch (error) {
      ports.log('job.failed', { id: message.id, message: String(error) });
      message.retry();
    }
  }
}

import { type Env, limits } from '../env.ts';
import { databaseOf } from '../persistence/database.ts';
import { log } from '../persistence/log.ts';
import { foldPartners, keepDeadLetter } from '../persistence/metrics-store.ts';
import { readMetricsMessage } from './metrics-messages.ts';

export const UNREADABLE = 'The message cannot be read by this version.';

export interface ConsumerPorts {
  readonly db: D1Database;
  readonly now: () => string;
  readonly log: (event: string, fields: Record<string, unknown>) => void;
}

/**
 * Metrics queue: folds each due account once, however many messages name it. A message is acknowledged after the fold
 * of all its accounts; one whose fold failed is retried on its own; one that cannot be read goes to the dead letters.
 */
export async function consumeMetrics(batch: MessageBatch, ports: ConsumerPorts): Promise<void> {
  const wanted = new Map<string, Message[]>();
  for (const message of batch.messages) {
    const body = readMetricsMessage(message.body);
    if (body === null) {
      await bury(batch.queue, message, UNREADABLE, ports);
      continue;
    }
    for (const accountId of body.accountIds) {
      const messages = wanted.get(accountId);
      if (messages === undefined) wanted.set(accountId, [message]);
      else messages.push(message);
    }
  }
  const accountIds = [...wanted.keys()];
  const failed = new Set<Message>();
  for (let from = 0; from < accountIds.length; from += limits.foldAccountsMax) {
    const part = accountIds.slice(from, from + limits.foldAccountsMax);
    try {
      await foldPartners(ports.db, part, ports.now());
    } catch (error) {
      ports.log('metrics.fold_failed', { accounts: part.length, message: String(error) });
      for (const accountId of part) for (const message of wanted.get(accountId)!) failed.add(message);
    }
  }
  ports.log('metrics.folded', {
    messages: batch.messages.length,
    accounts: accountIds.length,
    failed: failed.size,
  });
  for (const message of new Set([...wanted.values()].flat())) {
    if (failed.has(message)) message.retry();
    else message.ack();
  }
}

/** Dead-letter queues: what was given up is kept where a person sees it. */
export async function consumeDeadLetters(batch: MessageBatch, ports: ConsumerPorts): Promise<void> {
  for (const message of batch.messages) await bury(batch.queue, message, 'All retries failed.', ports);
}

/** Keeps a message where a person sees it, and is done with it; when even that fails it comes again. */
export async function bury(
  queue: string,
  message: Message,
  reason: string,
  ports: ConsumerPorts,
): Promise<void> {
  try {
    await keepDeadLetter(ports.db, {
      id: message.id,
      queue,
      body: JSON.stringify(message.body ?? null),
      reason,
      arrivedAt: ports.now(),
    });
    ports.log('queue.dead_letter', { queue, id: message.id, reason });
    message.ack();
  } catch (error) {
    ports.log('queue.dead_letter_failed', { queue, id: message.id, message: String(error) });
    message.retry();
  }
}

export function consumerPorts(env: Env): ConsumerPorts {
  return { db: databaseOf(env), now: () => new Date().toISOString(), log };
}

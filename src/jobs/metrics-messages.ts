import { z } from 'zod';
import type { MetricsMessage } from '../persistence/outbox.ts';

const messageSchema = z.object({
  version: z.literal(1),
  accountIds: z.array(z.string().length(32)).min(1).max(1_000),
});

/** A message of the metrics queue, or null for one that this version does not know. */
export function readMetricsMessage(body: unknown): MetricsMessage | null {
  const parsed = messageSchema.safeParse(body);
  return parsed.success ? parsed.data : null;
}

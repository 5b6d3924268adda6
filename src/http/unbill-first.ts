import { execute } from '../account/client.ts';
import { UNBILL_SUBSCRIPTIONS_MAX } from '../domain/billing/unbill.ts';
import { type DocumentOwner, readLineCount } from '../persistence/document-accounts.ts';
import type { AppContext } from './context.ts';
import { commandOf, reader } from './operation.ts';

/**
 * Before a document is taken back that bills more subscriptions than one commit sets back: sets them back piece by piece. What is left in the end is
 * the command's to do or to refuse.
 */
export async function unbillFirst(
  c: AppContext,
  kind: 'invoice' | 'creditMemo',
  { id, accountId }: DocumentOwner,
): Promise<void> {
  const lines = await readLineCount(reader(c), kind, id);
  const piecesMax = Math.floor(lines / UNBILL_SUBSCRIPTIONS_MAX);
  for (let piece = 0; piece < piecesMax; piece++) {
    const { idempotency: _, ...command } = commandOf(c, 'billing.unbill', { documentId: id });
    const outcome = await execute(c.env, accountId, command);
    if (outcome.status >= 300) return;
    const { left } = JSON.parse(outcome.body) as { readonly left: number };
    if (left === 0) return;
  }
}

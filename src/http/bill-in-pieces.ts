import { execute } from '../account/client.ts';
import type { CommandOutcome } from '../domain/account/command.ts';
import { GENERATE_SUBSCRIPTIONS_MAX, type GenerateDocuments } from '../domain/billing/generate-documents.ts';
import { type BillableCursor, findBillableSubscriptions } from '../persistence/billable-subscriptions.ts';
import { databaseOf } from '../persistence/database.ts';
import { type GeneratedIds, toWireStoppedBilling } from '../wire/billing-documents.ts';
import type { AppContext } from './context.ts';
import { keptReplyOfPart } from './middleware/stored-reply.ts';
import { commandOf } from './operation.ts';

/** Subscriptions that one commit bills. */
interface Piece {
  readonly subscriptionNumbers: readonly string[];
  /** Nothing is to be billed after it, as far as is known. */
  readonly isLast: boolean;
}

/** At least one piece; each is read when the one before is billed, and is told whether that one was billed already by an earlier attempt of the request. */
export type Pieces = AsyncGenerator<Piece, void, boolean>;

/** All that the account is to be billed for. */
export async function* piecesOf(c: AppContext, accountId: string, targetDate: string): Pieces {
  let after: BillableCursor | null = null;
  for (;;) {
    const { subscriptionNumbers, next } = await findBillableSubscriptions(
      databaseOf(c.env),
      accountId,
      targetDate,
      after,
      GENERATE_SUBSCRIPTIONS_MAX,
    );
    const wasBilled: boolean = yield { subscriptionNumbers, isLast: next === null };
    if (!wasBilled && next === null) return;
    // A reply that was found again is of subscriptions that this page may not hold: what it does hold is still to be billed.
    after = wasBilled ? null : next;
  }
}

/** These subscriptions, cut in the same way each time that the request is repeated. */
export async function* namedPieces(numbers: readonly string[]): Pieces {
  let from = 0;
  do {
    const to = from + GENERATE_SUBSCRIPTIONS_MAX;
    yield { subscriptionNumbers: numbers.slice(from, to), isLast: to >= numbers.length };
    from = to;
  } while (from < numbers.length);
}

const partOf = (piece: number) => `billing ${piece}`;

/** Whether an earlier attempt of this request has billed a piece. */
export async function hasBilledBefore(c: AppContext): Promise<boolean> {
  return (await keptReplyOfPart(c, partOf(0))) !== null;
}

/** What became of all pieces. */
interface BilledInPieces {
  readonly generated: GeneratedIds;
  /** Of the piece that could not be billed, with what was generated before it; null when all were. */
  readonly stopped: CommandOutcome | null;
  readonly bookmark: string | undefined;
}

/**
 * Bills each piece in a commit of its own. Each has an idempotency key of its own under the request's: asked again after a crash, the replies of
 * what is billed are found again, and the rest is billed (I1, I6).
 *
 * @param first what `pieces` gave first
 */
export async function billInPieces(
  c: AppContext,
  asked: Omit<GenerateDocuments, 'subscriptionNumbers'>,
  pieces: Pieces,
  first: IteratorResult<Piece, void>,
): Promise<BilledInPieces> {
  const generated: GeneratedIds = { invoices: [], creditMemos: [] };
  let bookmark: string | undefined;
  let piece = first;
  for (let part = 0; piece.done !== true; part++) {
    const { subscriptionNumbers } = piece.value;
    const payload = { ...asked, subscriptionNumbers };
    const outcome = await execute(
      c.env,
      asked.accountId,
      commandOf(c, 'billing.generate', payload, partOf(part)),
    );
    if (outcome.status !== 200)
      return { generated, stopped: toWireStoppedBilling(outcome, generated), bookmark };
    const { invoices, creditMemos } = JSON.parse(outcome.body) as GeneratedIds;
    generated.invoices.push(...invoices);
    generated.creditMemos.push(...creditMemos);
    bookmark = outcome.bookmark ?? bookmark;
    piece = await pieces.next(outcome.replayed);
  }
  return { generated, stopped: null, bookmark };
}

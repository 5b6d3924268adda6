import { execute } from '../account/client.ts';
import type { CommandOutcome } from '../domain/account/command.ts';
import type { Refusal } from '../domain/result.ts';
import { ANY_RESOURCE, toWireError, type WireReply } from '../wire/errors.ts';
import type { AppContext } from './context.ts';
import { json } from './errors.ts';
import { commandOf, reply } from './operation.ts';

/** One command of a request that carries several. */
export interface Part {
  /** Where the command goes, or why it cannot be sent. */
  readonly lane: string | Refusal;
  readonly payload: unknown;
  /** What its entry in the reply shows when it was refused: its place in the request, or its id. */
  readonly shownWhenRefused: object;
}

type PartOutcome = WireReply & Partial<CommandOutcome>;

const CONFLICT = 409;
const KEY_REUSED_STATUS = 422;
/** What is answered so has done nothing, or nobody knows what: it may be asked for again. */
export const PASSING_STATUS_MIN = 500;

/**
 * Sends the parts of one request at once, each to the lane of its account and each under an idempotency key of its own, and
 * answers `{ <listName>: […], success: true }` in their order. A part that was refused disturbs no other.
 *
 * @param success 'sent': true whatever became of the parts, as the contract has it where it shows them; 'all': true when none was refused
 */
export async function fanOut(
  c: AppContext,
  kind: string,
  parts: readonly Part[],
  listName: string,
  success: 'sent' | 'all' = 'sent',
): Promise<Response> {
  const bytesOfAll = commandOf(c, kind, null).bytes;
  const bytes = Math.ceil(bytesOfAll / parts.length);
  const outcomes = await Promise.all(
    parts.map(({ lane, payload }, i): Promise<PartOutcome> => {
      if (typeof lane === 'string') return execute(c.env, lane, { ...commandOf(c, kind, payload, i), bytes });
      return Promise.resolve(refusedPart(c, lane));
    }),
  );
  const repeated = repeatedOf(outcomes);
  if (repeated !== undefined) return reply(c, { ...repeated, replayed: false });
  // A part that passed may succeed when the key is repeated: this reply must not be the one that is kept.
  if (outcomes.some((o) => o.status >= PASSING_STATUS_MIN)) c.set('replyKept', true);
  const entries = outcomes.map((outcome, i) => entryOf(outcome, parts[i]!));
  const bookmark = latestBookmark(outcomes);
  const done = success === 'sent' || outcomes.every(({ status }) => status < 400);
  return json(
    c,
    200,
    `{"${listName}":[${entries.join(',')}],"success":${done}}`,
    bookmark === undefined ? {} : { 'Spillway-Bookmark': bookmark },
  );
}

/** Says that the same request is on its way, or that its key belongs to another one: true of the whole request. */
export function repeatedOf<Outcome extends WireReply>(outcomes: readonly Outcome[]): Outcome | undefined {
  return outcomes.find(({ status }) => status === CONFLICT || status === KEY_REUSED_STATUS);
}

function refusedPart(c: AppContext, refusal: Refusal): WireReply {
  const operation = c.get('operation');
  return toWireError(refusal, {
    requestId: c.get('requestId'),
    envelope: 'v1',
    resourceCode: operation?.resourceCode ?? ANY_RESOURCE,
  });
}

function entryOf(outcome: PartOutcome, part: Part): string {
  if (outcome.status < 400) return outcome.body;
  const { requestId: _, ...refusal } = JSON.parse(outcome.body) as { readonly requestId?: string };
  return JSON.stringify({ ...part.shownWhenRefused, ...refusal });
}

/** Bookmarks compare as text: reads with the latest see all parts. */
export function latestBookmark(outcomes: ReadonlyArray<{ readonly bookmark?: string }>): string | undefined {
  return outcomes
    .flatMap(({ bookmark }) => (bookmark === undefined ? [] : [bookmark]))
    .sort()
    .at(-1);
}

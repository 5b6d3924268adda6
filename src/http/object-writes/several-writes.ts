import type { CommandOutcome } from '../../domain/account/command.ts';
import { isRefusal, type Refusal, refuse } from '../../domain/result.ts';
import { log } from '../../persistence/log.ts';
import type { ActionResult } from '../../wire/actions.ts';
import { statusOf, toCrudError } from '../../wire/errors.ts';
import type { AppContext } from '../context.ts';
import { json } from '../errors.ts';
import { latestBookmark, PASSING_STATUS_MIN, repeatedOf } from '../fan-out.ts';
import { keptReplyOfPart } from '../middleware/stored-reply.ts';
import { reply } from '../operation.ts';
import { type Writer, type Written, writerOf } from './object-write.ts';

/** One object of a request with several. */
export interface Task {
  /** Of the object that is changed; null of one that is made. */
  readonly id: string | null;
  /** What is done, or why nothing is. */
  readonly carryOut: ((writer: Writer) => Promise<Written>) | readonly Refusal[];
}

/**
 * Carries out the tasks at once, those about the same object one after another, and answers with a list of what became of each in their order.
 */
export async function carryOutAll(
  c: AppContext,
  type: string,
  tasks: readonly Task[],
  toResult: (result: ActionResult, task: Task) => object,
): Promise<Response> {
  const bytes = Math.ceil((c.get('bodyBytes') ?? 0) / tasks.length);
  const running = new Map<string, Promise<unknown>>();
  const settled = await Promise.all(
    tasks.map(({ id, carryOut }, index): Promise<Written> | readonly Refusal[] => {
      if (typeof carryOut !== 'function') return carryOut;
      const start = () => attempted(c, carryOut, { index, bytes });
      const started = id === null ? start() : (running.get(id) ?? Promise.resolve()).then(start);
      if (id !== null) running.set(id, started);
      return started;
    }),
  );
  const outcomes = settled.filter((written): written is CommandOutcome => 'status' in written);
  const repeated = repeatedOf(outcomes);
  if (repeated !== undefined) return reply(c, { ...repeated, replayed: false });
  // What passed may succeed when the key is repeated: this reply must not be the one that is kept.
  if (settled.some(isPassing)) c.set('replyKept', true);
  const bookmark = latestBookmark(outcomes);
  return json(
    c,
    200,
    JSON.stringify(tasks.map((task, i) => toResult(resultOf(settled[i]!, type, task), task))),
    bookmark === undefined ? {} : { 'Spillway-Bookmark': bookmark },
  );
}

/**
 * One write. Whatever goes wrong with it is its own result and no other's: what was sent before, and is sent beside it, takes effect. What is not there
 * may be gone because this very request, sent before under the same key, has deleted it: then what was answered then holds.
 */
async function attempted(
  c: AppContext,
  carryOut: Exclude<Task['carryOut'], readonly Refusal[]>,
  part: { readonly index: number; readonly bytes: number },
): Promise<Written> {
  let hasSent = false;
  const writer = writerOf(c, part);
  const observed: Writer = {
    c,
    firstStep(kind, payload) {
      hasSent = true;
      return writer.firstStep(kind, payload);
    },
    send(laneId, kind, payload) {
      hasSent = true;
      return writer.send(laneId, kind, payload);
    },
  };
  try {
    const written = await carryOut(observed);
    if (hasSent || !isRefusal(written) || written.category !== 'not_found') return written;
    const kept = await keptReplyOfPart(c, part.index);
    return kept === null ? written : { ...kept, replayed: true };
  } catch (error) {
    log('action.failed', { requestId: c.get('requestId'), index: part.index, message: String(error) });
    return hasSent
      ? refuse(
          'unknown_outcome',
          'It is not known whether this was done; repeat it under the same Idempotency-Key.',
        )
      : refuse('unavailable', 'This could not be processed now, and was not done; send it again later.');
  }
}

/** May succeed when it is asked for again. */
function isPassing(written: Written | readonly Refusal[]): boolean {
  if ('length' in written) return false;
  return (isRefusal(written) ? statusOf(written) : written.status) >= PASSING_STATUS_MIN;
}

function resultOf(written: Written | readonly Refusal[], type: string, { id }: Task): ActionResult {
  if ('length' in written) return { errors: written.map((refusal) => toCrudError(refusal)) };
  if (isRefusal(written)) return { errors: [toCrudError(written)] };
  if (written.status === 404)
    return { errors: [toCrudError(refuse('not_found', `There is no ${type} ${id}.`))] };
  const body = JSON.parse(written.body) as {
    readonly Id?: string;
    readonly id?: string;
    readonly Errors?: ReadonlyArray<ReturnType<typeof toCrudError>>;
  };
  return written.status < 300 ? { id: (body.Id ?? body.id)! } : { errors: body.Errors ?? [] };
}

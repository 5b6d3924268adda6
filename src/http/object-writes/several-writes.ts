import type { CommandOutcome } from '../../domain/account/command.ts';
import { isRefusal, type Refusal, refuse } from '../../domain/result.ts';
import type { ActionResult } from '../../wire/actions.ts';
import { toCrudError } from '../../wire/errors.ts';
import type { AppContext } from '../context.ts';
import { json } from '../errors.ts';
import { latestBookmark, PASSING_STATUS_MIN, repeatedOf } from '../fan-out.ts';
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
      const start = () => carryOut(writerOf(c, { index, bytes }));
      const started = id === null ? start() : (running.get(id) ?? Promise.resolve()).then(start);
      if (id !== null) running.set(id, started);
      return started;
    }),
  );
  const outcomes = settled.filter((written): written is CommandOutcome => 'status' in written);
  const repeated = repeatedOf(outcomes);
  if (repeated !== undefined) return reply(c, { ...repeated, replayed: false });
  // What passed may succeed when the key is repeated: this reply must not be the one that is kept.
  if (outcomes.some(({ status }) => status >= PASSING_STATUS_MIN)) c.set('replyKept', true);
  const bookmark = latestBookmark(outcomes);
  return json(
    c,
    200,
    JSON.stringify(tasks.map((task, i) => toResult(resultOf(settled[i]!, type, task), task))),
    bookmark === undefined ? {} : { 'Spillway-Bookmark': bookmark },
  );
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

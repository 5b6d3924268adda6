import type { CommandHandler, DecideContext, Decision } from '../account/command.ts';
import { type Change, type Plan, PlanBuilder } from '../account/plan.ts';
import type { Need, NumberKind } from '../account/state.ts';
import { isRefusal, type Refusal, refuse } from '../result.ts';
import { type AsyncJob, type AsyncJobStatus, asyncJobLimits, storedBytes } from './async-job.ts';
import type { AsynchronousCommand } from './asynchronous-commands.ts';

export interface RunJob {
  readonly jobId: string;
  /** What the job's command needs, as whoever read the job knows already: loaded with the job in one round trip. Nothing rests on it. */
  readonly needs: readonly Need[];
  readonly numbers: ReadonlyArray<readonly [NumberKind, number]>;
}

/** Null when there is no such job (any more). */
export interface JobState {
  readonly status: AsyncJobStatus | null;
}

/** Refusals that say "not now": the job stays as it is and is tried again. */
const PASSING: ReadonlySet<Refusal['category']> = new Set(['unavailable', 'unknown_outcome']);

/**
 * Carries a job out: what its command decides and the job's outcome are one plan, so one transaction. Whoever asks again,
 * or at the same time, finds the job finished, and guards on its revision stop whoever did not see that.
 */
export function jobRunner(
  commands: ReadonlyMap<string, AsynchronousCommand>,
): CommandHandler<RunJob, JobState> {
  return {
    needs: ({ jobId, needs }) => [{ kind: 'asyncJob', key: jobId }, ...needs],
    numbers: ({ numbers }) => numbers,
    decide(state, { jobId }, context) {
      const job = state.find('asyncJob', jobId);
      if (job?.status !== 'Processing') return nothingToDo(job);
      const command = commands.get(job.commandKind);
      if (command === undefined) return refuse('unavailable', `${job.commandKind} is of a newer version`);
      const decision = command.handler.decide(state, job.payload, { ...context, actor: job.createdBy });
      if (isRefusal(decision))
        return PASSING.has(decision.category) ? decision : failed(job, decision, context);
      const next = command.next(decision.reply);
      if (next !== null) return continued(job, decision, next);
      const reply = command.kept(decision.reply);
      if (storedBytes(reply) > asyncJobLimits.resultBytesMax) {
        const most = asyncJobLimits.resultBytesMax;
        const tooLarge = refuse(
          'rule',
          `The result takes more than ${most} bytes; nothing was done, split the request.`,
        );
        return failed(job, tooLarge, context);
      }
      return completed(
        job,
        command.handler.readsOnly === true ? { changes: [], deltas: [], reply } : { ...decision, reply },
        context,
      );
    },
  };
}

export interface FailJob {
  readonly jobId: string;
  readonly refusal: Refusal;
}

/** Gives a job up that can't be carried out: for what a decision can't see, such as a constraint of the database. */
export const failJob: CommandHandler<FailJob, JobState> = {
  needs: ({ jobId }) => [{ kind: 'asyncJob', key: jobId }],
  decide(state, { jobId, refusal }, context) {
    const job = state.find('asyncJob', jobId);
    return job?.status === 'Processing' ? failed(job, refusal, context) : nothingToDo(job);
  },
};

function nothingToDo(job: AsyncJob | null): Plan<JobState> {
  return new PlanBuilder().build({ status: job?.status ?? null });
}

/** What is done stays done, and the job goes on with its next piece. */
function continued(job: AsyncJob, plan: Plan<unknown>, next: unknown): Decision<JobState> {
  const changes = [...plan.changes, update({ ...job, payload: next })];
  return { changes, deltas: plan.deltas, reply: { status: job.status } };
}

function completed(job: AsyncJob, plan: Plan<unknown>, { now }: DecideContext): Decision<JobState> {
  const done: AsyncJob = { ...job, status: 'Completed', payload: null, result: plan.reply, finishedAt: now };
  return { changes: [...plan.changes, update(done)], deltas: plan.deltas, reply: { status: done.status } };
}

function failed(job: AsyncJob, refusal: Refusal, { now }: DecideContext): Decision<JobState> {
  const done: AsyncJob = { ...job, status: 'Failed', payload: null, refusal, finishedAt: now };
  return { changes: [update(done)], deltas: [], reply: { status: done.status } };
}

function update(entity: AsyncJob): Change {
  return { action: 'update', kind: 'asyncJob', entity };
}

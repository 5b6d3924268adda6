import type { Command, CommandOutcome } from '../domain/account/command.ts';
import type { AsyncJob } from '../domain/async-jobs/async-job.ts';
import type { AsynchronousCommand } from '../domain/async-jobs/asynchronous-commands.ts';
import type { FailJob, JobState, RunJob } from '../domain/async-jobs/run-job.ts';
import { type Refusal, refuse } from '../domain/result.ts';
import { limits } from '../env.ts';
import { readAsyncJob } from '../persistence/async-jobs.ts';

export interface RunJobPorts {
  readonly db: D1Database;
  /** The kinds of commands that jobs carry out. */
  readonly asynchronousCommands: ReadonlyMap<string, AsynchronousCommand>;
  readonly now: () => string;
  readonly newId: (now: string) => string;
  /** Sends a command to its lane and answers with its outcome; never throws for anything that happens there. */
  readonly execute: (laneId: string, command: Command) => Promise<CommandOutcome>;
  readonly log: (event: string, fields: Record<string, unknown>) => void;
}

const GIVEN_UP = refuse('unavailable', 'The request could not be carried out; nothing was done.');
const PASSING_STATUS_MIN = 500;

/**
 * Sends an accepted job to its lane, where its effect and its outcome are committed together. Any number of calls for one job, one after
 * another or at once, have one effect. 'later': it is not finished, and is to be asked for again.
 */
export async function runAsyncJob(jobId: string, ports: RunJobPorts): Promise<'done' | 'later'> {
  for (let piece = 0; piece < limits.asyncJobPiecesMax; piece++) {
    const outcome = await runPiece(jobId, ports);
    if (outcome !== 'more') return outcome;
  }
  return 'later';
}

/** One commit of a job: all of it, or the next of several pieces. */
async function runPiece(jobId: string, ports: RunJobPorts): Promise<'done' | 'more' | 'later'> {
  const job = await readAsyncJob(ports.db, jobId);
  if (job?.status !== 'Processing') return 'done';
  const send = (kind: string, payload: RunJob | FailJob) =>
    ports.execute(job.laneId, commandFor(job, kind, payload, ports));
  const command = ports.asynchronousCommands.get(job.commandKind);
  const handler = command?.handler;
  const kind = handler?.alone === true ? 'job.runAlone' : 'job.run';
  const outcome = await send(kind, { jobId, ...knownNeeds(handler, job, ports) });
  if (outcome.status < 400) {
    const { status } = JSON.parse(outcome.body) as JobState;
    return status === 'Processing' ? 'more' : 'done';
  }
  const refusal = command?.isNeverGivenUp === true ? null : reasonToGiveUp(job, outcome, ports.now());
  ports.log('jobs.not_done', {
    job: jobId,
    request: job.requestId,
    body: outcome.body,
    given: refusal !== null,
  });
  if (refusal === null) return 'later';
  return (await send('job.fail', { jobId, refusal })).status < 400 ? 'done' : 'later';
}

/** What the database refuses for good will be refused again; what can't be done now is tried until the job is too old. */
function reasonToGiveUp(job: AsyncJob, { status, body }: CommandOutcome, now: string): Refusal | null {
  if (status < PASSING_STATUS_MIN) {
    const { reasons } = JSON.parse(body) as { readonly reasons: ReadonlyArray<{ readonly message: string }> };
    return refuse('rule', reasons[0]!.message);
  }
  const ageMs = Date.parse(now) - Date.parse(job.createdAt);
  return ageMs > limits.asyncJobGiveUpAfterMs ? GIVEN_UP : null;
}

/** What the job's command is known to need, so that the lane loads it together with the job. */
function knownNeeds(
  handler: AsynchronousCommand['handler'] | undefined,
  job: AsyncJob,
  ports: RunJobPorts,
): Pick<RunJob, 'needs' | 'numbers'> {
  try {
    return { needs: handler?.needs(job.payload) ?? [], numbers: handler?.numbers?.(job.payload) ?? [] };
  } catch (error) {
    // A payload that its command cannot have is for the lane to say, and for the job's age to end.
    ports.log('jobs.needs_failed', { job: job.id, message: String(error) });
    return { needs: [], numbers: [] };
  }
}

function commandFor(job: AsyncJob, kind: string, payload: object, { now, newId }: RunJobPorts): Command {
  return {
    version: 1,
    id: newId(now()),
    kind,
    payload,
    actor: job.createdBy,
    requestId: job.requestId,
    envelope: 'v1',
    resourceCode: job.resourceCode,
    bytes: JSON.stringify(job.payload).length,
  };
}

import type { CommandHandler } from '../account/command.ts';
import { PlanBuilder } from '../account/plan.ts';
import { refuse } from '../result.ts';
import { type AsyncJobType, asyncJobLimits, storedBytes } from './async-job.ts';
import type { AsynchronousCommand } from './asynchronous-commands.ts';

export interface AcceptJob {
  readonly commandKind: string;
  /** Of the command that is to be carried out. */
  readonly payload: unknown;
  /** The lane that this command is sent to, too. */
  readonly laneId: string;
  /** Id of the document that it is about, for jobs that show it. */
  readonly referenceId?: string;
  readonly resourceCode: string;
  readonly requestId: string;
}

export interface JobAccepted {
  readonly jobId: string;
  readonly jobType: AsyncJobType;
  readonly referenceId: string | null;
}

/** Keeps a request to be carried out later: from then on it is done or refused once, whatever happens to messages about it. */
export function jobAcceptor(
  commands: ReadonlyMap<string, AsynchronousCommand>,
): CommandHandler<AcceptJob, JobAccepted> {
  return {
    needs: () => [],
    decide(_state, accepted, context) {
      const { commandKind, payload, laneId, resourceCode, requestId } = accepted;
      const referenceId = accepted.referenceId ?? null;
      const command = commands.get(commandKind);
      if (command === undefined) return refuse('rule', `${commandKind} can't be done asynchronously`);
      if (storedBytes(payload) > asyncJobLimits.payloadBytesMax) {
        const most = asyncJobLimits.payloadBytesMax;
        return refuse('invalid', `The request takes more than ${most} bytes to keep; split it.`);
      }
      const { jobType } = command;
      const jobId = context.newId();
      return new PlanBuilder()
        .insert('asyncJob', {
          id: jobId,
          revision: 0,
          jobType,
          commandKind,
          payload,
          laneId,
          referenceId,
          status: 'Processing',
          result: null,
          refusal: null,
          resourceCode,
          requestId,
          createdAt: context.now,
          createdBy: context.actor,
          finishedAt: null,
        })
        .build({ jobId, jobType, referenceId });
    },
  };
}

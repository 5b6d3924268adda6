import { jobAcceptor } from '../../domain/async-jobs/accept-job.ts';
import { asynchronousCommands } from '../../domain/async-jobs/asynchronous-commands.ts';
import { failJob, jobRunner } from '../../domain/async-jobs/run-job.ts';
import { toWireJobAccepted } from '../../wire/async-jobs.ts';
import { type RegisteredCommand, registered, registeredReply } from '../registry.ts';

const runJob = jobRunner(asynchronousCommands);

export const jobCommands: ReadonlyArray<readonly [string, RegisteredCommand]> = [
  ['job.accept', registeredReply(jobAcceptor(asynchronousCommands), toWireJobAccepted)],
  ['job.run', registered(runJob, (reply) => reply)],
  /** For commands that share no commit with others. */
  ['job.runAlone', registered({ ...runJob, alone: true }, (reply) => reply)],
  ['job.fail', registered(failJob, (reply) => reply)],
];

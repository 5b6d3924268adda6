import type { CommandHandler } from '../account/command.ts';
import { createOrder } from '../orders/create-order.ts';
import type { AsyncJobType } from './async-job.ts';

/** A kind of command that a job can carry out. */
export interface AsynchronousCommand {
  readonly jobType: AsyncJobType;
  readonly handler: CommandHandler<unknown, unknown>;
}

/** The types of payload and reply end here: both are kept as JSON. */
export function asynchronous<Payload, Reply>(
  jobType: AsyncJobType,
  handler: CommandHandler<Payload, Reply>,
): AsynchronousCommand {
  return { jobType, handler } as unknown as AsynchronousCommand;
}

export const asynchronousCommands: ReadonlyMap<string, AsynchronousCommand> = new Map([
  ['order.create', asynchronous('AsyncCreateOrder', createOrder)],
]);

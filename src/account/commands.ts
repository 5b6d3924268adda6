import { recordReply } from '../domain/account/record-reply.ts';
import { orderCommands } from './command-sets/orders.ts';
import { type RegisteredCommand, registeredReply } from './registry.ts';

/** Every kind of command that the engine knows. */
export const commands: ReadonlyMap<string, RegisteredCommand> = new Map<string, RegisteredCommand>([
  ['reply.record', registeredReply(recordReply, (reply) => reply)],
  ...orderCommands,
]);

import type { CommandHandler } from '../domain/account/command.ts';
import type { WireReply } from '../wire/errors.ts';

/** A kind of command with the way its reply looks on the wire. */
export interface RegisteredCommand {
  readonly handler: CommandHandler<unknown, unknown>;
  readonly toReply: (reply: unknown) => WireReply;
}

/** Ties a pure handler to its wire reply; the types of both meet here and nowhere else. Replies are 200 with JSON. */
export function registered<Payload, Reply>(
  handler: CommandHandler<Payload, Reply>,
  toWire: (reply: Reply) => object,
): RegisteredCommand {
  return registeredReply(handler, (reply) => ({ status: 200, body: JSON.stringify(toWire(reply)) }));
}

/** The same for commands that bring their reply's status and text with them. */
export function registeredReply<Payload, Reply>(
  handler: CommandHandler<Payload, Reply>,
  toReply: (reply: Reply) => WireReply,
): RegisteredCommand {
  return { handler, toReply } as unknown as RegisteredCommand;
}

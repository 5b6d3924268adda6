import type { CommandHandler } from '../domain/account/command.ts';
import { isRefusal } from '../domain/result.ts';

/** A command that is asked for by an older resource, which has other names for its fields: refusals name those. */
export function asObject<Payload, Reply>(
  handler: CommandHandler<Payload, Reply>,
  fieldOf: (field: string, payload: Payload) => string,
): CommandHandler<Payload, Reply> {
  return {
    ...handler,
    decide(state, payload, context) {
      const decision = handler.decide(state, payload, context);
      if (!isRefusal(decision) || decision.field === undefined) return decision;
      return { ...decision, field: fieldOf(decision.field, payload) };
    },
  };
}

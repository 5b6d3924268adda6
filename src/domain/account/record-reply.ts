import type { CommandHandler } from './command.ts';

/** A reply that was made without a command of its own (a request that was refused on reading it), to be kept for its idempotency key. */
export interface RecordReply {
  readonly status: number;
  readonly body: string;
}

export const recordReply: CommandHandler<RecordReply, RecordReply> = {
  needs: () => [],
  decide: (_state, payload) => ({ changes: [], deltas: [], reply: payload }),
};

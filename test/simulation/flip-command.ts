import { type RegisteredCommand, registered } from '../../src/account/registry.ts';
import type { CommandHandler } from '../../src/domain/account/command.ts';
import { PlanBuilder } from '../../src/domain/account/plan.ts';
import { refuse } from '../../src/domain/result.ts';

interface Flip {
  readonly accountId: string;
  readonly partnerAccount: boolean;
}

const flip: CommandHandler<Flip, object> = {
  needs: ({ accountId }) => [{ kind: 'account', key: accountId }],
  decide(state, { accountId, partnerAccount }) {
    const account = state.find('account', accountId);
    if (account === null) return refuse('not_found', 'no such account');
    return new PlanBuilder().update('account', { ...account, partnerAccount }).build({});
  },
};

/** Sets the partner flag and nothing else, so that runs flip it often. */
export const flipCommand: readonly [string, RegisteredCommand] = [
  'simulation.flip',
  registered(flip, (reply) => reply),
];

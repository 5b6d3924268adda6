import type { CommandHandler } from '../account/command.ts';
import { PlanBuilder } from '../account/plan.ts';
import { refuse } from '../result.ts';
import type { AccountUsage } from './account.ts';

export interface DeleteAccount {
  readonly accountId: string;
}

const obstacles: ReadonlyArray<readonly [Exclude<keyof AccountUsage, 'id' | 'revision'>, string]> = [
  ['hasSubscriptions', 'subscriptions'],
  ['hasOrders', 'orders'],
  ['hasInvoices', 'invoices'],
  ['hasPayments', 'payments'],
  ['hasOtherRecords', 'memos, usage or payment methods'],
  ['hasChildren', 'child accounts'],
];

/** Deletes an account on which nothing hangs. Its contacts go with it: the database removes them with the account's row. */
export const deleteAccount: CommandHandler<DeleteAccount, { readonly accountId: string }> = {
  needs: ({ accountId }) => [
    { kind: 'account', key: accountId },
    { kind: 'accountUsage', key: accountId },
  ],
  decide(state, { accountId }) {
    const account = state.find('account', accountId);
    if (account === null) return refuse('not_found', 'There is no such account.');
    const usage = state.find('accountUsage', accountId);
    const found = obstacles.filter(([name]) => usage?.[name] === true).map(([, text]) => text);
    if (found.length > 0) {
      return refuse('rule', `The account cannot be deleted: it has ${found.join(', ')}.`);
    }
    return new PlanBuilder().delete('account', account).build({ accountId });
  },
};

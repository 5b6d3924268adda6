import type { CommandHandler } from '../account/command.ts';
import { PlanBuilder } from '../account/plan.ts';
import { isRefusal } from '../result.ts';
import { type NewAccount, needsOfNewAccount, numbersOfNewAccount, openAccount } from './new-account.ts';

export interface AccountCreated {
  readonly accountId: string;
  readonly accountNumber: string;
  readonly billToContactId: string | null;
  readonly soldToContactId: string | null;
}

export const createAccount: CommandHandler<NewAccount, AccountCreated> = {
  needs: needsOfNewAccount,
  numbers: numbersOfNewAccount,
  decide(state, payload, context) {
    const opened = openAccount(state, payload, context);
    if (isRefusal(opened)) return opened;
    const { account, contacts } = opened;
    const plan = new PlanBuilder().insert('account', account);
    for (const contact of contacts) plan.insert('contact', contact);
    return plan.build({
      accountId: account.id,
      accountNumber: account.accountNumber,
      billToContactId: account.billToContactId,
      soldToContactId: account.soldToContactId,
    });
  },
};

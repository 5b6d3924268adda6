import type { CommandHandler } from '../account/command.ts';
import { createOrder } from '../orders/create-order.ts';
import type { OrderPlaced } from '../orders/order-reply.ts';
import type { OrderRequest } from '../orders/order-request.ts';
import { isRefusal } from '../result.ts';
import type { Account } from './account.ts';
import type { AccountCreated } from './create-account.ts';

export interface AccountWithSubscription {
  readonly account: AccountCreated;
  readonly order: OrderPlaced;
}

/** An account that is opened together with its first subscription: an order with a new account, which it answers for too. */
export const createAccountWithSubscription: CommandHandler<OrderRequest, AccountWithSubscription> = {
  ...createOrder,
  decide(state, request, context) {
    const decision = createOrder.decide(state, request, context);
    if (isRefusal(decision)) return decision;
    const opened = decision.changes.flatMap((change) =>
      change.kind === 'account' && change.action === 'insert' ? [change.entity] : [],
    );
    const account = opened.find(({ id }) => id === decision.reply.accountId) ?? opened[0]!;
    return { ...decision, reply: { account: createdOf(account), order: decision.reply } };
  },
};

function createdOf(account: Account): AccountCreated {
  return {
    accountId: account.id,
    accountNumber: account.accountNumber,
    billToContactId: account.billToContactId,
    soldToContactId: account.soldToContactId,
  };
}

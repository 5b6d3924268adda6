import type { CommandHandler, DecideContext } from '../account/command.ts';
import { demand } from '../account/demand.ts';
import { PlanBuilder } from '../account/plan.ts';
import type { Account } from '../accounts/account.ts';
import { isRefusal, type Refusal, refuse } from '../result.ts';
import { keptStatus, needsOfOrder, orderedContent, place, requestProblem } from './create-order.ts';
import { keepOrder } from './keep-order.ts';
import type { ReplaceOrderRequest } from './lifecycle-requests.ts';
import { NumberTaker } from './number-taker.ts';
import type { Order } from './order.ts';
import { OrderAccounts } from './order-accounts.ts';
import type { OrderPlaced } from './order-reply.ts';
import type { OrderRequest } from './order-request.ts';
import { findWholeOrder, needsOfWholeOrder, orderStatusProblem, touched } from './whole-order.ts';

/**
 * Replaces all that a draft or a scheduled order says; its number, its account and what was created when stay. With another status it
 * becomes that: scheduled, or placed at once.
 */
export const updateDraft: CommandHandler<ReplaceOrderRequest, OrderPlaced> = {
  alone: true,
  needs: ({ order }) => needsOfWholeOrder(order),
  decide(state, replacement, context) {
    const whole = findWholeOrder(state, replacement.order);
    if (isRefusal(whole)) return whole;
    const problem = orderStatusProblem(whole.order, ['Draft', 'Scheduled'], 'can be changed');
    if (problem !== null) return problem;
    const request = requestOf(replacement, whole.order);
    demand(state, needsOfOrder(request));
    const wrong = requestProblem(request, state);
    if (wrong !== null) return wrong;
    const plan = new PlanBuilder();
    const accounts = new OrderAccounts(state, plan, context);
    const account = accounts.resolve(request.account);
    if (isRefusal(account)) return account;
    const order = replaced(whole.order, request, account, context);
    if (isRefusal(order)) return order;
    for (const { line, actions } of whole.lines) {
      for (const action of actions) plan.delete('orderAction', action);
      plan.delete('orderSubscription', line);
    }
    for (const item of whole.lineItems) plan.delete('orderLineItem', item);
    const placing = { order, account, accounts, plan, state, context, numbers: new NumberTaker(context) };
    const status = keptStatus(request);
    return status === null
      ? place(request, placing, [])
      : keepOrder(request, { ...order, status }, placing, 'update');
  },
};

/** What is not said stays: the account, and whether it is a draft or scheduled, and for when. */
function requestOf(
  { order: _, account, intent, ...content }: ReplaceOrderRequest,
  order: Order,
): OrderRequest {
  const isScheduled = intent === 'scheduled' || (intent === null && order.status === 'Scheduled');
  const kept = isScheduled ? order.details.schedulingOptions : undefined;
  const details =
    content.details.schedulingOptions !== undefined || kept === undefined
      ? content.details
      : { ...content.details, schedulingOptions: kept };
  return {
    ...content,
    details,
    scheduledDate: isScheduled ? (content.scheduledDate ?? order.scheduledDate) : null,
    intent: intent ?? (isScheduled ? 'scheduled' : 'draft'),
    orderNumber: order.orderNumber,
    account: account ?? { key: order.accountId, field: 'existingAccountId' },
  };
}

function replaced(
  order: Order,
  request: OrderRequest,
  account: Account,
  context: DecideContext,
): Order | Refusal {
  if (account.id !== order.accountId) {
    const field = 'field' in request.account ? request.account.field : 'existingAccountNumber';
    return refuse('rule', `order ${order.orderNumber} belongs to another account and stays there`, field);
  }
  return {
    ...touched(order, context),
    ...orderedContent(request, account),
  };
}

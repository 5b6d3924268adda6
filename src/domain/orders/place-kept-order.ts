import type { DecideContext } from '../account/command.ts';
import { demand } from '../account/demand.ts';
import { type Plan, PlanBuilder } from '../account/plan.ts';
import type { State } from '../account/state.ts';
import { isRefusal, type Refusal } from '../result.ts';
import { keptStatus, needsOfOrder, place, requestProblem } from './create-order.ts';
import { replyOfKept } from './keep-order.ts';
import { NumberTaker } from './number-taker.ts';
import { OrderAccounts } from './order-accounts.ts';
import type { OrderPlaced } from './order-reply.ts';
import { requestOfKept, touched, type WholeOrder } from './whole-order.ts';

/**
 * Places an order that was kept until now: decided on today's state as a new one would be, under its own rows. One that waits for the
 * date of an update is kept on, as Pending.
 */
export function placeKeptOrder(
  whole: WholeOrder,
  form: { readonly returnIds: boolean; readonly numbersOnly: boolean },
  state: State,
  context: DecideContext,
): Plan<OrderPlaced> | Refusal {
  const request = requestOfKept(whole, form);
  demand(state, needsOfOrder(request));
  // Without subscriptions it has line items, which were looked at when they were stored.
  const problem = whole.lines.length === 0 ? null : requestProblem(request, state);
  if (problem !== null) return problem;
  const plan = new PlanBuilder();
  const accounts = new OrderAccounts(state, plan, context);
  const account = accounts.resolve(request.account);
  if (isRefusal(account)) return account;
  const order = touched(whole.order, context);
  if (keptStatus(request) !== null) {
    for (const { actions } of whole.lines) for (const action of actions) plan.update('orderAction', action);
    const waiting = { ...order, status: 'Pending' as const };
    return plan.update('order', waiting).build(replyOfKept(waiting, account, whole.lineItems, request));
  }
  const numbers = new NumberTaker(context);
  const placing = { order, account, accounts, plan, state, context, numbers };
  return place(request, placing, whole.lines, whole.lineItems);
}

import type { CommandHandler, DecideContext } from '../account/command.ts';
import { type Plan, PlanBuilder } from '../account/plan.ts';
import { isId, type Need, type State } from '../account/state.ts';
import type { Account } from '../accounts/account.ts';
import { isRefusal, type Refusal, refuse } from '../result.ts';
import type { SubscriptionStatus } from '../subscriptions/subscription.ts';
import { orderActions } from './actions/actions.ts';
import type { ActionResult, Owners } from './actions/order-action.ts';
import { orderLimits } from './limits.ts';
import { NumberTaker } from './number-taker.ts';
import type { Order, OrderStatus } from './order.ts';
import { needsOfAccount, newAccountCount, OrderAccounts } from './order-accounts.ts';
import type { OrderActionSpec, OrderRequest, RequestedSubscription } from './order-request.ts';

/** One subscription of a created order, as the caller hears of it. */
export interface OrderedSubscription {
  readonly subscriptionId: string;
  readonly subscriptionNumber: string;
  readonly ownerId: string;
  readonly ownerNumber: string;
  readonly status: SubscriptionStatus;
}

export interface OrderCreated {
  readonly orderId: string;
  readonly orderNumber: string;
  readonly accountId: string;
  readonly accountNumber: string;
  readonly status: OrderStatus;
  readonly subscriptions: readonly OrderedSubscription[];
  readonly returnIds: boolean;
  readonly numbersOnly: boolean;
}

/**
 * Creates an order: a draft is kept as it is; any other makes its subscriptions at once, Pending while one of them misses a trigger
 * date (semantics D.1 to D.3, F.1 rows 1 and 2). One order is one plan: all or nothing.
 */
export const createOrder: CommandHandler<OrderRequest, OrderCreated> = {
  needs(request) {
    const needs: Need[] = [...needsOfAccount(request.account)];
    if (request.orderNumber !== null) needs.push({ kind: 'order', key: request.orderNumber });
    for (const { subscriptionNumber, actions } of request.subscriptions) {
      if (subscriptionNumber !== null) needs.push({ kind: 'subscription', key: subscriptionNumber });
      for (const { action } of actions) addNeeds(action, request.draft, needs);
    }
    return needs;
  },

  numbers(request) {
    const fresh = request.subscriptions.filter((s) => s.subscriptionNumber === null).length;
    const plans = request.draft ? 0 : ratePlanCount(request);
    return [
      ['account', newAccountCount(request)],
      ['order', request.orderNumber === null ? 1 : 0],
      ['subscription', request.draft ? 0 : fresh],
      ['ratePlan', plans],
      ['charge', plans],
    ];
  },

  decide(state, request, context) {
    const problem = requestProblem(request, state);
    if (problem !== null) return problem;
    const plan = new PlanBuilder();
    const accounts = new OrderAccounts(state, plan, context);
    const account = accounts.resolve(request.account);
    if (isRefusal(account)) return account;
    const placing: Placing = { request, account, accounts, plan, state, context };
    return request.draft ? keepDraft(placing) : place(placing);
  },
};

/** What placing one order has at hand. */
interface Placing {
  readonly request: OrderRequest;
  readonly account: Account;
  readonly accounts: OrderAccounts;
  readonly plan: PlanBuilder;
  readonly state: State;
  readonly context: DecideContext;
}

function addNeeds(action: OrderActionSpec, draft: boolean, needs: Need[]): void {
  for (const owner of [action.subscriptionOwner, action.invoiceOwner]) {
    if (owner !== null) needs.push(...needsOfAccount(owner));
  }
  if (!draft) needs.push(...orderActions[action.type].needs(action));
}

function ratePlanCount(request: OrderRequest): number {
  let count = 0;
  for (const { actions } of request.subscriptions) {
    for (const { action } of actions) count += action.spec.ratePlans.length;
  }
  return count;
}

/** What is wrong with the order before any account or product is looked at. */
function requestProblem(request: OrderRequest, state: State): Refusal | null {
  const { orderNumber, subscriptions } = request;
  if (orderNumber !== null) {
    if (isId(orderNumber)) return refuse('invalid', 'must not look like an id', 'orderNumber');
    if (state.find('order', orderNumber) !== null) {
      return refuse('invalid', `order ${orderNumber} exists already`, 'orderNumber');
    }
  }
  if (subscriptions.length === 0)
    return refuse('invalid', 'must name at least one subscription', 'subscriptions');
  const numbers = new Set<string>();
  for (const [i, subscription] of subscriptions.entries()) {
    const problem = subscriptionProblem(subscription, numbers, state, `subscriptions[${i}]`);
    if (problem !== null) return problem;
  }
  return null;
}

function subscriptionProblem(
  { subscriptionNumber, actions }: RequestedSubscription,
  numbers: Set<string>,
  state: State,
  path: string,
): Refusal | null {
  if (actions.length !== 1) {
    const message =
      actions.length === 0
        ? 'must name at least one action'
        : 'has more than CreateSubscription: further actions on a new subscription are not available yet';
    return refuse('invalid', message, `${path}.orderActions`);
  }
  if (actions[0]!.action.spec.ratePlans.length > orderLimits.ratePlansPerActionMax) {
    const at = `${path}.orderActions[0].createSubscription.subscribeToRatePlans`;
    return refuse('invalid', `must have at most ${orderLimits.ratePlansPerActionMax} rate plans`, at);
  }
  if (subscriptionNumber === null) return null;
  const field = `${path}.subscriptionNumber`;
  if (isId(subscriptionNumber)) return refuse('invalid', 'must not look like an id', field);
  if (numbers.has(subscriptionNumber)) return refuse('invalid', 'is given twice in this order', field);
  numbers.add(subscriptionNumber);
  if (state.find('subscription', subscriptionNumber) !== null) {
    return refuse('invalid', `subscription ${subscriptionNumber} exists already`, field);
  }
  return null;
}

function orderOf(
  request: OrderRequest,
  account: Account,
  status: OrderStatus,
  context: DecideContext,
): Order {
  return {
    id: context.newId(),
    revision: 0,
    orderNumber: request.orderNumber ?? context.nextNumber('order'),
    accountId: account.id,
    orderDate: request.orderDate,
    status,
    currency: request.subscriptions[0]!.actions[0]!.action.spec.currency ?? account.currency,
    description: request.description,
    category: request.category,
    details: request.details,
    customFields: request.customFields,
    createdAt: context.now,
    createdBy: context.actor,
    updatedAt: context.now,
    updatedBy: context.actor,
  };
}

/** A draft: its accounts must exist, or are opened with it; nothing else is looked at until it is activated. */
function keepDraft({ request, account, accounts, plan, context }: Placing): Plan<OrderCreated> | Refusal {
  const order = orderOf(request, account, 'Draft', context);
  plan.insert('order', order);
  for (const [line, subscription] of request.subscriptions.entries()) {
    const owners = accounts.owners(subscription.actions[0]!.action, account);
    if (isRefusal(owners)) return owners;
    insertLine(plan, order, subscription, line, owners, null, context);
  }
  return plan.build(createdReply(request, order, account, []));
}

function place({ request, account, accounts, plan, state, context }: Placing): Plan<OrderCreated> | Refusal {
  const numbers = new NumberTaker(context);
  const completed = orderOf(request, account, 'Completed', context);
  const subscriptions: OrderedSubscription[] = [];
  let charges = 0;
  for (const [line, subscription] of request.subscriptions.entries()) {
    const { action } = subscription.actions[0]!;
    const owners = accounts.owners(action, account);
    if (isRefusal(owners)) return owners;
    const result = orderActions[action.type].apply(action, {
      state,
      context,
      order: completed,
      owners,
      subscriptionNumber: subscription.subscriptionNumber ?? numbers.take('subscription'),
      takeRatePlanNumber: () => numbers.take('ratePlan'),
      takeChargeNumber: () => numbers.take('charge'),
      path: `subscriptions[${line}].orderActions[0]`,
    });
    if (isRefusal(result)) return result;
    charges += result.charges.length;
    if (charges > orderLimits.chargesMax) {
      return refuse('invalid', `must create at most ${orderLimits.chargesMax} charges`, 'subscriptions');
    }
    insertLine(plan, completed, subscription, line, owners, result, context);
    insertResult(plan, result);
    subscriptions.push(orderedSubscription(result, owners));
  }
  numbers.settle();
  const pending = subscriptions.some(({ status }) => status !== 'Active');
  const order: Order = pending ? { ...completed, status: 'Pending' } : completed;
  plan.insert('order', order);
  return plan.build(createdReply(request, order, account, subscriptions));
}

function insertResult(plan: PlanBuilder, result: ActionResult): void {
  plan.insert('subscription', result.subscription);
  for (const ratePlan of result.ratePlans) plan.insert('ratePlan', ratePlan);
  for (const charge of result.charges) plan.insert('charge', charge);
  plan.delta(result.delta);
}

function insertLine(
  plan: PlanBuilder,
  order: Order,
  requested: RequestedSubscription,
  line: number,
  owners: Owners,
  result: ActionResult | null,
  context: DecideContext,
): void {
  const id = context.newId();
  plan.insert('orderSubscription', {
    id,
    revision: 0,
    orderId: order.id,
    line,
    subscriptionId: result?.subscription.id ?? null,
    subscriptionNumber: result?.subscription.subscriptionNumber ?? requested.subscriptionNumber,
    baseVersion: result?.baseVersion ?? null,
    newVersion: result?.subscription.version ?? null,
    subscriptionOwnerAccountId: owners.subscriptionOwner.id,
    invoiceOwnerAccountId: owners.invoiceOwner.id,
    details: requested.details,
    customFields: requested.customFields,
  });
  for (const [sequence, { action, body }] of requested.actions.entries()) {
    plan.insert('orderAction', {
      id: context.newId(),
      revision: 0,
      orderId: order.id,
      orderSubscriptionId: id,
      sequence,
      type: action.type,
      body,
      createdAt: context.now,
    });
  }
}

function orderedSubscription(
  { subscription }: ActionResult,
  { subscriptionOwner }: Owners,
): OrderedSubscription {
  return {
    subscriptionId: subscription.id,
    subscriptionNumber: subscription.subscriptionNumber,
    ownerId: subscriptionOwner.id,
    ownerNumber: subscriptionOwner.accountNumber,
    status: subscription.status,
  };
}

function createdReply(
  request: OrderRequest,
  order: Order,
  account: Account,
  subscriptions: readonly OrderedSubscription[],
): OrderCreated {
  return {
    orderId: order.id,
    orderNumber: order.orderNumber,
    accountId: account.id,
    accountNumber: account.accountNumber,
    status: order.status,
    subscriptions,
    returnIds: request.returnIds,
    numbersOnly: request.numbersOnly,
  };
}

import type { CommandHandler, DecideContext } from '../account/command.ts';
import { type Plan, PlanBuilder } from '../account/plan.ts';
import { isId, type Need, type NumberKind, type State } from '../account/state.ts';
import type { Account } from '../accounts/account.ts';
import { billingKey } from '../billing/billable.ts';
import { isRefusal, type Refusal, refuse } from '../result.ts';
import type { MadeVersion } from '../subscriptions/materialise.ts';
import { contentKey } from '../subscriptions/subscription-content.ts';
import { handlerOf } from './actions/actions.ts';
import { earliestOf } from './actions/order-action.ts';
import { waitsForDate } from './actions/update-product.ts';
import { billVersions } from './bill-versions.ts';
import { keepOrder } from './keep-order.ts';
import { orderLimits } from './limits.ts';
import { NumberTaker } from './number-taker.ts';
import type { Order, OrderStatus } from './order.ts';
import { needsOfAccount, newAccountCount, OrderAccounts } from './order-accounts.ts';
import type { OrderLineItem } from './order-line-item.ts';
import { lineItemCountProblem, needsOfLineItems, writeLineItems } from './order-line-items.ts';
import type { OrderPlaced, PlacedSubscription } from './order-reply.ts';
import type { OrderRequest, RequestedSubscription } from './order-request.ts';
import { type KeptLine, writePlacedLine } from './order-rows.ts';
import { creation, earliestDay, type Placing, placeSubscriptions } from './place-order.ts';
import { detailsToKeep } from './whole-order.ts';

/**
 * Creates an order: a draft or a scheduled order is kept; any other is placed at once, Pending while a trigger date is missing (semantics
 * D.1 to D.3, F.1 rows 1 to 13). One order is one plan: all or nothing.
 */
export const createOrder: CommandHandler<OrderRequest, OrderPlaced> = {
  needs: needsOfOrder,
  numbers: numbersOfOrder,
  decide(state, request, context) {
    const problem = orderNumberProblem(request, state) ?? requestProblem(request, state);
    if (problem !== null) return problem;
    const plan = new PlanBuilder();
    const accounts = new OrderAccounts(state, plan, context);
    const account = accounts.resolve(request.account);
    if (isRefusal(account)) return account;
    const order = newOrder(request, account, context);
    const numbers = new NumberTaker(context);
    const placing: Placing = { order, account, accounts, plan, state, context, numbers };
    const keptAs = keptStatus(request);
    if (keptAs !== null) return keepOrder(request, { ...order, status: keptAs }, placing, 'insert');
    return place(request, placing, null);
  },
};

/** @param from first day of existing subscriptions that is read; by default what the order can change */
export function needsOfOrder(request: OrderRequest, from?: string): Need[] {
  const needs: Need[] = [...needsOfAccount(request.account), ...needsOfLineItems(request)];
  if (request.orderNumber !== null) needs.push({ kind: 'order', key: request.orderNumber });
  const isPlaced = keptStatus(request) === null;
  for (const subscription of request.subscriptions) {
    const { subscriptionNumber, actions } = subscription;
    const create = creation(subscription);
    if (subscriptionNumber !== null && create !== null) {
      needs.push({ kind: 'subscription', key: subscriptionNumber });
    } else if (subscriptionNumber !== null) {
      const earliest = isPlaced ? earliestDay(subscription, request.orderDate) : request.orderDate;
      needs.push({ kind: 'subscriptionContent', key: contentKey(subscriptionNumber, from ?? earliest) });
      if (isPlaced && request.billing != null) {
        needs.push({
          kind: 'subscriptionBilling',
          key: billingKey(subscriptionNumber, from ?? earliestOf(earliest, request.orderDate)),
        });
      }
    }
    for (const owner of [create?.subscriptionOwner, create?.invoiceOwner]) {
      if (owner != null) needs.push(...needsOfAccount(owner));
    }
    if (isPlaced) for (const { action } of actions) needs.push(...handlerOf(action).needs(action));
  }
  return needs;
}

function numbersOfOrder(request: OrderRequest): ReadonlyArray<readonly [NumberKind, number]> {
  const isPlaced = keptStatus(request) === null;
  const fresh = request.subscriptions.filter((s) => s.subscriptionNumber === null).length;
  const plans = isPlaced ? ratePlanCount(request) : 0;
  return [
    ['account', newAccountCount(request)],
    ['order', request.orderNumber === null ? 1 : 0],
    ['subscription', isPlaced ? fresh : 0],
    ['ratePlan', plans],
    ['charge', plans],
    ['invoice', isPlaced && request.billing != null ? 1 : 0],
  ];
}

function ratePlanCount(request: OrderRequest): number {
  let count = 0;
  for (const { actions } of request.subscriptions) {
    for (const { action } of actions) {
      if (action.type === 'CreateSubscription') count += action.spec.ratePlans.length;
      else if (action.type === 'AddProduct' || action.type === 'ChangePlan') count++;
    }
  }
  return count;
}

/** As what the order is kept; null when it is placed at once. */
export function keptStatus({ intent, subscriptions, orderDate }: OrderRequest): OrderStatus | null {
  if (intent === 'draft') return 'Draft';
  if (intent === 'scheduled') return 'Scheduled';
  const waits = subscriptions.some(({ actions }) =>
    actions.some(({ action }) => action.type === 'UpdateProduct' && waitsForDate(action, orderDate)),
  );
  return waits ? 'Pending' : null;
}

/** Whether the subscription, or a charge that the order itself added and left, has no date yet: those of orders before wait for theirs. */
function missesDate({ subscription: { status, version }, charges, waiting }: PlacedSubscription): boolean {
  if (version === 1 && status.startsWith('Pending')) return true;
  const own = new Set(waiting.flatMap((action) => action?.charges ?? []));
  return charges.some(
    ({ chargeNumber, effectiveStartDate: start, isRemoved }) =>
      start === null && !isRemoved && own.has(chargeNumber),
  );
}

function orderNumberProblem({ orderNumber }: OrderRequest, state: State): Refusal | null {
  if (orderNumber === null) return null;
  if (isId(orderNumber)) return refuse('invalid', 'must not look like an id', 'orderNumber');
  return state.find('order', orderNumber) === null
    ? null
    : refuse('invalid', `order ${orderNumber} exists already`, 'orderNumber');
}

/** What is wrong with the order's subscriptions before any product is looked at. */
export function requestProblem(request: OrderRequest, state: State): Refusal | null {
  const { subscriptions } = request;
  if (subscriptions.length === 0 && request.orderLineItems.length === 0)
    return refuse('invalid', 'must name at least one subscription or order line item', 'subscriptions');
  const tooMany = lineItemCountProblem(request);
  if (tooMany !== null) return tooMany;
  const numbers = new Set<string>();
  for (const [i, subscription] of subscriptions.entries()) {
    const problem = subscriptionProblem(subscription, numbers, state, `subscriptions[${i}]`);
    if (problem !== null) return problem;
  }
  return null;
}

function subscriptionProblem(
  requested: RequestedSubscription,
  numbers: Set<string>,
  state: State,
  path: string,
): Refusal | null {
  const { subscriptionNumber, actions } = requested;
  if (actions.length === 0) {
    return refuse('invalid', 'must name at least one action', `${path}.orderActions`);
  }
  const create = creation(requested);
  if (create !== null && create.spec.ratePlans.length > orderLimits.ratePlansPerActionMax) {
    const at = `${path}.orderActions[0].createSubscription.subscribeToRatePlans`;
    return refuse('invalid', `must have at most ${orderLimits.ratePlansPerActionMax} rate plans`, at);
  }
  const field = `${path}.subscriptionNumber`;
  if (subscriptionNumber === null) {
    return create === null ? refuse('missing', 'is required for an existing subscription', field) : null;
  }
  if (create !== null && isId(subscriptionNumber))
    return refuse('invalid', 'must not look like an id', field);
  if (numbers.has(subscriptionNumber)) return refuse('invalid', 'is given twice in this order', field);
  numbers.add(subscriptionNumber);
  if (create !== null && state.find('subscription', subscriptionNumber) !== null) {
    return refuse('invalid', `subscription ${subscriptionNumber} exists already`, field);
  }
  return null;
}

/** Currency of an order: its first new subscription's, or its account's. */
export function currencyOf({ subscriptions: [first] }: OrderRequest, account: Account): string {
  return (first === undefined ? null : creation(first)?.spec.currency) ?? account.currency;
}

/** What an order's row says of what was asked for, as if it were completed. */
export function orderedContent(request: OrderRequest, account: Account) {
  const { orderDate, description, category, scheduledDate, customFields } = request;
  const currency = currencyOf(request, account);
  return {
    orderDate,
    status: 'Completed',
    currency,
    description,
    category,
    scheduledDate,
    details: detailsToKeep(request),
    customFields,
  } as const satisfies Partial<Order>;
}

/** The order's row, as if it were completed. */
export function newOrder(request: OrderRequest, account: Account, context: DecideContext): Order {
  return {
    id: context.newId(),
    revision: 0,
    orderNumber: request.orderNumber ?? context.nextNumber('order'),
    accountId: account.id,
    ...orderedContent(request, account),
    createdAt: context.now,
    createdBy: context.actor,
    updatedAt: context.now,
    updatedBy: context.actor,
  };
}

/**
 * Places an order: its subscriptions' new versions, its lines and actions.
 *
 * @param kept null for a new order; of one that was kept until now the rows by position, none where they are written anew
 * @param keptItems line items that are stored with it already; null: those of the request are written
 */
export function place(
  request: OrderRequest,
  placing: Placing,
  kept: readonly KeptLine[] | null,
  keptItems: readonly OrderLineItem[] | null = null,
): Plan<OrderPlaced> | Refusal {
  const { order, account, plan, context } = placing;
  const toBill: MadeVersion[] = [];
  const placed = placeSubscriptions(request.subscriptions, { ...placing, toBill });
  if (isRefusal(placed)) return placed;
  const lineItems = keptItems ?? writeLineItems(request, placing);
  if ('refused' in lineItems) return lineItems;
  for (const [line, requested] of request.subscriptions.entries()) {
    writePlacedLine(plan, order, requested, line, placed[line]!, kept?.[line] ?? null, context);
  }
  const waits = placed.some(missesDate);
  const status = waits ? 'Pending' : 'Completed';
  if (kept !== null) plan.update('order', { ...order, status });
  else plan.insert('order', { ...order, status });
  const documents = request.billing == null ? null : billVersions(toBill, request.billing, placing);
  if (documents !== null && isRefusal(documents)) return documents;
  return plan.build({
    orderId: order.id,
    orderNumber: order.orderNumber,
    orderDate: order.orderDate,
    accountId: account.id,
    accountNumber: account.accountNumber,
    status,
    subscriptions: placed,
    orderLineItems: lineItems,
    ...(documents === null ? {} : { documents }),
    returnIds: request.returnIds,
    numbersOnly: request.numbersOnly,
  });
}

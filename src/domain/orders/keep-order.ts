import type { Plan } from '../account/plan.ts';
import type { Account } from '../accounts/account.ts';
import { isRefusal, type Refusal, refuse } from '../result.ts';
import { contentKey } from '../subscriptions/subscription-content.ts';
import type { CreateSubscriptionAction } from './action-specs.ts';
import type { Order } from './order.ts';
import type { OrderLineItem } from './order-line-item.ts';
import { writeLineItems } from './order-line-items.ts';
import type { OrderPlaced } from './order-reply.ts';
import type { OrderRequest, RequestedSubscription } from './order-request.ts';
import { type LineOwners, writeKeptLine } from './order-rows.ts';
import { creation, type Placing } from './place-order.ts';

/**
 * Keeps an order without placing it: a draft, one that is scheduled, one that waits for a date. Its accounts must exist, or are opened
 * with it, and its subscriptions must be there; nothing else is looked at until it is placed, and no metric moves (semantics F.1 row 1).
 */
export function keepOrder(
  request: OrderRequest,
  order: Order,
  placing: Placing,
  write: 'insert' | 'update',
): Plan<OrderPlaced> | Refusal {
  const { account, plan, context } = placing;
  plan[write]('order', order);
  for (const [line, requested] of request.subscriptions.entries()) {
    const kept = keptLine(requested, `subscriptions[${line}]`, request.orderDate, placing);
    if (isRefusal(kept)) return kept;
    writeKeptLine(plan, order, kept.requested, line, kept.owners, context);
  }
  const lineItems = writeLineItems(request, { ...placing, order });
  if ('refused' in lineItems) return lineItems;
  return plan.build(replyOfKept(order, account, lineItems, request));
}

/** Reply of an order that has made nothing yet. */
export function replyOfKept(
  order: Order,
  account: Account,
  orderLineItems: readonly OrderLineItem[],
  { returnIds, numbersOnly }: Pick<OrderRequest, 'returnIds' | 'numbersOnly'>,
): OrderPlaced {
  return {
    orderId: order.id,
    orderNumber: order.orderNumber,
    orderDate: order.orderDate,
    accountId: account.id,
    accountNumber: account.accountNumber,
    status: order.status,
    subscriptions: [],
    orderLineItems,
    returnIds,
    numbersOnly,
  };
}

function keptLine(
  requested: RequestedSubscription,
  path: string,
  orderDate: string,
  { accounts, account, state }: Placing,
): { readonly requested: RequestedSubscription; readonly owners: LineOwners } | Refusal {
  const create = creation(requested);
  if (create !== null) {
    const owners = accounts.owners(create, account);
    if (isRefusal(owners)) return owners;
    const { subscriptionOwner, invoiceOwner } = owners;
    return {
      requested: withOpenedOwner(requested, create, subscriptionOwner),
      owners: { subscriptionOwnerAccountId: subscriptionOwner.id, invoiceOwnerAccountId: invoiceOwner.id },
    };
  }
  const number = requested.subscriptionNumber ?? '';
  const content = state.find('subscriptionContent', contentKey(number, orderDate));
  if (content === null) {
    return refuse('invalid', `there is no subscription ${number}`, `${path}.subscriptionNumber`);
  }
  const { accountId, invoiceOwnerAccountId } = content.subscription;
  return { requested, owners: { subscriptionOwnerAccountId: accountId, invoiceOwnerAccountId } };
}

/** An account that the order opens is there when the order is placed: from now on it is named by its id. */
function withOpenedOwner(
  requested: RequestedSubscription,
  create: CreateSubscriptionAction,
  owner: Account,
): RequestedSubscription {
  const choice = create.subscriptionOwner;
  if (choice === null || 'key' in choice) return requested;
  const action = { ...create, subscriptionOwner: { key: owner.id, field: choice.field } };
  const [first, ...rest] = requested.actions;
  return { ...requested, actions: [{ action, body: first!.body }, ...rest] };
}

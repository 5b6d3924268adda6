import { demand } from '../account/demand.ts';
import type { State } from '../account/state.ts';
import type { Order } from './order.ts';
import type { OrderPlaced, PlacedSubscription } from './order-reply.ts';

/** Reply of what changes an order that is there already: its subscriptions with the numbers of their owners, which are read together. */
export function replyOfPlaced(
  order: Order,
  placed: readonly PlacedSubscription[],
  form: { readonly returnIds: boolean; readonly numbersOnly: boolean },
  state: State,
): OrderPlaced {
  const owners = placed.flatMap(({ subscription: { accountId, invoiceOwnerAccountId } }) => [
    accountId,
    invoiceOwnerAccountId,
  ]);
  demand(
    state,
    [order.accountId, ...owners].map((key) => ({ kind: 'account', key })),
  );
  const numberOf = (id: string) => state.find('account', id)?.accountNumber ?? '';
  return {
    orderId: order.id,
    orderNumber: order.orderNumber,
    orderDate: order.orderDate,
    accountId: order.accountId,
    accountNumber: numberOf(order.accountId),
    status: order.status,
    subscriptions: placed.map((one) => ({
      ...one,
      ownerNumber: numberOf(one.subscription.accountId),
      invoiceOwnerNumber: numberOf(one.subscription.invoiceOwnerAccountId),
    })),
    orderLineItems: [],
    ...form,
  };
}

import type { DecideContext } from '../account/command.ts';
import type { Need, State } from '../account/state.ts';
import type { Stored } from '../entities.ts';
import { type JsonObject, type Refusal, refuse } from '../result.ts';
import type { Order, OrderStatus } from './order.ts';
import type { OrderLineItem } from './order-line-item.ts';
import type { OrderBilling, OrderRequest, RequestedSubscription } from './order-request.ts';
import type { KeptLine } from './order-rows.ts';

/** An order with its lines and actions, as what is asked of it afterwards reads it. Guarded by the order's row. */
export interface WholeOrder extends Stored {
  readonly order: Order;
  /** By position. */
  readonly lines: readonly KeptLine[];
  readonly lineItems: readonly OrderLineItem[];
}

/** What has to be loaded of an order that is named by its number or id. */
export function needsOfWholeOrder(key: string): readonly Need[] {
  return [
    { kind: 'order', key },
    { kind: 'wholeOrder', key },
  ];
}

/** The order as the group sees it now; refuses one that is not there. */
export function findWholeOrder(state: State, key: string): WholeOrder | Refusal {
  const order = state.find('order', key);
  const whole = state.find('wholeOrder', key);
  return order === null || whole === null
    ? refuse('not_found', `There is no order ${key}.`)
    : { ...whole, order };
}

/** Why what is asked for does not go with the order's status; null when it does. */
export function orderStatusProblem(
  { orderNumber, status }: Order,
  allowed: readonly OrderStatus[],
  what: string,
): Refusal | null {
  if (allowed.includes(status)) return null;
  return refuse('rule', `Order ${orderNumber} is ${status}: only orders in ${allowed.join(', ')} ${what}.`);
}

/** Whether it is only kept: it has made nothing yet. */
export function isKept({ lines }: WholeOrder): boolean {
  return lines.every(({ line }) => line.newVersion === null);
}

export function touched<T extends Order>(order: T, { now, actor }: DecideContext): T {
  return { ...order, updatedAt: now, updatedBy: actor };
}

/** A kept order as the request that it was, to be placed now; its line items stay as they are stored. */
export function requestOfKept(
  { order, lines }: WholeOrder,
  form: { readonly returnIds: boolean; readonly numbersOnly: boolean },
): OrderRequest {
  return {
    orderNumber: order.orderNumber,
    account: { key: order.accountId, field: 'existingAccountId' },
    orderDate: order.orderDate,
    intent: 'complete',
    scheduledDate: order.scheduledDate,
    category: order.category,
    description: order.description,
    subscriptions: lines.map(requestedOf),
    orderLineItems: [],
    details: order.details,
    customFields: order.customFields,
    billing: billingOfKept(order),
    ...form,
  };
}

/** Where an order that is kept remembers how it is billed when it is placed. */
const BILLING = 'billing';

/** The details of an order that is kept, with how it is to be billed. */
export function detailsToKeep({ details, billing }: Pick<OrderRequest, 'details' | 'billing'>): JsonObject {
  return billing == null ? details : { ...details, [BILLING]: { ...billing } };
}

/** The details that an order shows. */
export function detailsShown({ details }: Order): JsonObject {
  const { [BILLING]: _, ...shown } = details;
  return shown;
}

function billingOfKept({ details }: Order): OrderBilling | null {
  return (details[BILLING] ?? null) as OrderBilling | null;
}

function requestedOf({ line, actions }: KeptLine): RequestedSubscription {
  return {
    subscriptionNumber: line.subscriptionNumber,
    expectedVersion: null,
    actions: actions.flatMap(({ spec, body }) => (spec === null ? [] : [{ action: spec, body }])),
    details: line.details,
    customFields: line.customFields,
  };
}

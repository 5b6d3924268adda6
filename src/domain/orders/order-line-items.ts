import type { DecideContext } from '../account/command.ts';
import { demand } from '../account/demand.ts';
import type { PlanBuilder } from '../account/plan.ts';
import type { Need, State } from '../account/state.ts';
import { compare } from '../money.ts';
import { isRefusal, type JsonObject, type Refusal, refuse } from '../result.ts';
import { orderLimits } from './limits.ts';
import { amountOf, type LineItemPriceSpec, priceOf } from './line-item-price.ts';
import type { Order } from './order.ts';
import {
  type LineItemCategory,
  type LineItemState,
  type LineItemType,
  lineItemKey,
  type OrderLineItem,
} from './order-line-item.ts';
import type { OrderRequest } from './order-request.ts';
import type { Placing } from './place-order.ts';

/** A line item as an order asks for it. Absent values are null. */
export interface OrderLineItemSpec extends LineItemPriceSpec {
  /** The next free number of the order when null. */
  readonly itemNumber: string | null;
  /** The product rate plan charge's name when null. */
  readonly itemName: string | null;
  readonly itemState: LineItemState | null;
  readonly itemType: LineItemType | null;
  readonly itemCategory: LineItemCategory | null;
  /** The order account's when null. */
  readonly currency: string | null;
  /** The order's account when null. */
  readonly ownerAccountNumber: string | null;
  /** The order date when null. */
  readonly transactionStartDate: string | null;
  readonly transactionEndDate: string | null;
  readonly billTargetDate: string | null;
  readonly productRatePlanChargeId: string | null;
  readonly relatedSubscriptionNumber: string | null;
  readonly originalOrderNumber: string | null;
  readonly originalOrderLineItemNumber: string | null;
  readonly details: JsonObject;
  readonly customFields: JsonObject;
}

const CONTACTS = ['billTo', 'soldTo', 'shipTo'] as const;

/** What the line items of an order refer to. */
export function needsOfLineItems({ orderLineItems, orderNumber, subscriptions }: OrderRequest): Need[] {
  const needs: Need[] = [];
  const ordered = new Set(subscriptions.map(({ subscriptionNumber }) => subscriptionNumber));
  for (const spec of orderLineItems) {
    if (spec.ownerAccountNumber !== null) needs.push({ kind: 'account', key: spec.ownerAccountNumber });
    const { productRatePlanChargeId: charge, relatedSubscriptionNumber: related } = spec;
    if (charge !== null) needs.push({ kind: 'productRatePlanCharge', key: charge });
    if (related !== null && !ordered.has(related)) needs.push({ kind: 'subscription', key: related });
    const original = originalKey(spec, orderNumber);
    if (original !== null) needs.push({ kind: 'orderLineItem', key: original });
    for (const id of contactsOf(spec.details)) needs.push({ kind: 'contact', key: id });
  }
  return needs;
}

/** How many there are is wrong, whatever they say. */
export function lineItemCountProblem({ orderLineItems }: OrderRequest): Refusal | null {
  if (orderLineItems.length <= orderLimits.lineItemsMax) return null;
  return refuse(
    'invalid',
    `must have at most ${orderLimits.lineItemsMax} order line items`,
    'orderLineItems',
  );
}

/** Stores an order's line items with it, whether the order is placed or kept. */
export function writeLineItems(request: OrderRequest, placing: Placing): OrderLineItem[] | Refusal {
  const taken = new Set<string>();
  for (const [i, { itemNumber }] of request.orderLineItems.entries()) {
    if (itemNumber === null) continue;
    if (taken.has(itemNumber))
      return refuse('invalid', 'is given twice in this order', `orderLineItems[${i}].itemNumber`);
    taken.add(itemNumber);
  }
  let next = 1;
  const items: OrderLineItem[] = [];
  for (const [line, spec] of request.orderLineItems.entries()) {
    while (spec.itemNumber === null && taken.has(String(next))) next++;
    const itemNumber = spec.itemNumber ?? String(next++);
    const item = lineItem(spec, line, itemNumber, request, placing);
    if (isRefusal(item)) return item;
    items.push(item);
  }
  for (const item of items) placing.plan.insert('orderLineItem', item);
  return items;
}

/** Why an order can't be taken back because of the states of its line items; null when it can. */
export function lineItemsProblem(
  items: readonly OrderLineItem[],
  states: readonly LineItemState[],
  orderNumber: string,
  what: string,
): Refusal | null {
  const item = items.find(({ itemState }) => states.includes(itemState));
  if (item === undefined) return null;
  const why = `its order line item ${item.itemNumber} is ${item.itemState}`;
  return refuse('rule', `Order ${orderNumber} can't be ${what}: ${why}.`);
}

/** Cancels what is left of an order's line items, with the order. */
export function cancelLineItems(
  items: readonly OrderLineItem[],
  state: State,
  plan: PlanBuilder,
  { now, actor }: DecideContext,
): void {
  // Read one by one, so that a change of an item beside this one is noticed.
  demand(
    state,
    items.map(({ id }) => ({ kind: 'orderLineItem', key: id })),
  );
  for (const { id } of items) {
    const item = state.find('orderLineItem', id);
    if (item === null || item.itemState === 'Complete' || item.itemState === 'Cancelled') continue;
    plan.update('orderLineItem', { ...item, itemState: 'Cancelled', updatedAt: now, updatedBy: actor });
  }
}

function lineItem(
  spec: OrderLineItemSpec,
  line: number,
  itemNumber: string,
  request: OrderRequest,
  placing: Placing,
): OrderLineItem | Refusal {
  const { order, account, context } = placing;
  const path = `orderLineItems[${line}]`;
  const references = referencesOf(spec, request, placing, path);
  if (isRefusal(references)) return references;
  const price = priceOf(spec, `${path}.`);
  if (isRefusal(price)) return price;
  const currency = spec.currency ?? account.currency;
  const amountMinor = amountOf(price, currency, `${path}.`);
  if (typeof amountMinor !== 'number') return amountMinor;
  const { itemName, original } = references;
  if (original !== null && compare(price.quantity, original.quantity) > 0) {
    return refuse('rule', `only ${original.quantity} were sold`, `${path}.quantity`);
  }
  const start = spec.transactionStartDate ?? order.orderDate;
  const end = spec.transactionEndDate;
  if (end !== null && end < start) {
    return refuse('invalid', 'must not lie before transactionStartDate', `${path}.transactionEndDate`);
  }
  return {
    id: context.newId(),
    revision: 0,
    orderId: order.id,
    itemKey: lineItemKey(order.orderNumber, itemNumber),
    line,
    itemNumber,
    itemName,
    itemState: spec.itemState ?? 'Executing',
    itemType: spec.itemType ?? 'Product',
    itemCategory: spec.itemCategory ?? 'Sales',
    currency,
    ownerAccountId: references.ownerAccountId,
    invoiceOwnerAccountId: account.id,
    ...price,
    amountMinor,
    transactionStartDate: start,
    transactionEndDate: end,
    billTargetDate: spec.billTargetDate,
    productRatePlanChargeId: references.productRatePlanChargeId,
    relatedSubscriptionNumber: spec.relatedSubscriptionNumber,
    originalOrderLineItemId: original?.id ?? null,
    details: spec.details,
    customFields: spec.customFields,
    ...auditOf(context),
  };
}

function auditOf({ now, actor }: DecideContext) {
  return { createdAt: now, createdBy: actor, updatedAt: now, updatedBy: actor };
}

interface References {
  readonly itemName: string;
  readonly ownerAccountId: string;
  readonly productRatePlanChargeId: string | null;
  readonly original: OrderLineItem | null;
}

function referencesOf(
  spec: OrderLineItemSpec,
  request: OrderRequest,
  { order, account, accounts, state }: Placing,
  path: string,
): References | Refusal {
  const owner =
    spec.ownerAccountNumber === null
      ? account
      : accounts.resolve({ key: spec.ownerAccountNumber, field: `${path}.ownerAccountNumber` });
  if (isRefusal(owner)) return owner;
  const chargeId = spec.productRatePlanChargeId;
  const charge = chargeId === null ? null : state.find('productRatePlanCharge', chargeId);
  if (chargeId !== null && charge === null) {
    const message = `there is no product rate plan charge ${chargeId}`;
    return refuse('invalid', message, `${path}.productRatePlanChargeId`);
  }
  const itemName = spec.itemName ?? charge?.name ?? null;
  if (itemName === null) {
    return refuse('missing', 'is required without a productRatePlanChargeId', `${path}.itemName`);
  }
  for (const name of CONTACTS) {
    const id = spec.details[name];
    if (typeof id === 'string' && state.find('contact', id) === null) {
      return refuse('invalid', `there is no contact ${id}`, `${path}.${name}`);
    }
  }
  const related = spec.relatedSubscriptionNumber;
  const isOrdered = request.subscriptions.some(({ subscriptionNumber }) => subscriptionNumber === related);
  if (related !== null && !isOrdered && state.find('subscription', related) === null) {
    return refuse('invalid', `there is no subscription ${related}`, `${path}.relatedSubscriptionNumber`);
  }
  const original = originalOf(spec, order, state, path);
  if (original !== null && isRefusal(original)) return original;
  return { itemName, ownerAccountId: owner.id, productRatePlanChargeId: charge?.id ?? null, original };
}

/** The sale that a return takes back: of the named order, or of this one. */
function originalOf(
  spec: OrderLineItemSpec,
  order: Order,
  state: State,
  path: string,
): OrderLineItem | Refusal | null {
  const key = originalKey(spec, order.orderNumber);
  const field = `${path}.originalOrderLineItemNumber`;
  if (key === null) {
    if (spec.originalOrderNumber === null) return null;
    return refuse('missing', 'is required with originalOrderNumber', field);
  }
  if (spec.itemCategory !== 'Return') {
    return refuse('invalid', 'is for items of the category Return only', field);
  }
  const original = state.find('orderLineItem', key);
  if (original === null || original.itemCategory !== 'Sales') {
    return refuse('invalid', `there is no order line item ${key} that was sold`, field);
  }
  return original;
}

function originalKey(spec: OrderLineItemSpec, orderNumber: string | null): string | null {
  const { originalOrderLineItemNumber: item, originalOrderNumber } = spec;
  const order = originalOrderNumber ?? orderNumber;
  return item === null || order === null ? null : lineItemKey(order, item);
}

function contactsOf(details: JsonObject): string[] {
  return CONTACTS.map((name) => details[name]).filter((id) => typeof id === 'string');
}

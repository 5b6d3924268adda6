import type { CommandHandler } from '../account/command.ts';
import { PlanBuilder } from '../account/plan.ts';
import { isId, type State } from '../account/state.ts';
import { mergeDetails } from '../accounts/merge-details.ts';
import { isRefusal, type JsonObject, type JsonValue, type Refusal, refuse } from '../result.ts';
import { orderLimits } from './limits.ts';
import { amountOf, priceOf } from './line-item-price.ts';
import type { LineItemState, OrderLineItem } from './order-line-item.ts';

/** Fields that decide what is billed: open until the item is booked. */
type Priced =
  | 'itemName'
  | 'itemType'
  | 'quantity'
  | 'amountPerUnit'
  | 'listPricePerUnit'
  | 'inlineDiscountType'
  | 'inlineDiscountPerUnit'
  | 'relatedSubscriptionNumber';
/** Dates: open until the item is sent to billing. */
type Dated = 'transactionStartDate' | 'transactionEndDate' | 'billTargetDate';

/** What is to change in one line item: undefined stays, null empties where it may be empty. */
export interface LineItemPatch {
  readonly id: string;
  /** Where the item stands in the request, for refusals: `orderLineItems[0].`; '' for a request about one item. */
  readonly path: string;
  readonly itemState?: LineItemState;
  readonly fields: { readonly [Name in Priced | Dated]?: OrderLineItem[Name] | null };
  /** Number of the account that gets it. */
  readonly ownerAccountNumber?: string;
  /** Under wire names; null removes one. */
  readonly details: JsonObject;
  readonly customFields: JsonObject;
}

export interface UpdateLineItems {
  readonly items: readonly LineItemPatch[];
}

export interface LineItemsUpdated {
  readonly items: ReadonlyArray<{ readonly id: string; readonly itemState: LineItemState }>;
}

const DATED: readonly string[] = ['transactionStartDate', 'transactionEndDate', 'billTargetDate'];
const EMPTIED: readonly string[] = [
  'listPricePerUnit',
  'inlineDiscountType',
  'inlineDiscountPerUnit',
  'transactionEndDate',
  'billTargetDate',
  'relatedSubscriptionNumber',
];

/** Where an item can go from a state: onwards, and it can be cancelled until it is booked. */
const NEXT: { readonly [State in LineItemState]: readonly LineItemState[] } = {
  Executing: ['Booked', 'SentToBilling', 'Complete', 'Cancelled'],
  Booked: ['SentToBilling', 'Complete'],
  SentToBilling: ['Complete'],
  Complete: [],
  Cancelled: [],
};

/** Changes line items, of one order or of several: all or nothing. */
export const updateLineItems: CommandHandler<UpdateLineItems, LineItemsUpdated> = {
  needs: ({ items }) =>
    items.flatMap(({ id, ownerAccountNumber, fields: { relatedSubscriptionNumber: related } }) => [
      { kind: 'orderLineItem' as const, key: id },
      ...(ownerAccountNumber === undefined ? [] : [{ kind: 'account' as const, key: ownerAccountNumber }]),
      ...(related == null ? [] : [{ kind: 'subscription' as const, key: related }]),
    ]),
  decide(state, { items }, context) {
    if (items.length > orderLimits.lineItemsMax) {
      const message = `must have at most ${orderLimits.lineItemsMax} order line items`;
      return refuse('invalid', message, 'orderLineItems');
    }
    const plan = new PlanBuilder();
    const changed: OrderLineItem[] = [];
    const seen = new Set<string>();
    for (const patch of items) {
      if (seen.has(patch.id)) return refuse('invalid', 'is given twice', `${patch.path}id`);
      seen.add(patch.id);
      const item = patched(patch, state);
      if (isRefusal(item)) return item;
      changed.push({ ...item, updatedAt: context.now, updatedBy: context.actor });
    }
    for (const item of changed) plan.update('orderLineItem', item);
    return plan.build({ items: changed.map(({ id, itemState }) => ({ id, itemState })) });
  },
};

function patched(patch: LineItemPatch, state: State): OrderLineItem | Refusal {
  const { path, fields } = patch;
  const item = isId(patch.id) ? state.find('orderLineItem', patch.id) : null;
  if (item === null) {
    return path === ''
      ? refuse('not_found', `There is no order line item ${patch.id}.`)
      : refuse('invalid', `there is no order line item ${patch.id}`, `${path}id`);
  }
  const order = state.find('order', item.orderId);
  if (order?.status === 'Cancelled' || order?.status === 'Reverted') {
    return refuse('rule', `order ${order.orderNumber} is ${order.status}`, `${path}id`);
  }
  const problem = fieldProblem(item, patch) ?? stateProblem(item, patch);
  if (problem !== null) return problem;
  const owner = ownerOf(item, patch, state);
  if (isRefusal(owner)) return owner;
  const related = fields.relatedSubscriptionNumber;
  if (related != null && state.find('subscription', related) === null) {
    return refuse('invalid', `there is no subscription ${related}`, `${path}relatedSubscriptionNumber`);
  }
  const next = {
    ...item,
    ...fields,
    itemState: patch.itemState ?? item.itemState,
    ownerAccountId: owner.id,
    details: mergeDetails(item.details, patch.details),
    customFields: mergeDetails(item.customFields, patch.customFields),
  } as OrderLineItem;
  if (next.transactionEndDate !== null && next.transactionEndDate < next.transactionStartDate) {
    return refuse('invalid', 'must not lie before transactionStartDate', `${path}transactionEndDate`);
  }
  return repriced(item, next, patch);
}

function fieldProblem({ itemState }: OrderLineItem, patch: LineItemPatch): Refusal | null {
  const { path, fields } = patch;
  const given: ReadonlyArray<readonly [string, JsonValue | undefined]> = [
    ...Object.entries(fields),
    ['ownerAccountNumber', patch.ownerAccountNumber],
  ];
  for (const [name, value] of given) {
    if (value === undefined) continue;
    if (value === null && !EMPTIED.includes(name)) return refuse('invalid', 'must not be empty', path + name);
    const isOpen = itemState === 'Executing' || (itemState === 'Booked' && DATED.includes(name));
    if (!isOpen) return refuse('rule', `can't be changed: the order line item is ${itemState}`, path + name);
  }
  return null;
}

function stateProblem(
  { itemState }: OrderLineItem,
  { path, itemState: asked }: LineItemPatch,
): Refusal | null {
  if (asked === undefined || asked === itemState || NEXT[itemState].includes(asked)) return null;
  return refuse('rule', `an order line item that is ${itemState} can't become ${asked}`, `${path}itemState`);
}

function ownerOf(
  item: OrderLineItem,
  { path, ownerAccountNumber: number }: LineItemPatch,
  state: State,
): { readonly id: string } | Refusal {
  if (number === undefined) return { id: item.ownerAccountId };
  const account = state.find('account', number);
  if (account === null)
    return refuse('invalid', `there is no account ${number}`, `${path}ownerAccountNumber`);
  if (account.status !== 'Canceled') return account;
  return refuse('rule', `account ${number} is canceled`, `${path}ownerAccountNumber`);
}

/** The item with the amount that follows from its price. */
function repriced(before: OrderLineItem, next: OrderLineItem, patch: LineItemPatch): OrderLineItem | Refusal {
  const { fields, path } = patch;
  const isDiscounted = next.inlineDiscountType !== null && next.inlineDiscountType !== 'None';
  // With a discount the price of a unit follows from the list price, unless the caller gives one: then that is refused.
  const amountPerUnit = isDiscounted ? (fields.amountPerUnit ?? null) : next.amountPerUnit;
  const price = priceOf({ ...next, amountPerUnit }, path);
  if (isRefusal(price)) return price;
  const amountMinor = amountOf(price, before.currency, path);
  return typeof amountMinor === 'number' ? { ...next, ...price, amountMinor } : amountMinor;
}

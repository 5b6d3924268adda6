import type { Audit, Stored } from '../entities.ts';
import type { Decimal } from '../money.ts';
import type { JsonObject } from '../result.ts';

export const LINE_ITEM_STATES = ['Executing', 'Booked', 'SentToBilling', 'Complete', 'Cancelled'] as const;
export type LineItemState = (typeof LINE_ITEM_STATES)[number];

export const LINE_ITEM_TYPES = ['Product', 'Fee', 'Services'] as const;
export type LineItemType = (typeof LINE_ITEM_TYPES)[number];

export const LINE_ITEM_CATEGORIES = ['Sales', 'Return'] as const;
export type LineItemCategory = (typeof LINE_ITEM_CATEGORIES)[number];

export const INLINE_DISCOUNT_TYPES = ['Percentage', 'FixedAmount', 'None'] as const;
export type InlineDiscountType = (typeof INLINE_DISCOUNT_TYPES)[number];

/** What a line item costs: each unit's price as given, or as its list price less its discount. Decimal text. */
export interface LineItemPrice {
  readonly quantity: Decimal;
  readonly amountPerUnit: Decimal;
  readonly listPricePerUnit: Decimal | null;
  readonly inlineDiscountType: InlineDiscountType | null;
  /** An amount per unit, or per cent of the list price. */
  readonly inlineDiscountPerUnit: Decimal | null;
}

/** Something sold with an order that is no subscription: goods, a fee, a service. Moves no metric until it is billed. */
export interface OrderLineItem extends Stored, Audit, LineItemPrice {
  readonly orderId: string;
  /** Order number and item number: what other orders refer to it by. */
  readonly itemKey: string;
  /** Position in the order, from 0. */
  readonly line: number;
  readonly itemNumber: string;
  readonly itemName: string;
  readonly itemState: LineItemState;
  readonly itemType: LineItemType;
  readonly itemCategory: LineItemCategory;
  readonly currency: string;
  /** Who gets it. */
  readonly ownerAccountId: string;
  /** Who is invoiced: the order's account. */
  readonly invoiceOwnerAccountId: string;
  /** Price × quantity, rounded half up to the currency's minor unit, as a document will have it. */
  readonly amountMinor: number;
  readonly transactionStartDate: string;
  /** Inclusive. */
  readonly transactionEndDate: string | null;
  /** From which target date on it is billed. */
  readonly billTargetDate: string | null;
  readonly productRatePlanChargeId: string | null;
  readonly relatedSubscriptionNumber: string | null;
  /** What a return takes back. */
  readonly originalOrderLineItemId: string | null;
  /** Attributes under their wire names (billTo, soldTo, accountingCode, purchaseOrderNumber, taxCode …). */
  readonly details: JsonObject;
  readonly customFields: JsonObject;
}

/** The key of an order's line item: an order number holds no slash. */
export function lineItemKey(orderNumber: string, itemNumber: string): string {
  return `${orderNumber}/${itemNumber}`;
}

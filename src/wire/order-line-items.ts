import { z } from 'zod';
import type { AccountCards } from '../domain/accounts/account-card.ts';
import { multiply } from '../domain/money.ts';
import { orderLimits } from '../domain/orders/limits.ts';
import { discountOf } from '../domain/orders/line-item-price.ts';
import {
  INLINE_DISCOUNT_TYPES,
  LINE_ITEM_CATEGORIES,
  LINE_ITEM_STATES,
  LINE_ITEM_TYPES,
  type OrderLineItem,
} from '../domain/orders/order-line-item.ts';
import type { OrderLineItemSpec } from '../domain/orders/order-line-items.ts';
import type { LineItemPatch, LineItemsUpdated, UpdateLineItems } from '../domain/orders/update-line-items.ts';
import { type JsonObject, type JsonValue, type Refusal, refuse } from '../domain/result.ts';
import { toWireShown } from './charges.ts';
import {
  fromWireDecimal,
  pick,
  toWireDecimal,
  toWireMoney,
  wireBoolean,
  wireCurrency,
  wireCustomFields,
  wireDate,
  wireDecimal,
  wireKey,
  wirePaymentTerm,
  wireText,
} from './values.ts';
import { oneOf } from './words.ts';

const TEXT_MAX = 255;
const text = wireText(TEXT_MAX).nullish();

/** Attributes that nothing is computed from: kept and shown under these names. */
const attributes = {
  description: wireText(1_000).nullish(),
  UOM: text,
  accountingCode: text,
  adjustmentLiabilityAccountingCode: text,
  adjustmentRevenueAccountingCode: text,
  billTo: wireKey.nullish(),
  billingRule: oneOf(['TriggerWithoutFulfillment', 'TriggerAsFulfillmentOccurs']).nullish(),
  contractAssetAccountingCode: text,
  contractLiabilityAccountingCode: text,
  contractRecognizedRevenueAccountingCode: text,
  deferredRevenueAccountingCode: text,
  excludeItemBillingFromRevenueAccounting: wireBoolean.nullish(),
  excludeItemBookingFromRevenueAccounting: wireBoolean.nullish(),
  invoiceGroupNumber: text,
  invoiceTemplateId: text,
  isAllocationEligible: wireBoolean.nullish(),
  isUnbilled: wireBoolean.nullish(),
  paymentTerm: wirePaymentTerm.nullish(),
  productCode: text,
  purchaseOrderNumber: text,
  recognizedRevenueAccountingCode: text,
  revenueAmortizationMethod: oneOf(['Immediate', 'Ratable Using Start And End Dates']).nullish(),
  revenueRecognitionRule: text,
  revenueRecognitionTiming: oneOf([
    'Upon Billing Document Posting Date',
    'Upon Order Activation Date',
  ]).nullish(),
  sequenceSetId: text,
  shipTo: wireKey.nullish(),
  soldTo: wireKey.nullish(),
  taxCode: text,
  taxMode: oneOf(['TaxInclusive', 'TaxExclusive']).nullish(),
  unbilledReceivablesAccountingCode: text,
};
const ATTRIBUTES = Object.keys(attributes);

const changeable = {
  ...attributes,
  itemName: wireKey.nullish(),
  itemState: oneOf(LINE_ITEM_STATES).nullish(),
  itemType: oneOf(LINE_ITEM_TYPES).nullish(),
  quantity: wireDecimal.nullish(),
  amountPerUnit: wireDecimal.nullish(),
  listPricePerUnit: wireDecimal.nullish(),
  inlineDiscountType: oneOf(INLINE_DISCOUNT_TYPES).nullish(),
  inlineDiscountPerUnit: wireDecimal.nullish(),
  ownerAccountNumber: wireKey.nullish(),
  transactionStartDate: wireDate.nullish(),
  transactionEndDate: wireDate.nullish(),
  billTargetDate: wireDate.nullish(),
  relatedSubscriptionNumber: wireKey.nullish(),
  customFields: wireCustomFields.nullish(),
};

/** One of `orderLineItems` of an order. */
const newLineItem = z.object({
  ...changeable,
  itemNumber: wireKey.nullish(),
  itemCategory: oneOf(LINE_ITEM_CATEGORIES).nullish(),
  currency: wireCurrency.nullish(),
  productRatePlanChargeId: wireKey.nullish(),
  originalOrderNumber: wireKey.nullish(),
  originalOrderLineItemNumber: wireKey.nullish(),
});

const COUNT = `must have at most ${orderLimits.lineItemsMax} order line items`;

export const wireOrderLineItems = z
  .array(newLineItem, { error: 'must be a list of order line items' })
  .max(orderLimits.lineItemsMax, COUNT)
  .nullish();

/** PUT /v1/order-line-items/{id} */
export const lineItemChanges = z.object(changeable);

/** POST /v1/order-line-items/bulk */
export const lineItemsChanges = z.object({
  orderLineItems: z
    .array(z.object({ ...changeable, id: wireKey }), { error: 'must be a list of order line items' })
    .min(1, 'must name at least one order line item')
    .max(orderLimits.lineItemsMax, COUNT),
  processingOptions: z.record(z.string(), z.unknown()).nullish(),
});

type WireChanges = z.output<typeof lineItemChanges>;

function decimal(value: number | null | undefined) {
  return value == null ? null : fromWireDecimal(value);
}

export function fromWireOrderLineItems(body: z.output<typeof wireOrderLineItems>): OrderLineItemSpec[] {
  return (body ?? []).map((item) => ({
    itemNumber: item.itemNumber ?? null,
    itemName: item.itemName ?? null,
    itemState: item.itemState ?? null,
    itemType: item.itemType ?? null,
    itemCategory: item.itemCategory ?? null,
    currency: item.currency ?? null,
    ownerAccountNumber: item.ownerAccountNumber ?? null,
    quantity: decimal(item.quantity),
    amountPerUnit: decimal(item.amountPerUnit),
    listPricePerUnit: decimal(item.listPricePerUnit),
    inlineDiscountType: item.inlineDiscountType ?? null,
    inlineDiscountPerUnit: decimal(item.inlineDiscountPerUnit),
    transactionStartDate: item.transactionStartDate ?? null,
    transactionEndDate: item.transactionEndDate ?? null,
    billTargetDate: item.billTargetDate ?? null,
    productRatePlanChargeId: item.productRatePlanChargeId ?? null,
    relatedSubscriptionNumber: item.relatedSubscriptionNumber ?? null,
    originalOrderNumber: item.originalOrderNumber ?? null,
    originalOrderLineItemNumber: item.originalOrderLineItemNumber ?? null,
    details: withoutNulls(pick(item, ATTRIBUTES)),
    customFields: withoutNulls((item.customFields ?? {}) as JsonObject),
  }));
}

function withoutNulls(fields: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
}

const FIELDS = [
  'itemName',
  'itemType',
  'relatedSubscriptionNumber',
  'inlineDiscountType',
  'transactionStartDate',
  'transactionEndDate',
  'billTargetDate',
] as const;
const DECIMALS = ['quantity', 'amountPerUnit', 'listPricePerUnit', 'inlineDiscountPerUnit'] as const;

function fromWireChanges(id: string, body: WireChanges, path: string): LineItemPatch {
  const fields: { [name: string]: JsonValue } = pick(body, FIELDS);
  for (const name of DECIMALS) if (body[name] !== undefined) fields[name] = decimal(body[name]);
  return {
    id,
    path,
    ...(body.itemState == null ? {} : { itemState: body.itemState }),
    ...(body.ownerAccountNumber == null ? {} : { ownerAccountNumber: body.ownerAccountNumber }),
    fields,
    details: pick(body, ATTRIBUTES),
    customFields: (body.customFields ?? {}) as JsonObject,
  };
}

export function fromWireLineItemChanges(id: string, body: WireChanges): UpdateLineItems {
  return { items: [fromWireChanges(id, body, '')] };
}

export function fromWireLineItemsChanges(body: z.output<typeof lineItemsChanges>): UpdateLineItems | Refusal {
  for (const [name, value] of Object.entries(body.processingOptions ?? {})) {
    if (value === true) return refuse('invalid', 'is not available yet', `processingOptions.${name}`);
  }
  return {
    items: body.orderLineItems.map((item, i) => fromWireChanges(item.id, item, `orderLineItems[${i}].`)),
  };
}

export function toWireLineItemsUpdated({ items }: LineItemsUpdated): JsonObject {
  return { success: true, orderLineItems: items.map(({ id, itemState }) => ({ id, itemState })) };
}

/** Attributes that are shown as null when there are none, as the published samples have them. */
const NULLS: JsonObject = { UOM: null, accountingCode: null };

/** An order line item in the contract's form. */
export function toWireLineItem(item: OrderLineItem, cards: AccountCards): JsonObject {
  const owner = cards.byId.get(item.ownerAccountId)?.account;
  const invoiceOwner = cards.byId.get(item.invoiceOwnerAccountId)?.account;
  const shown: { [name: string]: JsonValue } = {
    ...NULLS,
    ...item.details,
    id: item.id,
    orderId: item.orderId,
    itemNumber: item.itemNumber,
    itemName: item.itemName,
    itemState: item.itemState,
    itemType: item.itemType,
    itemCategory: item.itemCategory,
    currency: item.currency,
    ...priceFields(item),
    ownerAccountId: item.ownerAccountId,
    ownerAccountNumber: owner?.accountNumber ?? null,
    ownerAccountName: owner?.name ?? null,
    invoiceOwnerAccountId: item.invoiceOwnerAccountId,
    invoiceOwnerAccountNumber: invoiceOwner?.accountNumber ?? null,
    invoiceOwnerAccountName: invoiceOwner?.name ?? null,
    transactionStartDate: item.transactionStartDate,
    billTargetDate: item.billTargetDate,
    productRatePlanChargeId: item.productRatePlanChargeId,
    customFields: item.customFields,
  };
  for (const name of [
    'transactionEndDate',
    'relatedSubscriptionNumber',
    'originalOrderLineItemId',
  ] as const) {
    if (item[name] !== null) shown[name] = item[name];
  }
  return shown;
}

/** No tax is known before an item is billed: the amount is the same with and without it. */
function priceFields(item: OrderLineItem): JsonObject {
  const amount = toWireMoney(item.amountMinor, item.currency);
  const shown: { [name: string]: JsonValue } = {
    quantity: toWireDecimal(item.quantity),
    amountPerUnit: toWireDecimal(item.amountPerUnit),
    amount,
    amountWithoutTax: amount,
  };
  if (item.listPricePerUnit !== null) {
    shown.listPricePerUnit = toWireDecimal(item.listPricePerUnit);
    shown.listPrice = toWireShown(multiply(item.listPricePerUnit, item.quantity), item.currency);
  }
  if (item.inlineDiscountType !== null) shown.inlineDiscountType = item.inlineDiscountType;
  if (item.inlineDiscountPerUnit !== null)
    shown.inlineDiscountPerUnit = toWireDecimal(item.inlineDiscountPerUnit);
  const discount = discountOf(item);
  if (discount !== null) shown.discount = toWireShown(discount, item.currency);
  return shown;
}

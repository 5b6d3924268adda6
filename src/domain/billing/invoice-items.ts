import type { DecideContext } from '../account/command.ts';
import type { Need, State } from '../account/state.ts';
import { currencyDigits } from '../currencies.ts';
import {
  type Decimal,
  divide,
  fitsMinor,
  fromMinor,
  isNegative,
  isZero,
  MRR_DECIMALS,
  multiply,
  roundToMinor,
  toMinor,
} from '../money.ts';
import { isRefusal, type JsonObject, type JsonValue, type Refusal, refuse } from '../result.ts';
import { NOT_BILLED } from './document-line.ts';
import type { InvoiceItem } from './invoice.ts';

/** Items that one request about a standalone invoice takes, discounts counted (conventions 7). */
export const STANDALONE_ITEMS_MAX = 1_000;

/** One line of a standalone invoice as it is asked for. Absent values are null. */
export interface NewInvoiceItem {
  /** Wins over unitPrice × quantity; may be negative, the invoice's total may not. */
  readonly amount: Decimal | null;
  readonly unitPrice: Decimal | null;
  readonly quantity: Decimal | null;
  /** The product rate plan charge's name when null. */
  readonly chargeName: string | null;
  /** YYYY-MM-DD HH:MM:SS in the tenant's zone; the instant of creation when null. */
  readonly chargeDate: string | null;
  readonly serviceStartDate: string;
  /** Inclusive. */
  readonly serviceEndDate: string | null;
  /** Id or number. */
  readonly productRatePlanChargeId: string | null;
  /** What is taken off this line: lines of their own, which follow it. */
  readonly discounts: readonly NewDiscountItem[];
  readonly details: JsonObject;
  readonly customFields: JsonObject;
}

/** What is taken off a line. Its service is the line's. */
export interface NewDiscountItem {
  /** Below zero. */
  readonly amount: Decimal;
  readonly unitPrice: Decimal | null;
  readonly chargeName: string | null;
  readonly chargeDate: string | null;
  readonly productRatePlanChargeId: string | null;
  readonly details: JsonObject;
  readonly customFields: JsonObject;
}

/** Where a line stands: in the request, and in its invoice. */
export interface LinePlace {
  readonly invoiceId: string;
  readonly currency: string;
  /** Of the request: `invoiceItems[0]`. */
  readonly path: string;
  readonly line: number;
}

export function needsOfItems(items: readonly NewInvoiceItem[]): Need[] {
  return items.flatMap((item) =>
    [item, ...item.discounts].flatMap(({ productRatePlanChargeId: key }) =>
      key === null ? [] : [{ kind: 'productRatePlanCharge' as const, key }],
    ),
  );
}

/** Builds a line and the discounts of it, on the lines that follow; the refusal names the field. */
export function buildInvoiceItems(
  state: State,
  wanted: NewInvoiceItem,
  place: LinePlace,
  context: DecideContext,
): InvoiceItem[] | Refusal {
  const item = buildInvoiceItem(state, wanted, place, context);
  if (isRefusal(item)) return item;
  const discounts: InvoiceItem[] = [];
  for (const [i, discount] of wanted.discounts.entries()) {
    const at = { ...place, path: `${place.path}.discountItems[${i}]`, line: place.line + i + 1 };
    const built = buildDiscountItem(state, discount, item, at, context);
    if (isRefusal(built)) return built;
    discounts.push(built);
  }
  return [withDiscounts(item, discounts), ...discounts];
}

/** The ids of the lines that discount this one. */
export function discountIdsOf(item: InvoiceItem): readonly string[] {
  return (item.details.discountItemIds as readonly string[] | undefined) ?? [];
}

/** The line, knowing its further discounts: they are gone when it is. */
export function withDiscounts(item: InvoiceItem, discounts: readonly InvoiceItem[]): InvoiceItem {
  if (discounts.length === 0) return item;
  const discountItemIds: JsonValue = [...discountIdsOf(item), ...discounts.map(({ id }) => id)];
  return { ...item, details: { ...item.details, discountItemIds } };
}

/** Builds one line with its exact amount; the refusal names the field. */
export function buildInvoiceItem(
  state: State,
  wanted: Omit<NewInvoiceItem, 'discounts'>,
  { invoiceId, currency, path, line }: LinePlace,
  context: DecideContext,
): InvoiceItem | Refusal {
  const named = nameOf(state, wanted, path);
  if (isRefusal(named)) return named;
  if (wanted.serviceEndDate !== null && wanted.serviceEndDate < wanted.serviceStartDate) {
    return refuse('invalid', 'must not be before serviceStartDate', `${path}.serviceEndDate`);
  }
  const quantity = wanted.quantity ?? '1';
  const amountMinor = amountOf(wanted, quantity, currency, `${path}.amount`);
  if (typeof amountMinor !== 'number') return amountMinor;
  return {
    id: context.newId(),
    revision: 0,
    invoiceId,
    line,
    chargeName: named.chargeName,
    chargeDate: wanted.chargeDate ?? context.now,
    amountMinor,
    taxMinor: 0,
    quantity,
    unitPrice: wanted.unitPrice ?? unitPriceOf(amountMinor, quantity, currency),
    serviceStartDate: wanted.serviceStartDate,
    serviceEndDate: wanted.serviceEndDate,
    productRatePlanChargeId: named.chargeId,
    subscriptionId: null,
    processingType: 'Charge',
    ...NOT_BILLED,
    appliedMinor: 0,
    creditedMinor: 0,
    details: { ...named.details, ...wanted.details },
    customFields: wanted.customFields,
    createdAt: context.now,
  };
}

/** Builds the line of a discount of another line. */
export function buildDiscountItem(
  state: State,
  wanted: NewDiscountItem,
  item: InvoiceItem,
  place: LinePlace,
  context: DecideContext,
): InvoiceItem | Refusal {
  if (!isNegative(wanted.amount) || isZero(wanted.amount)) {
    return refuse('invalid', 'must be below zero: it is taken off the item', `${place.path}.amount`);
  }
  const { serviceStartDate, serviceEndDate } = item;
  const likeItem = { ...wanted, quantity: null, serviceStartDate, serviceEndDate };
  const built = buildInvoiceItem(state, likeItem, place, context);
  if (isRefusal(built)) return built;
  return { ...built, quantity: '0', processingType: 'Discount', appliedToItemId: item.id };
}

/** What a line is called, and what it has from the product rate plan charge that it names. */
function nameOf(
  state: State,
  wanted: Pick<NewInvoiceItem, 'productRatePlanChargeId' | 'chargeName'>,
  path: string,
): { readonly chargeId: string | null; readonly chargeName: string; readonly details: JsonObject } | Refusal {
  const key = wanted.productRatePlanChargeId;
  const charge = key === null ? null : state.find('productRatePlanCharge', key);
  if (key !== null && charge === null) {
    const message = `there is no product rate plan charge ${key}`;
    return refuse('invalid', message, `${path}.productRatePlanChargeId`);
  }
  const chargeName = wanted.chargeName ?? charge?.name ?? null;
  if (chargeName === null) {
    return refuse('invalid', 'is required without a productRatePlanChargeId', `${path}.chargeName`);
  }
  if (charge === null) return { chargeId: null, chargeName, details: {} };
  return { chargeId: charge.id, chargeName, details: { chargeType: charge.chargeType } };
}

/** The given amount, which must be exact in its currency, or unit price × quantity rounded half up (semantics E.5). */
function amountOf(
  wanted: Pick<NewInvoiceItem, 'amount' | 'unitPrice'>,
  quantity: Decimal,
  currency: string,
  field: string,
): number | Refusal {
  if (wanted.amount !== null) {
    const minor = toMinor(wanted.amount, currency);
    if (minor !== null) return minor;
    const digits = currencyDigits(currency);
    return fitsMinor(wanted.amount, currency)
      ? refuse('invalid', `${wanted.amount} has more than the ${digits} decimal digits of ${currency}`, field)
      : refuse('invalid', 'is larger than an invoice can hold', field);
  }
  if (wanted.unitPrice === null) return refuse('invalid', 'is required without a unitPrice', field);
  const exact = multiply(wanted.unitPrice, quantity);
  if (!fitsMinor(exact, currency)) {
    return refuse('invalid', 'unitPrice × quantity is larger than an invoice can hold', field);
  }
  return roundToMinor(exact, currency, 'HALF_UP');
}

/** What one unit costs when only the amount was given: for show, nothing is computed from it. */
export function unitPriceOf(amountMinor: number, quantity: Decimal, currency: string): Decimal {
  const amount = fromMinor(amountMinor, currency);
  if (quantity === '1' || isZero(quantity)) return amount;
  return divide(amount, quantity, { decimals: MRR_DECIMALS, rounding: 'HALF_UP' });
}

import type { DecideContext } from '../account/command.ts';
import type { State } from '../account/state.ts';
import { currencyDigits } from '../currencies.ts';
import {
  type Decimal,
  divide,
  fitsMinor,
  fromMinor,
  isZero,
  MRR_DECIMALS,
  multiply,
  roundToMinor,
  toMinor,
} from '../money.ts';
import { type JsonObject, type Refusal, refuse } from '../result.ts';
import { NOT_BILLED } from './document-line.ts';
import type { InvoiceItem } from './invoice.ts';

/** Items that one standalone invoice takes (conventions 7). */
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
  readonly details: JsonObject;
  readonly customFields: JsonObject;
}

interface Place {
  readonly invoiceId: string;
  readonly index: number;
  readonly currency: string;
}

/** The line to store, or what is wrong with it. */
export function buildInvoiceItem(
  state: State,
  wanted: NewInvoiceItem,
  { invoiceId, index, currency }: Place,
  context: DecideContext,
): InvoiceItem | Refusal {
  const field = (name: string) => `invoiceItems[${index}].${name}`;
  const chargeKey = wanted.productRatePlanChargeId;
  const charge = chargeKey === null ? null : state.find('productRatePlanCharge', chargeKey);
  if (chargeKey !== null && charge === null) {
    return refuse(
      'invalid',
      `there is no product rate plan charge ${chargeKey}`,
      field('productRatePlanChargeId'),
    );
  }
  const chargeName = wanted.chargeName ?? charge?.name ?? null;
  if (chargeName === null) {
    return refuse('invalid', 'is required without a productRatePlanChargeId', field('chargeName'));
  }
  if (wanted.serviceEndDate !== null && wanted.serviceEndDate < wanted.serviceStartDate) {
    return refuse('invalid', 'must not be before serviceStartDate', field('serviceEndDate'));
  }
  const quantity = wanted.quantity ?? '1';
  const amountMinor = amountOf(wanted, quantity, currency, field('amount'));
  if (typeof amountMinor !== 'number') return amountMinor;
  return {
    id: context.newId(),
    revision: 0,
    invoiceId,
    line: index + 1,
    chargeName,
    chargeDate: wanted.chargeDate ?? context.now,
    amountMinor,
    taxMinor: 0,
    quantity,
    unitPrice: wanted.unitPrice ?? unitPriceOf(amountMinor, quantity, currency),
    serviceStartDate: wanted.serviceStartDate,
    serviceEndDate: wanted.serviceEndDate,
    productRatePlanChargeId: charge?.id ?? null,
    subscriptionId: null,
    processingType: 'Charge',
    ...NOT_BILLED,
    appliedMinor: 0,
    creditedMinor: 0,
    details: wanted.details,
    customFields: wanted.customFields,
    createdAt: context.now,
  };
}

/** The given amount, which must be exact in its currency, or unit price × quantity rounded half up (semantics E.5). */
function amountOf(
  wanted: NewInvoiceItem,
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

import type { Need, State } from '../account/state.ts';
import type { Invoice } from '../billing/invoice.ts';
import { currencyDigits } from '../currencies.ts';
import { type Decimal, fitsMinor, fromMinor, isNegative, isZero, toMinor } from '../money.ts';
import { type Refusal, refuse } from '../result.ts';

/** Documents that one payment is applied to, or taken off, in one request (conventions 7). */
export const APPLIED_DOCUMENTS_MAX = 1_000;

/** A part of a payment for one invoice, as it is asked for. */
export interface InvoicePart {
  /** Id or number. */
  readonly invoiceKey: string;
  /** What the request called the key. */
  readonly keyField: 'invoiceId' | 'invoiceNumber';
  readonly amount: Decimal;
}

/** The same, resolved and checked against the invoice alone. */
export interface ResolvedPart {
  readonly index: number;
  readonly invoice: Invoice;
  readonly amountMinor: number;
}

export function needsOfParts(parts: readonly InvoicePart[]): Need[] {
  return parts.map(({ invoiceKey: key }) => ({ kind: 'invoice', key }));
}

/**
 * Finds the invoices of the parts. Every one must belong to the payer, be posted, be in the payment's currency and
 * appear once; every amount must be positive and exact in the currency.
 */
export function resolveParts(
  state: State,
  parts: readonly InvoicePart[],
  payer: { readonly accountId: string; readonly currency: string },
): ResolvedPart[] | Refusal {
  const resolved: ResolvedPart[] = [];
  const seen = new Set<string>();
  for (const [index, part] of parts.entries()) {
    const field = `invoices[${index}].${part.keyField}`;
    const invoice = state.find('invoice', part.invoiceKey);
    if (invoice === null) return refuse('invalid', `there is no invoice ${part.invoiceKey}`, field);
    const { invoiceNumber } = invoice;
    if (invoice.accountId !== payer.accountId) {
      return refuse('invalid', `invoice ${invoiceNumber} belongs to another account`, field);
    }
    if (invoice.status !== 'Posted') {
      return refuse('invalid', `invoice ${invoiceNumber} is ${invoice.status}, not Posted`, field);
    }
    if (invoice.currency !== payer.currency) {
      return refuse(
        'invalid',
        `invoice ${invoiceNumber} is in ${invoice.currency}, the payment in ${payer.currency}`,
        field,
      );
    }
    if (seen.has(invoice.id)) {
      return refuse('invalid', `invoice ${invoiceNumber} is named more than once`, field);
    }
    seen.add(invoice.id);
    const amountMinor = positiveMinor(part.amount, payer.currency, `invoices[${index}].amount`);
    if (typeof amountMinor !== 'number') return amountMinor;
    resolved.push({ index, invoice, amountMinor });
  }
  return resolved;
}

/** The amount in minor units; must be above zero and exact in the currency. */
export function positiveMinor(amount: Decimal, currency: string, field: string): number | Refusal {
  if (isZero(amount) || isNegative(amount)) {
    return refuse('invalid', `${amount} is not greater than zero`, field);
  }
  const minor = toMinor(amount, currency);
  if (minor !== null) return minor;
  return fitsMinor(amount, currency)
    ? refuse(
        'invalid',
        `${amount} has more than the ${currencyDigits(currency)} decimal digits of ${currency}`,
        field,
      )
    : refuse('invalid', 'is larger than a payment can be', field);
}

/**
 * Whether the parts fit what is left of the payment and of each invoice.
 *
 * @returns the sum of the parts in minor units
 */
export function checkApplicable(
  parts: readonly ResolvedPart[],
  unappliedMinor: number,
  currency: string,
): number | Refusal {
  const show = (minor: number) => `${fromMinor(minor, currency)} ${currency}`;
  let leftMinor = unappliedMinor;
  for (const { index, invoice, amountMinor } of parts) {
    const field = `invoices[${index}].amount`;
    if (amountMinor > invoice.balanceMinor) {
      return refuse(
        'invalid',
        `${show(amountMinor)} is more than the balance ${show(invoice.balanceMinor)} of invoice ${invoice.invoiceNumber}`,
        field,
      );
    }
    if (amountMinor > leftMinor) {
      return refuse(
        'invalid',
        `${show(amountMinor)} is more than the ${show(leftMinor)} that is left of the payment`,
        field,
      );
    }
    leftMinor -= amountMinor;
  }
  return unappliedMinor - leftMinor;
}

/** The invoice after so much of payments was applied to it; negative takes off. */
export function withPayment(
  invoice: Invoice,
  amountMinor: number,
  by: { readonly now: string; readonly actor: string },
): Invoice {
  return {
    ...invoice,
    balanceMinor: invoice.balanceMinor - amountMinor,
    paymentsAppliedMinor: invoice.paymentsAppliedMinor + amountMinor,
    updatedAt: by.now,
    updatedBy: by.actor,
  };
}

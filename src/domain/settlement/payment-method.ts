import type { Need } from '../account/state.ts';
import type { Audit, Stored } from '../entities.ts';
import type { JsonObject } from '../result.ts';

/** How an account pays. Holds no number of a card or bank account: only the gateway's token for it, and its last digits. */
export interface PaymentMethod extends Stored, Audit {
  readonly accountId: string;
  readonly type: PaymentMethodType;
  readonly status: 'Active' | 'Closed';
  /** The gateway's, for electronic types; empty for the others. */
  readonly token: string;
  /** Last digits of the card or bank account: four, or fewer of a short number. */
  readonly lastFour: string | null;
  readonly brand: string | null;
  readonly expirationMonth: number | null;
  readonly expirationYear: number | null;
  readonly holderName: string | null;
  /** `gatewayId` is the gateway that gave the token; the rest nothing computes on. */
  readonly details: JsonObject;
  readonly customFields: JsonObject;
}

/** A gateway can be asked for money from these. */
export const ELECTRONIC_TYPES = ['CreditCard', 'CreditCardReferenceTransaction', 'ACH'] as const;
/** With these money comes by itself. */
export const EXTERNAL_TYPES = ['Check', 'Cash', 'WireTransfer', 'Other'] as const;
export type PaymentMethodType = (typeof ELECTRONIC_TYPES)[number] | (typeof EXTERNAL_TYPES)[number];

export function isElectronic({ type }: PaymentMethod): boolean {
  return (ELECTRONIC_TYPES as readonly string[]).includes(type);
}

/** Whether a card that runs out in this month can be used no more on a day (YYYY-MM-DD): a card is good to the last day of its month. */
export function isExpired(month: number, year: number, today: string): boolean {
  return `${year}-${String(month).padStart(2, '0')}` < today.slice(0, 7);
}

/** Last digits that may be shown of a number: four, and never more than half of them. */
export function lastDigits(number: string): string {
  return number.slice(-Math.min(4, Math.floor(number.length / 2)));
}

/** Luhn: every card number ends with a digit that follows from the others. */
export function hasCheckDigit(number: string): boolean {
  let sum = 0;
  for (let i = 0; i < number.length; i++) {
    const digit = Number(number[number.length - 1 - i]);
    const doubled = i % 2 === 0 ? digit : digit * 2;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

const BRANDS: ReadonlyArray<readonly [string, RegExp]> = [
  ['Visa', /^4/],
  ['MasterCard', /^(5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/],
  ['AmericanExpress', /^3[47]/],
  ['Discover', /^(6011|64[4-9]|65)/],
  ['JCB', /^35(2[89]|[3-8])/],
  ['Diners', /^3(0[0-5]|[68])/],
];

/** The brand that a card number begins with; null when it is none of the known ones. */
export function brandOf(number: string): string | null {
  return BRANDS.find(([, pattern]) => pattern.test(number))?.[0] ?? null;
}

/** Id of the method that an account pays with when none is named; null when it has none. */
export function defaultMethodIdOf({ details }: { readonly details: JsonObject }): string | null {
  const id = details.defaultPaymentMethodId;
  return typeof id === 'string' ? id : null;
}

export function needOfMethod(paymentMethodId: string | null): Need[] {
  return paymentMethodId === null ? [] : [{ kind: 'paymentMethod', key: paymentMethodId }];
}

import type { JsonObject, JsonValue } from '../domain/result.ts';
import type { PaymentMethod } from '../domain/settlement/payment-method.ts';
import { toWireDateTime, toWireInstant } from './values.ts';

/** Payment methods as replies show them: never more of a number than its last digits. */

const DOCUMENT_TIME_ZONE = 'UTC';
const ADDRESS = [
  'addressLine1',
  'addressLine2',
  'city',
  'country',
  'email',
  'phone',
  'state',
  'zipCode',
] as const;
const MASKED_CARD_DIGITS = 12;
const MASKED_BANK_DIGITS = 8;

interface Shown {
  readonly method: PaymentMethod;
  readonly isDefault: boolean;
}

/** A method as GET /v1/payment-methods/{id} and the lists of an account show it, without `success`. */
export function toWirePaymentMethod({ method, isDefault }: Shown): JsonObject {
  const { details } = method;
  const given = (name: string): JsonValue => details[name] ?? null;
  return {
    accountHolderInfo: { accountHolderName: method.holderName, ...addressOf(method) },
    accountKey: method.accountId,
    bankIdentificationNumber: given('bankIdentificationNumber'),
    createdBy: method.createdBy,
    createdDate: toWireDateTime(method.createdAt, DOCUMENT_TIME_ZONE),
    deviceSessionId: null,
    existingMandate: null,
    id: method.id,
    ipAddress: given('ipAddress'),
    isDefault,
    lastFailedSaleTransactionDate: toWireInstant(details.lastFailedSaleTransactionDate),
    lastTransaction: given('lastTransaction'),
    lastTransactionDateTime: toWireInstant(details.lastTransactionDateTime),
    lastTransactionStatus: given('lastTransaction'),
    mandateInfo: mandateOf(method),
    maxConsecutivePaymentFailures: given('maxConsecutivePaymentFailures'),
    numConsecutiveFailures: details.numConsecutiveFailures ?? 0,
    paymentRetryWindow: given('paymentRetryWindow'),
    status: method.status,
    totalNumberOfErrorPayments: details.totalNumberOfErrorPayments ?? 0,
    totalNumberOfProcessedPayments: details.totalNumberOfProcessedPayments ?? 0,
    type: method.type,
    updatedBy: method.updatedBy,
    updatedDate: toWireDateTime(method.updatedAt, DOCUMENT_TIME_ZONE),
    useDefaultRetryRule: details.useDefaultRetryRule ?? true,
    ...ofType(method),
    ...method.customFields,
  };
}

/** What only this type of method has. */
function ofType(method: PaymentMethod): JsonObject {
  const { details } = method;
  switch (method.type) {
    case 'CreditCard':
      return {
        cardNumber: masked(method, MASKED_CARD_DIGITS),
        creditCardType: method.brand,
        expirationMonth: method.expirationMonth,
        expirationYear: method.expirationYear,
        identityNumber: details.identityNumber ?? null,
      };
    case 'CreditCardReferenceTransaction':
      return { tokenId: method.token, secondTokenId: details.secondTokenId ?? null };
    case 'ACH':
      return {
        bankABACode: details.bankABACode ?? null,
        bankAccountName: method.holderName,
        bankAccountNumber: masked(method, MASKED_BANK_DIGITS),
        bankAccountType: details.bankAccountType ?? null,
        bankName: details.bankName ?? null,
      };
    default:
      return {};
  }
}

function mandateOf({ type, details }: PaymentMethod): JsonObject {
  const given = (name: string): JsonValue => details[name] ?? null;
  if (type !== 'ACH') {
    return {
      mitConsentAgreementRef: given('mitConsentAgreementRef'),
      mitConsentAgreementSrc: given('mitConsentAgreementSrc'),
      mitProfileAction: given('mitProfileAction'),
      mitProfileAgreedOn: given('mitProfileAgreedOn'),
      mitProfileType: given('mitProfileType'),
      mitTransactionId: given('mitNetworkTransactionId'),
    };
  }
  const mandate = (details.mandateInfo ?? {}) as JsonObject;
  return {
    existingMandateStatus: null,
    mandateCreationDate: null,
    mandateId: mandate.mandateId ?? null,
    mandateReason: mandate.mandateReason ?? null,
    mandateReceivedStatus: null,
    mandateStatus: mandate.mandateStatus ?? null,
    mandateUpdateDate: null,
  };
}

function addressOf({ details }: PaymentMethod): JsonObject {
  const address = (details.accountHolderInfo ?? {}) as JsonObject;
  return Object.fromEntries(ADDRESS.map((name) => [name, address[name] ?? null]));
}

function masked({ lastFour }: PaymentMethod, hiddenDigits: number): string {
  return '*'.repeat(hiddenDigits) + (lastFour ?? '');
}

/** `{ creditcard: […], ach: […] }`: lists by type in lower case, of those types that there are. */
export function toWireMethodsByType(methods: readonly Shown[]): JsonObject {
  const lists = new Map<string, JsonObject[]>();
  for (const shown of methods) {
    const name = shown.method.type.toLowerCase();
    lists.set(name, [...(lists.get(name) ?? []), toWirePaymentMethod(shown)]);
  }
  return Object.fromEntries(lists);
}

/** A card as GET /v1/payment-methods/credit-cards/accounts/{key} lists it. */
export function toWireListedCard({ method, isDefault }: Shown): JsonObject {
  return {
    cardHolderInfo: { cardHolderName: method.holderName, ...addressOf(method) },
    cardNumber: masked(method, MASKED_CARD_DIGITS),
    cardType: method.brand,
    defaultPaymentMethod: isDefault,
    expirationMonth: method.expirationMonth,
    expirationYear: method.expirationYear,
    id: method.id,
  };
}

import { z } from 'zod';
import type { JsonObject } from '../domain/result.ts';
import type { PaymentSecret } from '../domain/settlement/gateway.ts';
import type { NewPaymentMethod, PaymentMethodChanges } from '../domain/settlement/keep-payment-methods.ts';
import {
  brandOf,
  ELECTRONIC_TYPES,
  EXTERNAL_TYPES,
  hasCheckDigit,
  lastDigits,
  type PaymentMethodType,
} from '../domain/settlement/payment-method.ts';
import {
  customFieldsOf,
  pick,
  pickGiven,
  wireBoolean,
  wireDate,
  wireKey,
  wireNotYet,
  wireText,
  withCustomFields,
} from './values.ts';

/**
 * Bodies about payment methods. A number of a card or bank account goes from the body to the gateway and nowhere else: what is made of a body here
 * keeps the number apart, and no message repeats one.
 */

export const PAYMENT_METHOD_TYPES = [...ELECTRONIC_TYPES, ...EXTERNAL_TYPES] as const;
const TYPE_ERROR = `must be one of ${PAYMENT_METHOD_TYPES.join(', ')}: other types are not supported yet`;
const BANK_ACCOUNT_TYPES = ['BusinessChecking', 'Checking', 'Saving'] as const;
/** First digits of a card that tell its bank; with the last four they may be shown. */
const BANK_IDENTIFICATION_DIGITS = 6;
/** Years that a card's expiration may be in. */
const YEARS = { first: 2000, last: 2099 };

const text = (lengthMax: number) => wireText(lengthMax).nullish();

const wireCardNumber = wireText(19)
  .regex(/^\d{12,19}$/, 'must have 12 to 19 digits and nothing else')
  .refine(hasCheckDigit, 'is not the number of a card: its last digit does not follow from the others');
const wireMonth = z
  .int({ error: 'must be a month, 1 to 12' })
  .min(1, 'must be a month, 1 to 12')
  .max(12, 'must be a month, 1 to 12');
const wireYear = z
  .int({ error: 'must be a year of four digits' })
  .min(YEARS.first, 'must be a year of four digits')
  .max(YEARS.last, 'must be a year of four digits');
const wireSecurityCode = wireText(4)
  .regex(/^\d{3,4}$/, 'must have 3 or 4 digits')
  .nullish();

const addressShape = {
  addressLine1: text(255),
  addressLine2: text(255),
  city: text(40),
  country: text(64),
  email: text(80),
  phone: text(40),
  state: text(50),
  zipCode: text(20),
};
const ADDRESS = Object.keys(addressShape);

const wireHolder = z.object(
  { cardHolderName: wireText(50), ...addressShape },
  { error: 'must be an object' },
);

const mandateShape = {
  mandateInfo: z
    .object(
      { mandateId: text(36), mandateReason: text(64), mandateStatus: text(64) },
      { error: 'must be an object' },
    )
    .nullish(),
  mitConsentAgreementRef: text(128),
  mitConsentAgreementSrc: z.enum(['External'], { error: 'must be External' }).nullish(),
  mitNetworkTransactionId: text(128),
  mitProfileAction: z.enum(['Activate', 'Persist'], { error: 'must be Activate or Persist' }).nullish(),
  mitProfileAgreedOn: wireDate.nullish(),
  mitProfileType: z
    .enum(['Recurring', 'Unscheduled'], { error: 'must be Recurring or Unscheduled' })
    .nullish(),
};
const MANDATE = Object.keys(mandateShape);

const retryShape = {
  maxConsecutivePaymentFailures: z
    .int({ error: 'must be a whole number' })
    .min(0, 'must not be negative')
    .max(100, 'must be at most 100')
    .nullish(),
  paymentRetryWindow: z
    .int({ error: 'must be a whole number' })
    .min(0, 'must not be negative')
    .max(10_000, 'must be at most 10000')
    .nullish(),
  useDefaultRetryRule: wireBoolean.nullish(),
};
const RETRY = Object.keys(retryShape);

/** Of gateways and screening that no gateway here has. */
const notHere = {
  checkDuplicated: wireNotYet,
  processingOptions: z.object({ checkDuplicated: wireNotYet }, { error: 'must be an object' }).nullish(),
  gatewayOptions: wireNotYet,
  screeningAmount: wireNotYet,
};

const needed: Readonly<Record<PaymentMethodType, readonly string[]>> = {
  CreditCard: ['cardHolderInfo', 'cardNumber', 'cardType', 'expirationMonth', 'expirationYear'],
  CreditCardReferenceTransaction: ['tokenId'],
  ACH: ['bankABACode', 'bankAccountName', 'bankAccountNumber', 'bankAccountType', 'bankName'],
  Check: [],
  Cash: [],
  WireTransfer: [],
  Other: [],
};

/** POST /v1/payment-methods */
export const wireNewPaymentMethod = withCustomFields({
  accountKey: wireKey,
  type: z.enum(PAYMENT_METHOD_TYPES, { error: TYPE_ERROR }),
  makeDefault: wireBoolean.nullish(),
  authGateway: wireText(40).nullish(),
  currencyCode: text(3),
  ipAddress: text(45),
  skipValidation: wireBoolean.nullish(),
  cardHolderInfo: wireHolder.nullish(),
  cardNumber: wireCardNumber.nullish(),
  cardType: wireText(32).nullish(),
  expirationMonth: wireMonth.nullish(),
  expirationYear: wireYear.nullish(),
  identityNumber: text(30),
  securityCode: wireSecurityCode,
  creditCardMaskNumber: text(19),
  tokenId: wireText(255)
    .min(1, 'must not be empty')
    .refine((token) => !/^\d{12,19}$/.test(token), 'must be the token of a gateway, not a number')
    .nullish(),
  secondTokenId: text(255),
  bankABACode: wireText(9)
    .regex(/^\d{9}$/, 'must have nine digits')
    .refine(isRoutingNumber, 'is not a routing number: its last digit does not follow from the others')
    .nullish(),
  bankAccountName: text(70),
  bankAccountNumber: wireText(17)
    .regex(/^\d{4,17}$/, 'must have 4 to 17 digits and nothing else')
    .nullish(),
  bankAccountType: z
    .enum(BANK_ACCOUNT_TYPES, { error: `must be one of ${BANK_ACCOUNT_TYPES.join(', ')}` })
    .nullish(),
  bankName: text(70),
  ...addressShape,
  ...mandateShape,
  ...notHere,
}).superRefine((body, context) => {
  const given = body as Record<string, unknown>;
  for (const name of needed[body.type]) {
    if (given[name] == null) {
      context.addIssue({ code: 'custom', path: [name], message: `is required for type ${body.type}` });
    }
  }
  checkBrand(body.cardNumber, body.cardType, 'cardType', context);
});
export type WireNewPaymentMethod = z.output<typeof wireNewPaymentMethod>;

/** POST /v1/payment-methods/credit-cards */
export const wireNewCreditCard = withCustomFields({
  accountKey: wireKey,
  cardHolderInfo: wireHolder.nullish(),
  creditCardNumber: wireCardNumber,
  creditCardType: wireText(32),
  defaultPaymentMethod: wireBoolean.nullish(),
  expirationMonth: wireMonth,
  expirationYear: wireYear,
  securityCode: wireSecurityCode,
  numConsecutiveFailures: wireNotYet,
  gatewayOptions: wireNotYet,
  ...mandateShape,
}).superRefine((body, context) =>
  checkBrand(body.creditCardNumber, body.creditCardType, 'creditCardType', context),
);

/** PUT /v1/payment-methods/{id}: what is absent stays. */
export const wirePaymentMethodChanges = withCustomFields({
  accountHolderInfo: z.object(addressShape, { error: 'must be an object' }).nullish(),
  accountKey: wireNotYet,
  authGateway: wireNotYet,
  currencyCode: text(3),
  ipAddress: text(45),
  expirationMonth: wireMonth.nullish(),
  expirationYear: wireYear.nullish(),
  securityCode: wireSecurityCode,
  mandateInfo: mandateShape.mandateInfo,
  gatewayOptions: wireNotYet,
  processingOptions: notHere.processingOptions,
  ...retryShape,
});

/** PUT /v1/payment-methods/credit-cards/{id} */
export const wireCreditCardChanges = withCustomFields({
  cardHolderName: wireText(50).nullish(),
  defaultPaymentMethod: wireBoolean.nullish(),
  expirationMonth: wireMonth.nullish(),
  expirationYear: wireYear.nullish(),
  securityCode: wireSecurityCode,
  numConsecutiveFailures: wireNotYet,
  gatewayOptions: wireNotYet,
  ...addressShape,
});

/** Which of an account's methods GET /v1/accounts/{key}/payment-methods shows. */
export const wirePaymentMethodQuery = z.object({
  isDefaultOnly: z.enum(['true', 'false'], { error: 'must be true or false' }).optional(),
  isActiveOnly: z.enum(['true', 'false'], { error: 'must be true or false' }).optional(),
});

/** A method as its body describes it, and apart from it the number that the gateway is to keep: null when it has its token, or needs none. */
export interface DescribedMethod {
  readonly method: Omit<NewPaymentMethod, 'token'>;
  readonly secret: PaymentSecret | null;
  readonly token: string;
}

export function fromWirePaymentMethod(body: WireNewPaymentMethod): DescribedMethod {
  const number = body.cardNumber ?? body.bankAccountNumber ?? null;
  const isCard = body.type === 'CreditCard';
  const isBank = body.type === 'ACH';
  const holder = body.cardHolderInfo ?? null;
  return {
    method: {
      accountKey: body.accountKey,
      type: body.type,
      makeDefault: body.makeDefault ?? false,
      ...cardOrBank(isCard || isBank ? number : null, isCard ? (body.cardType ?? null) : null),
      expirationMonth: isCard ? (body.expirationMonth ?? null) : null,
      expirationYear: isCard ? (body.expirationYear ?? null) : null,
      holderName: (isBank ? body.bankAccountName : holder?.cardHolderName) ?? null,
      details: {
        accountHolderInfo: pickGiven(holder ?? body, ADDRESS),
        ...pickGiven(body, [...MANDATE, 'currencyCode', 'identityNumber', 'ipAddress', 'secondTokenId']),
        ...(isBank ? pickGiven(body, ['bankABACode', 'bankAccountType', 'bankName']) : {}),
        ...(isCard ? bankIdentificationOf(number) : {}),
      },
      customFields: customFieldsOf(body),
    },
    secret: isCard ? cardSecret(body, number!) : isBank ? bankSecret(body, number!) : null,
    token: body.type === 'CreditCardReferenceTransaction' ? (body.tokenId ?? '') : '',
  };
}

export function fromWireCreditCard(body: z.output<typeof wireNewCreditCard>): DescribedMethod {
  const { creditCardNumber, creditCardType, defaultPaymentMethod, ...rest } = body;
  return fromWirePaymentMethod({
    ...rest,
    type: 'CreditCard',
    cardNumber: creditCardNumber,
    cardType: creditCardType,
    makeDefault: defaultPaymentMethod ?? false,
  });
}

export function fromWirePaymentMethodChanges(
  id: string,
  body: z.output<typeof wirePaymentMethodChanges>,
): PaymentMethodChanges {
  const { accountHolderInfo } = body;
  return {
    paymentMethodId: id,
    expirationMonth: body.expirationMonth ?? null,
    expirationYear: body.expirationYear ?? null,
    holderName: null,
    makeDefault: false,
    details: {
      ...(accountHolderInfo == null ? {} : { accountHolderInfo: pick(accountHolderInfo, ADDRESS) }),
      ...pickGiven(body, [...RETRY, 'mandateInfo', 'currencyCode', 'ipAddress']),
    },
    customFields: customFieldsOf(body),
  };
}

export function fromWireCreditCardChanges(
  id: string,
  body: z.output<typeof wireCreditCardChanges>,
): PaymentMethodChanges {
  return {
    paymentMethodId: id,
    expirationMonth: body.expirationMonth ?? null,
    expirationYear: body.expirationYear ?? null,
    holderName: body.cardHolderName ?? null,
    makeDefault: body.defaultPaymentMethod ?? false,
    details: { accountHolderInfo: pick(body, ADDRESS) },
    customFields: customFieldsOf(body),
  };
}

function cardOrBank(number: string | null, brand: string | null) {
  return { lastFour: number === null ? null : lastDigits(number), brand };
}

function bankIdentificationOf(number: string | null): JsonObject {
  return number === null ? {} : { bankIdentificationNumber: number.slice(0, BANK_IDENTIFICATION_DIGITS) };
}

function cardSecret(body: WireNewPaymentMethod, number: string): PaymentSecret {
  return {
    kind: 'card',
    number,
    expirationMonth: body.expirationMonth!,
    expirationYear: body.expirationYear!,
    securityCode: body.securityCode ?? null,
  };
}

function bankSecret(body: WireNewPaymentMethod, number: string): PaymentSecret {
  return { kind: 'bankAccount', number, routingNumber: body.bankABACode! };
}

/** A number that begins as one brand's do is no other brand's. */
export function checkBrand(
  number: string | null | undefined,
  brand: string | null | undefined,
  field: string,
  context: z.RefinementCtx,
): void {
  const actual = number == null ? null : brandOf(number);
  if (actual === null || brand == null || brand === actual) return;
  context.addIssue({ code: 'custom', path: [field], message: `must be ${actual}, as the number begins` });
}

/** ABA: the digits weighed by 3, 7 and 1 in turn add up to a multiple of ten. */
function isRoutingNumber(code: string): boolean {
  const weights = [3, 7, 1];
  const sum = [...code].reduce((total, digit, i) => total + Number(digit) * weights[i % 3]!, 0);
  return sum % 10 === 0;
}

import { z } from 'zod';
import { type JsonObject, type Refusal, refuse } from '../domain/result.ts';
import type { PaymentMethodChanges } from '../domain/settlement/keep-payment-methods.ts';
import type { PaymentMethodType } from '../domain/settlement/payment-method.ts';
import { detailsUnder, fieldUnder } from './object-fields.ts';
import {
  checkBrand,
  type DescribedMethod,
  fromWirePaymentMethod,
  type WireNewPaymentMethod,
  wireNewPaymentMethod,
  wirePaymentMethodChanges,
} from './payment-methods.ts';
import { customFieldsOf, wireKey, wireNotYet, withCustomFields } from './values.ts';

/** Payment methods, as /v1/object/payment-method names them: the fields of each type begin with it. A number goes to the gateway and nowhere else. */

const { shape } = wireNewPaymentMethod;
const { shape: changes } = wirePaymentMethodChanges;

/** Name here → name of /v1/payment-methods: what every type may have, what cards and what bank accounts have. */
const COMMON = {
  Email: 'email',
  Phone: 'phone',
  IPAddress: 'ipAddress',
  IdentityNumber: 'identityNumber',
  MitConsentAgreementRef: 'mitConsentAgreementRef',
  MitConsentAgreementSrc: 'mitConsentAgreementSrc',
  MitNetworkTransactionId: 'mitNetworkTransactionId',
  MitProfileAction: 'mitProfileAction',
  MitProfileAgreedOn: 'mitProfileAgreedOn',
  MitProfileType: 'mitProfileType',
  currencyCode: 'currencyCode',
} as const;
const CARD = {
  CreditCardNumber: 'cardNumber',
  CreditCardType: 'cardType',
  CreditCardExpirationMonth: 'expirationMonth',
  CreditCardExpirationYear: 'expirationYear',
  CreditCardSecurityCode: 'securityCode',
} as const;
const CARD_ADDRESS = {
  CreditCardAddress1: 'addressLine1',
  CreditCardAddress2: 'addressLine2',
  CreditCardCity: 'city',
  CreditCardCountry: 'country',
  CreditCardPostalCode: 'zipCode',
  CreditCardState: 'state',
} as const;
const BANK = {
  AchAbaCode: 'bankABACode',
  AchAccountName: 'bankAccountName',
  AchAccountNumber: 'bankAccountNumber',
  AchAccountType: 'bankAccountType',
  AchBankName: 'bankName',
} as const;
const BANK_ADDRESS = {
  AchAddress1: 'addressLine1',
  AchAddress2: 'addressLine2',
  AchCity: 'city',
  AchCountry: 'country',
  AchPostalCode: 'zipCode',
  AchState: 'state',
} as const;
const TOKEN = { TokenId: 'tokenId', SecondTokenId: 'secondTokenId' } as const;
const RETRY = {
  MaxConsecutivePaymentFailures: 'maxConsecutivePaymentFailures',
  PaymentRetryWindow: 'paymentRetryWindow',
  UseDefaultRetryRule: 'useDefaultRetryRule',
} as const;

type Names = Readonly<Record<string, string>>;

/** The schemas of /v1's fields under the names here. */
function shapeOf<From extends Names>(
  names: From,
  from: Readonly<Record<string, z.ZodType>>,
): { [Name in keyof From]: z.ZodType } {
  return Object.fromEntries(Object.entries(names).map(([name, own]) => [name, from[own]!])) as {
    [Name in keyof From]: z.ZodType;
  };
}

/** Of types, screening and mandates that no gateway here has. */
const UNSUPPORTED = [
  'BankBranchCode',
  'BankCheckDigit',
  'BankTransferAccountName',
  'BankTransferAccountNumber',
  'BankTransferType',
  'BusinessIdentificationCode',
  'DeviceSessionId',
  'ExistingMandate',
  'GatewayOptionData',
  'IBAN',
  'IsCompany',
  'LastTransactionDateTime',
  'MandateCreationDate',
  'MandateID',
  'MandateReceived',
  'MandateUpdateDate',
  'NumConsecutiveFailures',
  'PaymentMethodStatus',
  'PaypalBaid',
  'PaypalEmail',
  'PaypalPreapprovalKey',
  'PaypalType',
] as const;
const unsupported = Object.fromEntries(UNSUPPORTED.map((name) => [name, wireNotYet])) as {
  readonly [Name in (typeof UNSUPPORTED)[number]]: typeof wireNotYet;
};

const NEEDED: Partial<Record<PaymentMethodType, readonly string[]>> = {
  CreditCard: [
    'CreditCardHolderName',
    'CreditCardNumber',
    'CreditCardType',
    'CreditCardExpirationMonth',
    'CreditCardExpirationYear',
  ],
  CreditCardReferenceTransaction: ['TokenId'],
  ACH: ['AchAbaCode', 'AchAccountName', 'AchAccountNumber', 'AchAccountType', 'AchBankName'],
};

const wireHolderName = shape.bankAccountName;

/** POST /v1/object/payment-method. */
export const wireObjectNewPaymentMethod = withCustomFields({
  AccountId: wireKey,
  Type: shape.type,
  CreditCardHolderName: wireHolderName,
  SkipValidation: shape.skipValidation,
  ...shapeOf(COMMON, shape),
  ...shapeOf(CARD, shape),
  ...shapeOf(CARD_ADDRESS, shape),
  ...shapeOf(BANK, shape),
  ...shapeOf(BANK_ADDRESS, shape),
  ...shapeOf(TOKEN, shape),
  ...shapeOf(RETRY, changes),
  ...unsupported,
}).superRefine((body, context) => {
  const given = body as Readonly<Record<string, unknown>>;
  for (const name of NEEDED[body.Type] ?? []) {
    if (given[name] != null) continue;
    context.addIssue({ code: 'custom', path: [name], message: `is required for type ${body.Type}` });
  }
  const { CreditCardNumber, CreditCardType } = given as Readonly<Record<string, string | null | undefined>>;
  checkBrand(CreditCardNumber, CreditCardType, 'CreditCardType', context);
});
export type WireObjectNewPaymentMethod = z.output<typeof wireObjectNewPaymentMethod>;

export function fromWireObjectPaymentMethod(body: WireObjectNewPaymentMethod): DescribedMethod {
  const isBank = body.Type === 'ACH';
  const address = detailsUnder(body, isBank ? BANK_ADDRESS : CARD_ADDRESS);
  const contact = detailsUnder(body, { Email: 'email', Phone: 'phone' });
  const holder =
    body.CreditCardHolderName == null
      ? {}
      : { cardHolderInfo: { cardHolderName: body.CreditCardHolderName, ...address, ...contact } };
  const described = fromWirePaymentMethod({
    accountKey: body.AccountId,
    type: body.Type,
    ...address,
    ...detailsUnder(body, { ...COMMON, ...CARD, ...BANK, ...TOKEN }),
    ...(isBank ? {} : holder),
    ...customFieldsOf(body),
  } as WireNewPaymentMethod);
  const details = { ...described.method.details, ...detailsUnder(body, RETRY) };
  return { ...described, method: { ...described.method, details } };
}

/** What this resource calls a field of a payment method. */
export function fieldOfObjectPaymentMethod(field: string): string {
  return field === 'accountKey' ? 'AccountId' : fieldUnder(field, CARD);
}

const FIXED = 'cannot be changed: add another payment method instead';
const fixed = z.undefined({ error: FIXED }).optional();

/** PUT /v1/object/payment-method/{id}: what is absent stays. */
export const wireObjectPaymentMethodChanges = withCustomFields({
  AccountId: fixed,
  AchAbaCode: fixed,
  AchAccountName: wireHolderName,
  AchAccountType: fixed,
  AchBankName: shape.bankName,
  CreditCardExpirationMonth: changes.expirationMonth,
  CreditCardExpirationYear: changes.expirationYear,
  CreditCardHolderName: wireHolderName,
  CreditCardSecurityCode: changes.securityCode,
  CreditCardType: fixed,
  Email: shape.email,
  IPAddress: changes.ipAddress,
  IdentityNumber: shape.identityNumber,
  Phone: shape.phone,
  SecondTokenId: shape.secondTokenId,
  currencyCode: changes.currencyCode,
  ...shapeOf(CARD_ADDRESS, shape),
  ...shapeOf(BANK_ADDRESS, shape),
  ...shapeOf(RETRY, changes),
  ...unsupported,
});

/** @param type of the method, which never changes: the fields of another one are refused */
export function fromWireObjectPaymentMethodChanges(
  body: z.output<typeof wireObjectPaymentMethodChanges>,
  paymentMethodId: string,
  type: PaymentMethodType,
): PaymentMethodChanges | Refusal {
  const foreign =
    type === 'ACH' ? /^CreditCard/ : type.startsWith('CreditCard') ? /^Ach/ : /^(Ach|CreditCard)/;
  const odd = Object.entries(body).find(([name, value]) => value != null && foreign.test(name))?.[0];
  if (odd !== undefined) return refuse('rule', `is no field of a payment method of type ${type}`, odd);
  const accountHolderInfo: JsonObject = {
    ...detailsUnder(body, { ...CARD_ADDRESS, ...BANK_ADDRESS }),
    ...detailsUnder(body, { Email: 'email', Phone: 'phone' }),
  };
  return {
    paymentMethodId,
    expirationMonth: body.CreditCardExpirationMonth ?? null,
    expirationYear: body.CreditCardExpirationYear ?? null,
    holderName: body.CreditCardHolderName ?? body.AchAccountName ?? null,
    makeDefault: false,
    details: {
      ...(Object.keys(accountHolderInfo).length === 0 ? {} : { accountHolderInfo }),
      ...detailsUnder(body, {
        ...RETRY,
        AchBankName: 'bankName',
        IPAddress: 'ipAddress',
        IdentityNumber: 'identityNumber',
        SecondTokenId: 'secondTokenId',
        currencyCode: 'currencyCode',
      }),
    },
    customFields: customFieldsOf(body),
  };
}

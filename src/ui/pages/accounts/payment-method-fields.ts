import { choicesOf, type Field } from '../../forms/fields.ts';

export interface MethodType {
  readonly type: string;
  readonly label: string;
  readonly hint: string;
}

/** Types of payment method, those that a gateway can be asked for money from first. */
export const METHOD_TYPES: readonly MethodType[] = [
  {
    type: 'CreditCard',
    label: 'Credit card',
    hint: 'The number goes to the payment gateway and nowhere else: kept are its last four digits.',
  },
  {
    type: 'CreditCardReferenceTransaction',
    label: 'Gateway token',
    hint: 'A card that the gateway keeps already, by the token that it gave for it.',
  },
  {
    type: 'ACH',
    label: 'Bank account (ACH)',
    hint: 'The number goes to the payment gateway and nowhere else: kept are its last four digits.',
  },
  { type: 'Check', label: 'Check', hint: 'Money comes by itself, by check; somebody records each payment.' },
  {
    type: 'WireTransfer',
    label: 'Wire transfer',
    hint: 'Money comes by itself; somebody records each payment.',
  },
  { type: 'Cash', label: 'Cash', hint: 'Money comes by itself; somebody records each payment.' },
  { type: 'Other', label: 'Other', hint: 'Money comes by itself; somebody records each payment.' },
];

/** Shown to nobody again, not even to who typed them. */
export const SECRET_FIELDS: ReadonlySet<string> = new Set([
  'cardNumber',
  'securityCode',
  'bankAccountNumber',
]);

const MAKE_DEFAULT: Field = {
  name: 'makeDefault',
  label: 'Default payment method',
  type: 'checkbox',
  hint: 'Payments that name no method go by it.',
};
const GATEWAY: Field = {
  name: 'authGateway',
  label: 'Payment gateway',
  maxLength: 40,
  hint: 'Empty: the account’s, else the first that there is.',
};

const CARD: readonly Field[] = [
  {
    name: 'cardHolderInfo.cardHolderName',
    label: 'Name on the card',
    required: true,
    maxLength: 50,
    autocomplete: 'cc-name',
  },
  {
    name: 'cardType',
    label: 'Brand',
    type: 'select',
    required: true,
    choices: choicesOf('Visa', 'MasterCard', 'AmericanExpress', 'Discover', 'JCB', 'Diners'),
  },
  {
    name: 'cardNumber',
    label: 'Card number',
    required: true,
    maxLength: 19,
    autocomplete: 'cc-number',
    hint: 'Digits only. Where the form is refused it is typed again.',
  },
  { name: 'securityCode', label: 'Security code', maxLength: 4, autocomplete: 'cc-csc' },
  { name: 'expirationMonth', label: 'Expiration month', type: 'integer', required: true, hint: '1 to 12' },
  { name: 'expirationYear', label: 'Expiration year', type: 'integer', required: true, hint: 'Four digits' },
  { name: 'cardHolderInfo.country', label: 'Country', maxLength: 64 },
  { name: 'cardHolderInfo.zipCode', label: 'Postal code', maxLength: 20 },
];
const BANK: readonly Field[] = [
  { name: 'bankAccountName', label: 'Name on the bank account', required: true, maxLength: 70 },
  { name: 'bankName', label: 'Bank', required: true, maxLength: 70 },
  { name: 'bankABACode', label: 'Routing number (ABA)', required: true, maxLength: 9, hint: 'Nine digits' },
  {
    name: 'bankAccountNumber',
    label: 'Account number',
    required: true,
    maxLength: 17,
    hint: 'Digits only. Where the form is refused it is typed again.',
  },
  {
    name: 'bankAccountType',
    label: 'Type of account',
    type: 'select',
    required: true,
    choices: choicesOf('BusinessChecking', 'Checking', 'Saving'),
  },
];
const TOKEN: readonly Field[] = [
  {
    name: 'tokenId',
    label: 'Token',
    required: true,
    maxLength: 255,
    hint: 'As the gateway gave it; never a card number.',
  },
  {
    name: 'secondTokenId',
    label: 'Second token',
    maxLength: 255,
    hint: 'Where the gateway names the customer as well.',
  },
];

/** Fields of POST /v1/payment-methods that a type has. */
export function methodFields(type: string): readonly Field[] {
  switch (type) {
    case 'CreditCard':
      return [...CARD, GATEWAY, MAKE_DEFAULT];
    case 'CreditCardReferenceTransaction':
      return [...TOKEN, GATEWAY, MAKE_DEFAULT];
    case 'ACH':
      return [...BANK, GATEWAY, MAKE_DEFAULT];
    default:
      return [MAKE_DEFAULT];
  }
}

import { hasCheckDigit, lastDigits } from '../domain/settlement/payment-method.ts';
import { CARD_LENGTH_MIN, paymentNumberIn } from './without-payment-numbers.ts';

/** Passwords, secrets of clients and tokens that give access or can be charged. */
const SECRET_NAME =
  /(?:passwo?r?d|passphrase|secret|authorization|api_?key|(?:^|_|access|refresh|bearer|second)token|tokenid)$/i;
/** A field of a text that is to be looked through: what has none of these names has no secret to be found by its name. */
const MAY_NAME_ONE =
  /cardNumber|accountNumber|IBAN|securityCode|passw|passphrase|secret|authorization|api_?key|token|\\u/i;
/** Of what is left without its strings: a name that was not written as JSON has it. */
const NAMED_OUTSIDE =
  /cardNumber|(?:bank|ach|transfer)AccountNumber|IBAN|securityCode|passw|passphrase|secret/i;

/** Fields that hold a payment method: the accountNumber in one is that of a bank account. */
const PAYMENT_METHOD_NAME =
  /(?:payment_?methods?|bank_?(?:transfer|account)s?|^ach|^sepa)(?:info|details?|data)?$/i;
const MAY_NAME_PAYMENT_METHOD = /payment_?method|bank_?(?:transfer|account)|"(?:ach|sepa)|\\u/i;

const CONTENT = String.raw`[^"\\]*(?:\\[\s\S][^"\\]*)*`;
/** Also one that the end has cut: otherwise each quote in it would be looked at as a beginning, up to the end. */
const STRING = `"(${CONTENT})"?`;
/** A string, and, when it is a name, the value behind it, which the end of a cut text may cut. */
const NAME_AND_VALUE = new RegExp(
  String.raw`${STRING}(?:(\s*:\s*)("${CONTENT}"?|[^\s",[\]{}]+|[[{])?)?`,
  'g',
);
const WHOLE = new RegExp(`^"${CONTENT}"$`);
const STRINGS = new RegExp(STRING, 'g');

/** Digits in the length of a card's number, also in groups; not within a longer word such as an id. */
const CARD_DIGITS = /(?<![\w.])[2-6](?:[ -]?\d){13,18}(?![\w])/g;

export const HIDDEN = '***';

export interface SecretOptions {
  /** An accountNumber is the number of a bank account, as in requests about payment methods; it is in any text that holds one too. */
  readonly isAboutPaymentMethods?: boolean;
}

/**
 * JSON text, whole or cut, as it may be kept and shown: numbers of cards and bank accounts with the digits that replies show, nothing of security codes, passwords, secrets
 * and tokens. All else is as it was sent, also where it is not valid JSON. null: a secret is named, but not in a way that lets it be taken out.
 */
export function withoutSecrets(text: string, given: SecretOptions = {}): string | null {
  if (!MAY_NAME_ONE.test(text)) return withoutCardNumbers(text);
  const isAboutPaymentMethods = given.isAboutPaymentMethods === true || holdsPaymentMethod(text);
  const options = { isAboutPaymentMethods };
  let isNested = false;
  const shown = text.replaceAll(
    NAME_AND_VALUE,
    (all, name: string, colon: string | undefined, value: string | undefined, offset: number) => {
      if (colon === undefined || value === undefined) return all;
      const hidden = hiding(plain(name), options);
      if (hidden === null || value === 'null') return all;
      if (value === '{' || value === '[') isNested = true;
      const isWhole = value.startsWith('"') ? WHOLE.test(value) : offset + all.length < text.length;
      const inner = plain(value.replaceAll(/^"|"$/g, ''));
      return `"${name}"${colon}"${isWhole ? hidden(inner) : HIDDEN}"`;
    },
  );
  const outside = text.replaceAll(STRINGS, '');
  if (isNested || NAMED_OUTSIDE.test(outside)) return null;
  if (/accountNumber/i.test(outside) && (isAboutPaymentMethods || MAY_NAME_PAYMENT_METHOD.test(outside)))
    return null;
  return withoutCardNumbers(shown);
}

/** Whether an object or a list in this JSON text, whole or cut, is a payment method by its name. */
export function holdsPaymentMethod(text: string): boolean {
  if (!MAY_NAME_PAYMENT_METHOD.test(text)) return false;
  for (const [, name = '', , value] of text.matchAll(NAME_AND_VALUE)) {
    if ((value === '{' || value === '[') && PAYMENT_METHOD_NAME.test(plain(name))) return true;
  }
  return false;
}

/** Numbers of cards that stand anywhere in a text, by their check digit. */
export function withoutCardNumbers(text: string): string {
  return text.replaceAll(CARD_DIGITS, (found) => {
    const digits = found.replaceAll(/\D/g, '');
    return hasCheckDigit(digits) ? shownCard(digits) : found;
  });
}

/** A path with its query, in which a parameter may be named like a secret. */
export function withoutSecretParameters(path: string): string {
  const shown = path.replaceAll(
    /([?&])([^=&]+)=([^&]*)/g,
    (all, start: string, name: string, value: string) => {
      const hidden = hiding(decoded(name), {});
      return hidden === null ? all : `${start}${name}=${hidden(decoded(value))}`;
    },
  );
  return withoutCardNumbers(shown);
}

/** How the value of this field is shown; null: as it is. */
function hiding(name: string, options: SecretOptions): ((value: string) => string) | null {
  const kind = paymentNumberIn(name);
  if (kind === 'card') return shownCard;
  if (kind === 'bank' || (options.isAboutPaymentMethods === true && /^accountNumber$/i.test(name))) {
    return (value) => HIDDEN + lastDigits(value.replaceAll(/\W/g, ''));
  }
  return kind === 'code' || SECRET_NAME.test(name) ? () => HIDDEN : null;
}

function shownCard(number: string): string {
  const digits = number.replaceAll(/\W/g, '');
  return digits.length < CARD_LENGTH_MIN ? HIDDEN : `${digits.slice(0, 6)}******${digits.slice(-4)}`;
}

/** A JSON string's content without its escapes; as it is where they are not valid. */
function plain(content: string): string {
  if (!content.includes('\\')) return content;
  try {
    return JSON.parse(`"${content}"`) as string;
  } catch {
    return content.replaceAll(/[^\w]/g, '');
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}

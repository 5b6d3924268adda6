import { lastDigits } from '../domain/settlement/payment-method.ts';

/** Numbers of cards and bank accounts, and security codes, wherever a body names them. */
const CARD_NUMBER = /cardNumber$/i;
/** Also as the older resources name them; an AccountNumber alone is the key of a customer's account. */
const OTHER_SECRET = /(?:(?:bank|ach|transfer)AccountNumber|IBAN|securityCode)$/i;
/** Of people who sign in: nothing of it is in a hash, not even its length. */
const PASSWORD = /password$/i;
const MAY_NAME_ONE = /cardNumber|(?:bank|ach|transfer)AccountNumber|IBAN|securityCode|password|\\u/i;
/** What a field of this name holds, as far as it must not be kept; null for any other. */
export function paymentNumberIn(name: string): 'card' | 'bank' | 'code' | null {
  if (CARD_NUMBER.test(name)) return 'card';
  if (!OTHER_SECRET.test(name)) return null;
  return /code/i.test(name) ? 'code' : 'bank';
}

/** As long as a card's number: its first six and last four digits are shown. */
export const CARD_LENGTH_MIN = 12;

/**
 * What a body says, with only those digits of payment numbers that replies show too: a hash of all of them could be undone by trying the others. So
 * two numbers with the same ends are taken for one under the same idempotency key. Passwords are left out, since a fast hash of one gives it away.
 *
 * Looks at what was parsed, since names and numbers can be written in many ways in JSON.
 */
export function withoutPaymentNumbers(text: string): string {
  if (!MAY_NAME_ONE.test(text)) return text;
  try {
    return said(JSON.parse(text));
  } catch {
    // No body of an operation: what it is refused for is not told apart by its letters and digits.
    return text.replaceAll(/[\p{L}\p{N}]/gu, '0');
  }
}

/** All of it, in order. A list of what is left to say, not recursion: a body may be nested as deep as it is long. */
function said(body: unknown): string {
  const parts: string[] = [];
  const left: unknown[] = [body];
  while (left.length > 0) {
    const next = left.pop();
    if (next === null || typeof next !== 'object') {
      parts.push(JSON.stringify(next));
      continue;
    }
    const isList = Array.isArray(next);
    const entries = Object.entries(next);
    parts.push(`${isList ? 'list' : 'object'} ${entries.length}`);
    for (const [name, value] of entries.reverse()) {
      left.push(isList ? value : withoutNumber(name, value));
      if (!isList) left.push(name);
    }
  }
  return parts.join();
}

function withoutNumber(name: string, value: unknown): unknown {
  if (PASSWORD.test(name)) return null;
  const kind = paymentNumberIn(name);
  if (value === null || kind === null) return value;
  if (typeof value === 'object') return Object.keys(value).length;
  const text = String(value);
  if (kind === 'card') return text.length < CARD_LENGTH_MIN ? text.length : text.slice(0, 6) + text.slice(-4);
  return kind === 'code' ? text.length : lastDigits(text);
}

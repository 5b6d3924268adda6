import { describe, expect, test } from 'vitest';
import { withoutPaymentNumbers } from '../../src/wire/without-payment-numbers.ts';

// What the hash of an idempotency key is made of: nothing that replies hide, and all else.

const HIDDEN = '123456';
const CARD = `400000${HIDDEN}0002`;

describe('hides', () => {
  test.each([
    ['a card', `{"cardNumber":"${CARD}"}`],
    ['a card under its older name', `{"creditCardNumber":"${CARD}"}`],
    ['a card deep inside', `{"creditCard":[{"cardNumber":"${CARD}"}]}`],
    ['a number', `{"cardNumber":${CARD}}`],
    ['a name with escapes', `{"card\\u004eumber":"${CARD}"}`],
    ['digits with escapes', `{"cardNumber":"40000\\u0030${HIDDEN}0002"}`],
    ['a list', `{"cardNumber":["${CARD}"]}`],
    ['an account', `{"bankAccountNumber":"99${HIDDEN}0002"}`],
    ['an IBAN', `{"IBAN":"DE89${HIDDEN}532013000"}`],
    ['a code', `{"securityCode":"${HIDDEN}"}`],
    ['an account under its older name', `{"objects":[{"AchAccountNumber":"99${HIDDEN}0002"}]}`],
    ['an account of a transfer', `{"BankTransferAccountNumber":"99${HIDDEN}0002"}`],
    ['a code under its older name', `{"CreditCardSecurityCode":"${HIDDEN}"}`],
    ['what is not JSON', `{"cardNumber":"${CARD}"`],
    ['a password', `{"password":"${HIDDEN}"}`],
    ['a password that is no text', `{"newPassword":{"a":["${HIDDEN}"]}}`],
    ['a password with escapes', `{"pass\\u0077ord":"${HIDDEN}"}`],
  ])('%s', (_, text) => expect(withoutPaymentNumbers(text)).not.toContain(HIDDEN));
});

test('hides the letters and the length of a password too', () => {
  const said = (password: string) =>
    withoutPaymentNumbers(`{"email":"amy@example.com","password":"${password}"}`);
  expect(said('correct horse battery')).toBe(said('staple'));
  expect(said('correct horse battery')).toContain('amy@example.com');
  expect(withoutPaymentNumbers('{"password":"correct horse"')).not.toMatch(/correct|horse/);
});

describe('tells apart', () => {
  test.each([
    [`{"cardNumber":"400000${HIDDEN}0002"}`, `{"cardNumber":"400000${HIDDEN}0003"}`],
    [`{"cardNumber":"400000${HIDDEN}0002"}`, `{"cardNumber":"400001${HIDDEN}0002"}`],
    ['{"bankAccountNumber":"000123456789"}', '{"bankAccountNumber":"000123456788"}'],
    ['{"securityCode":"123","a":["b","c"]}', '{"securityCode":"123","a":["b,c"]}'],
    ['{"securityCode":"123","a":{}}', '{"securityCode":"123","a":[]}'],
    ['{"securityCode":"123","a":"1"}', '{"securityCode":"123","a":1}'],
    ['{"securityCode":"123","a":{"b":1},"c":2}', '{"securityCode":"123","a":{"b":1,"c":2}}'],
  ])('%s and %s', (one, other) => expect(withoutPaymentNumbers(one)).not.toBe(withoutPaymentNumbers(other)));
});

test('leaves the number of a customer account', () => {
  const text = '{"AccountNumber":"A00123456","CreditCardSecurityCode":"1"}';
  expect(withoutPaymentNumbers(text)).toContain('A00123456');
});

test('leaves a body as it is that names none', () => {
  const text = '{ "amount": 400000123456 }';
  expect(withoutPaymentNumbers(text)).toBe(text);
});

test('reads a body that is as deep as it is long', () => {
  const deep = `{"securityCode":${'['.repeat(200_000)}${']'.repeat(200_000)}}`;
  expect(withoutPaymentNumbers(`[${deep}]`)).toContain('securityCode');
});

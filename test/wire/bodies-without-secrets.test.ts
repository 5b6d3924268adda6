import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  withoutCardNumbers,
  withoutSecretParameters,
  withoutSecrets,
} from '../../src/wire/without-secrets.ts';

// What a body may be kept as: all of it as it was sent, but for payment numbers, passwords, secrets and tokens, in whatever way they are named.

const CARD = '4111111111111111';

describe('numbers and secrets by their names', () => {
  test.each([
    ['{"cardNumber":"4111111111111111"}', '{"cardNumber":"411111******1111"}'],
    [
      '{"creditCardNumber" : "4111111111111111" , "a":1}',
      '{"creditCardNumber" : "411111******1111" , "a":1}',
    ],
    ['{"CreditCardNumber":"4111 1111 1111 1111"}', '{"CreditCardNumber":"411111******1111"}'],
    ['{"cardNumber":4111111111111111}', '{"cardNumber":"411111******1111"}'],
    ['{"cardNumber":"411"}', '{"cardNumber":"***"}'],
    ['{"cardNumber":null}', '{"cardNumber":null}'],
    ['{"\\u0063ardNumber":"\\u0034111111111111111"}', '{"\\u0063ardNumber":"411111******1111"}'],
    ['{"bankAccountNumber":"1234567890"}', '{"bankAccountNumber":"***7890"}'],
    ['{"AchAccountNumber":"1234567890"}', '{"AchAccountNumber":"***7890"}'],
    ['{"BankTransferAccountNumber":"123"}', '{"BankTransferAccountNumber":"***3"}'],
    ['{"IBAN":"DE89370400440532013000"}', '{"IBAN":"***3000"}'],
    ['{"securityCode":"123"}', '{"securityCode":"***"}'],
    ['{"creditCardSecurityCode":123}', '{"creditCardSecurityCode":"***"}'],
    ['{"password":"a \\" b"}', '{"password":"***"}'],
    ['{"clientSecret":"s","client_secret":"s"}', '{"clientSecret":"***","client_secret":"***"}'],
    [
      '{"access_token":"s","tokenId":"t","SecondTokenId":"u"}',
      '{"access_token":"***","tokenId":"***","SecondTokenId":"***"}',
    ],
    [
      '{"uniqueToken":"plan-1","accountNumber":"A00000001"}',
      '{"uniqueToken":"plan-1","accountNumber":"A00000001"}',
    ],
    ['[{"a":[{"cardNumber":"4111111111111111"}]}]', '[{"a":[{"cardNumber":"411111******1111"}]}]'],
    ['{"comment":"paid with 4111 1111 1111 1111."}', '{"comment":"paid with 411111******1111."}'],
    ['{"message":"\'cardNumber\' is required"}', '{"message":"\'cardNumber\' is required"}'],
  ])('%s', (body, kept) => expect(withoutSecrets(body)).toBe(kept));

  test('an accountNumber is a bank account only where payment methods are spoken of', () => {
    const body = '{"accountKey":"A00000001","accountNumber":"1234567890"}';
    expect(withoutSecrets(body)).toBe(body);
    expect(withoutSecrets(body, { isAboutPaymentMethods: true })).toBe(
      '{"accountKey":"A00000001","accountNumber":"***7890"}',
    );
  });

  test.each([
    ['{"paymentMethod":{"accountNumber":"000123456789"}}', '{"paymentMethod":{"accountNumber":"***6789"}}'],
    ['{"paymentMethods":[{"accountNumber":12345678}]}', '{"paymentMethods":[{"accountNumber":"***5678"}]}'],
    [
      '{"a":{"bankTransfer":{"x":{"AccountNumber":"12345678"',
      '{"a":{"bankTransfer":{"x":{"AccountNumber":"***5678"',
    ],
    [
      '{"\\u0070aymentMethod":{"account\\u004eumber":"12345678"}}',
      '{"\\u0070aymentMethod":{"account\\u004eumber":"***5678"}}',
    ],
    [
      '{"accountNumber":"A00000001","paymentMethod":"ACH"}',
      '{"accountNumber":"A00000001","paymentMethod":"ACH"}',
    ],
    ['{paymentMethod: {accountNumber: "12345678"}}', null],
    ['{"paymentMethod": {accountNumber: "12345678"}}', null],
  ])('an accountNumber in a payment method: %s', (body, kept) => expect(withoutSecrets(body)).toBe(kept));

  test.each([
    ['a value that is a list', '{"cardNumber":["4111","1111"]}'],
    ['a value that is an object', '{"password":{"is":"x"}}'],
    ['a name without quotes', '{cardNumber: "5105"}'],
    ['a name in other quotes', "{'IBAN':'DE89370400440532013000'}"],
    ['a form', 'client_id=1&client_secret=2'],
  ])('%s cannot be taken out: nothing is kept', (_, body) => expect(withoutSecrets(body)).toBeNull());

  test('a text that was cut anywhere shows no more of a number than the whole one does', () => {
    const body = `{"a":"b","cardNumber":"${CARD}","bankAccountNumber":"987654321098","password":"hunter2-hunter2"}`;
    for (let end = 0; end <= body.length; end++) {
      const kept = withoutSecrets(body.slice(0, end)) ?? '';
      expect([end, kept]).not.toEqual([end, expect.stringMatching(/4111111|98765|hunter/)]);
    }
  });
});

test('a text of nothing but escaped quotes, cut before it ends, costs what its length says', () => {
  const cost = (length: number) => {
    const text = `["password ${'\\"'.repeat(length)}`;
    const startedAt = performance.now();
    expect(withoutSecrets(text)).toBe(text);
    return performance.now() - startedAt;
  };
  cost(100_000);
  // What looked at each quote up to the end would take half a minute.
  expect(cost(200_000)).toBeLessThan(3_000);
});

describe('laws', () => {
  const word = fc.string({
    unit: fc.constantFrom('a', 'b', '"', '\\', 'ü', ' ', ':', '{', ',', '\n'),
    maxLength: 8,
  });
  const value = fc.oneof(word, fc.integer(), fc.boolean(), fc.constant(null));

  test('what has no secret stays as it is, to the character', () => {
    fc.assert(
      fc.property(fc.dictionary(word, fc.oneof(value, fc.array(value))), (body) => {
        const text = JSON.stringify(body);
        expect(withoutSecrets(text)).toBe(text);
      }),
    );
  });

  test('a secret beside anything is not there any more, and all else is', () => {
    const names = [
      'cardNumber',
      'bankAccountNumber',
      'IBAN',
      'securityCode',
      'password',
      'clientSecret',
      'tokenId',
    ];
    fc.assert(
      fc.property(fc.dictionary(word, value), fc.constantFrom(...names), word, (others, name, after) => {
        const body = { before: others, [name]: `731846${after}2946605`, after };
        const kept = withoutSecrets(JSON.stringify(body))!;
        expect(kept).not.toContain('46605');
        const parsed = JSON.parse(kept) as typeof body;
        expect([parsed.before, parsed.after]).toEqual([body.before, after]);
      }),
    );
  });
});

test('digits that only look like a card stay: ids, amounts, numbers without a right check digit', () => {
  for (const text of [
    '0192f3a4b5c64111111111111111abcd',
    '4111111111111112',
    '12345678901234',
    'A4111111111111111',
    '1.4111111111111111',
  ]) {
    expect(withoutCardNumbers(text)).toBe(text);
  }
  expect(withoutCardNumbers('378282246310005')).toBe('378282******0005');
});

test('parameters of a query that are named like secrets', () => {
  expect(
    withoutSecretParameters('/v1/x?a=1&client_secret=s%20s&cardNumber=4111111111111111&pageSize=2'),
  ).toBe('/v1/x?a=1&client_secret=***&cardNumber=411111******1111&pageSize=2');
  expect(withoutSecretParameters(`/v1/payments/${CARD}?x=%zz`)).toBe('/v1/payments/411111******1111?x=%zz');
});

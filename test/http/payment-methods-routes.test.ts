import { env } from 'cloudflare:workers';
import { describe, expect, test, vi } from 'vitest';
import { inProcessApi } from '../support/in-process-api.ts';
import { CARDS, cardBody, messageOf, payingAccount } from '../support/paying-accounts.ts';
import { type Call, connect, putAccount } from '../support/settlement-fixtures.ts';

// Payment methods over HTTP: kept without their numbers, shown masked, one of them the default.
const NOBODY = '0'.repeat(32);

/** Every text that is in any table of the database. */
async function everythingStored(): Promise<string> {
  const { results } = await env.DB.prepare(
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_cf%' ESCAPE '\\' AND name NOT LIKE 'sqlite%'",
  ).all<{ name: string }>();
  const rows: unknown[] = [];
  for (const { name } of results) rows.push((await env.DB.prepare(`SELECT * FROM "${name}"`).all()).results);
  return JSON.stringify(rows);
}

async function create(call: Call, body: object, headers: object = {}) {
  return call('POST', '/v1/payment-methods', body, headers);
}

const ach = (accountKey: string) => ({
  accountKey,
  type: 'ACH',
  bankABACode: '110000000',
  bankAccountName: 'Test',
  bankAccountNumber: '000123456789',
  bankAccountType: 'Checking',
  bankName: 'Chase',
  city: 'Example City',
});

describe('a number', () => {
  test('is in no table, no log and no reply, whatever becomes of the request', async () => {
    const call = await connect();
    const account = await putAccount();
    const lines: string[] = [];
    const logged = vi.spyOn(console, 'log').mockImplementation((line) => void lines.push(String(line)));
    const failed = vi.spyOn(console, 'error').mockImplementation((line) => void lines.push(String(line)));
    const card = cardBody(account, CARDS.approve, { securityCode: '737' });
    const wrong = { ...card, cardNumber: '4111111111111112' };
    const replies = [
      await create(call, card, { 'Idempotency-Key': 'number-1' }),
      await create(call, card, { 'Idempotency-Key': 'number-1' }),
      await create(call, { ...card, expirationYear: 2020 }, { 'Idempotency-Key': 'number-2' }),
      await create(call, wrong, { 'Idempotency-Key': 'number-3' }),
      await create(call, { ...card, cardType: 'MasterCard' }, { 'Idempotency-Key': 'number-4' }),
      await create(call, { ...card, accountKey: NOBODY }, { 'Idempotency-Key': 'number-5' }),
      await create(call, ach(account.id), { 'Idempotency-Key': 'number-6' }),
      await create(call, {
        ...ach(account.id),
        tokenId: CARDS.approve,
        type: 'CreditCardReferenceTransaction',
      }),
      await call('POST', '/v1/payment-methods/credit-cards', {
        accountKey: account.id,
        creditCardType: 'Visa',
        creditCardNumber: CARDS.decline,
        expirationMonth: 10,
        expirationYear: 2090,
      }),
      await call('GET', `/v1/accounts/${account.id}/payment-methods`),
    ];
    expect(replies.map(({ status }) => status)).toEqual([200, 200, 400, 400, 400, 400, 200, 400, 200, 200]);
    const everything = `${await everythingStored()}${lines.join()}${JSON.stringify(replies)}`;
    for (const number of [CARDS.approve, CARDS.decline, '4111111111111112', '000123456789', '"737"']) {
      expect(everything).not.toContain(number);
    }
    logged.mockRestore();
    failed.mockRestore();
  });

  test('is not what the hash of an idempotency key rests on', async () => {
    const call = await connect();
    const account = await putAccount();
    const key = { 'Idempotency-Key': 'hash-of-a-card' };
    const first = await create(call, cardBody(account, '4000000000000002'), key);
    // The same first six and last four digits.
    const twin = await create(call, cardBody(account, '4000001800000002'), key);
    expect(twin.headers.get('Idempotency-Hit')).toBe('true');
    expect(twin.body).toEqual(first.body);
    expect((await create(call, cardBody(account, CARDS.approve), key)).status).toBe(422);
    // As JSON can also name it.
    const spelled = JSON.stringify(cardBody(account, '4000009990000002')).replace('cardN', 'card\\u004e');
    const api = await inProcessApi();
    expect((await api.post('/v1/payment-methods', spelled, key)).headers.get('Idempotency-Hit')).toBe('true');
  });

  test('is given to the gateway once: a kept reply is found before it', async () => {
    const api = await inProcessApi();
    const withoutGateway = await inProcessApi('standard', { TEST_GATEWAY: 'off' });
    const account = await putAccount();
    const creditCard = {
      accountKey: account.id,
      creditCardType: 'Visa',
      creditCardNumber: CARDS.approve,
      expirationMonth: 12,
      expirationYear: 2098,
    };
    for (const [path, body] of [
      ['/v1/payment-methods', cardBody(account, CARDS.approve)],
      ['/v1/payment-methods/credit-cards', creditCard],
    ] as const) {
      const key = { 'Idempotency-Key': `given once to ${path}` };
      const first = await api.post(path, body, key);
      expect(first.body).toMatchObject({ success: true });
      expect(await withoutGateway.post(path, body, key)).toMatchObject({ status: 200, body: first.body });
    }
  });
});

test('a card is shown masked, with its holder, by every read', async () => {
  const call = await connect();
  const { account, methodId } = await payingAccount(call, CARDS.approve);
  const shown = {
    id: methodId,
    accountKey: account.id,
    type: 'CreditCard',
    status: 'Active',
    cardNumber: '************1111',
    bankIdentificationNumber: '411111',
    creditCardType: 'Visa',
    expirationMonth: 12,
    expirationYear: 2098,
    isDefault: true,
    accountHolderInfo: { accountHolderName: 'Amy Lawrence', city: null },
    totalNumberOfProcessedPayments: 0,
  };
  expect((await call('GET', `/v1/payment-methods/${methodId}`)).body).toMatchObject({
    ...shown,
    success: true,
  });
  const path = `/v1/accounts/${account.accountNumber}/payment-methods`;
  expect((await call('GET', `${path}/default`)).body).toMatchObject(shown);
  expect((await call('GET', path)).body).toMatchObject({
    creditcard: [shown],
    defaultPaymentMethodId: methodId,
  });
  expect((await call('GET', `/v1/payment-methods/credit-cards/accounts/${account.id}`)).body).toMatchObject({
    creditCards: [
      { id: methodId, cardNumber: '************1111', cardType: 'Visa', defaultPaymentMethod: true },
    ],
  });
  expect((await call('GET', `/v1/accounts/${account.id}`)).body).toMatchObject({
    billingAndPayment: { defaultPaymentMethodId: methodId },
  });
});

test('bank accounts, tokens and what needs no gateway are listed by type, in the order of their creation', async () => {
  const call = await connect();
  const account = await putAccount();
  const bank = await create(call, ach(account.accountNumber));
  const token = `test-approve-${'a'.repeat(32)}`;
  const reference = await create(call, {
    accountKey: account.id,
    type: 'CreditCardReferenceTransaction',
    tokenId: token,
    secondTokenId: 'second',
  });
  const check = await create(call, { accountKey: account.id, type: 'Check', note__c: 'by post' });
  const { body } = await call('GET', `/v1/accounts/${account.id}/payment-methods`);
  expect(body).toMatchObject({
    ach: [
      {
        id: bank.body.id,
        bankAccountNumber: '********6789',
        bankABACode: '110000000',
        bankAccountName: 'Test',
        accountHolderInfo: { accountHolderName: 'Test', city: 'Example City' },
      },
    ],
    creditcardreferencetransaction: [{ id: reference.body.id, tokenId: token, secondTokenId: 'second' }],
    check: [{ id: check.body.id, note__c: 'by post' }],
    defaultPaymentMethodId: null,
  });
  expect((await call('GET', `/v1/accounts/${account.id}/payment-methods?isDefaultOnly=true`)).body).toEqual({
    defaultPaymentMethodId: null,
    paymentGateway: null,
    success: true,
  });
  expect((await call('GET', `/v1/accounts/${account.id}/payment-methods/default`)).status).toBe(404);
});

describe('refused by name', () => {
  const bad: ReadonlyArray<readonly [string, object]> = [
    ['accountKey', { accountKey: undefined }],
    ['accountKey', { accountKey: 'A-nobody' }],
    ['type', { type: 'SEPA' }],
    ['cardNumber', { cardNumber: '4111111111111112' }],
    ['cardNumber', { cardNumber: '4111 1111 1111 1111' }],
    ['cardNumber', { cardNumber: undefined }],
    ['cardType', { cardType: 'AmericanExpress' }],
    ['cardType', { cardType: undefined }],
    ['cardHolderInfo', { cardHolderInfo: undefined }],
    ['expirationMonth', { expirationMonth: 13 }],
    ['expirationYear', { expirationYear: 28 }],
    ['expirationYear', { expirationMonth: 10, expirationYear: 2021 }],
    ['securityCode', { securityCode: '12' }],
    ['authGateway', { authGateway: 'Nowhere' }],
    ['checkDuplicated', { checkDuplicated: true }],
    ['screeningAmount', { screeningAmount: 1 }],
  ];
  test.each(bad)('%s: %o', async (field, fields) => {
    const call = await connect();
    const account = await putAccount();
    const reply = await create(call, cardBody(account, CARDS.approve, fields));
    expect(reply.status).toBe(400);
    expect(messageOf(reply)).toContain(field);
    expect((await call('GET', `/v1/accounts/${account.id}/payment-methods`)).body.creditcard).toBeUndefined();
  });

  test.each([
    ['bankABACode', { bankABACode: '110000001' }],
    ['bankAccountNumber', { bankAccountNumber: '12' }],
    ['bankAccountType', { bankAccountType: 'Piggy' }],
    ['bankName', { bankName: undefined }],
  ] as const)('%s of a bank account: %o', async (field, fields) => {
    const call = await connect();
    const account = await putAccount();
    const reply = await create(call, { ...ach(account.id), ...fields });
    expect(reply.status).toBe(400);
    expect(messageOf(reply)).toContain(field);
  });

  test('a canceled account, and a deployment without a gateway', async () => {
    const call = await connect();
    const account = await putAccount({ status: 'Canceled' });
    expect(messageOf(await create(call, cardBody(account, CARDS.approve)))).toContain('canceled');
    const { TEST_GATEWAY: _, ...without } = env as unknown as Record<string, string>;
    const api = await inProcessApi('standard', { ...without, TEST_GATEWAY: undefined } as never);
    const open = await putAccount();
    const refused = await api.post('/v1/payment-methods', cardBody(open, CARDS.approve));
    expect(refused.status).toBe(400);
    expect(JSON.stringify(refused.body)).toContain('authGateway');
  });
});

describe('changes', () => {
  test('keep what they do not name, and never the number', async () => {
    const call = await connect();
    const { methodId } = await payingAccount(call, CARDS.approve);
    const changed = await call('PUT', `/v1/payment-methods/${methodId}`, {
      accountHolderInfo: { city: 'Bonn', phone: '1' },
      expirationMonth: 1,
      securityCode: '331',
      maxConsecutivePaymentFailures: 3,
    });
    expect(changed.body).toEqual({ id: methodId, success: true });
    const card = await call('PUT', `/v1/payment-methods/credit-cards/${methodId}`, {
      cardHolderName: 'Bea',
      addressLine1: 'Street 1',
      expirationYear: 2097,
    });
    expect(card.body).toEqual({ paymentMethodId: methodId, success: true });
    expect((await call('GET', `/v1/payment-methods/${methodId}`)).body).toMatchObject({
      accountHolderInfo: { accountHolderName: 'Bea', city: 'Bonn', phone: '1', addressLine1: 'Street 1' },
      expirationMonth: 1,
      expirationYear: 2097,
      maxConsecutivePaymentFailures: 3,
      cardNumber: '************1111',
    });
    const past = await call('PUT', `/v1/payment-methods/${methodId}`, { expirationYear: 2020 });
    expect(messageOf(past)).toContain('expirationYear');
  });

  test('another default takes its place, and only then the first can go', async () => {
    const call = await connect();
    const { account, methodId } = await payingAccount(call, CARDS.approve, { status: 'Draft' });
    const second = await create(call, cardBody(account, CARDS.decline));
    const path = `/v1/payment-methods/${methodId}`;
    expect(messageOf(await call('DELETE', path))).toContain('default');
    const chosen = await call('PUT', `/v1/accounts/${account.id}`, {
      defaultPaymentMethodId: second.body.id,
    });
    expect(chosen.body).toMatchObject({ success: true });
    expect((await call('DELETE', path)).body).toEqual({ success: true });
    expect((await call('GET', path)).status).toBe(404);
    expect((await call('DELETE', path)).status).toBe(404);
    expect((await call('GET', `/v1/accounts/${account.id}/payment-methods/default`)).body).toMatchObject({
      id: second.body.id,
    });
    expect((await call('PUT', `/v1/accounts/${account.id}`, { defaultPaymentMethodId: '' })).status).toBe(
      200,
    );
    expect((await call('DELETE', `/v1/payment-methods/${second.body.id}`)).status).toBe(200);
  });

  test("a default must be one of the account's own methods", async () => {
    const call = await connect();
    const { methodId } = await payingAccount(call, CARDS.approve);
    const other = await putAccount();
    const reply = await call('PUT', `/v1/accounts/${other.id}`, { defaultPaymentMethodId: methodId });
    expect(reply.status).toBe(400);
    expect(messageOf(reply)).toContain('defaultPaymentMethodId');
  });

  test('nobody has neither changes nor reads', async () => {
    const call = await connect();
    for (const [method, path] of [
      ['GET', `/v1/payment-methods/${NOBODY}`],
      ['PUT', `/v1/payment-methods/${NOBODY}`],
      ['PUT', `/v1/payment-methods/credit-cards/${NOBODY}`],
      ['DELETE', `/v1/payment-methods/${NOBODY}`],
      ['GET', '/v1/accounts/A-nobody/payment-methods'],
      ['GET', '/v1/accounts/A-nobody/payment-methods/default'],
      ['GET', '/v1/payment-methods/credit-cards/accounts/A-nobody'],
    ] as const) {
      expect((await call(method, path, method === 'PUT' ? {} : undefined)).status).toBe(404);
    }
  });
});

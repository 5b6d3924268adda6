import { env } from 'cloudflare:workers';
import { describe, expect, test } from 'vitest';
import type { Account } from '../../src/domain/accounts/account.ts';
import { findDueInvoices } from '../../src/persistence/payment-methods.ts';
import { booksOf, CARDS, messageOf, openInvoice, payingAccount } from '../support/paying-accounts.ts';
import { provenAfterEach } from '../support/proven-metrics.ts';
import { type Call, connect, metricsOf, putAccount } from '../support/settlement-fixtures.ts';

// Electronic payments and collections over HTTP: committed as Processing, asked of the gateway, settled by its answer.
function payBody(account: Account, amount: number, fields: object = {}): object {
  return { accountId: account.id, type: 'Electronic', amount, currency: 'USD', ...fields };
}

const pay = (call: Call, account: Account, amount: number, fields: object = {}, headers: object = {}) =>
  call('POST', '/v1/payments', payBody(account, amount, fields), headers);

const collect = (call: Call, body: object, headers: object = {}) =>
  call('POST', '/v1/operations/invoice-collect', body, headers);

provenAfterEach();

describe('POST /v1/payments, Electronic', () => {
  test('approved: applied to what it names, the rest unapplied, the metrics to the cent', async () => {
    const call = await connect();
    const { account, methodId } = await payingAccount(call, CARDS.approve);
    const invoice = await openInvoice(call, account, 80);
    const reply = await pay(call, account, 100, {
      comment: 'by card',
      invoices: [{ invoiceNumber: invoice.invoiceNumber, amount: 70 }],
    });
    expect(reply).toMatchObject({
      status: 200,
      body: {
        success: true,
        type: 'Electronic',
        status: 'Processed',
        amount: 100,
        appliedAmount: 70,
        unappliedAmount: 30,
        paymentMethodId: methodId,
        bankIdentificationNumber: '411111',
        gatewayId: 'Test',
        gatewayState: 'Submitted',
        gatewayResponse: 'Approved',
        gatewayResponseCode: '00',
        comment: 'by card',
      },
    });
    expect(JSON.stringify(reply.body)).not.toContain('gatewayWork');
    expect((await call('GET', `/v1/payments/${reply.body.id}`)).body).toEqual(reply.body);
    expect((await call('GET', `/v1/invoices/${invoice.id}`)).body).toMatchObject({
      balance: 10,
      paymentAmount: 70,
    });
    expect(await metricsOf(account)).toMatchObject({ invoices: 1_000, unapplied: 3_000 });
    expect(await booksOf(account.id)).toEqual([
      { kind: 'charge', amountMinor: 10_000, outcome: 'approved', calls: 1 },
    ]);
    expect((await call('GET', `/v1/payment-methods/${methodId}`)).body).toMatchObject({
      lastTransaction: 'Approved',
      totalNumberOfProcessedPayments: 1,
      totalNumberOfErrorPayments: 0,
    });
  });

  test.each([
    ['decline', CARDS.decline, '05', 'Do not honor'],
    ['insufficient funds', CARDS.insufficientFunds, '51', 'Insufficient funds'],
  ])('declined (%s): the payment is there as Error, and nothing moved', async (_, card, code, response) => {
    const call = await connect();
    const { account, methodId } = await payingAccount(call, card);
    const invoice = await openInvoice(call, account, 80);
    const reply = await pay(call, account, 80, { invoices: [{ invoiceId: invoice.id, amount: 80 }] });
    expect(reply.body).toMatchObject({
      status: 'Error',
      appliedAmount: 0,
      gatewayState: 'FailedToSettle',
      gatewayResponse: response,
      gatewayResponseCode: code,
    });
    expect((await call('GET', `/v1/invoices/${invoice.id}`)).body).toMatchObject({
      balance: 80,
      paymentAmount: 0,
    });
    expect(await metricsOf(account)).toMatchObject({ invoices: 8_000, unapplied: 0 });
    expect((await call('GET', `/v1/payment-methods/${methodId}`)).body).toMatchObject({
      lastTransaction: 'Declined',
      numConsecutiveFailures: 1,
      totalNumberOfErrorPayments: 1,
    });
    // What it was for is free for the next one.
    const { body } = await call('POST', '/v1/payments', {
      ...payBody(account, 80, { invoices: [{ invoiceId: invoice.id, amount: 80 }] }),
      type: 'External',
    });
    expect(body).toMatchObject({ status: 'Processed', appliedAmount: 80 });
  });

  test.each([
    ['the answer was lost', CARDS.loseAnswer],
    ['the request was lost', CARDS.loseRequest],
  ])('%s: Processing, counted nowhere, until the jobs queue has asked', async (_, card) => {
    const call = await connect();
    const { account } = await payingAccount(call, card);
    const invoice = await openInvoice(call, account, 80);
    const reply = await pay(call, account, 80, { invoices: [{ invoiceId: invoice.id, amount: 80 }] });
    expect(reply.body).toMatchObject({
      status: 'Processing',
      appliedAmount: 0,
      gatewayState: 'MarkedForSubmission',
    });
    await expect
      .poll(async () => (await call('GET', `/v1/payments/${reply.body.id}`)).body, { timeout: 20_000 })
      .toMatchObject({ status: 'Processed', appliedAmount: 80, unappliedAmount: 0 });
    expect((await call('GET', `/v1/invoices/${invoice.id}`)).body).toMatchObject({ balance: 0 });
    expect(await metricsOf(account)).toMatchObject({ invoices: 0, unapplied: 0 });
    expect(await booksOf(account.id)).toMatchObject([{ amountMinor: 8_000, outcome: 'approved' }]);
  });

  test('answered twice: the second answer changes nothing', async () => {
    const call = await connect();
    const { account } = await payingAccount(call, CARDS.answerTwice);
    const reply = await pay(call, account, 25);
    expect(reply.body).toMatchObject({ status: 'Processed', unappliedAmount: 25 });
    expect(await metricsOf(account)).toMatchObject({ unapplied: 2_500 });
    expect(await booksOf(account.id)).toMatchObject([{ amountMinor: 2_500, calls: 1 }]);
  });

  test('a repeated idempotency key is the same payment, asked of the gateway once', async () => {
    const call = await connect();
    const { account } = await payingAccount(call, CARDS.approve);
    const key = { 'Idempotency-Key': `pay-${account.id}` };
    const first = await pay(call, account, 12, {}, key);
    const again = await pay(call, account, 12, {}, key);
    expect(again.headers.get('Idempotency-Hit')).toBe('true');
    expect(again.body).toEqual(first.body);
    expect((await pay(call, account, 13, {}, key)).status).toBe(422);
    expect(await booksOf(account.id)).toMatchObject([{ calls: 1 }]);
    expect(await metricsOf(account)).toMatchObject({ unapplied: 1_200 });
  });

  test('two at once do not ask for the same invoice twice', async () => {
    const call = await connect();
    const { account } = await payingAccount(call, CARDS.approve);
    const invoice = await openInvoice(call, account, 50);
    const parts = { invoices: [{ invoiceId: invoice.id, amount: 50 }] };
    const replies = await Promise.all([1, 2, 3].map(() => pay(call, account, 50, parts)));
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 400, 400]);
    expect(await booksOf(account.id)).toHaveLength(1);
    expect(await metricsOf(account)).toMatchObject({ invoices: 0, unapplied: 0 });
  });

  test.each([
    ['paymentMethodId', { paymentMethodId: '0'.repeat(32) }],
    ['gatewayId', { gatewayId: 'Nowhere' }],
    ['amount', { amount: 0 }],
    ['amount', { amount: 0.001 }],
    ['accountId', { accountId: '0'.repeat(32) }],
    ['invoices[0].amount', { invoices: [{ invoiceId: 'INV', amount: 5 }] }],
  ])('refuses %s by name, and asks no gateway: %o', async (field, fields) => {
    const call = await connect();
    const { account } = await payingAccount(call, CARDS.approve);
    const invoice = await openInvoice(call, account, 4);
    const named = 'invoices' in fields ? { invoices: [{ invoiceId: invoice.id, amount: 5 }] } : fields;
    const reply = await pay(call, account, 10, named);
    expect(reply.status).toBe(400);
    expect(messageOf(reply)).toContain(field);
    expect(await booksOf(account.id)).toEqual([]);
  });

  test('needs a method that a gateway can be asked with', async () => {
    const call = await connect();
    const without = await putAccount();
    expect(messageOf(await pay(call, without, 10))).toContain('no default payment method');
    const method = await call('POST', '/v1/payment-methods', {
      accountKey: without.id,
      type: 'Check',
      makeDefault: true,
    });
    expect(messageOf(await pay(call, without, 10))).toContain('of type Check');
    const other = await putAccount();
    const reply = await pay(call, other, 10, { paymentMethodId: method.body.id });
    expect(messageOf(reply)).toContain('is no payment method of account');
  });

  test('a card that ran out since is not charged', async () => {
    const call = await connect();
    const { account, methodId } = await payingAccount(call, CARDS.approve);
    await env.DB.prepare(
      'UPDATE payment_method SET expiration_year = 2020, revision = revision + 1 WHERE id = ?1',
    )
      .bind(methodId)
      .run();
    const reply = await pay(call, account, 10);
    expect([reply.status, messageOf(reply)]).toEqual([400, expect.stringContaining('expired')]);
    expect(await booksOf(account.id)).toEqual([]);
    await env.DB.prepare("UPDATE payment_method SET status = 'Closed' WHERE id = ?1").bind(methodId).run();
  });
});

describe('POST /v1/operations/invoice-collect', () => {
  test('collects all that is due by one payment, the longest due first', async () => {
    const call = await connect();
    const { account } = await payingAccount(call, CARDS.approve);
    const later = await openInvoice(call, account, 20);
    const sooner = await openInvoice(call, account, 10.5, {
      dueDate: '2026-03-16',
      invoiceDate: '2026-03-14',
    });
    await openInvoice(call, account, 99, { dueDate: '2099-01-01' });
    const reply = await collect(call, { accountKey: account.accountNumber });
    expect(reply).toMatchObject({
      status: 200,
      body: { success: true, amountCollected: 30.5, creditMemos: [] },
    });
    expect(reply.body.invoices).toEqual([
      { invoiceAmount: 20, invoiceId: later.id, invoiceNumber: later.invoiceNumber },
      { invoiceAmount: 10.5, invoiceId: sooner.id, invoiceNumber: sooner.invoiceNumber },
    ]);
    expect((await call('GET', `/v1/payments/${reply.body.paymentId}`)).body).toMatchObject({
      status: 'Processed',
      appliedAmount: 30.5,
      unappliedAmount: 0,
    });
    expect(await metricsOf(account)).toMatchObject({ invoices: 9_900, unapplied: 0 });
    const nothing = await collect(call, { accountKey: account.id });
    expect(nothing.body).toEqual({ success: true, amountCollected: 0, creditMemos: [], invoices: [] });
  });

  test('an invoice that is being reversed has no place among those that are due', async () => {
    const call = await connect();
    const { account } = await payingAccount(call, CARDS.approve);
    const longest = await openInvoice(call, account, 7, { dueDate: '2026-03-14', invoiceDate: '2026-03-14' });
    const next = await openInvoice(call, account, 5);
    await env.DB.prepare('UPDATE invoice SET is_reversed = 1, revision = revision + 1 WHERE id = ?1')
      .bind(longest.id)
      .run();
    expect(await findDueInvoices(env.DB, account.id, '2026-12-31', 1)).toEqual([next.id]);
    const reply = await collect(call, { accountKey: account.id });
    expect(reply.body).toMatchObject({ amountCollected: 5, invoices: [{ invoiceId: next.id }] });
    const named = await collect(call, { accountKey: account.id, invoiceId: longest.id });
    expect([named.status, messageOf(named)]).toEqual([400, expect.stringContaining('invoiceId')]);
  });

  test('collects the invoice that is named, due or not, by id or number', async () => {
    const call = await connect();
    const { account } = await payingAccount(call, CARDS.approve);
    const first = await openInvoice(call, account, 99, { dueDate: '2099-01-01' });
    const second = await openInvoice(call, account, 5);
    const byId = await collect(call, { accountKey: account.id, invoiceId: first.id });
    expect(byId.body).toMatchObject({ amountCollected: 99, invoices: [{ invoiceId: first.id }] });
    const byNumber = await collect(call, { accountKey: account.id, invoiceNumber: second.invoiceNumber });
    expect(byNumber.body).toMatchObject({ amountCollected: 5 });
  });

  test('declined: nothing collected, the payment says why', async () => {
    const call = await connect();
    const { account } = await payingAccount(call, CARDS.decline);
    await openInvoice(call, account, 20);
    const key = { 'Idempotency-Key': `collect-${account.id}` };
    const reply = await collect(call, { accountKey: account.id }, key);
    expect(reply.body).toMatchObject({ amountCollected: 0, invoices: [{ invoiceAmount: 20 }] });
    expect((await call('GET', `/v1/payments/${reply.body.paymentId}`)).body).toMatchObject({
      status: 'Error',
    });
    expect((await collect(call, { accountKey: account.id }, key)).body).toEqual(reply.body);
    expect(await booksOf(account.id)).toMatchObject([{ calls: 1 }]);
  });

  test('at once, many times: every cent is asked for once', async () => {
    const call = await connect();
    const { account } = await payingAccount(call, CARDS.approve);
    for (const amount of [1, 2, 3]) await openInvoice(call, account, amount);
    const replies = await Promise.all([1, 2, 3, 4].map(() => collect(call, { accountKey: account.id })));
    expect(replies.reduce((sum, { body }) => sum + Number(body.amountCollected), 0)).toBe(6);
    expect(await booksOf(account.id)).toEqual([expect.objectContaining({ amountMinor: 600 })]);
    expect(await metricsOf(account)).toMatchObject({ invoices: 0, unapplied: 0 });
  });

  test.each([
    ['accountKey', { accountKey: 'A-nobody' }],
    ['invoiceId', { invoiceId: '0'.repeat(32) }],
    ['invoiceNumber', { invoiceNumber: 'INV-1', invoiceId: '0'.repeat(32) }],
    ['targetDate', { targetDate: '2026-03-01', invoiceNumber: 'INV-1' }],
    ['documentDate', { documentDate: '2026-03-01' }],
    ['invoiceTargetDate', { invoiceTargetDate: 'soon' }],
    ['paymentGateway', { paymentGateway: 'Nowhere' }],
  ])('refuses %s by name', async (field, fields) => {
    const call = await connect();
    const { account } = await payingAccount(call, CARDS.approve);
    await openInvoice(call, account, 4);
    const reply = await collect(call, { accountKey: account.id, ...fields });
    expect(reply.status).toBe(400);
    expect(messageOf(reply)).toContain(field);
  });

  test('bills nothing when nobody could be asked for the money', async () => {
    const call = await connect();
    const { account } = await payingAccount(call, CARDS.approve);
    const poor = await putAccount();
    const documents = () => env.DB.prepare('SELECT count(*) AS n FROM invoice').first<{ n: number }>();
    const before = await documents();
    for (const [field, fields] of [
      ['paymentGateway', { accountKey: account.id, paymentGateway: 'Nowhere' }],
      ['accountKey', { accountKey: poor.id }],
    ] as const) {
      const reply = await collect(call, { ...fields, targetDate: '2026-09-30' });
      expect([reply.status, messageOf(reply)]).toEqual([400, expect.stringContaining(field)]);
    }
    expect(await documents()).toEqual(before);
  });

  test("refuses another account's invoice, a draft, and an account that cannot pay", async () => {
    const call = await connect();
    const { account } = await payingAccount(call, CARDS.approve);
    const other = await putAccount();
    const others = await openInvoice(call, other, 4);
    const draft = await openInvoice(call, account, 4, { status: 'Draft' });
    const of = (invoiceId: string, accountKey: string) => collect(call, { accountKey, invoiceId });
    expect(messageOf(await of(others.id, account.id))).toContain('another account');
    expect(messageOf(await of(draft.id, account.id))).toContain('Draft');
    expect(messageOf(await of(others.id, other.id))).toContain('no default payment method');
  });
});

import { env } from 'cloudflare:workers';
import { describe, expect, test } from 'vitest';
import type { Account } from '../../src/domain/accounts/account.ts';
import { booksOf, CARDS, messageOf, openInvoice, payingAccount } from '../support/paying-accounts.ts';
import { putCreditMemo } from '../support/payment-calls.ts';
import { provenAfterEach } from '../support/proven-metrics.ts';
import { type Call, connect, metricsOf, putAccount } from '../support/settlement-fixtures.ts';

// Electronic refunds over HTTP: held while the gateway is asked, taken once it has paid out, given free when it would not.

/** An electronic payment that was approved, of which something is applied to an invoice. */
async function paid(call: Call, amount: number, applied = 0) {
  const { account, methodId } = await payingAccount(call, CARDS.approve);
  const invoice = applied === 0 ? null : await openInvoice(call, account, applied);
  const { body } = await call('POST', '/v1/payments', {
    accountId: account.id,
    type: 'Electronic',
    amount,
    currency: 'USD',
    ...(invoice === null ? {} : { invoices: [{ invoiceId: invoice.id, amount: applied }] }),
  });
  expect(body).toMatchObject({ status: 'Processed', appliedAmount: applied });
  return { account, methodId, invoice, id: body.id as string, number: body.number as string };
}

/** The gateway will do this to whatever is asked with the payment's token. */
async function gatewayWill(behaviour: string, paymentId: string): Promise<void> {
  await env.DB.prepare(
    "UPDATE payment SET revision = revision + 1, details = json_set(details, '$.gatewayWork.token', ?2) WHERE id = ?1",
  )
    .bind(paymentId, `test-${behaviour}-${'0'.repeat(32)}`)
    .run();
}

const refund = (
  call: Call,
  paymentId: string,
  totalAmount: number,
  fields: object = {},
  headers: object = {},
) =>
  call('POST', `/v1/payments/${paymentId}/refunds`, { type: 'Electronic', totalAmount, ...fields }, headers);

const refundsOf = (account: Account) =>
  booksOf(account.id).then((books) => books.filter((book) => 'kind' in book && book.kind === 'refund'));

provenAfterEach();

describe('of a payment', () => {
  test('approved: paid out by the gateway that took it, and gone from what is unapplied', async () => {
    const call = await connect();
    const payment = await paid(call, 50);
    const reply = await refund(call, payment.id, 20, { comment: 'too much' });
    expect(reply).toMatchObject({
      status: 200,
      body: {
        success: true,
        status: 'Processed',
        type: 'Electronic',
        amount: 20,
        paymentId: payment.id,
        paymentMethodId: payment.methodId,
        methodType: 'CreditCard',
        gatewayId: 'Test',
        gatewayState: 'Submitted',
        gatewayResponseCode: '00',
        comment: 'too much',
      },
    });
    expect((await call('GET', `/v1/refunds/${reply.body.id}`)).body).toEqual(reply.body);
    expect((await call('GET', `/v1/payments/${payment.id}`)).body).toMatchObject({
      refundAmount: 20,
      unappliedAmount: 30,
    });
    expect(await metricsOf(payment.account)).toMatchObject({ unapplied: 3_000 });
    expect(await refundsOf(payment.account)).toEqual([
      { kind: 'refund', amountMinor: 2_000, outcome: 'approved', calls: 1 },
    ]);
  });

  test('declined: an Error, and all of it can be used again', async () => {
    const call = await connect();
    const payment = await paid(call, 50);
    await gatewayWill('decline', payment.id);
    const other = await connect();
    const reply = await refund(other, payment.id, 50);
    expect(reply.body).toMatchObject({
      status: 'Error',
      gatewayState: 'FailedToSettle',
      gatewayResponse: 'Do not honor',
    });
    expect((await call('GET', `/v1/payments/${payment.id}`)).body).toMatchObject({
      refundAmount: 0,
      unappliedAmount: 50,
    });
    expect(await metricsOf(payment.account)).toMatchObject({ unapplied: 5_000 });
    const external = await call('POST', `/v1/payments/${payment.id}/refunds`, {
      type: 'External',
      methodType: 'Cash',
      totalAmount: 50,
    });
    expect(external.body).toMatchObject({ status: 'Processed' });
  });

  test('no answer: held, neither applied nor refunded again, until it is known', async () => {
    const call = await connect();
    const payment = await paid(call, 50);
    const invoice = await openInvoice(call, payment.account, 50);
    const { body } = await refund(call, payment.id, 40);
    expect(body.status).toBe('Processed');
    await env.DB.prepare(
      "UPDATE payment SET revision = revision + 1, details = json_set(details, '$.refundingMinor', 600) WHERE id = ?1",
    )
      .bind(payment.id)
      .run();
    const parts = (amount: number) => ({ invoices: [{ invoiceId: invoice.id, amount }] });
    const fresh = await connect();
    expect(messageOf(await fresh('PUT', `/v1/payments/${payment.id}/apply`, parts(5)))).toContain('4 USD');
    expect(messageOf(await refund(fresh, payment.id, 5))).toContain('4 USD');
    expect((await fresh('PUT', `/v1/payments/${payment.id}/apply`, parts(4))).body).toMatchObject({
      unappliedAmount: 6,
    });
  });

  test('the answer was lost: Processing until the jobs queue has asked, and paid out once', async () => {
    const call = await connect();
    const payment = await paid(call, 50);
    await gatewayWill('lose-answer', payment.id);
    const reply = await refund(call, payment.id, 50);
    expect(reply.body).toMatchObject({ status: 'Processing', gatewayState: 'MarkedForSubmission' });
    await expect
      .poll(async () => (await call('GET', `/v1/refunds/${reply.body.id}`)).body.status, { timeout: 20_000 })
      .toBe('Processed');
    expect((await call('GET', `/v1/payments/${payment.id}`)).body).toMatchObject({
      refundAmount: 50,
      unappliedAmount: 0,
    });
    expect(await metricsOf(payment.account)).toMatchObject({ unapplied: 0 });
    expect(await refundsOf(payment.account)).toMatchObject([{ amountMinor: 5_000, outcome: 'approved' }]);
  });

  test('with auto-unapply: taken off the invoice once it is paid out', async () => {
    const call = await connect();
    const payment = await paid(call, 50, 30);
    const reply = await call('POST', `/v1/payments/${payment.number}/refunds/unapply`, {
      type: 'Electronic',
      totalAmount: 35,
    });
    expect(reply.body).toMatchObject({ status: 'Processed', amount: 35, writeOff: false, success: true });
    expect((await call('GET', `/v1/payments/${payment.id}`)).body).toMatchObject({
      appliedAmount: 15,
      unappliedAmount: 0,
      refundAmount: 35,
    });
    expect((await call('GET', `/v1/invoices/${payment.invoice!.id}`)).body).toMatchObject({ balance: 15 });
    expect(await metricsOf(payment.account)).toMatchObject({ invoices: 1_500, unapplied: 0 });
  });

  test('a repeated idempotency key is the same refund, paid out once', async () => {
    const call = await connect();
    const payment = await paid(call, 50);
    const key = { 'Idempotency-Key': `refund-${payment.id}` };
    const first = await refund(call, payment.id, 10, {}, key);
    const again = await refund(call, payment.id, 10, {}, key);
    expect(again.body).toEqual(first.body);
    expect(await refundsOf(payment.account)).toMatchObject([{ calls: 1 }]);
  });

  test('several at once give back no more than there is', async () => {
    const call = await connect();
    const payment = await paid(call, 50);
    const replies = await Promise.all([1, 2, 3, 4].map(() => refund(call, payment.id, 20)));
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 200, 400, 400]);
    expect(await refundsOf(payment.account)).toHaveLength(2);
    expect(await metricsOf(payment.account)).toMatchObject({ unapplied: 1_000 });
  });

  test('of an external payment no gateway can give anything back', async () => {
    const call = await connect();
    const account = await putAccount();
    const { body } = await call('POST', '/v1/payments', {
      accountId: account.id,
      type: 'External',
      amount: 5,
      currency: 'USD',
    });
    const reply = await refund(call, body.id as string, 5);
    expect(reply.status).toBe(400);
    expect(messageOf(reply)).toContain('type: payment');
  });
});

describe('of a credit memo', () => {
  const posted = async (account: Account, amountMinor: number) =>
    (await putCreditMemo(account.id, amountMinor)).memo;
  const memoRefund = (call: Call, id: string, totalAmount: number, fields: object = {}) =>
    call('POST', `/v1/credit-memos/${id}/refund`, { type: 'Electronic', totalAmount, ...fields });

  async function memoOf(id: string) {
    return env.DB.prepare(
      'SELECT unapplied_minor AS unapplied, refunded_minor AS refunded FROM credit_memo WHERE id = ?1',
    )
      .bind(id)
      .first();
  }

  test('approved: paid to the default method, and gone from what is unapplied', async () => {
    const call = await connect();
    const { account, methodId } = await payingAccount(call, CARDS.approve);
    const memo = await posted(account, 1_000);
    const reply = await memoRefund(call, memo.id, 7.5);
    expect(reply.body).toMatchObject({
      status: 'Processed',
      creditMemoId: memo.id,
      paymentMethodId: methodId,
      gatewayState: 'Submitted',
    });
    expect(await memoOf(memo.id)).toEqual({ unapplied: 250, refunded: 750 });
  });

  test('declined: nothing is gone, and other refunds find it whole', async () => {
    const call = await connect();
    const { account } = await payingAccount(call, CARDS.decline);
    const memo = await posted(account, 1_000);
    expect((await memoRefund(call, memo.id, 10)).body).toMatchObject({ status: 'Error' });
    expect(await memoOf(memo.id)).toEqual({ unapplied: 1_000, refunded: 0 });
    const external = { type: 'External', methodType: 'Check' };
    expect((await memoRefund(call, memo.id, 10, external)).body).toMatchObject({ status: 'Processed' });
  });

  test.each([
    ['paymentMethodId', { paymentMethodId: '0'.repeat(32) }],
    ['gatewayId', { gatewayId: 'Nowhere' }],
    ['totalAmount', { totalAmount: 10.01 }],
  ])('refuses %s by name', async (field, fields) => {
    const call = await connect();
    const { account } = await payingAccount(call, CARDS.approve);
    const memo = await posted(account, 1_000);
    const reply = await memoRefund(call, memo.id, 5, fields);
    expect(reply.status).toBe(400);
    expect(messageOf(reply)).toContain(field);
    expect(await booksOf(account.id)).toEqual([]);
  });
});

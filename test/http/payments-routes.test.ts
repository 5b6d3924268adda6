import { describe, expect, it } from 'vitest';
import { provenAfterEach } from '../support/proven-metrics.ts';
import { type Call, connect, metricsOf, putAccount, type Reply } from '../support/settlement-fixtures.ts';

// External payments over HTTP: received, applied to invoices, taken off; refusals name the field and change nothing.
const NOBODY = '0'.repeat(32);

async function invoiceOf(call: Call, accountId: string, amount: number, fields: object = {}) {
  const reply = await call('POST', '/v1/invoices', {
    accountId,
    invoiceDate: '2026-03-15',
    status: 'Posted',
    invoiceItems: [{ chargeName: 'Migrated', amount, serviceStartDate: '2026-03-01' }],
    ...fields,
  });
  expect(reply.body).toMatchObject({ success: true });
  return reply.body as { id: string; invoiceNumber: string };
}

async function pay(call: Call, accountId: string, amount: number, fields: object = {}) {
  const reply = await call('POST', '/v1/payments', {
    accountId,
    type: 'External',
    amount,
    currency: 'USD',
    effectiveDate: '2026-03-20',
    ...fields,
  });
  return reply as Reply & { body: { id: string; number: string } };
}

function messageOf({ body }: Reply): string {
  return (body.reasons as Array<{ message: string }>)[0]!.message;
}

provenAfterEach();

describe('POST /v1/payments', () => {
  it('applies what it names and leaves the rest unapplied', async () => {
    const call = await connect();
    const account = await putAccount();
    const first = await invoiceOf(call, account.id, 10);
    const second = await invoiceOf(call, account.id, 20);
    const reply = await pay(call, account.id, 25.5, {
      accountId: undefined,
      accountNumber: account.accountNumber,
      comment: 'cheque 7',
      referenceId: 'REF-1',
      region__c: 'EU',
      invoices: [
        { invoiceId: first.id, amount: 10 },
        { invoiceNumber: second.invoiceNumber, amount: 12.5 },
      ],
    });
    expect(reply).toMatchObject({
      status: 200,
      body: {
        success: true,
        number: expect.stringMatching(/^P-\d{8}$/),
        status: 'Processed',
        type: 'External',
        accountId: account.id,
        accountNumber: account.accountNumber,
        amount: 25.5,
        appliedAmount: 22.5,
        unappliedAmount: 3,
        effectiveDate: '2026-03-20',
        comment: 'cheque 7',
        referenceId: 'REF-1',
        region__c: 'EU',
      },
    });
    expect((await call('GET', `/v1/payments/${reply.body.number}`)).body).toEqual(reply.body);
    expect((await call('GET', `/v1/payments/${reply.body.id}`)).body).toEqual(reply.body);
    expect((await call('GET', `/v1/invoices/${second.id}`)).body).toMatchObject({
      balance: 7.5,
      paymentAmount: 12.5,
    });
    expect(await metricsOf(account)).toEqual({
      invoices: 750,
      unapplied: 300,
      lastInvoiceDate: '2026-03-15',
    });
  });

  it('takes today when no effective date is given', async () => {
    const call = await connect();
    const account = await putAccount();
    const reply = await pay(call, account.id, 1, { effectiveDate: undefined });
    expect(reply.body).toMatchObject({ effectiveDate: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) });
  });

  it.each([
    ['amount', { amount: undefined }],
    ['amount', { amount: '10' }],
    ['amount', { amount: 0 }],
    ['amount', { amount: -1 }],
    ['amount', { amount: 1.005 }],
    ['amount', { amount: 1e14 }],
    ['currency', { currency: undefined }],
    ['currency', { currency: 'usd' }],
    ['type', { type: undefined }],
    ['type', { type: 'Barter' }],
    ['accountId', { accountId: NOBODY }],
    ['accountId', { accountId: undefined }],
    ['effectiveDate', { effectiveDate: '2026-02-30' }],
    ['comment', { comment: 'x'.repeat(256) }],
    ['debitMemos', { debitMemos: [{ debitMemoId: NOBODY, amount: 1 }] }],
    ['standalone', { standalone: true }],
    ['prepayment', { prepayment: true }],
    ['paymentScheduleKey', { paymentScheduleKey: 'PS-1' }],
    ['invoices[0].invoiceId', { invoices: [{ amount: 1 }] }],
    ['invoices[0].invoiceId', { invoices: [{ invoiceId: NOBODY, amount: 1 }] }],
    ['invoices[0].invoiceNumber', { invoices: [{ invoiceNumber: 'INV-nothing', amount: 1 }] }],
    ['invoices[0].items', { invoices: [{ invoiceId: NOBODY, amount: 1, items: [{ amount: 1 }] }] }],
  ])('refuses a wrong %s and takes nothing', async (field, wrong) => {
    const call = await connect();
    const account = await putAccount();
    const reply = await pay(call, account.id, 10, wrong);
    expect(reply.status).toBe(400);
    expect(messageOf(reply)).toContain(field);
    expect(await metricsOf(account)).toBeNull();
  });

  it('refuses invoices of others, drafts, other currencies, duplicates and more than there is, with both numbers', async () => {
    const call = await connect();
    const account = await putAccount();
    const stranger = await putAccount();
    const foreign = await invoiceOf(call, stranger.id, 10);
    const draft = await invoiceOf(call, account.id, 10, { status: 'Draft' });
    const euros = await invoiceOf(call, account.id, 10, { currency: 'EUR' });
    const small = await invoiceOf(call, account.id, 5);
    const large = await invoiceOf(call, account.id, 100);
    const cases: Array<[string, object[]]> = [
      ['invoices[0].invoiceId', [{ invoiceId: foreign.id, amount: 1 }]],
      ['Draft', [{ invoiceId: draft.id, amount: 1 }]],
      ['EUR', [{ invoiceId: euros.id, amount: 1 }]],
      [
        'more than once',
        [
          { invoiceId: small.id, amount: 1 },
          { invoiceNumber: small.invoiceNumber, amount: 1 },
        ],
      ],
      [
        'invoices[0].amount: 5.01 USD is more than the balance 5 USD',
        [{ invoiceId: small.id, amount: 5.01 }],
      ],
      [
        'invoices[1].amount: 5.01 USD is more than the 5 USD',
        [
          { invoiceId: small.id, amount: 5 },
          { invoiceId: large.id, amount: 5.01 },
        ],
      ],
      ['invoices[0].amount', [{ invoiceId: large.id, amount: 0 }]],
      ['invoices[0].amount', [{ invoiceId: large.id, amount: 1.001 }]],
    ];
    const before = await metricsOf(account);
    for (const [message, invoices] of cases) {
      const reply = await pay(call, account.id, 10, { invoices });
      expect(reply.status).toBe(400);
      expect(messageOf(reply)).toContain(message);
    }
    expect(await metricsOf(account)).toEqual(before);
  });

  it('has one effect per idempotency key', async () => {
    const call = await connect();
    const account = await putAccount();
    const key = { 'Idempotency-Key': `pay-${account.id}` };
    const body = { accountId: account.id, type: 'External', amount: 7, currency: 'USD' };
    const first = await call('POST', '/v1/payments', body, key);
    const again = await call('POST', '/v1/payments', body, key);
    expect(again.body).toEqual(first.body);
    expect(again.headers.get('Idempotency-Hit')).toBe('true');
    expect(await metricsOf(account)).toMatchObject({ unapplied: 700 });
  });
});

describe('applying and taking off', () => {
  it('moves what is open and what is unapplied, keeps one part per invoice, and leaves the balance', async () => {
    const call = await connect();
    const account = await putAccount();
    const invoice = await invoiceOf(call, account.id, 20);
    const { id, number } = (await pay(call, account.id, 14.99)).body;
    for (const amount of [10, 2]) {
      const reply = await call('PUT', `/v1/payments/${id}/apply`, {
        effectiveDate: '2026-03-21',
        invoices: [{ invoiceId: invoice.id, amount }],
      });
      expect(reply.status).toBe(200);
    }
    expect((await call('GET', `/v1/payments/${id}`)).body).toMatchObject({
      appliedAmount: 12,
      unappliedAmount: 2.99,
    });
    expect(await metricsOf(account)).toMatchObject({ invoices: 800, unapplied: 299 });

    const parts = (await call('GET', `/v1/payments/${number}/parts`)).body.parts as Array<{ id: string }>;
    expect(parts).toMatchObject([{ amount: 12, invoiceId: invoice.id, debitMemoId: null }]);
    expect(parts[0]!.id).toMatch(/^[0-9a-f]{32}$/);
    expect((await call('GET', `/v1/payments/${id}/parts/${parts[0]!.id}`)).body).toEqual({
      ...parts[0],
      success: true,
    });
    expect(
      (await call('GET', `/v1/invoices/${invoice.id}/application-parts`)).body.applicationParts,
    ).toMatchObject([{ appliedAmount: 12, paymentId: id, creditMemoId: null }]);

    const off = { invoices: [{ invoiceNumber: invoice.invoiceNumber, amount: 12 }] };
    expect((await call('PUT', `/v1/payments/${number}/unapply`, off)).body).toMatchObject({
      appliedAmount: 0,
      unappliedAmount: 14.99,
    });
    expect((await call('GET', `/v1/payments/${id}/parts`)).body.parts).toEqual([]);
    expect((await call('GET', `/v1/invoices/${invoice.id}`)).body).toMatchObject({
      balance: 20,
      paymentAmount: 0,
    });
    expect(await metricsOf(account)).toMatchObject({ invoices: 2_000, unapplied: 1_499 });
  });

  it('stays exact when one part goes to and fro in parallel', async () => {
    const call = await connect();
    const account = await putAccount();
    const invoice = await invoiceOf(call, account.id, 50);
    const { id } = (await pay(call, account.id, 50)).body;
    const body = { invoices: [{ invoiceId: invoice.id, amount: 25 }] };
    const replies = await Promise.all(
      Array.from({ length: 24 }, (_, i) =>
        call('PUT', `/v1/payments/${id}/${i % 3 === 2 ? 'unapply' : 'apply'}`, body),
      ),
    );
    expect(replies.every(({ status }) => status === 200 || status === 400)).toBe(true);
    const done = (verb: number) =>
      replies.filter(({ status }, i) => status === 200 && (i % 3 === 2) === (verb === 1));
    const applied = 25 * (done(0).length - done(1).length);
    expect((await call('GET', `/v1/payments/${id}`)).body).toMatchObject({
      appliedAmount: applied,
      unappliedAmount: 50 - applied,
    });
    expect((await call('GET', `/v1/invoices/${invoice.id}`)).body).toMatchObject({ balance: 50 - applied });
    expect(await metricsOf(account)).toMatchObject({
      invoices: 5_000 - applied * 100,
      unapplied: 5_000 - applied * 100,
    });
  });

  it('refuses more than there is and does nothing', async () => {
    const call = await connect();
    const account = await putAccount();
    const small = await invoiceOf(call, account.id, 10);
    const large = await invoiceOf(call, account.id, 100);
    const { id, number } = (await pay(call, account.id, 50)).body;
    const cases: Array<['apply' | 'unapply', string, object]> = [
      [
        'apply',
        '10.01 USD is more than the balance 10 USD',
        { invoices: [{ invoiceId: small.id, amount: 10.01 }] },
      ],
      ['apply', '50.01 USD is more than the 50 USD', { invoices: [{ invoiceId: large.id, amount: 50.01 }] }],
      ['apply', 'invoices', { invoices: [] }],
      ['apply', 'invoices', {}],
      ['apply', 'effectiveDate', { effectiveDate: 'x', invoices: [{ invoiceId: large.id, amount: 1 }] }],
      [
        'apply',
        'invoices',
        { invoices: Array.from({ length: 1_001 }, () => ({ invoiceId: large.id, amount: 1 })) },
      ],
      [
        'apply',
        'debitMemos',
        { invoices: [{ invoiceId: large.id, amount: 1 }], debitMemos: [{ amount: 1 }] },
      ],
      [
        'unapply',
        `1 USD is more than the 0 USD of payment ${number}`,
        { invoices: [{ invoiceId: small.id, amount: 1 }] },
      ],
    ];
    for (const [verb, message, body] of cases) {
      const reply = await call('PUT', `/v1/payments/${id}/${verb}`, body);
      expect(reply.status).toBe(400);
      expect(messageOf(reply)).toContain(message);
    }
    expect(await metricsOf(account)).toMatchObject({ invoices: 11_000, unapplied: 5_000 });
  });
});

describe('lists', () => {
  it('show an account’s payments a page at a time, the newest first, with what they paid', async () => {
    const call = await connect();
    const account = await putAccount();
    const invoice = await invoiceOf(call, account.id, 10);
    for (const day of ['01', '03', '02']) {
      await pay(call, account.id, Number(day), {
        effectiveDate: `2026-04-${day}`,
        invoices: [{ invoiceId: invoice.id, amount: 1 }],
      });
    }
    const first = await call('GET', `/v1/payments?accountId=${account.id}&pageSize=2`);
    expect(first.body.payments).toMatchObject([{ amount: 3 }, { amount: 2 }]);
    const rest = await call('GET', (first.body.nextPage as string).replace('https://spillway.test', ''));
    expect(rest.body.payments).toMatchObject([{ amount: 1, accountNumber: account.accountNumber }]);
    expect(rest.body).not.toHaveProperty('nextPage');
    const narrowed = `/v1/payments?accountId=${account.id}&effectiveDate=2026-04-02&status=Processed&type=External`;
    expect((await call('GET', narrowed)).body.payments).toMatchObject([{ amount: 2 }]);
    expect((await call('GET', '/v1/payments?pageSize=1')).body.payments).toMatchObject([{ amount: 2 }]);
    const byAccount = await call('GET', `/v1/transactions/payments/accounts/${account.id}`);
    expect(byAccount.body.payments).toMatchObject([
      { amount: 3, paidInvoices: [{ invoiceId: invoice.id, appliedPaymentAmount: 1 }] },
      { amount: 2 },
      { amount: 1 },
    ]);
  });

  it.each([
    ['status', 'status=Processed'],
    ['amount', 'amount=1'],
    ['sort', 'sort=-amount'],
    ['page', 'page=0'],
    ['effectiveDate', 'accountId=x&effectiveDate=soon'],
  ])('refuse a wrong %s', async (field, query) => {
    const call = await connect();
    const reply = await call('GET', `/v1/payments?${query}`);
    expect(reply.status).toBe(400);
    expect(messageOf(reply)).toMatch(new RegExp(`^${field}`));
    expect(reply.body.reasons).toHaveLength(1);
  });
});

it('answers 404 for payments, parts and accounts that are not there', async () => {
  const call = await connect();
  const account = await putAccount();
  const { id } = (await pay(call, account.id, 1)).body;
  const body = { invoices: [{ invoiceId: NOBODY, amount: 1 }] };
  expect((await call('GET', '/v1/payments/P-nothing')).status).toBe(404);
  expect((await call('GET', `/v1/payments/${NOBODY}/parts`)).status).toBe(404);
  expect((await call('GET', `/v1/payments/${NOBODY}/parts/${NOBODY}`)).status).toBe(404);
  expect((await call('GET', `/v1/payments/${id}/parts/${NOBODY}`)).status).toBe(404);
  expect((await call('PUT', `/v1/payments/${NOBODY}/apply`, body)).status).toBe(404);
  expect((await call('PUT', `/v1/payments/${NOBODY}/unapply`, body)).status).toBe(404);
  expect((await call('GET', '/v1/transactions/payments/accounts/A-nobody')).status).toBe(404);
});

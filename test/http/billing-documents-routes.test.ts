import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Account } from '../../src/domain/accounts/account.ts';
import { type InProcessApi, inProcessApi } from '../support/in-process-api.ts';
import { type TestOffer, testAccount, testOffer } from '../support/order-objects.ts';
import { provenAfterEach } from '../support/proven-metrics.ts';
import { insert, insertOffer } from '../support/worker-api.ts';

/** Billing over HTTP: what is generated for an account, what frees it again, and that no day is billed twice whoever asks at once. */

let api: InProcessApi;
let monthly: TestOffer;
let quarterly: TestOffer;

provenAfterEach();

beforeAll(async () => {
  api = await inProcessApi();
  monthly = await insertOffer(testOffer([{ price: '190' }]));
  quarterly = await insertOffer(testOffer([{ price: '900', billingPeriod: 'Quarter' }]));
});

const openAccount = (fields: Partial<Account> = {}) => insert('account', testAccount(fields));

async function ok(reply: Promise<{ status: number; body: unknown }>): Promise<Record<string, unknown>> {
  const { status, body } = await reply;
  expect(status, JSON.stringify(body)).toBe(200);
  return body as Record<string, unknown>;
}

function creating(offer: TestOffer, fields: object = {}): object {
  return {
    orderActions: [
      {
        type: 'CreateSubscription',
        createSubscription: {
          terms: {
            initialTerm: { period: 12, periodType: 'Month', termType: 'TERMED' },
            renewalSetting: 'RENEW_WITH_SPECIFIC_TERM',
            renewalTerms: [{ period: 12, periodType: 'Month' }],
          },
          subscribeToRatePlans: [{ productRatePlanId: offer.offer.id }],
          ...fields,
        },
      },
    ],
  };
}

/** An order on the account; the numbers of its subscriptions. */
async function order(account: Account, subscriptions: object[], fields: object = {}) {
  const body = {
    orderDate: '2026-01-01',
    existingAccountNumber: account.accountNumber,
    subscriptions,
    ...fields,
  };
  const reply = await ok(api.post('/v1/orders?returnIds=true', body));
  const numbers = (reply.subscriptions as Array<{ subscriptionNumber: string }>).map(
    (s) => s.subscriptionNumber,
  );
  return { reply, numbers };
}

function cancelling(subscriptionNumber: string, day: string): object {
  const cancelSubscription = { cancellationPolicy: 'SpecificDate', cancellationEffectiveDate: day };
  return { subscriptionNumber, orderActions: [{ type: 'CancelSubscription', cancelSubscription }] };
}

interface Generated {
  readonly invoices: Array<{ readonly id: string }>;
  readonly creditMemos: Array<{ readonly id: string }>;
}

async function generate(account: Account, targetDate: string, fields: object = {}): Promise<Generated> {
  const path = `/v1/accounts/${account.accountNumber}/billing-documents/generate`;
  return (await ok(
    api.post(path, { targetDate, effectiveDate: '2026-01-31', ...fields }),
  )) as unknown as Generated;
}

async function invoice(id: string) {
  const shown = await ok(api.get(`/v1/invoices/${id}`));
  const { invoiceItems } = await ok(api.get(`/v1/invoices/${id}/items`));
  const items = (invoiceItems as Array<Record<string, unknown>>).map(
    (item) => `${item.serviceStartDate}..${item.serviceEndDate} ${item.chargeAmount}`,
  );
  return {
    amount: shown.amount,
    status: shown.status,
    dueDate: shown.dueDate,
    currency: shown.currency,
    items: items.sort(),
  };
}

async function memo(id: string) {
  const row = await env.DB.prepare(
    'SELECT amount_minor AS amount, unapplied_minor AS unapplied, status, currency, line_count AS lines FROM credit_memo WHERE id = ?1',
  )
    .bind(id)
    .first();
  const { results } = await env.DB.prepare(
    'SELECT service_start_date AS start, service_end_date AS end, amount_minor AS amount FROM credit_memo_item WHERE credit_memo_id = ?1',
  )
    .bind(id)
    .all<{ start: string; end: string; amount: number }>();
  return { ...row, items: results.map(({ start, end, amount }) => `${start}..${end} ${amount}`).sort() };
}

async function numbersOf(account: Account, currency = 'USD') {
  return env.DB.prepare(
    'SELECT total_invoice_balance_minor AS invoices, unapplied_credit_memo_minor AS credit, last_invoice_date AS lastInvoiceDate ' +
      'FROM account_metrics WHERE account_id = ?1 AND currency = ?2',
  )
    .bind(account.id, currency)
    .first();
}

/** The days of a charge that live lines bill, and how often: none more than once. */
async function billedDays(subscriptionNumber: string): Promise<string[]> {
  const { results } = await env.DB.prepare(
    "SELECT i.service_start_date || '..' || i.service_end_date AS days FROM invoice_item AS i JOIN invoice AS v ON v.id = i.invoice_id " +
      "WHERE i.subscription_number = ?1 AND v.status <> 'Canceled' ORDER BY 1",
  )
    .bind(subscriptionNumber)
    .all<{ days: string }>();
  return results.map(({ days }) => days);
}

describe('generating documents of an account', () => {
  test('bills a month in advance as a draft that moves nothing; asked again, there is nothing to bill', async () => {
    const account = await openAccount({ paymentTerm: 'Net 30' });
    const { numbers } = await order(account, [creating(monthly)]);
    const { invoices, creditMemos } = await generate(account, '2026-01-31');
    expect([invoices.length, creditMemos]).toEqual([1, []]);
    expect(await invoice(invoices[0]!.id)).toEqual({
      amount: 190,
      status: 'Draft',
      dueDate: '2026-03-02',
      currency: 'USD',
      items: ['2026-01-01..2026-01-31 190'],
    });
    expect(await numbersOf(account)).toMatchObject({ invoices: 0, credit: 0, lastInvoiceDate: null });
    expect(await generate(account, '2026-01-31')).toEqual({ success: true, invoices: [], creditMemos: [] });
    const shown = await ok(api.get(`/v1/subscriptions/${numbers[0]}`));
    const [plan] = shown.ratePlans as Array<{ ratePlanCharges: object[] }>;
    expect(plan!.ratePlanCharges).toMatchObject([
      { chargedThroughDate: '2026-02-01', processedThroughDate: '2026-02-01', done: false },
    ]);
  });

  test('posts where it is asked to: the balance and the last invoice date move', async () => {
    const account = await openAccount();
    await order(account, [creating(monthly), creating(quarterly)]);
    const { invoices } = await generate(account, '2026-01-31', { autoPost: true });
    expect(await invoice(invoices[0]!.id)).toMatchObject({ amount: 1090, status: 'Posted' });
    expect(await numbersOf(account)).toEqual({ invoices: 109_000, credit: 0, lastInvoiceDate: '2026-01-31' });
  });

  test('an owner whose subscription ends early is credited: 900 a quarter until 1 March, and February at 190, are a memo over 110', async () => {
    const account = await openAccount();
    const { numbers } = await order(account, [creating(monthly), creating(quarterly)]);
    await generate(account, '2026-01-31', { autoPost: true });
    await order(account, [cancelling(numbers[1]!, '2026-03-01')], { orderDate: '2026-02-10' });
    const { invoices, creditMemos } = await generate(account, '2026-02-28', { autoPost: true });
    expect(invoices).toEqual([]);
    expect(await memo(creditMemos[0]!.id)).toEqual({
      amount: 11_000,
      unapplied: 11_000,
      status: 'Posted',
      currency: 'USD',
      lines: 2,
      items: ['2026-02-01..2026-02-28 -19000', '2026-03-01..2026-03-31 30000'],
    });
    expect(await numbersOf(account)).toEqual({
      invoices: 109_000,
      credit: 11_000,
      lastInvoiceDate: '2026-01-31',
    });
    expect(await generate(account, '2026-02-28')).toMatchObject({ invoices: [], creditMemos: [] });
    const shown = await ok(api.get(`/v1/subscriptions/${numbers[1]}`));
    expect((shown.ratePlans as Array<{ ratePlanCharges: object[] }>)[0]!.ratePlanCharges).toMatchObject([
      { chargedThroughDate: '2026-03-01', done: true },
    ]);
  });

  test('a canceled or deleted draft frees its days, and they are billed again', async () => {
    const account = await openAccount();
    const { numbers } = await order(account, [creating(monthly)]);
    const cancel = (id: string) => api.put(`/v1/object/invoice/${id}`, { Status: 'Canceled' });
    for (const takeBack of [cancel, (id: string) => api.delete(`/v1/invoices/${id}`)]) {
      const { invoices } = await generate(account, '2026-02-28');
      expect(await billedDays(numbers[0]!)).toEqual(['2026-01-01..2026-01-31', '2026-02-01..2026-02-28']);
      await ok(takeBack(invoices[0]!.id));
      expect(await billedDays(numbers[0]!)).toEqual([]);
      const shown = await ok(api.get(`/v1/subscriptions/${numbers[0]}`));
      expect((shown.ratePlans as Array<{ ratePlanCharges: object[] }>)[0]!.ratePlanCharges).toMatchObject([
        { chargedThroughDate: null },
      ]);
    }
  });

  test('many at once bill each day once', async () => {
    const account = await openAccount();
    const { numbers } = await order(account, [creating(monthly), creating(quarterly)]);
    const all = await Promise.all(Array.from({ length: 8 }, () => generate(account, '2026-03-31')));
    expect(all.flatMap(({ invoices }) => invoices)).toHaveLength(1);
    expect(await billedDays(numbers[0]!)).toHaveLength(3);
    expect(await billedDays(numbers[1]!)).toEqual(['2026-01-01..2026-03-31']);
  });

  test('canceling, ordering and billing at once leave no day out and none twice', async () => {
    const account = await openAccount();
    const { numbers } = await order(account, [creating(monthly)]);
    for (let round = 0; round < 4; round++) {
      const { invoices } = await generate(account, '2026-03-31');
      await Promise.all([
        ...invoices.map(({ id }) => api.put(`/v1/object/invoice/${id}`, { Status: 'Canceled' })),
        generate(account, '2026-03-31'),
        api.put(`/v1/subscriptions/${numbers[0]}`, { notes: `round ${round}` }),
        generate(account, '2026-03-31'),
      ]);
      await generate(account, '2026-03-31');
      expect(await billedDays(numbers[0]!)).toEqual([
        '2026-01-01..2026-01-31',
        '2026-02-01..2026-02-28',
        '2026-03-01..2026-03-31',
      ]);
      const { results } = await env.DB.prepare(
        "SELECT id FROM invoice WHERE account_id = ?1 AND status = 'Draft'",
      )
        .bind(account.id)
        .all<{ id: string }>();
      for (const { id } of results) await ok(api.delete(`/v1/invoices/${id}`));
    }
  });

  test('a document for each currency, and for what is invoiced separately or on other terms', async () => {
    const account = await openAccount();
    await order(account, [
      creating(monthly),
      creating(monthly, { currency: 'EUR' }),
      creating(monthly, { invoiceSeparately: true }),
      creating(monthly, { paymentTerm: 'Net 60' }),
    ]);
    const { invoices } = await generate(account, '2026-01-31');
    const shown = await Promise.all(invoices.map(({ id }) => invoice(id)));
    expect(shown.map(({ currency, amount, dueDate }) => `${currency} ${amount} ${dueDate}`).sort()).toEqual([
      'EUR 190 2026-01-31',
      'USD 190 2026-01-31',
      'USD 190 2026-01-31',
      'USD 190 2026-04-01',
    ]);
  });

  test('only what is named: subscriptions, and charge types that are left out', async () => {
    const account = await openAccount();
    const { reply } = await order(account, [creating(monthly), creating(quarterly)]);
    const [first, second] = reply.subscriptionIds as string[];
    expect(await generate(account, '2026-01-31', { chargeTypeToExclude: ['Recurring'] })).toMatchObject({
      invoices: [],
    });
    const one = await generate(account, '2026-01-31', { subscriptionIds: [second!] });
    expect(await invoice(one.invoices[0]!.id)).toMatchObject({ amount: 900 });
    const other = await generate(account, '2026-01-31', { subscriptionIds: [first!, second!] });
    expect(await invoice(other.invoices[0]!.id)).toMatchObject({ amount: 190 });
  });

  test.each([
    ['subscriptionIds[0]', { subscriptionIds: ['0'.repeat(32)] }],
    ['targetDate', { targetDate: '2026-02-30' }],
    ['chargeTypeToExclude[0]', { chargeTypeToExclude: ['Monthly'] }],
    ['autoRenew', { autoRenew: true }],
  ])('refuses %s and names it', async (field, fields) => {
    const account = await openAccount();
    const path = `/v1/accounts/${account.accountNumber}/billing-documents/generate`;
    const { status, body } = await api.post(path, { targetDate: '2026-01-31', ...fields });
    expect(status).toBe(400);
    expect(body.reasons[0].message).toContain(field);
  });

  test('there has to be such an account', async () => {
    const { status } = await api.post('/v1/accounts/A-none/billing-documents/generate', {
      targetDate: '2026-01-31',
    });
    expect(status).toBe(404);
  });

  test('a repeated request under its key has one effect and one reply', async () => {
    const account = await openAccount();
    await order(account, [creating(monthly)]);
    const path = `/v1/accounts/${account.accountNumber}/billing-documents/generate`;
    const body = { targetDate: '2026-01-31', effectiveDate: '2026-01-31' };
    const headers = { 'Idempotency-Key': `generate-${account.id}` };
    const first = await api.post(path, body, headers);
    const again = await api.post(path, body, headers);
    expect(again.body).toEqual(first.body);
    expect(again.headers.get('Idempotency-Hit')).toBe('true');
    expect(first.body.invoices).toHaveLength(1);
  });
});

describe('an order that is billed with it', () => {
  const billing = (billingOptions: object = {}) => ({
    processingOptions: {
      runBilling: true,
      billingOptions: { targetDate: '2026-01-31', documentDate: '2026-01-31', ...billingOptions },
    },
  });

  test('makes and posts its invoice in its own transaction', async () => {
    const account = await openAccount();
    const { reply, numbers } = await order(account, [creating(monthly)], billing());
    expect(reply).toMatchObject({
      invoiceNumbers: [expect.stringMatching(/^INV\d{8}$/)],
      creditMemoNumbers: [],
      creditMemoIds: [],
    });
    expect(await invoice((reply.invoiceIds as string[])[0]!)).toMatchObject({
      amount: 190,
      status: 'Posted',
    });
    expect(await numbersOf(account)).toMatchObject({ invoices: 19_000, lastInvoiceDate: '2026-01-31' });
    expect(await generate(account, '2026-01-31')).toMatchObject({ invoices: [] });
    const cancelled = await order(account, [cancelling(numbers[0]!, '2026-01-01')], billing());
    expect(await memo((cancelled.reply.creditMemoIds as string[])[0]!)).toMatchObject({
      amount: 19_000,
      status: 'Posted',
    });
  });

  test('as a draft; the order cannot be taken back while its line is live', async () => {
    const account = await openAccount();
    const { reply } = await order(account, [creating(monthly)], billing({ generateDraftInvoice: true }));
    const [id] = reply.invoiceIds as string[];
    expect(await invoice(id!)).toMatchObject({ status: 'Draft' });
    const refused = await api.delete(`/v1/orders/${reply.orderNumber}`);
    expect(refused.status).toBe(400);
    expect(refused.body.reasons[0].message).toContain('has been invoiced through 2026-02-01');
    await ok(api.delete(`/v1/invoices/${id}`));
    await ok(api.delete(`/v1/orders/${reply.orderNumber}`));
  });

  test('is all or nothing: an order that is refused bills nothing', async () => {
    const account = await openAccount();
    const body = {
      orderDate: '2026-01-01',
      existingAccountNumber: account.accountNumber,
      subscriptions: [creating(monthly), cancelling('A-S-none', '2026-02-01')],
      ...billing(),
    };
    expect((await api.post('/v1/orders', body)).status).toBe(400);
    const { n } = (await env.DB.prepare('SELECT count(*) AS n FROM invoice WHERE account_id = ?1')
      .bind(account.id)
      .first<{ n: number }>())!;
    expect(n).toBe(0);
  });

  test('kept as a draft it is billed when it is activated', async () => {
    const account = await openAccount();
    const body = {
      orderDate: '2026-01-01',
      existingAccountNumber: account.accountNumber,
      status: 'Draft',
      subscriptions: [creating(monthly)],
      ...billing(),
    };
    const { orderNumber } = await ok(api.post('/v1/orders', body));
    expect((await ok(api.get(`/v1/orders/${orderNumber}`))).order).not.toHaveProperty('billing');
    const activated = await ok(api.put(`/v1/orders/${orderNumber}/activate`, {}));
    expect(activated.invoiceNumbers).toHaveLength(1);
  });

  test('what is collected with it is refused by name', async () => {
    const account = await openAccount();
    const { status, body } = await api.post('/v1/orders', {
      orderDate: '2026-01-01',
      existingAccountNumber: account.accountNumber,
      subscriptions: [creating(monthly)],
      processingOptions: { runBilling: true, collectPayment: true },
    });
    expect([status, body.reasons[0].message]).toEqual([
      400,
      expect.stringContaining('processingOptions.collectPayment'),
    ]);
  });
});

describe('the forms of subscriptions and accounts', () => {
  const form = (accountKey: string) => ({
    accountKey,
    contractEffectiveDate: '2026-01-01',
    termType: 'TERMED',
    initialTerm: 12,
    renewalTerm: 12,
    subscribeToRatePlans: [{ productRatePlanId: monthly.offer.id }],
    documentDate: '2026-01-31',
  });

  test('create, update, suspend and cancel with a bill', async () => {
    const account = await openAccount();
    const created = await ok(
      api.post('/v1/subscriptions', {
        ...form(account.accountNumber),
        runBilling: true,
        targetDate: '2026-01-31',
      }),
    );
    expect(await invoice(created.invoiceId as string)).toMatchObject({ amount: 190, status: 'Posted' });
    const path = `/v1/subscriptions/${created.subscriptionNumber as string}`;
    const updated = await ok(
      api.put(path, { notes: 'more', invoice: true, invoiceTargetDate: '2026-02-28' }),
    );
    expect(await invoice(updated.invoiceId as string)).toMatchObject({
      items: ['2026-02-01..2026-02-28 190'],
    });
    const cancelled = await ok(
      api.put(`${path}/cancel`, {
        cancellationPolicy: 'SpecificDate',
        cancellationEffectiveDate: '2026-02-01',
        runBilling: true,
        targetDate: '2026-02-28',
      }),
    );
    expect(await memo(cancelled.creditMemoId as string)).toMatchObject({ amount: 19_000 });
  });

  test('POST /v1/accounts opens the account, makes its subscription and bills it', async () => {
    const { accountKey: _, documentDate, ...subscription } = form('');
    const reply = await ok(
      api.post('/v1/accounts', {
        name: 'Billed at once',
        currency: 'USD',
        billCycleDay: 1,
        billToContact: { firstName: 'Ada', lastName: 'B', country: 'United States', state: 'CA' },
        subscription,
        runBilling: true,
        documentDate,
        targetDate: '2026-01-31',
      }),
    );
    const shown = await ok(api.get(`/v1/invoices/${reply.invoiceId as string}`));
    expect(shown).toMatchObject({ amount: 190, status: 'Posted', accountId: reply.accountId });
    expect(shown.billToContactSnapshotId).toMatch(/^[0-9a-f]{32}$/);
  });

  test('EndOfLastInvoicePeriod ends where live lines end', async () => {
    const account = await openAccount();
    const { numbers } = await order(account, [creating(monthly)]);
    await generate(account, '2026-02-28');
    const reply = await ok(
      api.put(`/v1/subscriptions/${numbers[0]}/cancel`, { cancellationPolicy: 'EndOfLastInvoicePeriod' }),
    );
    expect(reply.cancelledDate).toBe('2026-03-01');
  });
});

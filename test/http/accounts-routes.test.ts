import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, test } from 'vitest';
import { testAccount, testContact } from '../support/order-objects.ts';
import { provenAfterEach } from '../support/proven-metrics.ts';
import { type Call, connect } from '../support/settlement-fixtures.ts';
import { insert } from '../support/worker-api.ts';

// Accounts over HTTP: made, read by id and number, changed, deleted; every refusal names its field and changes nothing.

const contact = { firstName: 'Amy', lastName: 'Lawrence', country: 'United States', zipCode: 94403 };
const complete = { name: 'Harbour Supplies', currency: 'USD', billCycleDay: 1, billToContact: contact };
const NOBODY = '0'.repeat(32);

let call: Call;
provenAfterEach();

beforeAll(async () => {
  call = await connect();
});

async function open(fields: object = {}): Promise<{ accountId: string; accountNumber: string }> {
  const reply = await call('POST', '/v1/accounts', { ...complete, ...fields });
  expect(reply.body).toMatchObject({ success: true });
  return reply.body as { accountId: string; accountNumber: string };
}

describe('POST /v1/accounts', () => {
  test('makes an account that reads back with all that was sent, by id and by number', async () => {
    const created = await open({
      accountNumber: 'R-1001-x',
      partnerAccount: true,
      batch: 'Batch50',
      paymentTerm: 'Net 45',
      crmId: 'CRM-1',
      notes: 'n',
      additionalEmailAddresses: ['a@example.com'],
      taxInfo: { VATId: 'DE1', unknown: 1 },
      einvoiceProfile: { enabled: true },
      region__c: 'north',
      soldToContact: { ...contact, firstName: 'Sol' },
      billToContact: { ...contact, floor__c: 3 },
    });
    expect(created.accountNumber).toBe('R-1001-x');
    const byId = await call('GET', `/v1/accounts/${created.accountId}`);
    expect(byId.body).toMatchObject({
      success: true,
      basicInfo: {
        id: created.accountId,
        accountNumber: 'R-1001-x',
        name: 'Harbour Supplies',
        status: 'Active',
        batch: 'Batch50',
        crmId: 'CRM-1',
        notes: 'n',
        partnerAccount: true,
        lastMetricsUpdate: null,
        region__c: 'north',
      },
      billingAndPayment: {
        currency: 'USD',
        billCycleDay: 1,
        paymentTerm: 'Net 45',
        additionalEmailAddresses: ['a@example.com'],
      },
      billToContact: { firstName: 'Amy', zipCode: '94403', city: '', county: null, floor__c: 3 },
      soldToContact: { firstName: 'Sol' },
      taxInfo: { VATId: 'DE1' },
      einvoiceProfile: { enabled: true },
      metrics: { balance: 0, contractedMrr: 0, creditBalance: 0 },
      metricsData: [{ currency: 'USD', balance: 0 }],
    });
    expect((await call('GET', '/v1/accounts/R-1001-x')).body).toEqual(byId.body);
  });

  test('takes a number once', async () => {
    await open({ accountNumber: 'R-once' });
    const again = await call('POST', '/v1/accounts', { ...complete, accountNumber: 'R-once' });
    expect(again).toMatchObject({
      status: 400,
      body: { reasons: [{ code: 50000020, message: expect.stringContaining('accountNumber') }] },
    });
    const rivals = await Promise.all(
      Array.from({ length: 8 }, () =>
        call('POST', '/v1/accounts', { ...complete, accountNumber: 'R-rivals' }),
      ),
    );
    expect(rivals.map((reply) => reply.status).sort()).toEqual([200, ...Array(7).fill(400)]);
  });

  test('takes numbers of accounts that are migrated, and generates others', async () => {
    const given = await open({ accountNumber: 'A00004711' });
    expect(given.accountNumber).toBe('A00004711');
    const generated = await Promise.all(Array.from({ length: 40 }, () => open()));
    expect(new Set(generated.map(({ accountNumber }) => accountNumber)).size).toBe(40);
  });

  test('does one thing for one Idempotency-Key', async () => {
    const send = () => call('POST', '/v1/accounts', complete, { 'Idempotency-Key': 'open-once' });
    const first = await send();
    const second = await send();
    expect(second.body).toEqual(first.body);
    expect(second.headers.get('Idempotency-Hit')).toBe('true');
  });

  test.each([
    ['partnerAccount', 'true'],
    ['partnerAccount', 1],
    ['partnerAccount', null],
    ['name', ''],
    ['name', undefined],
    ['currency', 'ZZZ'],
    ['currency', undefined],
    ['billCycleDay', 32],
    ['billCycleDay', -1],
    ['billCycleDay', 1.5],
    ['billToContact', undefined],
    ['billToContact.lastName', { firstName: 'Amy' }],
    ['billToContact.otherPhoneType', { ...contact, otherPhoneType: 'Fax' }],
    ['billToContact.city', { ...contact, city: 'x'.repeat(41) }],
    ['batch', 'Batch51'],
    ['paymentTerm', 'Whenever'],
    ['autoPay', 'no'],
    ['parentId', NOBODY],
    ['accountNumber', 'a/b'],
    ['accountNumber', NOBODY],
    ['additionalEmailAddresses', 'a@example.com'],
    ['taxInfo.exemptEffectiveDate', { exemptEffectiveDate: '2026-02-30' }],
    ['region__c', { nested: true }],
    ['subscription', { termType: 'TERMED' }],
    ['collect', true],
    ['collect', true],
    ['creditCard', {}],
    ['hpmCreditCardPaymentMethodId', 'x'],
    ['paymentMethod', {}],
    ['shipToContact', {}],
  ])('refuses a wrong %s: %j', async (field, value) => {
    const root = field.split('.')[0]!;
    const reply = await call('POST', '/v1/accounts', { ...complete, [root]: value });
    expect(reply.status).toBe(400);
    expect(reply.body).toMatchObject({ success: false });
    const [reason] = reply.body.reasons as Array<{ message: string }>;
    expect(reason?.message).toContain(field);
  });
});

describe('PUT /v1/accounts/{key}', () => {
  test('changes what it names and keeps the rest', async () => {
    const { accountId, accountNumber } = await open({ notes: 'first', tier__c: 'silver' });
    const parent = await open();
    const put = await call('PUT', `/v1/accounts/${accountNumber}`, {
      name: 'Renamed',
      tier__c: 'gold',
      parentId: parent.accountNumber,
      billToContact: { city: 'Oakland' },
    });
    expect(put).toMatchObject({ status: 200, body: { success: true } });
    expect((await call('GET', `/v1/accounts/${accountId}`)).body).toMatchObject({
      basicInfo: { name: 'Renamed', notes: 'first', tier__c: 'gold', parentId: parent.accountId },
      billToContact: { firstName: 'Amy', city: 'Oakland' },
    });
    const loop = await call('PUT', `/v1/accounts/${parent.accountId}`, { parentId: accountId });
    expect(loop.status).toBe(400);
    expect(JSON.stringify(loop.body)).toContain('parentId');
  });

  test('refuses wrong values by name, and 404 for nobody', async () => {
    const { accountId } = await open();
    for (const [field, value] of [
      ['partnerAccount', 'false'],
      ['billToContactId', NOBODY],
      ['soldToContact', { firstName: '' }],
      ['defaultPaymentMethodId', 'x'],
      ['shipToContactId', 'x'],
      ['paymentTerm', 'Net'],
    ] as const) {
      const reply = await call('PUT', `/v1/accounts/${accountId}`, { [field]: value });
      expect(reply.status).toBe(400);
      expect(JSON.stringify(reply.body)).toContain(field);
    }
    for (const key of [NOBODY, 'R-nobody']) {
      expect(await call('PUT', `/v1/accounts/${key}`, {})).toMatchObject({
        status: 404,
        body: { reasons: [{ code: 50000040 }] },
      });
    }
  });
});

describe('DELETE /v1/accounts/{key}', () => {
  test('takes the contacts along', async () => {
    const { accountId } = await open();
    const { body } = await call('GET', `/v1/accounts/${accountId}`);
    const contactId = (body.billToContact as { id: string }).id;
    expect(await call('DELETE', `/v1/accounts/${accountId}`)).toMatchObject({
      status: 200,
      body: { success: true, id: accountId },
    });
    expect((await call('GET', `/v1/accounts/${accountId}`)).status).toBe(404);
    expect((await call('GET', `/v1/contacts/${contactId}`)).status).toBe(404);
    expect((await call('DELETE', `/v1/accounts/${accountId}`)).status).toBe(404);
  });

  test('is refused while something hangs on the account', async () => {
    const invoiced = await open();
    await call('POST', '/v1/invoices', {
      accountId: invoiced.accountId,
      invoiceDate: '2026-03-15',
      invoiceItems: [{ chargeName: 'x', amount: 1, serviceStartDate: '2026-03-01' }],
    });
    const parent = await open();
    await open({ parentId: parent.accountId });
    for (const [{ accountId }, what] of [
      [invoiced, 'invoices'],
      [parent, 'child accounts'],
    ] as const) {
      const reply = await call('DELETE', `/v1/accounts/${accountId}`);
      expect(reply.status).toBe(400);
      expect(JSON.stringify(reply.body)).toContain(what);
      expect((await call('GET', `/v1/accounts/${accountId}`)).status).toBe(200);
    }
  });

  test('or the invoice is refused, when both come at once: never an invoice without its account', async () => {
    for (let round = 0; round < 5; round++) {
      const { accountId } = await open();
      const post = () =>
        call('POST', '/v1/invoices', {
          accountId,
          invoiceDate: '2026-03-15',
          invoiceItems: [{ chargeName: 'x', amount: 1, serviceStartDate: '2026-03-01' }],
        });
      await Promise.all([post(), call('DELETE', `/v1/accounts/${accountId}`), post()]);
      const row = await env.DB.prepare(
        'SELECT EXISTS (SELECT 1 FROM account WHERE id = ?1) AS account, EXISTS (SELECT 1 FROM invoice WHERE account_id = ?1) AS invoice',
      )
        .bind(accountId)
        .first<{ account: number; invoice: number }>();
      expect(row?.account).toBe(row?.invoice);
    }
  });
});

describe('GET /v1/accounts/{key}/summary', () => {
  test('shows the latest six invoices and payments with what they paid', async () => {
    const { accountId, accountNumber } = await open();
    const invoices: string[] = [];
    for (let amount = 1; amount <= 7; amount++) {
      const { body } = await call('POST', '/v1/invoices', {
        accountId,
        invoiceDate: `2026-03-0${amount}`,
        status: 'Posted',
        invoiceItems: [{ chargeName: 'x', amount, serviceStartDate: '2026-03-01' }],
      });
      invoices.push(body.id as string);
    }
    await call('POST', '/v1/payments', {
      accountId,
      type: 'External',
      amount: 10.5,
      currency: 'USD',
      effectiveDate: '2026-03-20',
      invoices: [{ invoiceId: invoices[6], amount: 6 }],
    });
    const { body } = await call('GET', `/v1/accounts/${accountNumber}/summary?excludeUsage=false`);
    expect(body).toMatchObject({
      basicInfo: {
        balance: 17.5,
        lastInvoiceDate: '2026-03-07',
        lastPaymentDate: '2026-03-20',
        lastPaymentAmount: 10.5,
        partnerAccount: false,
        lastMetricsUpdate: null,
      },
      payments: [
        {
          effectiveDate: '2026-03-20',
          paymentType: 'External',
          status: 'Processed',
          paidInvoices: [{ invoiceId: invoices[6], appliedPaymentAmount: 6 }],
        },
      ],
      subscriptions: [],
      usage: [],
    });
    const shown = body.invoices as Array<{ amount: number; balance: number }>;
    expect(shown.map(({ amount, balance }) => [amount, balance])).toEqual([
      [7, 1],
      [6, 6],
      [5, 5],
      [4, 4],
      [3, 3],
      [2, 2],
    ]);
    const without = await call('GET', `/v1/accounts/${accountId}/summary?excludeUsage=true`);
    expect(without.body).not.toHaveProperty('usage');
    expect((await call('GET', `/v1/accounts/${accountId}/summary?excludeUsage=1`)).status).toBe(400);
    expect((await call('GET', `/v1/accounts/${NOBODY}/summary`)).status).toBe(404);
  });

  test('reads by index, however much the account holds', async () => {
    const account = await insert('account', testAccount());
    await insert('contact', testContact(account.id));
    for (const [table, order] of [
      ['invoice', 'invoice_date'],
      ['payment', 'effective_date'],
      ['usage', 'start_date'],
    ]) {
      const { results } = await env.DB.prepare(
        `EXPLAIN QUERY PLAN SELECT id FROM ${table} WHERE account_id = ?1 ORDER BY ${order} DESC, id DESC LIMIT 6`,
      )
        .bind(account.id)
        .all<{ detail: string }>();
      const plan = results.map((row) => row.detail).join('; ');
      expect(plan).toContain(`USING COVERING INDEX ${table}_account`);
      expect(plan).not.toContain('TEMP B-TREE');
    }
  });
});

describe('Roles', () => {
  test('a reading client may read and nothing else', async () => {
    const { accountId } = await open();
    const reading = await connect('read');
    expect((await reading('GET', `/v1/accounts/${accountId}`)).status).toBe(200);
    expect((await reading('PUT', `/v1/accounts/${accountId}`, { name: 'x' })).status).toBe(403);
    expect((await reading('DELETE', `/v1/accounts/${accountId}`)).status).toBe(403);
    expect((await reading('POST', '/v1/accounts', complete)).status).toBe(403);
  });
});

import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { conformance } from './support/conformance.ts';
import {
  CONTACT,
  createAccount,
  createPayment,
  createPlan,
  createPostedInvoice,
  orderSubscription,
  uniqueName,
} from './support/fixtures.ts';
import { expectRefusal, expectSuccess, ID, listAt, valueAt } from './support/reply-reading.ts';

// Accounts as a client of the REST resources creates, reads, changes and deletes them, the partner flag among the fields.
const ZERO_METRICS = {
  balance: 0,
  totalInvoiceBalance: 0,
  totalDebitMemoBalance: 0,
  unappliedPaymentAmount: 0,
  unappliedCreditMemoAmount: 0,
  contractedMrr: 0,
};

conformance(
  ['POST_Account', 'GET_Account'],
  'creates an account and reads it by id and number',
  async (api) => {
    const name = uniqueName('Amy Lawrence');
    const created = expectSuccess(
      await api.post('/v1/accounts', {
        name,
        currency: 'USD',
        billCycleDay: 1,
        autoPay: false,
        notes: 'moved from the old system',
        crmId: 'CRM-7',
        batch: 'Batch2',
        paymentTerm: 'Net 30',
        billToContact: CONTACT,
        soldToContact: { ...CONTACT, firstName: 'Sold' },
      }),
    );
    expect(created).toMatchObject({
      accountId: expect.stringMatching(ID),
      accountNumber: expect.stringMatching(/^A\d{8,}$/),
      billToContactId: expect.stringMatching(ID),
      soldToContactId: expect.stringMatching(ID),
    });
    const { accountId, accountNumber } = created as { accountId: string; accountNumber: string };
    const byId = expectSuccess(await api.get(`/v1/accounts/${accountId}`));
    expect(byId).toMatchObject({
      basicInfo: {
        id: accountId,
        accountNumber,
        name,
        notes: 'moved from the old system',
        crmId: 'CRM-7',
        batch: 'Batch2',
        status: 'Active',
        partnerAccount: false,
      },
      billingAndPayment: { currency: 'USD', billCycleDay: 1, autoPay: false, paymentTerm: 'Net 30' },
      billToContact: { id: valueAt(created, 'billToContactId'), firstName: 'Amy', zipCode: '94403' },
      soldToContact: { id: valueAt(created, 'soldToContactId'), firstName: 'Sold' },
      metrics: ZERO_METRICS,
    });
    const byNumber = expectSuccess(await api.get(`/v1/accounts/${accountNumber}`));
    expect(byNumber).toEqual(byId);
  },
);

conformance(['POST_Account', 'GET_Account'], 'keeps the number that the client chose, once', async (api) => {
  const accountNumber = `R-${randomUUID()}`;
  const account = await createAccount(api, { accountNumber });
  expect(account.number).toBe(accountNumber);
  expectSuccess(await api.get(`/v1/accounts/${accountNumber}`));
  const again = await api.post('/v1/accounts', {
    name: 'Second',
    currency: 'USD',
    billCycleDay: 1,
    accountNumber,
    billToContact: CONTACT,
  });
  expectRefusal(again, { status: 400, names: 'accountNumber' });
});

conformance(
  ['POST_Account', 'GET_Account'],
  'takes a partner account and says how old its numbers are',
  async (api) => {
    const account = await createAccount(api, { partnerAccount: true });
    const body = expectSuccess(await api.get(`/v1/accounts/${account.number}`));
    expect(body).toMatchObject({ basicInfo: { partnerAccount: true }, metrics: ZERO_METRICS });
  },
);

conformance(
  ['PUT_Account', 'GET_Account', 'GET_AccountSummary'],
  'turns the partner flag on and off; off means no lastMetricsUpdate',
  async (api) => {
    const account = await createAccount(api);
    const path = `/v1/accounts/${account.id}`;
    expectSuccess(await api.put(path, { partnerAccount: true }));
    expect(expectSuccess(await api.get(path))).toMatchObject({ basicInfo: { partnerAccount: true } });
    expect(expectSuccess(await api.get(`${path}/summary`))).toMatchObject({
      basicInfo: { partnerAccount: true },
    });
    expectSuccess(await api.put(path, { partnerAccount: false }));
    const plain = expectSuccess(await api.get(path));
    expect(plain).toMatchObject({ basicInfo: { partnerAccount: false } });
    expect(
      (valueAt(plain, 'basicInfo') as { lastMetricsUpdate?: string }).lastMetricsUpdate ?? null,
    ).toBeNull();
  },
);

conformance(['POST_Account', 'PUT_Account'], 'refuses a partner flag that is no boolean', async (api) => {
  const account = await createAccount(api);
  for (const partnerAccount of ['true', 1, {}]) {
    expectRefusal(await api.put(`/v1/accounts/${account.id}`, { partnerAccount }), {
      status: 400,
      names: 'partnerAccount',
    });
  }
  const created = await api.post('/v1/accounts', {
    name: 'x',
    currency: 'USD',
    billCycleDay: 1,
    billToContact: CONTACT,
    partnerAccount: 'yes',
  });
  expectRefusal(created, { status: 400, names: 'partnerAccount' });
});

conformance('POST_Account', 'names the required field that is missing', async (api) => {
  const complete = { name: 'x', currency: 'USD', billCycleDay: 1, billToContact: CONTACT };
  for (const field of ['name', 'currency', 'billToContact'] as const) {
    const { [field]: _left, ...rest } = complete;
    expectRefusal(await api.post('/v1/accounts', rest), { status: 400, names: field });
  }
  const { lastName: _lastName, ...nameless } = CONTACT;
  const noLastName = await api.post('/v1/accounts', { ...complete, billToContact: nameless });
  expectRefusal(noLastName, { status: 400, names: 'lastName' });
});

conformance('POST_Account', 'refuses an unknown currency and a bill cycle day past 31', async (api) => {
  const complete = { name: 'x', currency: 'USD', billCycleDay: 1, billToContact: CONTACT };
  const currency = await api.post('/v1/accounts', { ...complete, currency: 'ZZZ' });
  expectRefusal(currency, { status: 400, names: 'currency' });
  const day = await api.post('/v1/accounts', { ...complete, billCycleDay: 32 });
  expectRefusal(day, { status: 400, names: 'billCycleDay' });
});

conformance(['PUT_Account', 'GET_Account'], 'changes only what was sent, custom fields too', async (api) => {
  const account = await createAccount(api, { notes: 'first', region__c: 'north' });
  const path = `/v1/accounts/${account.number}`;
  expect(expectSuccess(await api.get(path))).toMatchObject({ basicInfo: { region__c: 'north' } });
  const name = uniqueName('Renamed');
  expectSuccess(await api.put(path, { name, paymentTerm: 'Net 60', tier__c: 'gold' }));
  expect(expectSuccess(await api.get(path))).toMatchObject({
    basicInfo: { name, notes: 'first', region__c: 'north', tier__c: 'gold' },
    billingAndPayment: { paymentTerm: 'Net 60' },
  });
});

conformance(['DELETE_Account', 'GET_Account'], 'deletes an account that has nothing on it', async (api) => {
  const account = await createAccount(api);
  const deleted = expectSuccess(await api.delete(`/v1/accounts/${account.number}`));
  expect(deleted).toMatchObject({ id: account.id });
  expectRefusal(await api.get(`/v1/accounts/${account.id}`), { status: 404, category: 40 });
  expectRefusal(await api.get(`/v1/accounts/${account.number}`), { status: 404, category: 40 });
});

conformance(
  ['GET_Account', 'PUT_Account', 'DELETE_Account', 'GET_AccountSummary'],
  'answers 404 for an account that is not there',
  async (api) => {
    const path = `/v1/accounts/${'0'.repeat(32)}`;
    expectRefusal(await api.get(path), { status: 404, category: 40 });
    expectRefusal(await api.get('/v1/accounts/A-nobody'), { status: 404, category: 40 });
    expectRefusal(await api.get(`${path}/summary`), { status: 404, category: 40 });
    expectRefusal(await api.put(path, { name: 'x' }), { status: 404, category: 40 });
    expectRefusal(await api.delete(path), { status: 404, category: 40 });
  },
);

conformance(
  ['GET_AccountSummary', 'GET_Account'],
  'sums up an account: subscription, invoice, payment and exact numbers',
  async (api) => {
    const account = await createAccount(api);
    const plan = await createPlan(api);
    const { subscriptionNumber } = await orderSubscription(api, account, plan);
    const invoice = await createPostedInvoice(api, account, 120.5);
    const payment = await createPayment(api, account, 100.25, {
      invoices: [{ invoiceId: invoice.id, amount: 20.5 }],
    });
    const summary = expectSuccess(await api.get(`/v1/accounts/${account.number}/summary`));
    expect(summary).toMatchObject({
      basicInfo: {
        id: account.id,
        accountNumber: account.number,
        balance: 20.25,
        currency: 'USD',
        lastInvoiceDate: '2026-03-15',
        lastPaymentDate: '2026-03-20',
        lastPaymentAmount: 100.25,
        status: 'Active',
      },
      billToContact: { id: account.billToContactId, firstName: 'Amy' },
      subscriptions: [
        {
          subscriptionNumber,
          status: 'Active',
          termType: 'TERMED',
          subscriptionStartDate: '2026-01-01',
          ratePlans: [{ productId: plan.productId, productRatePlanId: plan.ratePlanId }],
        },
      ],
      invoices: [
        {
          id: invoice.id,
          invoiceNumber: invoice.number,
          invoiceDate: '2026-03-15',
          amount: 120.5,
          balance: 100,
          status: 'Posted',
        },
      ],
      payments: [
        {
          id: payment.id,
          paymentNumber: payment.number,
          effectiveDate: '2026-03-20',
          status: 'Processed',
          paidInvoices: [
            { invoiceId: invoice.id, invoiceNumber: invoice.number, appliedPaymentAmount: 20.5 },
          ],
        },
      ],
    });
    expect(listAt(summary, 'usage')).toEqual([]);
    const details = expectSuccess(await api.get(`/v1/accounts/${account.id}`));
    const metrics = {
      balance: 20.25,
      totalInvoiceBalance: 100,
      totalDebitMemoBalance: 0,
      unappliedPaymentAmount: 79.75,
      unappliedCreditMemoAmount: 0,
      contractedMrr: 25,
    };
    expect(details).toMatchObject({ metrics, metricsData: [{ currency: 'USD', ...metrics }] });
  },
);

conformance('GET_AccountSummary', 'leaves usage out when asked to', async (api) => {
  const account = await createAccount(api);
  const body = expectSuccess(await api.get(`/v1/accounts/${account.id}/summary?excludeUsage=true`));
  expect(body).not.toHaveProperty('usage');
});

conformance('GET_AccountSummary', 'shows the last six invoices, the newest first', async (api) => {
  const account = await createAccount(api);
  for (let amount = 1; amount <= 7; amount += 1) await createPostedInvoice(api, account, amount);
  const summary = expectSuccess(await api.get(`/v1/accounts/${account.id}/summary`));
  const amounts = listAt(summary, 'invoices').map((invoice) => valueAt(invoice, 'amount'));
  expect(amounts).toEqual([7, 6, 5, 4, 3, 2]);
});

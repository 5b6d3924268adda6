import { applyD1Migrations } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeAll, expect, test } from 'vitest';
import type { Account } from '../../src/domain/accounts/account.ts';
import { applicationId } from '../../src/domain/settlement/application.ts';
import { type InProcessApi, inProcessApi } from '../support/in-process-api.ts';
import { type TestOffer, testAccount, testOffer } from '../support/order-objects.ts';
import { insert, insertOffer } from '../support/worker-api.ts';

// A database as the first release left it, with rows in it, is brought up to date and goes on: what was sold before can be read,
// changed and counted.

const SUBSCRIPTION = 'a'.repeat(32);
const RATE_PLAN = 'b'.repeat(32);
const CHARGE = 'c'.repeat(32);
const ORDER = 'd'.repeat(32);
const INVOICE = `${'e'.repeat(31)}1`;
const DRAFT = `${'e'.repeat(31)}2`;
const PAYMENT = 'f'.repeat(32);

let api: InProcessApi;
let account: Account;
/** Without a delta, or a row that says how far they are published. */
let idle: Account;
let flat: TestOffer;

/** All tables gone, then only what the first release had. */
async function firstRelease(): Promise<void> {
  const { results } = await env.DB.prepare(
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '_cf_%'",
  ).all<{ name: string }>();
  await env.DB.batch(results.map(({ name }) => env.DB.prepare(`DROP TABLE "${name}"`)));
  await applyD1Migrations(env.DB, env.TEST_MIGRATIONS.slice(0, 1));
}

/** A row with these columns, as the first release wrote it. */
async function row(table: string, columns: Record<string, string | number | null>): Promise<void> {
  const names = Object.keys(columns);
  await env.DB.prepare(
    `INSERT INTO ${table} (${names.join(', ')}) VALUES (${names.map((_, i) => `?${i + 1}`).join(', ')})`,
  )
    .bind(...Object.values(columns))
    .run();
}

const attributes = { details: '{}', custom_fields: '{}' };
const at = '2026-01-01T00:00:00.000Z';
const audit = { created_at: at, created_by: 'client', updated_at: at, updated_by: 'client' };

async function sellAsBefore(): Promise<void> {
  await row('orders', {
    id: ORDER,
    revision: 1,
    order_number: 'O-OLD',
    account_id: account.id,
    order_date: '2026-01-01',
    status: 'Completed',
    currency: 'USD',
    category: 'NewSales',
    ...attributes,
    ...audit,
  });
  await row('subscription', {
    id: SUBSCRIPTION,
    revision: 1,
    subscription_number: 'A-S-OLD',
    original_id: SUBSCRIPTION,
    version: 1,
    is_latest_version: 1,
    status: 'Active',
    account_id: account.id,
    invoice_owner_account_id: account.id,
    order_id: ORDER,
    order_number: 'O-OLD',
    currency: 'USD',
    term_type: 'TERMED',
    contract_effective_date: '2026-01-01',
    service_activation_date: '2026-01-01',
    customer_acceptance_date: '2026-01-01',
    subscription_start_date: '2026-01-01',
    subscription_end_date: '2027-01-01',
    term_start_date: '2026-01-01',
    term_end_date: '2027-01-01',
    initial_term: 12,
    initial_term_period_type: 'Month',
    current_term: 12,
    current_term_period_type: 'Month',
    renewal_term: 12,
    renewal_term_period_type: 'Month',
    renewal_setting: 'RENEW_WITH_SPECIFIC_TERM',
    auto_renew: 0,
    contracted_mrr: '25',
    total_contracted_value: '300',
    ...attributes,
    ...audit,
  });
  await row('rate_plan', {
    id: RATE_PLAN,
    revision: 1,
    rate_plan_number: 'SRP-OLD',
    subscription_original_id: SUBSCRIPTION,
    added_in_version: 1,
    product_id: flat.offer.productId,
    product_name: 'Product',
    product_sku: 'SKU',
    product_rate_plan_id: flat.offer.plan.id,
    product_rate_plan_number: flat.offer.plan.ratePlanNumber,
    name: 'Plan',
    ...attributes,
    created_at: at,
  });
  await row('charge', {
    id: CHARGE,
    revision: 1,
    rate_plan_id: RATE_PLAN,
    subscription_original_id: SUBSCRIPTION,
    charge_number: 'C-OLD',
    original_charge_id: CHARGE,
    segment: 1,
    version: 1,
    added_in_version: 1,
    product_rate_plan_charge_id: flat.offer.charges[0]!.id,
    product_rate_plan_charge_number: flat.offer.charges[0]!.chargeNumber,
    name: 'Fee',
    charge_type: 'Recurring',
    charge_model: 'Flat Fee Pricing',
    currency: 'USD',
    price: '25',
    quantity: '1',
    billing_period: 'Month',
    billing_timing: 'In Advance',
    billing_period_alignment: 'AlignToCharge',
    bill_cycle_type: 'DefaultFromCustomer',
    list_price_base: 'Per Billing Period',
    trigger_event: 'ContractEffective',
    end_date_condition: 'SubscriptionEnd',
    effective_start_date: '2026-01-01',
    effective_end_date: '2027-01-01',
    monthly_recurring_revenue: '25',
    total_contracted_value: '300',
    ...attributes,
    created_at: at,
  });
}

/** An invoice of 30 in two lines and a draft, a payment of 50 of which 12 are applied, and the numbers that follow. */
async function invoiceAsBefore(): Promise<void> {
  const document = {
    revision: 1,
    account_id: account.id,
    currency: 'USD',
    tax_minor: 0,
    auto_pay: 0,
    ...attributes,
    ...audit,
  };
  const invoice = {
    ...document,
    invoice_date: '2026-01-15',
    due_date: '2026-02-14',
    source_type: 'Standalone',
  };
  await row('invoice', {
    ...invoice,
    id: INVOICE,
    invoice_number: 'INV-OLD',
    status: 'Posted',
    amount_minor: 3000,
    balance_minor: 1800,
    payments_applied_minor: 1200,
    credit_memos_applied_minor: 0,
    posted_at: at,
    posted_by: 'client',
  });
  await row('invoice', {
    ...invoice,
    id: DRAFT,
    invoice_number: 'INV-DRAFT',
    status: 'Draft',
    amount_minor: 500,
    balance_minor: 500,
    payments_applied_minor: 0,
    credit_memos_applied_minor: 0,
  });
  for (const [i, [invoiceId, line, amountMinor]] of (
    [
      [INVOICE, 1, 1000],
      [INVOICE, 2, 2000],
      [DRAFT, 1, 500],
    ] as const
  ).entries()) {
    await row('invoice_item', {
      id: `${'9'.repeat(31)}${i}`,
      revision: 1,
      invoice_id: invoiceId,
      line,
      charge_name: `Line ${line}`,
      charge_date: at,
      amount_minor: amountMinor,
      tax_minor: 0,
      quantity: '1',
      unit_price: '10',
      service_start_date: '2026-01-01',
      processing_type: 'Charge',
      ...attributes,
      created_at: at,
    });
  }
  const { tax_minor: _, auto_pay: __, ...payment } = document;
  await row('payment', {
    ...payment,
    id: PAYMENT,
    payment_number: 'P-OLD',
    type: 'External',
    status: 'Processed',
    amount_minor: 5000,
    applied_minor: 1200,
    unapplied_minor: 3800,
    refunded_minor: 0,
    effective_date: '2026-01-20',
  });
  await row('payment_application', {
    id: applicationId(PAYMENT, INVOICE),
    revision: 1,
    payment_id: PAYMENT,
    invoice_id: INVOICE,
    account_id: account.id,
    amount_minor: 1200,
    effective_date: '2026-01-20',
    ...audit,
  });
  const moved = {
    total_invoice_balance_minor: 1800,
    total_debit_memo_balance_minor: 0,
    unapplied_payment_minor: 3800,
    unapplied_credit_memo_minor: 0,
    reserved_payment_minor: 0,
    contracted_mrr_whole: 25,
    contracted_mrr_nano: 0,
    last_invoice_date: '2026-01-15',
  };
  await row('metric_delta', {
    account_id: account.id,
    currency: 'USD',
    ...moved,
    command_id: 'old',
    document_kind: 'payment',
    document_id: PAYMENT,
    committed_at: at,
  });
  await row('account_metrics', {
    account_id: account.id,
    currency: 'USD',
    ...moved,
  });
  await env.DB.prepare(
    'INSERT INTO metrics_state (account_id, watermark) SELECT account_id, max(sequence) FROM metric_delta',
  ).run();
}

/** Every metric is what the documents say. */
async function expectProven(totalInvoiceBalance: number, unapplied: number): Promise<void> {
  const proof = await api.get(`/v1/spillway/accounts/${account.id}/metrics/proof`);
  expect(proof.body).toMatchObject({ differences: [] });
  const { body } = await api.get(`/v1/accounts/${account.id}`);
  expect(body.metrics).toMatchObject({ totalInvoiceBalance, unappliedPaymentAmount: unapplied });
}

beforeAll(async () => {
  await firstRelease();
  account = await insert('account', testAccount());
  idle = await insert('account', testAccount());
  flat = await insertOffer(testOffer([{ price: '25' }]));
  await sellAsBefore();
  await applyD1Migrations(env.DB, env.TEST_MIGRATIONS.slice(0, 2));
  await invoiceAsBefore();
  await applyD1Migrations(env.DB, env.TEST_MIGRATIONS);
  api = await inProcessApi();
});

test('accounts are in the order of what was published of them: 18 − 38 = −20, and nothing of the one that nothing was sold to', async () => {
  const { body } = await api.get('/object-query/accounts?sort[]=balance.ASC&fields[]=id,balance,mrr');
  expect(body.data).toEqual([
    { id: account.id, balance: -20, mrr: 25 },
    { id: idle.id, balance: 0, mrr: 0 },
  ]);
  const { results } = await env.DB.prepare(
    'SELECT account_id AS id, balance_millionths AS balance, mrr_millionths AS mrr FROM metrics_state ORDER BY mrr',
  ).all();
  expect(results).toEqual([
    { id: idle.id, balance: 0, mrr: 0 },
    { id: account.id, balance: -20_000_000, mrr: 25_000_000 },
  ]);
});

test('lines and charges that were there before are as old as they are', async () => {
  for (const table of ['invoice_item', 'charge', 'rate_plan']) {
    const { results } = await env.DB.prepare(`SELECT DISTINCT changed_at FROM ${table}`).all();
    expect([table, results]).toEqual([table, [{ changed_at: at }]]);
  }
});

test('what was sold before reads as it was', async () => {
  const { status, body } = await api.get('/v1/subscriptions/A-S-OLD');
  expect(status).toBe(200);
  expect(body).toMatchObject({
    version: 1,
    contractedMrr: 25,
    totalContractedValue: 300,
    ratePlans: [
      { lastChangeType: 'Add', ratePlanCharges: [{ number: 'C-OLD', segment: 1, price: 25, tiers: null }] },
    ],
  });
});

test('and is changed by an order: 35 a month from 1 July is 6 × 25 + 6 × 35 = 360', async () => {
  const reply = await api.post('/v1/orders', {
    orderDate: '2026-07-01',
    existingAccountNumber: account.accountNumber,
    subscriptions: [
      {
        subscriptionNumber: 'A-S-OLD',
        orderActions: [
          {
            type: 'UpdateProduct',
            updateProduct: {
              ratePlanId: RATE_PLAN,
              chargeUpdates: [{ chargeNumber: 'C-OLD', pricing: { recurringFlatFee: { listPrice: 35 } } }],
            },
          },
        ],
      },
    ],
  });
  expect(reply.body).toMatchObject({ success: true, status: 'Completed' });
  const { body } = await api.get('/v1/subscriptions/A-S-OLD');
  expect(body).toMatchObject({ version: 2, contractedMrr: 35, totalContractedValue: 360 });
});

test('what was invoiced and paid before is shown and proven as it was', async () => {
  await expectProven(18, 38);
  expect((await api.get('/v1/invoices/INV-OLD')).body).toMatchObject({
    balance: 18,
    paymentAmount: 12,
    creditMemoAmount: 0,
    reversed: false,
    includesOneTime: true,
    includesRecurring: false,
  });
  const { body } = await api.get('/v1/invoices/INV-OLD/items');
  expect(body.invoiceItems).toMatchObject([
    { chargeAmount: 10, balance: 0, availableToCreditAmount: 10 },
    { chargeAmount: 20, balance: 18, availableToCreditAmount: 20 },
  ]);
  expect((await api.get('/v1/invoices/INV-OLD/application-parts')).body.applicationParts).toMatchObject([
    { paymentId: PAYMENT, creditMemoId: null, appliedAmount: 12 },
  ]);
});

test('an old application grows, shrinks and goes', async () => {
  const move = (way: 'apply' | 'unapply', amount: number) =>
    api.put(`/v1/payments/P-OLD/${way}`, { invoices: [{ invoiceNumber: 'INV-OLD', amount }] });
  expect((await move('apply', 8)).body).toMatchObject({
    success: true,
    appliedAmount: 20,
    unappliedAmount: 30,
  });
  await expectProven(10, 30);
  expect((await move('apply', 10.01)).status).toBe(400);
  expect((await move('unapply', 5)).body).toMatchObject({ success: true, appliedAmount: 15 });
  await expectProven(15, 35);
  expect((await move('unapply', 15)).body).toMatchObject({ success: true, appliedAmount: 0 });
  await expectProven(30, 50);
  expect((await move('unapply', 0.01)).status).toBe(400);
});

test('an old draft takes lines and is posted; an old invoice is unposted, printed and posted again', async () => {
  const added = { chargeName: 'More', amount: 2.5, serviceStartDate: '2026-02-01' };
  const changed = await api.put('/v1/invoices/INV-DRAFT', { invoiceItems: [added] });
  expect(changed.body).toMatchObject({ success: true, amount: 7.5, balance: 7.5 });
  const items = (await api.get('/v1/invoices/INV-DRAFT/items')).body.invoiceItems;
  expect(items).toMatchObject([{ chargeAmount: 5 }, { chargeAmount: 2.5 }]);
  await api.post('/v1/invoices/bulk-post', { invoices: [{ id: DRAFT }, { id: INVOICE }] });
  await expectProven(37.5, 50);
  expect((await api.put('/v1/invoices/INV-OLD/unpost', {})).body).toMatchObject({ status: 'Draft' });
  await expectProven(7.5, 50);
  expect((await api.post('/v1/invoices/INV-OLD/pdfs', {})).body).toMatchObject({ success: true });
  await api.put(`/v1/object/invoice/${INVOICE}`, { Status: 'Posted' });
  await expectProven(37.5, 50);
});

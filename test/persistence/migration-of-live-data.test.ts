import { applyD1Migrations } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeAll, expect, test } from 'vitest';
import type { Account } from '../../src/domain/accounts/account.ts';
import { type InProcessApi, inProcessApi } from '../support/in-process-api.ts';
import { type TestOffer, testAccount, testOffer } from '../support/order-objects.ts';
import { insert, insertOffer } from '../support/worker-api.ts';

// A database as the first release left it, with rows in it, is brought up to date and goes on: what was sold before can be read,
// changed and counted.

const SUBSCRIPTION = 'a'.repeat(32);
const RATE_PLAN = 'b'.repeat(32);
const CHARGE = 'c'.repeat(32);
const ORDER = 'd'.repeat(32);

let api: InProcessApi;
let account: Account;
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

beforeAll(async () => {
  await firstRelease();
  account = await insert('account', testAccount());
  flat = await insertOffer(testOffer([{ price: '25' }]));
  await sellAsBefore();
  await applyD1Migrations(env.DB, env.TEST_MIGRATIONS);
  api = await inProcessApi();
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

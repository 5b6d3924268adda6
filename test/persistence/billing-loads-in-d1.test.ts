import { env } from 'cloudflare:workers';
import { beforeAll, expect, test } from 'vitest';
import { billingKey } from '../../src/domain/billing/billable.ts';
import { usageTotalKey } from '../../src/domain/billing/usage.ts';
import { loadForGroup } from '../../src/persistence/account-store.ts';
import {
  BILLABLE_SUBSCRIPTIONS_SQL,
  findBillableSubscriptions,
} from '../../src/persistence/billable-subscriptions.ts';
import { DOCUMENT_BILLING_SQL } from '../../src/persistence/document-billing.ts';
import { SUBSCRIPTION_BILLING_SQL } from '../../src/persistence/subscription-billing.ts';
import { USAGE_TOTAL_SQL } from '../../src/persistence/usage-total.ts';
import { done, type FormsWorld, formsWorld, subscribed } from '../support/subscription-forms.ts';

/** What billing reads in D1: by its indexes, and as little after years of bills as after the first. */

let world: FormsWorld;

beforeAll(async () => {
  world = await formsWorld();
});

const evergreen = { termType: 'EVERGREEN', initialTerm: undefined, renewalTerm: 0, autoRenew: false };

async function billed(through: string) {
  const one = await subscribed(world, evergreen);
  const path = `/v1/accounts/${one.owner.id}/billing-documents/generate`;
  const reply = (await done(world.api.post(path, { targetDate: through }))) as {
    invoices: Array<{ id: string }>;
  };
  return { ...one, invoiceId: reply.invoices[0]!.id };
}

async function load(kind: 'subscriptionBilling' | 'usageTotal' | 'documentBilling', key: string) {
  const needs = [{ kind, key }];
  const rest = { idempotencyKeys: [], repliesSince: '', commandIds: [], leases: [], laneId: null };
  // biome-ignore lint/suspicious/noExplicitAny: compared by value
  return (await loadForGroup(env.DB, { needs, ...rest })).entities[0]?.entity as any;
}

async function steps(sql: string, ...parameters: unknown[]): Promise<string[]> {
  const { results } = await env.DB.prepare(`EXPLAIN QUERY PLAN ${sql}`)
    .bind(...parameters)
    .all<{ detail: string }>();
  return results.map(({ detail }) => detail);
}

const TABLES =
  /^SCAN (i|v|s|c|d|u|p|f|last|subscription|charge|invoice|credit_memo|usage)\b(?!.*USING (COVERING )?INDEX)/;

test('a subscription is read from the first day that is not settled, or from an earlier one', async () => {
  const { number } = await billed('2026-03-31');
  const settled = await load('subscriptionBilling', billingKey(number));
  expect(settled.subscription.billingFrom).toBe('2026-04-01');
  expect([settled.charges.length, settled.billed]).toEqual([1, []]);
  const back = await load('subscriptionBilling', billingKey(number, '2026-02-10'));
  expect(back.billed.map((line: { serviceStartDate: string }) => line.serviceStartDate).sort()).toEqual([
    '2026-02-01',
    '2026-03-01',
  ]);
  expect(back.documents).toMatchObject([{ kind: 'invoice', revision: 1 }]);
  expect(back.charges[0].firstStartDate).toBe('2026-01-01');
  expect(await load('subscriptionBilling', billingKey('A-S-none'))).toBeUndefined();
});

test('what a document bills is named as far as its subscriptions are settled beyond it', async () => {
  const { number, invoiceId } = await billed('2026-02-28');
  expect(await load('documentBilling', invoiceId)).toEqual({
    id: invoiceId,
    revision: 2,
    count: 1,
    settled: [{ subscriptionNumber: number, from: '2026-01-01' }],
  });
  expect(await load('documentBilling', '0'.repeat(32))).toMatchObject({ count: 0, settled: [] });
});

test('the order in which usage arrives is a column, which a copy of the database keeps', async () => {
  const { results } = await env.DB.prepare('PRAGMA table_info(usage)').all<Record<string, unknown>>();
  expect(results.filter(({ pk }) => pk !== 0)).toMatchObject([{ name: 'sequence', type: 'INTEGER' }]);
});

test('usage is summed by charge and day, exactly', async () => {
  const insert = env.DB.prepare(
    'INSERT INTO usage (id, revision, account_id, subscription_number, charge_number, unit_of_measure, quantity, quantity_whole, quantity_nano, ' +
      "start_date, start_date_time, details, custom_fields, created_at, created_by, updated_at, updated_by) VALUES (?1, 1, 'a', 's', ?2, 'Each', ?3, ?4, ?5, " +
      "?6, ?6, '{}', '{}', 'x', 'x', 'x', 'x')",
  );
  await env.DB.batch([
    insert.bind('u1', 'C-use', '0.1', 0, 100_000_000, '2026-01-01'),
    insert.bind('u2', 'C-use', '0.2', 0, 200_000_000, '2026-01-31'),
    insert.bind('u3', 'C-use', '5', 5, 0, '2026-02-01'),
    insert.bind('u4', 'C-other', '7', 7, 0, '2026-01-15'),
  ]);
  const january = await load('usageTotal', usageTotalKey('C-use', '2026-01-01', '2026-02-01'));
  expect(january).toMatchObject({ quantity: '0.3', records: 2 });
  expect(await load('usageTotal', usageTotalKey('C-use', '2027-01-01', '2027-02-01'))).toMatchObject({
    quantity: '0',
    records: 0,
    throughSequence: 0,
  });
});

test('no table is scanned', async () => {
  const plans = [
    await steps(SUBSCRIPTION_BILLING_SQL, JSON.stringify([billingKey('S')])),
    await steps(USAGE_TOTAL_SQL, JSON.stringify([usageTotalKey('C', '2026-01-01', '2026-02-01')])),
    await steps(DOCUMENT_BILLING_SQL, JSON.stringify(['0'.repeat(32)])),
    await steps(BILLABLE_SUBSCRIPTIONS_SQL, 'a', '2026-01-01', '', '', 10),
  ];
  expect(plans.flat().filter((step) => TABLES.test(step))).toEqual([]);
  const [billing, usage, document, billable] = plans.map((plan) => plan.join('\n'));
  for (const index of [
    'invoice_item_subscription',
    'credit_memo_item_subscription',
    'subscription_latest',
    'charge_last',
  ]) {
    expect(billing).toContain(`INDEX ${index} `);
  }
  expect(usage).toContain('INDEX usage_charge ');
  expect(document).toContain('INDEX invoice_item_line ');
  expect(billable).toContain('INDEX subscription_billing ');
  expect(billable).not.toContain('TEMP B-TREE');
});

test('billing reads no more rows after twenty years of bills than after one month of them, and a charge shows where they end', async () => {
  const few = await billed('2026-01-31');
  const many = await billed('2045-12-31');
  const read = async (sql: string, key: string) =>
    (
      await env.DB.prepare(sql)
        .bind(JSON.stringify([key]))
        .run()
    ).meta.rows_read;
  const billing = [few, many].map(({ number }) => read(SUBSCRIPTION_BILLING_SQL, billingKey(number)));
  const [billingFew, billingMany] = await Promise.all(billing);
  expect(billingMany!).toBeLessThanOrEqual(billingFew! + 2);
  const shown = async (path: string) => (await world.api.get(path)).body.ratePlans[0].ratePlanCharges[0];
  expect(await shown(few.path)).toMatchObject({ chargedThroughDate: '2026-02-01' });
  expect(await shown(many.path)).toMatchObject({ chargedThroughDate: '2046-01-01' });
});

test('subscriptions to bill come in pages, the longest waiting first, each once', async () => {
  const { owner } = await subscribed(world, evergreen);
  for (let i = 0; i < 4; i++)
    await done(
      world.api.post('/v1/subscriptions', {
        accountKey: owner.accountNumber,
        contractEffectiveDate: '2026-01-01',
        subscribeToRatePlans: [{ productRatePlanId: world.flat.offer.id }],
        ...evergreen,
      }),
    );
  const numbers: string[] = [];
  let after = null;
  do {
    const page = await findBillableSubscriptions(env.DB, owner.id, '2026-01-31', after, 2);
    numbers.push(...page.subscriptionNumbers);
    after = page.next;
  } while (after !== null);
  expect([numbers.length, new Set(numbers).size]).toEqual([5, 5]);
  await done(
    world.api.post(`/v1/accounts/${owner.id}/billing-documents/generate`, { targetDate: '2026-01-31' }),
  );
  expect(await findBillableSubscriptions(env.DB, owner.id, '2026-01-31', null, 2)).toEqual({
    subscriptionNumbers: [],
    next: null,
  });
});

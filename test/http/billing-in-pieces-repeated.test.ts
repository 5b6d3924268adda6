import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, test } from 'vitest';
import { GENERATE_SUBSCRIPTIONS_MAX } from '../../src/domain/billing/generate-documents.ts';
import { BillRuns } from '../support/bill-run-jobs.ts';
import { testOffer } from '../support/order-objects.ts';
import { CARDS, cardBody } from '../support/paying-accounts.ts';
import { insertOffer } from '../support/worker-api.ts';

// Accounts that are billed in two commits: a refusal of the second names what the first made, and a repeated idempotency key finds the documents of
// both, wherever the request before it ended.

const DAY = '2026-02-01';
const PRICE = 25;

let runs: BillRuns;
let affordable: BillRuns['offer'];
let unbillable: BillRuns['offer'];

beforeAll(async () => {
  runs = await BillRuns.start(String(PRICE));
  affordable = runs.offer;
  // 60 months of the largest price are more than a line can hold.
  unbillable = await insertOffer(
    testOffer([{ price: '999999999999', listPriceBase: 'Per Month', billingPeriod: 'Five Years' }]),
  );
});

type Account = Awaited<ReturnType<BillRuns['account']>>;
interface Documents {
  readonly invoices: ReadonlyArray<{ readonly id: string }>;
  readonly creditMemos: readonly unknown[];
}

/** An account with one subscription more than a commit bills. What is billed last is the one that begins last. */
async function account(last = affordable): Promise<Account> {
  const first = await runs.account(GENERATE_SUBSCRIPTIONS_MAX);
  runs.offer = last;
  try {
    const numbers = await runs.subscribe(first.accountNumber, 1, DAY);
    return { ...first, numbers: [...first.numbers, ...numbers] };
  } finally {
    runs.offer = affordable;
  }
}

function generate({ id }: Account, key: string, fields: object = {}) {
  const path = `/v1/accounts/${id}/billing-documents/generate`;
  const body = { targetDate: DAY, effectiveDate: DAY, ...fields };
  return runs.api.post(path, body, { 'Idempotency-Key': key });
}

function collect({ id }: Account, key: string) {
  const body = { accountKey: id, targetDate: DAY, documentDate: DAY };
  return runs.api.post('/v1/operations/invoice-collect', body, { 'Idempotency-Key': key });
}

async function invoicesOf({ id }: Account): Promise<string[]> {
  const { results } = await env.DB.prepare('SELECT id FROM invoice WHERE account_id = ?1 ORDER BY id')
    .bind(id)
    .all<{ id: string }>();
  return results.map((row) => row.id);
}

const idsOf = ({ invoices }: Documents) => invoices.map(({ id }) => id).sort();

/** As if the request had ended before this reply was kept. */
async function forget(key: string): Promise<void> {
  const { meta } = await env.DB.prepare('DELETE FROM idempotency WHERE key = ?1').bind(key).run();
  expect(meta.changes).toBeGreaterThan(0);
}

/** The subscription that no line could hold costs as much as the others from now on. */
async function makeBillable(number: string | undefined): Promise<void> {
  const { meta } = await env.DB.prepare(
    'UPDATE charge SET price = ?2, revision = revision + 1 WHERE subscription_original_id IN ' +
      '(SELECT original_id FROM subscription WHERE subscription_number = ?1)',
  )
    .bind(number, String(PRICE))
    .run();
  expect(meta.changes).toBeGreaterThan(0);
}

describe('POST …/billing-documents/generate', () => {
  test('a refusal of the second commit names the documents of the first', async () => {
    const billed = await account(unbillable);
    const reply = await generate(billed, 'stopped');
    expect([reply.status, reply.body.success]).toEqual([400, false]);
    expect(idsOf(reply.body)).toEqual(await invoicesOf(billed));
    expect([reply.body.invoices.length, reply.body.creditMemos]).toEqual([1, []]);
    const [{ message }] = reply.body.reasons;
    expect(message).toContain('1 invoices and 0 credit memos were generated');
    expect(message).toContain(`subscription ${billed.numbers.at(-1)} can't be billed`);
    expect(await generate(billed, 'stopped')).toMatchObject({ status: 400, body: reply.body });
    // Ended between the commits: the first is found again, and only the second is carried out.
    await forget('stopped');
    await forget('stopped #billing 1');
    await makeBillable(billed.numbers.at(-1));
    const repeated = await generate(billed, 'stopped');
    expect([repeated.status, repeated.body.success, repeated.body.invoices.length]).toEqual([200, true, 2]);
    expect(repeated.body.invoices[0]).toEqual(reply.body.invoices[0]);
    expect(idsOf(repeated.body)).toEqual(await invoicesOf(billed));
  });

  test.each(['all that is due', 'named subscriptions'])('%s: the reply is found again', async (what) => {
    const billed = await account();
    const fields = what === 'named subscriptions' ? { subscriptionIds: billed.numbers } : {};
    const reply = await generate(billed, what, fields);
    expect([reply.status, reply.body.invoices.length]).toEqual([200, 2]);
    await forget(what);
    expect(await generate(billed, what, fields)).toMatchObject({ status: 200, body: reply.body });
    expect(await invoicesOf(billed)).toEqual(idsOf(reply.body));
    const days = await runs.billedDays(billed.id);
    // January and February of each, February of the last.
    expect(days).toHaveLength(2 * GENERATE_SUBSCRIPTIONS_MAX + 1);
    expect(days.every(({ lines }) => lines === 1)).toBe(true);
  });
});

describe('POST /v1/operations/invoice-collect', () => {
  const withCard = async (billed: Account) => {
    const card = cardBody(billed, CARDS.approve, { makeDefault: true });
    expect((await runs.api.post('/v1/payment-methods', card)).body).toMatchObject({ success: true });
    return billed;
  };

  test('a refusal of the second commit names the documents of the first', async () => {
    const billed = await withCard(await account(unbillable));
    const reply = await collect(billed, 'stopped collection');
    expect([reply.status, reply.body.success]).toEqual([400, false]);
    expect(idsOf(reply.body)).toEqual(await invoicesOf(billed));
    expect(reply.body.invoices).toHaveLength(1);
    expect(reply.body.reasons[0].message).toContain('1 invoices and 0 credit memos were generated');
  });

  test('the reply is found again', async () => {
    const billed = await withCard(await account());
    const reply = await collect(billed, 'collection');
    const amountCollected = (2 * GENERATE_SUBSCRIPTIONS_MAX + 1) * PRICE;
    expect(reply).toMatchObject({ status: 200, body: { success: true, amountCollected } });
    expect(reply.body.invoices).toHaveLength(2);
    await forget('collection');
    expect(await collect(billed, 'collection')).toMatchObject({ status: 200, body: reply.body });
    expect(await invoicesOf(billed)).toHaveLength(2);
  });
});

import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Account } from '../../src/domain/accounts/account.ts';
import { type InProcessApi, inProcessApi } from '../support/in-process-api.ts';
import { type TestOffer, testOffer } from '../support/order-objects.ts';
import { provenAfterEach } from '../support/proven-metrics.ts';
import { done, account as openAccount } from '../support/subscription-forms.ts';
import { insertOffer } from '../support/worker-api.ts';

/** Usage from the record to the line, at 0.50 a minute: billed when its month is over, late usage too, nothing lost and nothing twice whoever asks at once. */

let api: InProcessApi;
let minutes: TestOffer;

provenAfterEach();

beforeAll(async () => {
  api = await inProcessApi();
  const charge = { chargeType: 'Usage', chargeModel: 'Per Unit Pricing', unitOfMeasure: 'Minutes' };
  minutes = await insertOffer(testOffer([{ ...charge, price: '0.5' }]));
});

/** An account whose subscription is served from 1 January 2026 on. */
async function subscribed(): Promise<{ readonly account: Account; readonly number: string }> {
  const account = await openAccount();
  const made = await done(
    api.post('/v1/subscriptions', {
      accountKey: account.accountNumber,
      contractEffectiveDate: '2026-01-01',
      termType: 'EVERGREEN',
      renewalTerm: 0,
      autoRenew: false,
      subscribeToRatePlans: [{ productRatePlanId: minutes.offer.id }],
    }),
  );
  return { account, number: (made as { subscriptionNumber: string }).subscriptionNumber };
}

async function record(number: string, StartDateTime: string, Quantity: number): Promise<string> {
  const body = { SubscriptionNumber: number, UOM: 'Minutes', Quantity, StartDateTime };
  return ((await done(api.post('/v1/object/usage', body))) as { Id: string }).Id;
}

async function generate({ id }: Account, targetDate: string): Promise<string[]> {
  const path = `/v1/accounts/${id}/billing-documents/generate`;
  const { invoices } = (await done(api.post(path, { targetDate, effectiveDate: targetDate }))) as {
    invoices: Array<{ id: string }>;
  };
  return invoices.map((invoice) => invoice.id);
}

async function linesOf(invoiceIds: readonly string[]): Promise<string[]> {
  const lines: string[] = [];
  for (const id of invoiceIds) {
    const { body } = await api.get(`/v1/invoices/${id}/items`);
    for (const { serviceStartDate, serviceEndDate, quantity, chargeAmount } of body.invoiceItems)
      lines.push(`${serviceStartDate}..${serviceEndDate} ${quantity} ${chargeAmount}`);
  }
  return lines;
}

async function statusOf(id: string): Promise<string> {
  return (await api.get(`/v1/object/usage/${id}`)).body.RbeStatus;
}

describe('usage', () => {
  test('30.4 minutes of March are billed at 15.20 when March is over, those of April are not', async () => {
    const { account, number } = await subscribed();
    const first = await record(number, '2026-03-01', 10);
    const last = await record(number, '2026-03-31T23:59:59Z', 20.4);
    const april = await record(number, '2026-04-01', 7);
    expect(await generate(account, '2026-03-31')).toEqual([]);
    const invoices = await generate(account, '2026-04-01');
    expect(await linesOf(invoices)).toEqual(['2026-03-01..2026-03-31 30.4 15.2']);
    expect(await Promise.all([first, last, april].map(statusOf))).toEqual([
      'Processed',
      'Processed',
      'Pending',
    ]);
    expect(await generate(account, '2026-04-01')).toEqual([]);
  });

  test('late usage bills its difference, and a record taken back is not billed', async () => {
    const { account, number } = await subscribed();
    await record(number, '2026-01-31', 100);
    expect(await linesOf(await generate(account, '2026-02-01'))).toEqual(['2026-01-01..2026-01-31 100 50']);
    await record(number, '2026-01-15', 3.2);
    const deleted = await record(number, '2026-01-16', 40);
    await done(api.delete(`/v1/object/usage/${deleted}`));
    expect(await linesOf(await generate(account, '2026-02-01'))).toEqual(['2026-01-01..2026-01-31 3.2 1.6']);
  });

  test('of a month that came to nothing is billed once a record of it is another, or gone', async () => {
    const { account, number } = await subscribed();
    const more = await record(number, '2026-01-10', 5);
    const less = await record(number, '2026-01-11', -5);
    expect(await generate(account, '2026-03-01')).toEqual([]);
    await done(api.put(`/v1/object/usage/${more}`, { Quantity: 8 }));
    expect(await linesOf(await generate(account, '2026-03-01'))).toEqual(['2026-01-01..2026-01-31 3 1.5']);
    const other = await subscribed();
    await record(other.number, '2026-01-10', 6);
    const gone = await record(other.number, '2026-01-11', -6);
    expect(await generate(other.account, '2026-03-01')).toEqual([]);
    await done(api.delete(`/v1/object/usage/${gone}`));
    expect(await linesOf(await generate(other.account, '2026-03-01'))).toEqual([
      '2026-01-01..2026-01-31 6 3',
    ]);
    expect(await statusOf(less)).toBe('Processed');
  });

  test('of a canceled draft is billed again, with what came since', async () => {
    const { account, number } = await subscribed();
    const counted = await record(number, '2026-01-10', 8);
    const [draft] = await generate(account, '2026-02-01');
    await record(number, '2026-01-11', 4);
    await done(api.put(`/v1/object/invoice/${draft}`, { Status: 'Canceled' }));
    expect(await statusOf(counted)).toBe('Pending');
    expect(await linesOf(await generate(account, '2026-02-01'))).toEqual(['2026-01-01..2026-01-31 12 6']);
  });

  test('that is posted moves the balance', async () => {
    const { account, number } = await subscribed();
    await record(number, '2026-01-10', 8.5);
    const [id] = await generate(account, '2026-02-01');
    await done(api.put(`/v1/invoices/${id}`, { invoiceDate: '2026-02-01' }));
    await done(api.put(`/v1/object/invoice/${id}`, { Status: 'Posted' }));
    const { body } = await api.get(`/v1/accounts/${account.id}/summary`);
    expect(body.basicInfo.balance).toBe(4.25);
  });
});

test('recording and billing at once: each record is in one line, and no minute is lost', async () => {
  const { account, number } = await subscribed();
  const records: string[] = [];
  const invoices: string[] = [];
  for (let round = 0; round < 5; round++) {
    const racing = Array.from({ length: 12 }, async (_, i) => {
      if (i % 3 === 2) invoices.push(...(await generate(account, '2026-02-01')));
      else records.push(await record(number, `2026-01-${10 + i}`, 2 ** i));
    });
    await Promise.all(racing);
  }
  invoices.push(...(await generate(account, '2026-02-01')));
  expect(records).toHaveLength(40);
  expect(new Set(await Promise.all(records.map(statusOf)))).toEqual(new Set(['Processed']));
  const billed = await env.DB.prepare(
    'SELECT sum(i.amount_minor) AS amount, sum(CAST(i.quantity AS REAL)) AS quantity, min(i.amount_minor) AS least, ' +
      'count(*) AS lines FROM invoice_item AS i JOIN invoice AS v ON v.id = i.invoice_id WHERE v.account_id = ?1',
  )
    .bind(account.id)
    .first<{ amount: number; quantity: number; least: number; lines: number }>();
  // A round records 2^0 + 2^1 + 2^3 + 2^4 + 2^6 + 2^7 + 2^9 + 2^10 = 1755 minutes: five make 8775, at 0.50.
  expect(billed).toMatchObject({ quantity: 8775, amount: 438_750, lines: invoices.length });
  expect(billed!.least).toBeGreaterThan(0);
  expect(invoices.length).toBeGreaterThan(1);
});

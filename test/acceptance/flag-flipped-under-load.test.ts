// Scenario S5: the partner flag goes on and off while invoices and payments are posted. No write and no flip is refused, the
// final numbers are the exact sums, and no read ever shows a time of update beside a flag that is off.

import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { type Account, externalPayment, standaloneInvoice } from '../conformance/support/fixtures.ts';
import type { ApiReply } from '../support/api-client.ts';
import { expectAllSucceeded, idOf, inParallel, Scenario } from '../support/scenario.ts';

const INVOICES = 500;
const PAYMENTS = 150;
const WORKERS = 32;
const AMOUNT_CENTS = 1_234;

let scenario: Scenario;
beforeAll(() => {
  scenario = new Scenario(inject('server'));
});
afterAll(() => scenario.close());

const setFlag = (account: Account, partnerAccount: boolean) =>
  scenario.client.put(`/v1/accounts/${account.id}`, { partnerAccount });

/** Repeats a step while the load runs. */
async function during(load: Promise<unknown>, step: (round: number) => Promise<void>): Promise<void> {
  let running = true;
  const ended = load.finally(() => {
    running = false;
  });
  for (let round = 0; running; round++) await step(round);
  await ended;
}

interface Freshness {
  readonly partnerAccount: boolean;
  readonly lastMetricsUpdate: string | null;
}

async function freshnessOf(account: Account): Promise<Freshness> {
  const reply = await scenario.client.get<{ basicInfo: Freshness }>(`/v1/accounts/${account.id}`);
  expectAllSucceeded([reply]);
  const { partnerAccount, lastMetricsUpdate } = reply.body.basicInfo;
  return { partnerAccount, lastMetricsUpdate };
}

test('the flag goes on and off under load', async () => {
  const { client } = scenario;
  const account = await scenario.partner();
  const amount = AMOUNT_CENTS / 100;
  const invoice = standaloneInvoice(account, amount, { status: 'Posted' });
  const writes = async () => {
    const invoices = await inParallel(INVOICES, WORKERS, () => client.post('/v1/invoices', invoice));
    expectAllSucceeded(invoices);
    const payments = await inParallel(PAYMENTS, WORKERS, (i) => {
      const applied = { invoices: [{ invoiceId: idOf(invoices[i]!), amount }] };
      return client.post('/v1/payments', externalPayment(account, amount, applied));
    });
    expectAllSucceeded(payments);
  };

  const flips: ApiReply[] = [];
  const reads: Freshness[] = [];
  const load = writes();
  await Promise.all([
    during(load, async (round) => void flips.push(await setFlag(account, round % 2 === 1))),
    during(load, async () => void reads.push(await freshnessOf(account))),
  ]);
  expectAllSucceeded(flips);
  expect(flips.length).toBeGreaterThan(3);
  expect(new Set(reads.map(({ partnerAccount }) => partnerAccount))).toEqual(new Set([false, true]));
  expect(reads.filter((read) => !read.partnerAccount && read.lastMetricsUpdate !== null)).toEqual([]);

  const open = ((INVOICES - PAYMENTS) * AMOUNT_CENTS) / 100;
  const sums = { totalInvoiceBalance: open, unappliedPaymentAmount: 0, balance: open };
  // Off: exact in the next read. On again: the numbers stay, nothing is pending.
  expectAllSucceeded([await setFlag(account, false)]);
  expect(await scenario.shown(account)).toMatchObject({
    ...sums,
    partnerAccount: false,
    lastMetricsUpdate: null,
  });
  expectAllSucceeded([await setFlag(account, true)]);
  expect(await scenario.folded(account)).toMatchObject({ published: sums, exact: sums });
  expect(await scenario.shown(account)).toMatchObject({ ...sums, partnerAccount: true });
  await scenario.expectProven(account);
});

test('when the flag is on at the end, the fold publishes the same sums', async () => {
  const { client } = scenario;
  const account = await scenario.partner();
  const invoice = standaloneInvoice(account, AMOUNT_CENTS / 100, { status: 'Posted' });
  const load = inParallel(INVOICES / 2, WORKERS, () => client.post('/v1/invoices', invoice));
  const flips: ApiReply[] = [];
  await during(load, async (round) => void flips.push(await setFlag(account, round % 2 === 1)));
  expectAllSucceeded([...(await load), ...flips, await setFlag(account, true)]);
  expectAllSucceeded([await client.post('/v1/invoices', invoice)]);
  const sums = { totalInvoiceBalance: ((INVOICES / 2 + 1) * AMOUNT_CENTS) / 100 };
  expect(await scenario.folded(account)).toMatchObject({ published: sums, exact: sums });
  await scenario.expectProven(account);
});

// 2,000 payments at once, each of one of a partner's invoices that others pay too, of which exactly so many must be refused as there are more
// payments than slots on the invoices. Then 200 applications at once, of payments that are there, each to two invoices: as a whole, or refused
// because one of them has no longer so much open. No balance is below zero and no cent is lost.

import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { externalPayment, standaloneInvoice } from '../conformance/support/fixtures.ts';
import { expectAllSucceeded, idOf, inParallel, Scenario } from '../support/scenario.ts';

const PAYMENTS = 2_000;
const WORKERS = 128;
/** A payment takes this of one invoice, in cents: an odd amount, so that a lost cent would show. */
const SHARE_CENTS = 1_337;
/** Each invoice has room for so many payments, and so many cents more, which nobody can take. */
const SLOTS = 19;
const REST_CENTS = SHARE_CENTS - 1;
const INVOICES = 100;
/** All slots are taken in the end, as every invoice is asked for more often than it has slots. */
const TAKEN = INVOICES * SLOTS;

let scenario: Scenario;
beforeAll(() => {
  scenario = new Scenario(inject('server'));
});
afterAll(() => scenario.close());

const cents = (minor: number) => minor / 100;

test('2,000 parallel payments on overlapping invoices: refused is what the arithmetic refuses', async () => {
  const { client } = scenario;
  const account = await scenario.partner();
  const invoiceCents = SLOTS * SHARE_CENTS + REST_CENTS;
  const invoice = standaloneInvoice(account, cents(invoiceCents), { status: 'Posted' });
  const invoices = await inParallel(INVOICES, WORKERS, () => client.post('/v1/invoices', invoice));
  expectAllSucceeded(invoices);
  const ids = invoices.map((reply) => idOf(reply));

  // Neighbours of one payment go to different invoices, so that all invoices are fought for all the time.
  const payments = await inParallel(PAYMENTS, WORKERS, (i) =>
    client.post(
      '/v1/payments',
      externalPayment(account, cents(SHARE_CENTS), {
        invoices: [{ invoiceId: ids[(i * 37) % INVOICES]!, amount: cents(SHARE_CENTS) }],
      }),
    ),
  );
  const refused = payments.filter(({ status }) => status !== 200);
  expect(refused).toHaveLength(PAYMENTS - TAKEN);
  for (const { status, body } of refused) {
    expect(status).toBe(400);
    const { reasons } = body as { reasons: Array<{ message: string }> };
    expect(reasons[0]!.message).toContain(`is more than the balance ${cents(REST_CENTS)} USD of invoice`);
  }

  // The same again with payments that are there already: each is applied to two invoices, of which one has room and one has not.
  const spare = await inParallel(INVOICES, WORKERS, () =>
    client.post('/v1/payments', externalPayment(account, cents(2 * REST_CENTS))),
  );
  expectAllSucceeded(spare);
  const applied = await inParallel(2 * INVOICES, WORKERS, (i) => {
    const one = Math.floor(i / 2);
    const invoicesOfOne = [one, (one + 1) % INVOICES].map((at) => ({
      invoiceId: ids[at]!,
      amount: cents(REST_CENTS),
    }));
    return client.put(`/v1/payments/${idOf(spare[one]!)}/apply`, { invoices: invoicesOfOne });
  });
  const done = applied.filter(({ status }) => status === 200).length;
  expect(applied.every(({ status }) => status === 200 || status === 400)).toBe(true);

  const balances = await scenario.list<{ balance: number }>(
    `/v1/transactions/invoices/accounts/${account.id}?pageSize=40`,
    'invoices',
  );
  expect(balances).toHaveLength(INVOICES);
  expect(balances.every(({ balance }) => balance === 0 || balance === cents(REST_CENTS))).toBe(true);
  expect(balances.filter(({ balance }) => balance === 0)).toHaveLength(2 * done);
  // Of a ring of neighbours no two pairs overlap, and no pair of invoices is left open that a payment asked for.
  expect(2 * done).toBeLessThanOrEqual(INVOICES);
  expect(3 * done).toBeGreaterThanOrEqual(INVOICES);

  const shown = await scenario.list<{ amount: number; appliedAmount: number; unappliedAmount: number }>(
    `/v1/payments?accountId=${account.id}&pageSize=40`,
    'payments',
  );
  expect(shown).toHaveLength(TAKEN + INVOICES);
  const sum = (amounts: readonly number[]) =>
    amounts.reduce((total, amount) => total + Math.round(amount * 100), 0);
  const appliedCents = TAKEN * SHARE_CENTS + done * 2 * REST_CENTS;
  expect(sum(shown.map(({ appliedAmount }) => appliedAmount))).toBe(appliedCents);
  expect(shown.every(({ unappliedAmount }) => unappliedAmount >= 0)).toBe(true);

  const openCents = INVOICES * invoiceCents - appliedCents;
  const unappliedCents = (INVOICES - done) * 2 * REST_CENTS;
  const folded = await scenario.folded(account);
  expect(folded.published).toMatchObject({
    totalInvoiceBalance: cents(openCents),
    unappliedPaymentAmount: cents(unappliedCents),
    balance: cents(openCents - unappliedCents),
  });
  expect(folded.exact).toEqual(folded.published);
  await scenario.expectProven(account);
});

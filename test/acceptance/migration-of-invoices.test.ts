// Scenario S3, a hundredth of its size: 64 workers post 2,000 standalone invoices on one partner account, then pay 500
// of them. The fold publishes the exact sums; sending everything again under the same keys changes nothing.

import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { externalPayment, standaloneInvoice } from '../conformance/support/fixtures.ts';
import type { ApiReply } from '../support/api-client.ts';
import { expectAllSucceeded, idOf, inParallel, Scenario } from '../support/scenario.ts';

const INVOICES = 2_000;
const PAYMENTS = 500;
const WORKERS = 64;
const AMOUNT_CENTS = 1_234;

let scenario: Scenario;
beforeAll(() => {
  scenario = new Scenario(inject('server'));
});
afterAll(() => scenario.close());

test('2,000 invoices and 500 payments by 64 workers, and all of them again', async () => {
  const { client } = scenario;
  const account = await scenario.partner();
  const amount = AMOUNT_CENTS / 100;
  const keyed = (name: string) => ({ 'Idempotency-Key': `${account.id} ${name}` });
  const invoice = standaloneInvoice(account, amount, { status: 'Posted' });
  const postInvoices = () =>
    inParallel(INVOICES, WORKERS, (i) => client.post('/v1/invoices', invoice, keyed(`invoice ${i}`)));
  const invoices = await postInvoices();
  expectAllSucceeded(invoices);
  const postPayments = () =>
    inParallel(PAYMENTS, WORKERS, (i) => {
      const payment = externalPayment(account, amount, {
        invoices: [{ invoiceId: idOf(invoices[i]!), amount }],
      });
      return client.post('/v1/payments', payment, keyed(`payment ${i}`));
    });
  const payments = await postPayments();
  expectAllSucceeded(payments);

  const open = ((INVOICES - PAYMENTS) * AMOUNT_CENTS) / 100;
  const folded = await scenario.folded(account);
  expect(folded.published).toMatchObject({
    totalInvoiceBalance: open,
    unappliedPaymentAmount: 0,
    balance: open,
    lastInvoiceDate: '2026-03-15',
  });
  expect(folded.exact).toEqual(folded.published);
  expect(await scenario.shown(account)).toMatchObject({ totalInvoiceBalance: open, balance: open });

  const seen = ({ text, headers }: ApiReply, hit: boolean) => ({
    text,
    hit: headers['idempotency-hit'] === (hit ? 'true' : undefined),
  });
  const repeated = [...(await postInvoices()), ...(await postPayments())];
  expectAllSucceeded(repeated);
  expect(repeated.map((reply) => seen(reply, true))).toEqual(
    [...invoices, ...payments].map((reply) => seen(reply, false)),
  );
  const { published, exact, pending, watermark } = await scenario.metrics(account);
  const { asOf: _, ...before } = folded;
  expect({ ...before, published, exact, pending, watermark }).toEqual(before);
  const invoiceList = `/v1/transactions/invoices/accounts/${account.id}?pageSize=40`;
  expect(await scenario.count(invoiceList, 'invoices')).toBe(INVOICES);
  expect(await scenario.count(`/v1/payments?accountId=${account.id}&pageSize=40`, 'payments')).toBe(PAYMENTS);
  await scenario.expectProven(account);
});

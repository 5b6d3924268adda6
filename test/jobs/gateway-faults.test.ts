import { createExecutionContext, createMessageBatch, getQueueResult } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { execute } from '../../src/account/client.ts';
import type { Gateway, GatewayAnswer } from '../../src/domain/settlement/gateway.ts';
import { limits } from '../../src/env.ts';
import { gatewaysOf } from '../../src/gateways/registry.ts';
import { askGateway } from '../../src/jobs/ask-gateway.ts';
import { consumeJobs, type JobPorts } from '../../src/jobs/consume-jobs.ts';
import { sweepGateways } from '../../src/jobs/sweep.ts';
import worker from '../../src/worker.ts';
import { inProcessApi } from '../support/in-process-api.ts';
import { jobPorts } from '../support/job-ports.ts';
import { booksOf, CARDS, openInvoice, payingAccount } from '../support/paying-accounts.ts';
import { provenAfterEach } from '../support/proven-metrics.ts';
import { type Call, connect, metricsOf } from '../support/settlement-fixtures.ts';
import { commandFor, newId } from '../support/test-lane.ts';

// Money is asked for once and counted once, whatever fails between the commit of a payment, its gateway and the record of the outcome.

let call: Call;
provenAfterEach();

beforeAll(async () => {
  call = await connect();
});

/** A payment that is committed, for an invoice, and that no gateway was asked about. */
async function submitted(card: string = CARDS.approve) {
  const { account } = await payingAccount(call, card);
  const invoice = await openInvoice(call, account, 40);
  const payload = {
    accountId: account.id,
    accountNumber: null,
    amount: '50',
    currency: 'USD',
    effectiveDate: null,
    paymentMethodId: null,
    paymentMethodType: null,
    comment: null,
    referenceId: null,
    parts: [{ targetKind: 'invoice', key: invoice.id, keyField: 'invoiceId', amount: '40', items: [] }],
    details: {},
    customFields: {},
    gatewayId: null,
    gatewayField: 'gatewayId',
    gateways: ['Test'],
  };
  const outcome = await execute(env, account.id, commandFor('payment.submit', payload));
  const { id } = JSON.parse(outcome.body) as { readonly id: string };
  return { account, invoice, id };
}
type Submitted = Awaited<ReturnType<typeof submitted>>;

const statusOf = async (id: string) => (await call('GET', `/v1/payments/${id}`)).body.status;

/** Processed, applied and counted once; asked for once. */
async function expectPaidOnce({ account, invoice, id }: Submitted): Promise<void> {
  expect((await call('GET', `/v1/payments/${id}`)).body).toMatchObject({
    status: 'Processed',
    appliedAmount: 40,
    unappliedAmount: 10,
  });
  expect((await call('GET', `/v1/invoices/${invoice.id}`)).body).toMatchObject({ balance: 0 });
  expect(await metricsOf(account)).toMatchObject({ invoices: 0, unapplied: 1_000 });
  expect(await booksOf(account.id)).toMatchObject([{ amountMinor: 5_000, outcome: 'approved' }]);
}

async function expectUntouched({ account, invoice, id }: Submitted): Promise<void> {
  expect(await statusOf(id)).toBe('Processing');
  expect((await call('GET', `/v1/invoices/${invoice.id}`)).body).toMatchObject({ balance: 40 });
  expect(await metricsOf(account)).toMatchObject({ invoices: 4_000, unapplied: 0 });
}

/** One delivery of messages about payments: how many are done with, and how many are to come again. */
async function deliver(ids: readonly string[], overrides: Partial<JobPorts> = {}, attempts = 1) {
  const messages = ids.map((id) => ({
    id: newId(),
    timestamp: new Date(),
    attempts,
    body: { version: 1, job: 'gateway', kind: 'payment', id },
  }));
  const batch = createMessageBatch('spillway-jobs', messages);
  await consumeJobs(batch, jobPorts(overrides));
  const result = await getQueueResult(batch, createExecutionContext());
  return { done: result.explicitAcks.length, again: result.retryMessages.length };
}

/** The test gateway with some of its ways replaced. */
function gatewayWith(changes: (real: Gateway) => Partial<Gateway>): Partial<JobPorts> {
  const real = gatewaysOf(env).get('Test')!;
  return { gateways: new Map([['Test', { ...real, ...changes(real) }]]) };
}

const lost = () => Promise.reject(new Error('the connection is lost'));

/** As many payments as a sweep takes at once that wait for a gateway which never answers, since long ago. */
async function plantWaiting(like: string): Promise<void> {
  const { results } = await env.DB.prepare("SELECT name FROM pragma_table_info('payment')").all<{
    name: string;
  }>();
  const own: Readonly<Record<string, string>> = {
    id: "printf('%032x', i)",
    payment_number: "'P-planted-' || i",
    updated_at: "'2026-01-01T00:00:00.000Z'",
  };
  const columns = results.map(({ name }) => name);
  await env.DB.prepare(
    `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${limits.sweepGatewayMax}) ` +
      `INSERT INTO payment (${columns.join()}) SELECT ${columns.map((name) => own[name] ?? name).join()} FROM payment, n WHERE id = ?1`,
  )
    .bind(like)
    .run();
}

test('a gateway that never answers does not hide the payments of others from the sweep', async () => {
  const dead = await submitted();
  await plantWaiting(dead.id);
  const other = await submitted();
  const later = new Date(Date.now() + limits.gatewayAskAgainAfterMs + 1_000).toISOString();
  const found: string[] = [];
  await sweepGateways(
    env.DB,
    later,
    async (messages) => found.push(...messages.map(({ id }) => id)),
    () => 0.5,
  );
  expect(new Set(found).size).toBe(found.length);
  expect(found).toHaveLength(limits.sweepGatewayMax + 2);
  expect(found).toEqual(expect.arrayContaining([dead.id, other.id]));
  await env.DB.prepare("DELETE FROM payment WHERE payment_number LIKE 'P-planted-%'").run();
});

describe('between the commit and the gateway', () => {
  test('the Worker dies: the sweep finds the payment, not before its time, and the queue asks', async () => {
    const payment = await submitted();
    await expectUntouched(payment);
    const { updatedAt } = (await env.DB.prepare('SELECT updated_at AS updatedAt FROM payment WHERE id = ?1')
      .bind(payment.id)
      .first<{ updatedAt: string }>())!;
    const sweepAfter = async (ms: number) => {
      const found: string[] = [];
      const now = new Date(Date.parse(updatedAt) + ms).toISOString();
      await sweepGateways(env.DB, now, async (messages) => found.push(...messages.map(({ id }) => id)));
      return found;
    };
    expect(await sweepAfter(limits.gatewayAskAgainAfterMs)).not.toContain(payment.id);
    const found = await sweepAfter(limits.gatewayAskAgainAfterMs + 1);
    expect(found).toContain(payment.id);
    await deliver([payment.id]);
    await expectPaidOnce(payment);
    expect(await sweepAfter(limits.gatewayAskAgainAfterMs + 1)).not.toContain(payment.id);
  });

  test.each([
    // Of 40 open, paid by others meanwhile, what is applied of 50, and what stays unapplied.
    [40, 0, 50],
    [30, 10, 40],
  ])('others pay %d of the invoice: %d are applied, and %d stay unapplied', async (paid, applied, left) => {
    const payment = await submitted();
    const { account, invoice, id } = payment;
    const other = await call('POST', '/v1/payments', {
      accountId: account.id,
      type: 'External',
      amount: paid,
      currency: 'USD',
      invoices: [{ invoiceId: invoice.id, amount: paid }],
    });
    expect(other.body).toMatchObject({ success: true, appliedAmount: paid });
    await deliver([id]);
    expect((await call('GET', `/v1/payments/${id}`)).body).toMatchObject({
      status: 'Processed',
      appliedAmount: applied,
      unappliedAmount: left,
    });
    expect((await call('GET', `/v1/invoices/${invoice.id}`)).body).toMatchObject({ balance: 0 });
    expect(await metricsOf(account)).toMatchObject({ invoices: 0, unapplied: left * 100 });
    expect(await booksOf(account.id)).toMatchObject([{ amountMinor: 5_000, outcome: 'approved' }]);
  });

  test('the cron, the real queue and the real consumer see to it', async () => {
    const payment = await submitted();
    const long = new Date(Date.now() - limits.gatewayAskAgainAfterMs - 1_000).toISOString();
    await env.DB.prepare('UPDATE payment SET updated_at = ?2 WHERE id = ?1').bind(payment.id, long).run();
    const lines = vi.spyOn(console, 'log').mockImplementation(() => undefined);
    await worker.scheduled(
      { cron: '* * * * *', scheduledTime: Date.now(), noRetry: () => undefined } as never,
      env,
    );
    lines.mockRestore();
    await expect.poll(() => statusOf(payment.id), { timeout: 20_000, interval: 50 }).toBe('Processed');
    await expectPaidOnce(payment);
  });

  test('the sweep asks for no more than its limit', async () => {
    const { id, account } = await submitted();
    const more = limits.sweepGatewayMax + 1;
    // The same payment so many times more: a sweep reads nothing of them but their time.
    const columns = (
      await env.DB.prepare("SELECT name FROM pragma_table_info('payment')").all<{ name: string }>()
    ).results.map(({ name }) => name);
    const copied = columns.map((name) =>
      name === 'id' ? "printf('%032x', n.i)" : name === 'payment_number' ? "'P-SWEPT-' || n.i" : `p.${name}`,
    );
    await env.DB.prepare(
      `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?2) INSERT INTO payment (${columns}) ` +
        `SELECT ${copied} FROM n, payment AS p WHERE p.id = ?1`,
    )
      .bind(id, more)
      .run();
    const asked: string[] = [];
    const later = new Date(Date.now() + limits.gatewayAskAgainAfterMs + 60_000).toISOString();
    await sweepGateways(env.DB, later, async (messages) =>
      asked.push(...messages.filter(({ kind }) => kind === 'payment').map((message) => message.id)),
    );
    expect(asked).toHaveLength(limits.sweepGatewayMax);
    await env.DB.prepare("DELETE FROM payment WHERE account_id = ?1 AND payment_number LIKE 'P-SWEPT-%'")
      .bind(account.id)
      .run();
    await deliver([id]);
  });

  test('there is no such gateway any more: it waits', async () => {
    const payment = await submitted();
    expect(await deliver([payment.id], { gateways: new Map() })).toEqual({ done: 0, again: 1 });
    expect(await deliver([payment.id], { gateways: new Map() }, limits.asyncJobDeliveriesMax)).toEqual({
      done: 1,
      again: 0,
    });
    await expectUntouched(payment);
    await deliver([payment.id]);
  });
});

describe('at the gateway', () => {
  test('the request is lost, then its answer, then the question: charged once in the end', async () => {
    const payment = await submitted();
    expect(
      await deliver(
        [payment.id],
        gatewayWith(() => ({ submit: lost })),
      ),
    ).toEqual({ done: 0, again: 1 });
    await expectUntouched(payment);
    const answerLost = gatewayWith((real) => ({ submit: (request) => real.submit(request).then(lost) }));
    expect(await deliver([payment.id], answerLost)).toEqual({ done: 0, again: 1 });
    expect(await booksOf(payment.account.id)).toMatchObject([{ outcome: 'approved', calls: 1 }]);
    await expectUntouched(payment);
    expect(
      await deliver(
        [payment.id],
        gatewayWith(() => ({ lookup: lost })),
      ),
    ).toEqual({ done: 0, again: 1 });
    await expectUntouched(payment);
    const never = gatewayWith(() => ({ submit: () => Promise.reject(new Error('asked twice')) }));
    expect(await deliver([payment.id], never)).toEqual({ done: 1, again: 0 });
    await expectPaidOnce(payment);
  });

  test.each([CARDS.loseAnswer, CARDS.loseRequest])(
    'a card that loses things (%s) is charged once',
    async (card) => {
      const payment = await submitted(card);
      expect(await deliver([payment.id])).toEqual({ done: 0, again: 1 });
      await expectUntouched(payment);
      expect(await deliver([payment.id])).toEqual({ done: 1, again: 0 });
      await expectPaidOnce(payment);
    },
  );

  test('many ask at once, one after another, and again later: charged and counted once', async () => {
    const [a, b] = [await submitted(), await submitted()];
    await deliver([a.id, b.id, a.id, b.id, a.id]);
    await deliver([b.id, a.id]);
    await expectPaidOnce(a);
    await expectPaidOnce(b);
  });

  test('takes too long: its answer counts as lost', async () => {
    const payment = await submitted();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const asked = askGateway('payment', payment.id, {
      ...jobPorts(gatewayWith(() => ({ lookup: () => new Promise<null>(() => undefined) }))),
    });
    await vi.waitFor(() => expect(vi.getTimerCount()).toBeGreaterThan(0));
    vi.advanceTimersByTime(limits.gatewayAnswerMs);
    expect(await asked).toBeNull();
    vi.useRealTimers();
    await expectUntouched(payment);
  });
});

describe('between the gateway and the record', () => {
  test('the consumer dies: the next one looks the answer up', async () => {
    const payment = await submitted();
    const dying = { execute: () => Promise.reject(new Error('the isolate is gone')) };
    expect(await deliver([payment.id], dying)).toEqual({ done: 0, again: 1 });
    expect(await booksOf(payment.account.id)).toHaveLength(1);
    await expectUntouched(payment);
    expect(await deliver([payment.id])).toEqual({ done: 1, again: 0 });
    await expectPaidOnce(payment);
  });

  test('the consumer dies after the record: the next one finds it settled', async () => {
    const payment = await submitted();
    const dying: Partial<JobPorts> = {
      execute: async (laneId, command) => {
        await execute(env, laneId, command);
        throw new Error('the isolate is gone');
      },
    };
    expect(await deliver([payment.id], dying)).toEqual({ done: 0, again: 1 });
    expect(await deliver([payment.id])).toEqual({ done: 1, again: 0 });
    await expectPaidOnce(payment);
  });

  const approved: GatewayAnswer = { outcome: 'approved', responseCode: '00', response: 'Approved' };
  const declined: GatewayAnswer = { outcome: 'declined', responseCode: '05', response: 'Do not honor' };
  const record = (payment: Submitted, answer: GatewayAnswer) =>
    execute(env, payment.account.id, commandFor('payment.recordOutcome', { paymentId: payment.id, answer }));

  test.each([
    ['approved, then declined', approved, declined, 'Processed'],
    ['declined, then approved', declined, approved, 'Error'],
  ] as const)('two answers, %s: the first counts', async (_, first, second, status) => {
    const payment = await submitted();
    await record(payment, first);
    const later = await record(payment, second);
    expect(JSON.parse(later.body)).toMatchObject({ id: payment.id, status });
    expect(await statusOf(payment.id)).toBe(status);
    const counted =
      status === 'Processed' ? { invoices: 0, unapplied: 1_000 } : { invoices: 4_000, unapplied: 0 };
    expect(await metricsOf(payment.account)).toMatchObject(counted);
  });

  test('two answers at once: one counts', async () => {
    const payment = await submitted();
    await Promise.all([record(payment, approved), record(payment, approved), record(payment, approved)]);
    expect(await metricsOf(payment.account)).toMatchObject({ invoices: 0, unapplied: 1_000 });
  });
});

describe('the caller', () => {
  test('loses its reply at any step and repeats its key: one payment, one charge', async () => {
    const { account } = await payingAccount(call, CARDS.approve);
    const body = { accountId: account.id, type: 'Electronic', amount: 9, currency: 'USD' };
    const key = { 'Idempotency-Key': newId() };
    const failing = { send: () => Promise.reject(new Error('the queue is away')) };
    const lines = vi.spyOn(console, 'log').mockImplementation(() => undefined);
    // The caller's first attempt commits the payment, and its Worker dies before the reply is kept.
    const half = await inProcessApi('standard', { JOBS_QUEUE: failing as never });
    const first = await half.post('/v1/payments', body, key);
    await env.DB.prepare('DELETE FROM idempotency WHERE key = ?1').bind(key['Idempotency-Key']).run();
    const again = await half.post('/v1/payments', body, key);
    lines.mockRestore();
    expect(again.body).toMatchObject({ id: first.body.id, status: 'Processed' });
    expect(await booksOf(account.id)).toHaveLength(1);
    expect(await metricsOf(account)).toMatchObject({ unapplied: 900 });
  });

  test('has its payment as Processing when neither gateway nor queue can be reached', async () => {
    const { account } = await payingAccount(call, CARDS.loseRequest);
    const failing = { send: () => Promise.reject(new Error('the queue is away')) };
    const api = await inProcessApi('standard', { JOBS_QUEUE: failing as never });
    const lines = vi.spyOn(console, 'log').mockImplementation(() => undefined);
    const body = { accountId: account.id, type: 'Electronic', amount: 9, currency: 'USD' };
    const reply = await api.post('/v1/payments', body);
    expect(lines.mock.calls.join()).toContain('gateway.announce_failed');
    lines.mockRestore();
    expect(reply.body).toMatchObject({ status: 'Processing', success: true });
    await deliver([reply.body.id as string]);
    expect(await statusOf(reply.body.id as string)).toBe('Processed');
  });
});

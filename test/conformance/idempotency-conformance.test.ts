import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { conformance } from './support/conformance.ts';
import {
  CONTACT,
  createAccount,
  createPlan,
  createSubscriptionAction,
  externalPayment,
  standaloneInvoice,
  uniqueName,
} from './support/fixtures.ts';
import { expectRefusal, expectSuccess, listAt, textAt, valueAt } from './support/reply-reading.ts';

// A POST with an Idempotency-Key has one effect: repeats get the first reply, other content under the key is refused.
function withKey(key: string = randomUUID()): Record<string, string> {
  return { 'Idempotency-Key': key };
}

function accountRequest(): object {
  return { name: uniqueName('Keyed'), currency: 'USD', billCycleDay: 1, billToContact: CONTACT };
}

conformance('POST_Account', 'repeats the first reply, and says that it did', async (api) => {
  const headers = withKey();
  const request = accountRequest();
  const first = await api.post('/v1/accounts', request, headers);
  const again = await api.post('/v1/accounts', request, headers);
  expectSuccess(first);
  expect(first.headers).not.toHaveProperty('idempotency-hit');
  expect(again.headers['idempotency-hit']).toBe('true');
  expect(again.status).toBe(first.status);
  expect(again.body).toEqual(first.body);
});

conformance(
  ['POST_Order', 'POST_StandaloneInvoice', 'POST_CreatePayment', 'GET_Account'],
  'has one effect on the numbers however often it is sent',
  async (api) => {
    const account = await createAccount(api);
    const plan = await createPlan(api);
    const action = createSubscriptionAction([{ productRatePlanId: plan.ratePlanId }], '2026-01-01');
    const order = {
      orderDate: '2026-01-01',
      existingAccountNumber: account.number,
      subscriptions: [{ orderActions: [action] }],
    };
    const requests: [string, object][] = [
      ['/v1/orders', order],
      ['/v1/invoices', standaloneInvoice(account, 40, { status: 'Posted' })],
      ['/v1/payments', externalPayment(account, 15)],
    ];
    for (const [path, request] of requests) {
      const headers = withKey();
      const first = await api.post(path, request, headers);
      expectSuccess(first);
      for (let repeat = 0; repeat < 2; repeat += 1) {
        expect((await api.post(path, request, headers)).body).toEqual(first.body);
      }
    }
    const body = expectSuccess(await api.get(`/v1/accounts/${account.id}`));
    expect(body).toMatchObject({
      metrics: { balance: 25, totalInvoiceBalance: 40, unappliedPaymentAmount: 15, contractedMrr: 25 },
    });
  },
);

conformance(
  ['POST_CreatePayment', 'GET_RetrieveAllPayments'],
  'has one effect when sent ten times at once',
  async (api) => {
    const account = await createAccount(api);
    const headers = withKey();
    const request = externalPayment(account, 15);
    const replies = await Promise.all(
      Array.from({ length: 10 }, () => api.post('/v1/payments', request, headers)),
    );
    const statuses = new Set(replies.map((reply) => reply.status));
    expect([...statuses].every((status) => status === 200 || status === 409)).toBe(true);
    const paid = new Set(
      replies.filter((reply) => reply.status === 200).map((reply) => textAt(reply.body, 'id')),
    );
    expect(paid.size).toBe(1);
    const list = expectSuccess(await api.get(`/v1/payments?accountId=${account.id}`));
    expect(listAt(list, 'payments').map((payment) => valueAt(payment, 'id'))).toEqual([...paid]);
  },
);

conformance(
  ['POST_Account', 'POST_CreateContact'],
  'refuses the key for another body and another path',
  async (api) => {
    const headers = withKey();
    const request = accountRequest();
    expectSuccess(await api.post('/v1/accounts', request, headers));
    expectRefusal(await api.post('/v1/accounts', accountRequest(), headers), { status: 422 });
    expectRefusal(await api.post('/v1/contacts', request, headers), { status: 422 });
    expectSuccess(await api.post('/v1/accounts', request, withKey()));
  },
);

conformance('POST_Account', 'repeats a refusal too', async (api) => {
  const headers = withKey();
  const first = await api.post('/v1/accounts', { name: 'x' }, headers);
  const again = await api.post('/v1/accounts', { name: 'x' }, headers);
  expectRefusal(first, { status: 400 });
  expect(again).toMatchObject({ status: 400, body: { reasons: valueAt(first.body, 'reasons') } });
  expect(again.headers['idempotency-hit']).toBe('true');
});

conformance('POST_Account', 'refuses a key of more than 255 characters', async (api) => {
  const reply = await api.post('/v1/accounts', accountRequest(), withKey('k'.repeat(256)));
  expectRefusal(reply, { status: 400, names: 'Idempotency-Key' });
  expectSuccess(await api.post('/v1/accounts', accountRequest(), withKey(randomUUID().padEnd(255, 'k'))));
});

conformance(
  ['PUT_Account', 'GET_Account'],
  'does not hold for PUT, which changes what it says each time',
  async (api) => {
    const account = await createAccount(api);
    const path = `/v1/accounts/${account.id}`;
    const headers = withKey();
    expectSuccess(await api.put(path, { notes: 'first' }, headers));
    const second = await api.put(path, { notes: 'second' }, headers);
    expectSuccess(second);
    expect(second.headers).not.toHaveProperty('idempotency-hit');
    expect(expectSuccess(await api.get(path))).toMatchObject({ basicInfo: { notes: 'second' } });
  },
);

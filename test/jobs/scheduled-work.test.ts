import { createExecutionContext, createScheduledController, waitOnExecutionContext } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { execute } from '../../src/account/client.ts';
import { addDays } from '../../src/domain/calendar.ts';
import { dueThrough } from '../../src/jobs/scheduled-work.ts';
import worker from '../../src/worker.ts';
import { type TestOffer, testAccount, testOffer } from '../support/order-objects.ts';
import { deliver, runScheduledWork, tick } from '../support/scheduled-runs.ts';
import { insert, insertOffer, type WorkerApi, workerApi } from '../support/worker-api.ts';

/** Renewals and expirations on their day: each once, whatever is delivered how often, at a clock that the test sets. */

let api: WorkerApi;
let admin: WorkerApi;
let flat: TestOffer;

beforeAll(async () => {
  api = await workerApi();
  admin = await workerApi('admin');
  flat = await insertOffer(testOffer([{ price: '25' }]));
});

/** What an earlier test left must not be due in the next one. */
beforeEach(async () => {
  await env.DB.batch([
    env.DB.prepare(
      "UPDATE subscription SET status = 'Cancelled', revision = revision + 1 WHERE status = 'Active'",
    ),
    env.DB.prepare('DELETE FROM scheduled_claim'),
  ]);
});

async function newAccount(fields = {}) {
  return insert('account', testAccount(fields));
}

interface Terms {
  readonly start: string;
  readonly months?: number;
  readonly autoRenew?: boolean;
  readonly renewalSetting?: string;
  readonly renewalTerms?: object[];
}

/** A subscription of 25 USD a month, for one month unless the terms say otherwise. */
async function subscribe(account: { accountNumber: string }, terms: Terms, owner?: string): Promise<string> {
  const { start, months = 1, autoRenew = true } = terms;
  const reply = await api.post('/v1/orders', {
    orderDate: start,
    existingAccountNumber: account.accountNumber,
    subscriptions: [
      {
        orderActions: [
          {
            type: 'CreateSubscription',
            createSubscription: {
              ...(owner === undefined ? {} : { subscriptionOwnerAccountNumber: owner }),
              terms: {
                initialTerm: { period: months, periodType: 'Month', termType: 'TERMED', startDate: start },
                renewalSetting: terms.renewalSetting ?? 'RENEW_WITH_SPECIFIC_TERM',
                renewalTerms: terms.renewalTerms ?? [{ period: 1, periodType: 'Month' }],
                autoRenew,
              },
              subscribeToRatePlans: [{ productRatePlanId: flat.offer.id }],
            },
          },
        ],
      },
    ],
  });
  expect(reply.body).toMatchObject({ success: true });
  return reply.body.subscriptions[0].subscriptionNumber;
}

async function latest(subscriptionNumber: string) {
  const row = await env.DB.prepare(
    'SELECT version, status, term_end_date AS termEnd, updated_by AS updatedBy, scheduled_retry_on AS retryOn ' +
      'FROM subscription WHERE subscription_number = ?1 AND is_latest_version = 1',
  )
    .bind(subscriptionNumber)
    .first<{ version: number; status: string; termEnd: string; updatedBy: string; retryOn: string | null }>();
  return row!;
}

async function ordersOf(subscriptionNumber: string) {
  const { results } = await env.DB.prepare(
    'SELECT o.order_date AS date, o.created_by AS by, l.base_version AS base, l.new_version AS made, a.type AS type ' +
      'FROM order_subscription AS l JOIN orders AS o ON o.id = l.order_id JOIN order_action AS a ON a.order_subscription_id = l.id ' +
      'WHERE l.subscription_number = ?1 ORDER BY l.new_version',
  )
    .bind(subscriptionNumber)
    .all();
  return results.slice(1);
}

/** Contracted MRR of an account over all that was ever written, folded or not. */
async function contractedMrr(accountId: string): Promise<number> {
  const row = await env.DB.prepare(
    'SELECT coalesce(sum(contracted_mrr_whole), 0) AS mrr FROM metric_delta WHERE account_id = ?1',
  )
    .bind(accountId)
    .first<{ mrr: number }>();
  return row!.mrr;
}

const renewal = (date: string, made: number) => ({
  date,
  by: 'scheduled',
  base: made - 1,
  made,
  type: 'RenewSubscription',
});

describe('a day of the tenant', () => {
  test.each([
    ['2026-03-31T23:30:00.000Z', 'Asia/Tokyo', '2026-04-01'],
    ['2026-03-31T23:30:00.000Z', 'America/Los_Angeles', '2026-03-31'],
    ['2026-03-31T23:30:00.000Z', 'UTC', '2026-03-31'],
    ['2026-04-01T00:59:59.999Z', 'UTC', '2026-03-31'],
    ['2026-04-01T01:00:00.000Z', 'UTC', '2026-04-01'],
    ['2026-10-25T00:30:00.000Z', 'Europe/Berlin', '2026-10-25'],
  ])('at %s in %s, work up to %s is due', (now, timeZone, day) => {
    expect(dueThrough(now, timeZone, 1)).toBe(day);
  });

  test('midnight is the first hour', () => {
    expect(dueThrough('2026-04-01T00:00:00.000Z', 'UTC', 0)).toBe('2026-04-01');
  });

  test('half past eleven in the evening, UTC, is tomorrow in Tokyo and today in Los Angeles', async () => {
    const number = await subscribe(await newAccount(), { start: '2026-03-01' });
    await runScheduledWork('2026-03-31T23:30:00.000Z', 'America/Los_Angeles');
    expect(await latest(number)).toMatchObject({ version: 1, termEnd: '2026-04-01' });
    await runScheduledWork('2026-03-31T23:30:00.000Z', 'Asia/Tokyo');
    expect(await latest(number)).toMatchObject({ version: 2, termEnd: '2026-05-01' });
  });
});

describe('renewal', () => {
  test('is an order at the end of the term, by nobody in particular, that moves no contracted MRR', async () => {
    const account = await newAccount();
    const number = await subscribe(account, { start: '2026-01-31' });
    expect(await runScheduledWork('2026-02-27T23:00:00.000Z')).toBe(0);
    await runScheduledWork('2026-02-28T01:00:00.000Z');
    expect(await latest(number)).toMatchObject({ version: 2, status: 'Active', updatedBy: 'scheduled' });
    expect(await ordersOf(number)).toEqual([renewal('2026-02-28', 2)]);
    expect(await contractedMrr(account.id)).toBe(25);
    const shown = await api.get(`/v1/subscriptions/${number}`);
    expect(shown.body).toMatchObject({ success: true, termStartDate: '2026-02-28', status: 'Active' });
  });

  test('three missed terms are three orders, one after another', async () => {
    const account = await newAccount();
    const number = await subscribe(account, { start: '2025-01-01' });
    expect(await runScheduledWork('2025-04-15T12:00:00.000Z')).toBe(1);
    expect(await latest(number)).toMatchObject({ version: 4, termEnd: '2025-05-01' });
    expect(await ordersOf(number)).toEqual([
      renewal('2025-02-01', 2),
      renewal('2025-03-01', 3),
      renewal('2025-04-01', 4),
    ]);
    expect(await contractedMrr(account.id)).toBe(25);
  });

  test('to evergreen ends all renewals', async () => {
    const number = await subscribe(await newAccount(), {
      start: '2026-01-01',
      renewalSetting: 'RENEW_TO_EVERGREEN',
    });
    await runScheduledWork('2026-06-01T12:00:00.000Z');
    expect(await latest(number)).toMatchObject({ version: 2, termEnd: null });
    expect(await runScheduledWork('2027-06-01T12:00:00.000Z')).toBe(0);
  });

  test('whose order was deleted is due again, as it was before', async () => {
    const account = await newAccount();
    const number = await subscribe(account, { start: '2026-03-01' });
    await runScheduledWork('2026-04-01T12:00:00.000Z');
    const made = await env.DB.prepare(
      'SELECT order_number AS number FROM subscription WHERE subscription_number = ?1 AND is_latest_version = 1',
    )
      .bind(number)
      .first<{ number: string }>();
    expect((await api.delete(`/v1/orders/${made!.number}`)).body).toMatchObject({ success: true });
    expect(await latest(number)).toMatchObject({ version: 1, termEnd: '2026-04-01' });
    await runScheduledWork('2026-04-01T12:01:00.000Z');
    expect(await latest(number)).toMatchObject({ version: 2, termEnd: '2026-05-01' });
    expect(await ordersOf(number)).toEqual([renewal('2026-04-01', 2)]);
  });

  test('many of one account are few messages and few commits', async () => {
    const account = await newAccount();
    const numbers = await Promise.all(
      Array.from({ length: 60 }, () => subscribe(account, { start: '2026-01-01' })),
    );
    const commits = 'SELECT count(*) AS n FROM lane_commit WHERE lane_id = ?1';
    const before = await env.DB.prepare(commits).bind(account.id).first<{ n: number }>();
    expect(await runScheduledWork('2026-02-01T12:00:00.000Z')).toBe(1);
    const after = await env.DB.prepare(commits).bind(account.id).first<{ n: number }>();
    expect(after!.n - before!.n).toBeLessThan(10);
    for (const number of numbers) expect(await latest(number)).toMatchObject({ version: 2 });
  });
});

describe('a scheduled order', () => {
  /** An order of one more subscription, placed on 2026-04-01. */
  async function schedule(account: { accountNumber: string }): Promise<string> {
    const { body } = await api.post('/v1/orders', {
      orderDate: '2026-03-01',
      status: 'Scheduled',
      schedulingOptions: { scheduledDatePolicy: 'SpecificDate', scheduledDate: '2026-04-01' },
      existingAccountNumber: account.accountNumber,
      subscriptions: [
        {
          orderActions: [
            {
              type: 'CreateSubscription',
              createSubscription: {
                terms: {
                  initialTerm: { period: 1, periodType: 'Year', termType: 'TERMED' },
                  renewalSetting: 'RENEW_WITH_SPECIFIC_TERM',
                  renewalTerms: [{ period: 1, periodType: 'Year' }],
                },
                subscribeToRatePlans: [{ productRatePlanId: flat.offer.id }],
              },
            },
          ],
        },
      ],
    });
    expect(body).toMatchObject({ success: true, status: 'Scheduled' });
    return body.orderNumber;
  }
  const shown = async (orderNumber: string) => (await api.get(`/v1/orders/${orderNumber}`)).body.order;

  test('is placed on its day, once, and moves the contracted MRR then', async () => {
    const account = await newAccount();
    const orderNumber = await schedule(account);
    expect(await runScheduledWork('2026-03-31T12:00:00.000Z')).toBe(0);
    expect(await contractedMrr(account.id)).toBe(0);
    const sent = await tick('2026-04-01T01:00:00.000Z');
    await Promise.all([deliver(sent), deliver(sent)]);
    expect(await shown(orderNumber)).toMatchObject({ status: 'Completed', updatedBy: 'scheduled' });
    expect(await contractedMrr(account.id)).toBe(25);
    expect(await runScheduledWork('2026-04-01T02:00:00.000Z')).toBe(0);
  });

  test('that was cancelled meanwhile is left alone', async () => {
    const account = await newAccount();
    const orderNumber = await schedule(account);
    const sent = await tick('2026-04-01T01:00:00.000Z');
    expect((await api.put(`/v1/orders/${orderNumber}/cancel`, {})).body).toMatchObject({ success: true });
    expect(await deliver(sent)).toMatchObject({ acknowledged: 1 });
    expect(await shown(orderNumber)).toMatchObject({ status: 'Cancelled' });
    expect(await contractedMrr(account.id)).toBe(0);
  });

  test('that is refused is Failed, with the reason on it and among the failures', async () => {
    const account = await newAccount();
    const orderNumber = await schedule(account);
    await setStatus(account.id, 'Canceled');
    await runScheduledWork('2026-04-01T01:00:00.000Z');
    const reason = `existingAccountId: account ${account.id} is canceled`;
    expect(await shown(orderNumber)).toMatchObject({
      status: 'Failed',
      scheduledOrderActivationResponse: { success: false, reasons: [{ message: reason }] },
    });
    const { body } = await admin.get('/v1/spillway/scheduled-work?pageSize=40');
    expect(body.failures).toContainEqual({
      subscriptionNumber: null,
      orderNumber,
      accountId: account.id,
      dueOn: '2026-04-01',
      retryOn: null,
      reason,
    });
    await setStatus(account.id, 'Active');
    expect(await runScheduledWork('2026-04-02T01:00:00.000Z')).toBe(0);
  });
});

describe('expiry', () => {
  test.each([false, true])('takes the contracted MRR from the owner, partner: %s', async (partnerAccount) => {
    const payer = await newAccount();
    const owner = await newAccount({ partnerAccount });
    const number = await subscribe(payer, { start: '2026-01-01', autoRenew: false }, owner.accountNumber);
    await runScheduledWork('2026-01-31T23:59:59.000Z');
    expect(await contractedMrr(owner.id)).toBe(25);
    await runScheduledWork('2026-02-01T01:00:00.000Z');
    // In its place: the same version, no order.
    expect(await latest(number)).toMatchObject({ version: 1, status: 'Expired', updatedBy: 'scheduled' });
    expect(await ordersOf(number)).toEqual([]);
    expect([await contractedMrr(owner.id), await contractedMrr(payer.id)]).toEqual([0, 0]);
    expect(await runScheduledWork('2026-02-01T01:01:00.000Z')).toBe(0);
  });
});

describe('at least once, with one effect', () => {
  test('two ticks at once send one message; the account is asked for again when it was given back', async () => {
    const account = await newAccount();
    const number = await subscribe(account, { start: '2026-03-01' });
    const now = '2026-04-01T12:00:00.000Z';
    const sent = (await Promise.all([tick(now), tick(now)])).flat();
    expect(sent).toEqual([{ version: 1, job: 'scheduled', accountId: account.id, through: '2026-04-01' }]);
    expect(await tick('2026-04-01T12:01:00.000Z')).toEqual([]);
    // The message was lost: after a while it is sent again.
    const again = await tick('2026-04-01T12:05:00.000Z');
    expect(again).toEqual(sent);
    await deliver(again);
    expect(await latest(number)).toMatchObject({ version: 2 });
    expect(await tick('2026-04-01T12:06:00.000Z')).toEqual([]);
  });

  test('the same message twice, one after another and at once', async () => {
    const account = await newAccount();
    const numbers = await Promise.all(
      [1, 2, 3, 4].map((i) => subscribe(account, { start: '2026-03-01', autoRenew: i > 2 })),
    );
    const sent = await tick('2026-04-02T12:00:00.000Z');
    const results = await Promise.all([deliver(sent), deliver([...sent, ...sent]), deliver(sent)]);
    expect(results.every(({ retried, sent: rest }) => retried === 0 && rest.length === 0)).toBe(true);
    await deliver(sent);
    for (const number of numbers.slice(0, 2)) {
      expect(await latest(number)).toMatchObject({ version: 1, status: 'Expired' });
    }
    for (const number of numbers.slice(2)) {
      expect(await ordersOf(number)).toEqual([renewal('2026-04-01', 2)]);
    }
    expect(await contractedMrr(account.id)).toBe(50);
  });

  test('a crash in the middle of a piece leaves what was not done, and nothing is done twice', async () => {
    const account = await newAccount();
    const numbers = await Promise.all(
      Array.from({ length: 6 }, () => subscribe(account, { start: '2026-03-01' })),
    );
    const sent = await tick('2026-04-01T12:00:00.000Z');
    let calls = 0;
    const crashing = await deliver(sent, {
      execute: (laneId, command) => {
        calls++;
        return calls === 4 ? Promise.reject(new Error('the consumer died')) : execute(env, laneId, command);
      },
    });
    expect(crashing).toMatchObject({ acknowledged: 0, retried: 1 });
    expect(await deliver(sent)).toMatchObject({ acknowledged: 1, retried: 0 });
    for (const number of numbers) expect(await ordersOf(number)).toEqual([renewal('2026-04-01', 2)]);
  });

  test('what fails time after time is left to the sweep, and is no dead letter', async () => {
    const account = await newAccount();
    const number = await subscribe(account, { start: '2026-03-01' });
    const sent = await tick('2026-04-01T12:00:00.000Z');
    const broken = { execute: () => Promise.reject(new Error('not now')) };
    expect(await deliver(sent, broken, 3)).toMatchObject({ acknowledged: 1, retried: 0 });
    expect(await latest(number)).toMatchObject({ version: 1 });
    await runScheduledWork('2026-04-01T12:05:00.000Z');
    expect(await latest(number)).toMatchObject({ version: 2 });
  });

  test('work that can not be done now waits, and the account with it', async () => {
    const account = await newAccount();
    const number = await subscribe(account, { start: '2026-03-01' });
    const now = () => '2026-04-01T12:00:00.000Z';
    const busy = { now, execute: async () => ({ status: 503, body: '{}', replayed: false }) };
    await deliver(await tick(now()), busy);
    expect(await tick('2026-04-01T12:04:59.000Z')).toEqual([]);
    await runScheduledWork('2026-04-01T12:05:00.000Z');
    expect(await latest(number)).toMatchObject({ version: 2 });
  });

  test('a change that comes between finding and doing decides', async () => {
    const account = await newAccount();
    const number = await subscribe(account, { start: '2026-03-01' });
    const sent = await tick('2026-04-01T12:00:00.000Z');
    await env.DB.prepare("UPDATE subscription SET status = 'Cancelled' WHERE subscription_number = ?1")
      .bind(number)
      .run();
    expect(await deliver(sent)).toMatchObject({ acknowledged: 1 });
    expect(await latest(number)).toMatchObject({ version: 1, status: 'Cancelled' });
  });

  test('the cron and the queue of the Worker', async () => {
    const today = new Date().toISOString().slice(0, 10);
    const account = await newAccount();
    const number = await subscribe(account, {
      start: addDays(today, -50),
      renewalTerms: [{ period: 12, periodType: 'Month' }],
    });
    const context = createExecutionContext();
    await worker.scheduled(createScheduledController({ cron: '* * * * *' }), env);
    await waitOnExecutionContext(context);
    await vi.waitFor(async () => expect(await latest(number)).toMatchObject({ version: 2 }), {
      timeout: 20_000,
      interval: 50,
    });
  });
});

function setStatus(accountId: string, status: string) {
  return env.DB.prepare('UPDATE account SET status = ?1, revision = revision + 1 WHERE id = ?2')
    .bind(status, accountId)
    .run();
}

describe('what can not be renewed', () => {
  test('is put off to the next day with its reason, seen by administrators, and renewed when the reason is gone', async () => {
    const account = await newAccount();
    const number = await subscribe(account, { start: '2026-03-01' });
    await setStatus(account.id, 'Canceled');
    expect(await runScheduledWork('2026-04-01T12:00:00.000Z')).toBe(1);
    expect(await latest(number)).toMatchObject({ version: 1, status: 'Active', retryOn: '2026-04-02' });
    // Neither every minute, nor by a message that comes late.
    expect(await runScheduledWork('2026-04-01T12:01:00.000Z')).toBe(0);
    const reply = await admin.get('/v1/spillway/scheduled-work?pageSize=40');
    expect(reply.body.failures).toContainEqual({
      subscriptionNumber: number,
      orderNumber: null,
      accountId: account.id,
      dueOn: '2026-04-01',
      retryOn: '2026-04-02',
      reason: `account ${account.id} is canceled`,
    });
    expect(await runScheduledWork('2026-04-02T12:00:00.000Z')).toBe(1);
    expect(await latest(number)).toMatchObject({ version: 1, retryOn: '2026-04-03' });
    await setStatus(account.id, 'Active');
    expect(await runScheduledWork('2026-04-03T12:00:00.000Z')).toBe(1);
    expect(await latest(number)).toMatchObject({ version: 2, retryOn: null });
    const { body } = await admin.get('/v1/spillway/scheduled-work?pageSize=40');
    expect(body.failures.map((f: { subscriptionNumber: string }) => f.subscriptionNumber)).not.toContain(
      number,
    );
  });

  test('does not keep its neighbours', async () => {
    const [broken, sound] = [await newAccount(), await newAccount()];
    const numbers = [
      await subscribe(broken, { start: '2026-03-01' }),
      await subscribe(sound, { start: '2026-03-01' }),
    ];
    await setStatus(broken.id, 'Canceled');
    await runScheduledWork('2026-04-01T12:00:00.000Z');
    expect(await latest(numbers[0]!)).toMatchObject({ version: 1, retryOn: '2026-04-02' });
    expect(await latest(numbers[1]!)).toMatchObject({ version: 2, retryOn: null });
  });
});

describe('GET /v1/spillway/scheduled-work', () => {
  test('tells what is due, when it was looked for, and in which zone', async () => {
    await runScheduledWork('2026-04-01T12:00:00.000Z');
    const { status, body } = await admin.get('/v1/spillway/scheduled-work');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      dueThrough: expect.stringMatching(/^\d{4}-\d{2}-\d{2}$/),
      timeZone: 'UTC',
      runHour: 1,
      lastRun: { at: '2026-04-01T12:00:00.000Z', through: '2026-04-01', accounts: expect.any(Number) },
      due: { orders: 0, subscriptions: expect.any(Number), countMax: 10_000 },
      success: true,
    });
  });

  test('is for administrators', async () => {
    expect((await api.get('/v1/spillway/scheduled-work')).status).toBe(403);
  });

  test('the hour of the run is a setting', async () => {
    const settings = await admin.put('/v1/spillway/settings', { scheduled: { runHour: 3 } });
    expect(settings.body).toMatchObject({ scheduled: { runHour: 3 }, success: true });
    expect((await admin.put('/v1/spillway/settings', { scheduled: { runHour: 24 } })).status).toBe(400);
    expect((await admin.put('/v1/spillway/settings', { scheduled: { runHour: 1 } })).status).toBe(200);
  });
});

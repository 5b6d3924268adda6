import { abortAllDurableObjects, evictDurableObject, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { execute } from '../../src/account/client.ts';
import { Committer } from '../../src/account/committer.ts';
import { limits } from '../../src/env.ts';
import { consumeMetrics } from '../../src/jobs/consume.ts';
import { sweepMetrics } from '../../src/jobs/sweep.ts';
import { dueAnnouncer, type MetricsMessage } from '../../src/persistence/outbox.ts';
import { Auditor } from '../simulation/auditor.ts';
import { type Call, connect, type Reply } from '../support/settlement-fixtures.ts';
import { commandFor, newId, testLane } from '../support/test-lane.ts';

/**
 * Account objects that are evicted, aborted or of another version while requests are on their way, and folds whose announcement is
 * lost: what was confirmed is there once, what is there was confirmed or said to be unknown.
 */

let call: Call;
beforeAll(async () => {
  call = await connect();
});

const objectOf = (accountId: string) => env.ACCOUNTS.get(env.ACCOUNTS.idFromName(accountId));

async function openAccount(partnerAccount = false): Promise<string> {
  const { status, body } = await call('POST', '/v1/accounts', {
    name: 'Distributor',
    currency: 'USD',
    billCycleDay: 1,
    partnerAccount,
    billToContact: { firstName: 'Amy', lastName: 'Lawrence', country: 'United States' },
  });
  expect(status).toBe(200);
  return body.accountId as string;
}

function postInvoice(accountId: string, marker: string, key: string | null): Promise<Reply> {
  const body = {
    accountId,
    invoiceDate: '2026-03-15',
    status: 'Posted',
    comments: marker,
    invoiceItems: [{ chargeName: 'Balance', amount: 12.34, serviceStartDate: '2026-03-01' }],
  };
  return call('POST', '/v1/invoices', body, key === null ? {} : { 'Idempotency-Key': key });
}

/** Ids of the invoices with a marker. */
async function stored(marker: string): Promise<string[]> {
  const { results } = await env.DB.prepare('SELECT id FROM invoice WHERE comments = ?')
    .bind(marker)
    .all<{ id: string }>();
  return results.map(({ id }) => id);
}

async function sequencesOf(laneId: string): Promise<number[]> {
  const { results } = await env.DB.prepare(
    'SELECT sequence FROM lane_commit WHERE lane_id = ? ORDER BY sequence',
  )
    .bind(laneId)
    .all<{ sequence: number }>();
  return results.map(({ sequence }) => sequence);
}

/** 200, or 503 that says when to come again: never anything else. */
function expectDoneOrLater({ status, headers, body }: Reply): void {
  expect([200, 503], JSON.stringify(body)).toContain(status);
  if (status === 503) expect(headers.get('Retry-After')).toBe('1');
}

/** Folds whatever is due and lets the simulation's auditor look at every table. */
async function expectSound(): Promise<void> {
  const inAnHour = new Date(Date.now() + 3_600_000).toISOString();
  const announceDue = dueAnnouncer({
    send: (message) => env.METRICS_QUEUE.send(message),
    delaySeconds: () => 0,
    log: () => undefined,
  });
  await sweepMetrics({ db: env.DB, announceDue, now: () => inAnHour, foldDelayMs: 0 });
  await expect
    .poll(async () => (await env.DB.prepare('SELECT count(*) AS due FROM metrics_due').first())?.due, {
      timeout: 20_000,
      interval: 50,
    })
    .toBe(0);
  expect(await new Auditor(env.DB).audit([])).toEqual([]);
}

/** Runs something that can ask how many of the Worker's calls of an object have broken so far. */
async function countingBrokenCalls<Result>(run: (broken: () => number) => Promise<Result>): Promise<Result> {
  const lines = vi.spyOn(console, 'log').mockImplementation(() => undefined);
  try {
    return await run(
      () => lines.mock.calls.filter(([line]) => String(line).includes('"account.call_failed"')).length,
    );
  } finally {
    lines.mockRestore();
  }
}

describe('an object that is evicted', () => {
  test('while idle: the next request finds everything again', async () => {
    const accountId = await openAccount();
    for (const marker of ['idle 1', 'idle 2', 'idle 3']) {
      expect((await postInvoice(accountId, marker, null)).status).toBe(200);
      expect(await stored(marker)).toHaveLength(1);
      await evictDurableObject(objectOf(accountId));
    }
    expect(await sequencesOf(accountId)).toEqual([1, 2, 3]);
    const { body } = await call('GET', `/v1/accounts/${accountId}`);
    expect(body.metrics).toMatchObject({ totalInvoiceBalance: 37.02, balance: 37.02 });
    await expectSound();
  });

  test('while requests run: they are answered, and those that come later go to its successor', async () => {
    const accountId = await openAccount(true);
    const markers = Array.from({ length: 60 }, (_, i) => `evicted ${i}`);
    await postInvoice(accountId, 'evicted first', null);
    const replies = await Promise.all(
      markers.map(async (marker, i) => {
        if (i % 20 === 10) await evictDurableObject(objectOf(accountId)).catch(() => undefined);
        return postInvoice(accountId, marker, null);
      }),
    );
    for (const [i, reply] of replies.entries()) {
      expectDoneOrLater(reply);
      const ids = await stored(markers[i]!);
      if (reply.status === 200) expect(ids).toEqual([reply.body.id]);
      else expect(ids.length).toBeLessThanOrEqual(1);
    }
    const sequences = await sequencesOf(accountId);
    expect(sequences).toEqual(sequences.map((_, i) => i + 1));
    await expectSound();
  });
});

describe('an object that is aborted while requests run', () => {
  const CLIENTS = 8;
  const WRITES_MIN = 40;
  /** Writes after which the test gives up meeting a request with an abort. */
  const WRITES_MAX = 400;
  const WRITES_PER_ABORT = 10;

  const aborts: ReadonlyArray<readonly [string, (accountId: string) => Promise<unknown>]> = [
    [
      'it alone',
      (accountId) => runInDurableObject(objectOf(accountId), (_, state) => state.abort('a test aborts it')),
    ],
    ['with all others', () => abortAllDurableObjects()],
  ];

  /**
   * Some clients send a write each time, and the object is aborted while it has their requests, until enough of those
   * were met. What every write was told, in the order of their numbers.
   */
  function writesUnderAborts(
    abort: () => Promise<unknown>,
    send: (write: number) => Promise<Reply>,
  ): Promise<Reply[]> {
    return countingBrokenCalls(async (broken) => {
      const replies: Reply[] = [];
      let next = 0;
      const isEnough = () => next >= WRITES_MIN && (broken() > 0 || next >= WRITES_MAX);
      const client = async () => {
        while (!isEnough()) {
          const write = next++;
          const sent = send(write);
          if (write % WRITES_PER_ABORT === CLIENTS - 1) {
            // A round trip to D1, so that what was sent is with the object. An abort rejects what asks for it, too.
            await stored('none');
            await abort().catch(() => undefined);
          }
          replies[write] = await sent;
        }
      };
      await Promise.all(Array.from({ length: CLIENTS }, client));
      expect(broken()).toBeGreaterThan(0);
      return replies;
    });
  }

  test.each(aborts)('%s: what was confirmed is there, once', async (name, abort) => {
    const accountId = await openAccount(true);
    const marker = (write: number) => `aborted ${name} ${write}`;
    const replies = await writesUnderAborts(
      () => abort(accountId),
      (write) => postInvoice(accountId, marker(write), null),
    );
    for (const [write, reply] of replies.entries()) {
      expectDoneOrLater(reply);
      const ids = await stored(marker(write));
      if (reply.status === 200) expect(ids).toEqual([reply.body.id]);
      else expect(ids.length).toBeLessThanOrEqual(1);
    }
    const sequences = await sequencesOf(accountId);
    expect(sequences).toEqual(sequences.map((_, i) => i + 1));
    await expectSound();
  });

  test.each(aborts)('%s: a repeat under the same key has one effect and one reply', async (name, abort) => {
    const accountId = await openAccount(true);
    const marker = (write: number) => `repeated ${name} ${write}`;
    const send = (write: number) => postInvoice(accountId, marker(write), `${accountId} ${write}`);
    const replies = await writesUnderAborts(() => abort(accountId), send);
    for (const [write, first] of replies.entries()) {
      expectDoneOrLater(first);
      const again = await send(write);
      expect(again.status).toBe(200);
      if (first.status === 200) {
        expect(again.body).toEqual(first.body);
        expect(again.headers.get('Idempotency-Hit')).toBe('true');
      }
      expect(await stored(marker(write))).toEqual([again.body.id]);
    }
    await expectSound();
  });

  test('its stub stays broken; the Worker takes a fresh one for every attempt', async () => {
    const accountId = await openAccount();
    const stub = objectOf(accountId);
    const probe = () => commandFor('unknown.kind', {});
    expect((await stub.execute(accountId, probe(), false)).status).toBe(503);
    await runInDurableObject(stub, (_, state) => state.abort('a test aborts it')).catch(() => undefined);
    const broken = await stub.execute(accountId, probe(), false).then(
      () => null,
      (error: unknown) => String(error),
    );
    expect(broken).toContain('a test aborts it');
    expect((await postInvoice(accountId, 'after the abort', null)).status).toBe(200);
    expect(await stored('after the abort')).toHaveLength(1);
  });
});

describe('a Worker that is newer than the object, or older', () => {
  test('a command that the object does not know is refused, and nothing is written', async () => {
    const accountId = await openAccount();
    const before = await sequencesOf(accountId);
    const tomorrow = [
      commandFor('invoice.create', {}, { version: 2 as 1 }),
      commandFor('invoice.of.tomorrow', {}),
    ];
    for (const command of tomorrow) {
      const outcome = await execute(env, accountId, command);
      expect(outcome.status).toBe(503);
      expect(JSON.parse(outcome.body).reasons[0].message).toContain('nothing was done');
    }
    expect(await sequencesOf(accountId)).toEqual(before);
  });
});

describe('a fold whose announcement is lost', () => {
  const LATER_MS = limits.dueResendAfterMs + 1;

  /** A partner account in a lane whose announcements go through `send`. */
  async function partnerAnnouncingTo(send: (message: MetricsMessage) => Promise<unknown>) {
    const accountId = newId();
    const failures: string[] = [];
    const announceDue = dueAnnouncer({ send, delaySeconds: () => 0, log: (event) => failures.push(event) });
    const committer = new Committer(
      { db: env.DB, announceDue, pause: async () => undefined, log: () => undefined },
      limits,
    );
    const lane = testLane({
      laneId: accountId,
      commits: { commit: async (group) => (await committer.commit([group]))[0]! },
    });
    await lane.send('open', { id: accountId, accountNumber: `L-${accountId}`, partnerAccount: true });
    return { accountId, failures, send: lane.send };
  }

  async function published(accountId: string): Promise<number | null> {
    const row = await env.DB.prepare(
      'SELECT total_invoice_balance_minor AS minor FROM account_metrics WHERE account_id = ?',
    )
      .bind(accountId)
      .first<{ minor: number }>();
    return row?.minor ?? null;
  }

  /** The sweep of a moment later, and the delivery of what it sends. */
  async function sweepAndDeliver(): Promise<string[]> {
    const sent: MetricsMessage[] = [];
    const announceDue = dueAnnouncer({
      send: async (message) => sent.push(message),
      delaySeconds: () => 0,
      log: () => undefined,
    });
    const now = () => new Date(Date.now() + LATER_MS).toISOString();
    await sweepMetrics({ db: env.DB, announceDue, now, foldDelayMs: 0 });
    const messages = sent.map((body, i) => ({
      id: String(i),
      body,
      timestamp: new Date(),
      attempts: 1,
      ack: () => undefined,
      retry: () => undefined,
    }));
    const batch = { queue: 'spillway-metrics', messages } as unknown as MessageBatch;
    await consumeMetrics(batch, { db: env.DB, now, log: () => undefined });
    return sent.flatMap(({ accountIds }) => accountIds);
  }

  const ways: ReadonlyArray<readonly [string, () => Promise<unknown>, readonly string[]]> = [
    [
      'a send that rejects',
      () => Promise.reject(new Error('Queue sendBatch failed: Too Many Requests')),
      ['metrics.announce_failed'],
    ],
    [
      'a send that throws',
      () => {
        throw new Error('too many pending timers');
      },
      ['metrics.announce_failed'],
    ],
    ['an object that ends before the send', () => new Promise(() => undefined), []],
  ];

  test.each(ways)('%s does not fail the write, and the sweep makes up for it', async (_, lose, failures) => {
    const partner = await partnerAnnouncingTo(lose);
    const write = await partner.send('bump', { accountId: partner.accountId, by: 1, amountMinor: 500 });
    expect(write).toMatchObject({ status: 200, body: '{"day":2}' });
    const more = await partner.send('bump', { accountId: partner.accountId, by: 1, amountMinor: 41 });
    expect(more.status).toBe(200);
    await expect.poll(() => partner.failures).toEqual(failures);
    expect(await published(partner.accountId)).toBeNull();
    expect(await sweepAndDeliver()).toContain(partner.accountId);
    expect(await published(partner.accountId)).toBe(541);
    expect(await sweepAndDeliver()).not.toContain(partner.accountId);
  });

  test('more accounts than a message takes are announced in several, one lost message loses no other', async () => {
    const accountIds = Array.from({ length: 2 * limits.messageAccountsMax + 1 }, newId);
    const arrived: string[] = [];
    let messages = 0;
    const announceDue = dueAnnouncer({
      send: async (message) => {
        messages++;
        if (messages === 2) throw new Error('Queue is overloaded.');
        arrived.push(...message.accountIds);
      },
      delaySeconds: () => 0,
      log: () => undefined,
    });
    announceDue(accountIds);
    await expect.poll(() => messages).toBe(3);
    expect(arrived).toEqual([
      ...accountIds.slice(0, limits.messageAccountsMax),
      ...accountIds.slice(2 * limits.messageAccountsMax),
    ]);
  });
});

// What an account or a subscription already holds must not be felt: the same writes and reads where there is little and where there is much.

import {
  type BenchAccount,
  type BenchPlan,
  createAccount,
  createPlan,
  orderBody,
  type SoldCharge,
  termsBody,
  updateBody,
} from './fixtures.ts';
import { httpText, median } from './load.ts';
import { requestsOf, type Subject, subjectOf } from './measure.ts';
import { type Group, type GroupContext, oneStep, warmUp, withServers } from './rounds.ts';
import { copiesOf, templateOf } from './row-template.ts';
import type { BenchServer } from './servers.ts';

export const SUBSCRIPTIONS_FEW = 50;
/** Versions of an old subscription before it is measured: near the most that one may have, with room for the measured ones. */
export const VERSIONS_MANY = 900;
const PRICE_CHANGES = 450;
const SUBSCRIPTIONS_PER_ORDER = 50;
/** Subscriptions that a run of updates is spread over; each run takes others, so that each has to be read first. */
export const SUBSCRIPTIONS_UPDATED = 500;
const CONCURRENCY = 256;
/** So many that each subscription has about one order at a time. */
export const CONCURRENCY_OLD = 32;
/** Orders per old subscription and run: all runs together stay below the versions that a subscription may have. */
const ORDERS_PER_OLD_RUN = 10;
/** Two cases that should be equal need more rounds than cases that differ by far, and are cheap. */
const ROUNDS_FACTOR = 2;
const LOADING_CONCURRENCY = 8;
const LOADING_MS_MAX = 600_000;
/** Longer than the price changes of an old subscription. */
const TERM_MONTHS = 36;
const LIST_READS = 25;
const ABOUT = { group: 'growth', latencyMs: 0 };

export const growth: Group = async (context) => {
  await withServers([{ latencyMs: 0 }], async ([server]) => {
    const plan = await createPlan(server!.api);
    const many = await fullAccount(context, server!, plan);
    await accounts(context, server!, plan, many);
    const old = await versions(context, server!, plan);
    await lists(context, server!, many, old);
  });
};

/** An account with many subscriptions: one large order by the engine, and copies of its rows. */
export async function fullAccount(
  { extent, facts, progress }: GroupContext,
  server: BenchServer,
  plan: BenchPlan,
): Promise<BenchAccount> {
  const account = await createAccount(server.api, 'Many', true);
  progress(`loading ${extent.subscriptionsMany} subscriptions`);
  const started = performance.now();
  const template = await templateOf(server, () =>
    load(server, account.number, plan, SUBSCRIPTIONS_PER_ORDER),
  );
  await server.write(copiesOf(template, extent.subscriptionsMany / SUBSCRIPTIONS_PER_ORDER - 1));
  facts.set(
    'subscriptions loaded per second',
    extent.subscriptionsMany / ((performance.now() - started) / 1_000),
  );
  const [held] = server.rows('SELECT count(*) AS count FROM subscription WHERE account_id = ?1', account.id);
  facts.set('subscriptions on the full account', held!.count as number);
  return account;
}

/** The same writes on an account that holds few subscriptions and on one that holds many. */
async function accounts(
  context: GroupContext,
  server: BenchServer,
  plan: BenchPlan,
  many: BenchAccount,
): Promise<void> {
  const withFew = async (name: string, count: number) => {
    const account = await createAccount(server.api, name, true);
    await load(server, account.number, plan, count);
    return account;
  };
  const few = await withFew('Few', SUBSCRIPTIONS_FEW);
  const full = subjectOf('many subscriptions', server, [many], plan, true);
  const little = subjectOf('few subscriptions', server, [few], plan, true);
  await warmUp(context, [full, little]);
  for (let round = 1; round <= context.extent.rounds * ROUNDS_FACTOR; round++) {
    // Orders add subscriptions: the other account starts each run with few.
    const fresh = subjectOf(
      'few subscriptions',
      server,
      [await withFew(`Few ${round}`, SUBSCRIPTIONS_FEW)],
      plan,
      true,
    );
    await oneStep(context, ABOUT, [little, full], { kind: 'invoices', concurrency: CONCURRENCY }, round);
    await oneStep(context, ABOUT, [fresh, full], { kind: 'orders', concurrency: CONCURRENCY }, round);
    const subjects = [
      updating('few subscriptions', server, await withFew(`Updated ${round}`, SUBSCRIPTIONS_UPDATED), 0),
      updating('many subscriptions', server, many, round * SUBSCRIPTIONS_UPDATED),
    ];
    await oneStep(context, ABOUT, subjects, { kind: 'updates', concurrency: CONCURRENCY }, round);
  }
}

/** Price changes of some of an account's subscriptions, beginning with the one at `from`. */
function updating(name: string, server: BenchServer, account: BenchAccount, from: number): Subject {
  const bodies = chargesOf(server, account, from, SUBSCRIPTIONS_UPDATED).map((sold) =>
    updateBody(account, sold, 180, 6),
  );
  return {
    name,
    server,
    accounts: [account],
    partner: true,
    requests: { updates: requestsOf(server, 'updates', bodies) },
  };
}

/** What subscriptions of an account were sold, from the database's file. */
function chargesOf(server: BenchServer, account: BenchAccount, from: number, count: number): SoldCharge[] {
  return server
    .rows(
      'SELECT s.subscription_number, c.rate_plan_id, c.charge_number FROM subscription AS s ' +
        'JOIN charge AS c ON c.subscription_original_id = s.id AND c.segment = 1 AND c.removed_in_version IS NULL ' +
        'WHERE s.account_id = ?1 AND s.version = 1 ORDER BY s.id LIMIT CAST(?2 AS INTEGER) OFFSET CAST(?3 AS INTEGER)',
      account.id,
      String(count),
      String(from),
    )
    .map((row) => ({
      subscriptionNumber: row.subscription_number as string,
      ratePlanId: row.rate_plan_id as string,
      chargeNumber: row.charge_number as string,
    }));
}

/** The same orders on subscriptions with one version and on such with many; returns the account of the latter. */
async function versions(context: GroupContext, server: BenchServer, plan: BenchPlan): Promise<BenchAccount> {
  const { extent, progress } = context;
  const count = extent.subscriptionsOld;
  const account = async (name: string) => {
    const made = await createAccount(server.api, name, true);
    await load(server, made.number, plan, count);
    return made;
  };
  const old = await account('Old');
  progress(`${VERSIONS_MANY} versions of ${count} subscriptions`);
  const oldCharges = chargesOf(server, old, 0, count);
  // Price changes on one day after the other, then orders that change the terms.
  const changes = Array.from({ length: VERSIONS_MANY - 1 }, (_, i) =>
    oldCharges.map((sold) =>
      i < PRICE_CHANGES ? updateBody(old, sold, 1 + i, 5 + (i % 7)) : termsBody(old, sold, i % 2 === 0),
    ),
  ).flat();
  await send(server, requestsOf(server, 'updates', changes), count);
  const later = PRICE_CHANGES + 50;
  const subject = (name: string, owner: BenchAccount, charges: readonly SoldCharge[]): Subject => ({
    name,
    server,
    accounts: [owner],
    // They are, but the runs are too short for a lag.
    partner: false,
    requests: {
      updates: requestsOf(
        server,
        'updates',
        charges.map((sold) => updateBody(owner, sold, later, 6)),
      ),
    },
  });
  const bounds = { durationMs: LOADING_MS_MAX, countMax: count * ORDERS_PER_OLD_RUN };
  const full = subject('old subscriptions', old, oldCharges);
  const fresh = async (name: string) => {
    const made = await account(name);
    return subject('new subscriptions', made, chargesOf(server, made, 0, count));
  };
  await warmUp(context, [full, await fresh('New')], bounds);
  for (let round = 1; round <= extent.rounds * ROUNDS_FACTOR; round++) {
    const step = { kind: 'updates', concurrency: CONCURRENCY_OLD } as const;
    await oneStep(context, ABOUT, [await fresh(`New ${round}`), full], step, round, bounds);
  }
  return old;
}

/** The first page and a late one of the lists that a large account is read by: medians, one read after another. */
async function lists(
  { facts, progress }: GroupContext,
  server: BenchServer,
  many: BenchAccount,
  old: BenchAccount,
): Promise<void> {
  progress('reading lists');
  const [sold] = chargesOf(server, old, 0, 1);
  const paths: ReadonlyArray<readonly [string, string, number]> = [
    ['subscriptions of the full account', `/v1/subscriptions/accounts/${many.number}?pageSize=20`, 100],
    ['orders of its invoice owner', `/v1/orders/invoiceOwner/${many.number}?pageSize=20`, 100],
    ['orders of its subscription owner', `/v1/orders/subscriptionOwner/${many.number}?pageSize=20`, 100],
    ['orders of an old subscription', `/v1/orders/subscription/${sold!.subscriptionNumber}?pageSize=20`, 40],
  ];
  for (const [name, path, late] of paths) {
    for (const page of [1, late]) {
      const times: number[] = [];
      for (let read = 0; read < LIST_READS; read++) {
        const started = performance.now();
        const reply = await server.api.get(`${path}&page=${page}`);
        times.push(performance.now() - started);
        if (reply.status !== 200) throw new Error(`${path}: ${reply.status} ${reply.text}`);
      }
      facts.set(`ms for page ${page} of ${name}`, median(times));
    }
  }
}

/** Brings subscriptions onto an account by large orders. */
async function load(server: BenchServer, number: string, plan: BenchPlan, count: number): Promise<void> {
  const perOrder = Math.min(count, SUBSCRIPTIONS_PER_ORDER);
  const body = orderBody({ id: '', number }, plan, { subscriptions: perOrder, termMonths: TERM_MONTHS });
  const request = httpText({ method: 'POST', path: '/v1/orders', token: server.token, body });
  const orders = Array.from({ length: Math.ceil(count / perOrder) }, () => request);
  await send(server, orders, LOADING_CONCURRENCY);
}

/** Sends each request once. @throws when one is refused. */
async function send(server: BenchServer, requests: readonly string[], concurrency: number): Promise<void> {
  const result = await server.load.run({
    requests,
    concurrency: Math.min(concurrency, requests.length),
    durationMs: LOADING_MS_MAX,
    countMax: requests.length,
    expected: '"success":true',
  });
  if (result.failures > 0) throw new Error(`Loading was refused: ${result.failureSamples.join('\n')}`);
  await server.quiet();
}

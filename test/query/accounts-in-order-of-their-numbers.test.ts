import { env } from 'cloudflare:workers';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { limits } from '../../src/env.ts';
import * as metrics from '../../src/persistence/metrics-sql.ts';
import { counting, page, refusal } from '../support/object-query-calls.ts';
import { testAccount } from '../support/order-objects.ts';
import { connect } from '../support/settlement-fixtures.ts';
import { insert } from '../support/worker-api.ts';

// Accounts sorted by balance and MRR: in the order of the exact amounts whatever the currency, each account once, those without numbers as zero; a
// page deep inside reads what the first one reads, at more accounts than could be sorted.

const NOW = '2026-02-01T00:00:00.000Z';
const DIGITS = { USD: 2, JPY: 0, KWD: 3, CLF: 4 } as const;
type Currency = keyof typeof DIGITS;

interface Moved {
  readonly currency: Currency;
  readonly invoiced: number;
  readonly paid: number;
  /** MRR in billionths. */
  readonly mrrNano: number;
}

const BILLION = 1_000_000_000;

/** The deltas of an account, as its commit appends them. */
async function append(accountId: string, moved: readonly Moved[]): Promise<void> {
  for (const { currency, invoiced, paid, mrrNano } of moved) {
    await env.DB.prepare(
      'INSERT INTO metric_delta (account_id, currency, total_invoice_balance_minor, total_debit_memo_balance_minor, unapplied_payment_minor, ' +
        'unapplied_credit_memo_minor, reserved_payment_minor, contracted_mrr_whole, contracted_mrr_nano, command_id, document_kind, document_id, committed_at) ' +
        "VALUES (?1, ?2, ?3, 0, ?4, 0, 0, ?5, ?6, 'c', 'invoice', 'i', ?7)",
    )
      .bind(accountId, currency, invoiced, paid, Math.trunc(mrrNano / BILLION), mrrNano % BILLION, NOW)
      .run();
  }
}

/** As a commit that makes accounts and moves their metrics ends. */
async function commit(ids: readonly string[]): Promise<void> {
  const list = JSON.stringify(ids);
  await env.DB.batch([
    env.DB.prepare(metrics.SYNC_FLAG).bind(list, NOW),
    env.DB.prepare(metrics.FOLD_UNFLAGGED_SUMS).bind(list),
    env.DB.prepare(metrics.FOLD_UNFLAGGED_WATERMARK).bind(list, NOW),
  ]);
}

/** As the consumer folds partners. */
async function fold(ids: readonly string[]): Promise<void> {
  const list = JSON.stringify(ids);
  await env.DB.batch([
    env.DB.prepare(metrics.FOLD_PARTNER_SUMS).bind(list),
    env.DB.prepare(metrics.FOLD_PARTNER_WATERMARK).bind(list, NOW),
  ]);
}

/** Ids of all pages joined. */
async function walk(query: string): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | null = null;
  do {
    const reply = await page('accounts', `${query}&fields[]=id`, cursor);
    ids.push(...reply.data.map(({ id }) => id as string));
    cursor = reply.nextPage;
  } while (cursor !== null);
  return ids;
}

/** Millionths of what was moved in the account's currency. */
function balanceOf(currency: Currency, moved: readonly Moved[]): bigint {
  const minor = moved
    .filter((one) => one.currency === currency)
    .reduce((sum, { invoiced, paid }) => sum + BigInt(invoiced) - BigInt(paid), 0n);
  return minor * 10n ** BigInt(6 - DIGITS[currency]);
}

/** Millionths, half up to the minor unit of the currency; all of an account's MRR has one sign. */
function mrrOf(currency: Currency, moved: readonly Moved[]): bigint {
  const nano = moved
    .filter((one) => one.currency === currency)
    .reduce((sum, { mrrNano }) => sum + BigInt(mrrNano), 0n);
  const step = 10n ** BigInt(9 - DIGITS[currency]);
  const magnitude = ((nano < 0n ? -nano : nano) + step / 2n) / step;
  return (nano < 0n ? -magnitude : magnitude) * 10n ** BigInt(6 - DIGITS[currency]);
}

const currency = fc.constantFrom<Currency>('USD', 'JPY', 'KWD', 'CLF');
/** Few different amounts, so that many accounts are at one place, and some that no float tells apart. */
const minor = fc.oneof(fc.nat(3), fc.integer({ min: 90_000_000_000, max: 90_000_000_002 }));
const draft = fc
  .record({ own: currency, partner: fc.boolean(), sign: fc.constantFrom(1, -1) })
  .chain(({ own, partner, sign }) =>
    fc
      .array(
        fc.record({
          currency: fc.oneof(fc.constant(own), currency),
          invoiced: minor,
          paid: minor,
          mrrNano: fc.constantFrom(0, 4_000_000, 5_000_000, 1_500_000_000, 333_333_333).map((n) => sign * n),
        }),
        { maxLength: 3 },
      )
      .map((moved) => ({ own, partner, moved })),
  );

test('by balance and by MRR accounts of all currencies are in the order of the exact amounts, each once', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(draft, { minLength: 1, maxLength: 12 }),
      fc.integer({ min: 1, max: 7 }),
      async (drafts, pageSize) => {
        await env.DB.batch(
          ['account', 'account_metrics', 'metrics_state', 'metric_delta'].map((table) =>
            env.DB.prepare(`DELETE FROM ${table}`),
          ),
        );
        const accounts: Array<{ id: string; partner: boolean; balance: bigint; mrr: bigint }> = [];
        for (const { own, partner, moved } of drafts) {
          const { id } = await insert('account', testAccount({ currency: own, partnerAccount: partner }));
          await append(id, moved);
          accounts.push({ id, partner, balance: balanceOf(own, moved), mrr: mrrOf(own, moved) });
        }
        const ids = accounts.map(({ id }) => id);
        await commit(ids);
        const expected = (of: 'balance' | 'mrr', published: boolean) =>
          accounts
            .map(({ id, partner, ...one }) => ({ id, value: partner && !published ? 0n : one[of] }))
            .sort((a, b) => (a.value === b.value ? (a.id < b.id ? -1 : 1) : a.value < b.value ? -1 : 1))
            .map(({ id }) => id);
        for (const published of [false, true]) {
          if (published) await fold(ids);
          for (const of of ['balance', 'mrr'] as const) {
            const inOrder = expected(of, published);
            expect(await walk(`sort[]=${of}.ASC&pageSize=${pageSize}`)).toEqual(inOrder);
            expect(await walk(`sort[]=${of}.DESC&pageSize=${pageSize}`)).toEqual([...inOrder].reverse());
          }
        }
      },
    ),
    { numRuns: 12 },
  );
}, 120_000);

test('an account is in the order from the moment it is made, moves with its commits, and leaves when it is deleted', async () => {
  const call = await connect();
  const open = async (name: string) => {
    const contact = { firstName: 'Amy', lastName: name, country: 'United States' };
    const body = { name, currency: 'USD', billCycleDay: 1, billToContact: contact };
    const reply = await call('POST', '/v1/accounts', body);
    expect(reply.body).toMatchObject({ success: true });
    return reply.body.accountId as string;
  };
  const [idle, owed, gone] = [await open('Idle'), await open('Owed'), await open('Gone')];
  const paid = await call('POST', '/v1/payments', {
    accountId: owed,
    type: 'External',
    amount: 12.5,
    currency: 'USD',
    effectiveDate: '2026-01-15',
    paymentMethodType: 'Cash',
  });
  expect(paid.body).toMatchObject({ success: true });
  expect((await call('DELETE', `/v1/accounts/${gone}`)).body).toMatchObject({ success: true });
  const list = async (query: string) => {
    const { body } = await call('GET', `/object-query/accounts?${query}&pageSize=99&fields[]=id,balance`);
    return (body.data as Array<{ id: string; balance: number }>).filter(({ id }) =>
      [idle, owed, gone].includes(id),
    );
  };
  expect(await list('sort[]=balance.ASC')).toEqual([
    { id: owed, balance: -12.5 },
    { id: idle, balance: 0 },
  ]);
  expect(await list('filter[]=balance.LT:0')).toEqual([{ id: owed, balance: -12.5 }]);
  const left = await env.DB.prepare(
    'SELECT balance_millionths AS balance, mrr_millionths AS mrr FROM metrics_state WHERE account_id = ?1',
  )
    .bind(gone)
    .first();
  expect(left).toEqual({ balance: null, mrr: null });
});

describe('of more accounts than are sorted', () => {
  /** Two of three have a balance, of -7,000 to 6,999 cents; a third of all has none. */
  const MANY = 21_000;
  const idOf = (n: number) => n.toString(16).padStart(32, '0');
  const owned = (n: number) => n - MANY / 3;

  beforeAll(async () => {
    await env.DB.batch(
      ['account', 'account_metrics', 'metrics_state', 'metric_delta'].map((table) =>
        env.DB.prepare(`DELETE FROM ${table}`),
      ),
    );
    for (let from = 0; from < MANY; from += 3_000) {
      const numbers = Array.from({ length: 3_000 }, (_, i) => from + i);
      const list = JSON.stringify(numbers.map((n) => ({ n, id: idOf(n), owed: owned(n) })));
      await env.DB.batch([
        env.DB.prepare(
          'INSERT INTO account (id, revision, account_number, name, status, currency, bill_cycle_day, batch, auto_pay, partner_account, payment_term, details, ' +
            "custom_fields, created_at, created_by, updated_at, updated_by) SELECT e.value->>'id', 1, 'M-' || (e.value->>'n'), 'M', 'Active', 'USD', 1, 'Batch1', 0, " +
            "e.value->>'n' >= 500 AND e.value->>'n' < 520, 'Net 30', '{}', '{}', ?2, 'test', ?2, 'test' FROM json_each(?1) AS e",
        ).bind(list, NOW),
        // What they have in another currency is nobody's place in the order.
        ...(['USD', 'EUR'] as const).map((code) =>
          env.DB.prepare(
            "INSERT INTO account_metrics SELECT e.value->>'id', ?2, e.value->>'owed', 0, 0, 0, 0, 0, 0, NULL FROM json_each(?1) AS e " +
              "WHERE ?2 = 'EUR' OR e.value->>'n' < ?3",
          ).bind(list, code, (2 * MANY) / 3),
        ),
        env.DB.prepare(metrics.SYNC_FLAG).bind(JSON.stringify(numbers.map(idOf)), NOW),
      ]);
    }
  }, 60_000);

  const place = (value: string, id: string, cursor: string) => {
    const entries = JSON.parse(atob(cursor)) as Array<{ value: string }>;
    entries[0]!.value = value;
    entries[1]!.value = id;
    return btoa(JSON.stringify(entries));
  };

  test.each([
    ['sort[]=balance.ASC', 6_000],
    ['sort[]=balance.DESC', -6_000],
    ['sort[]=mrr.ASC', 0],
    ['sort[]=balance.ASC&filter[]=balance.GT:-50', 6_000],
    ['sort[]=balance.DESC&filter[]=balance.LE:50&filter[]=balance.GT:-65', -6_000],
    ['sort[]=partneraccount.DESC', null],
    ['sort[]=partneraccount.ASC&filter[]=partneraccount.EQ:false', null],
  ])('%s: a deep page reads what the first one reads', async (sort, deepCents) => {
    const query = `${sort}&pageSize=50&fields[]=id,balance`;
    const first = counting();
    const { data, nextPage } = await page('accounts', query, null, first.db);
    expect(data).toHaveLength(50);
    expect(first.counted.rowsRead).toBeLessThan(50 * 12);
    const deep = counting();
    const [value, id] =
      deepCents === null
        ? [0 as unknown as string, idOf(20_000)]
        : [String(BigInt(deepCents) * 10_000n), idOf(deepCents === 0 ? 20_000 : deepCents + MANY / 3)];
    const reply = await page('accounts', query, place(value, id, nextPage!), deep.db);
    expect(reply.data).toHaveLength(50);
    expect(deep.counted.rowsRead).toBeLessThanOrEqual(first.counted.rowsRead + 2);
    if (sort === 'sort[]=balance.ASC') {
      expect(reply.data.map(({ balance }) => balance)).toEqual(
        Array.from({ length: 50 }, (_, i) => (6_001 + i) / 100),
      );
    }
  });

  test('two filters at one end of the order, or one for what no account has, read no more than a page may', async () => {
    for (const [filters, first] of [
      ['filter[]=balance.GT:-60&filter[]=balance.GE:69.98', [69.98, 69.99]],
      ['filter[]=balance.GE:69.98&filter[]=balance.NE:69.98', [69.99]],
      ['filter[]=balance.LT:70&filter[]=balance.EQ:-1.5', [-1.5]],
      ['filter[]=balance.EQ:null', []],
    ] as const) {
      const found: unknown[] = [];
      let cursor: string | null = null;
      do {
        const { db, counted } = counting();
        const reply = await page('accounts', `sort[]=balance.ASC&fields[]=balance&${filters}`, cursor, db);
        expect(counted.rowsRead).toBeLessThan(10 * limits.objectQueryRowsScannedMax);
        found.push(...reply.data.map(({ balance }) => balance));
        cursor = reply.nextPage;
      } while (cursor !== null);
      expect([filters, found]).toEqual([filters, first]);
    }
  });

  test('what was deleted at a place costs a page there nothing', async () => {
    const gone = Array.from({ length: 5_000 }, (_, i) => idOf(15_000 + i));
    const list = JSON.stringify(gone);
    await env.DB.batch([
      env.DB.prepare('DELETE FROM account WHERE id IN (SELECT value FROM json_each(?1))').bind(list),
      env.DB.prepare(metrics.LEAVE_ORDERS).bind(list),
    ]);
    const { db, counted } = counting();
    const query = 'sort[]=balance.ASC&pageSize=50&fields[]=id&filter[]=balance.EQ:0';
    const { nextPage } = await page('accounts', query);
    const { data } = await page('accounts', query, place('0', idOf(14_990), nextPage!), db);
    expect(data.map(({ id }) => id)).toEqual([
      ...Array.from({ length: 9 }, (_, i) => idOf(14_991 + i)),
      ...Array.from({ length: 41 }, (_, i) => idOf(20_000 + i)),
    ]);
    expect(counted.rowsRead).toBeLessThan(50 * 12);
  });

  test('a filter by balance leads to few accounts, which are then sorted by anything', async () => {
    const { db, counted } = counting();
    const { data } = await page(
      'accounts',
      'filter[]=balance.GT:69.95&sort[]=name.ASC&fields[]=balance',
      null,
      db,
    );
    expect(data.map(({ balance }) => balance)).toEqual([69.96, 69.97, 69.98, 69.99]);
    expect(counted.rowsRead).toBeLessThan(100);
    const partners = await page(
      'accounts',
      'filter[]=partneraccount.EQ:true&sort[]=totalinvoicebalance.DESC&pageSize=20',
    );
    expect(partners.data.map(({ balance }) => balance)).toEqual(
      Array.from({ length: 20 }, (_, i) => owned(519 - i) / 100),
    );
  });

  test('sums of parts and the time of the last fold are in no index’s order, and say so', async () => {
    for (let n = 0; n < 5_000; n += 1_000) {
      const numbers = Array.from({ length: 1_000 }, (_, i) => MANY + n + i);
      await env.DB.prepare(
        'INSERT INTO account (id, revision, account_number, name, status, currency, bill_cycle_day, batch, auto_pay, partner_account, payment_term, details, ' +
          "custom_fields, created_at, created_by, updated_at, updated_by) SELECT printf('%032x', e.value), 1, 'M-' || e.value, 'M', 'Active', 'USD', 1, 'Batch1', 0, 0, " +
          "'Net 30', '{}', '{}', ?2, 'test', ?2, 'test' FROM json_each(?1) AS e",
      )
        .bind(JSON.stringify(numbers), NOW)
        .run();
    }
    for (const sort of ['totalinvoicebalance', 'lastmetricsupdate']) {
      const message = await refusal('accounts', `sort[]=${sort}.DESC`);
      expect(message).toContain(String(limits.objectQueryRowsSortedMax));
      expect(message).toMatch(/sort by one of .*\bBalance\b.*\bMrr\b.*\bPartnerAccount\b/);
    }
  });
});

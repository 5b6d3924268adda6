import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, test } from 'vitest';
import { limits } from '../../src/env.ts';
import { continueMetricHistory, readMetricHistory } from '../../src/persistence/metric-history.ts';
import { type InProcessApi, inProcessApi } from '../support/in-process-api.ts';
import { putAccount } from '../support/settlement-fixtures.ts';

// The history of an account's numbers is the sum of its deltas per day, whoever reads it and however often; what is behind one number is found in
// bounded steps; the search finds by number, name and id. Deltas are put into the table as writers append them.

let api: InProcessApi;
beforeAll(async () => {
  api = await inProcessApi('read');
});

interface Delta {
  readonly at: string;
  readonly invoice?: number;
  readonly payment?: number;
  readonly mrr?: readonly [whole: number, nano: number];
  readonly currency?: string;
}

/** Appends deltas (amounts in minor units) and publishes nothing: all of them are the tail. */
async function append(accountId: string, deltas: readonly Delta[]): Promise<void> {
  const rows = deltas.map(({ at, invoice = 0, payment = 0, mrr = [0, 0], currency = 'USD' }, i) => [
    ...[accountId, currency, invoice, payment, mrr[0], mrr[1], `c-${i}`, `d-${i}`],
    at,
  ]);
  await env.DB.prepare(
    'INSERT INTO metric_delta (account_id, currency, total_invoice_balance_minor, total_debit_memo_balance_minor, ' +
      'unapplied_payment_minor, unapplied_credit_memo_minor, reserved_payment_minor, contracted_mrr_whole, contracted_mrr_nano, ' +
      'command_id, document_kind, document_id, committed_at) ' +
      "SELECT j.value ->> 0, j.value ->> 1, j.value ->> 2, 0, j.value ->> 3, 0, 0, j.value ->> 4, j.value ->> 5, j.value ->> 6, 'invoice', " +
      'j.value ->> 7, j.value ->> 8 FROM json_each(?1) AS j ORDER BY j.key',
  )
    .bind(JSON.stringify(rows))
    .run();
}

const historyPath = (key: string, query = '') => `/v1/spillway/accounts/${key}/metrics/history${query}`;
const day = (date: string, time = '12:00:00.000') => `${date}T${time}Z`;

describe('The history of the numbers', () => {
  test('has for each day what was so at its end in UTC, and what is so now', async () => {
    const { id, accountNumber } = await putAccount();
    await append(id, [
      { at: day('2026-01-05'), invoice: 10_000 },
      { at: day('2026-01-05', '23:59:59.999'), payment: 2_500 },
      { at: day('2026-01-06', '00:00:00.000'), invoice: 1, mrr: [63, 333_333_333] },
      { at: day('2026-02-01'), mrr: [-3, -333_333_333] },
    ]);
    for (const key of [id, accountNumber]) {
      const { status, body } = await api.get(historyPath(key, '?from=2026-01-01&to=2026-02-28'));
      expect(status).toBe(200);
      expect(body).toMatchObject({ accountId: id, interval: 'day', complete: true });
      expect(body.currencies).toMatchObject([
        {
          currency: 'USD',
          opening: { balance: 0, contractedMrr: 0 },
          points: [
            // 100.00 invoiced, 25.00 paid and not applied.
            { date: '2026-01-05', balance: 75, totalInvoiceBalance: 100, unappliedPaymentAmount: 25 },
            { date: '2026-01-06', balance: 75.01, contractedMrr: 63.33 },
            { date: '2026-02-01', balance: 75.01, contractedMrr: 60 },
          ],
          now: { balance: 75.01, contractedMrr: 60 },
        },
      ]);
    }
    const later = await api.get(historyPath(id, '?from=2026-01-06&to=2026-01-31'));
    expect(later.body.currencies).toMatchObject([
      {
        opening: { balance: 75 },
        points: [{ date: '2026-01-06', balance: 75.01 }],
        now: { contractedMrr: 60 },
      },
    ]);
  });

  test('adds what came since the last reading, into days that are there already too', async () => {
    const { id } = await putAccount();
    await append(id, [{ at: day('2026-01-05'), invoice: 100 }]);
    await api.get(historyPath(id));
    await append(id, [
      { at: day('2026-01-05', '18:00:00.000'), invoice: 11 },
      { at: day('2026-01-07'), invoice: 1_000 },
    ]);
    const { body } = await api.get(historyPath(id, '?from=2026-01-01&to=2026-01-31'));
    expect(body.currencies[0].points).toMatchObject([
      { date: '2026-01-05', balance: 1.11 },
      { date: '2026-01-07', balance: 11.11 },
    ]);
  });

  test('keeps currencies apart, the account’s own first, and shows one alone', async () => {
    const { id } = await putAccount();
    await append(id, [
      { at: day('2026-01-05'), invoice: 500, currency: 'JPY' },
      { at: day('2026-01-05'), invoice: 1_005, currency: 'KWD' },
      { at: day('2026-01-06'), invoice: 7 },
    ]);
    const range = '?from=2026-01-01&to=2026-01-31';
    const { body } = await api.get(historyPath(id, range));
    expect(body.currencies).toMatchObject([
      { currency: 'USD', points: [{ date: '2026-01-06', balance: 0.07 }] },
      { currency: 'JPY', points: [{ date: '2026-01-05', balance: 500 }] },
      { currency: 'KWD', points: [{ date: '2026-01-05', balance: 1.005 }] },
    ]);
    const one = await api.get(historyPath(id, `${range}&currency=KWD`));
    expect(one.body.currencies).toHaveLength(1);
    expect(one.body.currencies[0]).toMatchObject({ currency: 'KWD', now: { balance: 1.005 } });
  });

  test('is shown by its latest operations while there are only a few days', async () => {
    const { id } = await putAccount();
    await append(id, [
      { at: day('2026-01-05', '10:00:00.000'), invoice: 100 },
      { at: day('2026-01-05', '10:00:01.000'), invoice: 20 },
      { at: day('2026-01-06', '10:00:02.000'), payment: 20 },
    ]);
    const { body } = await api.get(historyPath(id));
    expect(body).toMatchObject({ interval: 'operation', complete: true });
    expect(body.currencies[0]).toMatchObject({
      opening: { balance: 0 },
      points: [
        { at: '2026-01-05T10:00:00.000+00:00', balance: 1 },
        { at: '2026-01-05T10:00:01.000+00:00', balance: 1.2 },
        { at: '2026-01-06T10:00:02.000+00:00', balance: 1 },
      ],
    });
    const many = Array.from({ length: limits.metricHistoryLatestDeltasMax }, () => ({
      at: day('2026-01-06'),
      invoice: 1,
    }));
    await append(id, many);
    const latest = (await api.get(historyPath(id))).body.currencies[0];
    expect(latest.points).toHaveLength(limits.metricHistoryLatestDeltasMax);
    expect(latest.opening).toMatchObject({ balance: 1 });
    await append(id, [{ at: day('2026-01-07'), invoice: 1 }]);
    expect((await api.get(historyPath(id))).body.interval).toBe('day');
  });

  test('is filled in bounded steps, the rest after the reply', async () => {
    const { id } = await putAccount();
    const step = limits.metricHistoryStepDeltasMax;
    const at = (i: number) => day(`2026-0${1 + Math.floor(i / step)}-15`);
    await append(
      id,
      Array.from({ length: 3 * step }, (_, i) => ({ at: at(i), invoice: 1 })),
    );
    const range = { from: '2026-01-01', to: '2026-04-30', currency: null };
    const first = (await readMetricHistory(env.DB, id, range))!;
    expect(first).toMatchObject({ isComplete: false, completeUntil: day('2026-01-15') });
    expect(first.days).toMatchObject([
      { at: '2026-01-15', sums: { totalInvoiceBalanceMinor: BigInt(step) } },
    ]);
    expect(await continueMetricHistory(env.DB, id, 1)).toBe(false);
    // What is left is done behind the reply, which has what the days before it hold.
    const { body } = await api.get(historyPath(id, '?from=2026-01-01&to=2026-04-30'));
    expect(body.currencies[0].now).toMatchObject({ balance: (3 * step) / 100 });
    expect(body.complete).toBe(true);
    expect(body.currencies[0].points.map((point: { balance: number }) => point.balance)).toEqual([
      step / 100,
      (2 * step) / 100,
      (3 * step) / 100,
    ]);
    expect(await continueMetricHistory(env.DB, id, 1)).toBe(true);
  });

  test('has each delta once, however many read at the same time', async () => {
    const { id } = await putAccount();
    const days = Array.from({ length: 200 }, (_, i) => ({
      at: day(`2026-01-${String(1 + (i % 20)).padStart(2, '0')}`),
      invoice: i,
    }));
    await append(id, days);
    const readers = Array.from({ length: 12 }, () =>
      api.get(historyPath(id, '?from=2026-01-01&to=2026-01-31')),
    );
    const bodies = (await Promise.all(readers)).map(({ body }) => body.currencies[0]);
    for (const history of bodies) {
      expect(history.points).toHaveLength(20);
      // 0 + 1 + … + 199 cents; the first day has 0, 20, 40 … 180.
      expect(history.points.at(-1)).toMatchObject({ balance: 199 });
      expect(history.points[0]).toMatchObject({ balance: 9 });
    }
  });

  test('is filled by one at a time in an isolate, and writes nothing when nothing is missing', async () => {
    const { id } = await putAccount();
    const at = day('2026-01-15');
    const all = 2 * limits.metricHistoryStepDeltasMax;
    await append(
      id,
      Array.from({ length: all }, () => ({ at, invoice: 1 })),
    );
    const batches: number[] = [];
    const counting = new Proxy(env.DB, {
      get: (target, name) =>
        name === 'batch'
          ? async (statements: D1PreparedStatement[]) => {
              const results = await target.batch(statements);
              batches.push(results.reduce((sum, { meta }) => sum + meta.rows_written, 0));
              return results;
            }
          : (target[name as 'prepare'] as (sql: string) => unknown).bind(target),
    });
    const readers = Array.from({ length: 4 }, () => continueMetricHistory(counting, id, 50));
    expect(await Promise.all(readers)).toEqual([true, false, false, false]);
    expect(batches).toHaveLength(2);
    expect(await continueMetricHistory(counting, id, 50)).toBe(true);
    expect(batches).toHaveLength(2);
    const range = { from: '2026-01-01', to: '2026-04-30', currency: null };
    const history = await readMetricHistory(counting, id, range);
    expect(history).toMatchObject({
      isComplete: true,
      days: [{ sums: { totalInvoiceBalanceMinor: BigInt(all) } }],
    });
    expect(batches.slice(2)).toEqual([0]);
  });

  test('of an account without any is empty, of none is refused, as are ranges that are none', async () => {
    const { id } = await putAccount();
    const { body } = await api.get(historyPath(id));
    expect(body.currencies).toMatchObject([{ currency: 'USD', points: [], now: { balance: 0 } }]);
    for (const key of ['0'.repeat(32), 'NO-SUCH']) expect((await api.get(historyPath(key))).status).toBe(404);
    for (const query of [
      '?from=2026-02-30',
      '?to=yesterday',
      '?from=2026-02-02&to=2026-02-01',
      '?from=2020-01-01&to=2026-01-01',
      '?currency=XXXX',
    ]) {
      const refused = await api.get(historyPath(id, query));
      expect([query, refused.status, refused.body.success]).toEqual([query, 400, false]);
    }
    expect((await api.get(historyPath(id, '?to=1900-01-02'))).status).toBe(200);
  });
});

describe('The operations behind one number', () => {
  const path = (id: string, query: string) => `/v1/spillway/accounts/${id}/metrics/operations${query}`;

  test('are those that moved it, in its currency', async () => {
    const { id } = await putAccount();
    await append(id, [
      { at: day('2026-01-01'), invoice: 100 },
      { at: day('2026-01-02'), payment: 40 },
      { at: day('2026-01-03'), mrr: [0, 500_000_000] },
      { at: day('2026-01-04'), payment: 7, currency: 'JPY' },
      // What a payment pays moves from one part of the balance to the other.
      { at: day('2026-01-05'), invoice: -40, payment: -40 },
    ]);
    const days = async (query: string) => {
      const { body } = await api.get(path(id, query));
      return body.operations.map((one: { committedAt: string }) => Number(one.committedAt.slice(8, 10)));
    };
    expect(await days('?metric=balance')).toEqual([4, 2, 1]);
    expect(await days('?metric=balance&currency=USD')).toEqual([2, 1]);
    expect(await days('?metric=contractedMrr')).toEqual([3]);
    expect(await days('?metric=totalInvoiceBalance')).toEqual([5, 1]);
    expect(await days('?metric=unappliedPaymentAmount&currency=JPY')).toEqual([4]);
    expect(await days('?metric=reservedPaymentAmount')).toEqual([]);
    expect((await api.get(path(id, '?metric=nonsense'))).body.reasons[0].message).toMatch(
      /metric: must be one of balance/,
    );
  });

  test('are looked for in bounded steps, each page going on where the one before ended', async () => {
    const { id } = await putAccount();
    const scanned = limits.metricOperationsScannedMax;
    await append(id, [
      { at: day('2026-01-01'), mrr: [1, 0] },
      ...Array.from({ length: scanned }, () => ({ at: day('2026-01-02'), invoice: 1 })),
    ]);
    const first = (await api.get(path(id, '?metric=contractedMrr'))).body;
    expect(first.operations).toEqual([]);
    const next = new URL(first.nextPage);
    expect(next.searchParams.get('metric')).toBe('contractedMrr');
    const second = (await api.get(next.pathname + next.search)).body;
    expect(second.operations).toMatchObject([{ contractedMrr: 1 }]);
    expect(second).not.toHaveProperty('nextPage');
  });
});

describe('The search', () => {
  const find = async (text: string) =>
    (await api.get(`/v1/spillway/search?q=${encodeURIComponent(text)}`)).body.results as Array<
      Record<string, unknown>
    >;

  test('finds accounts by how their number or name begins, whatever the case of the letters', async () => {
    const one = await putAccount({ name: 'Zebra Freight', accountNumber: 'ZF-1001' });
    const other = await putAccount({ name: 'zebra Post', accountNumber: 'ZF-1002' });
    expect((await find('ZEBRA')).map(({ id }) => id)).toEqual([one.id, other.id]);
    expect((await find('zf-100')).map(({ id }) => id)).toEqual([one.id, other.id]);
    expect(await find('Zebra Freight')).toMatchObject([{ kind: 'account', id: one.id, exact: true }]);
    expect(await find('zf-1002')).toMatchObject([{ number: 'ZF-1002', exact: true }]);
    expect(await find('ebra')).toEqual([]);
    expect(await find('%')).toEqual([]);
    expect(await find(other.id.toUpperCase())).toMatchObject([{ id: other.id, exact: true }]);
  });

  test('finds documents by their number and id, with the account that they belong to', async () => {
    const account = await putAccount({ name: 'Okapi Rail' });
    const writer = await inProcessApi();
    const made = await writer.post('/v1/invoices', {
      accountId: account.id,
      invoiceDate: '2026-03-15',
      status: 'Posted',
      invoiceItems: [{ chargeName: 'x', amount: 5, serviceStartDate: '2026-03-01' }],
    });
    const { id, invoiceNumber } = made.body;
    const shown = {
      kind: 'invoice',
      id,
      number: invoiceNumber,
      accountId: account.id,
      accountName: 'Okapi Rail',
    };
    for (const text of [invoiceNumber, invoiceNumber.toLowerCase(), id]) {
      expect(await find(text)).toMatchObject([{ ...shown, exact: true }]);
    }
    expect(await find(invoiceNumber.slice(0, -2))).toContainEqual(
      expect.objectContaining({ id, exact: false }),
    );
  });

  test('gives so many of a kind and looks at no more of them along the index', async () => {
    for (let i = 0; i <= limits.searchRowsMax; i++) await putAccount({ name: `Quagga ${i}` });
    expect(await find('quagga')).toHaveLength(limits.searchRowsMax);
    const plan = await env.DB.prepare(
      'EXPLAIN QUERY PLAN SELECT a.id FROM account AS a WHERE a.name >= ?1 COLLATE NOCASE AND a.name < (?1 || char(1114111)) COLLATE NOCASE ' +
        'ORDER BY a.name COLLATE NOCASE, a.id LIMIT 10',
    )
      .bind('quagga')
      .all<{ detail: string }>();
    expect(plan.results.map(({ detail }) => detail).join()).toMatch(
      /SEARCH a USING (COVERING )?INDEX account_name/,
    );
  });

  test('for nothing, or for too much, is refused', async () => {
    for (const q of ['', '%20', 'x'.repeat(201)]) {
      expect((await api.get(`/v1/spillway/search?q=${q}`)).status).toBe(400);
    }
  });
});

import { env } from 'cloudflare:workers';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/domain/result.ts';
import { limits } from '../../src/env.ts';
import { counting, instant, type Page, page, refusal } from '../support/object-query-calls.ts';
import { testAccount } from '../support/order-objects.ts';
import { insert } from '../support/worker-api.ts';

// Pages of Object Query join to what was there all the time, whatever is written between them, and each costs what the first does.

describe('pages', () => {
  /** All pages of a query joined, with something done between each two. */
  async function walk(query: string, between: () => Promise<unknown> = async () => {}): Promise<string[]> {
    const ids: string[] = [];
    for (let cursor: string | null | undefined; cursor !== null; ) {
      const { data, nextPage }: Page = await page('contacts', query, cursor);
      ids.push(...data.map(({ id }) => id as string));
      cursor = nextPage;
      if (cursor !== null) await between();
    }
    return ids;
  }

  let contacts = 0;
  /** Few different values, so that many rows are at one place of the order. */
  async function contact(
    accountId: string,
    seed: number,
  ): Promise<{ id: string; updatedAt: string; workEmail: string | null }> {
    contacts += 1;
    const id = (contacts * 7919 + seed).toString(16).padStart(32, '0');
    const audit = {
      createdAt: instant(seed % 3),
      createdBy: 'test',
      updatedAt: instant(seed % 3),
      updatedBy: 'test',
    };
    const workEmail = seed % 4 === 0 ? null : `mail${seed % 5}@example.com`;
    const fields = {
      firstName: `F${seed % 2}`,
      lastName: 'L',
      workEmail,
      country: null,
      details: {},
      customFields: {},
    };
    return insert('contact', { id, revision: 1, accountId, ...fields, ...audit });
  }

  const order = fc.constantFrom(
    'updateddate.DESC',
    'updateddate.ASC',
    'id.ASC',
    'workemail.ASC',
    'workemail.DESC',
    'firstname.DESC',
    'state.ASC',
  );

  test('join to every record that was there all the time, once and in order, whatever is added between them', async () => {
    await fc.assert(
      fc.asyncProperty(
        order,
        fc.integer({ min: 1, max: 9 }),
        fc.array(fc.nat(100), { minLength: 1, maxLength: 25 }),
        fc.boolean(),
        async (sort, pageSize, seeds, all) => {
          const { id: accountId } = await insert('account', testAccount());
          const before = [];
          for (const seed of seeds) before.push(await contact(accountId, seed));
          const filter = all ? '' : `&filter[]=accountid.EQ:${accountId}`;
          // Not for ever: with one more after each page of one there would be no last page.
          let added = 0;
          const add = async () => added < 20 && contact(accountId, added++ * 13);
          const got = await walk(`sort[]=${sort}&pageSize=${pageSize}${filter}`, add);
          expect(new Set(got).size).toBe(got.length);
          const own = before.map(({ id }) => id);
          const inOrder = await walk(`sort[]=${sort}&pageSize=99&filter[]=accountid.EQ:${accountId}`);
          expect(got.filter((id) => own.includes(id))).toEqual(inOrder.filter((id) => own.includes(id)));
          expect(inOrder.filter((id) => own.includes(id)).length).toBe(own.length);
        },
      ),
      { numRuns: 15 },
    );
  }, 120_000);

  test('a cursor is of its query alone', async () => {
    const { id: accountId } = await insert('account', testAccount());
    for (let i = 0; i < 3; i++) await contact(accountId, i);
    const { nextPage } = await page('contacts', 'pageSize=1');
    const cursor = `cursor=${encodeURIComponent(nextPage!)}`;
    expect(await refusal('contacts', cursor)).toBe('answered');
    expect(await refusal('contacts', `${cursor}&sort[]=id.ASC`)).toContain('another query');
    expect(await refusal('contacts', `${cursor}&sort[]=updateddate.ASC`)).toContain('another query');
    expect(await refusal('contacts', `${cursor}&filter[]=lastname.EQ:L`)).toContain('another query');
    expect(await refusal('accounts', cursor)).toContain('another query');
  });

  describe('of many records', () => {
    const MANY = 30_000;
    let ownerId: string;

    beforeAll(async () => {
      ownerId = (await insert('account', testAccount())).id;
      // One statement for 3,000 rows at a time: as fast as D1 takes them.
      for (let from = 0; from < MANY; from += 3_000) {
        await env.DB.prepare(
          'INSERT INTO payment (id, revision, payment_number, account_id, type, status, currency, amount_minor, applied_minor, unapplied_minor, refunded_minor, effective_date, ' +
            "gateway_state, details, custom_fields, created_at, created_by, updated_at, updated_by) SELECT printf('%032x', CAST(?1 AS INTEGER) + e.key), 1, 'P-' || (CAST(?1 AS INTEGER) + e.key), ?2, 'External', " +
            "'Processed', 'USD', CAST(?1 AS INTEGER) + e.key, 0, 0, 0, '2026-01-01', 'NotSubmitted', '{}', '{}', '2026-01-01T00:00:00.000Z', 'test', " +
            "strftime('%Y-%m-%dT%H:%M:%fZ', 1767225600 + CAST(?1 AS INTEGER) + e.key, 'unixepoch'), 'test' FROM json_each(?3) AS e",
        )
          .bind(from, ownerId, JSON.stringify(Array.from({ length: 3_000 }, () => 0)))
          .run();
      }
    });

    test('a deep one reads what the first one reads', async () => {
      for (const query of [
        '',
        'sort[]=paymentnumber.ASC',
        `sort[]=effectivedate.DESC&filter[]=accountid.EQ:${ownerId}`,
        'filter[]=updateddate.GE:2026-01-01T00:00:10Z',
        // The place is beyond where the filter begins.
        'filter[]=updateddate.GE:2026-01-01T00:00:10Z&sort[]=updateddate.ASC',
        `filter[]=effectivedate.EQ:2026-01-01&sort[]=effectivedate.ASC&filter[]=accountid.EQ:${ownerId}`,
      ]) {
        const first = counting();
        const { nextPage } = await page('payments', `${query}&pageSize=50`, null, first.db);
        const entries = JSON.parse(atob(nextPage!)) as Array<{ value: string }>;
        // The place of a row near the other end.
        const row = await env.DB.prepare(
          'SELECT id, payment_number, effective_date, updated_at FROM payment WHERE id = ?1',
        )
          .bind((query.includes('paymentnumber') ? 20_000 : 900).toString(16).padStart(32, '0'))
          .first<Record<string, string>>();
        entries[0]!.value = query.includes('paymentnumber')
          ? row!.payment_number!
          : query.includes('effective')
            ? row!.effective_date!
            : row!.updated_at!;
        entries[1]!.value = row!.id!;
        const deep = counting();
        expect(
          (await page('payments', `${query}&pageSize=50`, btoa(JSON.stringify(entries)), deep.db)).data,
        ).toHaveLength(50);
        expect(deep.counted.rowsRead, query).toBeLessThanOrEqual(first.counted.rowsRead + 2);
        expect(first.counted.rowsRead, query).toBeLessThan(50 * 12);
      }
    });

    test('a filter that no index answers looks at so many rows, and the walk goes on from there', async () => {
      // The oldest of them is the last that is come to.
      const query = 'filter[]=amount.EQ:0&pageSize=9';
      let cursor: string | null = null;
      const found: unknown[] = [];
      let pages = 0;
      do {
        const { db, counted } = counting();
        const reply: Page = await page('payments', query, cursor, db);
        expect(counted.rowsRead).toBeLessThan(6 * limits.objectQueryRowsScannedMax);
        found.push(...reply.data);
        cursor = reply.nextPage;
        pages += 1;
      } while (cursor !== null);
      expect(found).toHaveLength(1);
      expect(pages).toBe(
        Math.ceil(MANY / limits.objectQueryRowsScannedMax) +
          (MANY % limits.objectQueryRowsScannedMax === 0 ? 1 : 0),
      );
    });

    test('instants given to the second in a list, which no index answers, look at no more than that either', async () => {
      const { db, counted } = counting();
      const query = 'filter[]=updateddate.IN:[2026-01-01T00:00:05Z]&pageSize=9';
      const { data, nextPage } = await page('payments', query, null, db);
      expect([data, typeof nextPage]).toEqual([[], 'string']);
      expect(counted.rowsRead).toBeLessThan(5.5 * limits.objectQueryRowsScannedMax);
    });

    test('of filters that an index answers the first that leads to few records is followed', async () => {
      const { data } = await page(
        'payments',
        `sort[]=amount.DESC&filter[]=accountid.EQ:${ownerId}&filter[]=updateddate.LT:2026-01-01T00:00:03Z`,
      );
      expect(data.map(({ amount }) => amount)).toEqual([0.02, 0.01, 0]);
    });

    test('an order that no index has is refused by name, and taken where a filter leads to fewer', async () => {
      const message = await refusal('payments', 'sort[]=amount.DESC');
      expect(message).toContain('sort[]: Amount');
      expect(message).toContain(String(limits.objectQueryRowsSortedMax));
      expect(message).toContain('PaymentNumber');
      expect(message).toContain('UpdatedDate');
      const few = await page('payments', 'sort[]=amount.DESC&filter[]=paymentnumber.IN:[P-1,P-20000,P-3]');
      expect(few.data.map(({ amount }) => amount)).toEqual([200, 0.03, 0.01]);
    });

    test('lists that are expanded are cut at the page’s size, the latest first, and read no more than that', async () => {
      const { db, counted } = counting();
      const { data } = await page(
        'accounts',
        `filter[]=id.EQ:${ownerId}&expand[]=payments&pageSize=7&payments.fields[]=id`,
        null,
        db,
      );
      expect((data[0]!.payments as JsonObject[]).map(({ id }) => Number.parseInt(id as string, 16))).toEqual(
        [0, 1, 2, 3, 4, 5, 6].map((n) => MANY - 1 - n),
      );
      expect(counted.rowsRead).toBeLessThan(100);
    });

    test('a page that shows the same few records too often is refused', async () => {
      const query = `filter[]=accountid.EQ:${ownerId}&fields[]=id&account.fields[]=id&payments.fields[]=id&expand[]=account.payments.account.payments`;
      expect(await refusal('payments', `${query}&pageSize=40`)).toContain(
        String(limits.objectQueryRowsExpandedMax),
      );
      const { data } = await page('payments', `${query}&pageSize=9`);
      expect(JSON.stringify(data).match(/"payments":/g)).toHaveLength(9 + 9 ** 2);
    });

    test('a page that expands to too much is refused', async () => {
      await env.DB.prepare("UPDATE payment SET account_id = 'x' || (rowid % 300) WHERE rowid < 29701").run();
      for (let n = 0; n < 99; n++)
        await insert(
          'account',
          testAccount({ id: `x${n}`, accountNumber: `X-${n}`, updatedAt: '2027-01-01T00:00:00.000Z' }),
        );
      const query =
        'pageSize=99&filter[]=accountnumber.SW:X-&expand[]=payments.account.payments.account.payments&payments.fields[]=id&account.fields[]=id';
      expect(await refusal('accounts', query)).toContain(String(limits.objectQueryRowsExpandedMax));
      expect(await refusal('accounts', query.replace('pageSize=99', 'pageSize=5'))).toBe('answered');
    });
  });
});

import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Account } from '../../src/domain/accounts/account.ts';
import { limits } from '../../src/env.ts';
import { SYNC_FLAG } from '../../src/persistence/metrics-sql.ts';
import { instant, page, refusal } from '../support/object-query-calls.ts';
import { testAccount, testContact } from '../support/order-objects.ts';
import { insert } from '../support/worker-api.ts';

// What each operator of Object Query leaves of each type, nulls among them; what cannot be read is refused by its name.

function account(n: number, fields: Partial<Account> = {}): Account {
  return testAccount({ accountNumber: `N-${n}`, updatedAt: instant(n), createdAt: instant(n), ...fields });
}

describe('operators', () => {
  const names = new Map<string, string>();

  beforeAll(async () => {
    const parent = await insert(
      'account',
      account(1, { name: 'One', billCycleDay: 1, partnerAccount: true }),
    );
    await insert(
      'account',
      account(2, { name: 'one two', billCycleDay: 15, parentId: parent.id, currency: 'EUR' }),
    );
    await insert(
      'account',
      account(3, {
        name: "It's 3%_",
        billCycleDay: 31,
        parentId: parent.id,
        updatedAt: '2026-01-01T00:00:03.250Z',
      }),
    );
    await env.DB.prepare(
      'INSERT INTO account_metrics (account_id, currency, total_invoice_balance_minor, total_debit_memo_balance_minor, unapplied_payment_minor, unapplied_credit_memo_minor, ' +
        "reserved_payment_minor, contracted_mrr_whole, contracted_mrr_nano, last_invoice_date) VALUES (?1, 'USD', 1250, 0, 250, 0, 0, 33, 333333333, '2026-03-15')",
    )
      .bind(parent.id)
      .run();
    // Accounts have their places in the order of balances by the commit that makes them.
    await env.DB.prepare(SYNC_FLAG)
      .bind(JSON.stringify((await page('accounts', '')).data.map(({ id }) => id)), instant(3))
      .run();
    names.set('parent', parent.id);
  });

  test.each([
    ['name.EQ:ONE', ['N-1']],
    ['name.NE:one', ['N-2', 'N-3']],
    ['name.SW:ONE', ['N-1', 'N-2']],
    ["name.EQ:it's 3%_", ['N-3']],
    ['name.SW:%', []],
    ['name.IN:[one,ONE TWO]', ['N-1', 'N-2']],
    ['accountnumber.EQ:n-2', ['N-2']],
    ['accountnumber.IN:[N-1,n-3,none]', ['N-1', 'N-3']],
    ['currency.EQ:eur', ['N-2']],
    ['billcycleday.EQ:15', ['N-2']],
    ['billcycleday.GT:1', ['N-2', 'N-3']],
    ['billcycleday.LE:15', ['N-1', 'N-2']],
    ['billcycleday.IN:[1,31]', ['N-1', 'N-3']],
    ['partneraccount.EQ:TRUE', ['N-1']],
    ['partneraccount.NE:true', ['N-2', 'N-3']],
    ['balance.EQ:10', ['N-1']],
    ['balance.GT:9.999999', ['N-1']],
    ['balance.LT:10', ['N-2', 'N-3']],
    ['balance.IN:[0,10.00]', ['N-1', 'N-2', 'N-3']],
    ['mrr.EQ:33.33', ['N-1']],
    ['lastinvoicedate.EQ:2026-03-15', ['N-1']],
    ['lastinvoicedate.LT:2026-03-15', []],
    ['lastinvoicedate.EQ:null', ['N-2', 'N-3']],
    ['lastinvoicedate.NE:null', ['N-1']],
    ['parentid.EQ:null', ['N-1']],
    ['parentid.NE:null', ['N-2', 'N-3']],
    ['shiptoid.EQ:null', ['N-1', 'N-2', 'N-3']],
    ['shiptoid.EQ:x', []],
    ['shiptoid.NE:null', []],
    ['UPDATEDDATE.EQ:2026-01-01T00:00:03Z', ['N-3']],
    ['updateddate.NE:2026-01-01T00:00:03Z', ['N-1', 'N-2']],
    ['updateddate.GT:2026-01-01T00:00:03Z', []],
    ['updateddate.GE:2026-01-01T01:00:03+01:00', ['N-3']],
    ['updateddate.LE:2026-01-01T00:00:03Z', ['N-1', 'N-2', 'N-3']],
    ['updateddate.LT:2026-01-01T00:00:02Z', ['N-1']],
    ['updateddate.IN:[2026-01-01T00:00:01Z,2026-01-01T00:00:03Z]', ['N-1', 'N-3']],
    ['updateddate.EQ:2026-01-01T00:00:03.250Z', ['N-3']],
  ])('%s', async (filter, numbers) => {
    const { data } = await page(
      'accounts',
      `filter[]=${encodeURIComponent(filter)}&sort[]=accountnumber.ASC`,
    );
    expect(data.map(({ accountNumber }) => accountNumber)).toEqual(numbers);
  });

  test('filters hold together, and an id is found by itself', async () => {
    const parent = names.get('parent')!;
    const { data } = await page(
      'accounts',
      `filter[]=parentid.EQ:${parent.toUpperCase()}&filter[]=billcycleday.GT:15`,
    );
    expect(data.map(({ accountNumber }) => accountNumber)).toEqual(['N-3']);
    expect((await page('accounts', `filter[]=id.IN:[${parent},${'f'.repeat(32)}]`)).data).toHaveLength(1);
  });

  test('custom fields that hold numbers are sorted as the text that they are compared as, page by page', async () => {
    for (const rank__c of [9, '10', 10.5, true]) {
      await insert('contact', testContact(names.get('parent')!, { customFields: { rank__c } }));
    }
    const shown: unknown[] = [];
    for (let cursor: string | null | undefined; cursor !== null; ) {
      const reply = await page('contacts', 'sort[]=rank__c.ASC&pageSize=1', cursor);
      shown.push(...reply.data.map((contact) => contact.rank__c));
      cursor = reply.nextPage;
    }
    expect(shown).toEqual([true, '10', 10.5, 9]);
  });

  test('nulls are shown when they are asked for, and fields as they are named', async () => {
    const one = await page(
      'accounts',
      'filter[]=accountnumber.EQ:N-1&fields[]=name,PARENTID,shiptoid&includeNullFields=true',
    );
    expect(one.data).toEqual([{ name: 'One', parentId: null, shipToId: null }]);
    expect((await page('accounts', 'filter[]=accountnumber.EQ:N-1&fields[]=name,parentid')).data).toEqual([
      { name: 'One' },
    ]);
  });

  test.each([
    ['filter[]=name.XX:1', 'XX'],
    ['filter[]=name', 'is no filter'],
    ['filter[]=nothing.EQ:1', 'nothing'],
    ['filter[]=name.GT:a', 'GT'],
    ['filter[]=balance.SW:1', 'SW'],
    ['filter[]=balance.EQ:x', 'balance'],
    ['filter[]=balance.EQ:1.0000001', 'six after'],
    ['filter[]=billcycleday.EQ:1.5', 'whole number'],
    ['filter[]=partneraccount.EQ:yes', 'true or false'],
    ['filter[]=lastinvoicedate.EQ:2026-02-30', 'date'],
    ['filter[]=updateddate.EQ:yesterday', 'date and time'],
    ['filter[]=name.IN:one', 'list'],
    ['filter[]=name.IN:[]', 'list'],
    ['filter[]=balance.LT:null', 'null'],
    [
      `filter[]=name.IN:[${'a,'.repeat(limits.objectQueryListValuesMax)}a]`,
      String(limits.objectQueryListValuesMax),
    ],
    [
      Array.from({ length: limits.objectQueryFiltersMax + 1 }, () => 'filter[]=name.EQ:1').join('&'),
      String(limits.objectQueryFiltersMax),
    ],
    ['sort[]=name.ASC&sort[]=id.ASC', 'one field'],
    ['sort[]=nothing.ASC', 'nothing'],
    ['sort[]=name.UP', 'UP'],
    ['expand[]=nothing', 'nothing'],
    ['expand[]=subscriptions.nothing', 'nothing'],
    [
      `expand[]=${'a.'.repeat(limits.objectQueryExpandLevelsMax)}a`,
      String(limits.objectQueryExpandLevelsMax),
    ],
    [
      `expand[]=${Array.from({ length: limits.objectQueryExpandsMax + 1 }, (_, i) => `a${i}`).join(',')}`,
      String(limits.objectQueryExpandsMax),
    ],
    ['fields[]=nothing', 'nothing'],
    ['billto.fields[]=id', 'billto'],
    [`fields[]=${'id,'.repeat(limits.objectQueryFieldsMax + 1)}`, String(limits.objectQueryFieldsMax)],
    ['pageSize=0', 'pageSize'],
    ['pageSize=100', 'pageSize'],
    ['includeNullFields=maybe', 'includeNullFields'],
    ['filters[]=name.EQ:1', 'filters[]'],
    [`cursor=${'a'.repeat(limits.objectQueryCursorCharactersMax + 1)}`, 'cursor'],
    ['cursor=nonsense', 'cursor'],
    [`cursor=${btoa('[[[[]]]]')}`, 'cursor'],
    [
      `cursor=${btoa(
        JSON.stringify([
          { value: {}, orderBy: { field: 'UpdatedDate', order: 'DESC' } },
          { value: 1, orderBy: null },
        ]),
      )}`,
      'cursor',
    ],
  ])('refuses %s', async (query, named) => {
    expect(await refusal('accounts', query)).toContain(named);
  });
});

import { env } from 'cloudflare:workers';
import { describe, expect, test } from 'vitest';
import { compileDataQuery } from '../../src/query/data-query/compile.ts';
import { planCopy } from '../../src/query/execution/copy-plan.ts';
import { type CopiedRows, NOW, runDataQuery } from '../support/data-query-copy.ts';

// The model's tables in Data Query: names in any case of letters, deleted rows only when they are asked for, what there is to be seen.

const ACCOUNTS: CopiedRows = {
  account: [
    { id: 'a1', account_number: 'A-1', name: 'Reseller', currency: 'USD', partner_account: 1 },
    { id: 'a2', account_number: 'A-2', name: 'Customer', currency: 'USD', partner_account: 0 },
    { id: 'a3', account_number: 'A-3', name: 'Gone', currency: 'USD', partner_account: 0, _deleted: 1 },
  ],
  account_metrics: [
    {
      account_id: 'a1',
      currency: 'USD',
      total_invoice_balance_minor: 10_050,
      total_debit_memo_balance_minor: 0,
      unapplied_payment_minor: 50,
      unapplied_credit_memo_minor: 0,
    },
  ],
};

describe('the model', () => {
  test('tables and columns in any case of letters, and what fields mean', async () => {
    const rows = async (query: string) => (await runDataQuery(query, ACCOUNTS)).rows;
    expect(await rows('SELECT AccountNumber, Balance FROM Account WHERE Account.balance > 99.99')).toEqual([
      ['A-1', '100'],
    ]);
    expect(
      await rows('SELECT "a"."NAME", a.totalinvoicebalance FROM account a WHERE partneraccount'),
    ).toEqual([['Reseller', '100.5']]);
    expect(await rows('SELECT count(*) FROM account')).toEqual([['2']]);
    const { headers } = await runDataQuery(
      'SELECT AccountNumber, balance AS B, 1, count(*) OVER () FROM Account',
      ACCOUNTS,
    );
    expect(headers).toEqual(['accountnumber', 'b', '_col2', '_col3']);
  });

  test('deleted rows are there only when they are asked for', async () => {
    const query = 'SELECT accountnumber, deleted FROM account ORDER BY 1';
    expect((await runDataQuery(query, ACCOUNTS)).rows).toEqual([
      ['A-1', 'false'],
      ['A-2', 'false'],
    ]);
    expect((await runDataQuery(query, ACCOUNTS, { readDeleted: true })).rows).toEqual([
      ['A-1', 'false'],
      ['A-2', 'false'],
      ['A-3', 'true'],
    ]);
  });

  test('D1 takes the condition of a copy, however many terms it has and however long they are', async () => {
    const terms = (count: number, length = 1) =>
      Array.from({ length: count }, (_, i) => `accountnumber = '${'A'.repeat(length)}${i}'`);
    const copyOf = (condition: string) =>
      planCopy([
        compileDataQuery(`SELECT id FROM account WHERE ${condition}`, {
          readDeleted: false,
          now: NOW,
          timeZone: 'UTC',
        }),
      ]).find(({ table }) => table === 'account')!.where;
    const conditions = [
      terms(150).join(' OR '),
      terms(150)
        .map((term) => term.replace('=', '<>'))
        .join(' AND '),
    ];
    for (const where of conditions.map(copyOf)) {
      const found = await env.DB.prepare(`SELECT count(*) AS n FROM account AS t WHERE ${where}`).first();
      expect(found).toEqual({ n: 0 });
    }
    // All rows are copied instead.
    expect(copyOf(terms(150, 200).join(' OR '))).toBeNull();
  });

  test('several queries of a job give D1 one condition that is not deep', async () => {
    const queries = Array.from({ length: 150 }, (_, i) =>
      compileDataQuery(`SELECT id FROM account WHERE accountnumber = 'A${i}'`, {
        readDeleted: false,
        now: NOW,
        timeZone: 'UTC',
      }),
    );
    const { where } = planCopy(queries)[0]!;
    const found = await env.DB.prepare(`SELECT count(*) AS n FROM account AS t WHERE ${where}`).first();
    expect(found).toEqual({ n: 0 });
  });

  test('what tables, columns and functions there are', async () => {
    expect((await runDataQuery('SHOW TABLES')).rows).toContainEqual(['invoiceitem']);
    const columns = (await runDataQuery('DESCRIBE account')).rows;
    expect(columns).toContainEqual(['balance', 'decimal(18,6)', 'Balance']);
    expect(columns).toContainEqual(['partneraccount', 'boolean', 'Partner Account']);
    expect(columns).toContainEqual(['deleted', 'boolean', 'Deleted']);
    expect((await runDataQuery('SHOW COLUMNS FROM Account')).rows).toEqual(columns);
    expect((await runDataQuery('SHOW FUNCTIONS')).rows.map(([name]) => name)).toEqual(
      expect.arrayContaining(['date_trunc', 'sum', 'row_number', 'coalesce']),
    );
  });
});

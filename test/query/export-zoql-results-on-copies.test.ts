import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Account } from '../../src/domain/accounts/account.ts';
import {
  compileExportZoql,
  type ExportZoqlOptions,
  exportZoqlLimits,
} from '../../src/query/export-zoql/compile.ts';
import { objects } from '../../src/query/objects/index.ts';
import { onCopies } from '../support/copied-tables.ts';
import { testAccount, testContact } from '../support/order-objects.ts';
import { insert } from '../support/worker-api.ts';

// Export ZOQL in SQLite: what queries find, join, group, sum and sort over seeded accounts, what stands above the columns, what is refused.

const OPTIONS: ExportZoqlOptions = {
  now: '2026-06-15T10:30:00.000Z',
  timeZone: 'America/New_York',
  headers: 'query',
  changedSince: null,
  changedUntil: null,
  deletedColumn: null,
};
const PARENT = 'e'.repeat(32);

/** New York is four hours behind UTC in June and five in January. Balance in cents. */
const seeds: ReadonlyArray<Partial<Account> & { readonly balance: number }> = [
  {
    id: PARENT,
    name: 'Parent',
    billCycleDay: 1,
    batch: 'Batch1',
    updatedAt: '2026-06-15T03:59:59.999Z',
    balance: 10_010,
  },
  {
    name: "O'Neil",
    billCycleDay: 2,
    batch: 'Batch1',
    parentId: PARENT,
    updatedAt: '2026-06-15T04:00:00.000Z',
    balance: -333,
  },
  {
    name: 'Ann',
    billCycleDay: 2,
    batch: 'Batch2',
    autoPay: true,
    parentId: PARENT,
    updatedAt: '2026-06-16T03:59:59.000Z',
    balance: 1,
  },
  {
    name: 'ANN',
    billCycleDay: 31,
    batch: 'Batch2',
    updatedAt: '2026-06-16T04:00:00.000Z',
    balance: 1,
    customFields: { rank__c: 5 },
  },
  {
    name: 'yen',
    billCycleDay: 15,
    batch: 'Batch3',
    currency: 'JPY',
    updatedAt: '2026-01-15T04:30:00.000Z',
    balance: 500,
  },
];

beforeAll(async () => {
  for (const [i, { balance, ...seed }] of seeds.entries()) {
    const account = testAccount({ accountNumber: `E-${i}`, createdAt: '2020-01-01T00:00:00.000Z', ...seed });
    const contact = testContact(account.id, {
      firstName: `First${i}`,
      workEmail: i === 0 ? null : `${i}@example.com`,
    });
    await insert('account', { ...account, billToContactId: i === 4 ? null : contact.id });
    await insert('contact', contact);
    await insertBalance(account.id, account.currency, balance);
  }
});

function insertBalance(accountId: string, currency: string, minor: number) {
  return env.DB.prepare('INSERT INTO account_metrics VALUES (?1, ?2, ?3, 0, 0, 0, 0, 0, 0, NULL)')
    .bind(accountId, currency, minor)
    .run();
}

const rowsOf = (text: string, options: Partial<ExportZoqlOptions> = {}) =>
  onCopies(compileExportZoql(text, { ...OPTIONS, ...options }));
const headersOf = (text: string, options: Partial<ExportZoqlOptions> = {}) =>
  compileExportZoql(text, { ...OPTIONS, ...options }).columns.map(({ header }) => header);

/** Each way that a condition can be asked: with the rows that the first table is narrowed to, and without. */
async function namesWhere(condition: string): Promise<unknown[]> {
  const compiled = compileExportZoql(
    `select Name from Account where ${condition} order by AccountNumber`,
    OPTIONS,
  );
  const rows = await onCopies(compiled);
  const whole = {
    ...compiled,
    sources: new Map([...compiled.sources].map(([table, source]) => [table, { ...source, where: null }])),
  };
  expect(await onCopies(whole), condition).toEqual(rows);
  return rows.flat();
}

test.each<readonly [condition: string, ...names: string[]]>([
  ["Name = 'O''Neil'", "O'Neil"],
  ["Account.Name = 'Ann'", 'Ann'],
  ["Name like 'ann'", 'Ann', 'ANN'],
  ["Name like 'a%'", 'Ann', 'ANN'],
  ["Name like '%N'", 'Ann', 'ANN', 'yen'],
  ["Name like '%ei%'", "O'Neil"],
  ["Name like 'o%e%L'", "O'Neil"],
  ["Name like 'A_n'"],
  ["Name != 'Ann' and Batch = 'Batch2'", 'ANN'],
  ["ParentId != 'x'", "O'Neil", 'Ann'],
  ['ParentId is null', 'Parent', 'ANN', 'yen'],
  ['not ParentId is null', "O'Neil", 'Ann'],
  ['ParentId is not null and AutoPay = true', 'Ann'],
  ["ParentId = null and AutoPay = 'false' and BillCycleDay = '1'", 'Parent'],
  ["not (BillCycleDay > 1 and Batch != 'Batch3')", 'Parent', 'yen'],
  ["BillCycleDay = 31 or BillCycleDay = 1 and Name = 'nobody'", 'ANN'],
  ["(BillCycleDay = 31 or BillCycleDay = 1) and Name = 'Parent'", 'Parent'],
  ['BillCycleDay < 1.5', 'Parent'],
  ['Balance > 100.09', 'Parent', 'yen'],
  ['Balance = 500', 'yen'],
  ['Balance < 0', "O'Neil"],
  ['Balance >= BillCycleDay', 'Parent', 'yen'],
  ['CreatedDate < UpdatedDate and Balance = .01', 'Ann', 'ANN'],
  ['Id = ParentAccount.Id', ...[]],
  ["ParentAccount.Name = 'Parent'", "O'Neil", 'Ann'],
  ["BillToContact.FirstName = 'First3'", 'ANN'],
  ['BillToContact.WorkEmail is null', 'Parent', 'yen'],
  ["ParentAccount.BillToContact.FirstName = 'First0' and BillToContact.FirstName = 'First1'", "O'Neil"],
  ["UpdatedDate = '2026-06-15'", "O'Neil", 'Ann'],
  ["UpdatedDate = 'today'", "O'Neil", 'Ann'],
  ["UpdatedDate = 'yesterday'", 'Parent'],
  ["UpdatedDate = 'today + 1 day'", 'ANN'],
  ["UpdatedDate > 'today'", 'ANN'],
  ["UpdatedDate >= 'today'", "O'Neil", 'Ann', 'ANN'],
  ["UpdatedDate <= 'today'", 'Parent', "O'Neil", 'Ann', 'yen'],
  ["UpdatedDate < 'today'", 'Parent', 'yen'],
  ["UpdatedDate != 'today'", 'Parent', 'ANN', 'yen'],
  ["UpdatedDate > 'now'", 'Ann', 'ANN'],
  ["UpdatedDate >= 'now - 6 hours - 30 minutes' and UpdatedDate < 'now'", "O'Neil"],
  ["UpdatedDate < 'now - 5 months'", 'yen'],
  ["UpdatedDate < 'today - 21 weeks' and UpdatedDate > 'now - 1 year'", 'yen'],
  ["UpdatedDate = '2026-01-14'", 'yen'],
  ["UpdatedDate = '2026-06-15Z'", 'Parent', "O'Neil"],
  ["UpdatedDate = '2026-06-15T00:00:00'", "O'Neil"],
  ["UpdatedDate = '2026-06-15T04:00Z'", "O'Neil"],
  ["UpdatedDate = '2026-06-15T03:59:59Z'", 'Parent'],
  ["UpdatedDate > '2026-06-15T03:59:59.000Z' and UpdatedDate < '2026-06-15T09:30:00.000+05:30'", 'Parent'],
  ["rank__c = '5'", 'ANN'],
])('%s', async (condition, ...names) => {
  expect(await namesWhere(condition)).toEqual(names);
});

test('partner accounts with their numbers and how old these are', async () => {
  const { id } = await insert(
    'account',
    testAccount({ accountNumber: 'P-1', name: 'Reseller', partnerAccount: true }),
  );
  await env.DB.batch([
    env.DB.prepare(
      "INSERT INTO account_metrics VALUES (?1, 'USD', 150000, 0, 2500, 0, 0, 99, 500000000, NULL)",
    ).bind(id),
    env.DB.prepare(
      "INSERT INTO metrics_state (account_id, watermark, last_metrics_update, flagged_at) VALUES (?1, 0, '2026-06-15T09:00:00.000Z', '2026-06-01T00:00:00.000Z')",
    ).bind(id),
  ]);
  expect(
    await rowsOf(
      'select Account.AccountNumber, Account.Name, Account.PartnerAccount, Account.LastMetricsUpdate, Account.Balance, Account.TotalInvoiceBalance, Account.UnappliedBalance, Account.Mrr from Account where Account.PartnerAccount = true',
    ),
  ).toEqual([['P-1', 'Reseller', true, '2026-06-15T09:00:00.000Z', '1475', '1500', '25', '99.5']]);
  await env.DB.prepare('DELETE FROM account_metrics WHERE account_id = ?1').bind(id).run();
  await env.DB.prepare('DELETE FROM account WHERE id = ?1').bind(id).run();
});

describe('columns', () => {
  test('related objects, the base named or not, in any case of letters', async () => {
    expect(
      await rowsOf(
        "select name, ACCOUNT.billcycleday, BillToContact.FirstName, ParentAccount.Name, ParentAccount.BillToContact.FirstName from account where AccountNumber = 'E-1'",
      ),
    ).toEqual([["O'Neil", 2, 'First1', 'Parent', 'First0']]);
  });

  test('what hangs on what hangs on the base is found by its name alone', async () => {
    const contact = await env.DB.prepare("SELECT id FROM contact WHERE first_name = 'First1'").first<{
      id: string;
    }>();
    expect(
      await rowsOf(`select Account.Name, ParentAccount.Name from Contact where Id = '${contact!.id}'`),
    ).toEqual([["O'Neil", 'Parent']]);
  });

  test('a star is every field', () => {
    const fieldsOf = (name: string) =>
      objects.find((one) => one.name === name)!.fields.map((field) => field.name);
    expect(headersOf('select * from Account')).toEqual(fieldsOf('Account').map((name) => `Account.${name}`));
    expect(headersOf('select Name, BillToContact.* from Account')).toEqual([
      'Name',
      ...fieldsOf('Contact').map((name) => `BillToContact.${name}`),
    ]);
  });

  test('are headed by labels, or by names as they were written and aliases', () => {
    const text =
      'select Name, Account.AccountNumber, BillToContact.WorkEmail as "Mail", ParentAccount.Balance from Account';
    expect(headersOf(text)).toEqual(['Name', 'Account.AccountNumber', 'Mail', 'ParentAccount.Balance']);
    expect(headersOf(text, { headers: 'labels' })).toEqual([
      'Account: Name',
      'Account: Account Number',
      'Bill To Contact: Work Email',
      'Parent Account: Balance',
    ]);
    const grouped = 'select count(*), sum(Balance) as "Total" from Account';
    expect(headersOf(grouped)).toEqual(['count(*)', 'Total']);
    expect(headersOf(grouped, { headers: 'labels' })).toEqual(['count(*)', 'sum(Account: Balance)']);
  });

  test('are sorted by fields, functions and aliases, and cut', async () => {
    const names = async (text: string) => (await rowsOf(`select Name as "Who" from Account ${text}`)).flat();
    expect(await names('order by BillCycleDay desc, Name')).toEqual([
      'ANN',
      'yen',
      'Ann',
      "O'Neil",
      'Parent',
    ]);
    expect(await names('order by "Who" limit 2')).toEqual(['ANN', 'Ann']);
    expect(await names('order by Who desc limit 1, 2')).toEqual(['Parent', "O'Neil"]);
    expect(await names('order by CreditBalance, ParentAccount.Name desc, Name limit 1')).toEqual(['Ann']);
    expect(await names('limit 0')).toEqual([]);
  });
});

describe('groups', () => {
  test('count, sum, average, least and greatest of each', async () => {
    expect(
      await rowsOf(
        'select Batch, count(*), count(ParentId), sum(Balance), avg(Balance), min(Name), max(BillCycleDay), avg(BillCycleDay) from Account group by Batch order by Batch',
      ),
    ).toEqual([
      // 100.10 and −3.33: 96.77, of which a half is 48.385.
      ['Batch1', 2, 1, '96.77', '48.385', "O'Neil", 2, '1.5'],
      // 0.01 and 0.01; 2 and 31.
      ['Batch2', 2, 1, '0.02', '0.01', 'ANN', 31, '16.5'],
      ['Batch3', 1, 0, '500', '500', 'yen', 15, '15'],
    ]);
  });

  test('averages are rounded half up to six places, below zero by magnitude', async () => {
    // 2 + 2 + 31 over 3 is 11.6666…7; −3.33 + 0.01 + 0.01 over 3 is −1.1033…3.
    expect(
      await rowsOf(
        "select avg(BillCycleDay), avg(Balance) from Account where Batch = 'Batch2' or Name = 'O''Neil'",
      ),
    ).toEqual([['11.666667', '-1.103333']]);
    expect(
      await rowsOf("select avg(Balance), sum(Balance), count(*) from Account where Name = 'nobody'"),
    ).toEqual([[null, null, 0]]);
  });

  test('having, order and aliases of functions', async () => {
    expect(
      await rowsOf(
        'select Batch, count(*) as "N" from Account group by Batch having count(*) > 1 and min(Balance) < 0.01 order by "N"',
      ),
    ).toEqual([['Batch1', 2]]);
    expect(
      await rowsOf(
        'select BillToContact.Country, Currency from Account group by BillToContact.Country, Currency order by count(*) desc',
      ),
    ).toEqual([
      ['United States', 'USD'],
      [null, 'JPY'],
    ]);
  });

  test('10,000 times 0.10 are 1,000', async () => {
    await env.DB.prepare(
      `INSERT INTO account SELECT substr('f0000000' || i, -8) || substr(id, 9), revision, 'MANY' || i, 'many', status, currency, bill_cycle_day, 'Batch50',
       auto_pay, partner_account, parent_id, bill_to_contact_id, sold_to_contact_id, payment_term, details, custom_fields, created_at, created_by, updated_at, updated_by
       FROM account, (WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000) SELECT i FROM n) WHERE account_number = 'E-1'`,
    ).run();
    await env.DB.prepare(
      "INSERT INTO account_metrics SELECT id, 'USD', 10, 0, 0, 0, 0, 0, 0, NULL FROM account WHERE batch = 'Batch50'",
    ).run();
    expect(
      await rowsOf("select sum(Balance), avg(Balance), count(Id) from Account where Batch = 'Batch50'"),
    ).toEqual([['1000', '0.1', 10_000]]);
    await env.DB.batch([
      env.DB.prepare(
        "DELETE FROM account_metrics WHERE account_id IN (SELECT id FROM account WHERE batch = 'Batch50')",
      ),
      env.DB.prepare("DELETE FROM account WHERE batch = 'Batch50'"),
    ]);
  });
});

describe('changes and deletions', () => {
  const gone = {
    account: [
      {
        id: 'g'.repeat(32),
        name: 'Gone',
        batch: 'Batch2',
        account_number: 'E-9',
        // What is deleted changed last when it was.
        updated_at: '2026-06-16T03:59:59.000Z',
      },
    ],
  };
  const since = '2026-06-16T03:59:59.000Z';
  const column = { name: 'Deleted', asNumber: true, withRows: true };

  test('only rows of the data source that changed since, at the instant itself too', async () => {
    expect(await rowsOf('select Name from Account order by Name', { changedSince: since })).toEqual([
      ['ANN'],
      ['Ann'],
    ]);
    expect(await rowsOf("select Name from Account where Batch != 'Batch2'", { changedSince: since })).toEqual(
      [],
    );
    const contacts = compileExportZoql('select FirstName, Account.Name from Contact', {
      ...OPTIONS,
      changedSince: '2026-01-01T00:00:00.001Z',
    });
    expect(await onCopies(contacts)).toEqual([]);
    // A contact changes with its row, which D1 can say; an account with its balances as well.
    expect(contacts.sources.get('contact')!.where).toContain('2026-01-01T00:00:00.001Z');
  });

  test('and before another instant, not at it', async () => {
    const between = { changedSince: '2026-06-15T03:59:59.999Z', changedUntil: since };
    expect(await rowsOf("select Name from Account where Name = 'Parent'", between)).toEqual([['Parent']]);
    expect(await rowsOf("select Name from Account where Name like 'ann'", between)).toEqual([]);
    const until = { changedUntil: '2026-06-15T03:59:59.999Z' };
    expect(await rowsOf("select Name from Account where Name = 'Parent'", until)).toEqual([]);
  });

  test('an account whose numbers were published since counts as changed', async () => {
    await env.DB.prepare(
      'INSERT INTO metrics_state (account_id, watermark, published_at) VALUES (?1, 1, ?2) ' +
        'ON CONFLICT (account_id) DO UPDATE SET published_at = ?2',
    )
      .bind(PARENT, since)
      .run();
    const names = await rowsOf('select Name from Account order by Name', { changedSince: since });
    await env.DB.prepare('UPDATE metrics_state SET published_at = NULL WHERE account_id = ?1')
      .bind(PARENT)
      .run();
    expect(names).toEqual([['ANN'], ['Ann'], ['Parent']]);
  });

  test('deleted rows with a column that says so; the conditions hold for them too', async () => {
    const text = 'select Name from Account';
    const compiled = compileExportZoql(`${text} order by Name`, {
      ...OPTIONS,
      changedSince: since,
      deletedColumn: column,
    });
    expect(compiled.columns.map(({ header }) => header)).toEqual(['Account.Deleted', 'Name']);
    expect(await onCopies(compiled, gone)).toEqual([
      [0, 'ANN'],
      [0, 'Ann'],
      [1, 'Gone'],
    ]);
    const later = { ...OPTIONS, changedSince: '2026-06-16T03:59:59.001Z', deletedColumn: column };
    expect(await onCopies(compileExportZoql(text, later), gone)).toEqual([[0, 'ANN']]);
    const without = { ...OPTIONS, changedSince: since, deletedColumn: { ...column, withRows: false } };
    expect(await onCopies(compileExportZoql(`${text} order by Name`, without), gone)).toEqual([
      [0, 'ANN'],
      [0, 'Ann'],
    ]);
    const asWords = compileExportZoql("select Name from Account where Batch = 'Batch2' and Name != 'Ann'", {
      ...OPTIONS,
      deletedColumn: { name: 'D', asNumber: false, withRows: true },
    });
    expect(await onCopies(asWords, gone)).toEqual([
      [true, 'Gone'],
      [false, 'ANN'],
    ]);
    expect(await onCopies(compileExportZoql(`${text} where Name = 'Gone'`, OPTIONS), gone)).toEqual([]);
    expect(
      await onCopies(
        compileExportZoql('select count(*) from Account', { ...OPTIONS, deletedColumn: column }),
        gone,
      ),
    ).toEqual([[5]]);
  });
});

test('as many conditions and levels as there may be run', async () => {
  const many = Array(exportZoqlLimits.conditionsMax).fill("Name = 'Ann'").join(' or ');
  expect(await rowsOf(`select Name from Account where ${many}`)).toEqual([['Ann']]);
  const deep = `${"(Name = 'x' or (".repeat(12)}Balance = 0.01${'))'.repeat(12)}`;
  expect(await rowsOf(`select count(*) from Account where not ${deep} and Balance > 0`)).toEqual([[2]]);
});

test.each(objects.map(({ name }) => [name] as const))('%s: all of it, and what hangs on it', async (name) => {
  const { relations } = objects.find((one) => one.name === name)!;
  expect(await rowsOf(`select * from ${name} order by Id`)).toBeInstanceOf(Array);
  const related = relations.filter(({ kind }) => kind === 'one').map((relation) => `${relation.name}.Id`);
  if (related.length > 0)
    expect(await rowsOf(`select ${related.join(', ')} from ${name}`)).toBeInstanceOf(Array);
});

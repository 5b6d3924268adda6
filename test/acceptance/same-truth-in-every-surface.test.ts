// One reseller read through every surface: the same flag, the same numbers and the same time, before the fold and after it. Then the worked
// queries of the published documentation.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LocalServer } from '../../scripts/local-server.mjs';
import type { JsonValue } from '../conformance/support/contract-data.ts';
import {
  type Account,
  createAccount,
  createPayment,
  createPlan,
  createPostedInvoice,
} from '../conformance/support/fixtures.ts';
import { expectSuccess, textAt, valueAt } from '../conformance/support/reply-reading.ts';
import { orderFor, type Scenario, startWithSlowFolds } from '../support/scenario.ts';

/** Jobs travel through a queue, which waits a second for company. */
const JOB_MS_MAX = 60_000;

let server: LocalServer;
let scenario: Scenario;
let reseller: Account;
let customer: Account;
beforeAll(async () => {
  ({ server, scenario } = await startWithSlowFolds());
});

/** The reseller and what moves its numbers; replies are checked, which only a test can do. */
async function prepare(): Promise<void> {
  const { checked } = scenario;
  reseller = await scenario.partner();
  customer = await createAccount(checked);
  const plan = await createPlan(checked);
  // Monthly 25 for the customer, billed to the reseller; and monthly 25 for the reseller itself.
  for (const owner of [customer, reseller]) {
    expectSuccess(
      await checked.post('/v1/orders', orderFor(reseller, owner, [{ productRatePlanId: plan.ratePlanId }])),
    );
  }
  const invoice = await createPostedInvoice(checked, reseller, 100.1);
  await createPostedInvoice(checked, reseller, 0.35);
  // 30.05 paid, of which 20 is applied: 80.10 + 0.35 stay open, 10.05 unapplied.
  await createPayment(checked, reseller, 30.05, { invoices: [{ invoiceId: invoice.id, amount: 20 }] });
}

afterAll(async () => {
  scenario?.close();
  await server?.dispose();
});

/** What every surface says of the reseller. */
interface Said {
  readonly partnerAccount: boolean;
  /** As an instant to the second, which is what every notation has. */
  readonly lastMetricsUpdate: string | null;
  readonly balance: number;
  readonly totalInvoiceBalance: number;
  readonly unappliedBalance: number;
  readonly mrr: number;
}

type Given = Record<keyof Said, unknown>;

/** A surface's words as values: text where it has only text. */
function said(given: Given): Said {
  const time = given.lastMetricsUpdate;
  return {
    partnerAccount: given.partnerAccount === true || given.partnerAccount === 'true',
    lastMetricsUpdate:
      time === null || time === undefined || time === ''
        ? null
        : new Date(time as string).toISOString().slice(0, 'YYYY-MM-DDThh:mm:ss'.length),
    balance: Number(given.balance),
    totalInvoiceBalance: Number(given.totalInvoiceBalance),
    unappliedBalance: Number(given.unappliedBalance),
    mrr: Number(given.mrr),
  };
}

const FIELDS = [
  'PartnerAccount',
  'LastMetricsUpdate',
  'Balance',
  'TotalInvoiceBalance',
  'UnappliedBalance',
  'Mrr',
];

function fromApiNames(record: JsonValue): Said {
  const of = (name: string) => (record as Record<string, unknown>)[name];
  return said({
    partnerAccount: of('PartnerAccount'),
    lastMetricsUpdate: of('LastMetricsUpdate'),
    balance: of('Balance'),
    totalInvoiceBalance: of('TotalInvoiceBalance'),
    unappliedBalance: of('UnappliedBalance'),
    mrr: of('Mrr'),
  });
}

/** The one row of a file without commas in its values. */
function fromCsv(text: string): Said {
  const [header, row, ...more] = text.trim().split(/\r?\n/);
  expect(more).toEqual([]);
  expect(header!.split(',').map((name) => name.replaceAll('"', '').toLowerCase())).toHaveLength(
    FIELDS.length,
  );
  const values = row!.split(',').map((value) => value.replaceAll('"', ''));
  return fromApiNames(Object.fromEntries(FIELDS.map((name, i) => [name, values[i]!])));
}

async function finished(path: string, statusAt: string, done: string): Promise<JsonValue> {
  let last: JsonValue = null;
  await expect
    .poll(
      async () => {
        last = (await scenario.client.get<JsonValue>(path)).body;
        return valueAt(last, statusAt);
      },
      { timeout: JOB_MS_MAX, interval: 200 },
    )
    .toBe(done);
  return last;
}

async function fileText(pathOrUrl: string): Promise<string> {
  const reply = await scenario.client.get(pathOrUrl);
  expect(reply.status, reply.text).toBe(200);
  return reply.text;
}

async function runDataQuery(query: string): Promise<string> {
  const reply = await scenario.client.post<JsonValue>('/query/jobs', {
    query,
    outputFormat: 'CSV',
    compression: 'NONE',
    output: { target: 'S3' },
  });
  expect(reply.status, reply.text).toBe(200);
  const job = await finished(`/query/jobs/${textAt(reply.body, 'data.id')}`, 'data.queryStatus', 'completed');
  return fileText(textAt(job, 'data.dataFile'));
}

async function runExportZoql(query: string): Promise<string> {
  const created = await scenario.client.post<JsonValue>('/v1/batch-query/', {
    format: 'csv',
    version: '1.1',
    name: 'surfaces',
    encrypted: 'none',
    useQueryLabels: 'true',
    queries: [{ name: 'reseller', query, type: 'zoqlexport' }],
  });
  const job = await finished(`/v1/batch-query/jobs/${textAt(created.body, 'id')}`, 'status', 'completed');
  return fileText(`/v1/files/${textAt(job, 'batches.0.fileId')}`);
}

const surfaces: Record<string, () => Promise<Said>> = {
  async 'Object Query'() {
    const path = `/object-query/accounts/${reseller.id}?includeNullFields=true`;
    const { body } = await scenario.client.get<JsonValue>(path);
    return said(body as unknown as Given);
  },
  async CRUD() {
    const { body } = await scenario.client.get<JsonValue>(`/v1/object/account/${reseller.id}`);
    return fromApiNames(body);
  },
  async ZOQL() {
    const { body } = await scenario.client.post<JsonValue>('/v1/action/query', {
      queryString: `select ${FIELDS.join(', ')} from Account where AccountNumber = '${reseller.number}'`,
    });
    return fromApiNames(valueAt(body, 'records.0'));
  },
  async 'data source export'() {
    const { body } = await scenario.client.post<JsonValue>('/v1/object/export', {
      Query: `select ${FIELDS.join(', ')} from Account where Id = '${reseller.id}'`,
      Format: 'csv',
      Name: 'reseller',
      Zip: false,
    });
    const job = await finished(`/v1/object/export/${textAt(body, 'Id')}`, 'Status', 'Completed');
    return fromCsv(await fileText(`/v1/files/${textAt(job, 'FileId')}`));
  },
  async AQuA() {
    const names = FIELDS.map((name) => `Account.${name}`).join(', ');
    return fromCsv(await runExportZoql(`select ${names} from Account where Account.Id = '${reseller.id}'`));
  },
  async 'Data Query'() {
    const names = FIELDS.map((name) => name.toLowerCase()).join(', ');
    return fromCsv(await runDataQuery(`select ${names} from account where id = '${reseller.id}'`));
  },
};

async function rest(): Promise<Said> {
  const shown = await scenario.shown(reseller);
  return said({ ...shown, unappliedBalance: shown.unappliedPaymentAmount, mrr: shown.contractedMrr });
}

/** The sweep's tick moves the time of accounts on which nothing is pending, so a reading counts when there was none within it. */
async function everySurface(): Promise<{ readonly rest: Said; readonly others: Record<string, Said> }> {
  for (;;) {
    const before = await rest();
    const others = Object.fromEntries(
      await Promise.all(Object.entries(surfaces).map(async ([name, read]) => [name, await read()] as const)),
    );
    const after = await rest();
    if (before.lastMetricsUpdate === after.lastMetricsUpdate) return { rest: before, others };
  }
}

test('before the fold every surface shows that nothing is published yet', async () => {
  await prepare();
  const { rest: shown, others } = await everySurface();
  const nothing = { balance: 0, totalInvoiceBalance: 0, unappliedBalance: 0, mrr: 0 };
  expect(shown).toMatchObject({ partnerAccount: true, ...nothing });
  for (const [name, one] of Object.entries(others)) expect(one, name).toEqual(shown);
});

test('after it every surface has the same numbers and the same time', async () => {
  await scenario.refresh(reseller);
  const { rest: shown, others } = await everySurface();
  expect(shown).toMatchObject({
    partnerAccount: true,
    totalInvoiceBalance: 80.45,
    unappliedBalance: 10.05,
    balance: 70.4,
    mrr: 25,
  });
  expect(shown.lastMetricsUpdate).not.toBeNull();
  for (const [name, one] of Object.entries(others)) expect(one, name).toEqual(shown);
});

describe('the worked queries', () => {
  test('of Export ZOQL: the numbers of partner accounts', async () => {
    const csv = await runExportZoql(
      'select Account.AccountNumber, Account.Name, Account.PartnerAccount, Account.LastMetricsUpdate, Account.Balance, ' +
        'Account.TotalInvoiceBalance, Account.UnappliedBalance, Account.Mrr from Account where Account.PartnerAccount = true',
    );
    const [header, row, ...more] = csv.trim().split(/\r?\n/);
    expect(header!.split(',')[2]).toMatch(/PartnerAccount/i);
    expect(row!.startsWith(reseller.number)).toBe(true);
    expect(more).toEqual([]);
  });

  test('of Data Query: no partner account is staler than two hours', async () => {
    const csv = await runDataQuery(
      'select accountnumber, lastmetricsupdate, balance, totalinvoicebalance, unappliedbalance, mrr from account ' +
        'where partneraccount = true and deleted = false and (lastmetricsupdate is null or ' +
        "lastmetricsupdate < current_timestamp - interval '2' hour)",
    );
    expect(csv.trim().split(/\r?\n/)).toHaveLength(1);
  });

  test('of Data Query: the shown balance is proven by the invoices', async () => {
    const compared = (condition: string) =>
      runDataQuery(
        'select a.accountnumber, a.totalinvoicebalance shown, sum(i.balance) actual from account a join invoice i on i.accountid=a.id ' +
          "where a.partneraccount=true and i.status='Posted' and i.deleted=false group by 1,2 " +
          `having a.totalinvoicebalance ${condition} sum(i.balance)`,
      );
    const differing = await compared('<>');
    expect(differing.trim().split(/\r?\n/)).toHaveLength(1);
    const [, row] = (await compared('=')).trim().split(/\r?\n/);
    const [number, shown, actual] = row!.replaceAll('"', '').split(',');
    expect([number, Number(shown), Number(actual)]).toEqual([reseller.number, 80.45, 80.45]);
  });

  test('of Data Query: who owns what a reseller is billed for', async () => {
    const csv = await runDataQuery(
      'select io.accountnumber reseller, so.accountnumber owner, count(*) from subscription s ' +
        'join account io on io.id=s.invoiceownerid join account so on so.id=s.accountid ' +
        'where io.partneraccount=true and s.islatestversion=true group by 1,2',
    );
    const [, ...rows] = csv.trim().replaceAll('"', '').split(/\r?\n/);
    expect(rows.sort()).toEqual(
      [`${reseller.number},${customer.number},1`, `${reseller.number},${reseller.number},1`].sort(),
    );
  });

  test('of Object Query: what is open, the most first', async () => {
    const { status, text, body } = await scenario.client.get<JsonValue>(
      '/object-query/accounts?filter[]=currency.EQ:USD&filter[]=balance.GT:0&sort[]=balance.DESC' +
        '&fields[]=accountnumber,partneraccount,lastmetricsupdate,balance,mrr&includeNullFields=true&pageSize=99',
    );
    expect(status, text).toBe(200);
    expect(valueAt(body, 'data')).toMatchObject([
      { accountNumber: reseller.number, partnerAccount: true, balance: 70.4, mrr: 25 },
    ]);
  });

  test('beyond Zuora: accounts by flag and freshness, sorted by MRR', async () => {
    const { status, text, body } = await scenario.client.get<JsonValue>(
      '/object-query/accounts?filter[]=partneraccount.EQ:true&filter[]=lastmetricsupdate.LT:2100-01-01T00:00:00Z&sort[]=mrr.DESC',
    );
    expect(status, text).toBe(200);
    expect(valueAt(body, 'data')).toMatchObject([{ accountNumber: reseller.number, mrr: 25 }]);
  });
});

import { env } from 'cloudflare:workers';
import { beforeEach, expect, test } from 'vitest';
import { entityTables, toRow } from '../../src/persistence/entity-tables.ts';
import { fromRowJson, snapshotSources, triggersOf } from '../../src/persistence/snapshot-triggers.ts';
import { inProcessApi } from '../support/in-process-api.ts';
import { testAccount, testContact } from '../support/order-objects.ts';
import { insert } from '../support/worker-api.ts';

// Rows that change while their table is read as of an instant are kept as they were: by every kind of statement that the engine uses, with every
// column, once.

interface Kept {
  readonly table_name: string;
  readonly row_id: number;
  readonly snapshot_id: number;
  readonly row: string;
}

async function kept(): Promise<Kept[]> {
  const { results } = await env.DB.prepare('SELECT * FROM row_before ORDER BY snapshot_id, row_id').all();
  return results as unknown as Kept[];
}

/** A snapshot of the table as it is now. */
async function open(table: string, id: number): Promise<void> {
  await env.DB.prepare(
    `INSERT INTO snapshot_table (table_name, snapshot_id, last_row_id) SELECT ?1, ?2, coalesce(max(rowid), 0) FROM ${table}`,
  )
    .bind(table, id)
    .run();
}

const run = (sql: string, ...values: unknown[]) =>
  env.DB.prepare(sql)
    .bind(...values)
    .run();

beforeEach(async () => {
  await env.DB.batch(
    ['snapshot_table', 'account', 'account_metrics', 'row_before', 'deleted_record'].map((table) =>
      env.DB.prepare(`DELETE FROM ${table}`),
    ),
  );
});

test('the migrated triggers keep every column of every table of the model', async () => {
  const { results } = await env.DB.prepare(
    "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name",
  ).all<{ name: string; sql: string }>();
  const wanted = [...snapshotSources.values()].flatMap(triggersOf).sort();
  expect(results.map(({ sql }) => sql).sort()).toEqual(wanted);
  for (const source of snapshotSources.values()) {
    const { results: columns } = await env.DB.prepare(`PRAGMA table_info(${source.table})`).all();
    expect([...source.columns].sort()).toEqual(columns.map(({ name }) => name).sort());
  }
});

test('a row is kept before its first change, whole, and not again before the next snapshot', async () => {
  const first = await insert(
    'account',
    testAccount({ name: 'As it was "then"', details: { notes: 'a\nb' } }),
  );
  await run('UPDATE account SET name = ?1', 'Nobody looks');
  expect(await kept()).toEqual([]);
  await run('UPDATE account SET name = ?1', first.name);
  await open('account', 1);
  const later = await insert('account', testAccount());
  for (const name of ['Second', 'Third']) {
    await run(
      entityTables.account.updateSql,
      JSON.stringify([toRow(entityTables.account, { ...first, name })]),
    );
  }
  await run('UPDATE account SET name = ?2 WHERE id = ?1', later.id, 'Came after the snapshot');
  const [only, ...others] = await kept();
  expect(others).toEqual([]);
  expect(only).toMatchObject({ table_name: 'account', snapshot_id: 1 });
  const row = fromRowJson(only!.row);
  expect(Object.keys(row)).toEqual(snapshotSources.get('account')!.columns);
  expect(row).toMatchObject({ id: first.id, name: first.name, details: '{"notes":"a\\nb"}', auto_pay: 0 });
  await open('account', 2);
  await run('UPDATE account SET name = ?2 WHERE id = ?1', first.id, 'Fourth');
  expect((await kept()).map((one) => [one.snapshot_id, fromRowJson(one.row).name])).toEqual([
    [1, first.name],
    [2, 'Third'],
  ]);
  // The newer one is closed: what it kept is still what the row was at the older one.
  await run('DELETE FROM snapshot_table WHERE snapshot_id = 2');
  await run('UPDATE account SET name = ?2 WHERE id = ?1', first.id, 'Fifth');
  expect(await kept()).toHaveLength(2);
});

test('what goes with another row is kept and remembered, too', async () => {
  const account = await insert('account', testAccount());
  const contact = await insert('contact', testContact(account.id, { lastName: 'O’Hara' }));
  await open('contact', 1);
  await run(entityTables.account.deleteSql, JSON.stringify([account.id]));
  expect((await kept()).map((one) => [one.table_name, fromRowJson(one.row).last_name])).toEqual([
    ['contact', 'O’Hara'],
  ]);
  const { results } = await env.DB.prepare(
    'SELECT table_name, record_id, deleted_at, row FROM deleted_record ORDER BY sequence',
  ).all<{ table_name: string; record_id: string; deleted_at: string; row: string }>();
  expect(results.map((one) => [one.table_name, one.record_id]).sort()).toEqual([
    ['account', account.id],
    ['contact', contact.id],
  ]);
  for (const { deleted_at, row } of results) {
    expect(deleted_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(fromRowJson(row)).toMatchObject({ revision: 1 });
  }
});

test('an upsert keeps what it updates and nothing of what it inserts; other settings are nobody’s business', async () => {
  const add =
    'INSERT INTO account_metrics (account_id, currency, total_invoice_balance_minor, total_debit_memo_balance_minor, ' +
    'unapplied_payment_minor, unapplied_credit_memo_minor, reserved_payment_minor, contracted_mrr_whole, contracted_mrr_nano) ' +
    "VALUES (?1, 'USD', ?2, 0, 0, 0, 0, 0, 0) ON CONFLICT (account_id, currency) DO UPDATE SET " +
    'total_invoice_balance_minor = total_invoice_balance_minor + excluded.total_invoice_balance_minor';
  await run(add, 'a', 100);
  await open('account_metrics', 1);
  await run(add, 'a', 25);
  await run(add, 'b', 7);
  await run('DELETE FROM account_metrics');
  expect((await kept()).map(({ row }) => fromRowJson(row))).toMatchObject([
    { account_id: 'a', total_invoice_balance_minor: 100 },
  ]);
  await run("INSERT INTO tenant_setting (name, value) VALUES ('metrics.tick', 'then'), ('secret', 'x')");
  await open('tenant_setting', 1);
  await run("UPDATE tenant_setting SET value = 'now'");
  const settings = (await kept()).filter((one) => one.table_name === 'tenant_setting');
  expect(settings.map(({ row }) => fromRowJson(row))).toEqual([{ name: 'metrics.tick', value: 'then' }]);
});

test('a part of another object says when a commit last wrote it', async () => {
  const api = await inProcessApi();
  const account = await insert('account', testAccount());
  const written = async () => {
    const { results } = await env.DB.prepare(
      'SELECT i.changed_at AS at, (SELECT max(c.committed_at) FROM lane_commit AS c) AS committed FROM invoice_item AS i ORDER BY i.line',
    ).all<{ at: string; committed: string }>();
    return results;
  };
  const item = { chargeName: 'Fee', amount: 5, serviceStartDate: '2026-03-01' };
  const made = await api.post('/v1/invoices', {
    accountId: account.id,
    invoiceDate: '2026-03-01',
    invoiceItems: [item, item],
  });
  expect(made.body).toMatchObject({ success: true });
  const first = await written();
  expect(first.map(({ at }) => at)).toEqual([first[0]!.committed, first[0]!.committed]);
  const { invoiceItems } = (await api.get(`/v1/invoices/${made.body.id}/items`)).body;
  const changed = await api.put(`/v1/invoices/${made.body.id}`, {
    invoiceItems: [{ id: invoiceItems[1].id, amount: 6 }],
  });
  expect(changed.body).toMatchObject({ success: true, amount: 11 });
  const second = await written();
  expect(second[0]!.committed > first[0]!.committed).toBe(true);
  expect(second.map(({ at }) => at)).toEqual([first[0]!.committed, second[0]!.committed]);
});

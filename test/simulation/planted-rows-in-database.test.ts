import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, test } from 'vitest';
import { type InProcessApi, inProcessApi } from '../support/in-process-api.ts';
import { audited } from './audited-history.ts';
import { Auditor, type Observed } from './auditor.ts';
import type { Row } from './order-tables.ts';

/** The same for what only the database shows, commits, published numbers and queues, and for the proof that a live system has. */

let api: InProcessApi;
let accountId: string;

beforeAll(async () => {
  accountId = await audited();
  api = await inProcessApi();
});

/** Runs a statement on a table, looks, and puts the table's rows back: none is deleted, its items would go with it. */
async function planted<T>(table: string, sql: string, look: () => Promise<T>): Promise<T> {
  const { results } = await env.DB.prepare(`SELECT * FROM ${table}`).all<Row>();
  const { meta } = await env.DB.prepare(sql).run();
  expect(meta.changes, sql).toBeGreaterThan(0);
  try {
    return await look();
  } finally {
    if (results.length === 0) await env.DB.prepare(`DELETE FROM ${table}`).run();
    for (const row of results) {
      const columns = Object.keys(row);
      await env.DB.prepare(
        `INSERT INTO ${table} (${columns}) VALUES (${columns.map((_, i) => `?${i + 1}`)}) ` +
          `ON CONFLICT DO UPDATE SET ${columns.map((name) => `${name} = excluded.${name}`)}`,
      )
        .bind(...Object.values(row))
        .run();
    }
  }
}

const audit = (observed: readonly Observed[] = []) => new Auditor(env.DB).audit(observed);
const one = (table: string, where = 'true') => `rowid = (SELECT max(rowid) FROM ${table} WHERE ${where})`;
const raised = (table: string, column: string, where?: string) =>
  `UPDATE ${table} SET ${column} = ${column} + 1 WHERE ${one(table, where)}`;

describe('the auditor', () => {
  test.each([
    ['lane_commit', raised('lane_commit', 'sequence'), /^I2: lane .* has sequence/],
    ['lane_commit', raised('lane_commit', 'commands'), /^I3: commit .* has 1 of 2 commands/],
    ['lane_commit', `DELETE FROM lane_commit WHERE ${one('lane_commit')}`, /^I3: commands of commit/],
    ['command_log', 'DELETE FROM command_log', /^I3: commit .* has 0 of 1 commands/],
    ['command_log', 'DELETE FROM command_log', /^I1: reply of key .* without its command/],
    ['command_log', 'DELETE FROM command_log', /^I3: delta \d+ without its command/],
    [
      'metrics_due',
      "INSERT INTO metrics_due VALUES ('a', '2026-01-01', NULL)",
      /^I7: 1 accounts are still due/,
    ],
    ['bill_run', "UPDATE bill_run SET status = 'Processing'", /^I7: bill run .* is still Processing/],
    [
      'invoice',
      `UPDATE invoice SET status = 'Generating' WHERE ${one('invoice')}`,
      /^I7: document .* generated/,
    ],
    [
      'credit_memo',
      "UPDATE credit_memo SET status = 'Generating'",
      /^I7: document .* is still being generated/,
    ],
    ['account_metrics', raised('account_metrics', 'unapplied_payment_minor'), /^I8: .* its deltas are/],
    ['account_metrics', raised('account_metrics', 'contracted_mrr_nano'), /^I8: .* its documents are/],
    ['metrics_state', raised('metrics_state', 'balance_millionths'), /^I8: .* stands at/],
    ['metrics_state', raised('metrics_state', 'mrr_millionths'), /^I8: .* stands at/],
    ['metric_delta', raised('metric_delta', 'total_invoice_balance_minor'), /^I8: .* its deltas are/],
    ['metric_delta', `DELETE FROM metric_delta WHERE ${one('metric_delta')}`, /^I8: .* its deltas are/],
    ['invoice', raised('invoice', 'balance_minor'), /^I8: .* its documents are/],
    ['invoice', "UPDATE invoice SET invoice_date = '2026-12-24'", /^I8: .* its documents are/],
    ['debit_memo', raised('debit_memo', 'balance_minor'), /^I8: .* its documents are/],
    ['payment', raised('payment', 'unapplied_minor'), /^I8: .* its documents are/],
    ['credit_memo', raised('credit_memo', 'unapplied_minor'), /^I8: .* its documents are/],
    ['charge', "UPDATE charge SET monthly_recurring_revenue = '1'", /^I8: .* its documents are/],
    ['invoice', raised('invoice', 'amount_minor'), /^I5: .* has two balances/],
    ['refund', `DELETE FROM refund WHERE ${one('refund')}`, /^I5: .* has two balances/],
  ])('finds in %s what %s did: %s', async (table, sql, said) => {
    const problems = await planted(table, sql, audit);
    expect(
      problems.filter((problem) => said.test(problem)),
      `of ${JSON.stringify(problems)}`,
    ).not.toEqual([]);
  });

  test('finds nothing any more when the rows are put back', async () => {
    expect(await audit()).toEqual([]);
  });
});

describe('the auditor of replies', () => {
  const HERE = 'the marker of a payment';
  const reply = (body: string) => ({ status: 200, body, replayed: false });
  const seen = (fields: Partial<Observed>): Observed => ({
    marker: HERE,
    kind: 'payment.create',
    actions: [],
    deletes: '',
    leaves: 'document',
    key: null,
    commandIds: [],
    replies: [],
    result: 'done',
    readBack: true,
    ...fields,
  });
  const marked = (observed: readonly Observed[], markers = 1) => {
    const payments = "UPDATE payment SET comment = 'the marker of a payment'";
    const memos = "UPDATE credit_memo SET comment = 'the marker of a payment'";
    const look = () => audit(observed);
    if (markers === 0) return look();
    return planted('payment', payments, () => (markers === 1 ? look() : planted('credit_memo', memos, look)));
  };

  test('agrees with what happened', async () => {
    expect(await marked([seen({})])).toEqual([]);
    expect(await marked([seen({ result: 'unknown' })])).toEqual([]);
    expect(await marked([seen({ result: 'refused' })], 0)).toEqual([]);
    expect(await marked([seen({}), seen({ marker: '', deletes: HERE })], 0)).toEqual([]);
  });

  test.each([
    [seen({ result: 'done' }), 0, /^I4: .* was confirmed and is there 0 times/],
    [seen({ result: 'done' }), 2, /^I4: .* was confirmed and is there 3 times/],
    [seen({ result: 'refused' }), 1, /^I12: .* was refused and is there 1 times/],
    [seen({ result: 'unknown' }), 2, /^I1: .* is there 3 times/],
    [seen({ leaves: 'nothing' }), 1, /^I11: the preview .* left something/],
    [seen({ leaves: 'job' }), 1, /^I4: .* was confirmed and is there 0 times/],
    [seen({ readBack: false }), 1, /^I10: .* could not be read/],
    [seen({ deletes: HERE }), 1, /^I4: .* was deleted and is there 1 times/],
    [seen({ key: 'k', replies: [reply('one'), reply('two')] }), 1, /^I1: key k was answered in two ways/],
  ])('disagrees with %o and %d of two kinds of documents', async (observed, markers, said) => {
    const problems = await marked([observed], markers);
    expect(problems).toEqual([expect.stringMatching(said)]);
  });
});

describe('the proof of the metrics', () => {
  async function differing(): Promise<string[]> {
    const { body } = await api.get(`/v1/spillway/accounts/${accountId}/metrics/proof`);
    expect(body).toMatchObject({ success: true, proven: body.differences.length === 0 });
    return (body.differences as Array<{ metric: string }>).map(({ metric }) => metric);
  }

  test('holds for the history', async () => {
    expect(await differing()).toEqual([]);
  });

  test.each([
    ['invoice', raised('invoice', 'amount_minor'), ['balance']],
    ['invoice', raised('invoice', 'balance_minor'), ['totalInvoiceBalance']],
    ['invoice', "UPDATE invoice SET invoice_date = '2026-12-24'", ['lastInvoiceDate']],
    ['debit_memo', raised('debit_memo', 'balance_minor'), ['totalDebitMemoBalance']],
    ['debit_memo', raised('debit_memo', 'amount_minor'), ['balance']],
    ['payment', raised('payment', 'unapplied_minor'), ['unappliedPaymentAmount']],
    ['payment', raised('payment', 'amount_minor'), ['balance']],
    ['credit_memo', raised('credit_memo', 'unapplied_minor'), ['unappliedCreditMemoAmount']],
    ['credit_memo', raised('credit_memo', 'amount_minor'), ['balance']],
    ['refund', `DELETE FROM refund WHERE ${one('refund')}`, ['balance']],
    ['subscription', "UPDATE subscription SET contracted_mrr = '1.000000001'", ['contractedMrr']],
    ['account_metrics', raised('account_metrics', 'reserved_payment_minor'), ['reservedPaymentAmount']],
    ['account_metrics', raised('account_metrics', 'contracted_mrr_nano'), ['contractedMrr']],
    [
      'account_metrics',
      raised('account_metrics', 'total_invoice_balance_minor'),
      ['balance', 'totalInvoiceBalance'],
    ],
  ])('finds in %s what %s did: %s', async (table, sql, metrics) => {
    expect(await planted(table, sql, differing)).toEqual(metrics);
  });
});

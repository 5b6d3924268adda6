import { env } from 'cloudflare:workers';
import { beforeAll, expect, test } from 'vitest';
import { UNBILL_SUBSCRIPTIONS_MAX } from '../../src/domain/billing/unbill.ts';
import { BillRuns } from '../support/bill-run-jobs.ts';
import { provenAfterEach } from '../support/proven-metrics.ts';

// Every route that takes back a document: one that bills more subscriptions than a commit sets back is taken back all the same, and what it
// billed is billed again, by every subscription.

const SUBSCRIPTIONS = UNBILL_SUBSCRIPTIONS_MAX + 10;
const FIRST_DAY = '2026-01-01';
const NEXT_DAY = '2026-02-01';

let runs: BillRuns;
let account: Awaited<ReturnType<BillRuns['account']>>;

provenAfterEach();

beforeAll(async () => {
  runs = await BillRuns.start();
  account = await runs.account(SUBSCRIPTIONS);
});

/** Each subscription's first day to bill. */
async function billingFrom(): Promise<string[]> {
  const { results } = await env.DB.prepare(
    'SELECT DISTINCT billing_from AS day FROM subscription WHERE invoice_owner_account_id = ?1 AND is_latest_version = 1',
  )
    .bind(account.id)
    .all<{ day: string }>();
  return results.map(({ day }) => day);
}

/** The invoice over one month of every subscription. */
async function invoiced(fields: object = {}): Promise<string> {
  const id = await runs.run(FIRST_DAY, [account], fields);
  const [document, ...others] = await runs.documents(id);
  expect([document?.lines, others]).toEqual([SUBSCRIPTIONS, []]);
  return document!.id;
}

/** A draft of a credit memo with the lines of an invoice that is deleted then, as if it were the memo that had settled the month. */
async function credited(): Promise<string> {
  const invoiceId = await invoiced();
  const made = await runs.api.post('/v1/credit-memos', {
    accountId: account.id,
    effectiveDate: FIRST_DAY,
    charges: [{ amount: 1, productRatePlanChargeId: runs.offer.offer.charges[0]!.id }],
  });
  const id = made.body.id as string;
  const { results } = await env.DB.prepare("SELECT name FROM pragma_table_info('credit_memo_item')").all<{
    name: string;
  }>();
  const given: Record<string, string> = {
    id: "'cc' || substr(id, 3)",
    credit_memo_id: '?1',
    line: 'line + 1',
    refunded_minor: '0',
    credit_from_item_id: 'NULL',
    credit_from_item_source: 'NULL',
  };
  const names = results.map(({ name }) => name);
  await env.DB.batch([
    env.DB.prepare(
      `INSERT INTO credit_memo_item (${names}) SELECT ${names.map((name) => given[name] ?? name)} FROM invoice_item WHERE invoice_id = ?2`,
    ).bind(id, invoiceId),
    env.DB.prepare('DELETE FROM invoice WHERE id = ?1').bind(invoiceId),
    env.DB.prepare(
      'UPDATE credit_memo SET revision = revision + 1, line_count = ?2, amount_minor = i.sum, unapplied_minor = i.sum ' +
        'FROM (SELECT sum(amount_minor) AS sum FROM credit_memo_item WHERE credit_memo_id = ?1) AS i WHERE id = ?1',
    ).bind(id, SUBSCRIPTIONS + 1),
  ]);
  return id;
}

const posted = async (id: string) => {
  expect((await runs.api.put(`/v1/credit-memos/${id}/post`, {})).body).toMatchObject({ success: true });
  return id;
};

const ROUTES: Record<string, () => Promise<{ readonly status: number; readonly body: unknown }>> = {
  'PUT /v1/object/invoice, Canceled': async () =>
    runs.api.put(`/v1/object/invoice/${await invoiced()}`, { Status: 'Canceled' }),
  'DELETE /v1/object/invoice': async () => runs.api.delete(`/v1/object/invoice/${await invoiced()}`),
  'PUT /v1/invoices/…/reverse': async () =>
    runs.api.put(`/v1/invoices/${await invoiced({ autoPost: true })}/reverse`, {}),
  'PUT /v1/credit-memos/…/cancel': async () =>
    runs.api.put(`/v1/credit-memos/${await credited()}/cancel`, {}),
  'PUT /v1/credit-memos/…/reverse': async () =>
    runs.api.put(`/v1/credit-memos/${await posted(await credited())}/reverse`, {}),
};

test.each(Object.entries(ROUTES))('%s', async (_, takeBack) => {
  const reply = await takeBack();
  expect(reply, JSON.stringify(reply.body)).toMatchObject({ status: 200 });
  expect(await billingFrom()).toEqual([FIRST_DAY]);
});

test('what is billed is not looked at again until it is taken back', async () => {
  const id = await invoiced();
  expect(await billingFrom()).toEqual([NEXT_DAY]);
  await runs.api.delete(`/v1/object/invoice/${id}`);
  expect(await billingFrom()).toEqual([FIRST_DAY]);
});

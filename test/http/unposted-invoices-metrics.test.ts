import { env } from 'cloudflare:workers';
import { beforeAll, expect, it } from 'vitest';
import type { Account } from '../../src/domain/accounts/account.ts';
import { type InProcessApi, inProcessApi } from '../support/in-process-api.ts';
import { putAccount } from '../support/settlement-fixtures.ts';

// The last invoice date when a posted invoice is withdrawn: no maximum of what was ever posted, but what is posted now, for accounts
// whose numbers follow at once and for those whose numbers follow later, in each currency for itself (semantics J 14).
let api: InProcessApi;

beforeAll(async () => {
  // Folds are asked for by the tests alone.
  await env.DB.prepare(
    "INSERT INTO tenant_setting (name, value) VALUES ('metrics.foldDelaySeconds', '3600') ON CONFLICT DO UPDATE SET value = '3600'",
  ).run();
  api = await inProcessApi('admin');
});

async function post(
  account: Account,
  invoiceDate: string,
  amount: number,
  currency = 'USD',
): Promise<string> {
  const { body } = await api.post('/v1/invoices', {
    accountId: account.id,
    status: 'Posted',
    invoiceDate,
    currency,
    invoiceItems: [{ chargeName: 'x', amount, serviceStartDate: '2026-01-01' }],
  });
  expect(body).toMatchObject({ success: true });
  return body.id;
}

const unpost = (id: string) => api.put(`/v1/invoices/${id}/unpost`, {});

type Shown = readonly [number, string | null];
interface Row {
  readonly currency: string;
  readonly totalInvoiceBalance: number;
  readonly lastInvoiceDate: string | null;
}

/** Balance and last invoice date as published and as exact, by currency; the proof must hold at every moment. */
async function numbersOf(account: Account, currency = 'USD'): Promise<{ published: Shown; exact: Shown }> {
  const proof = await api.get(`/v1/spillway/accounts/${account.id}/metrics/proof`);
  expect(proof.body).toMatchObject({ differences: [] });
  const { body } = await api.get(`/v1/spillway/accounts/${account.id}/metrics`);
  const pick = (rows: Row[]): Shown => {
    const row = rows.find((candidate) => candidate.currency === currency);
    return [row?.totalInvoiceBalance ?? 0, row?.lastInvoiceDate ?? null];
  };
  return { published: pick(body.published), exact: pick(body.exact) };
}

const both = (...shown: Shown) => ({ published: shown, exact: shown });
const fold = (account: Account) => api.post(`/v1/spillway/accounts/${account.id}/metrics/refresh`, {});

it('an account whose numbers follow at once has the last date of what is still posted', async () => {
  const account = await putAccount();
  const march = await post(account, '2026-03-01', 10);
  const may = await post(account, '2026-05-01', 50);
  const other = await post(account, '2026-06-01', 7, 'EUR');
  expect(await numbersOf(account)).toEqual(both(60, '2026-05-01'));
  expect((await unpost(may)).body).toMatchObject({ status: 'Draft', postedDate: null, success: true });
  expect(await numbersOf(account)).toEqual(both(10, '2026-03-01'));
  expect(await numbersOf(account, 'EUR')).toEqual(both(7, '2026-06-01'));
  await unpost(march);
  expect(await numbersOf(account)).toEqual(both(0, null));
  await unpost(other);
  expect(await numbersOf(account, 'EUR')).toEqual(both(0, null));
  await api.put(`/v1/object/invoice/${march}`, { Status: 'Posted' });
  expect(await numbersOf(account)).toEqual(both(10, '2026-03-01'));
});

it('an older invoice is withdrawn without moving the date', async () => {
  const account = await putAccount();
  const march = await post(account, '2026-03-01', 10);
  await post(account, '2026-05-01', 50);
  expect((await api.put(`/v1/object/invoice/${march}`, { Status: 'Draft' })).body).toEqual({
    Success: true,
    Id: march,
  });
  expect(await numbersOf(account)).toEqual(both(50, '2026-05-01'));
});

it('a partner’s published date stays until the fold; the exact one is right before and after', async () => {
  const account = await putAccount({ partnerAccount: true });
  await post(account, '2026-03-01', 10);
  const may = await post(account, '2026-05-01', 50);
  const euro = await post(account, '2026-06-01', 7, 'EUR');
  await fold(account);
  expect(await numbersOf(account)).toEqual(both(60, '2026-05-01'));
  await unpost(may);
  await unpost(euro);
  expect(await numbersOf(account)).toEqual({ published: [60, '2026-05-01'], exact: [10, '2026-03-01'] });
  expect(await numbersOf(account, 'EUR')).toEqual({ published: [7, '2026-06-01'], exact: [0, null] });
  await fold(account);
  expect(await numbersOf(account)).toEqual(both(10, '2026-03-01'));
  expect(await numbersOf(account, 'EUR')).toEqual(both(0, null));
});

it('posted, withdrawn and posted again before one fold: what is posted in the end', async () => {
  const account = await putAccount({ partnerAccount: true });
  const first = await post(account, '2026-03-01', 10);
  await unpost(first);
  const later = await post(account, '2026-04-01', 20);
  await unpost(later);
  await api.post('/v1/invoices/bulk-post', { invoices: [{ id: first, invoiceDate: '2026-02-01' }] });
  expect(await numbersOf(account)).toEqual({ published: [0, null], exact: [10, '2026-02-01'] });
  await fold(account);
  expect(await numbersOf(account)).toEqual(both(10, '2026-02-01'));
});

it('who stops being a partner with a withdrawal pending has it published at once', async () => {
  const contact = { firstName: 'A', lastName: 'B', country: 'Germany' };
  const wanted = {
    accountNumber: 'FLIPPED',
    name: 'Partner',
    currency: 'USD',
    billCycleDay: 1,
    partnerAccount: true,
    billToContact: contact,
  };
  const { body } = await api.post('/v1/accounts', { ...wanted, soldToSameAsBillTo: true });
  const account = { id: body.accountId } as Account;
  await post(account, '2026-03-01', 10);
  const may = await post(account, '2026-05-01', 50);
  await fold(account);
  await unpost(may);
  expect(await numbersOf(account)).toEqual({ published: [60, '2026-05-01'], exact: [10, '2026-03-01'] });
  expect((await api.put(`/v1/accounts/${account.id}`, { partnerAccount: false })).body).toMatchObject({
    success: true,
  });
  expect(await numbersOf(account)).toEqual(both(10, '2026-03-01'));
});

it('the date is found by one look, whatever else the account has', async () => {
  const { results } = await env.DB.prepare(
    "EXPLAIN QUERY PLAN SELECT i.invoice_date FROM invoice AS i WHERE i.account_id = 'a' AND i.currency = 'USD' " +
      "AND i.status = 'Posted' ORDER BY i.invoice_date DESC LIMIT 1",
  ).all<{ detail: string }>();
  expect(results.map(({ detail }) => detail)).toEqual([
    'SEARCH i USING COVERING INDEX invoice_posted (account_id=? AND currency=?)',
  ]);
});

it('is refused while something is applied or was made from it, and does nothing', async () => {
  const account = await putAccount();
  const id = await post(account, '2026-03-01', 10);
  const paid = await api.post('/v1/payments', {
    accountId: account.id,
    type: 'External',
    amount: 4,
    currency: 'USD',
    invoices: [{ invoiceId: id, amount: 4 }],
  });
  const refused = await unpost(id);
  expect([refused.status, refused.body.reasons[0].message]).toEqual([
    400,
    expect.stringContaining('applied'),
  ]);
  await api.put(`/v1/payments/${paid.body.id}/unapply`, { invoices: [{ invoiceId: id, amount: 4 }] });
  await env.DB.prepare(
    'INSERT INTO debit_memo (id, revision, memo_number, account_id, status, memo_date, due_date, currency, amount_minor, tax_minor, ' +
      'balance_minor, payments_applied_minor, credit_memos_applied_minor, auto_pay, referred_invoice_id, source_type, line_count, details, ' +
      "custom_fields, created_at, created_by, updated_at, updated_by) VALUES (?1, 1, 'DM-OF-IT', ?2, 'Draft', '2026-03-01', '2026-03-01', " +
      "'USD', 1, 0, 1, 0, 0, 0, ?3, 'Invoice', 1, '{}', '{}', '', '', '', '')",
  )
    .bind('d'.repeat(32), account.id, id)
    .run();
  expect((await unpost(id)).body.reasons[0].message).toContain('debit memos');
  expect((await api.get(`/v1/invoices/${id}`)).body).toMatchObject({ status: 'Posted', balance: 10 });
  await env.DB.prepare("UPDATE debit_memo SET status = 'Canceled' WHERE id = ?1").bind('d'.repeat(32)).run();
  expect((await unpost(id)).body).toMatchObject({ status: 'Draft', success: true });
  expect((await unpost('0'.repeat(32))).status).toBe(404);
});

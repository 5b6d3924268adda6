import { env } from 'cloudflare:workers';
import { expect, it } from 'vitest';
import { createClient, issueToken } from '../../src/auth/clients.ts';
import type { Account } from '../../src/domain/accounts/account.ts';
import type { Entities } from '../../src/domain/entities.ts';
import { limits } from '../../src/env.ts';
import { createApp } from '../../src/http/app.ts';
import { inProcessApi } from '../support/in-process-api.ts';
import { putAccount } from '../support/settlement-fixtures.ts';
import { insert } from '../support/worker-api.ts';

// Printed documents over HTTP: the page, the PDF file, and the file where every client looks for it.
const HOSTILE = `</td><script>alert(1)</script>"'&\u0000\u202Eesrever) Tj ET \\ (`;
const NOW = '2026-01-01T00:00:00.000Z';

/** Bytes and headers as they come. */
async function fetcher() {
  const now = new Date();
  const client = await createClient(env.DB, 'printing', 'standard', now.toISOString());
  const { token } = (await issueToken(env.DB, client.id, client.secret, now.getTime()))!;
  const app = createApp();
  return (path: string, headers: object = { Authorization: `Bearer ${token}` }) =>
    Promise.resolve(app.request(`http://spillway.test${path}`, { headers: { ...headers } }, { ...env }));
}

async function hostileInvoice(account: Account, fields: object = {}) {
  const api = await inProcessApi();
  const { body } = await api.post('/v1/invoices', {
    accountId: account.id,
    invoiceDate: '2026-03-15',
    status: 'Posted',
    comments: HOSTILE,
    invoiceItems: [
      { chargeName: HOSTILE, description: HOSTILE, amount: 1234.5, serviceStartDate: '2026-03-01' },
      {
        chargeName: 'Seats',
        unitPrice: 0.335,
        quantity: 3,
        serviceStartDate: '2026-03-01',
        serviceEndDate: '2026-03-31',
        discountItems: [{ chargeName: 'Rebate', amount: -0.5 }],
      },
    ],
    ...fields,
  });
  expect(body).toMatchObject({ success: true });
  return { api, id: body.id as string, number: body.invoiceNumber as string };
}

/** A memo of one line, as the engine stores it. */
async function putMemo(kind: 'creditMemo' | 'debitMemo', account: Account) {
  const id = account.id.replace('a', kind === 'creditMemo' ? 'c' : 'd');
  const number = `${kind === 'creditMemo' ? 'CM' : 'DM'}${account.accountNumber}`;
  const head = {
    id,
    revision: 1,
    memoNumber: number,
    accountId: account.id,
    status: 'Posted',
    memoDate: '2026-03-15',
    dueDate: '2026-04-14',
    currency: 'USD',
    amountMinor: 5000,
    taxMinor: 0,
    appliedMinor: 1000,
    unappliedMinor: 4000,
    refundedMinor: 0,
    balanceMinor: 4000,
    paymentsAppliedMinor: 1000,
    creditMemosAppliedMinor: 0,
    sourceType: 'Standalone',
    isReversed: false,
    autoApplyUponPosting: false,
    excludeFromAutoApplyRules: false,
    autoPay: false,
    lineCount: 1,
    details: {},
    customFields: {},
    createdAt: NOW,
    createdBy: 'test',
    updatedAt: NOW,
    updatedBy: 'test',
  };
  await insert(kind, head as never as Entities[typeof kind]);
  const line = {
    id: `${id.slice(0, -1)}f`,
    revision: 1,
    [`${kind}Id`]: id,
    line: 1,
    chargeName: 'Goodwill',
    chargeDate: NOW,
    amountMinor: 5000,
    taxMinor: 0,
    quantity: '1',
    unitPrice: '50',
    serviceStartDate: '2026-03-01',
    processingType: 'Charge',
    appliedMinor: 0,
    refundedMinor: 0,
    details: {},
    customFields: {},
    createdAt: NOW,
  };
  await insert(`${kind}Item`, line as never);
  return { id, number };
}

it('prints an invoice as a page that says every line and how it was computed, and nothing of which is code', async () => {
  const account = await putAccount({ name: `Evil ${HOSTILE}` });
  const { number } = await hostileInvoice(account);
  const reply = await (await fetcher())(`/v1/spillway/invoices/${number}/printable`);
  expect(reply.status).toBe(200);
  expect(reply.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(reply.headers.get('content-security-policy')).toContain("default-src 'none'");
  const page = await reply.text();
  expect(page).toContain(`<h1>Invoice ${number}</h1>`);
  expect(page).not.toContain('<script');
  expect(page.match(/&lt;script&gt;/g)!.length).toBeGreaterThanOrEqual(4);
  // 1,234.50 + 3 × 0.335 = 1.005, half up 1.01, − 0.50 = 1,235.01
  for (const shown of ['$1,234.50', '$1.01', '-$0.50', '$1,235.01', '3 × 0.335 = 1.01 USD', 'Mar 31, 2026']) {
    expect(page).toContain(shown);
  }
  expect(page.match(/<tr>/g)).toHaveLength(1 + 3 + 2);
});

it('writes numbers and dates as the locale does, exactly and with the digits of the currency', async () => {
  const account = await putAccount({ currency: 'JPY' });
  const line = { chargeName: 'x', amount: 999_999_999_999_999, serviceStartDate: '2026-03-01' };
  const { number } = await hostileInvoice(account, { invoiceItems: [line] });
  const fetch = await fetcher();
  const german = await (await fetch(`/v1/spillway/invoices/${number}/printable?locale=de-DE`)).text();
  expect(german).toContain('999.999.999.999.999');
  expect(german).not.toContain('999.999.999.999.999,');
  expect(german).toContain('15. März 2026');
  const kuwait = await hostileInvoice(account, { currency: 'KWD', invoiceItems: [{ ...line, amount: 1.5 }] });
  expect(await (await fetch(`/v1/spillway/invoices/${kuwait.id}/printable`)).text()).toContain('1.500');
  for (const locale of ['xx-nowhere-123456789', 'x'.repeat(36), '*']) {
    const refused = await fetch(`/v1/spillway/invoices/${number}/printable?locale=${locale}`);
    expect([refused.status, await refused.text()]).toEqual([400, expect.stringContaining('locale')]);
  }
});

it('makes a PDF file of an invoice, which all clients find under their path and lists show newest first', async () => {
  const account = await putAccount({ name: `株式会社 ${HOSTILE}` });
  const { api, id, number } = await hostileInvoice(account);
  const fetch = await fetcher();
  const made = await api.post(`/v1/invoices/${number}/pdfs`, {});
  expect(made).toMatchObject({
    status: 200,
    body: { success: true, pdfFileUrl: `/v1/files/${made.body.id}` },
  });
  for (const path of ['/v1/files/', '/v1/file/', '/apps/api/file/']) {
    const file = await fetch(`${path}${made.body.id}`);
    expect([file.status, file.headers.get('content-type')]).toEqual([200, 'application/pdf']);
    expect(file.headers.get('content-disposition')).toContain(`${number}.pdf`);
    const bytes = new Uint8Array(await file.arrayBuffer());
    expect(new TextDecoder().decode(bytes.slice(0, 5))).toBe('%PDF-');
    expect(new TextDecoder().decode(bytes.slice(-6)).trim()).toBe('%%EOF');
    expect((await fetch(`${path}${made.body.id}`, {})).status).toBe(401);
    expect((await fetch(`${path}${'0'.repeat(32)}`)).status).toBe(404);
  }
  expect((await api.get(`/v1/files/${made.body.id}/status`)).body).toEqual({
    accessible: true,
    status: 'AVAILABLE',
    success: true,
  });
  expect((await api.get(`/v1/files/${'0'.repeat(32)}/status`)).status).toBe(404);
  const { body } = await api.get(`/v1/invoices/${id}/files`);
  expect(body).toEqual({
    invoiceFiles: [
      { id: made.body.id, pdfFileUrl: made.body.pdfFileUrl, versionNumber: made.body.versionNumber },
    ],
    success: true,
  });
});

it('a file is gone when its time is over', async () => {
  const account = await putAccount();
  const { api, id } = await hostileInvoice(account);
  const { body } = await api.post(`/v1/invoices/${id}/pdfs`, {});
  const row = await env.DB.prepare('SELECT created_at, expires_at FROM stored_file WHERE id = ?1')
    .bind(body.id)
    .first<{ created_at: string; expires_at: string }>();
  expect(Date.parse(row!.expires_at) - Date.parse(row!.created_at)).toBe(limits.fileDays * 24 * 3_600_000);
  await env.DB.prepare('UPDATE stored_file SET expires_at = ?2 WHERE id = ?1').bind(body.id, NOW).run();
  expect((await api.get(`/v1/files/${body.id}`)).status).toBe(404);
  expect((await api.get(`/v1/invoices/${id}/files`)).body).toEqual({ invoiceFiles: [], success: true });
});

it.each([
  ['creditMemo', 'credit-memos', 'Credit memo', 'Left to apply', 'creditMemoFiles'],
  ['debitMemo', 'debit-memos', 'Debit memo', 'Balance due', 'debitMemoFiles'],
] as const)('prints a %s as a page and as a PDF file', async (kind, segment, title, open, listName) => {
  const { id, number } = await putMemo(kind, await putAccount());
  const api = await inProcessApi();
  const page = await (await (await fetcher())(`/v1/spillway/${segment}/${id}/printable`)).text();
  for (const shown of [`${title} ${number}`, 'Goodwill', '$50.00', open, '$40.00'])
    expect(page).toContain(shown);
  const made = await api.post(`/v1/${segment}/${number}/pdfs`, {});
  expect(made).toMatchObject({ status: 200, body: { success: true } });
  expect((await api.get(`/v1/${segment}/${id}/files`)).body).toMatchObject({
    [listName]: [{ id: made.body.id }],
  });
  expect((await api.post(`/v1/${segment}/nothing/pdfs`, {})).status).toBe(404);
});

it('makes no PDF file of more than pdfLinesMax lines, and says where they all are', async () => {
  const account = await putAccount();
  const { api, id } = await hostileInvoice(account);
  const set = (lines: number) =>
    env.DB.prepare('UPDATE invoice SET line_count = ?2 WHERE id = ?1').bind(id, lines).run();
  await set(limits.pdfLinesMax + 1);
  const refused = await api.post(`/v1/invoices/${id}/pdfs`, {});
  expect([refused.status, refused.body.reasons[0].message]).toEqual([
    400,
    expect.stringContaining('printable'),
  ]);
  await set(limits.pdfLinesMax);
  expect((await api.post(`/v1/invoices/${id}/pdfs`, {})).status).toBe(200);
});

it('prints as many lines as there are, however many reads they take', async () => {
  const account = await putAccount();
  const { api, id } = await hostileInvoice(account);
  await env.DB.prepare(
    'WITH RECURSIVE n(i) AS (SELECT 4 UNION ALL SELECT i + 1 FROM n WHERE i < 2600) INSERT INTO invoice_item ' +
      '(id, revision, invoice_id, line, charge_name, charge_date, amount_minor, tax_minor, quantity, unit_price, service_start_date, ' +
      "processing_type, details, custom_fields, created_at) SELECT printf('%032x', i), 1, ?1, i, 'Line ' || i, ?2, 100, 0, '1', '1', " +
      "'2026-03-01', 'Charge', '{}', '{}', ?2 FROM n",
  )
    .bind(id, NOW)
    .run();
  const page = await (await (await fetcher())(`/v1/spillway/invoices/${id}/printable`)).text();
  expect(page.match(/<tr>/g)).toHaveLength(1 + 2600 + 2);
  expect((await api.post(`/v1/invoices/${id}/pdfs`, {})).status).toBe(200);
});

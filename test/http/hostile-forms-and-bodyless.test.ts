import { env } from 'cloudflare:workers';
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { operations } from '../../src/http/app.ts';
import { hostileRequests } from '../support/hostile-requests.ts';
import { HOSTILE_JSON } from '../support/hostile-values.ts';
import { type InProcessApi, inProcessApi } from '../support/in-process-api.ts';
import { envelopeProblem, rowCounter } from '../support/refusal-checks.ts';

// The form with a file of usage, and operations that take no body but are sent one.

let api: InProcessApi;
let accountNumber: string;
let countRows: () => Promise<string>;
beforeAll(async () => {
  api = await inProcessApi('admin', { JOBS_QUEUE: { send: () => Promise.resolve() } as never });
  await hostileRequests(api);
  const account = await env.DB.prepare('SELECT account_number AS number FROM account LIMIT 1').first<{
    number: string;
  }>();
  accountNumber = account!.number;
  countRows = await rowCounter();
});

const BOUNDARY = 'boundary';
const TYPE = `multipart/form-data; boundary=${BOUNDARY}`;

function form(csv: string, { name = 'file', fileName = 'usage.csv' } = {}): string {
  const disposition = `Content-Disposition: form-data; name="${name}"; filename="${fileName}"`;
  return `--${BOUNDARY}\r\n${disposition}\r\nContent-Type: text/csv\r\n\r\n${csv}\r\n--${BOUNDARY}--\r\n`;
}

async function expectNoFailure(body: string, type: string): Promise<void> {
  const before = await countRows();
  const init = { method: 'POST', headers: { 'Content-Type': type }, body };
  const reply = await api.call('/v1/usage', init);
  expect([body.slice(0, 300), type, envelopeProblem(reply, 'v1')]).toEqual([body.slice(0, 300), type, null]);
  if (reply.status >= 400) expect(await countRows()).toBe(before);
}

const HEADING = 'ACCOUNT_ID,UOM,QTY,STARTDATE,ENDDATE,SUBSCRIPTION_ID,CHARGE_ID,DESCRIPTION';
const cell = fc.oneof(
  fc.constantFrom(...HOSTILE_JSON.filter((text) => text.length < 1_000)),
  fc.constantFrom('', '"', '""', '"\n"', '\u0000', '\r', ',', '=1+1', '03/05/2026', '02/30/2026', 'Minutes'),
  fc.string({ maxLength: 20 }),
);

test('files of usage with any cells', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(cell, { maxLength: 10 }), fc.boolean(), (cells, hasAccount) => {
      const row = hasAccount ? [accountNumber, 'Minutes', ...cells] : cells;
      return expectNoFailure(form(`${HEADING}\n${row.join(',')}\n`), TYPE);
    }),
    { numRuns: 150 },
  );
});

test('files of usage with any heading, name, type and place in the form', async () => {
  const row = `${accountNumber},Minutes,1,2026-03-05`;
  const whole = form(`${HEADING}\n${row}\n`);
  for (const csv of [
    '',
    '\n',
    ',',
    HEADING,
    `\ufeff${HEADING}`,
    `${HEADING},${HEADING}\n${row}`,
    `__proto__\n1`,
    '\u0000',
  ]) {
    await expectNoFailure(form(csv), TYPE);
  }
  for (const fileName of ['', '../../etc/passwd', 'x'.repeat(300), '\u0000', '🙂', '%00']) {
    await expectNoFailure(form(`${HEADING}\n${row}\n`, { fileName }), TYPE);
  }
  for (const name of ['', 'files', '__proto__', 'file[]']) await expectNoFailure(form(row, { name }), TYPE);
  for (const type of [
    'multipart/form-data',
    'multipart/form-data; boundary=',
    'text/csv',
    'application/json',
    `${TYPE}x`,
  ]) {
    await expectNoFailure(whole, type);
  }
  for (const length of [0, 1, 10, 50, 100, whole.length - 4])
    await expectNoFailure(whole.slice(0, length), TYPE);
});

const BODYLESS = [
  ...['PUT_PostCreditMemo', 'PUT_UnpostCreditMemo', 'PUT_CancelCreditMemo', 'POST_CreditMemoPDF'],
  ...['PUT_PostDebitMemo', 'PUT_UnpostDebitMemo', 'PUT_CancelDebitMemo', 'POST_DebitMemoPDF'],
  ...['spillwayUnpostInvoice', 'spillwayInvoicePdf', 'PUT_CancelPayment', 'PUT_CancelRefund'],
];
const TABLES: Readonly<Record<string, string>> = {
  'credit-memos': 'credit_memo',
  'debit-memos': 'debit_memo',
  invoices: 'invoice',
  payments: 'payment',
  refunds: 'refund',
};

test.each(BODYLESS)('%s of every document, with a body that it does not take', async (id) => {
  const { method, path } = operations.find((operation) => operation.id === id)!;
  const table = TABLES[path.split('/')[2]!];
  const { results } = await env.DB.prepare(`SELECT id FROM ${table} ORDER BY id`).all<{ id: string }>();
  expect(results).not.toEqual([]);
  for (const [i, { id: key }] of results.entries()) {
    const before = await countRows();
    const body = HOSTILE_JSON[(i * 7) % HOSTILE_JSON.length]!;
    const send = method === 'post' ? api.post : api.put;
    const reply = await send(path.replace(/:[A-Za-z]+/, key), body);
    expect([key, envelopeProblem(reply, 'v1')]).toEqual([key, null]);
    if (reply.status >= 400) expect(await countRows()).toBe(before);
  }
});

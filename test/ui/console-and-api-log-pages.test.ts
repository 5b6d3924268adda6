// The query console and the API log in a real browser: three languages from a typed query to rows, chart and file, the model beside them without losing
// what was typed, and calls found by what is known of them, with what was sent and what came back.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findings, openWebPages, sidewaysScroll, type Visitor, type WebPages } from '../support/web-pages.ts';

const MARK = crypto.randomUUID().slice(0, 8);
/** Names of the accounts, and what each owes. */
const OWED: ReadonlyArray<readonly [string, number]> = [
  [`Console ${MARK} Alder`, 30],
  [`Console ${MARK} Birch`, 12.5],
  [`Console ${MARK}, "Cedar"`, 0],
];
const TRACK = `track-${MARK}`;
const KEY = `key-${MARK}`;

let pages: WebPages;
let visitor: Visitor;
const numbers: string[] = [];
let sentInvoice: Record<string, unknown>;

beforeAll(async () => {
  pages = await openWebPages();
  for (const [name] of OWED) {
    const made = await pages.api.post('/v1/accounts', {
      ...{ name, currency: 'USD', billCycleDay: 1, autoPay: false },
      billToContact: { firstName: 'Ada', lastName: 'Byron', country: 'United States', state: 'California' },
    });
    expect(made.body).toMatchObject({ success: true });
    numbers.push(made.body.accountNumber);
  }
  for (const [i, [, amount]] of OWED.entries()) {
    if (amount === 0) continue;
    const body = invoiceOf(numbers[i]!, amount);
    const headers: Record<string, string> =
      i === 0 ? { 'Idempotency-Key': KEY, 'Zuora-Track-Id': TRACK } : {};
    if (i === 0) sentInvoice = body;
    expect((await pages.api.post('/v1/invoices', body, headers)).status).toBe(200);
    if (i === 0) expect((await pages.api.post('/v1/invoices', body, headers)).status).toBe(200);
  }
  visitor = await pages.visit();
});
afterAll(async () => {
  await visitor?.close();
  await pages?.close();
});

const invoiceOf = (accountNumber: string, amount: number) => ({
  ...{ accountNumber, invoiceDate: '2026-03-01', status: 'Posted', comments: "it's <b>theirs</b>" },
  invoiceItems: [
    { chargeName: 'Tour', amount, serviceStartDate: '2026-03-01', serviceEndDate: '2026-03-31' },
  ],
});

const consoleUrl = (query: Record<string, string>) => `${pages.url}/console?${new URLSearchParams(query)}`;
const ZOQL = `select Name, Balance from Account where Name like 'Console ${MARK}%'`;
const OBJECT_QUERY = () =>
  `accounts?filter[]=name.SW:Console ${MARK}&sort[]=accountnumber.ASC&fields[]=accountnumber,name,balance`;
const SQL = `select name, totalinvoicebalance from account where name like 'Console ${MARK}%' order by totalinvoicebalance desc`;

/** The cells of the table with this caption, row by row. */
async function rowsOf(page: Visitor['page'], caption: string): Promise<string[][]> {
  const rows = page.getByRole('table', { name: caption }).locator('tbody tr');
  return rows.evaluateAll((all) =>
    all.map((row) =>
      [...(row as never as { cells: Iterable<{ textContent: string }> }).cells].map(
        (cell) => cell.textContent,
      ),
    ),
  );
}

const WITHIN_A_MINUTE = { timeout: 60_000, interval: 500 };

/** How many of these the page has when it is asked for now. */
async function countAt(page: Visitor['page'], url: string, located: ReturnType<Visitor['page']['locator']>) {
  await page.goto(url);
  return located.count();
}

/** The file that a link leads to, as the session of the page gets it. */
async function fileOf(page: Visitor['page'], link = 'CSV'): Promise<string[]> {
  const href = await page.getByRole('link', { name: link, exact: true }).getAttribute('href');
  const reply = await page.request.get(new URL(href!, page.url()).href);
  expect(reply.headers()['content-type']).toContain('text/csv');
  return (await reply.text()).trimEnd().split('\n');
}

/** Nothing that axe-core or the browser has to say, nor a sideways scroll at 360 pixels. */
async function expectSound({ page, complaints }: Visitor): Promise<void> {
  expect(await findings(page)).toEqual([]);
  const size = page.viewportSize()!;
  await page.setViewportSize({ width: 360, height: size.height });
  expect(await sidewaysScroll(page)).toBeLessThanOrEqual(0);
  await page.setViewportSize(size);
  expect(complaints).toEqual([]);
}

describe.each([true, false])('the console, script: %s', (script) => {
  let own: Visitor;
  beforeAll(async () => {
    own = await pages.visit({ script });
  });
  afterAll(() => own?.close());

  test('ZOQL: from what is typed to rows, chart and file', async () => {
    const { page } = own;
    await page.goto(consoleUrl({ language: 'zoql' }));
    await page.getByLabel('Query').fill(ZOQL);
    await page.getByRole('button', { name: 'Run' }).click();
    await page.getByRole('table', { name: 'Result' }).waitFor();
    const rows = await rowsOf(page, 'Result');
    expect(rows.map(([, name, balance]) => [name, Number(balance)]).sort()).toEqual([...OWED].sort());
    expect(await page.locator('figcaption').textContent()).toBe('Balance by Name');
    expect(await page.locator('figure.chart rect.mark').count()).toBe(OWED.length);
    const [head, ...lines] = await fileOf(page);
    expect(head).toBe('Id,Name,Balance');
    expect(lines.map((line) => line.slice(line.indexOf(',') + 1)).sort()).toEqual(
      [`Console ${MARK} Alder,30`, `Console ${MARK} Birch,12.5`, `"Console ${MARK}, ""Cedar""",0`].sort(),
    );
  });

  test('Object Query: as in a URL, sorted as asked', async () => {
    const { page } = own;
    await page.goto(consoleUrl({ language: 'object-query' }));
    await page.getByLabel('Query').fill(OBJECT_QUERY());
    await page.getByRole('button', { name: 'Run' }).click();
    await page.getByRole('table', { name: 'Result' }).waitFor();
    const heads = await page.getByRole('columnheader').allTextContents();
    const at = (name: string) => heads.indexOf(name);
    const rows = await rowsOf(page, 'Result');
    expect(
      rows.map((row) => [row[at('accountNumber')], row[at('name')], Number(row[at('balance')])]),
    ).toEqual(OWED.map(([name, amount], i) => [numbers[i], name, amount]));
  });

  test('Data Query: a job each, its rows when it has ended, its file', async () => {
    const { page } = own;
    await page.goto(consoleUrl({ language: 'sql' }));
    await page.getByLabel('Query').fill(SQL);
    await page.getByRole('button', { name: 'Run' }).click();
    await page.waitForURL(/\/console\/queries\/[^/]+$/);
    expect(await page.getByLabel('Query').inputValue()).toBe(SQL);
    const table = page.getByRole('table', { name: 'Result' });
    if (script) await table.waitFor();
    // Without script the reader reloads the page.
    else await expect.poll(() => countAt(page, page.url(), table), WITHIN_A_MINUTE).toBe(1);
    expect((await rowsOf(page, 'Result')).map(([name, balance]) => [name, Number(balance)])).toEqual(OWED);
    expect(await page.locator('figcaption').textContent()).toBe('totalinvoicebalance by name');
    const lines = await fileOf(page);
    expect(lines).toHaveLength(1 + OWED.length);
    expect(lines[0]).toMatch(/^"?name"?,"?totalinvoicebalance"?$/);
    await page.getByRole('link', { name: 'Recent queries' }).click();
    expect((await rowsOf(page, 'Recent queries')).map(([query]) => query)).toContain(SQL);
  });

  test.each([
    ['zoql', 'select Nothing from Account', /Nothing/],
    ['object-query', 'accounts?filter[]=balance.LOUD:1', /LOUD|filter/i],
    ['sql', 'select nothing from account', /nothing/i],
  ])(
    '%s that is refused stands there as it was typed, with the reason beside it',
    async (language, query, reason) => {
      const { page } = own;
      await page.goto(consoleUrl({ language, object: 'Account' }));
      await page.getByLabel('Query').fill(query);
      await page.getByRole('button', { name: 'Run' }).click();
      const field = page.getByLabel('Query');
      await page.locator('#f-q-error').waitFor();
      expect(await page.locator('#f-q-error').textContent()).toMatch(reason);
      expect(await field.inputValue()).toBe(query);
      expect(await field.getAttribute('aria-invalid')).toBe('true');
      expect(await field.getAttribute('aria-describedby')).toContain('f-q-error');
      expect(await page.getByLabel('Object', { exact: true }).inputValue()).toBe('Account');
      expect(await page.getByRole('table', { name: 'Result' }).count()).toBe(0);
    },
  );

  test.each(['sql', 'zoql', 'object-query'])(
    '%s: looking at objects loses nothing that was typed',
    async (language) => {
      const { page } = own;
      await page.goto(consoleUrl({ language }));
      await page.getByLabel('Query').fill('half a query');
      await page.getByLabel('Object', { exact: true }).selectOption('Account');
      if (!script) await page.getByRole('button', { name: 'Show fields' }).click();
      await page.getByRole('region', { name: 'Fields of Account' }).waitFor();
      expect(await page.getByLabel('Query').inputValue()).toBe('half a query');
      await page.getByRole('button', { name: 'Invoices', exact: true }).click();
      await page.getByRole('region', { name: 'Fields of Invoice', exact: true }).waitFor();
      expect(await page.getByLabel('Query').inputValue()).toBe('half a query');
      expect(await page.locator('#f-q-error').count()).toBe(0);
      await page.getByRole('link', { name: 'Start with an example' }).click();
      await expect.poll(() => page.getByLabel('Query').inputValue()).toMatch(/invoice/i);
    },
  );
});

test('the chart is of the columns that are chosen', async () => {
  const { page } = visitor;
  await page.goto(
    consoleUrl({
      language: 'zoql',
      q: `select AccountNumber, Name, Balance, BillCycleDay from Account where Name like 'Console ${MARK}%'`,
    }),
  );
  await page.getByLabel('Value').selectOption('BillCycleDay');
  await page.waitForURL(/y=BillCycleDay/);
  await page.getByLabel('By', { exact: true }).selectOption('Name');
  await page.waitForURL(/x=Name/);
  expect(await page.locator('figcaption').textContent()).toBe('BillCycleDay by Name');
  expect(await page.locator('figure.chart text').allTextContents()).toEqual(expect.arrayContaining(['1']));
  await expectSound(visitor);
});

test('a query that is canceled says so, and one that has ended stays as it ended', async () => {
  const { page } = visitor;
  await page.goto(consoleUrl({ language: 'sql', q: SQL }));
  await page.getByRole('button', { name: 'Run' }).click();
  await page.waitForURL(/\/console\/queries\/[^/]+$/);
  const at = page.url();
  const token = await page.locator('input[name="_csrf"]').first().inputValue();
  const form = { _csrf: token, _key: crypto.randomUUID() };
  const canceled = await page.request.post(`${at}/cancel`, { form, headers: { Origin: pages.url } });
  expect([canceled.status(), canceled.url()]).toEqual([200, at]);
  // Whichever came first, the end of the query or the cancellation: it is over, and the page says how.
  await expect.poll(() => countAt(page, at, page.locator('[data-done]')), WITHIN_A_MINUTE).toBe(1);
  const state = await page.locator('.status').first().textContent();
  expect(['cancelled', 'completed']).toContain(state);
  expect(await page.getByRole('button', { name: 'Cancel the query' }).count()).toBe(0);
  await page.request.post(`${at}/cancel`, {
    form: { ...form, _key: crypto.randomUUID() },
    headers: { Origin: pages.url },
  });
  await page.goto(at);
  expect(await page.locator('.status').first().textContent()).toBe(state);
});

test('who may only read can query, and sees nothing of the API log', async () => {
  const reader = await pages.visit({ role: 'read' });
  const { page } = reader;
  await page.goto(consoleUrl({ language: 'sql', q: SQL }));
  expect(await page.getByRole('link', { name: 'API log' }).count()).toBe(0);
  await page.getByRole('button', { name: 'Run' }).click();
  await page.getByRole('table', { name: 'Result' }).waitFor();
  expect(await rowsOf(page, 'Result')).toHaveLength(OWED.length);
  for (const path of ['/api-log', '/api-log?format=csv', '/api-log/some-request']) {
    expect((await page.goto(`${pages.url}${path}`))?.status(), path).toBe(403);
    expect(await page.locator('h1').textContent()).toBe('Not for your role');
    expect(await page.getByRole('table').count()).toBe(0);
  }
  await reader.close();
});

describe.each(['standard', 'admin'] as const)('the API log, role %s', (role) => {
  let own: Visitor;
  beforeAll(async () => {
    own = await pages.visit({ role });
  });
  afterAll(() => own?.close());

  test('finds calls by what is typed, and says which was replayed', async () => {
    const { page } = own;
    await page.goto(`${pages.url}/api-log`);
    await page.getByLabel('Idempotency key').fill(KEY);
    await page.getByLabel('Account (id or number)').fill(numbers[0]!);
    await page.getByRole('button', { name: 'Apply' }).click();
    await page.waitForURL(/idempotencyKey=/);
    const rows = await rowsOf(page, 'Calls');
    expect(rows.map(([, method, path, status]) => [method, path, status])).toEqual([
      ['POST', '/v1/invoices', '200'],
      ['POST', '/v1/invoices', '200'],
    ]);
    expect(rows.map((row) => /replayed/.test(row.at(-1)!))).toEqual([true, false]);
    expect(rows[0]![6]).toBe(numbers[0]);
    const [head, ...lines] = await fileOf(page);
    expect(head).toMatch(/^Time,Request ID,Track ID,.*,Calls Not Kept$/);
    expect(lines.filter((line) => line.includes(KEY))).toHaveLength(2);
    await expectSound(own);
  });

  test('shows what was sent and what came back, to the character', async () => {
    const { page } = own;
    await page.goto(`${pages.url}/api-log?trackId=${TRACK}`);
    await page.getByRole('table', { name: 'Calls' }).getByRole('link').last().waitFor();
    await page.locator('tbody tr').last().getByRole('link').first().click();
    await page.getByRole('heading', { name: 'POST /v1/invoices' }).waitFor();
    expect(JSON.parse((await page.locator('#sent').textContent())!)).toEqual(sentInvoice);
    expect(await page.locator('#sent').textContent()).toContain('"comments": "it\'s <b>theirs</b>"');
    expect(JSON.parse((await page.locator('#returned').textContent())!)).toMatchObject({
      amount: 30,
      success: true,
    });
    const line = (await page.locator('#curl').textContent())!;
    expect(line).toContain(`-H 'Idempotency-Key: ${KEY}'`);
    expect(line).toContain(`it'\\''s`);
    expect(await page.getByRole('button', { name: 'Copy the body' }).first().isVisible()).toBe(true);
    await expectSound(own);
    await page.getByRole('link', { name: numbers[0]!, exact: true }).click();
    expect(await page.locator('h1').textContent()).toContain(OWED[0]![0]);
  });

  test('says beside its filter what it cannot take, and keeps what was typed', async () => {
    const { page } = own;
    await page.goto(`${pages.url}/api-log?from=2026-11-27T10:00&to=2026-11-27T09:00&trackId=${TRACK}`);
    expect(await page.locator('#f-to-error').textContent()).toMatch(/after from/i);
    expect(await page.getByLabel('Track id').inputValue()).toBe(TRACK);
    const wrong = await page.goto(`${pages.url}/api-log?status=seven`);
    expect(wrong?.status()).toBe(400);
    expect(await page.locator('#f-status-error').textContent()).toMatch(/HTTP code/);
    expect((await page.goto(`${pages.url}/api-log/no-such-request`))?.status()).toBe(404);
    own.complaints.length = 0;
  });
});

test('the API log says of which second it did not keep all calls', async () => {
  const { page } = visitor;
  // More in a second than an isolate keeps of failures (limits.apiLogFailuresPerSecondMax), from somebody without a token.
  const replies = await Promise.all(
    Array.from({ length: 400 }, () => fetch(`${pages.url}/v1/accounts/${MARK}`)),
  );
  expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([401]));
  await page.goto(`${pages.url}/api-log?account=${MARK}`);
  expect(await page.getByRole('table', { name: 'Calls' }).textContent()).toMatch(
    /\d+ calls of this second were not kept/,
  );
  expect((await fileOf(page)).filter((line) => /,\d+$/.test(line)).length).toBeGreaterThan(0);
  await expectSound(visitor);
});

test('the API log goes on from page to page, tells of nothing that fits, and of a cut body', async () => {
  const { page } = visitor;
  const long = 'x'.repeat(20_000);
  await pages.api.post('/v1/invoices', { comments: long }, { 'Zuora-Track-Id': `${TRACK}-long` });
  await page.goto(`${pages.url}/api-log?trackId=${TRACK}-long&status=4xx`);
  await page.locator('tbody tr').first().getByRole('link').first().click();
  await page.getByText(/^Cut: the first 16,000 of 20,0\d\d characters\.$/).waitFor();
  expect(await page.locator('#curl').textContent()).toContain('--data-binary @body.json');
  // Not one after another: a page holds 50, and the log of this isolate keeps 25 failures of a second.
  await page.goto(`${pages.url}/api-log`);
  const next = page.getByRole('link', { name: 'Next page' });
  for (let asked = 0; (await next.count()) === 0; asked++) {
    expect(asked).toBeLessThan(200);
    await pages.api.get(`/v1/accounts/${numbers[0]}`);
    if (asked % 10 === 9) await page.reload();
  }
  const shown = await page
    .locator('tbody tr a[href^="/api-log/"]')
    .evaluateAll((all) => all.map((a) => (a as never as { href: string }).href));
  await next.click();
  await page.waitForURL(/before=/);
  const later = await page
    .locator('tbody tr a[href^="/api-log/"]')
    .evaluateAll((all) => all.map((a) => (a as never as { href: string }).href));
  expect(shown).toHaveLength(50);
  expect(later.length).toBeGreaterThan(0);
  expect(later.filter((href) => shown.includes(href))).toEqual([]);
  await page.goto(`${pages.url}/api-log?trackId=nobody-sent-this`);
  expect(await page.locator('main').textContent()).toContain('No call fits');
});

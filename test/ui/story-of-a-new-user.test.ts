// The story of a new user, in a real browser: signs in, creates a partner account, orders, bills, is paid, watches the numbers move, exports.
// A colleague has the account's page open meanwhile: it moves without a reload.

import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { localAdmin } from '../../scripts/local-server.mjs';
import { seedOnce } from '../../scripts/seed.mjs';
import { findings, openWebPages, type Visitor, type WebPages } from '../support/web-pages.ts';

const { url } = inject('server');
/** A fold comes a second after a write; then the page asks every two seconds. Much more is a failure. */
const MOVED_MS_MAX = 30_000;
const JOB_MS_MAX = 60_000;

let pages: WebPages;
let user: Visitor;
let colleague: Visitor;
beforeAll(async () => {
  pages = await openWebPages();
  await seedOnce(pages.api);
  user = await pages.stranger();
  colleague = await pages.visit();
});
afterAll(async () => {
  await user?.close();
  await colleague?.close();
  await pages?.close();
});

let account = '';
const NAME = 'Riverside Distribution';

test('a stranger is led to the sign-in and back to what was asked for', async () => {
  const { page } = user;
  await page.goto(`${url}/accounts/new`);
  expect(new URL(page.url()).pathname).toBe('/sign-in');
  const { adminEmail, adminPassword } = localAdmin();
  await page.getByLabel('Email').fill(adminEmail);
  await page.getByLabel('Password').fill('not the password');
  await page.getByRole('button', { name: 'Sign in' }).click();
  expect(await page.getByRole('alert').first().textContent()).toMatch(/password/i);
  await page.getByLabel('Email').fill(adminEmail);
  await page.getByLabel('Password').fill(adminPassword);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL(`${url}/accounts/new`);
});

test('a partner account: what is refused stands beside its field, nothing typed is lost', async () => {
  const { page } = user;
  await page.getByLabel('Account name').fill(NAME);
  await page.getByLabel('Currency').fill('US dollars');
  await page.getByLabel('Bill cycle day').fill('1');
  const billTo = page.getByRole('group', { name: 'Bill-to contact' });
  await billTo.getByLabel('First name').fill('Amy');
  await billTo.getByLabel('Last name').fill('Lawrence');
  await billTo.getByLabel('Country').fill('United States');
  await billTo.getByLabel('State or province').fill('California');
  await page.getByRole('group', { name: 'Additional Fields' }).getByLabel('Partner Account').check();
  await page.getByRole('button', { name: 'Create account' }).click();
  await page.getByRole('alert').first().waitFor();
  const currency = page.getByLabel('Currency');
  expect(await currency.getAttribute('aria-invalid')).toBe('true');
  expect(await page.getByLabel('Account name').inputValue()).toBe(NAME);
  expect(await page.getByLabel('Partner Account').isChecked()).toBe(true);
  expect(await findings(page)).toEqual([]);
  await currency.fill('USD');
  await page.getByRole('button', { name: 'Create account' }).click();
  await page.getByRole('heading', { level: 1, name: NAME }).waitFor();
  account = url + new URL(page.url()).pathname;
  expect(await page.getByText('Partner account', { exact: true }).count()).toBeGreaterThan(0);
});

test('an order: previewed, then created, and the colleague sees the account move', async () => {
  await colleague.page.goto(account);
  const mrr = () => figure(colleague, 'Contracted MRR');
  expect(await mrr()).toBe('0.00 USD');
  const { page } = user;
  await page.getByRole('link', { name: 'New order' }).click();
  await page.getByLabel('Order date').fill('2026-03-01');
  await page.getByLabel('Rate plan number').fill('PRP-DEMO-MONTHLY');
  await page.getByRole('button', { name: 'Add rate plan' }).click();
  await page.locator('button.primary', { hasText: 'Preview' }).click();
  // Monthly at 25.00.
  await expect.poll(() => page.locator('main').textContent()).toMatch(/25\.00/);
  expect(await mrr()).toBe('0.00 USD');
  await page.getByRole('button', { name: 'Create order' }).click();
  await page.getByRole('heading', { level: 1, name: /^Order O-/ }).waitFor();
  await expect.poll(mrr, { timeout: MOVED_MS_MAX }).toBe('25.00 USD');
});

test('a bill run bills March: 25.00 are open', async () => {
  const { page } = user;
  const { body } = await pages.api.get(`/v1/accounts/${account.split('/').at(-1)}`);
  await page.goto(`${url}/bill-runs/new`);
  await page.getByLabel('Target date').fill('2026-03-31');
  await page.getByLabel('Invoice date').fill('2026-03-31');
  await page.getByLabel('Post at once').check();
  await page.getByRole('button', { name: 'Add an account' }).click();
  await page
    .getByRole('group', { name: 'Account 1' })
    .getByLabel(/^Account/)
    .fill(body.basicInfo.accountNumber);
  await page.getByRole('button', { name: 'Start bill run' }).click();
  await expect.poll(() => page.locator('main').textContent(), { timeout: JOB_MS_MAX }).toMatch(/Posted/);
  await expect
    .poll(() => figure(colleague, 'Total invoice balance'), { timeout: MOVED_MS_MAX })
    .toBe('25.00 USD');
});

test('the invoice says how its line was computed and is paid from its page', async () => {
  const { page } = user;
  await page.goto(`${account}/invoices`);
  await page.getByRole('link', { name: /^INV/ }).first().click();
  await page.getByText('25.00 a month').waitFor();
  await page.getByRole('link', { name: 'Pay', exact: true }).click();
  await page.getByRole('button', { name: 'Create payment' }).click();
  await page.getByRole('heading', { level: 1, name: /P-/ }).waitFor();
  await expect
    .poll(() => figure(colleague, 'Total invoice balance'), { timeout: MOVED_MS_MAX })
    .toBe('0.00 USD');
  expect(await figure(colleague, 'Balance')).toBe('0.00 USD');
  expect(colleague.complaints).toEqual([]);
});

test('an export holds the account with its numbers', async () => {
  const { page } = user;
  await page.goto(`${url}/exports/new`);
  await page
    .getByLabel('Query in Export ZOQL')
    .fill(`select Account.Name, Account.Mrr, Account.Balance from Account where Account.Name = '${NAME}'`);
  await page.getByRole('button', { name: /export/i }).click();
  const link = page.getByRole('link', { name: /download/i }).first();
  await link.waitFor({ timeout: JOB_MS_MAX });
  // When the job has ended its page no longer renews itself.
  await expect.poll(() => page.locator('[data-live]').count(), { timeout: MOVED_MS_MAX }).toBe(0);
  const [download] = await Promise.all([page.waitForEvent('download'), link.click()]);
  const chunks: Buffer[] = [];
  for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
  const lines = Buffer.concat(chunks).toString().trim().split('\n');
  expect(lines).toHaveLength(2);
  expect(lines[1]).toMatch(new RegExp(`^"?${NAME}"?,"?25(\\.0+)?"?,"?0(\\.0+)?"?`));
});

test('signing out ends it', async () => {
  const { page } = user;
  await page.locator('.who summary').click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.waitForURL(/\/sign-in/);
  await page.goto(account);
  expect(new URL(page.url()).pathname).toBe('/sign-in');
  expect(user.complaints.filter((text) => !/40[01]|status of 4/.test(text))).toEqual([]);
});

/** What the account's page says of a metric now. */
async function figure({ page }: Visitor, label: string): Promise<string> {
  const value = page
    .locator('.metrics > div', { has: page.locator('dt', { hasText: new RegExp(`^${label}$`) }) })
    .locator('dd');
  return ((await value.first().textContent()) ?? '').trim();
}

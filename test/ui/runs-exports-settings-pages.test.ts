import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findings, openWebPages, sidewaysScroll, type WebPages } from '../support/web-pages.ts';

// Bill runs, exports, jobs, settings, API clients and the state of the service in a real browser; what is refused, and who may do what.

let web: WebPages;
beforeAll(async () => {
  web = await openWebPages();
});
afterAll(() => web.close());

/** Many pages with axe-core on each, on a machine that is busy. */
const PAGES_MS = 300_000;
const NOBODY = '0'.repeat(32);
let made = 0;
const unique = (what: string) => `${what} ${Date.now().toString(36)}-${made++}`;
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

/** An account with one subscription at 25.00 USD a month from 2026-01-01. */
async function billable(): Promise<{ number: string; name: string }> {
  const dates = { EffectiveStartDate: '2026-01-01', EffectiveEndDate: '2099-12-31' };
  const product = await web.api.post('/v1/object/product', { Name: unique('Billed'), ...dates });
  const plan = await web.api.post('/v1/object/product-rate-plan', {
    Name: 'Plan',
    ProductId: product.body.Id,
  });
  await web.api.post('/v1/object/product-rate-plan-charge', {
    ...{
      Name: 'Fee',
      ProductRatePlanId: plan.body.Id,
      ChargeModel: 'Flat Fee Pricing',
      ChargeType: 'Recurring',
    },
    ...{ BillCycleType: 'SubscriptionStartDay', TriggerEvent: 'ContractEffective', BillingPeriod: 'Month' },
    ProductRatePlanChargeTierData: { ProductRatePlanChargeTier: [{ Currency: 'USD', Price: 25 }] },
  });
  const name = unique('Customer');
  const account = await web.api.post('/v1/accounts', {
    ...{ name, currency: 'USD', billCycleDay: 1 },
    billToContact: { firstName: 'A', lastName: 'B', country: 'United States', state: 'California' },
  });
  const number = account.body.accountNumber as string;
  const order = await web.api.post('/v1/orders', {
    orderDate: '2026-01-01',
    existingAccountNumber: number,
    subscriptions: [
      {
        orderActions: [
          {
            type: 'CreateSubscription',
            triggerDates: [{ name: 'ContractEffective', triggerDate: '2026-01-01' }],
            createSubscription: {
              terms: { initialTerm: { startDate: '2026-01-01', termType: 'EVERGREEN' } },
              subscribeToRatePlans: [{ productRatePlanId: plan.body.Id }],
            },
          },
        ],
      },
    ],
  });
  expect(order.body).toMatchObject({ success: true });
  return { number, name };
}

/** Fills in a run for one account and starts it. */
async function startRun(page: Page, account: string, targetDate: string): Promise<void> {
  await page.goto(`${web.url}/bill-runs/new`);
  await page.getByLabel('Target date').fill(targetDate);
  await page.getByLabel('Invoice date').fill(targetDate);
  await button(page, 'Add an account').click();
  await page.getByRole('group', { name: 'Account 1' }).getByLabel('Account').fill(account);
  await button(page, 'Start bill run').click();
}

/** Looks again until it is there: without script a page is renewed by whoever reads it. */
async function untilShown(page: Page, text: string): Promise<void> {
  while ((await page.locator('.status', { hasText: text }).count()) === 0) await page.reload();
}

describe('bill runs', () => {
  test('are started for one account, watched until they are done, and posted', async () => {
    const { number, name } = await billable();
    const { page, close } = await web.visit();
    await startRun(page, `${number}-none`, '2026-01-15');
    await page.getByRole('alert').waitFor();
    expect(await page.getByRole('group', { name: 'Account 1' }).getByLabel('Account').inputValue()).toBe(
      `${number}-none`,
    );
    await page.getByRole('group', { name: 'Account 1' }).getByLabel('Account').fill(number);
    await button(page, 'Start bill run').click();
    // The page renews itself and goes on to the results.
    await page.getByRole('heading', { name: 'Results' }).waitFor();
    await page.getByRole('cell', { name, exact: true }).waitFor();
    await page.getByText('25.00 USD').first().waitFor();
    await page.getByRole('link', { name: 'Invoices', exact: true }).last().click();
    expect(await page.getByRole('cell', { name: /^INV/ }).count()).toBe(1);
    await button(page, 'Post').click();
    await page.locator('.status', { hasText: 'Posted' }).first().waitFor();
    expect(await button(page, 'Post').count()).toBe(0);
    await close();
  });

  test('are cancelled and deleted, without script', async () => {
    const { number } = await billable();
    const { page, close } = await web.visit({ script: false });
    await startRun(page, number, '2026-01-15');
    await untilShown(page, 'Completed');
    const path = new URL(page.url()).pathname;
    await page.getByRole('link', { name: 'Cancel', exact: true }).click();
    await button(page, 'Cancel bill run').click();
    await untilShown(page, 'Canceled');
    await page.getByRole('link', { name: 'Delete', exact: true }).click();
    await button(page, 'Delete bill run').click();
    await page.waitForURL(`${web.url}/bill-runs`);
    let status = 200;
    while (status !== 404) status = (await page.goto(`${web.url}${path}`))!.status();
    await close();
  });

  test('are previewed as a file', async () => {
    const { page, close } = await web.visit();
    await page.goto(`${web.url}/bill-runs/previews`);
    await page.getByLabel('Target date').fill('');
    await page.getByLabel('Target date').fill('2026-02-15');
    await button(page, 'Start preview').click();
    const link = page.getByRole('link', { name: /^Download/ });
    await link.waitFor();
    const [download] = await Promise.all([page.waitForEvent('download'), link.click()]);
    expect(download.suggestedFilename()).toMatch(/\.csv$/);
    await close();
  });
});

describe('exports', () => {
  test('say what is wrong with a query beside it, and are files when they are done', async () => {
    const { name } = await billable();
    const { page, close } = await web.visit();
    await page.goto(`${web.url}/exports/new`);
    await page.getByLabel('Query in Export ZOQL').fill('select Nothing from Account');
    await button(page, 'Start export').click();
    await page.getByRole('alert').waitFor();
    expect(await page.getByLabel('Query in Export ZOQL').getAttribute('aria-invalid')).toBe('true');
    expect(await page.getByLabel('Query in Export ZOQL').inputValue()).toBe('select Nothing from Account');
    await page.getByLabel('Query in Export ZOQL').fill(`select Name from Account where Name = '${name}'`);
    await page.getByLabel('Name', { exact: true }).fill('Customers');
    await button(page, 'Start export').click();
    await page.getByRole('heading', { level: 1, name: 'Customers' }).waitFor();
    const link = page.getByRole('link', { name: /^Download/ });
    await link.waitFor();
    const [download] = await Promise.all([page.waitForEvent('download'), link.click()]);
    const chunks: Buffer[] = [];
    for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
    expect(Buffer.concat(chunks).toString()).toContain(name);
    await page.goto(`${web.url}/exports`);
    expect(await page.getByRole('link', { name: 'Customers', exact: true }).count()).toBe(1);
    await close();
  });

  test('of several queries are one job with a file for each, without script', async () => {
    const { page, close } = await web.visit({ script: false });
    await page.goto(`${web.url}/exports/batches/new`);
    await button(page, 'Add a query').click();
    const second = page.getByRole('group', { name: 'Query 2' });
    await second.getByLabel('Name').fill('contacts');
    await second.getByLabel('Query', { exact: false }).last().fill('select Nothing from Contact');
    await button(page, 'Start job').click();
    expect(await page.getByRole('alert').count()).toBe(1);
    await second.getByLabel('Query', { exact: false }).last().fill('select Id from Contact');
    await button(page, 'Start job').click();
    while ((await page.getByRole('link', { name: /^Download/ }).count()) < 2) await page.reload();
    await page.goto(`${web.url}/jobs?kind=aqua`);
    expect(await page.getByRole('row').count()).toBe(2);
    await close();
  });
});

describe('settings', () => {
  test('change what was changed in the form and nothing else; refusals stand beside their fields', async () => {
    const { page, close } = await web.visit();
    await page.goto(`${web.url}/settings`);
    // Somebody else changes another setting meanwhile: it stays.
    await web.api.put('/v1/spillway/settings', { metrics: { foldDelaySeconds: 2 } });
    await page.getByLabel('Hour of the scheduled run').fill('24');
    await button(page, 'Save settings').click();
    await page.getByRole('alert').waitFor();
    const hour = page.getByLabel('Hour of the scheduled run');
    expect([await hour.getAttribute('aria-invalid'), await hour.inputValue()]).toEqual(['true', '24']);
    await hour.fill('5');
    await button(page, 'Add a currency').click();
    const row = page.getByRole('group', { name: 'Currency 1' });
    await row.getByLabel('Currency').fill('CHF');
    await row.getByLabel('Increment').fill('5');
    await button(page, 'Save settings').click();
    await page.getByRole('status').waitFor();
    expect((await web.api.get('/v1/spillway/settings')).body).toMatchObject({
      scheduled: { runHour: 5 },
      metrics: { foldDelaySeconds: 2 },
      billing: { rounding: { CHF: { mode: 'HALF_UP', incrementMinor: 5, invoiceIncrementMinor: null } } },
    });
    // The same setting at once: said beside it, and replaced only by saving again.
    await page.getByLabel('Fold delay').fill('3');
    await web.api.put('/v1/spillway/settings', { metrics: { foldDelaySeconds: 7 } });
    await button(page, 'Save settings').click();
    expect(await page.getByRole('alert').textContent()).toContain('changed by somebody else meanwhile, to 7');
    await button(page, 'Remove Currency 1').click();
    await button(page, 'Save settings').click();
    await page.getByRole('status').waitFor();
    expect((await web.api.get('/v1/spillway/settings')).body).toMatchObject({
      metrics: { foldDelaySeconds: 3 },
      billing: { rounding: {} },
    });
    await web.api.put('/v1/spillway/settings', {
      metrics: { foldDelaySeconds: 1 },
      scheduled: { runHour: 1 },
    });
    await close();
  });

  test('API clients: a secret is shown once, turned into another, and revoked', async () => {
    const { page, close } = await web.visit();
    const name = unique('till');
    const token = async (id: string, secret: string) =>
      (
        await fetch(`${web.url}/oauth/token`, {
          method: 'POST',
          body: new URLSearchParams({
            grant_type: 'client_credentials',
            client_id: id,
            client_secret: secret,
          }),
        })
      ).status;
    await page.goto(`${web.url}/settings/api-clients`);
    await page.getByLabel('Name').fill(name);
    await page.getByLabel('Role').selectOption('read');
    await button(page, 'Create client').click();
    const id = (await page.locator('#client-id').textContent())!;
    const secret = (await page.locator('#client-secret').textContent())!;
    expect(secret).toMatch(/^[0-9a-f]{40}$/);
    expect(page.url()).toBe(`${web.url}/settings/api-clients`);
    expect(await token(id, secret)).toBe(200);
    await page.getByRole('link', { name: 'Done' }).click();
    expect(await page.content()).not.toContain(secret);
    await page.getByRole('link', { name: `Rotate ${name}` }).click();
    await button(page, 'Rotate secret').click();
    const turned = (await page.locator('#client-secret').textContent())!;
    expect([await token(id, secret), await token(id, turned)]).toEqual([401, 200]);
    await page.getByRole('link', { name: 'Done' }).click();
    await page.getByRole('link', { name: `Revoke ${name}` }).click();
    await button(page, 'Revoke client').click();
    await page.waitForURL(`${web.url}/settings/api-clients`);
    expect(await token(id, turned)).toBe(401);
    expect(await page.getByRole('link', { name: `Rotate ${name}` }).count()).toBe(0);
    await close();
  });
});

describe('the state of the service', () => {
  test('is shown to who has signed in, and renewed', async () => {
    const { page, requested, complaints, close } = await web.visit({ role: 'read' });
    await page.goto(`${web.url}/accounts`);
    await page.getByRole('link', { name: 'Status' }).click();
    const health = (await (await fetch(`${web.url}/v1/spillway/health`)).json()) as Record<string, string>;
    await page.getByText('Ready', { exact: true }).waitFor();
    expect(await page.getByText(health.version!, { exact: true }).count()).toBe(1);
    expect(await page.getByText(health.migration!, { exact: true }).count()).toBe(1);
    expect(await page.locator('pre').textContent()).toContain(`${web.url}/oauth/token`);
    await page.waitForResponse(`${web.url}/status/health`);
    expect(requested.filter((address) => !address.startsWith(`${web.url}/`))).toEqual([]);
    expect(complaints).toEqual([]);
    await close();
  });

  test.each(['/app.css', '/app.js', '/robots.txt', '/favicon.svg'])(
    '%s comes with a policy that keeps foreign and inline code out',
    async (path) => {
      const reply = await fetch(`${web.url}${path}`);
      expect(reply.status).toBe(200);
      const policy = reply.headers.get('Content-Security-Policy') ?? '';
      expect(policy).toContain("default-src 'none'");
      expect(policy).not.toContain('unsafe-inline');
      expect(reply.headers.get('X-Content-Type-Options')).toBe('nosniff');
    },
  );

  test('robots are asked to stay away, and what is no page is answered in the envelope', async () => {
    expect(await (await fetch(`${web.url}/robots.txt`)).text()).toContain('Disallow: /');
    const missing = await fetch(`${web.url}/nothing.html`);
    expect([missing.status, await missing.json()]).toMatchObject([404, { success: false }]);
    const posted = await fetch(`${web.url}/`, { method: 'POST', body: 'x' });
    expect([posted.status, await posted.json()]).toMatchObject([404, { success: false }]);
  });
});

test('who may only read starts exports, writes nothing else, and sees no page of administrators', async () => {
  const { page, close } = await web.visit({ role: 'read' });
  for (const path of ['/bill-runs', '/bill-runs/previews', '/jobs']) {
    expect((await page.goto(`${web.url}${path}`))!.status(), path).toBe(200);
    expect(await page.locator('main form[method="post"]').count(), path).toBe(0);
    expect(await page.getByRole('link', { name: /^New/ }).count(), path).toBe(0);
  }
  for (const path of [
    '/bill-runs/new',
    '/settings',
    '/settings/api-clients',
    '/jobs/dead-letters',
    '/jobs/scheduled',
  ]) {
    expect((await page.goto(`${web.url}${path}`))!.status(), path).toBe(403);
  }
  for (const path of [`/bill-runs/${NOBODY}`, `/jobs/${NOBODY}`, `/files/${NOBODY}/download`]) {
    expect((await page.goto(`${web.url}${path}`))!.status(), path).toBe(404);
  }
  await close();
});

describe.each([360, 800, 1600])('at %i pixels', (width) => {
  test.each(['light', 'dark'] as const)(
    'axe-core finds nothing in %s, and nothing scrolls sideways',
    async (theme) => {
      const { page, close } = await web.visit({ width, theme });
      const { body } = await web.api.post('/v1/object/export', {
        Format: 'csv',
        Query: 'select Id from Account',
      });
      const run = await web.api.post('/v1/bill-runs', {
        targetDate: '2025-01-01',
        invoiceDate: '2025-01-01',
      });
      const pages = [
        ...['/bill-runs', '/bill-runs/new', '/bill-runs/previews', `/bill-runs/${run.body.id}`, '/exports'],
        ...['/exports/new', '/exports/batches', '/exports/batches/new', '/jobs', `/jobs/${body.Id}`],
        ...['/jobs/dead-letters', '/jobs/scheduled', '/settings', '/settings/api-clients', '/status'],
      ];
      for (const path of pages) {
        await page.goto(`${web.url}${path}`);
        expect(await findings(page), path).toEqual([]);
        expect(await sidewaysScroll(page), path).toBeLessThanOrEqual(0);
      }
      await close();
    },
    PAGES_MS,
  );
});

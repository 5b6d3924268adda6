// npm run screenshots: the pictures of the README (docs/screenshots), of a server of its own with the demo data and an example month.
// Needs Chromium (CHROMIUM names it; /usr/bin/chromium).

import { mkdir } from 'node:fs/promises';
import { chromium } from 'playwright-core';
import { createApiClient } from './api-client.mjs';
import { makeExampleMonth } from './example-month.mjs';
import { localAdmin, localCredentials } from './local-credentials.mjs';
import { startLocalServer } from './local-server.mjs';
import { seedOnce } from './seed.mjs';

const FOLDER = 'docs/screenshots';
/** What is pictured: name of the file, path, theme, width. */
const picturesOf = ({ account, billedInvoiceId, subscriptionNumber, billRunId }) => [
  ['accounts', '/accounts', 'light', 1280],
  ['account', `/accounts/${account.id}`, 'light', 1280],
  ['account-dark-narrow', `/accounts/${account.id}`, 'dark', 400],
  ['new-account', '/accounts/new', 'light', 1280],
  ['subscription', `/subscriptions/${subscriptionNumber}`, 'dark', 1280],
  ['invoice', `/invoices/${billedInvoiceId}`, 'light', 1280],
  ['bill-run', `/bill-runs/${billRunId}`, 'light', 1280],
  ['console', '/console?language=zoql&object=Account&q=select+Name,Balance,Mrr+from+Account', 'light', 1280],
];

const credentials = localCredentials();
const server = await startLocalServer({ port: 0, ...credentials });
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu'],
});
try {
  const client = createApiClient({ baseUrl: server.url, ...credentials });
  const month = await makeExampleMonth(client, await seedOnce(client));
  await mkdir(FOLDER, { recursive: true });
  const context = await browser.newContext();
  const page = await context.newPage();
  const { adminEmail, adminPassword } = localAdmin();
  await page.goto(`${server.url}/sign-in`);
  await page.getByLabel('Email').fill(adminEmail);
  await page.getByLabel('Password').fill(adminPassword);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL(`${server.url}/accounts`);
  for (const [name, path, colorScheme, width] of picturesOf(month)) {
    await page.setViewportSize({ width, height: 800 });
    await page.emulateMedia({ colorScheme });
    await page.goto(`${server.url}${path}`);
    await page.screenshot({ path: `${FOLDER}/${name}.png` });
    console.log(`${FOLDER}/${name}.png`);
  }
} finally {
  await browser.close();
  await server.dispose();
}

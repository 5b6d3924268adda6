import axe from 'axe-core';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { inject } from 'vitest';
import { createApiClient } from '../../scripts/api-client.mjs';
import type { Role } from '../../src/auth/clients.ts';

/** The web pages in a real browser, against the started server. */

const ARGUMENTS = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
  ...['--disable-component-update', '--disable-sync'],
];

export interface Visit {
  readonly role?: Role;
  /** false: the browser runs no script. */
  readonly script?: boolean;
  readonly width?: number;
  readonly theme?: 'light' | 'dark';
}

export interface Visitor {
  readonly page: Page;
  /** What the browser said: errors, warnings, refused by policy. */
  readonly complaints: string[];
  /** All that was asked for. */
  readonly requested: string[];
  close(): Promise<void>;
}

export interface WebPages {
  readonly url: string;
  /** The API with the rights of an administrator: makes what a test needs. */
  readonly api: ReturnType<typeof createApiClient>;
  /** A window of somebody who has signed in with this role. */
  visit(options?: Visit): Promise<Visitor>;
  /** A window of a stranger. */
  stranger(options?: Visit): Promise<Visitor>;
  close(): Promise<void>;
}

export async function openWebPages(): Promise<WebPages> {
  const { url, clientId, clientSecret } = inject('server');
  const api = createApiClient({ baseUrl: url, clientId, clientSecret });
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ARGUMENTS,
  });
  const states = new Map<Role, Promise<State>>();
  const stranger = (options: Visit = {}) => open(browser, options);
  return {
    url,
    api,
    stranger,
    async visit(options = {}) {
      const { role = 'admin' } = options;
      const state = states.get(role) ?? signedInState(browser, api, url, role);
      states.set(role, state);
      return open(browser, options, await state);
    },
    close: () => browser.close(),
  };
}

type State = Awaited<ReturnType<BrowserContext['storageState']>>;

/** Makes a user of the role and signs in as they would. */
async function signedInState(
  browser: Browser,
  api: ReturnType<typeof createApiClient>,
  url: string,
  role: Role,
): Promise<State> {
  const email = `${role}-${crypto.randomUUID()}@example.com`;
  const password = crypto.randomUUID();
  const made = await api.post('/v1/spillway/users', { email, name: `Test ${role}`, role, password });
  if (made.status !== 200) throw new Error(`No user: ${made.status} ${JSON.stringify(made.body)}`);
  const { page, close } = await open(browser, {});
  await page.goto(`${url}/sign-in`);
  await page.getByLabel('Email').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL(`${url}/accounts`);
  const state = await page.context().storageState();
  await close();
  return state;
}

async function open(browser: Browser, options: Visit, state?: State): Promise<Visitor> {
  const context = await browser.newContext({
    viewport: { width: options.width ?? 1280, height: 850 },
    colorScheme: options.theme ?? 'light',
    javaScriptEnabled: options.script ?? true,
    ...(state === undefined ? {} : { storageState: state }),
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  const requested: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => requested.push(request.url()));
  return { page, complaints, requested, close: () => context.close() };
}

interface AxeResult {
  readonly violations: ReadonlyArray<{
    readonly id: string;
    readonly help: string;
    readonly nodes: ReadonlyArray<{ readonly html: string; readonly failureSummary: string }>;
  }>;
}

/** What axe-core finds on the page as it is now, one line each; nothing is left out of its rules. */
export async function findings(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations } = (await page.evaluate(
    'axe.run(document, { resultTypes: ["violations"] })',
  )) as AxeResult;
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(
      ({ html, failureSummary }) =>
        `${id}: ${help}: ${html.slice(0, 200)} (${failureSummary.split('\n')[1]})`,
    ),
  );
}

/** How far the page reaches beyond the window at its side, pixels. */
export async function sidewaysScroll(page: Page): Promise<number> {
  return (await page.evaluate('document.documentElement.scrollWidth - innerWidth')) as number;
}

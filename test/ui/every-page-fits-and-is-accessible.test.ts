// Every page, with data on it, at three widths in both themes: axe-core finds nothing, nothing scrolls sideways, the browser has nothing to say,
// nobody else is asked for anything, and the page is light.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ExampleMonth, makeExampleMonth } from '../../scripts/example-month.mjs';
import { seedOnce } from '../../scripts/seed.mjs';
import { findings, openWebPages, sidewaysScroll, type Visitor, type WebPages } from '../support/web-pages.ts';

const WIDTHS = [360, 800, 1600];
const THEMES = ['light', 'dark'] as const;
const PAGE_BYTES_MAX = 60_000;

let pages: WebPages;
let month: ExampleMonth;
let visitor: Visitor;
beforeAll(async () => {
  pages = await openWebPages();
  month = await makeExampleMonth(pages.api, await seedOnce(pages.api));
  visitor = await pages.visit();
}, 120_000);
afterAll(async () => {
  await visitor?.close();
  await pages?.close();
});

/** Paths by what they show; made of what the month made. */
const SIGNED_IN: Readonly<Record<string, (month: ExampleMonth) => string>> = {
  accounts: () => '/accounts',
  'accounts that a filter leaves': () => '/accounts?partner=true&freshness=within-hour&balance=owed',
  'no accounts': () => '/accounts?name=nobody+has+this+name',
  'what is found': () => '/search?q=A-DEMO',
  'new account': () => '/accounts/new',
  account: ({ account }) => `/accounts/${account.id}`,
  'an ordinary account': ({ customer }) => `/accounts/${customer.id}`,
  'change an account': ({ account }) => `/accounts/${account.id}/edit`,
  'subscriptions of an account': ({ account }) => `/accounts/${account.id}/subscriptions`,
  'orders of an account': ({ account }) => `/accounts/${account.id}/orders`,
  'invoices of an account': ({ account }) => `/accounts/${account.id}/invoices`,
  'credit memos of an account': ({ account }) => `/accounts/${account.id}/credit-memos`,
  'debit memos of an account': ({ account }) => `/accounts/${account.id}/debit-memos`,
  'payment methods of an account': ({ account }) => `/accounts/${account.id}/payment-methods`,
  'payments of an account': ({ account }) => `/accounts/${account.id}/payments`,
  'usage of an account': ({ account }) => `/accounts/${account.id}/usage`,
  'owned accounts': ({ account }) => `/accounts/${account.id}/owned`,
  'where a number comes from': ({ account }) => `/accounts/${account.id}/metrics/operations`,
  subscriptions: () => '/subscriptions',
  subscription: ({ subscriptionNumber }) => `/subscriptions/${subscriptionNumber}`,
  orders: () => '/orders',
  order: ({ orderNumber }) => `/orders/${orderNumber}`,
  'new order': ({ account }) => `/orders/new?account=${account.number}`,
  invoices: () => '/invoices',
  'an invoice that a bill run made': ({ billedInvoiceId }) => `/invoices/${billedInvoiceId}`,
  'an invoice by hand': ({ invoiceId }) => `/invoices/${invoiceId}`,
  'a draft': ({ draftInvoiceId }) => `/invoices/${draftInvoiceId}`,
  'credit memos': () => '/credit-memos',
  'credit memo': ({ creditMemoId }) => `/credit-memos/${creditMemoId}`,
  'debit memos': () => '/debit-memos',
  'debit memo': ({ debitMemoId }) => `/debit-memos/${debitMemoId}`,
  payments: () => '/payments',
  payment: ({ paymentId }) => `/payments/${paymentId}`,
  refunds: () => '/refunds',
  refund: ({ refundId }) => `/refunds/${refundId}`,
  usage: () => '/usage',
  'bill runs': () => '/bill-runs',
  'bill run': ({ billRunId }) => `/bill-runs/${billRunId}`,
  'new bill run': () => '/bill-runs/new',
  products: () => '/products',
  product: ({ productId }) => `/products/${productId}`,
  exports: () => '/exports',
  jobs: () => '/jobs',
  'console for SQL': () => '/console?object=Account',
  'console for ZOQL': () => '/console?language=zoql&q=select+Name,Balance,Mrr+from+Account&object=Account',
  'console for Object Query': () => '/console?language=object-query&q=accounts%3Fsort%5B%5D=balance.DESC',
  'a refused query': () => '/console?language=zoql&q=select+Nothing+from+Account',
  'api log': () => '/api-log',
  settings: () => '/settings',
  'api clients': () => '/settings/api-clients',
  users: () => '/settings/users',
  profile: () => '/profile',
  status: () => '/status',
  docs: () => '/docs',
};

/** What is wrong with the page as it stands, at every width in both themes. */
async function wrongWith({ page }: Visitor): Promise<string[]> {
  const found: string[] = [];
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 850 });
    const scroll = await sidewaysScroll(page);
    if (scroll > 0) found.push(`${width}: ${scroll} pixels beside the window`);
    for (const colorScheme of THEMES) {
      await page.emulateMedia({ colorScheme });
      found.push(...(await findings(page)).map((one) => `${width} ${colorScheme}: ${one}`));
    }
  }
  return found;
}

describe('for somebody who has signed in', () => {
  test.each(Object.keys(SIGNED_IN))('%s', async (name) => {
    const { page, complaints, requested } = visitor;
    complaints.length = 0;
    requested.length = 0;
    const path = SIGNED_IN[name]!(month);
    const reply = await page.goto(`${pages.url}${path}`);
    expect(reply?.status(), path).toBe(200);
    expect(await page.locator('h1').count()).toBe(1);
    expect(await wrongWith(visitor)).toEqual([]);
    expect(complaints).toEqual([]);
    expect(requested.filter((address) => !address.startsWith(`${pages.url}/`))).toEqual([]);
  });
});

describe('for a stranger', () => {
  test.each(['/sign-in', '/docs', '/nothing-here'])('%s', async (path) => {
    const stranger = await pages.stranger();
    await stranger.page.goto(`${pages.url}${path}`);
    expect(await wrongWith(stranger)).toEqual([]);
    await stranger.close();
  });

  test.each(Object.entries(SIGNED_IN).filter(([name]) => name !== 'docs'))(
    '%s is behind the sign-in',
    async (_, pathOf) => {
      const reply = await fetch(`${pages.url}${pathOf(month)}`, {
        redirect: 'manual',
        headers: { Accept: 'text/html' },
      });
      expect([reply.status, reply.headers.get('Location')]).toEqual([
        303,
        expect.stringMatching(/^\/sign-in\?next=%2F/),
      ]);
    },
  );
});

test('a page with its style and script weighs under 60 kB, charts left out', async () => {
  const cookies = await visitor.page.context().cookies();
  const headers = { Cookie: cookies.map(({ name, value }) => `${name}=${value}`).join('; ') };
  const bytesOf = async (path: string) => {
    const text = await (await fetch(`${pages.url}${path}`, { headers })).text();
    return new TextEncoder().encode(text.replaceAll(/<figure class="chart">.*?<\/figure>/gs, '')).byteLength;
  };
  const shared = (await bytesOf('/app.css')) + (await bytesOf('/app.js')) + (await bytesOf('/favicon.svg'));
  const heavy: string[] = [];
  for (const [name, pathOf] of Object.entries(SIGNED_IN)) {
    const bytes = shared + (await bytesOf(pathOf(month)));
    if (bytes >= PAGE_BYTES_MAX) heavy.push(`${name}: ${bytes}`);
  }
  expect(heavy).toEqual([]);
});

test('pages come with a policy that keeps foreign and inline code out, and are kept by no cache', async () => {
  for (const path of ['/sign-in', '/nothing-here', '/app.css', '/app.js', '/robots.txt', '/favicon.svg']) {
    const reply = await fetch(`${pages.url}${path}`, { headers: { Accept: 'text/html' } });
    const policy = reply.headers.get('Content-Security-Policy') ?? '';
    expect(policy, path).toContain("default-src 'none'");
    expect(policy, path).not.toContain('unsafe-inline');
    expect(reply.headers.get('X-Content-Type-Options'), path).toBe('nosniff');
  }
});

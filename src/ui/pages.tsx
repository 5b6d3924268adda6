import { Hono } from 'hono';
import { log } from '../persistence/log.ts';
import type { ApiDescription } from '../wire/api-description.ts';
import { ApiProblem, type InProcessApi, pageApi } from './api.ts';
import { ErrorPage } from './components/error-page.tsx';
import { docsPages } from './docs/pages.tsx';
import { Format, localeFor } from './format.ts';
import { page } from './layout.tsx';
import type { PageContext, PageEnv } from './page-env.ts';
import { accountPages } from './pages/accounts/index.tsx';
import { apiLogPages } from './pages/api-log/index.tsx';
import { billRunPages } from './pages/bill-runs/bill-runs.tsx';
import { newBillRunPages } from './pages/bill-runs/new-bill-run.tsx';
import { consolePages } from './pages/console/index.tsx';
import { invoicePages } from './pages/documents/invoices.tsx';
import { memoPages } from './pages/documents/memos.tsx';
import { exportPages } from './pages/exports.tsx';
import { jobPages } from './pages/jobs/jobs.tsx';
import { operatingPages } from './pages/jobs/operating.tsx';
import { orderPages } from './pages/orders/index.tsx';
import { paymentPages } from './pages/payments/payments.tsx';
import { chargePages } from './pages/products/charges.tsx';
import { productPages } from './pages/products/products.tsx';
import { unitPages } from './pages/products/units.tsx';
import { profilePages } from './pages/profile.tsx';
import { searchPages } from './pages/search.tsx';
import { apiClientPages } from './pages/settings/api-clients.tsx';
import { settingPages } from './pages/settings/settings.tsx';
import { mountSetup } from './pages/setup.tsx';
import { mountSignIn, signOutPages } from './pages/sign-in.tsx';
import { statusPages } from './pages/status.tsx';
import { changePages } from './pages/subscriptions/change-order.tsx';
import { subscriptionPages } from './pages/subscriptions/index.tsx';
import { productChangePages } from './pages/subscriptions/product-change.tsx';
import { usagePages } from './pages/usage/usage.tsx';
import { userPages } from './pages/users.tsx';
import { perhapsSignedIn, signedIn } from './session.tsx';

/** The routes of one area: gives the API to each handler. */
export type PageRoutes = (app: Hono<PageEnv>, apiOf: (c: PageContext) => ReturnType<typeof pageApi>) => void;

/** The table of contents of what only people who have signed in see. */
const SIGNED_IN: readonly PageRoutes[] = [
  accountPages,
  apiLogPages,
  consolePages,
  signOutPages,
  profilePages,
  userPages,
  orderPages,
  changePages,
  productChangePages,
  subscriptionPages,
  invoicePages,
  memoPages,
  paymentPages,
  usagePages,
  searchPages,
  unitPages,
  productPages,
  chargePages,
  newBillRunPages,
  billRunPages,
  exportPages,
  operatingPages,
  jobPages,
  settingPages,
  apiClientPages,
  statusPages,
];

/**
 * The web pages: server-rendered, a client of the API that is called in process. What the API refuses stands beside its field;
 * what a page cannot go on without becomes a page that says so.
 */
export function createPages(api: InProcessApi, describe: () => ApiDescription): Hono<PageEnv> {
  const app = new Hono<PageEnv>();
  const apiOf = (c: PageContext) => pageApi(c, api);
  app.onError((error, c) => onError(error, c));
  app.get('/', (c) => c.redirect('/accounts', 302));
  mountSignIn(app);
  mountSetup(app);
  for (const path of ['/docs', '/docs/:area', '/docs/:area/:operation']) app.use(path, perhapsSignedIn());
  docsPages(app, describe);
  const inside = new Hono<PageEnv>();
  inside.onError((error, c) => onError(error, c));
  const guard = signedIn();
  // Only on paths of pages: what is none of them is answered by whoever serves it.
  for (const routes of SIGNED_IN) routes(inside, apiOf);
  for (const path of new Set(inside.routes.map((route) => route.path))) app.use(path, guard);
  app.route('/', inside);
  return app;
}

function onError(error: Error, c: PageContext): Response | Promise<Response> {
  if (error instanceof ApiProblem) {
    const { status } = error.reply;
    const title =
      status === 404
        ? 'There is no such page'
        : status === 403
          ? 'Not for your role'
          : 'This cannot be shown';
    return page(
      c,
      { title, status: Math.max(status, 400) },
      <ErrorPage title={title} message={error.message} />,
    );
  }
  log('page.failed', {
    request: c.get('requestId'),
    path: c.req.path,
    message: error.stack ?? error.message,
  });
  return page(
    c,
    { title: 'Not now', status: 503 },
    <ErrorPage
      title="This page could not be made now"
      message={`Nothing was changed that the page does not say. Try again; if it stays, tell your administrator the request id ${c.get('requestId')}.`}
    />,
  );
}

/** For people who ask for a page that is none; programs get the API's answer. */
export async function pageNotFound(c: PageContext): Promise<Response | null> {
  const wantsPage = c.req.method === 'GET' && /text\/html/.test(c.req.header('Accept') ?? '');
  if (!wantsPage || /^\/(v1|apps|object-query|query|oauth)\//.test(c.req.path)) return null;
  c.set('format', new Format(localeFor(null, c.req.header('Accept-Language')), 'UTC'));
  return page(
    c,
    { title: 'There is no such page', status: 404 },
    <ErrorPage
      title="There is no such page"
      message="The address may be mistyped, or what was here is gone."
    />,
  );
}

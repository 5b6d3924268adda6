import type { Child } from 'hono/jsx';
import type { Role } from '../auth/clients.ts';
import type { Format } from './format.ts';
import { CSRF_FIELD } from './forms/form.tsx';
import type { PageContext } from './page-env.ts';

/** Pages load nothing from elsewhere, run no inline script, stand in nobody's frame, and are kept by no cache. */
const PAGE_HEADERS = {
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  'Referrer-Policy': 'same-origin',
  'X-Content-Type-Options': 'nosniff',
  'Cache-Control': 'no-store',
} as const;

interface NavItem {
  readonly path: string;
  readonly label: string;
  readonly isForAdmins?: boolean;
  /** Not for the role read. */
  readonly isForWriters?: boolean;
}

/** The menu: what people do all day first, what is set up once last. */
const NAVIGATION: ReadonlyArray<{ readonly title: string; readonly items: readonly NavItem[] }> = [
  {
    title: 'Customers',
    items: [
      { path: '/accounts', label: 'Accounts' },
      { path: '/subscriptions', label: 'Subscriptions' },
      { path: '/orders', label: 'Orders' },
    ],
  },
  {
    title: 'Billing',
    items: [
      { path: '/invoices', label: 'Invoices' },
      { path: '/credit-memos', label: 'Credit memos' },
      { path: '/debit-memos', label: 'Debit memos' },
      { path: '/bill-runs', label: 'Bill runs' },
      { path: '/usage', label: 'Usage' },
    ],
  },
  {
    title: 'Payments',
    items: [
      { path: '/payments', label: 'Payments' },
      { path: '/refunds', label: 'Refunds' },
    ],
  },
  { title: 'Catalog', items: [{ path: '/products', label: 'Products' }] },
  {
    title: 'Data',
    items: [
      { path: '/console', label: 'Query console' },
      { path: '/exports', label: 'Exports' },
      { path: '/jobs', label: 'Jobs' },
      { path: '/api-log', label: 'API log', isForWriters: true },
    ],
  },
  {
    title: 'Set-up',
    items: [
      { path: '/settings', label: 'Settings', isForAdmins: true },
      { path: '/settings/api-clients', label: 'API clients', isForAdmins: true },
      { path: '/settings/users', label: 'Users', isForAdmins: true },
      { path: '/docs', label: 'API docs' },
      { path: '/status', label: 'Status' },
    ],
  },
];

export interface Crumb {
  readonly label: string;
  readonly path: string;
}

export interface PageOptions {
  readonly title: string;
  /** Pages that lead here, outermost first. */
  readonly crumbs?: readonly Crumb[];
  readonly status?: number;
  /** Beside the title: what can be done here. */
  readonly actions?: Child;
  /** Said once above the page: what was just done. */
  readonly notice?: string | undefined;
  /** Takes the width of the window where nobody has signed in, too. */
  readonly isWide?: boolean;
  /** A document that is printed: the head of the page is left out on paper. */
  readonly isPrinted?: boolean;
}

/** A whole page as the reply. */
export function page(c: PageContext, options: PageOptions, content: Child): Response | Promise<Response> {
  for (const [name, value] of Object.entries(PAGE_HEADERS)) c.header(name, value);
  c.header('Vary', 'Accept-Language');
  c.status((options.status ?? 200) as 200);
  return c.html(`<!doctype html>${(<Layout c={c} options={options} content={content} />).toString()}`);
}

/** A part of a page, for script that renews it. */
export function part(c: PageContext, content: Child): Response | Promise<Response> {
  for (const [name, value] of Object.entries(PAGE_HEADERS)) c.header(name, value);
  return c.html(String(content));
}

export function Layout({
  c,
  options,
  content,
}: {
  readonly c: PageContext;
  readonly options: PageOptions;
  readonly content: Child;
}) {
  const user = c.get('user') ?? null;
  const theme = user?.theme ?? 'system';
  // Pages that anybody may see may have been made without one.
  const format = c.get('format') as Format | undefined;
  return (
    <html
      lang="en"
      {...(theme === 'system' ? {} : { 'data-theme': theme })}
      {...(format === undefined ? {} : { 'data-locale': format.locale })}
    >
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{`${options.title} · Spillway`}</title>
        <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="/app.css" />
        <script src="/app.js" defer />
      </head>
      <body class={user === null ? (options.isWide === true ? 'alone wide' : 'alone') : ''}>
        <a class="skip" href="#main">
          Skip to the content
        </a>
        {user === null ? null : <Header c={c} />}
        <main id="main" tabindex={-1}>
          {options.crumbs === undefined ? null : <Crumbs crumbs={options.crumbs} />}
          <div class="title">
            <h1>{options.title}</h1>
            {options.actions === undefined ? null : <div class="actions">{options.actions}</div>}
          </div>
          {options.notice === undefined ? null : (
            <p class="notice" role="status">
              {options.notice}
            </p>
          )}
          {content}
        </main>
      </body>
    </html>
  );
}

function Header({ c }: { readonly c: PageContext }) {
  const user = c.get('user');
  const here = new URL(c.req.url).pathname;
  return (
    <header class="side">
      <a class="brand" href="/accounts">
        <img src="/favicon.svg" width="24" height="24" alt="" /> Spillway
      </a>
      <details class="menu" data-menu>
        <summary>Menu</summary>
        <Navigation here={here} role={user.role} />
      </details>
      <search class="find">
        <form method="get" action="/search">
          <label class="hidden" for="find">
            Search accounts, subscriptions, orders and documents
          </label>
          <input
            id="find"
            type="search"
            name="q"
            placeholder="Search"
            data-find
            autocomplete="off"
            maxlength={200}
          />
        </form>
      </search>
      <details class="who">
        <summary>{user.name}</summary>
        <div class="card">
          <p>{user.email}</p>
          <a href="/profile">Profile</a>
          <form method="post" action="/sign-out">
            <input type="hidden" name={CSRF_FIELD} value={c.get('csrfToken')} />
            <button type="submit">Sign out</button>
          </form>
        </div>
      </details>
    </header>
  );
}

function Navigation({ here, role }: { readonly here: string; readonly role: Role }) {
  // Of entries that this page lies below, the longest: /settings/users is not /settings.
  const current = NAVIGATION.flatMap(({ items }) => items.map(({ path }) => path))
    .filter((path) => here === path || here.startsWith(`${path}/`))
    .sort((a, b) => b.length - a.length)[0];
  return (
    <nav aria-label="Main">
      {NAVIGATION.map(({ title, items }) => {
        const shown = items.filter(
          (item) =>
            (role === 'admin' || item.isForAdmins !== true) &&
            (role !== 'read' || item.isForWriters !== true),
        );
        return (
          <section>
            <h2>{title}</h2>
            <ul>
              {shown.map(({ path, label }) => (
                <li>
                  <a href={path} {...(path === current ? { 'aria-current': 'page' } : {})}>
                    {label}
                  </a>
                </li>
              ))}
            </ul>
          </section>
        );
      })}
    </nav>
  );
}

function Crumbs({ crumbs }: { readonly crumbs: readonly Crumb[] }) {
  return (
    <nav class="crumbs" aria-label="Breadcrumb">
      <ol>
        {crumbs.map(({ label, path }) => (
          <li>
            <a href={path}>{label}</a>
          </li>
        ))}
      </ol>
    </nav>
  );
}

import type { Child } from 'hono/jsx';
import { ApiProblem, type ApiReply, encoded, type Json, type PageApi } from '../../api.ts';
import { Status, Tabs } from '../../components/parts.tsx';
import { page } from '../../layout.tsx';
import type { PageContext } from '../../page-env.ts';

/** The pages about one account, in the order of their tabs; '' is the overview. */
export const ACCOUNT_TABS = [
  ['', 'Overview'],
  ['subscriptions', 'Subscriptions'],
  ['orders', 'Orders'],
  ['invoices', 'Invoices'],
  ['credit-memos', 'Credit memos'],
  ['debit-memos', 'Debit memos'],
  ['payments', 'Payments'],
  ['usage', 'Usage'],
  ['payment-methods', 'Payment methods'],
  ['owned', 'Owned accounts'],
] as const;
export type AccountTab = (typeof ACCOUNT_TABS)[number][0];

export const accountPath = (id: string, below = '') =>
  `/accounts/${encoded(id)}${below === '' ? '' : `/${below}`}`;

/** What is said above an account's page after a write; named in the address, so that nobody else can put words there. */
const NOTICES: Readonly<Record<string, string>> = {
  created: 'The account was created.',
  changed: 'The account was changed.',
  refreshed: 'The metrics were published just now.',
  'contact-added': 'The contact was added.',
  'contact-changed': 'The contact was changed.',
  'contact-deleted': 'The contact was deleted.',
  'method-added': 'The payment method was added.',
  'method-deleted': 'The payment method was deleted.',
  'method-default': 'Payments that name no method now go by this one.',
};

export function noticeOf(c: PageContext): string | undefined {
  return NOTICES[c.req.query('done') ?? ''];
}

const ID = /^[0-9a-f]{32}$/;

/** Addresses of an account's pages have its id; one with its number leads there. Null: it is an id. */
export async function redirectToId(c: PageContext, api: PageApi): Promise<Response | null> {
  const key = c.req.param('id') ?? '';
  if (ID.test(key)) return null;
  const found = await api.read(`/v1/accounts/${encoded(key)}`);
  const url = new URL(c.req.url);
  const rest = url.pathname.split('/').slice(3).join('/');
  return c.redirect(`${accountPath(found.basicInfo.id, rest)}${url.search}`, 302);
}

/** What a page cannot go on without. */
export function needed(reply: ApiReply): Json {
  if (!reply.isOk) throw new ApiProblem(reply);
  return reply.body;
}

export const canWrite = (c: PageContext) => c.get('user').role !== 'read';

/** A page about an account: its name, what kind it is, its tabs. */
export function accountPage(
  c: PageContext,
  account: Json,
  {
    tab,
    actions,
    status = 200,
    content,
  }: {
    readonly tab: AccountTab;
    readonly actions?: Child;
    readonly status?: number;
    readonly content: Child;
  },
): Response | Promise<Response> {
  const { id, name } = account.basicInfo;
  return page(
    c,
    {
      title: name,
      status,
      crumbs: [{ path: '/accounts', label: 'Accounts' }],
      notice: noticeOf(c),
      actions: canWrite(c) ? (actions ?? <AccountActions id={id} />) : undefined,
    },
    <>
      <p class="about">
        <span class="code">{account.basicInfo.accountNumber}</span>
        <Status value={account.basicInfo.status} />
        {account.basicInfo.partnerAccount ? <span class="status">Partner account</span> : null}
        <span class="quiet">{account.billingAndPayment.currency}</span>
      </p>
      <Tabs
        label="About this account"
        tabs={ACCOUNT_TABS.map(([path, label]) => ({ path: accountPath(id, path), label }))}
        current={accountPath(id, tab)}
      />
      {content}
    </>,
  );
}

function AccountActions({ id }: { readonly id: string }) {
  return (
    <>
      <a class="button" href={`/orders/new?account=${encoded(id)}`}>
        New order
      </a>
      <a class="button" href={accountPath(id, 'edit')}>
        Edit
      </a>
    </>
  );
}

/** A page below a tab: a form, the operations behind a number. */
export function belowAccount(
  c: PageContext,
  account: Json,
  { title, status, content }: { readonly title: string; readonly status?: number; readonly content: Child },
): Response | Promise<Response> {
  const { id, name } = account.basicInfo;
  return page(
    c,
    {
      title,
      crumbs: [
        { path: '/accounts', label: 'Accounts' },
        { path: accountPath(id), label: name },
      ],
      notice: noticeOf(c),
      ...(status === undefined ? {} : { status }),
    },
    content,
  );
}

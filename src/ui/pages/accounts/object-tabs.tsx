import type { Child } from 'hono/jsx';
import { encoded, type PageApi } from '../../api.ts';
import { creditMemoList } from '../../lists/credit-memo-list.tsx';
import { debitMemoList } from '../../lists/debit-memo-list.tsx';
import { invoiceList } from '../../lists/invoice-list.tsx';
import { csvOfList, isCsv, type ObjectList, showList } from '../../lists/object-list.tsx';
import { orderList } from '../../lists/order-list.tsx';
import { paymentList } from '../../lists/payment-list.tsx';
import { subscriptionList } from '../../lists/subscription-list.tsx';
import { usageList } from '../../lists/usage-list.tsx';
import type { PageContext } from '../../page-env.ts';
import { type AccountTab, accountPage, accountPath, needed } from './account-frame.tsx';

interface ObjectTab {
  readonly tab: AccountTab;
  readonly list: ObjectList;
  /** What begins here. */
  readonly add?: { readonly path: string; readonly label: string };
}

/** Tabs that list the objects of an account, along the index that they have by account. */
export const OBJECT_TABS: readonly ObjectTab[] = [
  { tab: 'subscriptions', list: subscriptionList, add: { path: '/orders/new', label: 'New order' } },
  { tab: 'orders', list: orderList, add: { path: '/orders/new', label: 'New order' } },
  { tab: 'invoices', list: invoiceList, add: { path: '/invoices/new', label: 'New invoice' } },
  { tab: 'credit-memos', list: creditMemoList, add: { path: '/credit-memos/new', label: 'New credit memo' } },
  { tab: 'debit-memos', list: debitMemoList, add: { path: '/debit-memos/new', label: 'New debit memo' } },
  { tab: 'payments', list: paymentList, add: { path: '/payments/new', label: 'New payment' } },
  { tab: 'usage', list: usageList },
];

/** GET /accounts/:id/<tab>: the account and a page of its objects, in one parallel round. */
export async function objectTabPage(
  c: PageContext,
  api: PageApi,
  { tab, list, add }: ObjectTab,
): Promise<Response> {
  const id = c.req.param('id')!;
  const place = {
    path: accountPath(id, tab),
    fixed: [`accountid.EQ:${id}`],
    without: ['account'],
  };
  const ofOne = {
    ...list,
    columns: list.columns.filter(({ title }) => title !== 'Account' && title !== 'Partner'),
  };
  if (isCsv(c)) return csvOfList(c, api, ofOne, place);
  const [account, content] = await Promise.all([
    api.get(`/v1/accounts/${encoded(id)}`),
    showList(c, api, ofOne, place),
  ]);
  const action: Child =
    add === undefined ? undefined : (
      <a class="button" href={`${add.path}?account=${encoded(needed(account).basicInfo.accountNumber)}`}>
        {add.label}
      </a>
    );
  return accountPage(c, needed(account), {
    tab,
    ...(action === undefined ? {} : { actions: action }),
    content,
  });
}

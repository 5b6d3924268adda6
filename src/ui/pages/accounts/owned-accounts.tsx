import { encoded, type PageApi } from '../../api.ts';
import { accountList } from '../../lists/account-list.tsx';
import { invoicedSubscriptionList } from '../../lists/invoiced-subscription-list.tsx';
import { csvOfList, isCsv, type ListPlace, showList } from '../../lists/object-list.tsx';
import type { PageContext } from '../../page-env.ts';
import { accountPage, accountPath, canWrite, needed } from './account-frame.tsx';

/** GET /accounts/:id/owned: the accounts below this one. */
export async function ownedAccountsPage(c: PageContext, api: PageApi): Promise<Response> {
  const id = c.req.param('id')!;
  const list = {
    ...accountList,
    title: 'Owned accounts',
    empty: (
      <>
        <h2>This account owns no others</h2>
        <p>An account is owned by the one that it names as its parent account.</p>
        {canWrite(c) ? (
          <a class="button" href={`/accounts/new?parent=${encoded(id)}`}>
            New account below this one
          </a>
        ) : null}
      </>
    ),
  };
  const place: ListPlace = { path: accountPath(id, 'owned'), fixed: [`parentid.EQ:${id}`] };
  if (isCsv(c)) return csvOfList(c, api, list, place);
  const [account, content] = await Promise.all([
    api.get(`/v1/accounts/${encoded(id)}`),
    showList(c, api, list, place),
  ]);
  return accountPage(c, needed(account), {
    tab: 'owned',
    content: (
      <>
        <p class="quiet">
          Accounts whose parent is this one.{' '}
          <a href={accountPath(id, 'invoiced')}>Subscriptions of others that this account is invoiced for</a>
        </p>
        {content}
      </>
    ),
  });
}

/** GET /accounts/:id/invoiced: what others own and this account pays for, as a reseller does. */
export async function invoicedPage(c: PageContext, api: PageApi): Promise<Response> {
  const id = c.req.param('id')!;
  const place: ListPlace = {
    path: accountPath(id, 'invoiced'),
    fixed: [`invoiceownerid.EQ:${id}`, 'islatestversion.EQ:true', `accountid.NE:${id}`],
  };
  if (isCsv(c)) return csvOfList(c, api, invoicedSubscriptionList, place);
  const [account, content] = await Promise.all([
    api.get(`/v1/accounts/${encoded(id)}`),
    showList(c, api, invoicedSubscriptionList, place),
  ]);
  return accountPage(c, needed(account), {
    tab: 'owned',
    content: (
      <>
        <p class="quiet">
          Subscriptions of other accounts whose invoices go to this one: their contracted MRR counts for their
          owner, their invoices for this account. <a href={accountPath(id, 'owned')}>Owned accounts</a>
        </p>
        {content}
      </>
    ),
  });
}

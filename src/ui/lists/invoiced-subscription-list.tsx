import { dateColumn, linkColumn, moneyColumn, pathOf, statusColumn } from './cells.tsx';
import type { ObjectList } from './object-list.tsx';

/** Subscriptions that one account is invoiced for and others own. */
export const invoicedSubscriptionList: ObjectList = {
  collection: 'subscriptions',
  title: 'Subscriptions of others',
  sort: 'id.DESC',
  expand: ['account'],
  columns: [
    linkColumn('Owner', 'account.name', pathOf('accounts', 'accountId')),
    {
      title: 'Owner number',
      cell: (row) => row.account?.accountNumber ?? '',
      csv: (row) => row.account?.accountNumber,
      isWideOnly: true,
    },
    linkColumn('Subscription', 'name', pathOf('subscriptions', 'name')),
    statusColumn(),
    moneyColumn('Contracted MRR', 'cMRR'),
    dateColumn('Term ends', 'termEndDate', { isWideOnly: true }),
  ],
  filters: [],
  empty: (
    <>
      <h2>No subscriptions of others</h2>
      <p>
        An order for one account can name another as invoice owner, as resellers do. Such subscriptions are
        listed here.
      </p>
    </>
  ),
};

import { choicesOf } from '../forms/fields.ts';
import {
  dateColumn,
  instantColumn,
  linkColumn,
  moneyColumn,
  pathOf,
  statusColumn,
  textColumn,
} from './cells.tsx';
import type { ObjectList } from './object-list.tsx';

/**
 * Subscriptions, each in its latest version: what is filtered by `islatestversion` is found along the index of an account's, and ids go by time, so that
 * those that changed last stand first whether the list is of all accounts or of one.
 */
export const subscriptionList: ObjectList = {
  collection: 'subscriptions',
  title: 'Subscriptions',
  sort: 'id.DESC',
  fixed: ['islatestversion.EQ:true'],
  expand: ['account'],
  columns: [
    linkColumn('Number', 'name', pathOf('subscriptions', 'name'), { sort: 'name' }),
    linkColumn('Account', 'account.name', pathOf('accounts', 'accountId')),
    statusColumn(),
    moneyColumn('Contracted MRR', 'cMRR'),
    dateColumn('Start', 'subscriptionStartDate', { isWideOnly: true }),
    dateColumn('Term ends', 'termEndDate', { isWideOnly: true }),
    textColumn('Version', 'version', { isWideOnly: true }),
    instantColumn('Changed', 'updatedDate', { sort: 'updateddate', isWideOnly: true }),
  ],
  filters: [
    {
      name: 'number',
      label: 'Subscription number',
      type: 'search',
      filtersOf: (value) => [`name.EQ:${value}`],
    },
    {
      name: 'status',
      label: 'Status',
      type: 'select',
      choices: choicesOf(
        'Active',
        'Suspended',
        'Cancelled',
        'Expired',
        'Pending Activation',
        'Pending Acceptance',
        'Draft',
      ),
      filtersOf: (value) => [`status.EQ:${value}`],
    },
    {
      name: 'changed',
      label: 'Changed since',
      type: 'date',
      filtersOf: (value) => [`updateddate.GE:${value}T00:00:00Z`],
    },
  ],
  empty: (
    <>
      <h2>No subscriptions yet</h2>
      <p>
        A subscription is what an account has agreed to pay for. It is made by an order: open an account and
        choose New order, or send POST /v1/orders.
      </p>
      <a class="button primary" href="/orders/new">
        New order
      </a>
    </>
  ),
};

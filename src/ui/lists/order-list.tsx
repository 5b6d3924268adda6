import { choicesOf } from '../forms/fields.ts';
import { dateColumn, instantColumn, linkColumn, pathOf, statusColumn, textColumn } from './cells.tsx';
import type { ObjectList } from './object-list.tsx';

/** Orders, by their date: the latest first. */
export const orderList: ObjectList = {
  collection: 'orders',
  title: 'Orders',
  sort: 'orderdate.DESC',
  expand: ['account'],
  columns: [
    linkColumn('Number', 'orderNumber', pathOf('orders', 'orderNumber'), { sort: 'ordernumber' }),
    linkColumn('Account', 'account.name', pathOf('accounts', 'accountId')),
    {
      title: 'Partner',
      cell: (row) => (row.account?.partnerAccount ? <span class="status">Partner</span> : ''),
      csv: (row) => row.account?.partnerAccount,
      isWideOnly: true,
    },
    dateColumn('Order date', 'orderDate', { sort: 'orderdate' }),
    statusColumn(),
    textColumn('Category', 'category', { isWideOnly: true }),
    dateColumn('Scheduled for', 'scheduledDate', { isWideOnly: true }),
    instantColumn('Changed', 'updatedDate', { sort: 'updateddate', isWideOnly: true }),
  ],
  filters: [
    {
      name: 'number',
      label: 'Order number',
      type: 'search',
      filtersOf: (value) => [`ordernumber.EQ:${value}`],
    },
    {
      name: 'status',
      label: 'Status',
      type: 'select',
      choices: choicesOf('Draft', 'Pending', 'Scheduled', 'Completed', 'Cancelled', 'Failed'),
      filtersOf: (value) => [`status.EQ:${value}`],
    },
    {
      name: 'from',
      label: 'Ordered from',
      type: 'date',
      filtersOf: (value) => [`orderdate.GE:${value}`],
    },
    {
      name: 'to',
      label: 'Ordered until',
      type: 'date',
      filtersOf: (value) => [`orderdate.LE:${value}`],
    },
  ],
  empty: (
    <>
      <h2>No orders yet</h2>
      <p>
        Everything that changes a subscription is an order: the first one creates it. Make one here, or send
        POST /v1/orders.
      </p>
      <a class="button primary" href="/orders/new">
        New order
      </a>
    </>
  ),
};

import { accountColumn, documentFilters } from './account-parts.tsx';
import { dateColumn, linkColumn, moneyColumn, pathOf, statusColumn } from './cells.tsx';
import type { ObjectList } from './object-list.tsx';

export const invoiceList: ObjectList = {
  collection: 'invoices',
  title: 'Invoices',
  sort: 'updateddate.DESC',
  sortOfAccount: 'invoicedate.DESC',
  expand: ['account'],
  columns: [
    linkColumn('Number', 'invoiceNumber', pathOf('invoices', 'id'), { sort: 'invoicenumber' }),
    accountColumn,
    statusColumn(),
    dateColumn('Invoice date', 'invoiceDate', { sort: 'invoicedate', isSortOfAccount: true }),
    dateColumn('Due date', 'dueDate', { sort: 'duedate', isSortOfAccount: true, isWideOnly: true }),
    moneyColumn('Amount', 'amount', { sort: 'amount', isSortOfAccount: true }),
    moneyColumn('Balance', 'balance', { sort: 'balance', isSortOfAccount: true }),
  ],
  filters: documentFilters({
    number: ['Invoice number', 'invoicenumber'],
    left: ['Balance', 'Open', 'Nothing open'],
    date: ['Invoice date', 'invoicedate'],
  }),
  empty: (
    <>
      <h2>No invoices yet</h2>
      <p>
        Orders and bill runs bill what subscriptions owe; an account’s page bills it now. What is billed by
        hand is a new invoice.
      </p>
      <a class="button" href="/invoices/new">
        New invoice
      </a>
    </>
  ),
};

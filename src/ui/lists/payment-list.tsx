import { choicesOf } from '../forms/fields.ts';
import {
  accountColumn,
  accountFilter,
  dateFilters,
  numberFilter,
  openFilter,
  statusFilter,
} from './account-parts.tsx';
import { dateColumn, linkColumn, moneyColumn, pathOf, statusColumn, textColumn } from './cells.tsx';
import type { ObjectList } from './object-list.tsx';

export const paymentList: ObjectList = {
  collection: 'payments',
  title: 'Payments',
  sort: 'updateddate.DESC',
  sortOfAccount: 'effectivedate.DESC',
  expand: ['account'],
  columns: [
    linkColumn('Number', 'paymentNumber', pathOf('payments', 'id'), { sort: 'paymentnumber' }),
    accountColumn,
    statusColumn(),
    textColumn('Type', 'type', { isWideOnly: true }),
    dateColumn('Effective date', 'effectiveDate', { sort: 'effectivedate', isSortOfAccount: true }),
    textColumn('Reference', 'referenceId', { isWideOnly: true }),
    moneyColumn('Amount', 'amount', { sort: 'amount', isSortOfAccount: true }),
    moneyColumn('Unapplied', 'unappliedAmount', { sort: 'unappliedamount', isSortOfAccount: true }),
  ],
  filters: [
    numberFilter('Payment number', 'paymentnumber'),
    accountFilter,
    statusFilter('Processing', 'Processed', 'Error', 'Canceled'),
    {
      name: 'type',
      label: 'Type',
      type: 'select',
      choices: choicesOf('External', 'Electronic'),
      filtersOf: (value) => [`type.EQ:${value}`],
    },
    openFilter('Unapplied', 'unappliedamount', 'Something left', 'Used up'),
    ...dateFilters('Effective date', 'effectivedate'),
  ],
  empty: (
    <>
      <h2>No payments yet</h2>
      <p>
        Record money that came in (a transfer, a cheque), or charge a payment method through its gateway. An
        invoice’s page has Pay, which applies the payment to it.
      </p>
      <a class="button" href="/payments/new">
        New payment
      </a>
    </>
  ),
};

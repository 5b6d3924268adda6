import { choicesOf } from '../forms/fields.ts';
import { accountColumn, accountFilter, dateFilters, numberFilter, statusFilter } from './account-parts.tsx';
import { dateColumn, linkColumn, moneyColumn, pathOf, statusColumn, textColumn } from './cells.tsx';
import type { ObjectList } from './object-list.tsx';

export const refundList: ObjectList = {
  collection: 'refunds',
  title: 'Refunds',
  sort: 'updateddate.DESC',
  sortOfAccount: 'refunddate.DESC',
  expand: ['account'],
  columns: [
    linkColumn('Number', 'refundNumber', pathOf('refunds', 'id'), { sort: 'refundnumber' }),
    accountColumn,
    statusColumn(),
    textColumn('Type', 'type', { isWideOnly: true }),
    textColumn('Method', 'methodType', { isWideOnly: true }),
    {
      title: 'Of',
      cell: (row) =>
        row.paymentId ? (
          <a href={`/payments/${row.paymentId}`}>{row.associatedTransactionNumber}</a>
        ) : (
          // Of a credit memo, whose number leads to its page as well as its id does.
          <a href={`/credit-memos/${row.associatedTransactionNumber}`}>{row.associatedTransactionNumber}</a>
        ),
      csv: (row) => row.associatedTransactionNumber,
    },
    dateColumn('Refund date', 'refundDate', { sort: 'refunddate', isSortOfAccount: true }),
    moneyColumn('Amount', 'amount', { sort: 'amount', isSortOfAccount: true }),
  ],
  filters: [
    numberFilter('Refund number', 'refundnumber'),
    accountFilter,
    statusFilter('Processing', 'Processed', 'Error', 'Canceled'),
    {
      name: 'type',
      label: 'Type',
      type: 'select',
      choices: choicesOf('External', 'Electronic'),
      filtersOf: (value) => [`type.EQ:${value}`],
    },
    ...dateFilters('Refund date', 'refunddate'),
  ],
  empty: (
    <>
      <h2>No refunds yet</h2>
      <p>A refund gives back what is left of a payment or a credit memo. Its page has Refund.</p>
      <a class="button" href="/payments?open=open">
        Payments with something left
      </a>
    </>
  ),
};

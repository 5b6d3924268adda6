import { accountColumn, documentFilters } from './account-parts.tsx';
import { dateColumn, linkColumn, moneyColumn, pathOf, statusColumn, textColumn } from './cells.tsx';
import type { ObjectList } from './object-list.tsx';

export const debitMemoList: ObjectList = {
  collection: 'debit-memos',
  title: 'Debit memos',
  sort: 'updateddate.DESC',
  sortOfAccount: 'memodate.DESC',
  expand: ['account'],
  columns: [
    linkColumn('Number', 'memoNumber', pathOf('debit-memos', 'id'), { sort: 'memonumber' }),
    accountColumn,
    statusColumn(),
    dateColumn('Memo date', 'memoDate', { sort: 'memodate', isSortOfAccount: true }),
    dateColumn('Due date', 'dueDate', { sort: 'duedate', isSortOfAccount: true, isWideOnly: true }),
    textColumn('Reason', 'reasonCode', { isWideOnly: true }),
    moneyColumn('Amount', 'totalAmount', { sort: 'totalamount', isSortOfAccount: true }),
    moneyColumn('Balance', 'balance', { sort: 'balance', isSortOfAccount: true }),
  ],
  filters: documentFilters({
    number: ['Memo number', 'memonumber'],
    left: ['Balance', 'Open', 'Nothing open'],
    date: ['Memo date', 'memodate'],
  }),
  empty: (
    <>
      <h2>No debit memos yet</h2>
      <p>
        A debit memo adds to what is owed: to lines of an invoice, from its page, or for a product’s charge.
      </p>
      <a class="button" href="/debit-memos/new">
        New debit memo
      </a>
    </>
  ),
};

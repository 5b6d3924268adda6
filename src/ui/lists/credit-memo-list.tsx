import { accountColumn, documentFilters } from './account-parts.tsx';
import { dateColumn, linkColumn, moneyColumn, pathOf, statusColumn, textColumn } from './cells.tsx';
import type { ObjectList } from './object-list.tsx';

export const creditMemoList: ObjectList = {
  collection: 'credit-memos',
  title: 'Credit memos',
  sort: 'updateddate.DESC',
  sortOfAccount: 'memodate.DESC',
  expand: ['account'],
  columns: [
    linkColumn('Number', 'memoNumber', pathOf('credit-memos', 'id'), { sort: 'memonumber' }),
    accountColumn,
    statusColumn(),
    dateColumn('Memo date', 'memoDate', { sort: 'memodate', isSortOfAccount: true }),
    textColumn('Source', 'source', { isWideOnly: true }),
    textColumn('Reason', 'reasonCode', { isWideOnly: true }),
    moneyColumn('Amount', 'totalAmount', { sort: 'totalamount', isSortOfAccount: true }),
    moneyColumn('Unapplied', 'balance', { sort: 'balance', isSortOfAccount: true }),
  ],
  filters: documentFilters({
    number: ['Memo number', 'memonumber'],
    left: ['Unapplied', 'Something left', 'Used up'],
    date: ['Memo date', 'memodate'],
  }),
  empty: (
    <>
      <h2>No credit memos yet</h2>
      <p>
        A credit memo gives something back: for lines of an invoice, from its page, or for a product’s charge.
        Applied to invoices it lowers what is owed.
      </p>
      <a class="button" href="/credit-memos/new">
        New credit memo
      </a>
    </>
  ),
};

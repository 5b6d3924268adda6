import {
  dateColumn,
  linkColumn,
  moneyColumn,
  numberColumn,
  pathOf,
  statusColumn,
  textColumn,
} from './cells.tsx';
import type { ObjectList } from './object-list.tsx';

/** Lines of invoices, of one subscription: an index has them by its number. */
export const invoiceLineList: ObjectList = {
  collection: 'invoice-items',
  title: 'Invoice lines',
  sort: 'serviceenddate.DESC',
  expand: ['invoice'],
  columns: [
    linkColumn('Invoice', 'invoice.invoiceNumber', pathOf('invoices', 'invoiceId')),
    statusColumn('Status', 'invoice.status', { isWideOnly: true }),
    textColumn('Charge', 'chargeName'),
    dateColumn('Service from', 'serviceStartDate'),
    dateColumn('to', 'serviceEndDate', { sort: 'serviceenddate' }),
    numberColumn('Quantity', 'quantity', { isWideOnly: true }),
    moneyColumn('Amount', 'chargeAmount', { currency: 'invoice.currency' }),
  ],
  filters: [],
  empty: (
    <>
      <h2>Nothing is invoiced yet</h2>
      <p>A bill run invoices what is due through its target date; an order can bill at once.</p>
      <a class="button" href="/bill-runs">
        Bill runs
      </a>
    </>
  ),
};

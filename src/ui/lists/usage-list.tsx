import { Status } from '../components/parts.tsx';
import { accountColumn } from './account-parts.tsx';
import { instantColumn, numberColumn, textColumn } from './cells.tsx';
import type { ObjectList } from './object-list.tsx';

const day = (value: string, time: string) => `${value}T${time}`;

export const usageList: ObjectList = {
  collection: 'usages',
  title: 'Usage',
  sort: 'updateddate.DESC',
  expand: ['account'],
  columns: [
    instantColumn('Started', 'startDateTime'),
    accountColumn,
    {
      title: 'Subscription',
      cell: (row) =>
        row.subscriptionNumber ? (
          <a href={`/subscriptions/${row.subscriptionNumber}`}>{row.subscriptionNumber}</a>
        ) : (
          ''
        ),
      csv: (row) => row.subscriptionNumber,
    },
    textColumn('Charge', 'chargeNumber', { isWideOnly: true }),
    numberColumn('Quantity', 'quantity'),
    textColumn('Unit', 'uOM'),
    {
      title: 'Status',
      cell: (row) => <Status value={row.rbeStatus} />,
      csv: (row) => row.rbeStatus,
    },
    textColumn('Source', 'sourceType', { isWideOnly: true }),
    textColumn('Description', 'description', { isWideOnly: true }),
  ],
  filters: [
    {
      name: 'account',
      label: 'Account number',
      type: 'search',
      filtersOf: (value) => [`accountnumber.EQ:${value}`],
    },
    {
      name: 'subscription',
      label: 'Subscription',
      type: 'search',
      filtersOf: (value) => [`subscriptionnumber.EQ:${value}`],
    },
    {
      name: 'charge',
      label: 'Charge number',
      type: 'search',
      filtersOf: (value) => [`chargenumber.EQ:${value}`],
    },
    { name: 'unit', label: 'Unit', type: 'search', filtersOf: (value) => [`uom.EQ:${value}`] },
    {
      name: 'status',
      label: 'Status',
      type: 'select',
      choices: [
        { value: 'Pending', label: 'Not billed yet' },
        { value: 'Processed', label: 'Billed' },
      ],
      filtersOf: (value) => [`rbestatus.EQ:${value}`],
    },
    {
      name: 'from',
      label: 'Started from',
      type: 'date',
      filtersOf: (value) => [`startdatetime.GE:${day(value, '00:00:00')}`],
    },
    {
      name: 'to',
      label: 'Started to',
      type: 'date',
      filtersOf: (value) => [`startdatetime.LE:${day(value, '23:59:59')}`],
    },
  ],
  empty: (
    <>
      <h2>No usage yet</h2>
      <p>
        What is charged by use is recorded here: one record at a time, or a file of them. The next bill run
        bills it.
      </p>
      <div class="actions">
        <a class="button" href="/usage/new">
          Record usage
        </a>
        <a class="button" href="/usage/import">
          Import a file
        </a>
      </div>
    </>
  ),
};

import { Ago } from '../components/parts.tsx';
import { linkColumn, moneyColumn, pathOf, statusColumn, textColumn } from './cells.tsx';
import type { ObjectList } from './object-list.tsx';

const MINUTE_MS = 60_000;
const FRESHNESS_MINUTES: Readonly<Record<string, number>> = { minute: 1, hour: 60, day: 1_440 };

/** Accounts whose metrics were published within, or not within, so long. */
function freshnessFilters(value: string): string[] {
  const [side, unit] = value.split('-');
  const minutes = FRESHNESS_MINUTES[unit ?? ''];
  if (minutes === undefined) return ['partneraccount.EQ:true'];
  const since = new Date(Date.now() - minutes * MINUTE_MS).toISOString().replace(/\.\d+Z$/, 'Z');
  return ['partneraccount.EQ:true', `lastmetricsupdate.${side === 'within' ? 'GE' : 'LT'}:${since}`];
}

export const accountList: ObjectList = {
  collection: 'accounts',
  title: 'Accounts',
  sort: 'updateddate.DESC',
  columns: [
    linkColumn('Name', 'name', pathOf('accounts', 'id'), { sort: 'name' }),
    textColumn('Number', 'accountNumber', { sort: 'accountnumber' }),
    {
      title: 'Partner',
      cell: (row) => (row.partnerAccount ? <span class="status">Partner</span> : ''),
      csv: (row) => row.partnerAccount,
    },
    statusColumn('Status', 'status', { isWideOnly: true }),
    moneyColumn('Balance', 'balance', { sort: 'balance' }),
    moneyColumn('Contracted MRR', 'mrr', { sort: 'mrr', isWideOnly: true }),
    {
      title: 'Metrics updated',
      isWideOnly: true,
      cell: (row, c) =>
        row.partnerAccount ? (
          <Ago at={row.lastMetricsUpdate} format={c.get('format')} />
        ) : (
          <span class="quiet">with each write</span>
        ),
      csv: (row) => row.lastMetricsUpdate,
    },
  ],
  filters: [
    {
      name: 'name',
      label: 'Name begins with',
      type: 'search',
      filtersOf: (value) => [`name.SW:${value}`],
    },
    {
      name: 'number',
      label: 'Account number',
      type: 'search',
      filtersOf: (value) => [`accountnumber.EQ:${value}`],
    },
    {
      name: 'partner',
      label: 'Partner account',
      type: 'select',
      choices: [
        { value: 'true', label: 'Partner accounts' },
        { value: 'false', label: 'Ordinary accounts' },
      ],
      filtersOf: (value) => [`partneraccount.EQ:${value === 'true'}`],
    },
    {
      name: 'freshness',
      label: 'Metrics updated',
      type: 'select',
      choices: [
        { value: 'within-minute', label: 'Within a minute' },
        { value: 'within-hour', label: 'Within an hour' },
        { value: 'before-hour', label: 'Over an hour ago' },
        { value: 'before-day', label: 'Over a day ago' },
      ],
      filtersOf: freshnessFilters,
    },
    {
      name: 'balance',
      label: 'Balance',
      type: 'select',
      choices: [
        { value: 'owed', label: 'Owes' },
        { value: 'none', label: 'Nothing open' },
        { value: 'credit', label: 'In credit' },
      ],
      filtersOf: (value) => [`balance.${value === 'owed' ? 'GT' : value === 'credit' ? 'LT' : 'EQ'}:0`],
    },
    {
      name: 'currency',
      label: 'Currency',
      placeholder: 'USD',
      filtersOf: (value) => [`currency.EQ:${value.toUpperCase()}`],
    },
  ],
  empty: (
    <>
      <h2>No accounts yet</h2>
      <p>An account is who is billed. Create the first one here, or by POST /v1/accounts.</p>
      <a class="button primary" href="/accounts/new">
        New customer account
      </a>
    </>
  ),
};

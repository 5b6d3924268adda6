import { type Json, type PageApi, queryOf } from '../api.ts';
import { choicesOf } from '../forms/fields.ts';
import type { ListColumn, ListFilter } from './object-list.tsx';

/** What lists of things that belong to accounts have alike. On a page of one account `account` is left out. */

/** Of no object. */
const NO_ID = '0'.repeat(32);
const ID = /^[0-9a-f]{32}$/i;

/** The id of the account that is named by its number or id; null when there is none. */
export async function findAccountId(api: PageApi, key: string): Promise<string | null> {
  if (ID.test(key)) return key.toLowerCase();
  const query = queryOf({ 'filter[]': `accountnumber.EQ:${key}`, 'fields[]': 'id', pageSize: 1 });
  const reply = await api.get(`/object-query/accounts${query}`);
  return reply.isOk ? (reply.body.data[0]?.id ?? null) : null;
}

export const accountFilter: ListFilter = {
  name: 'account',
  label: 'Account number',
  type: 'search',
  filtersOf: async (value, api) => [`accountid.EQ:${(await findAccountId(api, value)) ?? NO_ID}`],
};

/** Who the thing is of; needs `account` among the list's expands. */
export const accountColumn: ListColumn = {
  title: 'Account',
  name: 'account',
  cell: (row: Json) =>
    row.accountId ? (
      <a href={`/accounts/${row.accountId}`}>{row.account?.name ?? row.accountId}</a>
    ) : (
      <span class="quiet">none</span>
    ),
  csv: (row: Json) => row.account?.accountNumber ?? row.accountId,
};

export function statusFilter(...values: readonly string[]): ListFilter {
  return {
    name: 'status',
    label: 'Status',
    type: 'select',
    choices: choicesOf(...values),
    filtersOf: (value) => [`status.EQ:${value}`],
  };
}

export function numberFilter(label: string, field: string): ListFilter {
  return { name: 'number', label, type: 'search', filtersOf: (value) => [`${field}.EQ:${value}`] };
}

/** First and last day. */
export function dateFilters(label: string, field: string): ListFilter[] {
  return [
    { name: 'from', label: `${label} from`, type: 'date', filtersOf: (value) => [`${field}.GE:${value}`] },
    { name: 'to', label: `${label} to`, type: 'date', filtersOf: (value) => [`${field}.LE:${value}`] },
  ];
}

/** Whether anything is left of an amount. */
export function openFilter(label: string, field: string, open: string, closed: string): ListFilter {
  return {
    name: 'open',
    label,
    type: 'select',
    choices: [
      { value: 'open', label: open },
      { value: 'closed', label: closed },
    ],
    filtersOf: (value) => [`${field}.${value === 'open' ? 'GT' : 'EQ'}:0`],
  };
}

/** The filters that lists of invoices and memos have alike. */
export function documentFilters(names: {
  /** Label and field. */
  readonly number: readonly [string, string];
  /** What is left of the amount: label, and how it is called while there is something left and when there is nothing. */
  readonly left: readonly [string, string, string];
  /** Label and field. */
  readonly date: readonly [string, string];
}): ListFilter[] {
  const [left, open, closed] = names.left;
  return [
    numberFilter(...names.number),
    accountFilter,
    statusFilter('Draft', 'Posted', 'Canceled'),
    openFilter(left, 'balance', open, closed),
    ...dateFilters(...names.date),
  ];
}

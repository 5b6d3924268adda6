import type { Child } from 'hono/jsx';
import { encoded, type Json } from '../api.ts';
import { Status } from '../components/parts.tsx';
import type { PageContext } from '../page-env.ts';
import type { ListColumn } from './object-list.tsx';

/** Columns as most lists have them; each names a field of the rows that Object Query gives. */

interface Options {
  readonly sort?: string;
  readonly isSortOfAccount?: boolean;
  readonly name?: string;
  readonly isWideOnly?: boolean;
}

export function textColumn(title: string, field: string, options: Options = {}): ListColumn {
  return { title, cell: (row) => valueAt(row, field) ?? '', csv: (row) => valueAt(row, field), ...options };
}

/** A number or name that leads to its page. */
export function linkColumn(
  title: string,
  field: string,
  path: (row: Json) => string,
  options: Options = {},
): ListColumn {
  return {
    title,
    cell: (row) => <a href={path(row)}>{valueAt(row, field) ?? '—'}</a>,
    csv: (row) => valueAt(row, field),
    ...options,
  };
}

/** Leads to the page of an object of `/<section>/<id>`. */
export const pathOf = (section: string, field: string) => (row: Json) =>
  `/${section}/${encoded(valueAt(row, field) ?? '')}`;

export function statusColumn(title = 'Status', field = 'status', options: Options = {}): ListColumn {
  return {
    title,
    cell: (row) => <Status value={valueAt(row, field)} />,
    csv: (row) => valueAt(row, field),
    ...options,
  };
}

/** An amount; its currency is of the row's own field, or of the account that it belongs to. */
export function moneyColumn(
  title: string,
  field: string,
  options: Options & { readonly currency?: string } = {},
): ListColumn {
  const { currency = 'currency', ...others } = options;
  return {
    title,
    isNumber: true,
    cell: (row, c) => c.get('format').money(valueAt(row, field), valueAt(row, currency)),
    csv: (row) => valueAt(row, field),
    currencyOf: (row) => valueAt(row, currency),
    ...others,
  };
}

export function numberColumn(title: string, field: string, options: Options = {}): ListColumn {
  return {
    title,
    isNumber: true,
    cell: (row, c) => c.get('format').number(valueAt(row, field)),
    csv: (row) => valueAt(row, field),
    ...options,
  };
}

export function dateColumn(title: string, field: string, options: Options = {}): ListColumn {
  return dated(title, field, (c, value) => c.get('format').date(value), options);
}

export function instantColumn(title: string, field: string, options: Options = {}): ListColumn {
  return dated(title, field, (c, value) => c.get('format').instant(value), options);
}

function dated(
  title: string,
  field: string,
  shown: (c: PageContext, value: string | null) => Child,
  options: Options,
): ListColumn {
  return {
    title,
    cell: (row, c) => shown(c, valueAt(row, field)),
    csv: (row) => valueAt(row, field),
    ...options,
  };
}

/** The value at a path such as account.name. */
export function valueAt(row: Json, path: string): Json {
  return path.split('.').reduce((at: Json, name) => at?.[name] ?? null, row);
}

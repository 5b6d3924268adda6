import type { Child } from 'hono/jsx';
import { ApiProblem, type Json, messagesOf, type PageApi, queryOf } from '../api.ts';
import { Pager } from '../components/parts.tsx';
import { type Column, type SortLink, Table } from '../components/table.tsx';
import { csvLine, csvReply } from '../csv.ts';
import type { Choice } from '../forms/fields.ts';
import { idOf } from '../forms/form.tsx';
import type { PageContext } from '../page-env.ts';

/** Rows of one page of a list. */
export const LIST_ROWS = 30;

/** A column: which field it shows, and how. */
export interface ListColumn {
  readonly title: string;
  /** Cells of the page. */
  readonly cell: (row: Json, c: PageContext) => Child;
  /** The value in a CSV file; without it the column is not in the file. */
  readonly csv?: (row: Json) => string | number | boolean | null | undefined;
  /** Of an amount: a file names the currency once for each row. */
  readonly currencyOf?: (row: Json) => string | null;
  /** A field of Object Query that the list is sorted by. */
  readonly sort?: string;
  /** No index has all objects in this order, only those of one account: the order is offered there alone. */
  readonly isSortOfAccount?: boolean;
  /** Of places that leave it out. */
  readonly name?: string;
  readonly isNumber?: boolean;
  readonly isWideOnly?: boolean;
}

/** A filter of a list: a field of its form, and the filters of Object Query that its value stands for. */
export interface ListFilter {
  readonly name: string;
  readonly label: string;
  readonly type?: 'text' | 'select' | 'date' | 'search';
  readonly choices?: readonly Choice[];
  readonly placeholder?: string;
  /** Filters such as `status.EQ:Posted`; what is typed may have to be looked up first. */
  readonly filtersOf: (value: string, api: PageApi) => readonly string[] | Promise<readonly string[]>;
}

/** A list of objects, read by Object Query: declared once, shown as a page, as a tab of another page, and as a CSV file. */
export interface ObjectList {
  /** Of Object Query: accounts, invoices. */
  readonly collection: string;
  readonly title: string;
  readonly columns: readonly ListColumn[];
  readonly filters: readonly ListFilter[];
  readonly expand?: readonly string[];
  /** Filters that it always has: only latest versions. */
  readonly fixed?: readonly string[];
  /** Without a choice of the reader: `createddate.DESC`. */
  readonly sort?: string;
  /** The same for the objects of one account, along the index that they have. */
  readonly sortOfAccount?: string;
  /** Shown where there is nothing: says how something comes to be. */
  readonly empty: Child;
}

export interface ListPlace {
  /** Path of the page that shows it. */
  readonly path: string;
  /** Filters that this place adds: only of one account. */
  readonly fixed?: readonly string[];
  /** Names of filters and columns that are of no use here. */
  readonly without?: readonly string[];
}

interface Asked {
  readonly values: Readonly<Record<string, string>>;
  readonly sort: string | null;
  readonly cursor: string | null;
}

function askedOf(c: PageContext, list: ObjectList): Asked {
  const query = new URL(c.req.url).searchParams;
  const values = Object.fromEntries(list.filters.map(({ name }) => [name, query.get(name)?.trim() ?? '']));
  const sort = query.get('sort');
  const [field, order] = (sort ?? '').split('.');
  const isSort =
    list.columns.some((column) => column.sort === field) && (order === 'ASC' || order === 'DESC');
  return { values, sort: isSort ? sort : null, cursor: query.get('cursor') };
}

/** What is asked for as Object Query knows it. */
interface Selection {
  readonly filters: readonly string[];
  readonly sort: string | undefined;
  /** Whether only objects of one account are listed. */
  readonly isOfAccount: boolean;
}

async function selectionOf(
  api: PageApi,
  list: ObjectList,
  place: ListPlace,
  asked: Asked,
): Promise<Selection> {
  const chosen = await Promise.all(
    list.filters.map(({ name, filtersOf }) => {
      const value = asked.values[name] ?? '';
      return value === '' ? [] : filtersOf(value, api);
    }),
  );
  const filters = [...(list.fixed ?? []), ...(place.fixed ?? []), ...chosen.flat()];
  const isOfAccount = filters.some((filter) => /^account(id|number)\.EQ:/i.test(filter));
  const usual = isOfAccount ? (list.sortOfAccount ?? list.sort) : list.sort;
  return { filters, sort: asked.sort ?? usual, isOfAccount };
}

function objectQueryOf(
  list: ObjectList,
  { filters, sort }: Selection,
  pageSize: number,
  cursor: string | null,
): string {
  const query = new URLSearchParams({ pageSize: String(pageSize) });
  for (const filter of filters) query.append('filter[]', filter);
  for (const path of list.expand ?? []) query.append('expand[]', path);
  if (sort !== undefined) query.append('sort[]', sort);
  if (cursor !== null) query.set('cursor', cursor);
  return `/object-query/${list.collection}?${query}`;
}

function columnsOf(list: ObjectList, place: ListPlace): ListColumn[] {
  return list.columns.filter(({ name }) => name === undefined || place.without?.includes(name) !== true);
}

/** The list with its filters, sorts and pages. What the API refuses (a filter that it cannot read) is said above the table. */
export async function showList(
  c: PageContext,
  api: PageApi,
  list: ObjectList,
  place: ListPlace,
): Promise<Child> {
  const asked = askedOf(c, list);
  const selection = await selectionOf(api, list, place, asked);
  const reply = await api.get(objectQueryOf(list, selection, LIST_ROWS, asked.cursor));
  const rows: Json[] = reply.isOk ? reply.body.data : [];
  const chosen = { ...asked.values, ...(asked.sort === null ? {} : { sort: asked.sort }) };
  const hrefOf = (more: Readonly<Record<string, string | null>>) =>
    `${place.path}${queryOf({ ...chosen, ...more })}`;
  const next: string | null = reply.body?.nextPage ?? null;
  const isFiltered = Object.values(asked.values).some((value) => value !== '');
  const columns = columnsOf(list, place).map(
    (column): Column<Json> => ({
      title: column.title,
      cell: (row) => column.cell(row, c),
      ...(column.isNumber === undefined ? {} : { isNumber: column.isNumber }),
      ...(column.isWideOnly === undefined ? {} : { isWideOnly: column.isWideOnly }),
      ...(column.sort === undefined || (column.isSortOfAccount && !selection.isOfAccount)
        ? {}
        : { sort: sortLinkOf(column.sort, selection, hrefOf) }),
    }),
  );
  return (
    <>
      <Filters list={list} place={place} asked={asked} csvHref={hrefOf({ format: 'csv' })} />
      {reply.isOk ? (
        <>
          <Table
            caption={list.title}
            columns={columns}
            rows={rows}
            empty={
              next !== null ? (
                <p>Nothing fits among those that were looked at. Go on with the next page.</p>
              ) : isFiltered || asked.cursor !== null ? (
                <p>
                  Nothing here fits. <a href={place.path}>Show all</a>
                </p>
              ) : c.get('user').role === 'read' ? (
                <p>There is nothing here yet.</p>
              ) : (
                list.empty
              )
            }
          />
          <Pager
            first={asked.cursor === null ? null : hrefOf({})}
            next={next === null ? null : hrefOf({ cursor: next })}
            shown={shownOf(rows.length, asked.cursor === null, next !== null)}
          />
        </>
      ) : (
        <div class="problems" role="alert">
          <h2>This could not be listed</h2>
          <p>{messagesOf(reply.body)[0] ?? `Status ${reply.status}`}</p>
          <p>
            <a href={place.path}>Show all</a>
          </p>
        </div>
      )}
    </>
  );
}

/** How many rows there are here, and what is known of all: lists are not counted. */
function shownOf(rows: number, isFirst: boolean, hasMore: boolean): string {
  const counted = rows === 1 ? '1 row' : `${rows} rows`;
  if (hasMore) return `${counted} on this page, more follow`;
  return isFirst ? `${counted} in all` : `${counted} on the last page`;
}

function sortLinkOf(
  field: string,
  { sort }: Selection,
  hrefOf: (more: Readonly<Record<string, string | null>>) => string,
): SortLink {
  const [by, order] = (sort ?? '').split('.');
  const current = by !== field ? null : order === 'DESC' ? 'descending' : 'ascending';
  return { href: hrefOf({ sort: `${field}.${current === 'descending' ? 'ASC' : 'DESC'}` }), order: current };
}

function Filters({
  list,
  place,
  asked,
  csvHref,
}: {
  readonly list: ObjectList;
  readonly place: ListPlace;
  readonly asked: Asked;
  readonly csvHref: string;
}) {
  const shown = list.filters.filter(({ name }) => place.without?.includes(name) !== true);
  return (
    <search aria-label={`Filter ${list.title}`}>
      <form class="filters" method="get" action={place.path}>
        {shown.map((filter) => (
          <div class="field">
            <label for={idOf(filter.name)}>{filter.label}</label>
            <FilterInput filter={filter} value={asked.values[filter.name] ?? ''} />
          </div>
        ))}
        {asked.sort === null ? null : <input type="hidden" name="sort" value={asked.sort} />}
        <div class="actions">
          {shown.length === 0 ? null : <button type="submit">Apply</button>}
          {shown.some(({ name }) => asked.values[name] !== '') ? (
            <a class="button" href={place.path}>
              Clear
            </a>
          ) : null}
          <a class="button" href={csvHref}>
            CSV<span class="hidden">, the first {CSV_ROWS_MAX} rows; exports hold all</span>
          </a>
        </div>
      </form>
    </search>
  );
}

function FilterInput({ filter, value }: { readonly filter: ListFilter; readonly value: string }) {
  const { name, type = 'text', choices = [], placeholder } = filter;
  const attributes = { id: idOf(name), name };
  if (type !== 'select') {
    return (
      <input type={type} {...attributes} value={value} placeholder={placeholder ?? ''} maxlength={200} />
    );
  }
  return (
    <select {...attributes} data-submit-on-change>
      <option value="">All</option>
      {choices.map((choice) => (
        <option value={choice.value} selected={choice.value === value}>
          {choice.label}
        </option>
      ))}
    </select>
  );
}

/** Rows that one CSV file of a list holds; more are what exports are for. */
export const CSV_ROWS_MAX = 10_000;
const CSV_PAGE_ROWS = 99;

/** True when the list is asked for as a file. */
export function isCsv(c: PageContext): boolean {
  return c.req.query('format') === 'csv';
}

/** What is listed, with its filters and sort, as a CSV file; pages are read as the file is taken. */
export async function csvOfList(
  c: PageContext,
  api: PageApi,
  list: ObjectList,
  place: ListPlace,
): Promise<Response> {
  const asked = askedOf(c, list);
  const selection = await selectionOf(api, list, place, asked);
  const columns = withCurrency(columnsOf(list, place).filter(({ csv }) => csv !== undefined));
  const read = async (cursor: string | null) => {
    const reply = await api.get(objectQueryOf(list, selection, CSV_PAGE_ROWS, cursor));
    if (!reply.isOk) throw new ApiProblem(reply);
    return reply.body as { readonly data: Json[]; readonly nextPage?: string | null };
  };
  // The first page before the reply begins: a refusal is a page, not half a file.
  let page = await read(null);
  const lines = async function* () {
    yield csvLine(columns.map(({ title }) => title));
    for (let rows = 0; ; ) {
      for (const row of page.data.slice(0, CSV_ROWS_MAX - rows))
        yield csvLine(columns.map(({ csv }) => csv!(row)));
      rows += page.data.length;
      if (!page.nextPage || rows >= CSV_ROWS_MAX) return;
      page = await read(page.nextPage);
    }
  };
  return csvReply(`${list.collection}.csv`, lines());
}

/** Amounts of a file stand alone in their cells: one more column says what they are of. */
function withCurrency(columns: readonly ListColumn[]): ListColumn[] {
  const currencyOf = columns.find((column) => column.currencyOf !== undefined)?.currencyOf;
  return currencyOf === undefined
    ? [...columns]
    : [...columns, { title: 'Currency', cell: currencyOf, csv: currencyOf }];
}

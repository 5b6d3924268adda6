import type { Child } from 'hono/jsx';

/** A column of a table: how its cells are aligned, and what a click on its head sorts by. */
export interface Column<Row> {
  readonly title: string;
  readonly cell: (row: Row) => Child;
  /** Numbers and money stand at the right. */
  readonly isNumber?: boolean;
  /** Left out where the page is narrow. */
  readonly isWideOnly?: boolean;
  readonly sort?: SortLink;
}

export interface SortLink {
  readonly href: string;
  /** How the table is sorted by this column now. */
  readonly order: 'ascending' | 'descending' | null;
}

interface TableProps<Row> {
  readonly caption: string;
  readonly columns: ReadonlyArray<Column<Row>>;
  readonly rows: readonly Row[];
  /** Shown instead of a table without rows: teaches how rows come to be. */
  readonly empty: Child;
  /** Rows below: sums. */
  readonly footer?: Child;
}

export function Table<Row>({ caption, columns, rows, empty, footer }: TableProps<Row>) {
  if (rows.length === 0) return <div class="empty">{empty}</div>;
  const classOf = ({ isNumber, isWideOnly }: Column<Row>) =>
    [isNumber && 'n', isWideOnly && 'wide-only'].filter(Boolean).join(' ') || undefined;
  return (
    // Scrolled by keyboard too where it is wider than the page.
    <section class="table" aria-label={caption} tabindex={0}>
      <table>
        <caption class="hidden">{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th
                scope="col"
                class={classOf(column)}
                {...(column.sort?.order ? { 'aria-sort': column.sort.order } : {})}
              >
                {column.sort === undefined ? column.title : <a href={column.sort.href}>{column.title}</a>}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr>
              {columns.map((column) => (
                <td class={classOf(column)}>{column.cell(row)}</td>
              ))}
            </tr>
          ))}
        </tbody>
        {footer === undefined ? null : <tfoot>{footer}</tfoot>}
      </table>
    </section>
  );
}

import { readCsv } from '../../../wire/csv.ts';
import type { Json } from '../../api.ts';
import { BARS_MAX, BarChart } from '../../components/bar-chart.tsx';
import { Card } from '../../components/parts.tsx';
import { Table } from '../../components/table.tsx';
import { idOf } from '../../forms/form.tsx';
import type { PageContext } from '../../page-env.ts';

/** Rows of a query as text, whatever language asked for them. */
export interface Result {
  readonly columns: readonly string[];
  readonly rows: ReadonlyArray<readonly string[]>;
}

/** Rows that one page shows; the file has all. */
export const SHOWN_ROWS_MAX = 200;
/** What of a file is read for them, bytes. */
const PREVIEW_BYTES_MAX = 300_000;
const NUMBER = /^-?\d{1,15}(\.\d+)?$/;
const CELL_CHARACTERS_MAX = 300;
/** Ids and instants are up to this long: they stay on one line. */
const ONE_LINE_CHARACTERS_MAX = 36;

/** The rows at the beginning of a CSV file; the rest of it is not read. */
export async function resultOfFile(file: Response): Promise<Result> {
  const reader = file.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  for (let next = await reader.read(); ; next = await reader.read()) {
    if (next.done) break;
    text += next.value;
    if (text.length < PREVIEW_BYTES_MAX) continue;
    text = text.slice(0, text.lastIndexOf('\n') + 1);
    await reader.cancel();
    break;
  }
  const rows: string[][] = [];
  for (const { cells } of readCsv(text)) {
    rows.push([...cells]);
    if (rows.length > SHOWN_ROWS_MAX) break;
  }
  return { columns: rows[0] ?? [], rows: rows.slice(1) };
}

/** Records as rows; the columns are those that any record has, in the order in which they come. */
export function resultOfRecords(records: readonly Json[]): Result {
  const columns = [...new Set(records.flatMap((record) => Object.keys(record)))];
  return { columns, rows: records.map((record) => columns.map((name) => textOf(record[name]))) };
}

function textOf(value: Json): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function isNumeric({ rows }: Result, column: number): boolean {
  const values = rows.map((row) => row[column] ?? '').filter((value) => value !== '');
  return values.length > 0 && values.every((value) => NUMBER.test(value));
}

export function ResultTable({ result }: { readonly result: Result }) {
  const columns = result.columns.map((title, i) => ({
    title,
    isNumber: isNumeric(result, i),
    cell: (row: readonly string[]) => {
      const text = row[i] ?? '';
      if (text.length <= ONE_LINE_CHARACTERS_MAX) return <span class="one-line">{text}</span>;
      return text.length > CELL_CHARACTERS_MAX ? `${text.slice(0, CELL_CHARACTERS_MAX)}…` : text;
    },
  }));
  return (
    <Table caption="Result" columns={columns} rows={result.rows} empty={<p>The query gives no rows.</p>} />
  );
}

/** What rows are known by: a name or number rather than a date, and never an id. */
function nameColumnOf(columns: readonly string[]): string | undefined {
  const readable = columns.filter((name) => !/id$/i.test(name));
  return (
    readable.find((name) => /(name|number)$/i.test(name)) ??
    readable.find((name) => !/date|time/i.test(name)) ??
    readable[0]
  );
}

/** A chart of one column by another, chosen in a form that keeps the query. */
export function ResultChart({
  c,
  result,
  kept,
}: {
  readonly c: PageContext;
  readonly result: Result;
  readonly kept: Readonly<Record<string, string>>;
}) {
  const numeric = result.columns.filter((_, i) => isNumeric(result, i));
  if (numeric.length === 0 || result.rows.length === 0) return null;
  const [x, y] = [c.req.query('x'), c.req.query('y')];
  const by =
    result.columns.indexOf(x ?? '') === -1
      ? nameColumnOf(result.columns.filter((name) => !numeric.includes(name)))
      : x;
  const of = numeric.includes(y ?? '') ? y! : numeric[0]!;
  const [byAt, ofAt] = [result.columns.indexOf(by ?? result.columns[0]!), result.columns.indexOf(of)];
  const bars = result.rows
    .slice(0, BARS_MAX + 1)
    .map((row) => ({ label: row[byAt] ?? '', value: Number(row[ofAt] || 0) }));
  const choice = (name: string, label: string, columns: readonly string[], chosen: string | undefined) => (
    <div class="field">
      <label for={idOf(name)}>{label}</label>
      <select id={idOf(name)} name={name} data-submit-on-change>
        {columns.map((column) => (
          <option value={column} selected={column === chosen}>
            {column}
          </option>
        ))}
      </select>
    </div>
  );
  return (
    <Card title="Chart">
      <form class="filters" method="get" action={c.req.path}>
        {Object.entries(kept).map(([name, value]) => (
          <input type="hidden" name={name} value={value} />
        ))}
        {choice('x', 'By', result.columns, by)}
        {choice('y', 'Value', numeric, of)}
        <button type="submit">Draw</button>
      </form>
      <BarChart title={`${of} by ${by ?? result.columns[0]}`} bars={bars} format={c.get('format')} />
    </Card>
  );
}

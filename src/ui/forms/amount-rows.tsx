import type { Child } from 'hono/jsx';
import { type ApiReply, messagesOf } from '../api.ts';
import { type Column, Table } from '../components/table.tsx';
import type { Field } from './fields.ts';
import { FieldInput } from './form.tsx';
import type { FormValues } from './form-values.ts';
import { type Problem, problemsOf } from './problems.ts';

/**
 * A table whose rows each take an amount: documents that a payment is applied to, lines that a memo credits. A row is named by what it is of, not by its
 * place, so that what was typed finds its row again; rows without an amount are not sent.
 */

export interface AmountRow {
  /** Its list in the API's body: invoices, items. */
  readonly list: string;
  readonly id: string;
  /** What its input is called for people who do not see the table: Amount for INV00000001. */
  readonly label: string;
  readonly cells: readonly Child[];
}

export const nameOfAmount = ({ list, id }: Pick<AmountRow, 'list' | 'id'>) => `${list}/${id}`;

/** An amount that was typed, and for which row. */
export interface TypedAmount {
  readonly list: string;
  readonly id: string;
  readonly amount: string;
}

/** The rows of a list that have an amount, as they stand in the form. */
export function typedAmounts(values: FormValues, list: string): TypedAmount[] {
  return values.names().flatMap((name) => {
    const id = name.startsWith(`${list}/`) ? name.slice(list.length + 1) : '';
    const amount = values.text(name);
    return id === '' || amount === '' ? [] : [{ list, id, amount }];
  });
}

/** As the API takes numbers; what is none stays text, which it refuses. */
export function wireAmount(text: string): number | string {
  return /^[+-]?(\d+(\.\d*)?|\.\d+)$/.test(text) ? Number(text) : text;
}

/** Problems of a form with such rows: what the API says of invoices[0] stands beside the row that was sent first. */
export function problemsOfAmounts(
  reply: ApiReply,
  fields: readonly Field[],
  sent: readonly TypedAmount[],
): Problem[] {
  const known = problemsOf(reply, fields);
  return messagesOf(reply.body).length === 0
    ? known
    : messagesOf(reply.body).map((message, i) => {
        const [, list, place] = /(?:^|\s)(\w+)\[(\d+)\]/.exec(message) ?? [];
        const row = sent.filter((one) => one.list === list)[Number(place)];
        if (row === undefined) return known[i]!;
        return { field: nameOfAmount(row), message: message.replace(/^[\w.[\]]+: /, '') };
      });
}

/** The fields of the rows, for what was refused of them. */
export function amountFields(rows: readonly AmountRow[]): Field[] {
  return rows.map((row) => ({ name: nameOfAmount(row), label: row.label, type: 'decimal' }));
}

export function AmountRows({
  caption,
  columns,
  amountTitle,
  rows,
  values,
  problems = [],
  empty,
}: {
  readonly caption: string;
  /** Heads of the cells. */
  readonly columns: ReadonlyArray<Pick<Column<AmountRow>, 'title' | 'isNumber' | 'isWideOnly'>>;
  readonly amountTitle: string;
  readonly rows: readonly AmountRow[];
  readonly values: FormValues;
  readonly problems?: readonly Problem[];
  readonly empty: Child;
}) {
  const shown: Array<Column<AmountRow>> = [
    ...columns.map((column, i) => ({ ...column, cell: (row: AmountRow) => row.cells[i] })),
    {
      title: amountTitle,
      isNumber: true,
      cell: (row) => {
        const name = nameOfAmount(row);
        return (
          <FieldInput
            field={{ name, label: row.label, type: 'decimal' }}
            value={values.text(name)}
            isOn={false}
            message={problems.find(({ field }) => field === name)?.message}
          />
        );
      },
    },
  ];
  return <Table caption={caption} columns={shown} rows={rows} empty={empty} />;
}

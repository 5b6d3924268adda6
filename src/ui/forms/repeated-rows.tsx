import type { ApiReply, Json } from '../api.ts';
import { messagesOf } from '../api.ts';
import type { Field } from './fields.ts';
import { FormSection } from './form.tsx';
import { FormValues } from './form-values.ts';
import type { Problem } from './problems.ts';

/** Groups of fields of which a form has as many as one wants: lines of an invoice. Rows come and go by buttons that show the form again. */

export interface RowGroup {
  /** Its list in the API's body: invoiceItems. */
  readonly name: string;
  /** One row of it, as a heading: Item. */
  readonly label: string;
  /** Fields of a row; names begin with `name[row].`. */
  readonly fieldsOf: (row: number) => readonly Field[];
  /** Rows that cannot be taken out. */
  readonly rowsMin?: number;
}

/** Buttons of this name show the form again with another number of rows. */
const STEP_FIELD = '_rows';
const ADD = 'add';

/** Values whose rows are numbered as they stand: a row's number is its place in the body. */
export function withRowsInOrder(values: FormValues, group: string): FormValues {
  const places = new Map(values.rowsOf(group).map((row, place) => [row, place]));
  const prefix = `${group}[`;
  return new FormValues(
    values.entries().map(([name, value]) => {
      const row = name.startsWith(prefix) ? /^(\d+)\](.*)$/.exec(name.slice(prefix.length)) : null;
      return row === null ? [name, value] : [`${prefix}${places.get(Number(row[1]))}]${row[2]}`, value];
    }),
  );
}

/** What to show when a button that adds or removes a row was pressed; null when the form was sent. */
export function afterRowButton(values: FormValues, group: RowGroup): FormValues | null {
  const [step, name, row] = values.text(STEP_FIELD).split(' ');
  if (step === '' || name !== group.name) return null;
  if (step === ADD) return withRow(withRowsInOrder(values, group.name), group);
  const kept = values.entries().filter(([field]) => !field.startsWith(`${group.name}[${row}]`));
  return withRowsInOrder(new FormValues(kept), group.name);
}

/** Values with one more row. */
export function withRow(values: FormValues, group: RowGroup): FormValues {
  const next = Math.max(-1, ...values.rowsOf(group.name)) + 1;
  const fields = group
    .fieldsOf(next)
    .filter(({ type }) => type !== 'checkbox')
    .map(({ name, initial }) => [name, initial ?? ''] as const);
  return new FormValues([...values.entries(), ...fields]);
}

/** Fields of all rows that a form has. */
export function fieldsOfRows(values: FormValues, group: RowGroup): Field[] {
  return values.rowsOf(group.name).flatMap((row) => group.fieldsOf(row));
}

export function Rows({
  group,
  values,
  problems = [],
}: {
  readonly group: RowGroup;
  readonly values: FormValues;
  readonly problems?: readonly Problem[];
}) {
  const rows = values.rowsOf(group.name);
  return (
    <div class="rows">
      {rows.map((row, place) => (
        <FormSection
          section={{ title: `${group.label} ${place + 1}`, fields: group.fieldsOf(row) }}
          values={values}
          problems={problems}
        >
          {rows.length <= (group.rowsMin ?? 0) ? null : (
            <div class="actions">
              <button type="submit" name={STEP_FIELD} value={`remove ${group.name} ${row}`} formnovalidate>
                Remove {group.label.toLowerCase()} {place + 1}
              </button>
            </div>
          )}
        </FormSection>
      ))}
      <div class="actions">
        <button type="submit" name={STEP_FIELD} value={`${ADD} ${group.name}`} formnovalidate>
          Add {article(group.label)} {group.label.toLowerCase()}
        </button>
      </div>
    </div>
  );
}

function article(word: string): string {
  return /^[aeiou]/i.test(word) ? 'an' : 'a';
}

/** A refusal that counts the rows which were sent, as one that counts those of the form: empty ones may have been left out. */
export function withFormRows(reply: ApiReply, group: string, sent: readonly number[]): ApiReply {
  const reasons = messagesOf(reply.body).map((message) => ({
    message: message.replaceAll(new RegExp(`\\b${group}\\[(\\d+)\\]`, 'g'), (whole, place: string) =>
      sent[Number(place)] === undefined ? whole : `${group}[${sent[Number(place)]}]`,
    ),
  }));
  const body: Json = { ...(typeof reply.body === 'object' ? reply.body : {}), reasons };
  return reasons.length === 0 ? reply : { ...reply, body };
}

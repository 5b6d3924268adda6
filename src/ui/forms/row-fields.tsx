import type { Field } from './fields.ts';
import { FieldInput } from './form.tsx';
import type { FormValues } from './form-values.ts';
import type { Problem } from './problems.ts';
import { withRows } from './rows.ts';

/** Buttons of a repeated group: which group gets a row more, and which row goes. */
const ADD_FIELD = '_add';
const REMOVE_FIELD = '_remove';
const ROWS_MAX = 500;

/** A group of a form that repeats: prices, queries, roundings. */
export interface RowGroup {
  /** Its path in the body. */
  readonly name: string;
  readonly title: string;
  readonly hint?: string;
  /** What one row is called: Tier, Query. */
  readonly rowName: string;
  readonly addLabel: string;
  /** Rows that cannot be taken out. */
  readonly rowsMin?: number;
  readonly fieldsOf: (row: number) => readonly Field[];
}

/** The values whose rows are numbered as they stand: a row's number is its place in the body. */
export function inOrder(values: FormValues, group: string): FormValues {
  return withRows(values, group, values.rowsOf(group));
}

/** Fields of all rows that a form has. */
export function rowFieldsOf(group: RowGroup, values: FormValues): Field[] {
  return values.rowsOf(group.name).flatMap((row) => [...group.fieldsOf(row)]);
}

/**
 * The values after "Add" or "Remove" was pressed; null when the form is to be sent. Works without script: the form is shown again.
 *
 * @param initial values of a new row, by the last part of their name
 */
export function afterRowButton(
  values: FormValues,
  groups: readonly RowGroup[],
  initial: Readonly<Record<string, string>> = {},
): FormValues | null {
  const added = groups.find(({ name }) => name === values.text(ADD_FIELD));
  if (added !== undefined) {
    const rows = values.rowsOf(added.name);
    const kept = withRows(values, added.name, rows);
    if (rows.length >= ROWS_MAX) return kept;
    return withRow(kept, added, rows.length, initial);
  }
  for (const group of groups) {
    const match = values.text(REMOVE_FIELD).startsWith(`${group.name}#`)
      ? Number(values.text(REMOVE_FIELD).slice(group.name.length + 1))
      : null;
    if (match === null) continue;
    return withRows(
      values,
      group.name,
      values.rowsOf(group.name).filter((row) => row !== match),
    );
  }
  return null;
}

/** With one empty row more. */
export function withRow(
  values: FormValues,
  group: RowGroup,
  row: number,
  initial: Readonly<Record<string, string>> = {},
): FormValues {
  const entries = group.fieldsOf(row).flatMap((field) => {
    const text = initial[field.name.split('.').at(-1)!] ?? field.initial ?? '';
    return field.type === 'checkbox' && text === '' ? [] : [[field.name, text] as const];
  });
  return values.with(entries);
}

/** The rows of a group, each with a button that takes it out, and one that adds a row. */
export function RowFields({
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
    <fieldset class="rows">
      <legend>{group.title}</legend>
      {group.hint === undefined ? null : <p class="hint">{group.hint}</p>}
      {rows.map((row, place) => (
        // biome-ignore lint/a11y/useSemanticElements: a fieldset in a fieldset would be a box in a box
        <div class="row" role="group" aria-label={`${group.rowName} ${place + 1}`}>
          <div class="fields">
            {group.fieldsOf(row).map((field) => (
              <FieldInput
                field={field}
                value={values.text(field.name)}
                isOn={values.has(field.name) && values.text(field.name) !== 'false'}
                message={problems.find((one) => one.field === field.name)?.message}
              />
            ))}
          </div>
          {rows.length <= (group.rowsMin ?? 0) ? null : (
            <button type="submit" name={REMOVE_FIELD} value={`${group.name}#${row}`} formnovalidate>
              Remove<span class="hidden">{` ${group.rowName} ${place + 1}`}</span>
            </button>
          )}
        </div>
      ))}
      <button type="submit" name={ADD_FIELD} value={group.name} formnovalidate>
        {group.addLabel}
      </button>
    </fieldset>
  );
}

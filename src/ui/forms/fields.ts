import type { Json } from '../api.ts';
import { type FormValues, valuesOf } from './form-values.ts';

export interface Choice {
  readonly value: string;
  readonly label: string;
}

/** One field of a form, and of the body that is made of it. */
export interface Field {
  /** Its path in the API's body: basicInfo.name, items[0].quantity. */
  readonly name: string;
  readonly label: string;
  /** 'decimal' and 'integer' are sent as numbers, 'checkbox' as a boolean, all others as text. */
  readonly type?:
    | 'text'
    | 'textarea'
    | 'email'
    | 'password'
    | 'date'
    | 'decimal'
    | 'integer'
    | 'checkbox'
    | 'select'
    | 'file'
    | 'hidden';
  readonly required?: boolean;
  readonly choices?: readonly Choice[];
  /** Said below the field: what it does, or how it is written. */
  readonly hint?: string;
  /** Offered while one types; anything else may be typed too. */
  readonly suggestions?: readonly Choice[];
  readonly placeholder?: string;
  readonly autocomplete?: string;
  readonly maxLength?: number;
  readonly rows?: number;
  /** Value of a new form. */
  readonly initial?: string;
  /** What the body holds when the field was left empty: nothing, null, or an empty text. */
  readonly whenEmpty?: 'omit' | 'null' | 'text';
  /** Other names by which refusals call it. */
  readonly alsoNamed?: readonly string[];
  /** Takes the whole width of its section. */
  readonly isWide?: boolean;
}

export interface Section {
  readonly title: string;
  readonly hint?: string;
  /** For the style sheet. */
  readonly className?: string;
  readonly fields: readonly Field[];
}

export const choicesOf = (...values: readonly string[]): Choice[] =>
  values.map((value) => ({ value, label: value }));

/** Values of a form that nobody has filled in yet. */
export function initialValues(
  fields: readonly Field[],
  given: Readonly<Record<string, string>> = {},
): FormValues {
  const initial = fields.flatMap(({ name, initial }) =>
    initial === undefined ? [] : [[name, initial] as const],
  );
  return valuesOf({ ...Object.fromEntries(initial), ...given });
}

const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)$/;

/** Significant digits that a number of JSON keeps. */
const DIGITS_MAX = 15;

/** A number as the API takes it. What is none, or has more digits than a number keeps, stays text, which the API refuses beside its field. */
export function wireNumber(text: string): number | string {
  const digits = text.replaceAll(/\D/g, '').replace(/^0+/, '');
  return NUMBER.test(text) && digits.length <= DIGITS_MAX ? Number(text) : text;
}

/** The value of one field as the API takes it. */
function wireValueOf({ type, name }: Field, values: FormValues): unknown {
  if (type === 'checkbox') return values.has(name) && values.text(name) !== 'false';
  const text = values.text(name);
  return type === 'decimal' || type === 'integer' ? wireNumber(text) : text;
}

/**
 * The API's body of what was typed: fields become members by their paths. Empty ones are left out unless their field says otherwise.
 */
export function bodyOf(fields: readonly Field[], values: FormValues): Record<string, Json> {
  const body: Record<string, Json> = {};
  for (const field of fields) {
    if (field.type === 'file') continue;
    const value = wireValueOf(field, values);
    if (value !== '') place(body, field.name, value);
    else if (field.whenEmpty === 'null') place(body, field.name, null);
    else if (field.whenEmpty === 'text') place(body, field.name, '');
  }
  return compacted(body);
}

/** Puts a value at a path such as a.b or a[0].b. Paths come from our own declarations, never from a caller. */
export function place(body: Record<string, Json>, path: string, value: unknown): void {
  const parts = path.split(/[.[\]]+/).filter((part) => part !== '');
  let into: Json = body;
  parts.forEach((part, i) => {
    if (i === parts.length - 1) into[part] = value;
    else {
      into[part] ??= /^\d+$/.test(parts[i + 1]!) ? [] : {};
      into = into[part];
    }
  });
}

/** Lists without the places of rows that were taken out. */
function compacted(value: Json): Json {
  if (Array.isArray(value)) return value.filter((one) => one !== undefined).map(compacted);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, compacted(one)]));
}

/** Values of a form that changes what the API showed: each field is found by its path in that body. */
export function valuesFrom(fields: readonly Field[], shown: Json): Record<string, string> {
  return Object.fromEntries(
    fields.flatMap(({ name, type }) => {
      const value = name
        .split(/[.[\]]+/)
        .filter((part) => part !== '')
        .reduce((at: Json, part) => at?.[part], shown);
      if (value === null || value === undefined || value === '') return [];
      if (type === 'checkbox') return value === true ? [[name, 'true']] : [];
      return [[name, Array.isArray(value) ? value.join(', ') : String(value)]];
    }),
  );
}

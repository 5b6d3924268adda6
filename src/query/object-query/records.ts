import type { JsonObject, JsonValue } from '../../domain/result.ts';
import { isCustomFieldName, toWireShownDateTime } from '../../wire/values.ts';
import { fieldNamed } from '../objects/index.ts';
import { type ModelObject, type ObjectField, shownNameOf } from '../objects/model.ts';
import { fromMillionths } from '../objects/values.ts';
import type { Selection } from './request.ts';

/** A row as it was read, and as it is shown: what hangs on it is added to the latter. */
export interface QueryRecord {
  /** By field: as the database has it; decimals are text of millionths. */
  readonly raw: ReadonlyMap<ObjectField, string | number | null>;
  readonly shown: { [name: string]: JsonValue };
  /** Of a version of a subscription, and what is read below one: that version's number and id. */
  readonly version: { readonly number: number; readonly subscriptionId: string } | null;
}

/** What a selection reads of an object, as columns of a statement: D1 gives at most 100 columns, and a function takes at most 32 values. */
export interface RecordColumns {
  readonly fields: readonly ObjectField[];
  /** SQL of the fields, for the joins that they need. */
  readonly expressions: readonly string[];
  readonly columns: string;
  readonly withCustomFields: boolean;
}

const VALUES_PER_COLUMN = 30;

export function recordColumns({ object, fields, withCustomFields, expansions }: Selection): RecordColumns {
  const wanted = new Set(fields);
  for (const { below } of expansions) {
    if (below !== null) wanted.add(fieldNamed(object, below.relation.field)!);
  }
  if (object.name === 'Subscription') {
    wanted.add(fieldNamed(object, 'Version')!);
    wanted.add(fieldNamed(object, 'Id')!);
  }
  const read = [...wanted].filter(({ sql }) => sql !== 'NULL');
  const expressions = read.map(({ sql, type }) => (type === 'decimal' ? `CAST(${sql} AS TEXT)` : sql));
  const columns: string[] = [];
  for (let at = 0; at < expressions.length; at += VALUES_PER_COLUMN) {
    columns.push(
      `json_array(${expressions.slice(at, at + VALUES_PER_COLUMN).join(', ')}) AS a${columns.length}`,
    );
  }
  if (withCustomFields) columns.push('t.custom_fields AS custom');
  return { fields: read, expressions, columns: columns.join(', '), withCustomFields };
}

/** How values are shown. */
export interface Showing {
  readonly timeZone: string;
  readonly includeNullFields: boolean;
}

export function toRecord(
  row: Record<string, unknown>,
  selection: Selection,
  read: RecordColumns,
  showing: Showing,
): QueryRecord {
  const { object, fields } = selection;
  const raw = new Map<ObjectField, string | number | null>();
  for (let at = 0, column = 0; at < read.fields.length; at += VALUES_PER_COLUMN, column++) {
    const values = JSON.parse(row[`a${column}`] as string) as Array<string | number | null>;
    for (const [i, value] of values.entries()) raw.set(read.fields[at + i]!, value);
  }
  const shown: { [name: string]: JsonValue } = {};
  for (const field of fields) {
    const value = raw.get(field) ?? null;
    if (value !== null) shown[shownNameOf(field)] = shownValue(field, value, showing.timeZone);
    else if (showing.includeNullFields) shown[shownNameOf(field)] = null;
  }
  if (read.withCustomFields)
    addCustomFields(shown, object, JSON.parse(row.custom as string) as JsonObject, showing);
  return { raw, shown, version: versionOf(object, raw) };
}

function versionOf(object: ModelObject, raw: QueryRecord['raw']): QueryRecord['version'] {
  if (object.name !== 'Subscription') return null;
  return {
    number: raw.get(fieldNamed(object, 'Version')!) as number,
    subscriptionId: raw.get(fieldNamed(object, 'Id')!) as string,
  };
}

/** Under their own names beside the object's; those that the object has as fields are shown already. */
function addCustomFields(
  shown: { [name: string]: JsonValue },
  object: ModelObject,
  custom: JsonObject,
  { includeNullFields }: Showing,
): void {
  const declared = new Set(object.fields.map(({ name }) => name));
  for (const [name, value] of Object.entries(custom)) {
    if (!isCustomFieldName(name) || declared.has(name)) continue;
    if (value !== null || includeNullFields) shown[name] = value;
  }
}

function shownValue({ type, isList }: ObjectField, value: string | number, timeZone: string): JsonValue {
  switch (type) {
    case 'decimal':
      return Number(fromMillionths(value as string));
    case 'boolean':
      return value === 1;
    case 'datetime':
      return toWireShownDateTime(value as string, timeZone);
    case 'integer':
      return Number(value);
    default:
      return isList ? String(value).split(',') : value;
  }
}

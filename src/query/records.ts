import { isId } from '../domain/account/state.ts';
import type { JsonObject, JsonValue } from '../domain/result.ts';
import { isCustomFieldName, toWireOffsetDateTime } from '../wire/values.ts';
import { fieldNamed, latestSql } from './objects/index.ts';
import type { ModelObject, ObjectField } from './objects/model.ts';
import { fromMillionths } from './objects/values.ts';
import { fromClause } from './objects/view.ts';

/** One object of the model by its id, as the older resources show it: /v1/object/account/{id}. */

const CUSTOM_FIELDS = 'custom';
/** Names of lists that these resources have as numbers, where Object Query has text. */
const NUMERIC_CODES: ReadonlySet<string> = new Set(['InvoiceItem.ProcessingType']);

/** The fields that are read, and whether custom fields are: of those that are named, or of all that Spillway keeps. */
function fieldsOf(object: ModelObject, names: readonly string[] | null) {
  const wanted = names === null ? null : new Set(['id', ...names.map((name) => name.toLowerCase())]);
  const fields = object.fields.filter(
    ({ name, sql }) => sql !== 'NULL' && (wanted === null || wanted.has(name.toLowerCase())),
  );
  const custom = wanted === null ? () => true : (name: string) => wanted.has(name.toLowerCase());
  const isCustom = names === null || names.some((name) => name.includes('__'));
  return { fields, custom: object.customFields && isCustom ? custom : null };
}

/** Where the object with this key is found, along an index; `?1` is the key. */
function whereOf(object: ModelObject, key: string, byNumber: boolean): string {
  const isNumber = byNumber && !isId(key);
  const { sql } = fieldNamed(object, isNumber ? object.numberField! : 'Id')!;
  const conditions = [`${sql} = ?1`];
  const latest = isNumber ? latestSql(object) : null;
  if (latest !== null) conditions.push(latest);
  if (object.rowOfId !== null) conditions.push(object.rowOfId('?1'));
  // A row that is part of some versions is an object of its own; what is listed is another question.
  if (object.only !== null && !object.versioned) conditions.push(object.only);
  return conditions.join(' AND ');
}

export interface RecordRequest {
  readonly object: ModelObject;
  /** Id, or the object's number. */
  readonly key: string;
  /** What is asked for, in any case of letters; null: everything. */
  readonly names: readonly string[] | null;
  /** It may be named by its number. */
  readonly byNumber: boolean;
}

/** The SELECT of one object; `?1` is its key. Its columns are c0, c1 … as the fields, and custom fields as JSON where they are wanted. */
export function recordSql({ object, key, names, byNumber }: RecordRequest) {
  const { fields, custom } = fieldsOf(object, names);
  const where = whereOf(object, key, byNumber);
  const columns = fields.map(
    ({ sql, type }, i) => `${type === 'decimal' ? `CAST(${sql} AS TEXT)` : sql} AS c${i}`,
  );
  if (custom !== null) columns.push(`t.custom_fields AS ${CUSTOM_FIELDS}`);
  const from = fromClause(object, [...fields.map(({ sql }) => sql), where]);
  const sql = `SELECT ${columns.join(', ')} FROM ${from} WHERE ${where} LIMIT 1`;
  return { sql, fields, custom };
}

export async function readRecord(
  db: D1Database,
  request: RecordRequest,
  timeZone: string,
): Promise<JsonObject | null> {
  const { sql, fields, custom } = recordSql(request);
  const row = await db.prepare(sql).bind(request.key).first<Record<string, string | number | null>>();
  if (row === null) return null;
  const shown: { [name: string]: JsonValue } = custom === null ? {} : customFieldsIn(row, custom);
  for (const [i, field] of fields.entries()) {
    const value = row[`c${i}`];
    if (value == null) continue;
    const isCode = NUMERIC_CODES.has(`${request.object.name}.${field.name}`);
    shown[field.name] = isCode ? Number(value) : toWire(field, value, timeZone);
  }
  return shown;
}

function customFieldsIn(
  row: Record<string, string | number | null>,
  isWanted: (name: string) => boolean,
): { [name: string]: JsonValue } {
  const kept = JSON.parse(row[CUSTOM_FIELDS] as string) as JsonObject;
  return Object.fromEntries(
    Object.entries(kept).filter(
      ([name, value]) => value !== null && isCustomFieldName(name) && isWanted(name),
    ),
  );
}

function toWire({ type }: ObjectField, value: string | number, timeZone: string): JsonValue {
  switch (type) {
    case 'boolean':
      return value === 1;
    case 'decimal':
      return Number(fromMillionths(String(value)));
    case 'integer':
      return Number(value);
    case 'datetime':
      return toWireOffsetDateTime(String(value), timeZone);
    default:
      return String(value);
  }
}

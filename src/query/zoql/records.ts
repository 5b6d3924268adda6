import type { JsonObject, JsonValue } from '../../domain/result.ts';
import { toWireOffsetDateTime } from '../../wire/values.ts';
import type { ObjectField } from '../objects/model.ts';
import { fromMillionths } from '../objects/values.ts';
import type { Row } from './pages.ts';

/** A row as a record of a reply: fields by name, without those that have no value. */
export function toRecord(fields: readonly ObjectField[], row: Row, timeZone: string): JsonObject {
  const record: { [name: string]: JsonValue } = {};
  fields.forEach(({ name, type }, i) => {
    const value = row[`f${i}`];
    if (value !== null && value !== undefined) record[name] = toValue(type, value, timeZone);
  });
  return record;
}

function toValue(type: ObjectField['type'], value: string | number, timeZone: string): JsonValue {
  switch (type) {
    case 'boolean':
      return value !== 0;
    case 'decimal':
      return Number(fromMillionths(String(value)));
    case 'datetime':
      return toWireOffsetDateTime(String(value), timeZone);
    default:
      return value;
  }
}

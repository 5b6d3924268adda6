import type { ContractSchema } from './contract-data.ts';
import { SCHEMA_REFERENCE_PREFIX } from './contract-data.ts';

export type JsonSchema = { [keyword: string]: unknown };

/** Id under which the converted components are registered; references point into it. */
export const COMPONENTS_ID = 'contract-components';

/** Formats under which the contract describes a number although the type says string. */
const NUMERIC_TEXT_FORMATS = new Set(['number', 'decimal']);
/** Formats that the validator checks; all others of the contract only inform (int64, double, binary, url). */
const CHECKED_FORMATS = new Set(['date', 'date-time', 'uuid', 'email']);
const COPIED_KEYWORDS = ['required', 'minLength', 'maxLength', 'minimum', 'maximum', 'maxItems'] as const;

/**
 * Converts a schema of OpenAPI 3.0 to JSON Schema 2020-12: `nullable` becomes a type, `oneOf` becomes `anyOf` (the
 * contract's alternatives overlap), a string with a numeric format also takes a number, and `additionalProperties`
 * is left out, because undeclared properties are judged in undeclared-properties.ts.
 */
export function toJsonSchema(schema: ContractSchema): JsonSchema {
  const converted: JsonSchema = {};
  if (schema.$ref !== undefined) {
    converted.$ref = `${COMPONENTS_ID}#/$defs/${schema.$ref.slice(SCHEMA_REFERENCE_PREFIX.length)}`;
  }
  if (schema.type !== undefined) converted.type = convertType(schema);
  if (schema.enum !== undefined) converted.enum = convertEnum(schema);
  if (schema.format !== undefined && CHECKED_FORMATS.has(schema.format.toLowerCase())) {
    converted.format = schema.format.toLowerCase();
  }
  for (const keyword of COPIED_KEYWORDS) {
    if (schema[keyword] !== undefined) converted[keyword] = schema[keyword];
  }
  if (schema.properties !== undefined) {
    converted.properties = Object.fromEntries(
      Object.entries(schema.properties).map(([name, property]) => [name, toJsonSchema(property)]),
    );
  }
  if (schema.items !== undefined) converted.items = toJsonSchema(schema.items);
  if (schema.allOf !== undefined) converted.allOf = schema.allOf.map(toJsonSchema);
  const alternatives = schema.oneOf ?? schema.anyOf;
  if (alternatives !== undefined) converted.anyOf = alternatives.map(toJsonSchema);
  const nullByType = schema.type !== undefined && schema.$ref === undefined && schema.allOf === undefined;
  return schema.nullable && !nullByType && Object.keys(converted).length > 0
    ? { anyOf: [{ type: 'null' }, converted] }
    : converted;
}

function convertType(schema: ContractSchema): string[] {
  const types = [schema.type ?? 'object'];
  if (schema.type === 'string' && NUMERIC_TEXT_FORMATS.has(schema.format ?? '')) types.push('number');
  if (schema.nullable) types.push('null');
  return types;
}

function convertEnum(schema: ContractSchema): unknown[] {
  const values = schema.enum ?? [];
  return schema.nullable && !values.includes(null) ? [...values, null] : values;
}

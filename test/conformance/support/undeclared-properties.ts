import type { ContractSchema, JsonObject, JsonValue } from './contract-data.ts';
import { resolveSchema } from './contract-data.ts';

/**
 * Finds the properties of a body that its schema does not declare. Combined schemas (`allOf`, `oneOf`, `anyOf`) declare
 * the union of their properties. An object for which nothing is declared is free-form; `additionalProperties: true`
 * beside declared properties stands for custom fields in this contract and opens nothing.
 *
 * Returns JSON pointers; what is inside an undeclared property is not looked at.
 */
export function undeclaredProperties(schema: ContractSchema, body: JsonValue): string[] {
  const found: string[] = [];
  visit([schema], body, '', found);
  return found;
}

function visit(schemas: readonly ContractSchema[], value: JsonValue, pointer: string, found: string[]): void {
  const parts = schemas.flatMap(flattenSchema);
  if (Array.isArray(value)) {
    const items = parts.flatMap((part) => (part.items === undefined ? [] : [part.items]));
    for (const [index, item] of value.entries()) visit(items, item, `${pointer}/${index}`, found);
  } else if (value !== null && typeof value === 'object') {
    visitObject(parts, value, pointer, found);
  }
}

function visitObject(
  parts: readonly ContractSchema[],
  body: JsonObject,
  pointer: string,
  found: string[],
): void {
  const declared = new Map<string, ContractSchema[]>();
  for (const part of parts) {
    for (const [name, property] of Object.entries(part.properties ?? {})) {
      declared.set(name, [...(declared.get(name) ?? []), property]);
    }
  }
  if (declared.size === 0) return;
  for (const [name, item] of Object.entries(body)) {
    const schemas = declared.get(name);
    if (schemas === undefined) found.push(`${pointer}/${name}`);
    else visit(schemas, item, `${pointer}/${name}`, found);
  }
}

/** The schema and everything that it combines, references resolved. */
function flattenSchema(schema: ContractSchema): ContractSchema[] {
  const resolved = resolveSchema(schema);
  const combined = [...(resolved.allOf ?? []), ...(resolved.oneOf ?? []), ...(resolved.anyOf ?? [])];
  return [resolved, ...combined.flatMap(flattenSchema)];
}

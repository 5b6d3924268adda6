import type { JsonObject, JsonValue } from '../result.ts';

/**
 * Attributes after a change of some of them: null removes one, an object (taxInfo, einvoiceProfile) is changed attribute by
 * attribute, everything else is replaced.
 */
export function mergeDetails(before: JsonObject, changes: JsonObject): JsonObject {
  const merged: { [name: string]: JsonValue } = { ...before };
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) delete merged[name];
    else if (isObject(value)) merged[name] = mergeDetails(asObject(merged[name]), value);
    else merged[name] = value;
  }
  return merged;
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function asObject(value: JsonValue | undefined): JsonObject {
  return isObject(value) ? value : {};
}

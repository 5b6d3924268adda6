import type { JsonValue } from './contract-data.ts';
import { operations, samples } from './contract-data.ts';

/** The type of a value as JSON Schema names it; a whole number counts as `number` too. */
export function jsonTypeOf(value: JsonValue): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return typeof value;
}

/** Turns a JSON pointer into the form of the contract's conflict list: `/items/0/id` is `/items[]/id`, root is `/`. */
export function toSamplePath(pointer: string): string {
  return pointer.replace(/\/\d+(?=\/|$)/g, '[]') || '/';
}

/** Calls `visit` for every value of a body with its JSON pointer, parents first. */
export function visitValues(
  value: JsonValue,
  visit: (value: JsonValue, pointer: string) => void,
  pointer = '',
): void {
  visit(value, pointer);
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) visitValues(item, visit, `${pointer}/${index}`);
  } else if (value !== null && typeof value === 'object') {
    for (const [name, item] of Object.entries(value)) visitValues(item, visit, `${pointer}/${name}`);
  }
}

/** Name of the property that holds the value: the last segment that is no array index. */
export function propertyNameOf(pointer: string): string {
  const names = pointer.split('/').filter((segment) => segment !== '' && !/^\d+$/.test(segment));
  return names.at(-1) ?? '';
}

/** A text with every digit as `9` and every letter as `a`: `2012-02` and `2013-11` have the same shape. */
export function textShape(text: string): string {
  return text.replace(/\d/g, '9').replace(/[A-Za-z]/g, 'a');
}

type ShownTypes = Map<string, Set<string>>;

function note(shown: ShownTypes, key: string, type: string): void {
  const types = shown.get(key);
  if (types === undefined) shown.set(key, new Set([type]));
  else types.add(type);
}

const shownByPath = new Map<string, ShownTypes>();
const shapesByPath = new Map<string, ShownTypes>();
const shownByName = new Map<string, ShownTypes>();

for (const [operationId, sample] of Object.entries(samples)) {
  const operation = operations[operationId];
  if (operation === undefined || sample.response === undefined) continue;
  const byPath: ShownTypes = new Map();
  const shapes: ShownTypes = new Map();
  const byName: ShownTypes = shownByName.get(operation.area) ?? new Map();
  visitValues(sample.response, (value, pointer) => {
    const type = jsonTypeOf(value);
    note(byPath, toSamplePath(pointer), type);
    if (typeof value === 'string') note(shapes, toSamplePath(pointer), textShape(value));
    if (pointer !== '' && !/\/\d+$/.test(pointer)) note(byName, propertyNameOf(pointer), type);
  });
  shownByPath.set(operationId, byPath);
  shapesByPath.set(operationId, shapes);
  shownByName.set(operation.area, byName);
}

const NONE: ReadonlySet<string> = new Set();

/** The JSON types that the published reply of this operation shows at a sample path. */
export function typesShownAt(operationId: string, samplePath: string): ReadonlySet<string> {
  return shownByPath.get(operationId)?.get(samplePath) ?? NONE;
}

/** The shapes (see textShape) that texts have at a sample path in the published reply of this operation. */
export function shapesShownAt(operationId: string, samplePath: string): ReadonlySet<string> {
  return shapesByPath.get(operationId)?.get(samplePath) ?? NONE;
}

/** The JSON types that any published reply of the area shows for a property of this name. */
export function typesShownFor(area: string, propertyName: string): ReadonlySet<string> {
  return shownByName.get(area)?.get(propertyName) ?? NONE;
}

import { type Refusal, refuse } from '../../domain/result.ts';
import { limits } from '../../env.ts';
import { fieldNamed } from '../objects/index.ts';
import type { ModelObject, ObjectField } from '../objects/model.ts';
import { type Filter, shown } from './filters.ts';

export type Direction = 'ASC' | 'DESC';

/** By a field, then by Id in the same direction: no two rows are at one place. */
export interface Order {
  /** Null: by Id alone. */
  readonly field: ObjectField | null;
  readonly direction: Direction;
  /** As the cursor names it: UpdatedDate; null: Id alone, which a field that nothing is kept for comes to as well. */
  readonly name: string;
}

/** Where a page ends: what comes after it in the order is on the next one. */
export interface Place {
  /** Of the order's field, as the database has it; decimals are text of millionths. */
  readonly value: string | number | null;
  readonly id: string;
  /** Of objects that lie in a row as elements: the row's id, and which of them. */
  readonly element: { readonly rowId: string; readonly at: number } | null;
}

/** SQL of a place's value as it leaves the database: a bound number does not hold every decimal. */
export function placeSql({ field }: Order, value: string): string {
  return field?.type === 'decimal' ? `CAST(${value} AS TEXT)` : value;
}

const SORT = /^\s*([A-Za-z]\w*)(?:\.([A-Za-z]+))?\s*$/;

export function parseSort(texts: readonly string[], object: ModelObject): Order | Refusal {
  const bad = (message: string) => refuse('query', message, 'sort[]');
  if (texts.length > 1) return bad('a query is sorted by one field');
  const [, name = '', direction = 'ASC'] = SORT.exec(texts[0] ?? 'UpdatedDate.DESC') ?? [];
  if (name === '') return bad(`${shown(texts[0]!)} is no order: write it as field.ASC or field.DESC`);
  const field = fieldNamed(object, name);
  if (field === undefined) return bad(`${shown(name)} is no field of ${object.collection ?? object.name}`);
  const upper = direction.toUpperCase();
  if (upper !== 'ASC' && upper !== 'DESC') return bad(`${shown(direction)} is neither ASC nor DESC`);
  const byId = field.sql === 'NULL' || field.sql === 't.id';
  return { field: byId ? null : field, direction: upper, name: field.name };
}

/** What a cursor belongs to: the same filters on the same objects. */
export function queryMark(object: ModelObject, filters: readonly Filter[]): string {
  const text = JSON.stringify(
    filters.map(({ field, operator, values }) => [field.name, operator, values]).sort(),
  );
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return `${object.name}-${hash.toString(16)}`;
}

/** Base64 of `[{value, orderBy: {field, order}}, {value: <id>, orderBy: {field: Id, order}, of}]`. */
export function cursorOf({ name, direction }: Order, place: Place, mark: string): string {
  const entries = [
    { value: place.value, orderBy: { field: name, order: direction } },
    {
      value: place.id,
      orderBy: { field: 'Id', order: direction },
      of: mark,
      ...(place.element === null ? {} : { row: place.element.rowId, at: place.element.at }),
    },
  ];
  const bytes = new TextEncoder().encode(JSON.stringify(entries));
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}

export function parseCursor(text: string, order: Order, object: ModelObject, mark: string): Place | Refusal {
  const bad = (message: string) => refuse('query', message, 'cursor');
  const entries = text.length > limits.objectQueryCursorCharactersMax ? null : decoded(text);
  if (entries === null) return bad('is not the nextPage of a reply');
  const [by, id] = entries;
  if (
    by.field !== order.name ||
    by.order !== order.direction ||
    id.order !== order.direction ||
    id.of !== mark
  ) {
    return bad('belongs to another query: filters and order have to stay as they were');
  }
  const value = by.value;
  const fits = value === null || order.field === null || typeof value === typeOf(order.field);
  const isElement = typeof id.row === 'string' && Number.isSafeInteger(id.at);
  if (!fits || isElement !== (object.each !== null)) return bad('is not the nextPage of a reply');
  return {
    value,
    id: id.value,
    element: isElement ? { rowId: id.row as string, at: id.at as number } : null,
  };
}

function typeOf({ type }: ObjectField): 'number' | 'string' {
  return type === 'boolean' || type === 'integer' ? 'number' : 'string';
}

interface CursorEntry {
  readonly value: string | number | null;
  readonly field: unknown;
  readonly order: unknown;
  readonly of?: unknown;
  readonly row?: unknown;
  readonly at?: unknown;
}

function decoded(text: string): readonly [CursorEntry, CursorEntry & { readonly value: string }] | null {
  let list: unknown;
  try {
    // A plus that was not encoded arrives as a blank.
    const binary = atob(text.replaceAll(' ', '+'));
    const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
    list = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    return null;
  }
  if (!Array.isArray(list) || list.length !== 2) return null;
  const entries = list.map(entryOf);
  if (entries.includes(null) || typeof entries[1]!.value !== 'string') return null;
  return entries as unknown as ReturnType<typeof decoded>;
}

function entryOf(given: unknown): CursorEntry | null {
  if (given === null || typeof given !== 'object') return null;
  const { value, orderBy, of, row, at } = given as Record<string, unknown>;
  if (orderBy === null || typeof orderBy !== 'object') return null;
  const isValue = value === null || typeof value === 'string' || Number.isSafeInteger(value);
  if (!isValue) return null;
  const { field, order } = orderBy as Record<string, unknown>;
  return { value: value as CursorEntry['value'], field, order, of, row, at };
}

import { z } from 'zod';
import type { JsonValue } from '../domain/result.ts';
import type { toCrudError } from './errors.ts';
import { wireText } from './values.ts';
import { listOf } from './words.ts';

/** Bodies and results of /v1/action/create, update and delete: several objects of one type. */

/** Objects that one request writes (conventions 7). */
export const ACTION_OBJECTS_MAX = 50;
const FIELDS_TO_NULL_MAX = 200;
const NAME_LENGTH_MAX = 100;

const type = wireText(NAME_LENGTH_MAX).min(1, 'must not be empty');
const wireObject = z.record(z.string(), z.unknown(), { error: 'must be an object' });
const objects = listOf(wireObject, 'objects', ACTION_OBJECTS_MAX).min(1, 'must have at least one object');
const wireId = wireText(NAME_LENGTH_MAX).min(1, 'must not be empty');

export const wireCreate = z.object({ type, objects });

export const wireUpdate = z.object({ type, objects });

export const wireDelete = z.object({
  type,
  ids: listOf(wireId, 'ids', ACTION_OBJECTS_MAX).min(1, 'must have at least one id'),
});

/** What an object of an update has beside its own fields. */
export const wireUpdateKeys = z.object({
  Id: wireId,
  fieldsToNull: listOf(wireText(NAME_LENGTH_MAX), 'names of fields', FIELDS_TO_NULL_MAX).nullish(),
});

/** What became of one object. */
export type ActionResult =
  | { readonly id: string }
  | { readonly errors: ReadonlyArray<ReturnType<typeof toCrudError>> };

/** A result of create or update. */
export function toWireSaveResult(result: ActionResult): object {
  return 'id' in result ? { Id: result.id, Success: true } : { Errors: result.errors, Success: false };
}

/** A result of delete, which the contract spells in lower case. */
export function toWireDeleteResult(result: ActionResult, id: string): object {
  return 'id' in result ? { id, success: true } : { errors: result.errors, id, success: false };
}

/** An object of an update with null in the place of the fields that are to have none. */
export function withNulls(
  object: Readonly<Record<string, unknown>>,
  names: readonly string[],
): Record<string, JsonValue> {
  return { ...object, ...Object.fromEntries(names.map((name) => [name, null])) } as Record<string, JsonValue>;
}

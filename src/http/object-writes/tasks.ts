import { type Refusal, refuse } from '../../domain/result.ts';
import { wireUpdateKeys, withNulls } from '../../wire/actions.ts';
import { isCustomFieldName } from '../../wire/values.ts';
import { toRefusals } from '../errors.ts';
import { hasUnknownFields } from '../operation.ts';
import type { BodyWrite, ObjectWrites } from './object-write.ts';
import type { Task } from './several-writes.ts';

/** What was read of one object of an action. */
export interface TaskReading {
  readonly task: Task;
  readonly hasUnknownFields: () => boolean;
}

type Given = Readonly<Record<string, unknown>>;

const refusedTask = (id: string | null, refusals: readonly Refusal[]): TaskReading => ({
  task: { id, carryOut: refusals },
  hasUnknownFields: () => false,
});

export function createTask(write: BodyWrite, object: Given): TaskReading {
  return bodyTask(write, object, null);
}

export function updateTask(write: BodyWrite, object: Given): TaskReading {
  const keys = wireUpdateKeys.safeParse(object);
  if (!keys.success) return refusedTask(null, toRefusals(keys.error, object));
  const { Id: id, fieldsToNull } = keys.data;
  const names = fieldsToNull ?? [];
  const fixed = names.find((name) => !isCustomFieldName(name) && !write.nullable.has(name));
  if (fixed !== undefined) {
    return refusedTask(id, [refuse('invalid', `${fixed} cannot be set to nothing`, 'fieldsToNull')]);
  }
  const { Id: _, fieldsToNull: __, ...fields } = object;
  return bodyTask(write, withNulls(fields, names), id);
}

export function removeTask(remove: NonNullable<ObjectWrites['remove']>, id: string): TaskReading {
  return { task: { id, carryOut: (writer) => remove(writer, id) }, hasUnknownFields: () => false };
}

function bodyTask(write: BodyWrite, object: Given, id: string | null): TaskReading {
  const parsed = write.schema.safeParse(object);
  if (!parsed.success) return refusedTask(id, toRefusals(parsed.error, object));
  return {
    task: { id, carryOut: (writer) => write.carryOut(writer, parsed.data, id ?? '') },
    hasUnknownFields: () => hasUnknownFields(object, parsed.data),
  };
}

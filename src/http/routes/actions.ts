import { type Refusal, refuse } from '../../domain/result.ts';
import {
  type ActionResult,
  toWireDeleteResult,
  toWireSaveResult,
  wireCreate,
  wireDelete,
  wireUpdate,
} from '../../wire/actions.ts';
import type { AppContext } from '../context.ts';
import { refused } from '../errors.ts';
import { objectWrites } from '../object-writes/index.ts';
import type { ObjectWrites } from '../object-writes/object-write.ts';
import { carryOutAll, type Task } from '../object-writes/several-writes.ts';
import { createTask, removeTask, type TaskReading, updateTask } from '../object-writes/tasks.ts';
import { type AnyOperation, operation, unrecognisedFields } from '../operation.ts';

/** /v1/action/create, update and delete: one result for each object, in their order. An object that is refused disturbs no other. */

type Verb = 'create' | 'update' | 'remove';
const DONE = { create: 'created', update: 'updated', remove: 'deleted' } as const;

const BY_TYPE: ReadonlyMap<string, ObjectWrites> = new Map(
  objectWrites.map((writes) => [writes.type.toLowerCase(), writes]),
);

/** The type that a request names, in any case of letters, if its objects can be written so. */
function writesOf<V extends Verb>(
  type: string,
  verb: V,
): { readonly type: string; readonly write: NonNullable<ObjectWrites[V]> } | Refusal {
  const found = BY_TYPE.get(type.toLowerCase());
  const write = found?.[verb];
  if (found !== undefined && write != null) return { type: found.type, write };
  const types = objectWrites.flatMap((writes) => (writes[verb] === undefined ? [] : [writes.type]));
  return refuse('invalid', `must be one of ${types.join(', ')}: these can be ${DONE[verb]}`, 'type');
}

/** Carries out what can be read of a request's objects, unless it has fields that are to be refused. */
async function answer(
  c: AppContext,
  type: string,
  readings: readonly TaskReading[],
  toResult: (result: ActionResult, task: Task) => object,
): Promise<Response> {
  const isStrict = c.req.query('rejectUnknownFields') === 'true';
  if (isStrict && readings.some(({ hasUnknownFields }) => hasUnknownFields())) return unrecognisedFields(c);
  return carryOutAll(
    c,
    type,
    readings.map(({ task }) => task),
    toResult,
  );
}

const shared = { method: 'post', role: 'standard', envelope: 'action', fansOut: true } as const;

export const actionOperations: readonly AnyOperation[] = [
  operation({
    ...shared,
    id: 'Action_POSTcreate',
    path: '/v1/action/create',
    body: wireCreate,
    async handle(c, { body }) {
      const found = writesOf(body.type, 'create');
      if ('refused' in found) return refused(c, found);
      const readings = body.objects.map((object) => createTask(found.write, object));
      return answer(c, found.type, readings, toWireSaveResult);
    },
  }),
  operation({
    ...shared,
    id: 'Action_POSTupdate',
    path: '/v1/action/update',
    body: wireUpdate,
    async handle(c, { body }) {
      const found = writesOf(body.type, 'update');
      if ('refused' in found) return refused(c, found);
      const readings = body.objects.map((object) => updateTask(found.write, object));
      return answer(c, found.type, readings, toWireSaveResult);
    },
  }),
  operation({
    ...shared,
    id: 'Action_POSTdelete',
    path: '/v1/action/delete',
    body: wireDelete,
    async handle(c, { body }) {
      const found = writesOf(body.type, 'remove');
      if ('refused' in found) return refused(c, found);
      const readings = body.ids.map((id) => removeTask(found.write, id));
      return answer(c, found.type, readings, (result, { id }) => toWireDeleteResult(result, id ?? ''));
    },
  }),
];

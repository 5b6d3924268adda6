import { isRefusal } from '../../domain/result.ts';
import type { AppContext } from '../context.ts';
import { refused } from '../errors.ts';
import { objectWrites } from '../object-writes/index.ts';
import {
  type BodyWrite,
  type ObjectWrites,
  objectPathOf,
  type Written,
  writerOf,
} from '../object-writes/object-write.ts';
import { type AnyOperation, operation, reply } from '../operation.ts';

/** POST, PUT and DELETE of the older resources under /v1/object. */

const shared = { role: 'standard', envelope: 'crud' } as const;

async function answer(c: AppContext, written: Promise<Written>): Promise<Response> {
  const outcome = await written;
  return isRefusal(outcome) ? refused(c, outcome) : reply(c, outcome);
}

function operationsOf({ type, create, update, remove }: ObjectWrites): AnyOperation[] {
  const path = objectPathOf(type);
  const withBody = (method: 'post' | 'put', at: string, { schema, manySteps, carryOut }: BodyWrite) =>
    operation({
      ...shared,
      id: `Object_${method.toUpperCase()}${type}`,
      method,
      path: at,
      body: schema,
      fansOut: manySteps,
      handle: (c, { body }) => answer(c, carryOut(writerOf(c), body, c.req.param('id') ?? '')),
    });
  return [
    ...(create === undefined ? [] : [withBody('post', path, create)]),
    ...(update === undefined ? [] : [withBody('put', `${path}/:id`, update)]),
    ...(remove === undefined
      ? []
      : [
          operation({
            ...shared,
            id: `Object_DELETE${type}`,
            method: 'delete',
            path: `${path}/:id`,
            handle: (c) => answer(c, remove(writerOf(c), c.req.param('id') ?? '')),
          }),
        ]),
  ];
}

export const objectWriteOperations: readonly AnyOperation[] = objectWrites.flatMap(operationsOf);

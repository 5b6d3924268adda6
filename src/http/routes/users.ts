import { newTimeOrderedId } from '../../account/runtime.ts';
import {
  changeUser,
  createUser,
  findUser,
  type ListedUser,
  listUsers,
  setPassword,
} from '../../auth/users.ts';
import { isRefusal, type Refusal, refuse } from '../../domain/result.ts';
import { databaseOf } from '../../persistence/database.ts';
import { wireNewPassword, wireNewUser, wireUserChanges } from '../../wire/users.ts';
import type { AppContext } from '../context.ts';
import { json, refused } from '../errors.ts';
import { type AnyOperation, operation, reader } from '../operation.ts';

function respondWithUser(c: AppContext, outcome: ListedUser | Refusal): Response {
  if (isRefusal(outcome)) return refused(c, outcome);
  return json(c, 200, JSON.stringify({ ...outcome, success: true }));
}

/** Who signs in to the web pages: for administrators. No reply holds a password or its hash. */
export const userOperations: readonly AnyOperation[] = [
  operation({
    id: 'spillwayListUsers',
    method: 'get',
    path: '/v1/spillway/users',
    role: 'admin',
    handle: async (c) => json(c, 200, JSON.stringify({ users: await listUsers(reader(c)), success: true })),
  }),
  operation({
    id: 'spillwayCreateUser',
    method: 'post',
    path: '/v1/spillway/users',
    role: 'admin',
    body: wireNewUser,
    handle: async (c, { body }) => {
      const now = new Date().toISOString();
      const user = { ...body, id: newTimeOrderedId(now) };
      return respondWithUser(c, await createUser(databaseOf(c.env), user, now));
    },
  }),
  operation({
    id: 'spillwayGetUser',
    method: 'get',
    path: '/v1/spillway/users/:id',
    role: 'admin',
    handle: async (c) =>
      respondWithUser(
        c,
        (await findUser(reader(c), c.req.param('id')!)) ?? refuse('not_found', 'There is no such user.'),
      ),
  }),
  operation({
    id: 'spillwayUpdateUser',
    method: 'put',
    path: '/v1/spillway/users/:id',
    role: 'admin',
    body: wireUserChanges,
    handle: async (c, { body }) =>
      respondWithUser(
        c,
        await changeUser(databaseOf(c.env), c.req.param('id')!, body, new Date().toISOString()),
      ),
  }),
  /** An idempotency key is told what a password was by nothing, so another password under the same key would look as if it were set. */
  operation({
    id: 'spillwaySetUserPassword',
    method: 'post',
    path: '/v1/spillway/users/:id/password',
    role: 'admin',
    body: wireNewPassword,
    handle: async (c, { body }) => {
      if (c.get('idempotency') !== undefined) {
        const message = 'cannot be used here: passwords are not kept; setting one twice does no harm';
        return refused(c, refuse('invalid', message, 'Idempotency-Key'));
      }
      const problem = await setPassword(databaseOf(c.env), c.req.param('id')!, body.password);
      return problem === null ? json(c, 200, JSON.stringify({ success: true })) : refused(c, problem);
    },
  }),
];

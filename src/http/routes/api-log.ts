import { placement } from '../../account/client.ts';
import { namesOfCallers } from '../../auth/caller-names.ts';
import { mayDo } from '../../auth/clients.ts';
import { refuse } from '../../domain/result.ts';
import { findAccountNames } from '../../persistence/accounts.ts';
import type { LogObject } from '../../persistence/api-log/log-object.ts';
import { LOG_NAME, type LoggedBody, type LoggedCall } from '../../persistence/api-log/logged-call.ts';
import { databaseOf } from '../../persistence/database.ts';
import {
  callPageSize,
  fromWireCallFilter,
  toWireCall,
  toWireCallWithBodies,
  toWireNotKept,
  wireCallFilter,
} from '../../wire/api-log.ts';
import { apiLogBuffer } from '../api-log/buffer.ts';
import { routedPath } from '../api-log/entries.ts';
import type { AppContext } from '../context.ts';
import { json, refused } from '../errors.ts';
import { type AnyOperation, isForAdministrators, operation, reader } from '../operation.ts';

/** The log, with what this isolate has gathered for it. */
async function logOf(c: AppContext): Promise<DurableObjectStub<LogObject>> {
  await apiLogBuffer.send(c.env);
  return c.env.LOG.get(c.env.LOG.idFromName(LOG_NAME), placement(c.env));
}

/** The call for somebody who may not call its operation. */
function withoutBodies(call: LoggedCall) {
  const hidden = (body: LoggedBody | null) =>
    body === null || body.text === null
      ? body
      : ({ ...body, text: null, leftOut: 'administrators' } as const);
  return { ...call, request: hidden(call.request), reply: hidden(call.reply) };
}

/** What calls may have named the account by: its id and its number, and what was asked for, if there is no such account (any more). */
async function namesOf(c: AppContext, account: string): Promise<string[]> {
  const found = await findAccountNames(reader(c), account);
  return found === null ? [account] : [found.id, found.number];
}

/** Calls of the last days with what was sent and what came back, for whoever may write: a reader's client sees none of others' bodies, and those of operations for administrators are shown to these. */
export const apiLogOperations: readonly AnyOperation[] = [
  /** Newest first, without bodies. A page may have fewer calls than asked for, or none, and still have a next one: what it looks at is bounded. */
  operation({
    id: 'spillwayListApiCalls',
    method: 'get',
    path: '/v1/spillway/api-log',
    role: 'standard',
    query: wireCallFilter,
    handle: async (c, { query }) => {
      const [log, accounts] = await Promise.all([
        logOf(c),
        query.account === undefined ? undefined : namesOf(c, query.account),
      ]);
      const page = await log.list({ ...fromWireCallFilter(query), accounts }, callPageSize(query));
      const names = await namesOfCallers(
        databaseOf(c.env),
        page.calls.map(({ clientId }) => clientId),
      );
      const next = new URL(c.req.url);
      next.searchParams.set('before', String(page.next));
      return json(
        c,
        200,
        JSON.stringify({
          calls: page.calls.map((one) => toWireCall(one, names)),
          ...(page.next === null ? {} : { nextPage: next.href }),
          notKept: page.notKept.map(toWireNotKept),
          success: true,
        }),
      );
    },
  }),
  operation({
    id: 'spillwayGetApiCall',
    method: 'get',
    path: '/v1/spillway/api-log/:requestId',
    role: 'standard',
    handle: async (c) => {
      const log = await logOf(c);
      const call = await log.find(c.req.param('requestId')!);
      if (call === null) {
        return refused(
          c,
          refuse('not_found', 'There is no such call, or it was not kept, or its time is over.'),
        );
      }
      const names = await namesOfCallers(databaseOf(c.env), [call.clientId]);
      const isShown = mayDo(c.get('caller'), 'admin') || !isForAdministrators(routedPath(call.path));
      const told = isShown ? call : withoutBodies(call);
      return json(c, 200, JSON.stringify({ ...toWireCallWithBodies(told, names), success: true }));
    },
  }),
];

// What goes wrong with one object of an action is its own result, and is not kept under the request's key.

import { env } from 'cloudflare:workers';
import { Hono } from 'hono';
import { expect, test } from 'vitest';
import { refuse } from '../../src/domain/result.ts';
import type { AppEnv } from '../../src/http/context.ts';
import { carryOutAll, type Task } from '../../src/http/object-writes/several-writes.ts';

const DONE = { status: 200, body: '{"Success":true,"Id":"made"}', replayed: false };

/** The results of these tasks, and whether the reply may be kept under the request's key. */
async function resultsOf(tasks: readonly Task[]) {
  let isKept = true;
  const app = new Hono<AppEnv>();
  app.post('/', async (c) => {
    c.set('requestId', crypto.randomUUID());
    c.set('caller', { clientId: 'tests', role: 'admin' });
    const reply = await carryOutAll(c, 'Account', tasks, (result) => result);
    isKept = c.get('replyKept') !== true;
    return reply;
  });
  const reply = await app.request('/', { method: 'POST' }, env);
  expect(reply.status).toBe(200);
  return { results: await reply.json(), isKept };
}

const told = (Code: string) => ({ errors: [{ Code, Message: expect.any(String) }] });

test('a look-up that fails is told as nothing done; the others, and what waits for it, are carried out', async () => {
  const failing: Task = { id: 'one', carryOut: () => Promise.reject(new Error('D1_ERROR: overloaded')) };
  const good: Task = { id: 'one', carryOut: () => Promise.resolve(DONE) };
  expect(await resultsOf([failing, good, { ...good, id: null }])).toEqual({
    results: [told('SERVER_UNAVAILABLE'), { id: 'made' }, { id: 'made' }],
    isKept: false,
  });
});

test('a failure after a command was on its way is told as unknown', async () => {
  const failing: Task = {
    id: null,
    carryOut: (writer) => {
      writer.firstStep('account.create', {});
      return Promise.reject(new Error('D1_ERROR: connection lost'));
    },
  };
  expect(await resultsOf([failing])).toEqual({ results: [told('UNKNOWN_ERROR')], isKept: false });
});

test('a refusal that passes is not kept, one that stays is', async () => {
  const refused = (category: 'unavailable' | 'rule'): Task => ({
    id: null,
    carryOut: () => Promise.resolve(refuse(category, 'Told.')),
  });
  expect(await resultsOf([refused('unavailable')])).toEqual({
    results: [told('SERVER_UNAVAILABLE')],
    isKept: false,
  });
  expect(await resultsOf([refused('rule')])).toEqual({ results: [told('TRANSACTION_FAILED')], isKept: true });
});

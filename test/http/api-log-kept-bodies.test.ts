import { beforeAll, describe, expect, test } from 'vitest';
import { operations } from '../../src/http/app.ts';
import { isForAdministrators } from '../../src/http/operation.ts';
import { type Call, connect, type Reply } from '../support/settlement-fixtures.ts';

// What the API log keeps of bodies that hold what must not lie around, however they are sent, and to whom it shows them.

let call: Call;
beforeAll(async () => {
  call = await connect();
});

type Shown = Record<string, unknown> & {
  readonly accounts: readonly string[];
  readonly requestBody: { readonly text: string | null; readonly leftOut: string | null };
  readonly replyBody: { readonly text: string | null; readonly leftOut: string | null };
};

async function shown({ headers }: Reply, to = call): Promise<Shown> {
  const { status, body } = await to('GET', `/v1/spillway/api-log/${headers.get('Zuora-Request-Id')}`);
  expect(status).toBe(200);
  return body as never;
}

test('a bank account number in the payment method of a new account is neither kept nor an account that the call is found by', async () => {
  const paymentMethod = { type: 'ACH', accountNumber: '000123987654' };
  const refused = await call('POST', '/v1/accounts', { name: 'x', paymentMethod });
  expect(refused.status).toBe(400);
  const kept = await shown(refused);
  expect(kept.requestBody.text).toContain('***7654');
  expect(kept.accounts).toEqual([]);
  expect(JSON.stringify(kept)).not.toContain('000123987654');
});

test.each([
  ['POST', '/v1/spillway/%75sers', { email: 'b@example.com', password: 'correct-horse-9' }],
  ['POST', '/v1/spillway/api%2Dclients?x=1', { name: 'hidden-name', role: 'read' }],
])('bodies of %s %s are not kept either', async (method, path, body) => {
  const admin = await connect('admin');
  const reply = await admin(method, path, body);
  expect(reply.status).not.toBe(404);
  const kept = await shown(reply);
  for (const side of [kept.requestBody, kept.replyBody]) expect(side).toMatchObject({ text: null });
});

test('a payment method is known by its path, also where that is escaped', async () => {
  const reply = await call('POST', '/v1/payment%2Dmethods', { accountNumber: '000123987654' });
  expect(reply.status).toBe(400);
  const kept = await shown(reply);
  expect(kept.requestBody.text).toContain('***7654');
  expect(kept.accounts).toEqual([]);
});

describe('bodies of operations for administrators', () => {
  const why = 'bodies of this operation are shown to administrators alone';

  test.each([
    ['GET', '/v1/spillway/settings', undefined],
    ['PUT', '/v1/spillway/%73ettings?x=1', { invented: true }],
    ['GET', '/v1/spillway/dead-letters', undefined],
    ['POST', `/v1/spillway/dead-letters/${'x'.repeat(3_000)}/replay`, {}],
    ['GET', '/v1/spillway/scheduled-work', undefined],
  ])('%s %s are shown to these alone', async (method, path, body) => {
    const admin = await connect('admin');
    const reply = await admin(method, path, body);
    const own = await shown(reply, admin);
    expect(own.replyBody).toMatchObject({ text: expect.any(String), leftOut: null });
    const others = await shown(reply);
    expect(others.replyBody).toMatchObject({ text: null, leftOut: why });
    if (body !== undefined) expect(others.requestBody).toMatchObject({ text: null, leftOut: why });
    expect(others).toMatchObject({ method, path: own.path, status: own.status });
  });

  test('are those of nothing else: each other operation is shown to whoever may write', () => {
    const hidden = operations.filter(({ path }) => isForAdministrators(path));
    expect(hidden.filter(({ role }) => role !== 'admin').map(({ id }) => id)).toEqual([]);
    expect(hidden).toHaveLength(operations.filter(({ role }) => role === 'admin').length);
  });
});

import { beforeAll, expect, test } from 'vitest';
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

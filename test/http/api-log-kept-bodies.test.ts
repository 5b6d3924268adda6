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

// A call of the documentation, pasted into a shell, gives curl what the example says: bash itself takes the lines apart.

import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { curlOf, inCapitals, objectsOf, tokenLine } from '../src/ui/docs/curl.ts';
import type { DescribedOperation, Example } from '../src/wire/api-description.ts';

const ORIGIN = 'http://127.0.0.1:8787';

const described = (
  example: Example | null,
  fields: Partial<DescribedOperation> = {},
): DescribedOperation => ({
  id: 'anything',
  area: 'orders',
  method: 'post',
  path: '/v1/orders/{orderNumber}',
  title: 'Anything',
  role: 'standard',
  parameters: [],
  body: null,
  reply: null,
  example,
  ...fields,
});

const context = { origin: ORIGIN, live: new Map([['order', { number: 'O-1' }]]) };

/** What curl would be given: in the place of curl stands a function that answers `reply` and tells its arguments. */
function argumentsOf(text: string, reply = ''): string[][] {
  const stub = `curl() { { printf '%s\\0' "$@"; printf '\\n\\0'; } >&3; printf '%s' "$REPLY_TEXT"; }`;
  const told = execFileSync('bash', ['-c', `exec 3>&1 1>/dev/null; ${stub}\n${text}`], {
    env: { PATH: process.env.PATH, TOKEN: 'the-token', REPLY_TEXT: reply },
    // With a socket for its input bash takes itself for a remote login and reads the settings of the user.
    stdio: ['ignore', 'pipe', 'inherit'],
  }).toString();
  const calls: string[][] = [[]];
  for (const argument of told.split('\0').slice(0, -1)) {
    if (argument === '\n') calls.push([]);
    else calls.at(-1)!.push(argument);
  }
  return calls.slice(0, -1);
}

const callOf = (example: Example, fields: Partial<DescribedOperation> = {}, reply = '') =>
  argumentsOf(curlOf(described(example, fields), context).text!, reply);

test('the method, the address with its parameters, and the token', () => {
  expect(callOf({ path: { orderNumber: '{{order.number}}' } })).toEqual([
    ['-X', 'POST', `${ORIGIN}/v1/orders/O-1`, '-H', 'Authorization: Bearer the-token'],
  ]);
  expect(callOf({ path: { orderNumber: 'O-2' } }, { method: 'get', role: null })).toEqual([
    [`${ORIGIN}/v1/orders/O-2`],
  ]);
});

test('parameters of the query are encoded by curl, brackets and all', () => {
  const [given] = callOf(
    { path: { orderNumber: 'O-1' }, query: [['filter[]', "name.EQ:O'Neil & Co"]] },
    { method: 'get' },
  );
  expect(given?.slice(3)).toEqual(['--data-urlencode', "filter[]=name.EQ:O'Neil & Co", '-G']);
});

test('a body reaches curl as it is, whatever stands in it', () => {
  // `$NAME` and `{{object.column}}` are what examples say of other things.
  const words = fc
    .string({ unit: 'binary' })
    .filter((text) => !/\$[A-Z]|\{\{|\0/.test(text) && text.isWellFormed());
  fc.assert(
    fc.property(fc.array(words, { minLength: 1, maxLength: 5 }), (texts) => {
      const [given] = callOf({ path: { orderNumber: 'O-1' }, body: { texts } });
      expect(JSON.parse(given!.at(-1)!)).toEqual({ texts });
    }),
    { numRuns: 20 },
  );
}, 60_000);

test('a call before it gives it the last of what its reply names so', () => {
  const first = { path: '/v1/orders', body: { status: 'Draft' }, takes: { ORDER: 'orderNumber' } };
  const reply = '{"success":true,"orderNumber":"O-7","status":"Draft"}';
  const [made, call] = callOf(
    { first, path: { orderNumber: '$ORDER' }, body: { number: '$ORDER' } },
    {},
    reply,
  );
  expect(made?.slice(0, 4)).toEqual(['-s', '-X', 'POST', `${ORIGIN}/v1/orders`]);
  expect(call?.[2]).toBe(`${ORIGIN}/v1/orders/O-7`);
  expect(JSON.parse(call!.at(-1)!)).toEqual({ number: 'O-7' });
});

test('a call before it that only reads has no body', () => {
  const first = { path: '/v1/orders?pageSize=1', takes: { ORDER: 'orderNumber' } };
  const [read] = callOf({ first, path: { orderNumber: '$ORDER' } }, {}, '{"orderNumber":"O-7"}');
  expect(read).toEqual(['-s', `${ORIGIN}/v1/orders?pageSize=1`, '-H', 'Authorization: Bearer the-token']);
});

test('the line for a token keeps it in the shell, whatever the secret is', () => {
  const line = tokenLine(ORIGIN, { id: 'me', secret: `it's "$HOME"&` });
  const [given] = argumentsOf(
    `${line}\nprintf '%s\\0\\n\\0' "$TOKEN" >&3`,
    '{"access_token":"abc","expires_in":1}',
  );
  expect(given).toContain(`client_secret=it's "$HOME"&`);
});

describe('what is not there', () => {
  const needing = described({
    path: { orderNumber: '{{order.number}}' },
    body: { id: '{{draftInvoice.id}}' },
  });

  test('is named, and there is no call', () => {
    expect(curlOf(needing, context)).toEqual({ text: null, needs: ['draftInvoice'] });
    expect(objectsOf(needing.example)).toEqual(['order', 'draftInvoice']);
  });

  test('a column of what is there is missed as well', () => {
    const live = new Map([
      ['order', { number: 'O-1' }],
      ['draftInvoice', { number: 'INV-1' }],
    ]);
    expect(curlOf(needing, { origin: ORIGIN, live }).needs).toEqual(['draftInvoice']);
  });

  test('stands in capitals where nothing is known of the database', () => {
    const { text, needs } = curlOf(needing, { origin: ORIGIN, live: null });
    expect(text).toContain('/v1/orders/ORDER_NUMBER');
    expect(text).toContain('"id": "DRAFT_INVOICE_ID"');
    expect(needs).toEqual(['order', 'draftInvoice']);
    expect(inCapitals('credit-memo-items', 'id')).toBe('CREDIT_MEMO_ITEMS_ID');
  });

  test('an operation without an example shows no call', () => {
    expect(curlOf(described(null), context)).toEqual({ text: null, needs: [] });
  });
});

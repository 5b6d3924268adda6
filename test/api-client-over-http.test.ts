import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { ApiClient, ApiConnectionError } from './support/api-client.ts';

// The client as tests, demo and benchmark use it: one token, JSON both ways, every status as a reply, many at once.
const opened: { server: Server; client: ApiClient }[] = [];

afterEach(async () => {
  for (const { server, client } of opened.splice(0)) {
    client.close();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function serve(
  answer: (request: IncomingMessage, text: string, response: ServerResponse) => void,
): Promise<{ client: ApiClient; tokensIssued: () => number }> {
  let tokens = 0;
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    if (request.url === '/oauth/token') {
      tokens += 1;
      const granted = new URLSearchParams(text).get('client_secret') === 'secret';
      response.statusCode = granted ? 200 : 401;
      response.end(granted ? '{"access_token":"t0ken"}' : '{}');
    } else answer(request, text, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const client = new ApiClient({
    baseUrl: `http://127.0.0.1:${port}`,
    clientId: 'id',
    clientSecret: 'secret',
    idempotencyKeys: true,
  });
  opened.push({ server, client });
  return { client, tokensIssued: () => tokens };
}

test('sends token, JSON and a fresh idempotency key, and returns an error status as a reply', async () => {
  const keys = new Set<string>();
  const { client } = await serve((request, text, response) => {
    keys.add(String(request.headers['idempotency-key']));
    response.statusCode = 400;
    response.end(JSON.stringify({ sent: JSON.parse(text), authorization: request.headers.authorization }));
  });
  const reply = await client.post('/v1/orders?x=1', { amount: 1.5 });
  await client.post('/v1/orders', {});
  expect(reply.status).toBe(400);
  expect(reply.body).toEqual({ sent: { amount: 1.5 }, authorization: 'Bearer t0ken' });
  expect(keys.size).toBe(2);
});

test('keeps 400 requests in flight at once with one token and no more connections than allowed', async () => {
  const waiting: ServerResponse[] = [];
  const sockets = new Set<unknown>();
  let most = 0;
  const { client, tokensIssued } = await serve((request, _text, response) => {
    sockets.add(request.socket);
    waiting.push(response);
    most = Math.max(most, waiting.length);
    if (waiting.length >= 100) for (const held of waiting.splice(0)) held.end('{}');
  });
  const replies = await Promise.all(Array.from({ length: 400 }, (_, n) => client.get(`/v1/accounts/${n}`)));
  expect(replies.every((reply) => reply.status === 200)).toBe(true);
  expect(tokensIssued()).toBe(1);
  expect(most).toBe(100);
  expect(sockets.size).toBeLessThanOrEqual(256);
});

test('follows a full URL by its path, and returns text that is no JSON as it came', async () => {
  const { client } = await serve((request, _text, response) => response.end(`at ${request.url}`));
  const reply = await client.get('https://elsewhere.example/v1/orders?page=2');
  expect(reply.body).toBe('at /v1/orders?page=2');
});

test('repeats a request with a key on a connection that the server closed, and never one without', async () => {
  let calls = 0;
  const { client } = await serve((request, _text, response) => {
    calls += 1;
    if (calls % 2 === 0) request.socket.destroy();
    else response.end('{}');
  });
  await client.get('/warm-up');
  expect((await client.post('/keyed', {})).status).toBe(200);
  await expect(client.put('/keyless', {})).rejects.toBeInstanceOf(ApiConnectionError);
  expect(calls).toBe(4);
});

test('says so when the server refuses the credentials', async () => {
  const { client } = await serve((_request, _text, response) => response.end());
  const stranger = new ApiClient({ baseUrl: client.baseUrl.href, clientId: 'id', clientSecret: 'wrong' });
  await expect(stranger.get('/v1/orders')).rejects.toThrow('No token: status 401');
  stranger.close();
});

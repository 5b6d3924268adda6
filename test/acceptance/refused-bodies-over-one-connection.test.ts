import { Agent, request } from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterAll, expect, inject, test } from 'vitest';

// A body that is refused before or while it is read does not cost its caller the connection, nor the next request on it.

const { url, clientId, clientSecret } = inject('server');
const agent = new Agent({ keepAlive: true, maxSockets: 1 });
afterAll(() => agent.destroy());

interface Answer {
  readonly status: number;
  readonly body: string;
}

function send(path: string, body: Buffer | string, headers: Record<string, string>): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(`${url}${path}`, { method: 'POST', agent, headers }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('end', () =>
        resolve({ status: incoming.statusCode ?? 0, body: Buffer.concat(chunks).toString() }),
      );
      incoming.on('error', reject);
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

test('too large, a bomb, broken or unknown compression, then an ordinary request each time', async () => {
  const form = `grant_type=client_credentials&client_id=${clientId}&client_secret=${clientSecret}`;
  const issued = await send('/oauth/token', form, { 'Content-Type': 'application/x-www-form-urlencoded' });
  const token = (JSON.parse(issued.body) as { access_token: string }).access_token;
  const headers = { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` };
  const zeros = Buffer.alloc(200_000_000);
  const cases: Array<[number, Buffer | string, Record<string, string>]> = [
    [413, Buffer.alloc(4_000_001, ' '), {}],
    [413, Buffer.alloc(4_000_001, ' '), { 'Transfer-Encoding': 'chunked' }],
    [413, gzipSync(zeros), { 'Content-Encoding': 'gzip' }],
    [400, 'no gzip', { 'Content-Encoding': 'gzip' }],
    [415, Buffer.alloc(100_000), { 'Content-Encoding': 'br' }],
    [415, Buffer.alloc(100_000), { 'Content-Type': 'text/plain' }],
  ];
  for (const [status, body, more] of cases) {
    const refused = await send('/v1/accounts', body, { ...headers, ...more });
    expect([status, more, refused.status, JSON.parse(refused.body)]).toMatchObject([
      status,
      more,
      status,
      { success: false },
    ]);
    const next = await send('/v1/accounts', gzipSync('{"currency":"XXL"}'), {
      ...headers,
      'Content-Encoding': 'gzip',
    });
    expect([next.status, next.body]).toEqual([400, expect.stringContaining('currency')]);
  }
});

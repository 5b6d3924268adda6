import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { limits } from '../src/env.ts';
import { notify } from '../src/jobs/notify.ts';

// Shows how a URL is told of the end of a job: by one form, without following where it points, without waiting for ever, without reading what it answers.

interface Call {
  readonly method: string;
  readonly path: string;
  readonly type: string;
  readonly body: string;
}

const calls: Call[] = [];
const open = new Set<ServerResponse>();
let server: Server;
let root = '';

async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
  let body = '';
  for await (const chunk of request) body += chunk;
  const { method = '', url: path = '' } = request;
  calls.push({ method, path, type: request.headers['content-type'] ?? '', body });
  const status = /^\/(\d{3})/.exec(path)?.[1];
  if (path.startsWith('/silent')) return void open.add(response);
  if (path.startsWith('/endless')) {
    open.add(response);
    return void response.writeHead(200).write('a'.repeat(1_000_000));
  }
  response.writeHead(Number(status ?? 200), status?.startsWith('3') ? { Location: `${root}/led-here` } : {});
  response.end('ok');
}

beforeAll(async () => {
  server = createServer((request, response) => void take(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  root = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(async () => {
  for (const response of open) response.destroy();
  await new Promise((resolve) => server.close(resolve));
});

const notice = { jobId: 'a1'.repeat(16), status: 'completed' };
const here = { allowLoopback: true };

describe('a URL that is to be told of the end of a job', () => {
  it('gets a form, and what its placeholders stand for', async () => {
    calls.length = 0;
    const url = `${root}/aqua?jobId=\${JOBID}&status=\${STATUS}`;
    expect(await notify(url, notice, here)).toBe('done');
    expect(calls).toEqual([
      {
        method: 'POST',
        path: `/aqua?jobId=${notice.jobId}&status=completed`,
        type: 'application/x-www-form-urlencoded',
        body: `JOBID=${notice.jobId}&STATUS=completed`,
      },
    ]);
  });

  it.each([301, 302, 303, 307, 308])('is not followed where it points with %i', async (status) => {
    calls.length = 0;
    expect(await notify(`${root}/${status}`, notice, here)).toBe('failed');
    expect(calls.map(({ path }) => path)).toEqual([`/${status}`]);
  });

  it.each([400, 404, 429, 500, 503])('has not taken it when it says %i', async (status) => {
    expect(await notify(`${root}/${status}`, notice, here)).toBe('failed');
  });

  it('is not waited for longer than its time', async () => {
    expect(await notify(`${root}/silent`, notice, here, 50)).toBe('failed');
    expect(limits.notifyTimeoutMs).toBe(10_000);
  });

  it('may answer without end: it is not read', async () => {
    expect(await notify(`${root}/endless`, notice, here)).toBe('done');
  });

  it('may not be there', async () => {
    expect(await notify('http://127.0.0.1:1/', notice, here)).toBe('failed');
  });

  it('is not called where it is none that may be', async () => {
    calls.length = 0;
    expect(await notify(`${root}/aqua`, notice, { allowLoopback: false })).toBe('refused');
    expect(calls).toEqual([]);
  });
});

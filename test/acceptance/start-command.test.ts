// `npm start` migrates, seeds the local API client and the administrator of the web pages, says where it is, keeps its data, and leaves its port.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { freePort, type ServerProcess, startServerProcess } from '../support/server-process.ts';

let persistTo: string;
let running: ServerProcess | undefined;

beforeEach(async () => {
  persistTo = await mkdtemp(join(tmpdir(), 'spillway-start-'));
});

afterEach(async () => {
  await running?.stop();
  running = undefined;
  await rm(persistTo, { recursive: true, force: true });
});

async function token(server: ServerProcess, clientId: string, clientSecret: string): Promise<Response> {
  return fetch(`${server.url}/oauth/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: clientSecret,
    }),
  });
}

/** 303: signed in; 403: not. */
async function signIn(server: ServerProcess, email: string, password: string): Promise<number> {
  const reply = await fetch(`${server.url}/sign-in`, {
    method: 'POST',
    body: new URLSearchParams({ email, password }),
    redirect: 'manual',
  });
  return reply.status;
}

const isUp = (url: string) =>
  fetch(`${url}/v1/spillway/health`).then(
    (response) => response.ok,
    () => false,
  );

test('prints where it is and the credentials it accepts, and ends on SIGTERM with its port free', async () => {
  const port = await freePort();
  running = await startServerProcess({
    port,
    persistTo,
    env: {
      ...{ SPILLWAY_CLIENT_ID: '', SPILLWAY_CLIENT_SECRET: '' },
      ...{ SPILLWAY_ADMIN_EMAIL: '', SPILLWAY_ADMIN_PASSWORD: '' },
    },
  });
  const { url } = running;
  expect(running.output()).toContain(`http://127.0.0.1:${port}`);
  expect(await isUp(url)).toBe(true);

  const printed = /client id +(\S+)\s+client secret +(\S+)/.exec(running.output());
  expect((await token(running, printed?.[1] ?? '', printed?.[2] ?? '')).status).toBe(200);
  expect((await token(running, printed?.[1] ?? '', 'wrong')).status).toBe(401);
  const [, email = '', password = ''] = /web sign-in +(\S+) \/ (\S+)/.exec(running.output()) ?? [];
  expect(await signIn(running, email, password)).toBe(303);
  expect(await signIn(running, email, 'wrong horse battery')).toBe(403);

  await running.stop();
  await expect.poll(() => isUp(url)).toBe(false);
});

test('a second server on the same port says so and the first goes on', async () => {
  const port = await freePort();
  running = await startServerProcess({ port, persistTo });
  await expect(startServerProcess({ port, persistTo })).rejects.toThrow(`Port ${port} is already in use.`);
  expect(await isUp(running.url)).toBe(true);
});

test('after a kill -9 it starts again on the same port and data, and credentials of the environment replace the default', async () => {
  const port = await freePort();
  const first = await startServerProcess({
    port,
    persistTo,
    env: {
      ...{ SPILLWAY_CLIENT_ID: 'first', SPILLWAY_CLIENT_SECRET: 'one' },
      ...{ SPILLWAY_ADMIN_EMAIL: 'One@Example.com', SPILLWAY_ADMIN_PASSWORD: 'first horse battery' },
    },
  });
  expect((await token(first, 'first', 'one')).status).toBe(200);
  expect(await signIn(first, 'one@example.com', 'first horse battery')).toBe(303);
  await first.stop('SIGKILL');
  await expect.poll(() => isUp(first.url), { timeout: 10_000 }).toBe(false);

  running = await startServerProcess({
    port,
    persistTo,
    env: {
      ...{ SPILLWAY_CLIENT_ID: 'second', SPILLWAY_CLIENT_SECRET: 'two' },
      ...{ SPILLWAY_ADMIN_EMAIL: 'two@example.com', SPILLWAY_ADMIN_PASSWORD: 'second horse battery' },
    },
  });
  expect((await token(running, 'second', 'two')).status).toBe(200);
  expect((await token(running, 'first', 'one')).status).toBe(401);
  expect(await signIn(running, 'two@example.com', 'second horse battery')).toBe(303);
  expect(await signIn(running, 'one@example.com', 'first horse battery')).toBe(403);
});

test.each([
  [{ SPILLWAY_ADMIN_PASSWORD: 'short' }, 'SPILLWAY_ADMIN_PASSWORD must have 12 to 200 characters'],
  [{ SPILLWAY_ADMIN_EMAIL: 'nobody' }, 'SPILLWAY_ADMIN_EMAIL must be an email address'],
])('an administrator who could not sign in is refused: %j', async (env, message) => {
  await expect(startServerProcess({ port: await freePort(), persistTo, env })).rejects.toThrow(message);
});

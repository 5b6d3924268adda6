import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { createClient, issueToken, type Role } from '../../src/auth/clients.ts';
import type { Env } from '../../src/env.ts';
import { createApp } from '../../src/http/app.ts';
import type { ApiReply, WorkerApi } from './worker-api.ts';

const ORIGIN = 'http://spillway.test';

export interface InProcessApi extends WorkerApi {
  /** Sends a request as it is; only the credentials are added. */
  call(path: string, init: RequestInit): Promise<ApiReply>;
}

/**
 * The HTTP surface called as a function, with real D1 and Durable Objects behind it: other limits can be set, and thousands of calls
 * take seconds, where each call through the Worker's export is slower than the one before.
 */
export async function inProcessApi(
  role: Role = 'standard',
  overrides: Partial<Env> = {},
): Promise<InProcessApi> {
  const now = new Date();
  const client = await createClient(env.DB, 'test', role, now.toISOString());
  const { token } = (await issueToken(env.DB, client.id, client.secret, now.getTime()))!;
  const app = createApp();
  // Each call is waited for with all that goes on behind it: the API log would gather calls for a second.
  const bindings = { ...env, API_LOG: 'off', ...overrides };
  const call = async (path: string, init: RequestInit): Promise<ApiReply> => {
    const headers = { Authorization: `Bearer ${token}`, ...(init.headers as Record<string, string>) };
    const execution = createExecutionContext();
    const reply = await app.request(`${ORIGIN}${path}`, { ...init, headers }, bindings, execution);
    const text = await reply.text();
    await waitOnExecutionContext(execution);
    const isJson = reply.headers.get('Content-Type')?.startsWith('application/json') === true;
    return {
      status: reply.status,
      headers: reply.headers,
      body: isJson && text !== '' ? JSON.parse(text) : text || null,
    };
  };
  const send = (method: string, path: string, body: unknown, headers: Record<string, string>) =>
    call(path, {
      method,
      headers: { 'Content-Type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  return {
    call,
    get: (path, headers = {}) => call(path, { headers }),
    post: (path, body, headers = {}) => send('POST', path, body, headers),
    put: (path, body, headers = {}) => send('PUT', path, body, headers),
    delete: (path, headers = {}) => call(path, { method: 'DELETE', headers }),
  };
}

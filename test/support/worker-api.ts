import { env, exports } from 'cloudflare:workers';
import { createClient, issueToken, type Role } from '../../src/auth/clients.ts';
import type { Entities } from '../../src/domain/entities.ts';
import { entityTables, type StoredKind } from '../../src/persistence/entity-tables.ts';
import type { TestOffer } from './order-objects.ts';
import { rowParameters } from './row-parameters.ts';

/** The Worker as its callers see it, inside workerd, with real D1 and Durable Objects behind it. */

export interface ApiReply {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: replies are asserted on, not computed with
  readonly body: any;
}

export interface WorkerApi {
  get(path: string, headers?: Record<string, string>): Promise<ApiReply>;
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<ApiReply>;
  put(path: string, body: unknown, headers?: Record<string, string>): Promise<ApiReply>;
  delete(path: string, headers?: Record<string, string>): Promise<ApiReply>;
}

export async function workerApi(role: Role = 'standard'): Promise<WorkerApi> {
  const now = new Date();
  const client = await createClient(env.DB, 'test', role, now.toISOString());
  const token = (await issueToken(env.DB, client.id, client.secret, now.getTime()))!.token;
  const call = async (path: string, init: RequestInit): Promise<ApiReply> => {
    const reply = await exports.default.fetch(new Request(`http://spillway.test${path}`, init));
    return { status: reply.status, headers: reply.headers, body: await reply.json() };
  };
  const authorization = { Authorization: `Bearer ${token}` };
  const send = (method: string, path: string, body: unknown, headers: Record<string, string>) =>
    call(path, {
      method,
      headers: { ...authorization, 'Content-Type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  return {
    get: (path, headers = {}) => call(path, { headers: { ...authorization, ...headers } }),
    post: (path, body, headers = {}) => send('POST', path, body, headers),
    put: (path, body, headers = {}) => send('PUT', path, body, headers),
    delete: (path, headers = {}) =>
      call(path, { method: 'DELETE', headers: { ...authorization, ...headers } }),
  };
}

/** Stores an object as the engine would have. */
export async function insert<K extends StoredKind>(kind: K, entity: Entities[K]): Promise<Entities[K]> {
  const table = entityTables[kind];
  await env.DB.prepare(table.insertSql)
    .bind(...rowParameters(table, [entity]))
    .run();
  return entity;
}

/** Stores a product, its plan and its charges, and the catalog's state when it is not there. */
export async function insertOffer({ product, offer }: TestOffer): Promise<TestOffer> {
  await insert('product', product);
  await insert('productRatePlan', offer.plan);
  for (const charge of offer.charges) await insert('productRatePlanCharge', charge);
  await env.DB.prepare(
    "INSERT INTO catalog_state (id, revision) VALUES ('catalog', 1) ON CONFLICT DO NOTHING",
  ).run();
  return { product, offer };
}

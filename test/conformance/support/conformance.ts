import { afterAll, expect, inject, test } from 'vitest';
import { ApiClient, type ApiHeaders, type ApiReply } from '../../support/api-client.ts';
import type { ServerUnderTest } from '../../support/server-setup.ts';
import type { JsonValue } from './contract-data.ts';
import { operationById } from './contract-data.ts';
import { matchOperation } from './operation-matching.ts';
import { validateReply } from './reply-validator.ts';

declare module 'vitest' {
  interface TaskMeta {
    /** The operations that a conformance test covers; coverage-reporter.ts collects them. */
    conformanceOperations?: string[];
  }
}

export type Reply = ApiReply<JsonValue>;

/**
 * The API as a conformance test sees it. Every reply of a core operation is validated against the contract; a violation
 * fails the test, which still runs to its end.
 */
export class CheckedApi {
  readonly #client: ApiClient;
  /** Operations that were called in this test and what statuses they gave. */
  readonly exchanged = new Map<string, Set<number>>();

  constructor(client: ApiClient) {
    this.#client = client;
  }

  get(path: string, headers?: ApiHeaders): Promise<Reply> {
    return this.#checked('GET', path, undefined, headers);
  }

  post(path: string, body?: unknown, headers?: ApiHeaders): Promise<Reply> {
    return this.#checked('POST', path, body, headers);
  }

  put(path: string, body?: unknown, headers?: ApiHeaders): Promise<Reply> {
    return this.#checked('PUT', path, body, headers);
  }

  delete(path: string, headers?: ApiHeaders): Promise<Reply> {
    return this.#checked('DELETE', path, undefined, headers);
  }

  /** Sends exactly this, without a token and with a body as text. */
  async exchange(
    method: string,
    path: string,
    text: string | undefined,
    headers: ApiHeaders,
  ): Promise<Reply> {
    return this.#check(method, path, await this.#client.exchange<JsonValue>(method, path, text, headers));
  }

  async #checked(method: string, path: string, body: unknown, headers?: ApiHeaders): Promise<Reply> {
    return this.#check(method, path, await this.#client.call<JsonValue>(method, path, body, headers));
  }

  #check(method: string, path: string, reply: Reply): Reply {
    const operationId = matchOperation(method, path);
    if (operationId === undefined) return reply;
    const statuses = this.exchanged.get(operationId) ?? new Set();
    this.exchanged.set(operationId, statuses.add(reply.status));
    const violations = validateReply(operationId, reply.status, reply.body).map(
      (violation) => `${violation.path} ${violation.message}`,
    );
    expect.soft(violations, `${operationId} ${reply.status} keeps the contract`).toEqual([]);
    return reply;
  }
}

let sharedClient: ApiClient | undefined;

/** Credentials and root of the started server, from the global setup of the test run. */
export function serverUnderTest(): ServerUnderTest {
  return inject('server');
}

/**
 * Registers a test that covers operations of the contract. It fails when it does not call each of them, so that the
 * trace table can't claim what was not exercised. Throws at once on an operation that is not `core`.
 */
export function conformance(
  operationIds: string | readonly string[],
  title: string,
  run: (api: CheckedApi) => Promise<void>,
): void {
  const covered = typeof operationIds === 'string' ? [operationIds] : [...operationIds];
  for (const operationId of covered) operationById(operationId);
  test(`${covered.join(', ')}: ${title}`, async ({ task }) => {
    task.meta.conformanceOperations = covered;
    sharedClient ??= new ApiClient({ ...serverUnderTest(), baseUrl: serverUnderTest().url });
    const api = new CheckedApi(sharedClient);
    await run(api);
    const missed = covered.filter((operationId) => !api.exchanged.has(operationId));
    expect(missed, 'operations that the test declares and never called').toEqual([]);
  });
}

afterAll(() => {
  sharedClient?.close();
  sharedClient = undefined;
});

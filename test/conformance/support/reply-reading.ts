import { expect } from 'vitest';
import type { Reply } from './conformance.ts';
import type { JsonValue } from './contract-data.ts';

/** The value at a dotted path of a body, list items by index: `subscriptions.0.status`. Throws when nothing is there. */
export function valueAt(body: JsonValue, path: string): JsonValue {
  let value: JsonValue = body;
  for (const segment of path.split('.')) {
    const next: JsonValue | undefined =
      value === null || typeof value !== 'object'
        ? undefined
        : Array.isArray(value)
          ? value[Number(segment)]
          : value[segment];
    if (next === undefined) throw new Error(`Nothing at ${path} (${segment}) in ${JSON.stringify(body)}`);
    value = next;
  }
  return value;
}

/** The text at a dotted path. Throws when there is none or it is empty. */
export function textAt(body: JsonValue, path: string): string {
  const value = valueAt(body, path);
  if (typeof value !== 'string' || value === '')
    throw new Error(`No text at ${path}: ${JSON.stringify(value)}`);
  return value;
}

/** The list at a dotted path. Throws when there is none. */
export function listAt(body: JsonValue, path: string): JsonValue[] {
  const value = valueAt(body, path);
  if (!Array.isArray(value)) throw new Error(`No list at ${path}: ${JSON.stringify(value)}`);
  return value;
}

/** Object ids are 32 lower-case hex digits. */
export const ID = /^[0-9a-f]{32}$/;

/** Expects a v1 success: status 200 and `success: true`. Returns the body. */
export function expectSuccess(reply: Reply): JsonValue {
  expect(reply, JSON.stringify(reply.body)).toMatchObject({ status: 200, body: { success: true } });
  return reply.body;
}

/** Expects a CRUD success: status 200, `Success: true` and an id. Returns the id. */
export function expectCreated(reply: Reply): string {
  expect(reply, JSON.stringify(reply.body)).toMatchObject({ status: 200, body: { Success: true } });
  const id = textAt(reply.body, 'Id');
  expect(id).toMatch(ID);
  return id;
}

/**
 * Expects a v1 refusal: the status, the whole envelope, a code whose last two digits are the category, and a message
 * that names what is wrong (a field or a value).
 */
export function expectRefusal(
  reply: Reply,
  expected: { status: number; category?: number; names?: string },
): void {
  expect(reply, JSON.stringify(reply.body)).toMatchObject({
    status: expected.status,
    body: {
      success: false,
      processId: expect.stringMatching(/^[0-9A-F]{16}$/),
      requestId: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
    },
  });
  const [reason] = listAt(reply.body, 'reasons');
  const code = valueAt(reason ?? null, 'code');
  expect(String(code)).toMatch(/^[5-9]\d{7}$/);
  if (expected.category !== undefined) expect(Number(code) % 100).toBe(expected.category);
  if (expected.names !== undefined) expect(textAt(reason ?? null, 'message')).toContain(expected.names);
}

/** Expects a refusal of the CRUD resources: status 400 and one error whose message names what is wrong. */
export function expectCrudRefusal(reply: Reply, expected: { code?: string; names: string }): void {
  expect(reply, JSON.stringify(reply.body)).toMatchObject({ status: 400, body: { Success: false } });
  const [error] = listAt(reply.body, 'Errors');
  if (expected.code !== undefined) expect(valueAt(error ?? null, 'Code')).toBe(expected.code);
  expect(textAt(error ?? null, 'Message')).toContain(expected.names);
}

/** Expects that a CRUD object is not there: 404 and an empty result. */
export function expectCrudMissing(reply: Reply): void {
  expect(reply, JSON.stringify(reply.body)).toMatchObject({
    status: 404,
    body: { done: true, records: [], size: 0 },
  });
}

import { env } from 'cloudflare:workers';
import type { ApiReply } from './worker-api.ts';

/** What must hold of every refusal, whatever was sent. */

const PROCESS_ID = /^[0-9A-F]{16}$/;
const REQUEST_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** Rows of the machinery: leased numbers, which a refusal may leave, and what the queue's consumer does meanwhile. */
const UNCOUNTED = new Set([
  'account_metrics',
  'metrics_due',
  'metrics_state',
  'd1_migrations',
  'number_range',
  '_cf_KV',
  '_cf_METADATA',
  'sqlite_sequence',
]);

/** Rows per table; commits are among them, so that a change of a row counts too. */
export async function rowCounter(): Promise<() => Promise<string>> {
  const { results } = await env.DB.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all<{
    name: string;
  }>();
  const tables = results.map(({ name }) => name).filter((name) => !UNCOUNTED.has(name));
  const counts = tables.map((name) => `(SELECT count(*) FROM "${name}") AS "${name}"`);
  const statement = env.DB.prepare(
    `SELECT json_array(${tables.map((name) => `"${name}"`)}) AS counts FROM (SELECT ${counts})`,
  );
  return async () => (await statement.first<{ counts: string }>())!.counts;
}

/** Families of replies by how they tell what is wrong. */
export type Envelope = 'v1' | 'crud' | 'zoql' | 'object-query';

/** What is wrong with a reply's status and envelope, null when nothing is. */
export function envelopeProblem(reply: ApiReply, envelope: Envelope): string | null {
  const { status, body } = reply;
  if (status >= 500) return `status ${status}`;
  if (status < 400) return Array.isArray(body) ? resultsProblem(body) : null;
  if (body === null || typeof body !== 'object') return 'no object';
  if (envelope === 'crud') {
    if (status === 404) return body.done === true && body.size === 0 ? null : 'no empty result';
    const errors = body.Success === false && Array.isArray(body.Errors) ? body.Errors : [];
    const whole = errors.every(
      (e: Record<string, unknown>) => typeof e.Code === 'string' && isSentence(e.Message),
    );
    return errors.length > 0 && whole ? null : 'not the CRUD envelope';
  }
  // What is wrong with a query is a fault; with its request, a refusal like others.
  if (envelope === 'zoql' && typeof body.FaultCode === 'string') {
    return isSentence(body.FaultMessage) ? null : 'a fault without its message';
  }
  const isFlagged = envelope === 'object-query' ? body.success === undefined : body.success === false;
  const reasons = isFlagged && Array.isArray(body.reasons) ? body.reasons : [];
  const whole = reasons.every(
    (r: Record<string, unknown>) => Number.isInteger(r.code) && isSentence(r.message),
  );
  if (reasons.length === 0 || !whole) return `not the ${envelope} envelope`;
  const hasProcess = envelope === 'object-query' || PROCESS_ID.test(body.processId);
  return hasProcess && REQUEST_ID.test(body.requestId) ? null : 'no process or request id';
}

/** Codes of what is our failure and not the caller's. */
const OUR_FAILURES = new Set(['SERVER_UNAVAILABLE', 'UNKNOWN_ERROR']);

/** What is wrong with the results of an action, of which each is a success, or says why not. */
function resultsProblem(results: ReadonlyArray<Record<string, unknown>>): string | null {
  for (const { Success, success, Errors, errors } of results) {
    if ((Success ?? success) === true) continue;
    const told = (Errors ?? errors ?? []) as Array<Record<string, unknown>>;
    const ours = told.find(({ Code }) => OUR_FAILURES.has(String(Code)));
    if (ours !== undefined) return `a result is ${String(ours.Code)}`;
    if (told.length === 0 || !told.every(({ Message }) => isSentence(Message)))
      return 'a result without its errors';
  }
  return null;
}

function isSentence(message: unknown): boolean {
  return typeof message === 'string' && message !== '';
}

import type { Caller } from '../auth/clients.ts';
import type { Env } from '../env.ts';
import type { PageContext } from './page-env.ts';

/** The API as a function, for a caller who is known already. */
export type InProcessApi = (
  request: Request,
  caller: Caller,
  env: Env,
  execution: ExecutionContext,
) => Promise<Response>;

// biome-ignore lint/suspicious/noExplicitAny: bodies are the API's JSON, as any client of it gets them
export type Json = any;

export interface ApiReply {
  readonly status: number;
  /** Answered, and not with success false: the older resources say no with status 200. */
  readonly isOk: boolean;
  readonly body: Json;
  readonly headers: Headers;
}

export type Method = 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** What is sent: JSON, or a form with files. */
export interface Sent {
  readonly body?: unknown;
  readonly file?: FormData;
  /** Of the form: the same key has one effect, however often it is sent. */
  readonly key?: string;
}

/** The API on behalf of the user of this request. */
export interface PageApi {
  /** A file as it comes; a refusal is thrown. */
  file(path: string): Promise<Response>;
  /** A reply that may be a refusal. */
  get(path: string): Promise<ApiReply>;
  /** The body; a refusal is thrown as an `ApiProblem`, which becomes a page of its own. */
  read(path: string): Promise<Json>;
  /** The same, and null for what is not there. */
  find(path: string): Promise<Json | null>;
  send(method: Method, path: string, sent?: Sent): Promise<ApiReply>;
}

/** A refusal of the API where a page cannot go on without an answer. */
export class ApiProblem extends Error {
  constructor(readonly reply: ApiReply) {
    super(messagesOf(reply.body)[0] ?? `The API answered with status ${reply.status}.`);
    this.name = 'ApiProblem';
  }
}

/** Thrown where a page is asked for about something that there is not. */
export function notThere(message: string): ApiProblem {
  return new ApiProblem({ status: 404, isOk: false, body: { message }, headers: new Headers() });
}

/** How the API says that a request with the same key is still running, how often it is then asked again, and how long after. */
const KEY_IN_FLIGHT_STATUS = 409;
const IN_FLIGHT_ATTEMPTS_MAX = 50;
const IN_FLIGHT_PAUSE_MS = 200;
const ORIGIN = 'http://spillway.internal';

export function pageApi(c: PageContext, api: InProcessApi): PageApi {
  const user = c.get('user');
  const caller: Caller = { clientId: user.id, role: user.role };
  const call = (path: string, init: RequestInit = {}) =>
    api(new Request(`${ORIGIN}${path}`, init), caller, c.env, c.executionCtx as ExecutionContext);
  const replyOf = async (response: Response): Promise<ApiReply> => {
    const text = await response.text();
    const isJson = /json/.test(response.headers.get('Content-Type') ?? '');
    const body: Json = isJson && text !== '' ? JSON.parse(text) : text;
    const isOk = response.ok && body?.success !== false && body?.Success !== false;
    return { status: response.status, isOk, body, headers: response.headers };
  };
  const get = async (path: string) => replyOf(await call(path));
  return {
    async file(path) {
      const response = await call(path);
      if (!response.ok) throw new ApiProblem(await replyOf(response));
      return response;
    },
    get,
    async read(path) {
      const reply = await get(path);
      if (!reply.isOk) throw new ApiProblem(reply);
      return reply.body;
    },
    async find(path) {
      const reply = await get(path);
      if (reply.status === 404) return null;
      if (!reply.isOk) throw new ApiProblem(reply);
      return reply.body;
    },
    async send(method, path, { body, file, key } = {}) {
      const headers: Record<string, string> = {
        ...(file === undefined ? { 'Content-Type': 'application/json' } : {}),
        ...(key === undefined ? {} : { 'Idempotency-Key': key }),
      };
      const sent = file ?? (body === undefined ? null : JSON.stringify(body));
      // The same form is on its way a second time: its first reply is this one's too.
      for (let attempt = 1; ; attempt++) {
        const reply = await replyOf(await call(path, { method, headers, body: sent }));
        const isRunning = key !== undefined && reply.status === KEY_IN_FLIGHT_STATUS;
        if (!isRunning || attempt === IN_FLIGHT_ATTEMPTS_MAX) return reply;
        await new Promise((resolve) => setTimeout(resolve, IN_FLIGHT_PAUSE_MS));
      }
    },
  };
}

/** What a refusal says, in whichever of the API's envelopes. */
export function messagesOf(body: Json): string[] {
  const listed = body?.reasons ?? body?.Errors ?? body?.errors ?? body?.[0]?.Errors;
  if (Array.isArray(listed)) return listed.map((one: Json) => String(one.message ?? one.Message ?? one));
  const message = body?.message ?? body?.FaultMessage ?? body?.faultString;
  return typeof message === 'string' ? [message] : [];
}

/** A path segment or a value of a query, as a URL takes it. */
export const encoded = encodeURIComponent;

/** `?a=1&b=2`; what is undefined, null or empty is left out. */
export function queryOf(
  values: Readonly<Record<string, string | number | boolean | null | undefined>>,
): string {
  const given = Object.entries(values).filter(
    ([, value]) => value !== undefined && value !== null && value !== '',
  );
  return given.length === 0
    ? ''
    : `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}`;
}

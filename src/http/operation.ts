import { zValidator } from '@hono/zod-validator';
import type { Hono, MiddlewareHandler } from 'hono';
import type { z } from 'zod';
import { execute } from '../account/client.ts';
import { newTimeOrderedId } from '../account/runtime.ts';
import { mayDo, type Role } from '../auth/clients.ts';
import type { Command, CommandOutcome } from '../domain/account/command.ts';
import { refuse } from '../domain/result.ts';
import { withLatency } from '../persistence/database.ts';
import { ANY_RESOURCE, type Envelope } from '../wire/errors.ts';
import type { AppContext, AppEnv } from './context.ts';
import { json, refused, toRefusals } from './errors.ts';
import { idempotencyOfPart } from './idempotency-parts.ts';
import { storedReply } from './middleware/stored-reply.ts';
import { spellingsOf } from './path-spellings.ts';

type Schema = z.ZodType;
type Output<S> = S extends Schema ? z.output<S> : undefined;

/**
 * One operation of the API, as a declaration: which of the contract's operations it is, where it is mounted, who
 * may call it, what it takes. Schemas check and never rename: fromWire… functions turn bodies into commands.
 */
export interface Operation<Body extends Schema | undefined, Query extends Schema | undefined> {
  /** The contract's operationId, or 'spillway…' for what Spillway adds. */
  readonly id: string;
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** Hono's form: /v1/accounts/:accountKey. It is served at its other spellings too. */
  readonly path: string;
  readonly role: Role;
  readonly envelope?: Envelope;
  /** Six digits that error codes of this operation start with (conventions 4); 500000 when not given. */
  readonly resourceCode?: string;
  readonly body?: Body;
  readonly query?: Query;
  /** What the handler reads and checks by itself, for the description of the API alone. */
  readonly reads?: Readings;
  /** Does more than send one command: a stored reply is looked up before it starts. */
  readonly fansOut?: boolean;
  readonly handle: (
    c: AppContext,
    input: { readonly body: Output<Body>; readonly query: Output<Query> },
  ) => Promise<Response> | Response;
}

/** Schemas of what an operation takes. */
export interface Readings {
  readonly body?: Schema;
  /** A body that is multipart/form-data. */
  readonly form?: Schema;
  readonly query?: Schema;
}

export interface AnyOperation {
  readonly id: string;
  readonly method: Operation<undefined, undefined>['method'];
  readonly path: string;
  /** The path and its other spellings. */
  readonly paths: readonly string[];
  readonly role: Role;
  readonly envelope: Envelope;
  readonly takes: Readings;
  readonly mount: (app: Hono<AppEnv>) => void;
}

/** Paths of operations that only administrators may call, as far as they are the same for every object. */
const administrative = new Set<string>();

/** Whether what is at this path, as it is routed, is for administrators alone: also what was refused there before it came to the operation. */
export function isForAdministrators(path: string): boolean {
  const segments = path.split('/');
  return segments.some((_, i) => administrative.has(segments.slice(0, i + 1).join('/')));
}

/** Makes an operation mountable. */
export function operation<
  Body extends Schema | undefined = undefined,
  Query extends Schema | undefined = undefined,
>(declared: Operation<Body, Query>): AnyOperation {
  const { id, method, path } = declared;
  const paths = spellingsOf(path);
  if (declared.role === 'admin') for (const one of paths) administrative.add(one.split('/:')[0]!);
  const about = {
    envelope: declared.envelope ?? ('v1' as const),
    resourceCode: declared.resourceCode ?? ANY_RESOURCE,
  };
  const enter: MiddlewareHandler<AppEnv> = async (c, next) => {
    c.set('operation', about);
    if (!mayDo(c.get('caller'), declared.role)) {
      return refused(c, refuse('forbidden', `This needs an API client with role ${declared.role}.`));
    }
    return next();
  };
  const checks: MiddlewareHandler[] = [enter as MiddlewareHandler];
  if (declared.fansOut === true) checks.push(storedReply() as MiddlewareHandler);
  if (declared.body !== undefined) checks.push(checked('json', declared.body));
  if (declared.query !== undefined) checks.push(checked('query', declared.query));
  return {
    id,
    method,
    path,
    paths,
    role: declared.role,
    envelope: about.envelope,
    takes: {
      ...declared.reads,
      ...(declared.body === undefined ? {} : { body: declared.body }),
      ...(declared.query === undefined ? {} : { query: declared.query }),
    },
    mount: (app) => {
      app.on([method.toUpperCase()], paths, ...(checks as MiddlewareHandler<AppEnv>[]), (c: AppContext) => {
        const valid = (target: 'json' | 'query') =>
          (c.req as unknown as { valid(t: string): unknown }).valid(target);
        const body = declared.body === undefined ? undefined : valid('json');
        const query = declared.query === undefined ? undefined : valid('query');
        return declared.handle(c, { body, query } as never);
      });
    },
  };
}

function checked(target: 'json' | 'query', schema: Schema): MiddlewareHandler {
  return zValidator(target, schema, async (result, c) => {
    const context = c as unknown as AppContext;
    if (!result.success) return refused(context, toRefusals(result.error as never, result.data));
    if (target === 'json' && c.req.query('rejectUnknownFields') === 'true') {
      if (hasUnknownFields(await c.req.json(), result.data)) {
        return unrecognisedFields(context);
      }
    }
    return undefined;
  }) as MiddlewareHandler;
}

export function unrecognisedFields(c: AppContext): Response {
  return json(c, 400, '{"message":"Error - unrecognised fields"}');
}

/** Schemas drop what they do not know: whatever the parsed body lacks was unknown. */
export function hasUnknownFields(given: unknown, parsed: unknown): boolean {
  // A list of what is left to compare, not recursion: a body may be nested as deep as it is long.
  const left: Array<readonly [unknown, unknown]> = [[given, parsed]];
  for (let pair = left.pop(); pair !== undefined; pair = left.pop()) {
    const [from, to] = pair;
    if (from === null || typeof from !== 'object') continue;
    if (to === null || typeof to !== 'object') return true;
    for (const [name, value] of Object.entries(from)) {
      if (!Object.hasOwn(to, name)) return true;
      left.push([value, (to as Record<string, unknown>)[name]]);
    }
  }
  return false;
}

/** D1 for a read: with the caller's bookmark any replica that has seen it may answer, without one the primary does (I10). */
export function reader(c: AppContext): D1Database {
  const bookmark = c.req.header('Spillway-Bookmark');
  const session = c.env.DB.withSession(bookmark ?? 'first-primary') as unknown as D1Database;
  return withLatency(session, Number(c.env.SIMULATED_D1_LATENCY_MS ?? 0));
}

/** What a command without a body counts for when a group is filled. */
const COMMAND_BYTES_MIN = 1_000;

/** Builds the command of this request. `part` tells the commands of one request apart. */
export function commandOf(c: AppContext, kind: string, payload: unknown, part?: number | string): Command {
  const operationInfo = c.get('operation');
  const idempotency = c.get('idempotency');
  return {
    version: 1,
    id: newTimeOrderedId(new Date().toISOString()),
    kind,
    payload,
    actor: c.get('caller').clientId,
    requestId: c.get('requestId'),
    // What an action does to an object is what the older resources do; what only reads is no command.
    envelope: operationInfo?.envelope === 'action' || operationInfo?.envelope === 'crud' ? 'crud' : 'v1',
    resourceCode: operationInfo?.resourceCode ?? ANY_RESOURCE,
    bytes: c.get('bodyBytes') || COMMAND_BYTES_MIN,
    ...(idempotency === undefined
      ? {}
      : {
          idempotency: part === undefined ? idempotency : idempotencyOfPart(idempotency, part),
        }),
  };
}

/** Sends one command to its lane and answers with its outcome. */
export async function respond(
  c: AppContext,
  laneId: string,
  kind: string,
  payload: unknown,
): Promise<Response> {
  const outcome = await execute(c.env, laneId, commandOf(c, kind, payload));
  if (c.get('idempotency') !== undefined) c.set('replyKept', true);
  return reply(c, outcome);
}

/** The same for a command that only reads: it keeps nothing, so an idempotency key's reply is kept by the middleware. */
export async function ask(c: AppContext, laneId: string, kind: string, payload: unknown): Promise<Response> {
  return reply(c, await execute(c.env, laneId, commandOf(c, kind, payload)));
}

/** A command's outcome as the HTTP reply. */
export function reply(c: AppContext, outcome: CommandOutcome): Response {
  const headers: Record<string, string> = {};
  if (outcome.replayed) headers['Idempotency-Hit'] = 'true';
  if (outcome.bookmark !== undefined) headers['Spillway-Bookmark'] = outcome.bookmark;
  return json(c, outcome.status, outcome.body, headers);
}

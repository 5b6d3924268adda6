import { z } from 'zod';
import { limits } from '../env.ts';
import { wireText } from './values.ts';

/** How many calls a page has, and can have; larger sizes are treated as the largest (conventions 6). */
export const LOG_PAGE_DEFAULT = 20;
export const LOG_PAGE_MAX = 100;

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;
const some = (lengthMax: number) => wireText(lengthMax).min(1, 'must not be empty').optional();
const instant = z.iso
  .datetime({ offset: true, error: 'must be an instant such as 2026-11-27T14:00:00Z' })
  .optional();

/** GET /v1/spillway/api-log: what is given must all hold. */
export const wireCallFilter = z
  .object({
    requestId: some(100),
    trackId: some(64),
    account: some(100),
    idempotencyKey: some(255),
    clientId: some(100),
    source: z.enum(['api', 'page'], { error: 'must be one of api, page' }).optional(),
    method: z.enum(METHODS, { error: `must be one of ${METHODS.join(', ')}` }).optional(),
    status: z
      .string({ error: 'must be an HTTP code such as 404, or 4xx for all of its kind' })
      .regex(/^[1-5](\d\d|xx)$/i, 'must be an HTTP code such as 404, or 4xx for all of its kind')
      .optional(),
    from: instant,
    to: instant,
    before: z
      .string({ error: 'must be the one of a nextPage' })
      .regex(/^[1-9]\d{0,15}$/, 'must be the one of a nextPage')
      .refine((id) => Number.isSafeInteger(Number(id)), 'must be the one of a nextPage')
      .optional(),
    pageSize: z
      .string({ error: 'must be a whole number from 1' })
      .regex(/^[1-9]\d{0,6}$/, 'must be a whole number from 1')
      .optional(),
  })
  .refine(({ from, to }) => from === undefined || to === undefined || Date.parse(from) < Date.parse(to), {
    path: ['to'],
    message: 'must be after from',
  });

/** The filter without the account, which has several names. */
export function fromWireCallFilter(query: z.output<typeof wireCallFilter>) {
  const { account: _, pageSize, status, from, to, before, ...same } = query;
  return {
    ...same,
    ...(status === undefined ? {} : { status: Number(status.replace(/xx$/i, '')) }),
    ...(from === undefined ? {} : { fromMs: Date.parse(from) }),
    ...(to === undefined ? {} : { toMs: Date.parse(to) }),
    ...(before === undefined ? {} : { before: Number(before) }),
  };
}

export function callPageSize({ pageSize }: z.output<typeof wireCallFilter>): number {
  return Math.min(Number(pageSize ?? LOG_PAGE_DEFAULT), LOG_PAGE_MAX);
}

/** What is told of a call; the log's own record has its time as milliseconds. */
interface Call {
  readonly requestId: string;
  readonly trackId: string | null;
  readonly atMs: number;
  readonly clientId: string | null;
  readonly source: 'api' | 'page';
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly ms: number;
  readonly accounts: readonly string[];
  readonly idempotencyKey: string | null;
  readonly isReplayed: boolean;
  readonly errorCodes: readonly string[];
}

interface Body {
  readonly text: string | null;
  readonly characters: number | null;
  readonly leftOut: 'operation' | 'secret' | 'notJson' | 'administrators' | null;
}

/** `names`: of callers, by their id. */
export function toWireCall(call: Call, names: ReadonlyMap<string, string>) {
  return {
    requestId: call.requestId,
    trackId: call.trackId,
    time: new Date(call.atMs).toISOString(),
    clientId: call.clientId,
    clientName: call.clientId === null ? null : (names.get(call.clientId) ?? null),
    source: call.source,
    method: call.method,
    path: call.path,
    status: call.status,
    milliseconds: call.ms,
    accounts: call.accounts,
    idempotencyKey: call.idempotencyKey,
    isReplayed: call.isReplayed,
    errorCodes: call.errorCodes,
  };
}

export function toWireCallWithBodies(
  call: Call & { readonly request: Body | null; readonly reply: Body | null },
  names: ReadonlyMap<string, string>,
) {
  return {
    ...toWireCall(call, names),
    requestBody: toWireBody(call.request),
    replyBody: toWireBody(call.reply),
  };
}

const WHY_LEFT_OUT = {
  operation: 'bodies of this operation are never kept',
  secret: 'it names a secret that could not be taken out of it',
  notJson: 'it is not JSON',
  administrators: 'bodies of this operation are shown to administrators alone',
} as const;

function toWireBody(body: Body | null) {
  if (body === null) return null;
  const { text, characters, leftOut } = body;
  return {
    text,
    characters,
    isCut: text !== null && characters !== null && characters > limits.apiLogBodyCharactersMax,
    leftOut: leftOut === null ? null : WHY_LEFT_OUT[leftOut],
  };
}

/** `second`: when it began. */
export function toWireNotKept({ second, calls }: { readonly second: number; readonly calls: number }) {
  return { second: new Date(second * 1_000).toISOString(), calls };
}

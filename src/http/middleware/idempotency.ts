import type { MiddlewareHandler } from 'hono';
import { execute, laneOfNewAccount } from '../../account/client.ts';
import { sha256Hex } from '../../auth/clients.ts';
import { refuse } from '../../domain/result.ts';
import { withoutPaymentNumbers } from '../../wire/without-payment-numbers.ts';
import type { AppEnv } from '../context.ts';
import { refused } from '../errors.ts';
import { commandOf, reply } from '../operation.ts';

const KEY_LENGTH_MAX = 255;
/** Replies that say "not now" or "not you" are not kept: the same key may be tried again. */
const PASSING = new Set([401, 403, 409, 422, 429]);

interface Options {
  /** Methods for which a key counts; the contract's when not given. */
  readonly methods?: readonly string[];
}

/**
 * Idempotency-Key on POST and PATCH (conventions 3): the first reply is kept 24 h, failures too. Commands keep theirs in the transaction of
 * their effect; what was answered without a command is kept here.
 */
export function idempotency({ methods = ['POST', 'PATCH'] }: Options = {}): MiddlewareHandler<AppEnv> {
  return async function idempotency(c, next) {
    const key = c.req.header('Idempotency-Key');
    if (key === undefined || !methods.includes(c.req.method)) return next();
    if (key.length === 0 || key.length > KEY_LENGTH_MAX) {
      return refused(c, refuse('invalid', `must have 1 to ${KEY_LENGTH_MAX} characters`, 'Idempotency-Key'));
    }
    const url = new URL(c.req.url);
    const text = await c.req.text();
    const boundary = boundaryOf(c.req.header('Content-Type'));
    const body =
      boundary === undefined ? withoutPaymentNumbers(text) : text.replaceAll(`--${boundary}`, '--');
    const requestHash = await sha256Hex(`${c.req.method} ${url.pathname}${url.search}\n${body}`);
    c.set('idempotency', { key, requestHash });
    await next();
    const status = c.res.status;
    if (c.get('replyKept') || status >= 500 || PASSING.has(status)) return undefined;
    const payload = { status, body: await c.res.clone().text() };
    const outcome = await execute(c.env, laneOfNewAccount(key), commandOf(c, 'reply.record', payload));
    if (outcome.replayed || outcome.status !== status) {
      c.res = undefined;
      c.res = reply(c, outcome);
    }
    return undefined;
  };
}

/** The boundary of a form; the same form is sent with another one each time. */
function boundaryOf(contentType: string | undefined): string | undefined {
  const [, quoted, plain] =
    /^\s*multipart\/[^;]+;.*?boundary=(?:"([^"]+)"|([^\s;]+))/i.exec(contentType ?? '') ?? [];
  return quoted ?? plain;
}

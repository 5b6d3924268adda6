import type { MiddlewareHandler } from 'hono';
import { execute, laneOfNewAccount } from '../../account/client.ts';
import { sha256Hex } from '../../auth/clients.ts';
import { refuse } from '../../domain/result.ts';
import type { AppEnv } from '../context.ts';
import { refused } from '../errors.ts';
import { commandOf, reply } from '../operation.ts';

/** Numbers of cards and bank accounts, and security codes, wherever a body names them. */
const PAYMENT_NUMBERS = /("(?:\w*[cC]ardNumber|bankAccountNumber|IBAN|securityCode)"\s*:\s*")(\d{3,30})(")/g;
const KEY_LENGTH_MAX = 255;
/** Replies that say "not now" or "not you" are not kept: the same key may be tried again. */
const PASSING = new Set([401, 403, 409, 422, 429]);

/**
 * Idempotency-Key on POST and PATCH (conventions 3): the first reply is kept 24 h, failures too. Commands keep theirs in the transaction of
 * their effect; what was answered without a command is kept here.
 */
export function idempotency(): MiddlewareHandler<AppEnv> {
  return async function idempotency(c, next) {
    const key = c.req.header('Idempotency-Key');
    if (key === undefined || (c.req.method !== 'POST' && c.req.method !== 'PATCH')) return next();
    if (key.length === 0 || key.length > KEY_LENGTH_MAX) {
      return refused(c, refuse('invalid', `must have 1 to ${KEY_LENGTH_MAX} characters`, 'Idempotency-Key'));
    }
    const url = new URL(c.req.url);
    const requestHash = await sha256Hex(
      `${c.req.method} ${url.pathname}${url.search}\n${withoutNumbers(withoutBoundary(await c.req.text(), c.req.header('Content-Type')))}`,
    );
    c.set('idempotency', { key, requestHash });
    await next();
    const status = c.res.status;
    if (c.get('replyKept') || status >= 500 || PASSING.has(status)) return undefined;
    const body = await c.res.clone().text();
    const outcome = await execute(
      c.env,
      laneOfNewAccount(key),
      commandOf(c, 'reply.record', { status, body }),
    );
    if (outcome.replayed || outcome.status !== status) {
      c.res = undefined;
      c.res = reply(c, outcome);
    }
    return undefined;
  };
}

/**
 * The body with only those digits of payment numbers that replies show too: a hash of all of them could be undone by trying the others. So two
 * numbers with the same ends are taken for one under the same key.
 */
function withoutNumbers(body: string): string {
  return body.replace(PAYMENT_NUMBERS, (_, before: string, digits: string, after: string) => {
    return before + shortened(digits) + after;
  });
}

function shortened(digits: string): string {
  return digits.length < 12 ? `${digits.length}` : digits.slice(0, 6) + digits.slice(-4);
}

/** The same form is sent with another boundary each time. */
function withoutBoundary(text: string, contentType: string | undefined): string {
  const [, quoted, plain] =
    /^\s*multipart\/[^;]+;.*?boundary=(?:"([^"]+)"|([^\s;]+))/i.exec(contentType ?? '') ?? [];
  const boundary = quoted ?? plain;
  return boundary === undefined ? text : text.replaceAll(`--${boundary}`, '--');
}

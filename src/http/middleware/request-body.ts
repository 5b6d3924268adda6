import type { MiddlewareHandler } from 'hono';
import { type Refusal, refuse } from '../../domain/result.ts';
import type { AppContext, AppEnv } from '../context.ts';
import { refused } from '../errors.ts';

const BODY_BYTES_MAX = 4_000_000;
const METHODS_WITH_BODY = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);
/** Operations whose body is a form with a file. */
const FORM_PATHS = new Set(['POST /v1/usage']);
const FORM_TYPE = /^\s*multipart\/form-data\s*;/i;
const JSON_TYPE = /^\s*application\/([\w.-]+\+)?json\s*(;|$)/i;

interface Body {
  readonly text: string;
  /** Of the text, after decompression. */
  readonly bytes: number;
}

/** Why a body was not read, and the status that says so. */
interface Unread {
  readonly refusal: Refusal;
  readonly status: number;
}

/**
 * Reads the body once, within its limit, and decompresses it (conventions 3: Content-Encoding gzip). It is read even when nobody needs it: a reply to an unread body ends the connection and the caller's next request with it.
 */
export function requestBody(): MiddlewareHandler<AppEnv> {
  return async function requestBody(c, next) {
    if (!METHODS_WITH_BODY.has(c.req.method)) return next();
    const body = await readBody(c, Number(c.env.BODY_BYTES_MAX ?? BODY_BYTES_MAX));
    if ('refusal' in body) return refused(c, body.refusal, body.status);
    c.set('bodyBytes', body.bytes);
    const type = c.req.header('Content-Type');
    if (c.req.path.startsWith('/query/') && c.req.method === 'POST' && !JSON_TYPE.test(type ?? '')) {
      // Data Query is a service of its own, and says it so.
      return c.json({ code: 415, message: 'HTTP 415 Unsupported Media Type' }, 415);
    }
    if (body.text === '' || !c.req.path.startsWith('/v1/')) return next();
    const isForm = FORM_PATHS.has(`${c.req.method} ${c.req.path}`);
    if (type === undefined || !(isForm ? FORM_TYPE : JSON_TYPE).test(type)) {
      const wanted = isForm ? 'multipart/form-data' : 'application/json';
      return refused(c, refuse('unsupported', `must be ${wanted}`, 'Content-Type'));
    }
    return next();
  };
}

async function readBody(c: AppContext, bytesMax: number): Promise<Body | Unread> {
  const { body } = c.req.raw;
  if (body === null) return { text: '', bytes: 0 };
  const encoding = (c.req.header('Content-Encoding') ?? 'identity').trim().toLowerCase();
  if (encoding !== 'identity' && encoding !== 'gzip') {
    await discard(body);
    const refusal = refuse('unsupported', 'must be gzip, or left out', 'Content-Encoding');
    return { refusal, status: 415 };
  }
  const declared = c.req.header('Content-Length');
  if (declared !== undefined && Number(declared) > bytesMax) {
    await discard(body);
    return tooLarge(bytesMax);
  }
  if (encoding === 'identity' && declared !== undefined) {
    return { text: await c.req.text(), bytes: Number(declared) };
  }
  const sent = await readBytes(body, bytesMax);
  if (sent === null) {
    await discard(body);
    return tooLarge(bytesMax);
  }
  try {
    // From memory: what is not decompressed any more, once it is too much, does not concern the connection.
    const plain = encoding === 'gzip' ? await readBytes(gunzipped(sent), bytesMax) : sent;
    if (plain === null) return tooLarge(bytesMax);
    const text = new TextDecoder().decode(await plain.arrayBuffer());
    // Where Hono keeps what it has read: whoever asks for the text or the JSON gets this.
    c.req.bodyCache.text = Promise.resolve(text) as unknown as string;
    return { text, bytes: plain.size };
  } catch (error) {
    if (encoding !== 'gzip') throw error;
    return { refusal: refuse('invalid', 'the body is not valid gzip', 'Content-Encoding'), status: 400 };
  }
}

/**
 * Reads a body to its end and keeps nothing: cancelling would cut the connection under a caller that is still sending, who
 * would then never see why. The platform bounds how long a body can be.
 */
export async function discard(body: ReadableStream<Uint8Array> | null): Promise<void> {
  await body?.pipeTo(new WritableStream());
}

function gunzipped(compressed: Blob): ReadableStream<Uint8Array> {
  return compressed.stream().pipeThrough(new DecompressionStream('gzip'));
}

/** What the stream holds, or null when it has more bytes: no more than the limit is held in memory, and the rest is left unread. */
async function readBytes(stream: ReadableStream<Uint8Array>, bytesMax: number): Promise<Blob | null> {
  const reader = stream.getReader();
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    chunks.push(next.value);
    bytes += next.value.byteLength;
    if (bytes > bytesMax) {
      reader.releaseLock();
      return null;
    }
  }
  return new Blob(chunks);
}

function tooLarge(bytesMax: number): Unread {
  const message = `The request body is larger than ${bytesMax} bytes; split the request.`;
  return { refusal: refuse('invalid', message), status: 413 };
}

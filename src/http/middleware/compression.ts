import type { MiddlewareHandler } from 'hono';
import type { AppEnv } from '../context.ts';

const COMPRESSED_FROM_BYTES = 1_000;

/**
 * Replies over 1,000 bytes are compressed when asked for (conventions 3). The header alone does it: the runtime encodes
 * a body as its Content-Encoding says, which is why Hono's own middleware, which encodes too, is not used.
 */
export function compression(): MiddlewareHandler<AppEnv> {
  return async function compression(c, next) {
    await next();
    if (!/\bgzip\b/.test(c.req.header('Accept-Encoding') ?? '')) return;
    if (c.res.headers.has('Content-Encoding') || c.res.body === null) return;
    const body = await c.res.arrayBuffer();
    const compressed = new Response(body, c.res);
    if (body.byteLength > COMPRESSED_FROM_BYTES) {
      compressed.headers.set('Content-Encoding', 'gzip');
      compressed.headers.append('Vary', 'Accept-Encoding');
    }
    c.res = compressed;
  };
}

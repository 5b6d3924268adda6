import type { Hono } from 'hono';
import { sha256Hex } from '../../auth/clients.ts';
import type { AppEnv } from '../context.ts';
import { openApiDocument } from '../openapi/document.ts';
import type { AnyOperation } from '../operation.ts';

/** How long a copy may be used without asking whether there is a newer one, seconds. */
const FRESH_S = 300;

/** GET /openapi.json: the description of the API. For everybody: it holds no data. Built once per isolate, when it is first asked for. */
export function mountOpenApi(app: Hono<AppEnv>, operations: readonly AnyOperation[]): void {
  let built: Promise<{ readonly body: string; readonly etag: string }> | undefined;
  app.get('/openapi.json', async (c) => {
    built ??= build(operations);
    const { body, etag } = await built;
    const headers = {
      ETag: etag,
      'Cache-Control': `public, max-age=${FRESH_S}`,
      'Access-Control-Allow-Origin': '*',
    };
    if (c.req.header('If-None-Match')?.includes(etag.slice(2)) === true) return c.body(null, 304, headers);
    return c.body(body, 200, { 'Content-Type': 'application/json; charset=utf-8', ...headers });
  });
}

/** The tag is a weak one: the same document is sent compressed and plain. */
async function build(operations: readonly AnyOperation[]) {
  const body = JSON.stringify(openApiDocument(operations));
  return { body, etag: `W/"${(await sha256Hex(body)).slice(0, 32)}"` };
}

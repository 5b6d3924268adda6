import type { Hono } from 'hono';
import { refuse } from '../domain/result.ts';
import type { AppContext, AppEnv } from './context.ts';
import { refused } from './errors.ts';

/** Pages load nothing from elsewhere, run no inline script, and stand in nobody's frame. */
const PAGE_HEADERS = {
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
};

/** What no operation serves may be a file; a Worker without assets has none. */
export async function assetOrNotFound(c: AppContext): Promise<Response> {
  if ((c.req.method === 'GET' || c.req.method === 'HEAD') && !c.req.path.startsWith('/v1/') && c.env.ASSETS) {
    const asset = await c.env.ASSETS.fetch(c.req.raw);
    if (asset.status !== 404) {
      const page = new Response(asset.body, asset);
      for (const [name, value] of Object.entries(PAGE_HEADERS)) page.headers.set(name, value);
      return page;
    }
  }
  return refused(c, refuse('not_found', `There is no operation ${c.req.method} ${c.req.path}.`));
}

interface Route {
  readonly method: string;
  readonly path: string;
}

/** 405 where the path exists with other methods, which it names. */
export function refuseOtherMethods(app: Hono<AppEnv>, routes: readonly Route[]): void {
  const methodsOfPath = new Map<string, Set<string>>();
  for (const { method, path } of routes) {
    const methods = methodsOfPath.get(path) ?? new Set();
    methodsOfPath.set(path, methods.add(method.toUpperCase()));
  }
  for (const [path, methods] of methodsOfPath) {
    // HEAD is answered wherever GET is.
    const allowed = [...methods, ...(methods.has('GET') ? ['HEAD'] : [])].join(', ');
    app.all(path, (c) => {
      c.header('Allow', allowed);
      return refused(c, refuse('unsupported', `${c.req.path} does not take ${c.req.method}.`), 405);
    });
  }
}

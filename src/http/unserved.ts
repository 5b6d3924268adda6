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

/** What no operation serves may be a file (a Worker without assets has none), or have a page that says so to a person. */
export async function assetOrNotFound(
  c: AppContext,
  pageOf?: (c: AppContext) => Promise<Response | null>,
): Promise<Response> {
  if ((c.req.method === 'GET' || c.req.method === 'HEAD') && !c.req.path.startsWith('/v1/') && c.env.ASSETS) {
    const asset = await c.env.ASSETS.fetch(c.req.raw);
    if (asset.status !== 404) {
      const page = new Response(asset.body, asset);
      for (const [name, value] of Object.entries(PAGE_HEADERS)) page.headers.set(name, value);
      return page;
    }
  }
  const page = await pageOf?.(c);
  if (page) return page;
  return refused(c, refuse('not_found', `There is no operation ${c.req.method} ${c.req.path}.`));
}

export interface Route {
  readonly method: string;
  readonly path: string;
}

/** 405 where the path exists with other methods: all that any operation on this very path has are named. */
export function refuseOtherMethods(app: Hono<AppEnv>, routes: readonly Route[]): void {
  const patterns = routes.map(({ method, path }) => ({
    method: method.toUpperCase(),
    matches: matcherOf(path),
  }));
  for (const path of new Set(routes.map((route) => route.path))) {
    app.all(path, (c) => {
      const own = patterns.filter(({ matches }) => matches.test(c.req.path)).map(({ method }) => method);
      // HEAD is answered wherever GET is.
      const allowed = new Set(own.includes('GET') ? [...own, 'HEAD'] : own);
      c.header('Allow', [...allowed].join(', '));
      return refused(c, refuse('unsupported', `${c.req.path} does not take ${c.req.method}.`), 405);
    });
  }
}

function matcherOf(path: string): RegExp {
  return new RegExp(`^${path.replaceAll(/:[A-Za-z]+/g, '[^/]+')}$`);
}

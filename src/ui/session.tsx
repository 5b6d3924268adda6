import type { MiddlewareHandler } from 'hono';
import { getCookie } from 'hono/cookie';
import { sha256Hex } from '../auth/clients.ts';
import { userOfSession } from '../auth/sessions.ts';
import { databaseOf } from '../persistence/database.ts';
import { ErrorPage } from './components/error-page.tsx';
import { Format, isTimeZone, localeFor } from './format.ts';
import { CSRF_FIELD } from './forms/form.tsx';
import { readFormValues } from './forms/form-values.ts';
import { page } from './layout.tsx';
import type { PageContext, PageEnv } from './page-env.ts';
import { tenantZone } from './tenant-zone.ts';

const TIME_ZONE_DEFAULT = 'UTC';

/** The host prefix binds the cookie to this very host and to https; a local server has no https. */
export function sessionCookieName(c: PageContext): string {
  return isSecure(c) ? '__Host-spillway' : 'spillway';
}

export function isSecure(c: PageContext): boolean {
  return new URL(c.req.url).protocol === 'https:';
}

/** The proof that a form was made for this session: whoever cannot read the cookie cannot make it. */
export async function csrfTokenOf(sessionToken: string): Promise<string> {
  return (await sha256Hex(`csrf ${sessionToken}`)).slice(0, 32);
}

/** Lets only those who have signed in go on; others sign in first and are led back. Forms must carry their session's proof. */
export function signedIn(): MiddlewareHandler<PageEnv> {
  return async function signedIn(c, next) {
    const token = getCookie(c, sessionCookieName(c));
    const user = token === undefined ? null : await userOfSession(databaseOf(c.env), token, Date.now());
    if (user === null || token === undefined) return signInFirst(c);
    c.set('user', user);
    c.set('csrfToken', await csrfTokenOf(token));
    const zone = user.timeZone ?? (await tenantZone(databaseOf(c.env), Date.now()));
    c.set(
      'format',
      new Format(
        localeFor(user.locale, c.req.header('Accept-Language')),
        isTimeZone(zone) ? zone : TIME_ZONE_DEFAULT,
      ),
    );
    if (c.req.method === 'POST') {
      c.set('form', await readFormValues(c.req.raw, await c.req.text()));
      if (isForeign(c) || !sameText(c.get('form').text(CSRF_FIELD), c.get('csrfToken'))) {
        return page(
          c,
          { title: 'Not done', status: 403 },
          <ErrorPage
            title="This form was not sent from a page of this session"
            message="Nothing was changed. Open the page again and send it from there."
          />,
        );
      }
    }
    await next();
    return undefined;
  };
}

/** Who has signed in, on pages that are for everybody; nobody is as good. */
export function perhapsSignedIn(): MiddlewareHandler<PageEnv> {
  return async function perhapsSignedIn(c, next) {
    const token = getCookie(c, sessionCookieName(c));
    const user = token === undefined ? null : await userOfSession(databaseOf(c.env), token, Date.now());
    if (user !== null && token !== undefined) {
      c.set('user', user);
      c.set('csrfToken', await csrfTokenOf(token));
    }
    await next();
  };
}

/** A browser says where a form comes from; what says nothing is judged by its token alone. */
export function isForeign(c: PageContext): boolean {
  const origin = c.req.header('Origin');
  if (origin !== undefined) return origin !== new URL(c.req.url).origin;
  const site = c.req.header('Sec-Fetch-Site');
  return site !== undefined && site !== 'same-origin' && site !== 'none';
}

/** A page is asked for again after signing in; parts of pages and forms are not. */
function signInFirst(c: PageContext): Response {
  if (c.req.header('Spillway-Part') !== undefined) return c.text('Sign in again.', 401);
  const url = new URL(c.req.url);
  const next = c.req.method === 'GET' ? `?next=${encodeURIComponent(url.pathname + url.search)}` : '';
  return c.redirect(`/sign-in${next}`, 303);
}

/** Compares without telling by its time how much is equal. */
function sameText(a: string, b: string): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let i = 0; i < a.length; i++) difference |= a.charCodeAt(i) ^ b.charCodeAt(i);
  return difference === 0;
}

import type { Hono } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import type { Child } from 'hono/jsx';
import { endSession, startSession, userOfSession } from '../../auth/sessions.ts';
import { checkSignIn } from '../../auth/sign-in.ts';
import { addressOf } from '../../auth/sign-in-rate.ts';
import { hasUsers } from '../../auth/users.ts';
import { databaseOf } from '../../persistence/database.ts';
import { ErrorPage } from '../components/error-page.tsx';
import { Format, localeFor } from '../format.ts';
import type { Field, Section } from '../forms/fields.ts';
import { FormSection, ProblemSummary } from '../forms/form.tsx';
import { type FormValues, readFormValues, valuesOf } from '../forms/form-values.ts';
import { type Problem, problem } from '../forms/problems.ts';
import { page } from '../layout.tsx';
import type { PageContext, PageEnv } from '../page-env.ts';
import type { PageRoutes } from '../pages.tsx';
import { isForeign, isSecure, sessionCookieName } from '../session.tsx';

const HOME = '/accounts';
const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/**
 * Where somebody goes on after signing in: a path of our own, or the first page. Judged as a browser would read it, since `//host`, `/\host`, blanks
 * and dots can all lead to another host.
 */
export function ownPath(next: string, origin: string): string {
  if (!next.startsWith('/')) return HOME;
  try {
    const url = new URL(next, origin);
    const path = url.pathname + url.search;
    const isOwn = url.origin === origin && !path.startsWith('//') && !/^\/sign-(in|out)\b/.test(path);
    return isOwn ? path : HOME;
  } catch {
    return HOME;
  }
}

/** A page for people of whom nothing is known yet. */
export function asStranger(c: PageContext): void {
  c.set('format', new Format(localeFor(null, c.req.header('Accept-Language')), 'UTC'));
}

/** Before a secret is typed: a deployed Worker that was asked without https is asked again with it. */
export function secureAddress(c: PageContext): string | null {
  const url = new URL(c.req.url);
  const isDeployed = c.req.header('CF-Connecting-IP') !== undefined && !LOOPBACK.test(url.hostname);
  if (isSecure(c) || !isDeployed) return null;
  url.protocol = 'https:';
  return url.href;
}

/** A form of a page that has no session to prove itself by: the browser says where it comes from. */
export function refuseForeign(c: PageContext): Response | Promise<Response> | null {
  if (!isForeign(c)) return null;
  return page(
    c,
    { title: 'Not done', status: 403 },
    <ErrorPage
      title="This form was not sent from a page of this server"
      message="Nothing was done. Open the page here and send it again."
      next={{ path: '/sign-in', label: 'Go to the sign-in' }}
    />,
  );
}

/** Whose attempts are counted together. */
export function addressOfClient(c: PageContext): string {
  return addressOf(c.req.header('CF-Connecting-IP'));
}

/** What somebody is told who has to wait, with the header that says how long. */
export function waitProblem(c: PageContext, retryAfterS: number): Problem {
  c.header('Retry-After', String(retryAfterS));
  return problem(
    null,
    `There were too many attempts from your network. Try again in ${retryAfterS} seconds.`,
  );
}

/** A new session in place of whatever the browser brought along, and on to the next page. */
export async function enter(c: PageContext, userId: string, next: string): Promise<Response> {
  const db = databaseOf(c.env);
  const name = sessionCookieName(c);
  const former = getCookie(c, name);
  if (former !== undefined) await endSession(db, former);
  const token = await startSession(db, userId, Date.now());
  setCookie(c, name, token, { path: '/', httpOnly: true, sameSite: 'Lax', secure: isSecure(c) });
  return c.redirect(next, 303);
}

/** A secret as it was typed: blanks at its ends belong to it. */
export function secretOf(form: FormValues, name: string): string {
  return form.all(name)[0] ?? '';
}

interface StrangerFormProps {
  readonly action: string;
  readonly section: Section;
  readonly values: FormValues;
  readonly problems: readonly Problem[];
  readonly submit: string;
  readonly children?: Child;
}

/** A form without a session. */
export function StrangerForm({ action, section, values, problems, submit, children }: StrangerFormProps) {
  return (
    <form method="post" action={action} class="form" data-once>
      <ProblemSummary problems={problems} sections={[section]} />
      {children}
      <FormSection section={section} values={values} problems={problems} />
      <div class="actions">
        <button type="submit" class="primary">
          {submit}
        </button>
      </div>
    </form>
  );
}

const EMAIL: Field = {
  name: 'email',
  label: 'Email',
  type: 'email',
  required: true,
  autocomplete: 'username',
  isWide: true,
};
const PASSWORD: Field = {
  name: 'password',
  label: 'Password',
  type: 'password',
  required: true,
  autocomplete: 'current-password',
  isWide: true,
};
const SECTION: Section = {
  title: 'With your email and password',
  hint: 'An administrator creates users, and sets a new password for anybody who has lost theirs.',
  fields: [EMAIL, PASSWORD],
};

function signInPage(c: PageContext, next: string, values: FormValues, found?: Problem, status = 200) {
  asStranger(c);
  return page(
    c,
    { title: 'Sign in', status },
    <StrangerForm
      action="/sign-in"
      section={SECTION}
      values={values}
      problems={found === undefined ? [] : [found]}
      submit="Sign in"
    >
      <input type="hidden" name="next" value={next} />
    </StrangerForm>,
  );
}

async function showSignIn(c: PageContext): Promise<Response> {
  const secure = secureAddress(c);
  if (secure !== null) return c.redirect(secure, 308);
  const db = databaseOf(c.env);
  const next = ownPath(c.req.query('next') ?? '', new URL(c.req.url).origin);
  const token = getCookie(c, sessionCookieName(c));
  if (token !== undefined && (await userOfSession(db, token, Date.now())) !== null) {
    return c.redirect(next, 303);
  }
  if (!(await hasUsers(db))) return c.redirect('/setup', 303);
  return signInPage(c, next, valuesOf({}));
}

async function signIn(c: PageContext): Promise<Response> {
  const form = await readFormValues(c.req.raw, await c.req.text());
  const foreign = refuseForeign(c);
  if (foreign !== null) return foreign;
  const next = ownPath(form.text('next'), new URL(c.req.url).origin);
  const credentials = {
    email: form.text('email'),
    password: secretOf(form, 'password'),
    address: addressOfClient(c),
  };
  const outcome = await checkSignIn(databaseOf(c.env), credentials, Date.now());
  if (outcome === null) {
    const message =
      'No user who may sign in has this email and password. Check both; capitals count in the password.';
    return signInPage(c, next, form, problem(null, message), 403);
  }
  if ('retryAfterS' in outcome) {
    return signInPage(c, next, form, waitProblem(c, outcome.retryAfterS), 429);
  }
  return enter(c, outcome.userId, next);
}

/** For who has not signed in yet. */
export function mountSignIn(app: Hono<PageEnv>): void {
  app.get('/sign-in', showSignIn);
  app.post('/sign-in', signIn);
}

/** Ends this session, here and in the database. */
export const signOutPages: PageRoutes = (app) => {
  app.post('/sign-out', async (c) => {
    const name = sessionCookieName(c);
    const token = getCookie(c, name);
    if (token !== undefined) await endSession(databaseOf(c.env), token);
    deleteCookie(c, name, { path: '/', httpOnly: true, sameSite: 'Lax', secure: isSecure(c) });
    return c.redirect('/sign-in', 303);
  });
};

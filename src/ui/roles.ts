import { ApiProblem } from './api.ts';
import type { PageContext } from './page-env.ts';

/** Controls that write are shown only to those who may: the API refuses others in any case. */
export function mayWrite(c: PageContext): boolean {
  return c.get('user').role !== 'read';
}

export function isAdmin(c: PageContext): boolean {
  return c.get('user').role === 'admin';
}

/** A form is not shown to somebody whom the API will refuse. */
export function onlyFor(c: PageContext, role: 'standard' | 'admin'): void {
  if (role === 'standard' ? mayWrite(c) : isAdmin(c)) return;
  const message =
    role === 'standard'
      ? 'Your role may only read. Ask an administrator for a role that may also write.'
      : 'This is for administrators. Ask one of them.';
  throw new ApiProblem({ status: 403, isOk: false, body: { message }, headers: new Headers() });
}

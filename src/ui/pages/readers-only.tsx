import type { MiddlewareHandler } from 'hono';
import { page } from '../layout.tsx';
import type { PageEnv } from '../page-env.ts';

/** Instead of a form, for who may not send it. */
export function ReadersOnly() {
  return (
    <div class="empty">
      <h2>Your role can read</h2>
      <p>Changing this needs the role standard or admin. An administrator can give it to you.</p>
    </div>
  );
}

/** Keeps whole forms from who may not send them. */
export const writersOnly: MiddlewareHandler<PageEnv> = async function writersOnly(c, next) {
  if (c.get('user').role !== 'read') return next();
  return page(c, { title: 'Not for your role', status: 403 }, <ReadersOnly />);
};

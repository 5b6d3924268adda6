import type { MiddlewareHandler } from 'hono';
import { ErrorPage } from './components/error-page.tsx';
import { page } from './layout.tsx';
import type { PageEnv } from './page-env.ts';

/** Keeps forms from users who may only read: the API would refuse what they send. */
export const writersOnly: MiddlewareHandler<PageEnv> = async function writersOnly(c, next) {
  if (c.get('user').role !== 'read') return next();
  return page(
    c,
    { title: 'Not for your role', status: 403 },
    <ErrorPage
      title="Your role may only read"
      message="Ask an administrator for the role standard to make orders and changes."
    />,
  );
};

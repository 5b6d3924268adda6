import type { Context } from 'hono';
import type { WebUser } from '../auth/users.ts';
import type { Env } from '../env.ts';
import type { Format } from './format.ts';
import type { FormValues } from './forms/form-values.ts';

/** What a page's middleware leaves for it. */
export interface PageVariables {
  requestId: string;
  /** Who has signed in; pages that anybody may see have nobody. */
  user: WebUser;
  /** Goes into every form of this session and comes back with it. */
  csrfToken: string;
  /** How dates, numbers and money are written for this user. */
  format: Format;
  /** The form that was sent; only of POST. */
  form: FormValues;
}

export type PageEnv = { Bindings: Env; Variables: PageVariables };
export type PageContext = Context<PageEnv>;

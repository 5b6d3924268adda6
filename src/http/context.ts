import type { Context } from 'hono';
import type { Caller } from '../auth/clients.ts';
import type { Idempotency } from '../domain/account/command.ts';
import type { Env } from '../env.ts';
import type { Envelope } from '../wire/errors.ts';

/** What middleware leaves for the handlers. */
export interface Variables {
  requestId: string;
  /** Errors of this request come with HTTP 200, as the caller's Zuora-Version wants it. */
  legacyStatus: boolean;
  /** The caller's Zuora-Version knows the error body and the category that Object Query has to itself. */
  objectQueryErrors: boolean;
  caller: Caller;
  /** Bytes of the body as text; not set for methods without one. */
  bodyBytes: number | undefined;
  /** Set for POST and PATCH with an Idempotency-Key. */
  idempotency: Idempotency | undefined;
  /** The reply is stored (or was found stored) by a command. */
  replyKept: boolean;
  /** The reply's body where it is JSON, for the API log. */
  replyText: string | undefined;
  operation: { readonly envelope: Envelope; readonly resourceCode: string } | undefined;
}

export type AppEnv = { Bindings: Env; Variables: Variables };
export type AppContext = Context<AppEnv>;

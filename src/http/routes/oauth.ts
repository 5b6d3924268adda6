import type { Hono } from 'hono';
import { issueToken } from '../../auth/clients.ts';
import { refuse } from '../../domain/result.ts';
import { limits } from '../../env.ts';
import { databaseOf } from '../../persistence/database.ts';
import type { AppEnv } from '../context.ts';
import { refused, unauthenticated } from '../errors.ts';

/** POST /oauth/token: client credentials for an opaque token of one hour (conventions 3). Form-encoded, as RFC 6749 has it. */
export function mountOauth(app: Hono<AppEnv>): void {
  app.post('/oauth/token', async (c) => {
    const form = new URLSearchParams(await c.req.text());
    if (form.get('grant_type') !== 'client_credentials') {
      return refused(c, refuse('invalid', 'must be client_credentials', 'grant_type'));
    }
    for (const field of ['client_id', 'client_secret']) {
      if (!form.get(field)) return refused(c, refuse('missing', 'is required', field));
    }
    const issued = await issueToken(
      databaseOf(c.env),
      form.get('client_id') ?? '',
      form.get('client_secret') ?? '',
      Date.now(),
    );
    if (issued === null) {
      return unauthenticated(c, 'client_id or client_secret is wrong, or the client is revoked.');
    }
    return c.json({
      access_token: issued.token,
      token_type: 'bearer',
      expires_in: limits.tokenLifetimeS - 1,
      scope: `user.${issued.caller.clientId} role.${issued.caller.role}`,
      jti: issued.token,
    });
  });
}

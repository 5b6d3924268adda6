import { Hono } from 'hono';
import { refuse } from '../domain/result.ts';
import type { AppContext, AppEnv } from './context.ts';
import { onError, refused } from './errors.ts';
import { authenticate } from './middleware/authenticate.ts';
import { compression } from './middleware/compression.ts';
import { idempotency } from './middleware/idempotency.ts';
import { requestBody } from './middleware/request-body.ts';
import { requestHeaders } from './middleware/request-headers.ts';
import { requestLimits } from './middleware/request-limits.ts';
import { requestLog } from './middleware/request-log.ts';
import type { AnyOperation } from './operation.ts';
import { accountOperations } from './routes/accounts.ts';
import { administrationOperations } from './routes/administration.ts';
import { catalogOperations } from './routes/catalog.ts';
import { contactOperations } from './routes/contacts.ts';
import { deadLetterOperations } from './routes/dead-letters.ts';
import { mountHealth } from './routes/health.ts';
import { invoiceOperations } from './routes/invoices.ts';
import { metricsOperations } from './routes/metrics.ts';
import { mountOauth } from './routes/oauth.ts';
import { objectAccountOperations } from './routes/object-accounts.ts';
import { orderOperations } from './routes/orders.ts';
import { paymentOperations } from './routes/payments.ts';
import { subscriptionOperations } from './routes/subscriptions.ts';

/** The API's table of contents. */
export const operations: readonly AnyOperation[] = [
  ...accountOperations,
  ...contactOperations,
  ...objectAccountOperations,
  ...catalogOperations,
  ...orderOperations,
  ...subscriptionOperations,
  ...invoiceOperations,
  ...paymentOperations,
  ...metricsOperations,
  ...administrationOperations,
  ...deadLetterOperations,
];

export function createApp(): Hono<AppEnv> {
  const app = new Hono<AppEnv>();
  app.onError((error, c) => onError(error, c));
  app.notFound(assetOrNotFound);
  app.use(compression());
  app.use(requestHeaders());
  app.use(requestLog());
  app.use(requestBody());
  mountHealth(app);
  app.use(requestLimits());
  mountOauth(app);
  app.use('/v1/*', authenticate());
  app.use('/v1/*', idempotency());
  for (const operation of operations) operation.mount(app);
  refuseOtherMethods(app);
  return app;
}

/** What no operation serves may be a file; a Worker without assets has none. */
async function assetOrNotFound(c: AppContext): Promise<Response> {
  if ((c.req.method === 'GET' || c.req.method === 'HEAD') && !c.req.path.startsWith('/v1/') && c.env.ASSETS) {
    const asset = await c.env.ASSETS.fetch(c.req.raw);
    if (asset.status !== 404) return new Response(asset.body, asset);
  }
  return refused(c, refuse('not_found', `There is no operation ${c.req.method} ${c.req.path}.`));
}

/** 405 where the path exists with other methods. */
function refuseOtherMethods(app: Hono<AppEnv>): void {
  for (const path of new Set(operations.map((operation) => operation.path))) {
    app.all(path, (c) =>
      refused(c, refuse('unsupported', `${c.req.path} does not take ${c.req.method}.`), 405),
    );
  }
}

import { Hono } from 'hono';
import type { AppContext, AppEnv } from './context.ts';
import { onError } from './errors.ts';
import { apiLog } from './middleware/api-log.ts';
import { authenticate } from './middleware/authenticate.ts';
import { compression } from './middleware/compression.ts';
import { idempotency } from './middleware/idempotency.ts';
import { requestBody } from './middleware/request-body.ts';
import { requestHeaders } from './middleware/request-headers.ts';
import { requestLimits } from './middleware/request-limits.ts';
import { requestLog } from './middleware/request-log.ts';
import type { AnyOperation } from './operation.ts';
import { accountOperations } from './routes/accounts.ts';
import { actionOperations } from './routes/actions.ts';
import { administrationOperations } from './routes/administration.ts';
import { apiLogOperations } from './routes/api-log.ts';
import { asyncOrderOperations } from './routes/async-orders.ts';
import { batchQueryOperations } from './routes/batch-queries.ts';
import { billRunResultOperations } from './routes/bill-run-results.ts';
import { billRunOperations } from './routes/bill-runs.ts';
import { billingDocumentOperations } from './routes/billing-documents.ts';
import { billingPreviewRunOperations } from './routes/billing-preview-runs.ts';
import { catalogReads } from './routes/catalog-reads.ts';
import { collectOperations } from './routes/collect.ts';
import { contactOperations } from './routes/contacts.ts';
import { creditMemoReadOperations } from './routes/credit-memo-reads.ts';
import { creditMemoOperations } from './routes/credit-memos.ts';
import { dataQueryOperations } from './routes/data-queries.ts';
import { deadLetterOperations } from './routes/dead-letters.ts';
import { debitMemoOperations } from './routes/debit-memos.ts';
import { describeOperations } from './routes/describe.ts';
import { fileOperations } from './routes/files.ts';
import { mountHealth } from './routes/health.ts';
import { invoiceReadOperations } from './routes/invoice-reads.ts';
import { invoiceOperations } from './routes/invoices.ts';
import { jobOperations } from './routes/jobs.ts';
import { metricHistoryOperations } from './routes/metric-history.ts';
import { metricsOperations } from './routes/metrics.ts';
import { mountOauth } from './routes/oauth.ts';
import { objectExportOperations } from './routes/object-export.ts';
import { objectQueryOperations } from './routes/object-query.ts';
import { objectReadOperations } from './routes/object-reads.ts';
import { objectWriteOperations } from './routes/object-writes.ts';
import { mountOpenApi } from './routes/openapi.ts';
import { operationJobOperations } from './routes/operation-jobs.ts';
import { orderLifecycleOperations } from './routes/order-lifecycle.ts';
import { orderLineItemOperations } from './routes/order-line-items.ts';
import { orderOperations } from './routes/orders.ts';
import { paymentMethodOperations } from './routes/payment-methods.ts';
import { paymentPartOperations } from './routes/payment-parts.ts';
import { paymentOperations } from './routes/payments.ts';
import { printingOperations } from './routes/printing.ts';
import { refundOperations } from './routes/refunds.ts';
import { scheduledWorkOperations } from './routes/scheduled-work.ts';
import { searchOperations } from './routes/search.ts';
import { subscriptionChangeOperations } from './routes/subscription-changes.ts';
import { subscriptionReadOperations } from './routes/subscription-reads.ts';
import { subscriptionOperations } from './routes/subscriptions.ts';
import { usageOperations } from './routes/usage.ts';
import { userOperations } from './routes/users.ts';
import { zoqlOperations } from './routes/zoql.ts';
import { assetOrNotFound, type Route, refuseOtherMethods } from './unserved.ts';

/** The API's table of contents. */
export const operations: readonly AnyOperation[] = [
  ...accountOperations,
  ...contactOperations,
  ...zoqlOperations,
  ...objectExportOperations,
  ...objectReadOperations,
  ...objectWriteOperations,
  ...actionOperations,
  ...catalogReads,
  ...subscriptionReadOperations,
  ...orderOperations,
  ...orderLifecycleOperations,
  ...asyncOrderOperations,
  ...orderLineItemOperations,
  ...subscriptionOperations,
  ...subscriptionChangeOperations,
  ...invoiceOperations,
  ...billRunOperations,
  ...billRunResultOperations,
  ...billingPreviewRunOperations,
  ...operationJobOperations,
  ...batchQueryOperations,
  ...dataQueryOperations,
  ...fileOperations,
  ...billingDocumentOperations,
  ...paymentOperations,
  ...paymentMethodOperations,
  ...collectOperations,
  ...paymentPartOperations,
  ...refundOperations,
  ...creditMemoOperations,
  ...creditMemoReadOperations,
  ...debitMemoOperations,
  ...usageOperations,
  ...invoiceReadOperations,
  ...printingOperations,
  ...metricsOperations,
  ...metricHistoryOperations,
  ...searchOperations,
  ...objectQueryOperations,
  ...describeOperations,
  ...administrationOperations,
  ...userOperations,
  ...deadLetterOperations,
  ...scheduledWorkOperations,
  ...apiLogOperations,
  ...jobOperations,
];

/** The web pages, as an app that knows nothing of this one, and what they say to a person for whom there is no page. */
export interface Pages {
  readonly app: Hono<never>;
  readonly notFound: (c: AppContext) => Promise<Response | null>;
}

/** Mounts every operation, and what its path answers to other methods. */
export function mountOperations(app: Hono<AppEnv>, others: readonly Route[] = []): void {
  for (const operation of operations) operation.mount(app);
  refuseOtherMethods(app, [
    ...operations.flatMap(({ method, paths }) => paths.map((path) => ({ method, path }))),
    ...others,
  ]);
}

/** The Worker's whole surface: the API and, where given, the web pages, which are an app of their own. */
export function createApp(pages?: Pages): Hono<AppEnv> {
  const app = new Hono<AppEnv>();
  app.onError((error, c) => onError(error, c));
  app.notFound((c) => assetOrNotFound(c, pages?.notFound));
  app.use(compression());
  app.use(apiLog());
  app.use(requestHeaders());
  app.use(requestLog());
  mountHealth(app);
  app.use(requestLimits());
  app.use(requestBody());
  mountOauth(app);
  mountOpenApi(app, operations);
  app.use('/v1/*', authenticate());
  app.use('/apps/api/*', authenticate());
  app.use('/object-query/*', authenticate());
  app.use('/query/*', authenticate());
  app.use('/v1/*', idempotency());
  app.use('/apps/api/*', idempotency());
  app.use('/query/*', idempotency());
  mountOperations(app, [
    { method: 'get', path: '/v1/spillway/health' },
    { method: 'post', path: '/oauth/token' },
    { method: 'get', path: '/openapi.json' },
  ]);
  if (pages !== undefined) app.route('/', pages.app as unknown as Hono<AppEnv>);
  return app;
}

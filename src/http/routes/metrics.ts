import { z } from 'zod';
import { exactSums, inCurrencyOrder, toAccountMetrics } from '../../domain/metrics/account-metrics.ts';
import { proveMetrics } from '../../domain/metrics/metrics-proof.ts';
import { readMetrics } from '../../persistence/account-metrics.ts';
import { findAccountId } from '../../persistence/accounts.ts';
import { databaseOf } from '../../persistence/database.ts';
import { METRIC_NAMES, readMetricOperations } from '../../persistence/metric-operations.ts';
import { readForProof } from '../../persistence/metrics-proof.ts';
import { foldPartners } from '../../persistence/metrics-store.ts';
import { readSettings } from '../../persistence/tenant-settings.ts';
import { toWireMetricOperation, toWireMetricsReading, toWireProof } from '../../wire/metrics.ts';
import { wireCurrency } from '../../wire/values.ts';
import type { AppContext } from '../context.ts';
import { json } from '../errors.ts';
import { type AnyOperation, operation, reader } from '../operation.ts';
import { noSuchAccount } from './accounts.ts';

const OPERATIONS_DEFAULT = 20;
const OPERATIONS_MAX = 100;

async function respondWithMetrics(c: AppContext, db: D1Database, accountKey: string): Promise<Response> {
  const [reading, settings] = await Promise.all([readMetrics(db, accountKey), readSettings(db)]);
  if (reading === null) return noSuchAccount(c);
  const exact = inCurrencyOrder(exactSums(reading.published, reading.tail), reading.currency);
  const body = toWireMetricsReading({
    ...reading,
    published: reading.published.map(toAccountMetrics),
    exact: exact.map(toAccountMetrics),
    timeZone: settings.timeZone,
  });
  return json(c, 200, JSON.stringify(body));
}

/** What Spillway knows about metrics beyond the published contract. */
export const metricsOperations: readonly AnyOperation[] = [
  /** Published and exact numbers. Costs what is pending, not what the account holds. */
  operation({
    id: 'spillwayGetMetrics',
    method: 'get',
    path: '/v1/spillway/accounts/:accountKey/metrics',
    role: 'read',
    handle: (c) => respondWithMetrics(c, reader(c), c.req.param('accountKey')!),
  }),
  /** Folds what is pending now. An account that is no partner has nothing pending: the same reply. */
  operation({
    id: 'spillwayRefreshMetrics',
    method: 'post',
    path: '/v1/spillway/accounts/:accountKey/metrics/refresh',
    role: 'standard',
    handle: async (c) => {
      const accountId = await findAccountId(reader(c), c.req.param('accountKey')!);
      if (accountId === null) return noSuchAccount(c);
      const db = databaseOf(c.env);
      await foldPartners(db, [accountId], new Date().toISOString());
      return respondWithMetrics(c, db, accountId);
    },
  }),
  /** The deltas behind the numbers, or behind one of them, newest first; `nextPage` leads on by sequence. */
  operation({
    id: 'spillwayListMetricOperations',
    method: 'get',
    path: '/v1/spillway/accounts/:accountKey/metrics/operations',
    role: 'read',
    query: z.object({
      before: z
        .string()
        .regex(/^[1-9]\d{0,14}$/, 'must be a sequence: a whole number from 1')
        .optional(),
      pageSize: z
        .string()
        .regex(/^[1-9]\d{0,6}$/, 'must be a whole number from 1')
        .optional(),
      /** Only what moved this metric. */
      metric: z.enum(METRIC_NAMES, { error: `must be one of ${METRIC_NAMES.join(', ')}` }).optional(),
      currency: wireCurrency.optional(),
    }),
    handle: async (c, { query }) => {
      const db = reader(c);
      const pageSize = Math.min(Number(query.pageSize ?? OPERATIONS_DEFAULT), OPERATIONS_MAX);
      const [page, settings] = await Promise.all([
        readMetricOperations(db, c.req.param('accountKey')!, {
          before: query.before === undefined ? null : Number(query.before),
          metric: query.metric ?? null,
          currency: query.currency ?? null,
          operationsMax: pageSize,
        }),
        readSettings(db),
      ]);
      if (page === null) return noSuchAccount(c);
      const operations = page.operations.map((row) =>
        toWireMetricOperation({ ...row, moved: toAccountMetrics(row.sums) }, settings.timeZone),
      );
      const next = page.next === null ? {} : { nextPage: nextOperations(c, page.next, pageSize) };
      return json(c, 200, JSON.stringify({ operations, ...next, success: true }));
    },
  }),
  /**
   * Compares the numbers with a recomputation from the documents. Its cost grows with what the account holds: for audits.
   */
  operation({
    id: 'spillwayProveMetrics',
    method: 'get',
    path: '/v1/spillway/accounts/:accountKey/metrics/proof',
    role: 'read',
    handle: async (c) => {
      const db = reader(c);
      const accountId = await findAccountId(db, c.req.param('accountKey')!);
      const read = accountId === null ? null : await readForProof(db, accountId);
      if (read === null) return noSuchAccount(c);
      const { metrics, documents } = read;
      const differences = proveMetrics(exactSums(metrics.published, metrics.tail), documents);
      return json(c, 200, JSON.stringify(toWireProof(differences, metrics.freshness.watermark)));
    },
  }),
];

function nextOperations(c: AppContext, before: number, pageSize: number): string {
  const url = new URL(c.req.url);
  url.searchParams.set('before', String(before));
  url.searchParams.set('pageSize', String(pageSize));
  return url.href;
}

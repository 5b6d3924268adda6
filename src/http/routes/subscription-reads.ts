import type { z } from 'zod';
import { tenantClock } from '../../account/runtime.ts';
import { refuse } from '../../domain/result.ts';
import { versionChange } from '../../domain/subscriptions/change-log.ts';
import { readAccountCards } from '../../persistence/account-cards.ts';
import { readOrderDeltas } from '../../persistence/order-deltas.ts';
import { findOrderId, findOrderIds, readOrders } from '../../persistence/orders.ts';
import { readRatePlan } from '../../persistence/rate-plans.ts';
import type { RowRange } from '../../persistence/row-range.ts';
import {
  findVersionIds,
  findVersionIdsOfOrder,
  readVersionRows,
} from '../../persistence/subscription-changes.ts';
import { findTerms } from '../../persistence/subscription-terms.ts';
import {
  findSubscriptionId,
  findSubscriptionIds,
  findSubscriptionNumber,
  readSubscriptions,
} from '../../persistence/subscriptions.ts';
import { readSettings } from '../../persistence/tenant-settings.ts';
import { toWireOrderDelta } from '../../wire/order-metrics.ts';
import { accountIdsOf, toWireOrder } from '../../wire/order-views.ts';
import { accountIdsOfChanges, toWireVersionChange } from '../../wire/subscription-changes.ts';
import {
  fromWireSubscriptionMetricsQuery,
  subscriptionMetricsQuery,
  termQuery,
  toWireRatePlanReading,
  toWireSubscriptionMetrics,
  toWireTerm,
} from '../../wire/subscription-reads.ts';
import { wirePaging } from '../../wire/values.ts';
import type { AppContext } from '../context.ts';
import { json, refused } from '../errors.ts';
import { type AnyOperation, operation, reader } from '../operation.ts';
import { nextPage, pageOf, pageReply, rangeOf } from '../paging.ts';

/** Pending orders of one subscription that a reply shows: what inner lists are cut at (conventions 6). */
const PENDING_ORDERS_MAX = 300;

function notFound(c: AppContext, what: string, key: string): Response {
  return refused(c, refuse('not_found', `There is no ${what} ${key}.`));
}

async function changesOf(db: D1Database, versionIds: readonly string[]) {
  const changes = (await readVersionRows(db, versionIds)).map(versionChange);
  const cards = await readAccountCards(db, accountIdsOfChanges(changes));
  return changes.map((change) => toWireVersionChange(change, cards));
}

async function pageOfChanges(
  c: AppContext,
  db: D1Database,
  query: z.output<typeof wirePaging>,
  versionIds: (range: RowRange) => Promise<string[]>,
): Promise<Response> {
  const page = pageOf(query);
  const ids = await versionIds(rangeOf(page));
  const subscriptions = await changesOf(db, ids.slice(0, page.pageSize));
  const next = nextPage(c, page, ids.length > page.pageSize);
  return json(c, 200, JSON.stringify({ subscriptions, ...next, success: true }));
}

export const subscriptionReadOperations: readonly AnyOperation[] = [
  operation({
    id: 'GET_RatePlan',
    method: 'get',
    path: '/v1/rateplans/:ratePlanId',
    role: 'read',
    async handle(c) {
      const id = c.req.param('ratePlanId') ?? '';
      const reading = await readRatePlan(reader(c), id);
      if (reading === null) return notFound(c, 'rate plan', id);
      return json(c, 200, JSON.stringify(toWireRatePlanReading(reading)));
    },
  }),
  operation({
    id: 'GET_SubscriptionTermInfo',
    method: 'get',
    path: '/v1/orders/term/:subscriptionNumber',
    role: 'read',
    query: termQuery,
    async handle(c, { query }) {
      const key = c.req.param('subscriptionNumber') ?? '';
      const db = reader(c);
      const version = query.version === undefined ? null : Number(query.version);
      const number = await findSubscriptionNumber(db, key);
      if (number === null) return notFound(c, 'subscription', key);
      if (version !== null && (await findSubscriptionId(db, number, version)) === null) {
        return notFound(c, 'subscription', `${number} in version ${version}`);
      }
      const page = pageOf(query);
      const terms = await findTerms(db, number, version, rangeOf(page));
      const numbered = terms.map((term, i) => toWireTerm(term, page.offset + i + 1));
      return pageReply(c, page, 'terms', numbered, (term) => term);
    },
  }),
  operation({
    id: 'GET_PendingOrdersBySubscriptionNumber',
    method: 'get',
    path: '/v1/orders/subscription/:subscriptionKey/pending',
    role: 'read',
    async handle(c) {
      const key = c.req.param('subscriptionKey') ?? '';
      const db = reader(c);
      const subscriptionNumber = await findSubscriptionNumber(db, key);
      if (subscriptionNumber === null) return notFound(c, 'subscription', key);
      const filter = {
        by: { kind: 'subscription' as const, subscriptionNumber },
        status: 'Pending' as const,
        orderDate: null,
        updatedAt: null,
      };
      const { ids } = await findOrderIds(db, filter, { pageSize: PENDING_ORDERS_MAX, offset: 0 });
      const records = await readOrders(db, ids);
      const cards = await readAccountCards(db, accountIdsOf(records));
      const orders = records.map((order) => ({ ...toWireOrder(order, cards, false), success: true }));
      return json(c, 200, JSON.stringify({ orders, success: true }));
    },
  }),
  operation({
    id: 'GetMetricsBySubscriptionNumbers',
    method: 'get',
    path: '/v1/subscriptions/subscription-metrics',
    role: 'read',
    query: subscriptionMetricsQuery,
    async handle(c, { query }) {
      const db = reader(c);
      const numbers = fromWireSubscriptionMetricsQuery(query);
      const ids = await findSubscriptionIds(db, numbers);
      const unknown = numbers.find((number) => !ids.has(number));
      if (unknown !== undefined) return notFound(c, 'subscription', unknown);
      const { timeZone } = await readSettings(db);
      const { today } = tenantClock(timeZone)();
      const records = await readSubscriptions(db, [...ids.values()]);
      const day = query.asOfDay ?? today;
      const subscriptionMetrics = records.map((record) => toWireSubscriptionMetrics(record, day, today));
      return json(c, 200, JSON.stringify({ subscriptionMetrics, success: true }));
    },
  }),
  operation({
    id: 'getSubscriptionChangeLogsByOrderNumber',
    method: 'get',
    path: '/v1/subscription-change-logs/orders/:orderNumber',
    role: 'read',
    query: wirePaging,
    async handle(c, { query }) {
      const number = c.req.param('orderNumber') ?? '';
      const db = reader(c);
      const orderId = await findOrderId(db, number);
      if (orderId === null) return notFound(c, 'order', number);
      return pageOfChanges(c, db, query, (range) => findVersionIdsOfOrder(db, orderId, range));
    },
  }),
  operation({
    id: 'getSubscriptionChangeLogsBySubscriptionNumber',
    method: 'get',
    path: '/v1/subscription-change-logs/:subscriptionNumber',
    role: 'read',
    query: wirePaging,
    async handle(c, { query }) {
      const key = c.req.param('subscriptionNumber') ?? '';
      const db = reader(c);
      const number = await findSubscriptionNumber(db, key);
      if (number === null) return notFound(c, 'subscription', key);
      return pageOfChanges(c, db, query, (range) => findVersionIds(db, number, range));
    },
  }),
  operation({
    id: 'getSubscriptionChangelogByVersion',
    method: 'get',
    path: '/v1/subscription-change-logs/:subscriptionNumber/versions/:version',
    role: 'read',
    async handle(c) {
      const number = c.req.param('subscriptionNumber') ?? '';
      const version = c.req.param('version') ?? '';
      if (!/^[1-9]\d{0,6}$/.test(version)) {
        return refused(c, refuse('invalid', 'must be a whole number from 1', 'version'));
      }
      const db = reader(c);
      const id = await findSubscriptionId(db, number, Number(version));
      const [subscription] = id === null ? [] : await changesOf(db, [id]);
      if (subscription === undefined) return notFound(c, 'subscription', `${number} in version ${version}`);
      return json(c, 200, JSON.stringify({ subscription, success: true }));
    },
  }),
  operation({
    id: 'spillwayGetOrderDeltaMetrics',
    method: 'get',
    path: '/v1/spillway/orders/:orderNumber/delta-metrics',
    role: 'read',
    query: wirePaging,
    async handle(c, { query }) {
      const number = c.req.param('orderNumber') ?? '';
      const db = reader(c);
      const orderId = await findOrderId(db, number);
      if (orderId === null) return notFound(c, 'order', number);
      const page = pageOf(query);
      const deltas = await readOrderDeltas(db, orderId, rangeOf(page));
      return pageReply(c, page, 'deltaMetrics', deltas, toWireOrderDelta);
    },
  }),
];

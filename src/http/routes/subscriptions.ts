import type { z } from 'zod';
import { tenantClock } from '../../account/runtime.ts';
import { refuse } from '../../domain/result.ts';
import { readAccountCards } from '../../persistence/account-cards.ts';
import { findAccountId } from '../../persistence/accounts.ts';
import {
  findOwnedSubscriptionIds,
  findSubscriptionId,
  readSubscriptions,
  type SegmentScope,
} from '../../persistence/subscriptions.ts';
import { readSettings } from '../../persistence/tenant-settings.ts';
import {
  contactIdsOf,
  fromWireSubscriptionQuery,
  type SubscriptionForm,
  subscriptionListQuery,
  subscriptionQuery,
  toWireSubscription,
} from '../../wire/subscriptions.ts';
import type { AppContext } from '../context.ts';
import { json, refused } from '../errors.ts';
import { type AnyOperation, operation, reader } from '../operation.ts';
import { nextPage, pageOf } from '../paging.ts';

/** Metrics are of all segments; what is shown needs fewer. */
function scopeOf({ chargeDetail, day, metricsDay }: SubscriptionForm): SegmentScope {
  if (metricsDay !== null || chargeDetail === 'all-segments') return 'all';
  return chargeDetail === 'last-segment' ? 'last' : { on: day };
}

async function shownSubscriptions(db: D1Database, ids: readonly string[], form: SubscriptionForm) {
  const records = await readSubscriptions(db, ids, scopeOf(form));
  const accountIds = records.flatMap(({ subscription }) => [
    subscription.accountId,
    subscription.invoiceOwnerAccountId,
  ]);
  const contactIds = records.flatMap(({ subscription }) => contactIdsOf(subscription));
  const cards = await readAccountCards(db, accountIds, contactIds);
  return records.map((record) => toWireSubscription(record, cards, form));
}

async function formOf(
  db: D1Database,
  query: z.output<typeof subscriptionQuery>,
  single: boolean,
): Promise<SubscriptionForm> {
  const { timeZone } = await readSettings(db);
  return fromWireSubscriptionQuery(query, tenantClock(timeZone)().today, single);
}

async function oneSubscription(
  c: AppContext,
  query: z.output<typeof subscriptionQuery>,
  version: number | null,
): Promise<Response> {
  const key = c.req.param('subscriptionKey') ?? '';
  const db = reader(c);
  const id = await findSubscriptionId(db, key, version);
  const form = await formOf(db, query, true);
  const [subscription] = id === null ? [] : await shownSubscriptions(db, [id], form);
  if (subscription === undefined) {
    const which = version === null ? key : `${key} in version ${version}`;
    return refused(c, refuse('not_found', `There is no subscription ${which}.`));
  }
  return json(c, 200, JSON.stringify({ success: true, ...subscription }));
}

export const subscriptionOperations: readonly AnyOperation[] = [
  operation({
    id: 'GET_SubscriptionsByAccount',
    method: 'get',
    path: '/v1/subscriptions/accounts/:accountKey',
    role: 'read',
    query: subscriptionListQuery,
    async handle(c, { query }) {
      const key = c.req.param('accountKey') ?? '';
      const db = reader(c);
      const accountId = await findAccountId(db, key);
      if (accountId === null) return refused(c, refuse('not_found', `There is no account ${key}.`));
      const page = pageOf(query);
      const { ids, hasMore } = await findOwnedSubscriptionIds(db, accountId, page);
      const subscriptions = await shownSubscriptions(db, ids, await formOf(db, query, false));
      return json(c, 200, JSON.stringify({ subscriptions, ...nextPage(c, page, hasMore), success: true }));
    },
  }),
  operation({
    id: 'GET_SubscriptionsByKey',
    method: 'get',
    path: '/v1/subscriptions/:subscriptionKey',
    role: 'read',
    query: subscriptionQuery,
    handle: (c, { query }) => oneSubscription(c, query, null),
  }),
  operation({
    id: 'GET_SubscriptionsByKeyAndVersion',
    method: 'get',
    path: '/v1/subscriptions/:subscriptionKey/versions/:version',
    role: 'read',
    query: subscriptionQuery,
    handle(c, { query }) {
      const version = c.req.param('version') ?? '';
      if (!/^[1-9]\d{0,6}$/.test(version)) {
        return refused(c, refuse('invalid', 'must be a whole number from 1', 'version'));
      }
      return oneSubscription(c, query, Number(version));
    },
  }),
];

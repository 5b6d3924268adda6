import { z } from 'zod';
import { isId } from '../../domain/account/state.ts';
import { addDays, DATE_MIN, daysBetween, isDate } from '../../domain/calendar.ts';
import { toAccountMetrics } from '../../domain/metrics/account-metrics.ts';
import { historyByDay, historyOfLatest } from '../../domain/metrics/metric-history.ts';
import { limits } from '../../env.ts';
import { findAccountId } from '../../persistence/accounts.ts';
import { databaseOf } from '../../persistence/database.ts';
import {
  continueMetricHistory,
  type MetricHistory,
  readMetricHistory,
} from '../../persistence/metric-history.ts';
import { readSettings } from '../../persistence/tenant-settings.ts';
import { type HistoryView, toWireMetricHistory } from '../../wire/metrics.ts';
import { wireCurrency, wireDate } from '../../wire/values.ts';
import type { AppContext } from '../context.ts';
import { json } from '../errors.ts';
import { type AnyOperation, operation } from '../operation.ts';
import { noSuchAccount } from './accounts.ts';

const query = z
  .object({ from: wireDate.optional(), to: wireDate.optional(), currency: wireCurrency.optional() })
  .superRefine((asked, context) => {
    // What is no date is refused as such.
    if (![asked.from, asked.to].every((date) => date === undefined || isDate(date))) return;
    const { from, to } = rangeOf(asked);
    if (from > to) {
      context.addIssue({ code: 'custom', path: ['from'], message: 'must not be after to' });
    } else if (daysBetween(from, to) >= limits.metricHistoryDaysMax) {
      const message = `must be at most ${limits.metricHistoryDaysMax} days before to`;
      context.addIssue({ code: 'custom', path: ['from'], message });
    }
  });

/** Days are those of UTC, both included. */
function rangeOf({ from, to }: { readonly from?: string | undefined; readonly to?: string | undefined }) {
  const until = to ?? new Date().toISOString().slice(0, 10);
  const days = Math.min(limits.metricHistoryDefaultDays - 1, daysBetween(DATE_MIN, until));
  return { from: from ?? addDays(until, -days), to: until };
}

/** The numbers of an account over time, from the deltas that made them. */
export const metricHistoryOperations: readonly AnyOperation[] = [
  /**
   * Per day (UTC) what was so at its end, days on which nothing moved left out; without `from` and `to`, and while there are only a few days, after
   * each of the latest operations instead. `now` is exact. What a first reader of a long history finds may not be `complete` yet: it is
   * made after the reply.
   */
  operation({
    id: 'spillwayGetMetricHistory',
    method: 'get',
    path: '/v1/spillway/accounts/:accountKey/metrics/history',
    role: 'read',
    query,
    handle: async (c, { query: asked }) => {
      const db = databaseOf(c.env);
      const key = c.req.param('accountKey')!;
      const accountId = isId(key) ? key : await findAccountId(db, key);
      if (accountId === null) return noSuchAccount(c);
      const range = rangeOf(asked);
      const [history, settings] = await Promise.all([
        readMetricHistory(db, accountId, { ...range, currency: asked.currency ?? null }),
        readSettings(db),
      ]);
      if (history === null) return noSuchAccount(c);
      if (!history.isComplete) continueLater(c, db, accountId);
      const isOfDays = asked.from !== undefined || asked.to !== undefined || history.latest.length === 0;
      const view = viewOf(history, isOfDays, asked.currency ?? null);
      return json(c, 200, JSON.stringify(toWireMetricHistory({ ...view, ...range }, settings.timeZone)));
    },
  }),
];

function continueLater(c: AppContext, db: D1Database, accountId: string): void {
  c.executionCtx.waitUntil(continueMetricHistory(db, accountId, limits.metricHistoryStepsMax));
}

function viewOf(
  { reading, before, days, latest, isComplete, completeUntil }: MetricHistory,
  isOfDays: boolean,
  currency: string | null,
): Omit<HistoryView, 'from' | 'to'> {
  const given = { ownCurrency: reading.currency, published: reading.published, tail: reading.tail };
  const histories = isOfDays ? historyByDay(given, before, days) : historyOfLatest(given, latest);
  return {
    accountId: reading.accountId,
    accountNumber: reading.accountNumber,
    interval: isOfDays ? 'day' : 'operation',
    isComplete: isComplete || !isOfDays,
    completeUntil: isOfDays ? completeUntil : null,
    currencies: histories
      .filter((one) => currency === null || one.currency === currency)
      .map(({ opening, points, now }) => ({
        opening: toAccountMetrics(opening),
        points: points.map(({ at, sums }) => ({ at, metrics: toAccountMetrics(sums) })),
        now: toAccountMetrics(now),
      })),
  };
}

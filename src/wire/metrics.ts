import type { AccountMetrics, MetricsFreshness } from '../domain/metrics/account-metrics.ts';
import type { ProofDifference } from '../domain/metrics/metrics-proof.ts';
import type { JsonObject } from '../domain/result.ts';
import { toWireMetrics } from './account-replies.ts';
import { toWireOffsetDateTime } from './values.ts';

/** What GET …/metrics shows: published and exact numbers, and what is between them. */
export interface MetricsView {
  readonly accountId: string;
  readonly accountNumber: string;
  readonly freshness: MetricsFreshness;
  readonly published: readonly AccountMetrics[];
  readonly exact: readonly AccountMetrics[];
  readonly pending: { readonly operations: number; readonly deltas: number; readonly since: string | null };
  readonly timeZone: string;
}

/** Contracted MRR also with all its places: as text, since a JSON number may not hold them. */
function toWireExactMetrics(metrics: AccountMetrics): JsonObject {
  return {
    currency: metrics.currency,
    ...toWireMetrics(metrics),
    contractedMrrExact: metrics.contractedMrrExact,
    lastInvoiceDate: metrics.lastInvoiceDate,
  };
}

export function toWireMetricsReading(view: MetricsView): JsonObject {
  const time = (instant: string | null) =>
    instant === null ? null : toWireOffsetDateTime(instant, view.timeZone);
  return {
    accountId: view.accountId,
    accountNumber: view.accountNumber,
    partnerAccount: view.freshness.partnerAccount,
    published: view.published.map(toWireExactMetrics),
    exact: view.exact.map(toWireExactMetrics),
    pending: {
      operations: view.pending.operations,
      deltas: view.pending.deltas,
      since: time(view.pending.since),
    },
    watermark: view.freshness.watermark,
    asOf: time(view.freshness.lastMetricsUpdate),
    success: true,
  };
}

/** What one operation moved, and in which request it came. */
export interface MetricOperationView {
  readonly sequence: number;
  readonly moved: AccountMetrics;
  readonly documentKind: string;
  readonly documentId: string;
  readonly documentNumber: string | null;
  readonly command: string | null;
  readonly commandId: string;
  readonly actor: string | null;
  readonly requestId: string | null;
  readonly committedAt: string;
  readonly published: boolean;
}

export function toWireMetricOperation(operation: MetricOperationView, timeZone: string): JsonObject {
  return {
    sequence: operation.sequence,
    documentKind: operation.documentKind,
    documentId: operation.documentId,
    documentNumber: operation.documentNumber,
    ...toWireExactMetrics(operation.moved),
    command: operation.command,
    commandId: operation.commandId,
    actor: operation.actor,
    requestId: operation.requestId,
    committedAt: toWireOffsetDateTime(operation.committedAt, timeZone),
    published: operation.published,
  };
}

export function toWireProof(differences: readonly ProofDifference[], watermark: number): JsonObject {
  return {
    proven: differences.length === 0,
    differences: differences.map((difference) => ({ ...difference })),
    watermark,
    success: true,
  };
}

/** What GET …/metrics/history shows. */
export interface HistoryView {
  readonly accountId: string;
  readonly accountNumber: string;
  readonly interval: 'day' | 'operation';
  readonly from: string;
  readonly to: string;
  readonly isComplete: boolean;
  readonly completeUntil: string | null;
  readonly currencies: ReadonlyArray<{
    readonly opening: AccountMetrics;
    readonly points: ReadonlyArray<{ readonly at: string; readonly metrics: AccountMetrics }>;
    readonly now: AccountMetrics;
  }>;
}

/** Points are named by their day, or by their time when each is an operation: what they hold is what was so after it. */
export function toWireMetricHistory(view: HistoryView, timeZone: string): JsonObject {
  const isDaily = view.interval === 'day';
  return {
    accountId: view.accountId,
    accountNumber: view.accountNumber,
    interval: view.interval,
    from: view.from,
    to: view.to,
    complete: view.isComplete,
    completeUntil: view.completeUntil === null ? null : toWireOffsetDateTime(view.completeUntil, timeZone),
    currencies: view.currencies.map(({ opening, points, now }) => ({
      currency: now.currency,
      opening: toWireMetrics(opening),
      points: points.map(({ at, metrics }) => ({
        ...(isDaily ? { date: at } : { at: toWireOffsetDateTime(at, timeZone) }),
        ...toWireMetrics(metrics),
      })),
      now: toWireMetrics(now),
    })),
    success: true,
  };
}

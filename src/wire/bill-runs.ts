import { z } from 'zod';
import type { BillRun, BillRunFailure, BillRunProgress, BillRunStatus } from '../domain/billing/bill-run.ts';
import { BILL_RUN_FILTERS_MAX, type NewBillRun } from '../domain/billing/bill-runs/create-bill-run.ts';
import { CHARGE_TYPES } from '../domain/charge-models/vocabulary.ts';
import type { JsonObject } from '../domain/result.ts';
import {
  pickGiven,
  toWireDateTime,
  wireBoolean,
  wireDate,
  wireDocumentDate,
  wireKey,
  wireNotYet,
  wireText,
} from './values.ts';
import { listOf, oneOf } from './words.ts';

/** Batches that one run names. */
export const BILL_RUN_BATCHES_MAX = 100;
const DOCUMENT_TIME_ZONE = 'UTC';
const DAYS_MESSAGE = 'must be a day of the month, 1 to 31';

const wireBillRunFilter = z
  .object({
    accountId: wireKey,
    filterType: oneOf(['Account', 'Subscription']),
    subscriptionId: wireKey.nullish(),
  })
  .refine(({ filterType, subscriptionId }) => filterType === 'Account' || subscriptionId != null, {
    message: 'is required when filterType is Subscription',
    path: ['subscriptionId'],
  })
  .refine(({ filterType, subscriptionId }) => filterType === 'Subscription' || subscriptionId == null, {
    message: 'is for the filterType Subscription only',
    path: ['subscriptionId'],
  });

/** Declared as text, sent as a number in samples. */
export const wireBillCycleDay = z
  .union([z.string(), z.number()], { error: DAYS_MESSAGE })
  .refine((day) => /^([1-9]|[12]\d|3[01])$/.test(String(day)), DAYS_MESSAGE);

export const wireChargeTypes = z
  .array(oneOf(CHARGE_TYPES), { error: 'must be a list of charge types' })
  .max(CHARGE_TYPES.length, 'must name each type once');

/** Only one run, at once: nothing is scheduled, mailed, or billed of order line items. */
const UNSUPPORTED = [
  'autoEmail',
  'billRunType',
  'includeOrderLineItems',
  'invoiceDateDayOfMonth',
  'invoiceDateMonthOffset',
  'invoiceDateOffset',
  'organizationLabels',
  'schedule',
  'scheduledExecutionTime',
  'targetDateDayOfMonth',
  'targetDateMonthOffset',
  'targetDateOffset',
] as const;

/** POST /v1/bill-runs. */
export const wireNewBillRun = z.object({
  autoPost: wireBoolean.nullish(),
  autoRenewal: wireBoolean.nullish(),
  batches: listOf(wireText(50).min(1, 'must not be empty'), 'batches', BILL_RUN_BATCHES_MAX).nullish(),
  billCycleDay: wireBillCycleDay.nullish(),
  billRunFilters: listOf(wireBillRunFilter, 'filters', BILL_RUN_FILTERS_MAX).nullish(),
  chargeTypeToExclude: wireChargeTypes.nullish(),
  includeSubscriptions: z.literal(true, { error: 'a bill run bills subscriptions: leave it out' }).nullish(),
  invoiceDate: wireDocumentDate,
  name: wireText(255).nullish(),
  noEmailForZeroAmountInvoice: wireBoolean.nullish(),
  targetDate: wireDate,
  ...(Object.fromEntries(UNSUPPORTED.map((name) => [name, wireNotYet])) as {
    readonly [N in (typeof UNSUPPORTED)[number]]: typeof wireNotYet;
  }),
});

export function fromWireBillRun(body: z.output<typeof wireNewBillRun>): NewBillRun {
  const filters = body.billRunFilters ?? [];
  const batches = body.batches ?? [];
  return {
    name: body.name ?? null,
    targetDate: body.targetDate,
    invoiceDate: body.invoiceDate,
    options: {
      autoPost: body.autoPost ?? false,
      autoRenewal: body.autoRenewal ?? false,
      chargeTypesToExclude: [...new Set(body.chargeTypeToExclude ?? [])],
    },
    batches: batches.length === 0 ? null : batches,
    billCycleDay: body.billCycleDay == null ? null : Number(body.billCycleDay),
    filters:
      filters.length === 0
        ? null
        : filters.map(({ accountId, subscriptionId }) => ({
            accountKey: accountId,
            subscriptionKey: subscriptionId ?? null,
          })),
    details: pickGiven(body, ['noEmailForZeroAmountInvoice']) as JsonObject,
  };
}

/** PUT /v1/bill-runs/{id}/cancel. No run is one of a schedule, so cancelling it once and for all is the same. */
export const wireCancelBillRun = z.object({ cancelOnce: wireBoolean.nullish() });

/** PUT /v1/bill-runs/{id}/post. */
export const wirePostBillRun = z.object({ invoiceDate: wireDocumentDate });

const WIRE_STATUS: Partial<Record<BillRunStatus, string>> = {
  Posting: 'PostInProgress',
  Canceling: 'CancelInProgress',
  Removing: 'RemoveInProgress',
};

/** A bill run without the reply's `success`. */
export function toWireBillRun(run: BillRun): JsonObject {
  const { filter, options } = run;
  return {
    id: run.id,
    billRunNumber: run.billRunNumber,
    ...(run.name === null ? {} : { name: run.name }),
    status: WIRE_STATUS[run.status] ?? run.status,
    targetDate: run.targetDate,
    targetDateOffset: null,
    invoiceDate: run.invoiceDate,
    invoiceDateOffset: null,
    autoEmail: false,
    autoPost: options.autoPost,
    autoRenewal: options.autoRenewal,
    batches: filter.batches === null ? null : [...filter.batches],
    ...(filter.billCycleDay === null ? {} : { billCycleDay: filter.billCycleDay }),
    billRunFilters: (filter.accounts ?? []).map(
      ({ accountId, subscription }): JsonObject =>
        subscription === null
          ? { accountId, filterType: 'Account' }
          : { accountId, filterType: 'Subscription', subscriptionId: subscription.id },
    ),
    chargeTypeToExclude: options.chargeTypesToExclude.length === 0 ? null : [...options.chargeTypesToExclude],
    noEmailForZeroAmountInvoice: run.details.noEmailForZeroAmountInvoice ?? false,
    schedule: null,
    scheduledExecutionTime: null,
    createdById: run.createdBy,
    createdDate: toWireDateTime(run.createdAt, DOCUMENT_TIME_ZONE),
    updatedById: run.updatedBy,
    updatedDate: toWireDateTime(run.updatedAt, DOCUMENT_TIME_ZONE),
  };
}

export function toWireBillRunReply(run: BillRun): JsonObject {
  return { ...toWireBillRun(run), success: true };
}

/** How far a run is (GET /v1/spillway/bill-runs/{id}/progress). Instants are UTC. */
export function toWireBillRunProgress(
  run: BillRun,
  progress: BillRunProgress,
  failures: readonly BillRunFailure[],
): object {
  const { plannedThrough, failure, startedAt, finishedAt, postedAt } = run;
  return {
    id: run.id,
    billRunNumber: run.billRunNumber,
    status: WIRE_STATUS[run.status] ?? run.status,
    allAccountsFound: plannedThrough === 'all',
    startedAt,
    finishedAt,
    postedAt,
    failure,
    accounts: progress.accounts,
    subscriptions: progress.subscriptions,
    lines: progress.lines,
    commits: progress.pieces,
    queueMessages: progress.messages,
    documents: { invoices: progress.invoices, creditMemos: progress.creditMemos },
    failures: failures.map((each) => ({ ...each })),
  };
}

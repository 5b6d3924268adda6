import { z } from 'zod';
import type { PreviewedLines } from '../domain/billing/bill-runs/preview-piece.ts';
import type { NewBillingPreviewRun } from '../domain/billing/bill-runs/preview-run-steps.ts';
import type { BillingPreviewRun } from '../domain/billing/billing-preview-run.ts';
import { fromMinor } from '../domain/money.ts';
import type { JsonObject } from '../domain/result.ts';
import { toWireDateTime, wireBoolean, wireDate, wireNoneYet, wireNotYet, wireText } from './values.ts';
import { oneOf } from './words.ts';

const DOCUMENT_TIME_ZONE = 'UTC';
const CHARGE_TYPES = ['OneTime', 'Recurring', 'Usage'] as const;
type ChargeType = (typeof CHARGE_TYPES)[number];

/** The entries of a text that is separated by commas, without blanks and empty ones. */
function entriesOf(text: string | null | undefined): string[] {
  return (text ?? '')
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}

/** POST /v1/billing-preview-runs. A preview takes subscriptions as they are: none is assumed to be renewed. */
export const wireNewPreviewRun = z.object({
  targetDate: wireDate,
  assumeRenewal: oneOf(['None']).nullish(),
  batch: wireText(255).nullish(),
  batches: wireText(1_000).nullish(),
  chargeTypeToExclude: wireText(100)
    .refine(
      (text) => entriesOf(text).every((entry) => (CHARGE_TYPES as readonly string[]).includes(entry)),
      `must be some of ${CHARGE_TYPES.join(', ')}, separated by commas`,
    )
    .nullish(),
  includingDraftItems: wireNotYet,
  includingEvergreenSubscription: wireBoolean.nullish(),
  organizationLabels: wireNotYet,
  storageOption: oneOf(['Csv']).nullish(),
  storeDifference: wireNotYet,
  comparedBillingPreviewRunId: wireNotYet,
  filters: wireNoneYet,
});

export function fromWirePreviewRun(body: z.output<typeof wireNewPreviewRun>): NewBillingPreviewRun {
  const batches = [...new Set([...entriesOf(body.batch), ...entriesOf(body.batches)])];
  return {
    targetDate: body.targetDate,
    filter: { batches: batches.length === 0 ? null : batches },
    options: {
      chargeTypesToExclude: [...new Set(entriesOf(body.chargeTypeToExclude))] as ChargeType[],
      includingEvergreenSubscription: body.includingEvergreenSubscription ?? true,
    },
  };
}

export function toWirePreviewRunCreated({ id }: BillingPreviewRun): JsonObject {
  return { billingPreviewRunId: id, success: true };
}

/** @param filesUrl where files are given out, with no slash at its end */
export function toWirePreviewRun(run: BillingPreviewRun, filesUrl: string): JsonObject {
  const time = (instant: string) => toWireDateTime(instant, DOCUMENT_TIME_ZONE);
  const { startedAt, finishedAt, fileId } = run;
  return {
    runNumber: run.runNumber,
    status: run.status,
    targetDate: run.targetDate,
    assumeRenewal: 'None',
    batches: (run.filter.batches ?? []).join(','),
    chargeTypeToExclude: run.options.chargeTypesToExclude.join(','),
    includingDraftItems: false,
    includingEvergreenSubscription: run.options.includingEvergreenSubscription,
    storageOption: 'Csv',
    ...(startedAt === null ? {} : { startDate: time(startedAt) }),
    ...(finishedAt === null ? {} : { endDate: time(finishedAt) }),
    errorMessage: run.failure,
    ...(finishedAt === null || fileId === null ? {} : { resultFileUrl: `${filesUrl}/${fileId}` }),
    totalAccounts: run.accounts,
    succeededAccounts: run.succeededAccounts,
    createdById: run.createdBy,
    createdDate: time(run.createdAt),
    updatedById: run.updatedBy,
    updatedDate: time(run.updatedAt),
    success: true,
  };
}

const CSV_COLUMNS = [
  'AccountNumber',
  'AccountName',
  'SubscriptionNumber',
  'ChargeNumber',
  'ChargeName',
  'ProcessingType',
  'ServiceStartDate',
  'ServiceEndDate',
  'Quantity',
  'UnitPrice',
  'ChargeAmount',
  'Currency',
] as const;

export const PREVIEW_CSV_HEADER = `${CSV_COLUMNS.join(',')}\r\n`;

/** Lines of the result's file (RFC 4180); service ends are inclusive, what is given back is negative. */
export function toPreviewCsv({ accountNumber, accountName, lines }: PreviewedLines): string {
  return lines
    .map(({ currency, line }) => {
      const values = [
        accountNumber,
        accountName,
        line.subscriptionNumber,
        line.chargeNumber,
        line.chargeName,
        line.processingType,
        line.serviceStartDate,
        line.serviceEndDate,
        line.quantity,
        line.unitPrice,
        fromMinor(line.amountMinor, currency),
        currency,
      ];
      return `${values.map((value) => csvValue(value ?? '')).join(',')}\r\n`;
    })
    .join('');
}

function csvValue(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

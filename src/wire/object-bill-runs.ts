import { z } from 'zod';
import type { NewBillRun } from '../domain/billing/bill-runs/create-bill-run.ts';
import { CHARGE_TYPES } from '../domain/charge-models/vocabulary.ts';
import { BILL_RUN_BATCHES_MAX, wireBillCycleDay } from './bill-runs.ts';
import { wireBoolean, wireDate, wireDocumentDate, wireKey, wireNotYet, wireText } from './values.ts';
import { oneOf } from './words.ts';

/** Bill runs, as /v1/object/bill-run names them. */

/** Words that stand for no restriction. */
const ALL_BATCHES = 'AllBatches';
const ALL_DAYS = 'AllBillCycleDays';
const BATCHES_LENGTH_MAX = 2_000;
const CHARGE_TYPES_LENGTH_MAX = 255;

const isChargeType = (word: string): word is (typeof CHARGE_TYPES)[number] =>
  (CHARGE_TYPES as readonly string[]).includes(word);

/** The words of a text with commas between them. */
function wordsIn(text: string | null | undefined): string[] {
  return (text ?? '')
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
}

const wireBatches = wireText(BATCHES_LENGTH_MAX)
  .refine(
    (text) => wordsIn(text).length <= BILL_RUN_BATCHES_MAX,
    `must name at most ${BILL_RUN_BATCHES_MAX} batches`,
  )
  .nullish();

/** POST /v1/object/bill-run. */
export const wireObjectNewBillRun = z
  .object({
    AccountId: wireKey.nullish(),
    AutoEmail: wireNotYet,
    AutoPost: wireBoolean.nullish(),
    AutoRenewal: wireBoolean.nullish(),
    Batch: wireBatches,
    Batches: wireBatches,
    BillCycleDay: z
      .union([z.literal(ALL_DAYS), wireBillCycleDay], {
        error: `must be a day of the month, 1 to 31, or ${ALL_DAYS}`,
      })
      .nullish(),
    ChargeTypeToExclude: wireText(CHARGE_TYPES_LENGTH_MAX)
      .refine(
        (text) => wordsIn(text).every(isChargeType),
        `must be of ${CHARGE_TYPES.join(', ')}, with commas between them`,
      )
      .nullish(),
    InvoiceDate: wireDocumentDate,
    NoEmailForZeroAmountInvoice: wireBoolean.nullish(),
    TargetDate: wireDate,
  })
  .refine(({ Batch, Batches }) => Batch == null || Batches == null, {
    message: 'must be left out beside Batch',
    path: ['Batches'],
  });

export function fromWireObjectBillRun(body: z.output<typeof wireObjectNewBillRun>): NewBillRun {
  const batches = wordsIn(body.Batch ?? body.Batches);
  const day = body.BillCycleDay;
  return {
    name: null,
    targetDate: body.TargetDate,
    invoiceDate: body.InvoiceDate,
    options: {
      autoPost: body.AutoPost ?? false,
      autoRenewal: body.AutoRenewal ?? false,
      chargeTypesToExclude: [...new Set(wordsIn(body.ChargeTypeToExclude).filter(isChargeType))],
    },
    batches: batches.length === 0 || batches.includes(ALL_BATCHES) ? null : batches,
    billCycleDay: day == null || day === ALL_DAYS ? null : Number(day),
    filters: body.AccountId == null ? null : [{ accountKey: body.AccountId, subscriptionKey: null }],
    details:
      body.NoEmailForZeroAmountInvoice == null
        ? {}
        : { noEmailForZeroAmountInvoice: body.NoEmailForZeroAmountInvoice },
  };
}

/** What this resource calls a field of a new run: its only filter is its account. */
export function fieldOfObjectBillRun(field: string): string {
  return field === 'billRunFilters[0].accountId' ? 'AccountId' : field;
}

/** PUT /v1/object/bill-run/{id}. */
export const wireObjectBillRunChanges = z
  .object({
    InvoiceDate: wireDocumentDate.nullish(),
    Status: oneOf(['Posted', 'Canceled']),
  })
  .refine(({ InvoiceDate, Status }) => InvoiceDate == null || Status === 'Posted', {
    message: 'is for the Status Posted: leave it out',
    path: ['InvoiceDate'],
  });

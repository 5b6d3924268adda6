import { z } from 'zod';
import type {
  BillingPreview,
  PreviewBilling,
  PreviewSubscriptionBilling,
  SubscriptionBillingPreview,
} from '../domain/billing/preview-billing.ts';
import type { PreviewThrough } from '../domain/billing/preview-through.ts';
import type {
  WrittenCreditMemo,
  WrittenDocuments,
  WrittenInvoice,
} from '../domain/billing/write-documents.ts';
import { CHARGE_TYPES, type ChargeType } from '../domain/charge-models/vocabulary.ts';
import type { JsonObject } from '../domain/result.ts';
import { type Refusal, refuse } from '../domain/result.ts';
import {
  fromWireDecimal,
  toWireDateTime,
  toWireDecimal,
  toWireMoney,
  wireBoolean,
  wireDate,
  wireDecimal,
  wireKey,
  wireNotYet,
  wireText,
} from './values.ts';
import { listOf, oneOf } from './words.ts';

type Item = WrittenInvoice['items'][number] | WrittenCreditMemo['items'][number];

/** POST /v1/operations/billing-preview. */
export const billingPreviewBody = z
  .object({
    accountId: wireKey.nullish(),
    accountNumber: wireKey.nullish(),
    targetDate: wireDate,
    assumeRenewal: oneOf(['None', 'All', 'Autorenew']).nullish(),
    chargeTypeToExclude: wireText(100).nullish(),
    includingDraftItems: wireNotYet,
    includingEvergreenSubscription: wireBoolean.nullish(),
  })
  .refine(({ accountId, accountNumber }) => (accountId == null) !== (accountNumber == null), {
    message: 'give exactly one of accountId and accountNumber',
    path: ['accountId'],
  });
export type WireBillingPreview = z.output<typeof billingPreviewBody>;

/** What is previewed, apart from which subscriptions. Renewals are not assumed; evergreen subscriptions are left out unless they are asked for. */
export function fromWireBillingPreview(
  body: WireBillingPreview,
  accountId: string,
): Omit<PreviewBilling, 'subscriptionNumbers'> | Refusal {
  if (body.assumeRenewal != null && body.assumeRenewal !== 'None') {
    return refuse('invalid', `${body.assumeRenewal} is not available yet`, 'assumeRenewal');
  }
  const excluded = (body.chargeTypeToExclude ?? '').split(',').flatMap((name) => name.trim() || []);
  const unknown = excluded.find((name) => !CHARGE_TYPES.includes(name as ChargeType));
  if (unknown !== undefined) {
    return refuse('invalid', `${unknown} is none of ${CHARGE_TYPES.join(', ')}`, 'chargeTypeToExclude');
  }
  return {
    accountId,
    targetDate: body.targetDate,
    chargeTypesToExclude: excluded as ChargeType[],
    includesEvergreen: body.includingEvergreenSubscription ?? false,
  };
}

export function toWireBillingPreview({ accountId, documents }: BillingPreview): JsonObject {
  return {
    success: true,
    accountId,
    invoiceItems: documents.invoices.flatMap(({ invoice, items }) =>
      items.map((item) => ({
        id: item.id,
        subscriptionName: item.subscriptionNumber,
        subscriptionId: item.subscriptionId,
        subscriptionNumber: item.subscriptionNumber,
        serviceStartDate: item.serviceStartDate,
        serviceEndDate: item.serviceEndDate,
        chargeAmount: toWireMoney(item.amountMinor, invoice.currency),
        chargeDescription: item.details.chargeDescription ?? '',
        chargeName: item.chargeName,
        chargeNumber: item.chargeNumber,
        chargeId: item.chargeId,
        productName: item.details.productName ?? '',
        quantity: toWireDecimal(item.quantity),
        taxAmount: toWireMoney(item.taxMinor, invoice.currency),
        unitOfMeasure: item.details.unitOfMeasure ?? '',
        chargeDate: chargeDateOf(item),
        chargeType: item.details.chargeType ?? null,
        processingType: item.processingType,
        appliedToItemId: item.appliedToItemId,
        numberOfDeliveries: 0,
      })),
    ),
    creditMemoItems: documents.creditMemos.flatMap(({ creditMemo, items }) =>
      items.map((item) => ({
        id: item.id,
        amount: toWireMoney(item.amountMinor, creditMemo.currency),
        amountWithoutTax: toWireMoney(item.amountMinor, creditMemo.currency),
        appliedToItemId: item.appliedToItemId,
        chargeDate: chargeDateOf(item),
        chargeNumber: item.chargeNumber,
        chargeType: item.details.chargeType ?? null,
        comment: item.chargeName,
        processingType: item.processingType,
        quantity: toWireDecimal(item.quantity),
        ratePlanChargeId: item.chargeId,
        serviceStartDate: item.serviceStartDate,
        serviceEndDate: item.serviceEndDate,
        sku: item.details.sku ?? '',
        subscriptionId: item.subscriptionId,
        subscriptionNumber: item.subscriptionNumber,
        unitOfMeasure: item.details.unitOfMeasure ?? '',
        numberOfDeliveries: 0,
      })),
    ),
  };
}

/** A line's date and time of day; of a rounding line, an instant, in UTC. */
function chargeDateOf({ chargeDate }: Item): string {
  return chargeDate.includes('T') ? toWireDateTime(chargeDate, 'UTC') : chargeDate;
}

const PERIODS_MAX = 1_000;
const periodCount = z
  .union([z.number(), z.string()], { error: 'must be a whole number from 1' })
  .refine(
    (count) => /^[1-9]\d{0,3}$/.test(String(count)) && Number(count) <= PERIODS_MAX,
    `must be a whole number from 1 to ${PERIODS_MAX}`,
  );

/** Charges whose usage one preview assumes. */
const USAGE_CHARGES_MAX = 1_000;

/** POST /v1/subscriptions/{key}/preview. */
export const existingPreviewBody = z.object({
  previewStartDate: z
    .object({
      previewStartDatePolicy: oneOf(['startOfTerm', 'today', 'specificDate']).nullish(),
      specificDate: wireDate.nullish(),
    })
    .refine((start) => start.previewStartDatePolicy !== 'specificDate' || start.specificDate != null, {
      message: 'is required with previewStartDatePolicy specificDate',
      path: ['specificDate'],
    })
    .nullish(),
  previewThroughDate: z
    .object({
      previewThruDatePolicy: oneOf(['nextBillingPeriods', 'endOfTerm', 'specificDate']).nullish(),
      nextBillingPeriods: periodCount.nullish(),
      specificDate: wireDate.nullish(),
    })
    .refine((through) => through.previewThruDatePolicy !== 'specificDate' || through.specificDate != null, {
      message: 'is required with previewThruDatePolicy specificDate',
      path: ['specificDate'],
    })
    .nullish(),
  quantityForUsageCharges: listOf(
    z.object({ chargeId: wireKey, quantity: wireDecimal }),
    'charges',
    USAGE_CHARGES_MAX,
  ).nullish(),
});

/** Without dates: from today on, through the next billing period. */
export function fromWireExistingPreview(
  body: z.output<typeof existingPreviewBody>,
  subscriptionNumber: string,
): PreviewSubscriptionBilling {
  const { previewStartDate: start, previewThroughDate: through } = body;
  return {
    subscriptionNumber,
    start:
      start?.previewStartDatePolicy === 'startOfTerm'
        ? 'startOfTerm'
        : start?.specificDate == null || start.previewStartDatePolicy === 'today'
          ? 'today'
          : { date: start.specificDate },
    through: throughOf(through),
    usage: (body.quantityForUsageCharges ?? []).map(({ chargeId, quantity }) => ({
      chargeKey: chargeId,
      quantity: fromWireDecimal(quantity),
    })),
  };
}

function throughOf(through: z.output<typeof existingPreviewBody>['previewThroughDate']): PreviewThrough {
  switch (through?.previewThruDatePolicy) {
    case 'endOfTerm':
      return { kind: 'termEnd' };
    case 'specificDate':
      return { kind: 'date', date: through.specificDate! };
    default:
      return { kind: 'periods', count: Number(through?.nextBillingPeriods ?? 1) };
  }
}

export function toWireExistingPreview({ documents, targetDate }: SubscriptionBillingPreview): JsonObject {
  return {
    success: true,
    invoices: documents.invoices.map(({ invoice, items }) => ({
      invoiceNumber: 'Preview Invoice',
      ...amountsOf(invoice.amountMinor, invoice.currency),
      targetDate,
      status: null,
      isFromExistingInvoice: false,
      invoiceItems: items.map((item) => previewItem(item, invoice.currency)),
    })),
    creditMemos: documents.creditMemos.map(({ creditMemo, items }) => ({
      creditMemoNumber: 'Preview Credit Memo',
      ...amountsOf(creditMemo.amountMinor, creditMemo.currency),
      targetDate,
      status: null,
      isFromExistingCreditMemo: false,
      creditMemoItems: items.map((item) => previewItem(item, creditMemo.currency)),
    })),
  };
}

function amountsOf(amountMinor: number, currency: string): JsonObject {
  const amount = toWireMoney(amountMinor, currency);
  return { amount, amountWithoutTax: amount, taxAmount: 0 };
}

function previewItem(item: Item, currency: string): JsonObject {
  return {
    serviceStartDate: item.serviceStartDate,
    serviceEndDate: item.serviceEndDate,
    amountWithoutTax: toWireMoney(item.amountMinor, currency),
    taxAmount: 0,
    chargeDescription: item.details.chargeDescription ?? '',
    chargeName: item.chargeName,
    chargeNumber: item.chargeNumber,
    productName: item.details.productName ?? '',
    productRatePlanChargeId: item.productRatePlanChargeId,
    processingType: item.processingType,
    unitPrice: toWireDecimal(item.unitPrice),
    quantity: toWireDecimal(item.quantity),
    unitOfMeasure: item.details.unitOfMeasure ?? null,
  };
}

/** `invoices` and `creditMemos` of an order's preview. Numbers that it makes up are not shown. */
export function toWirePreviewedDocuments(
  { invoices, creditMemos }: WrittenDocuments,
  isMadeUp: (subscriptionNumber: string) => boolean,
): { invoices: JsonObject[]; creditMemos: JsonObject[] } {
  const itemOf = (item: Item, currency: string): JsonObject => {
    const { unitOfMeasure, quantity, chargeNumber, ...shown } = previewItem(item, currency);
    const madeUp = item.subscriptionNumber === null || isMadeUp(item.subscriptionNumber);
    return {
      ...shown,
      chargeNumber: madeUp || item.chargeNumber?.includes('PREVIEW') ? null : (chargeNumber ?? null),
      subscriptionNumber: madeUp ? null : item.subscriptionNumber,
      orderLineItemNumber: null,
      additionalInfo: { quantity: quantity ?? 0, unitOfMeasure: unitOfMeasure ?? '', numberOfDeliveries: 0 },
    };
  };
  return {
    invoices: invoices.map(({ invoice, items }) => ({
      ...amountsOf(invoice.amountMinor, invoice.currency),
      targetDate: invoice.targetDate,
      invoiceItems: items.map((item) => itemOf(item, invoice.currency)),
    })),
    creditMemos: creditMemos.map(({ creditMemo, items }) => ({
      ...amountsOf(creditMemo.amountMinor, creditMemo.currency),
      targetDate: creditMemo.targetDate,
      creditMemoItems: items.map((item) => itemOf(item, creditMemo.currency)),
    })),
  };
}

/** Parts of the previews of /v1/subscriptions: the invoice's items side by side, a credit memo in a block. */
export function toWireFormDocuments(
  { invoices, creditMemos }: WrittenDocuments,
  dates: { readonly targetDate: string; readonly documentDate: string | null },
): JsonObject {
  const itemOf = (item: Item, currency: string): JsonObject => ({
    serviceStartDate: item.serviceStartDate,
    serviceEndDate: item.serviceEndDate,
    chargeAmount: toWireMoney(item.amountMinor, currency),
    taxAmount: 0,
    chargeDescription: item.details.chargeDescription ?? '',
    chargeName: item.chargeName,
    productName: item.details.productName ?? '',
    productRatePlanChargeId: item.productRatePlanChargeId,
    quantity: toWireDecimal(item.quantity),
    unitOfMeasure: item.details.unitOfMeasure ?? '',
  });
  const [invoice] = invoices;
  const [memo] = creditMemos;
  return {
    ...(invoice === undefined
      ? { amount: 0, amountWithoutTax: 0, taxAmount: 0 }
      : amountsOf(invoice.invoice.amountMinor, invoice.invoice.currency)),
    invoiceTargetDate: dates.targetDate,
    ...(dates.documentDate === null ? {} : { documentDate: dates.documentDate }),
    invoiceItems: (invoice?.items ?? []).map((item) => itemOf(item, invoice!.invoice.currency)),
    ...(memo === undefined
      ? {}
      : {
          creditMemo: {
            ...amountsOf(memo.creditMemo.amountMinor, memo.creditMemo.currency),
            creditMemoItems: memo.items.map((item) => ({
              ...itemOf(item, memo.creditMemo.currency),
              amountWithoutTax: toWireMoney(item.amountMinor, memo.creditMemo.currency),
            })),
          },
        }),
  };
}

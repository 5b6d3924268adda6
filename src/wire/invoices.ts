import { z } from 'zod';
import type { NewInvoice } from '../domain/billing/create-invoice.ts';
import type { Invoice } from '../domain/billing/invoice.ts';
import { type NewInvoiceItem, STANDALONE_ITEMS_MAX } from '../domain/billing/invoice-items.ts';
import { isPaymentTerm } from '../domain/billing/payment-terms.ts';
import type { PostInvoice } from '../domain/billing/post-invoice.ts';
import { isDate } from '../domain/calendar.ts';
import { isNegative, parseDecimal, toNumber } from '../domain/money.ts';
import type { JsonObject } from '../domain/result.ts';
import {
  customFieldsOf,
  pick,
  toWireDateTime,
  toWireMoney,
  wireBoolean,
  wireCurrency,
  wireCustomRates,
  wireDate,
  wireDocumentDate,
  wireDocumentNumber,
  wireKey,
  wireText,
  withCustomFields,
} from './values.ts';

/** Invoices that one batch creates or posts (conventions 7). */
export const BATCH_INVOICES_MAX = 50;
/** Date-times of documents are shown in UTC. */
const DOCUMENT_TIME_ZONE = 'UTC';

const ITEM_DETAILS = [
  'description',
  'sku',
  'uom',
  'itemType',
  'purchaseOrderNumber',
  'bookingReference',
  'accountingCode',
  'adjustmentLiabilityAccountingCode',
  'adjustmentRevenueAccountingCode',
  'contractAssetAccountingCode',
  'contractLiabilityAccountingCode',
  'contractRecognizedRevenueAccountingCode',
  'deferredRevenueAccountingCode',
  'recognizedRevenueAccountingCode',
  'unbilledReceivablesAccountingCode',
  'revRecCode',
  'revRecTriggerCondition',
  'revenueRecognitionRuleName',
  'excludeItemBillingFromRevenueAccounting',
  'taxCode',
  'taxMode',
] as const;
const INVOICE_DETAILS = ['customRates', 'templateId', 'transferredToAccounting'] as const;

/** Amounts of invoices are declared as text and sent as numbers: both are taken. */
const wireAmount = z
  .union([z.number(), z.string()], { error: 'must be a number' })
  .refine(isExactNumber, 'must be a number with at most 15 significant digits');

/** Also text must fit a JSON number: that is what replies show it as. */
function isExactNumber(value: string | number): boolean {
  const decimal = parseDecimal(value);
  return decimal !== null && parseDecimal(toNumber(decimal)) === decimal;
}

/** A date, or a date and a time of day in the tenant's zone. */
const wireChargeDate = z
  .string({ error: 'must be a date or YYYY-MM-DD HH:MM:SS' })
  .refine(
    (text) => /^.{10}([ T]([01]\d|2[0-3]):[0-5]\d:[0-5]\d)?$/.test(text) && isDate(text.slice(0, 10)),
    'must be a date or YYYY-MM-DD HH:MM:SS',
  );

const notYet = (what: string) => z.null({ error: `${what} not available yet` }).optional();
const taxNotYet = z.array(z.unknown()).max(0, 'tax items are not available yet').nullish();

const wireInvoiceItem = withCustomFields({
  amount: wireAmount.nullish(),
  unitPrice: wireAmount.nullish(),
  quantity: wireAmount
    .refine((value) => !isNegative(parseDecimal(value) ?? '0'), 'must not be negative')
    .nullish(),
  chargeName: wireText(255).min(1, 'must not be empty').nullish(),
  chargeDate: wireChargeDate.nullish(),
  serviceStartDate: wireDate,
  serviceEndDate: wireDate.nullish(),
  productRatePlanChargeId: wireKey.nullish(),
  taxItems: taxNotYet,
  discountItems: z.array(z.unknown()).max(0, 'discount items are not available yet').nullish(),
  ...Object.fromEntries(ITEM_DETAILS.map((name) => [name, wireText(500).nullish()])),
  excludeItemBillingFromRevenueAccounting: wireBoolean.nullish(),
  taxMode: z.enum(['TaxInclusive', 'TaxExclusive']).nullish(),
});
type WireInvoiceItem = z.output<typeof wireInvoiceItem>;

/** POST /v1/invoices. */
export const wireNewInvoice = withCustomFields({
  accountId: wireKey.nullish(),
  accountNumber: wireKey.nullish(),
  invoiceNumber: wireDocumentNumber.nullish(),
  invoiceDate: wireDocumentDate,
  dueDate: wireDate.nullish(),
  paymentTerm: wireText(100)
    .refine(isPaymentTerm, 'must be a payment term such as Net 30 or Due Upon Receipt')
    .nullish(),
  currency: wireCurrency.nullish(),
  status: z.enum(['Draft', 'Posted'], { error: 'must be Draft or Posted' }).nullish(),
  autoPay: wireBoolean.nullish(),
  comments: wireText(255).nullish(),
  billToContactId: wireKey.nullish(),
  soldToContactId: wireKey.nullish(),
  billToContact: notYet('contacts inside an invoice are'),
  soldToContact: notYet('contacts inside an invoice are'),
  shipToContact: notYet('ship-to contacts are'),
  shipToContactId: notYet('ship-to contacts are'),
  sequenceSet: notYet('sequence sets are'),
  templateId: wireText(64).nullish(),
  transferredToAccounting: z.enum(['Processing', 'Error', 'Ignore', 'true', 'false']).nullish(),
  customRates: wireCustomRates,
  invoiceItems: z
    .array(wireInvoiceItem, { error: 'must be a list of items' })
    .min(1, 'must have at least one item')
    .max(STANDALONE_ITEMS_MAX, `must have at most ${STANDALONE_ITEMS_MAX} items`),
});
export type WireNewInvoice = z.output<typeof wireNewInvoice>;

/** POST /v1/invoices/batch. */
export const wireNewInvoices = z.object({
  invoices: z
    .array(wireNewInvoice, { error: 'must be a list of invoices' })
    .min(1, 'must have at least one invoice')
    .max(BATCH_INVOICES_MAX, `must have at most ${BATCH_INVOICES_MAX} invoices`),
  useSingleTransaction: z.literal(false, { error: 'a single transaction is not available yet' }).nullish(),
});

/** POST /v1/invoices/bulk-post. */
export const wirePostInvoices = z.object({
  invoices: z
    .array(withCustomFields({ id: wireKey, invoiceDate: wireDocumentDate.nullish() }), {
      error: 'must be a list of invoices',
    })
    .min(1, 'must have at least one invoice')
    .max(BATCH_INVOICES_MAX, `must have at most ${BATCH_INVOICES_MAX} invoices`),
});
export type WirePostInvoice = z.output<typeof wirePostInvoices>['invoices'][number];

/** PUT /v1/object/invoice/{id}. */
export const wireInvoiceStatus = z.object({
  Status: z.enum(['Posted', 'Canceled'], { error: 'must be Posted or Canceled' }),
});

export function fromWireInvoice(body: WireNewInvoice): NewInvoice {
  return {
    accountId: body.accountId ?? null,
    accountNumber: body.accountNumber ?? null,
    invoiceNumber: body.invoiceNumber ?? null,
    invoiceDate: body.invoiceDate,
    dueDate: body.dueDate ?? null,
    paymentTerm: body.paymentTerm ?? null,
    currency: body.currency ?? null,
    status: body.status ?? 'Draft',
    autoPay: body.autoPay ?? false,
    comments: body.comments ?? null,
    billToContactId: body.billToContactId ?? null,
    soldToContactId: body.soldToContactId ?? null,
    items: body.invoiceItems.map(fromWireInvoiceItem),
    details: given(body, INVOICE_DETAILS),
    customFields: customFieldsOf(body),
  };
}

function fromWireInvoiceItem(item: WireInvoiceItem): NewInvoiceItem {
  const decimal = (value: string | number | null | undefined) =>
    value === null || value === undefined ? null : parseDecimal(value);
  return {
    amount: decimal(item.amount),
    unitPrice: decimal(item.unitPrice),
    quantity: decimal(item.quantity),
    chargeName: item.chargeName ?? null,
    chargeDate:
      item.chargeDate === null || item.chargeDate === undefined ? null : chargeDateOf(item.chargeDate),
    serviceStartDate: item.serviceStartDate,
    serviceEndDate: item.serviceEndDate ?? null,
    productRatePlanChargeId: item.productRatePlanChargeId ?? null,
    details: given(item, ITEM_DETAILS),
    customFields: customFieldsOf(item),
  };
}

/** The named attributes that have a value: null says no more than absence. */
function given(body: object, names: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(pick(body, names)).filter(([, value]) => value !== null));
}

function chargeDateOf(text: string): string {
  return text.length === 10 ? `${text} 00:00:00` : text.replace('T', ' ');
}

export function fromWirePostInvoice(entry: WirePostInvoice, invoiceId: string): PostInvoice {
  return { invoiceId, invoiceDate: entry.invoiceDate ?? null, customFields: customFieldsOf(entry) };
}

/** An invoice as every v1 reply shows it, without `success`. */
export function toWireInvoice(invoice: Invoice): object {
  const money = (minor: number) => toWireMoney(minor, invoice.currency);
  const { details } = invoice;
  return {
    id: invoice.id,
    invoiceNumber: invoice.invoiceNumber,
    accountId: invoice.accountId,
    amount: money(invoice.amountMinor),
    amountWithoutTax: money(invoice.amountMinor - invoice.taxMinor),
    discount: 0,
    invoiceDate: invoice.invoiceDate,
    dueDate: invoice.dueDate,
    autoPay: invoice.autoPay,
    comments: invoice.comments,
    status: invoice.status,
    taxAmount: money(invoice.taxMinor),
    taxExemptAmount: 0,
    transferredToAccounting: details.transferredToAccounting ?? null,
    sourceType: invoice.sourceType,
    billToContactId: invoice.billToContactId,
    soldToContactId: invoice.soldToContactId,
    templateId: details.templateId ?? null,
    paymentTerm: invoice.paymentTerm,
    sequenceSetId: null,
    adjustmentAmount: 0,
    balance: money(invoice.balanceMinor),
    billToContactSnapshotId: details.billToContactSnapshotId ?? null,
    creditMemoAmount: money(invoice.creditMemosAppliedMinor),
    includesOneTime: true,
    includesRecurring: true,
    includesUsage: true,
    lastEmailSentDate: null,
    paymentAmount: money(invoice.paymentsAppliedMinor),
    postedBy: invoice.postedBy,
    postedDate:
      invoice.postedAt === null ? null : toWireDateTime(invoice.postedAt, DOCUMENT_TIME_ZONE).slice(0, 10),
    refundAmount: 0,
    soldToContactSnapshotId: details.soldToContactSnapshotId ?? null,
    source: 'API',
    sourceId: null,
    targetDate: invoice.targetDate,
    taxMessage: null,
    taxStatus: 'Complete',
    createdById: invoice.createdBy,
    createdDate: toWireDateTime(invoice.createdAt, DOCUMENT_TIME_ZONE),
    updatedById: invoice.updatedBy,
    updatedDate: toWireDateTime(invoice.updatedAt, DOCUMENT_TIME_ZONE),
    billRunId: null,
    currency: invoice.currency,
    invoiceGroupNumber: null,
    ...invoice.customFields,
  };
}

export function toWireInvoiceReply(invoice: Invoice): object {
  return { ...toWireInvoice(invoice), success: true };
}

import { z } from 'zod';
import type { NewInvoice } from '../domain/billing/create-invoice.ts';
import type { Invoice } from '../domain/billing/invoice.ts';
import {
  type NewDiscountItem,
  type NewInvoiceItem,
  STANDALONE_ITEMS_MAX,
} from '../domain/billing/invoice-items.ts';
import type { PostInvoice } from '../domain/billing/post-invoice.ts';
import { isDate } from '../domain/calendar.ts';
import { type Decimal, isNegative, parseDecimal, toNumber } from '../domain/money.ts';
import {
  customFieldsOf,
  pickGiven,
  toWireDateTime,
  toWireMoney,
  wireBoolean,
  wireCurrency,
  wireCustomRates,
  wireDate,
  wireDocumentDate,
  wireDocumentNumber,
  wireKey,
  wirePaymentTerm,
  wireText,
  withCustomFields,
} from './values.ts';
import { oneOf } from './words.ts';

/** Invoices that one batch creates or posts (conventions 7). */
export const BATCH_INVOICES_MAX = 50;
/** Date-times of documents are shown in UTC. */
export const DOCUMENT_TIME_ZONE = 'UTC';

export const ITEM_DETAILS = [
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

const ITEM_DETAIL_SHAPE = {
  ...Object.fromEntries(ITEM_DETAILS.map((name) => [name, wireText(500).nullish()])),
  excludeItemBillingFromRevenueAccounting: wireBoolean.nullish(),
  taxMode: oneOf(['TaxInclusive', 'TaxExclusive']).nullish(),
};

/** What a discount of an item has; its service is the item's. */
export const DISCOUNT_SHAPE = {
  amount: wireAmount,
  unitPrice: wireAmount.nullish(),
  chargeName: wireText(255).min(1, 'must not be empty').nullish(),
  chargeDate: wireChargeDate.nullish(),
  productRatePlanChargeId: wireKey.nullish(),
  taxItems: taxNotYet,
  ...ITEM_DETAIL_SHAPE,
};
const wireDiscountItem = withCustomFields(DISCOUNT_SHAPE);
type WireDiscountItem = z.output<typeof wireDiscountItem>;

/** What an item has when it is written and when it is changed. */
export const ITEM_SHAPE = {
  amount: wireAmount.nullish(),
  unitPrice: wireAmount.nullish(),
  quantity: wireAmount
    .refine((value) => !isNegative(parseDecimal(value) ?? '0'), 'must not be negative')
    .nullish(),
  chargeName: wireText(255).min(1, 'must not be empty').nullish(),
  chargeDate: wireChargeDate.nullish(),
  serviceEndDate: wireDate.nullish(),
  taxItems: taxNotYet,
  ...ITEM_DETAIL_SHAPE,
};
export const TOO_MANY_ITEMS = `must have at most ${STANDALONE_ITEMS_MAX} items`;

const wireInvoiceItem = withCustomFields({
  ...ITEM_SHAPE,
  serviceStartDate: wireDate,
  productRatePlanChargeId: wireKey.nullish(),
  discountItems: z
    .array(wireDiscountItem, { error: 'must be a list of discounts' })
    .max(STANDALONE_ITEMS_MAX, TOO_MANY_ITEMS)
    .nullish(),
});
type WireInvoiceItem = z.output<typeof wireInvoiceItem>;

/** A list of items, which together with their discounts are not too many. */
export function withinItemsMax(
  items: ReadonlyArray<{ readonly discountItems?: readonly unknown[] | null | undefined }>,
): boolean {
  return (
    items.reduce((count, { discountItems }) => count + 1 + (discountItems?.length ?? 0), 0) <=
    STANDALONE_ITEMS_MAX
  );
}

/** POST /v1/invoices. */
export const wireNewInvoice = withCustomFields({
  accountId: wireKey.nullish(),
  accountNumber: wireKey.nullish(),
  invoiceNumber: wireDocumentNumber.nullish(),
  invoiceDate: wireDocumentDate,
  dueDate: wireDate.nullish(),
  paymentTerm: wirePaymentTerm.nullish(),
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
  transferredToAccounting: oneOf(['Processing', 'Error', 'Ignore', 'true', 'false']).nullish(),
  customRates: wireCustomRates,
  invoiceItems: z
    .array(wireInvoiceItem, { error: 'must be a list of items' })
    .min(1, 'must have at least one item')
    .max(STANDALONE_ITEMS_MAX, TOO_MANY_ITEMS)
    .refine(withinItemsMax, TOO_MANY_ITEMS),
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
    details: pickGiven(body, INVOICE_DETAILS),
    customFields: customFieldsOf(body),
  };
}

function fromWireInvoiceItem(item: WireInvoiceItem): NewInvoiceItem {
  return {
    amount: decimalOf(item.amount),
    unitPrice: decimalOf(item.unitPrice),
    quantity: decimalOf(item.quantity),
    chargeName: item.chargeName ?? null,
    chargeDate: item.chargeDate == null ? null : chargeDateOf(item.chargeDate),
    serviceStartDate: item.serviceStartDate,
    serviceEndDate: item.serviceEndDate ?? null,
    productRatePlanChargeId: item.productRatePlanChargeId ?? null,
    discounts: (item.discountItems ?? []).map(fromWireDiscount),
    details: pickGiven(item, ITEM_DETAILS),
    customFields: customFieldsOf(item),
  };
}

export function fromWireDiscount(item: WireDiscountItem): NewDiscountItem {
  return {
    amount: parseDecimal(item.amount)!,
    unitPrice: decimalOf(item.unitPrice),
    chargeName: item.chargeName ?? null,
    chargeDate: item.chargeDate == null ? null : chargeDateOf(item.chargeDate),
    productRatePlanChargeId: item.productRatePlanChargeId ?? null,
    details: pickGiven(item, ITEM_DETAILS),
    customFields: customFieldsOf(item),
  };
}

export function decimalOf(value: string | number | null | undefined): Decimal | null {
  return value == null ? null : parseDecimal(value);
}

export function chargeDateOf(text: string): string {
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
    discount: money(invoice.discountMinor),
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
    includesOneTime: invoice.oneTimeLines > 0,
    includesRecurring: invoice.recurringLines > 0,
    includesUsage: invoice.usageLines > 0,
    lastEmailSentDate: null,
    paymentAmount: money(invoice.paymentsAppliedMinor),
    postedBy: invoice.postedBy,
    postedDate:
      invoice.postedAt === null ? null : toWireDateTime(invoice.postedAt, DOCUMENT_TIME_ZONE).slice(0, 10),
    refundAmount: 0,
    soldToContactSnapshotId: details.soldToContactSnapshotId ?? null,
    reversed: invoice.isReversed,
    source: invoice.billRunId === null ? 'API' : 'BillRun',
    sourceId: invoice.sourceId,
    targetDate: invoice.targetDate,
    taxMessage: null,
    taxStatus: 'Complete',
    createdById: invoice.createdBy,
    createdDate: toWireDateTime(invoice.createdAt, DOCUMENT_TIME_ZONE),
    updatedById: invoice.updatedBy,
    updatedDate: toWireDateTime(invoice.updatedAt, DOCUMENT_TIME_ZONE),
    billRunId: invoice.billRunId,
    currency: invoice.currency,
    invoiceGroupNumber: null,
    ...invoice.customFields,
  };
}

export function toWireInvoiceReply(invoice: Invoice): object {
  return { ...toWireInvoice(invoice), success: true };
}

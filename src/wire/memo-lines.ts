import { z } from 'zod';
import type { DocumentLine } from '../domain/billing/document-line.ts';
import type { Audit } from '../domain/entities.ts';
import type { JsonObject, JsonValue } from '../domain/result.ts';
import {
  MEMO_LINES_MAX,
  type MemoLineChange,
  type MemoLineFromCharge,
  type MemoLineFromInvoice,
} from '../domain/settlement/memo-lines.ts';
import {
  customFieldsOf,
  fromWireDecimal,
  pickGiven,
  toWireDateTime,
  toWireDecimal,
  toWireMoney,
  wireBoolean,
  wireDate,
  wireDecimal,
  wireKey,
  wireNoneYet,
  wireNonNegative,
  wireText,
  withCustomFields,
} from './values.ts';

/** Lines of credit and debit memos, as far as both kinds have them alike. */

/** Date-times of documents are shown in UTC. */
export const DOCUMENT_TIME_ZONE = 'UTC';

const LINE_DETAILS = [
  'comment',
  'description',
  'excludeItemBillingFromRevenueAccounting',
  'financeInformation',
  'taxMode',
  'unitOfMeasure',
] as const;

const wireAccountingCode = wireText(100).nullish();
const financeInformation = z
  .object(
    {
      deferredRevenueAccountingCode: wireAccountingCode,
      onAccountAccountingCode: wireAccountingCode,
      recognizedRevenueAccountingCode: wireAccountingCode,
      revenueRecognitionRuleName: wireAccountingCode,
    },
    { error: 'must be an object' },
  )
  .nullish();

const ofEveryLine = {
  quantity: wireNonNegative.nullish(),
  serviceStartDate: wireDate.nullish(),
  serviceEndDate: wireDate.nullish(),
  comment: wireText(255).nullish(),
  financeInformation,
};
const chargeName = wireText(255).min(1, 'must not be empty');
const unitOfMeasure = wireText(255).nullish();

const wireChargeLine = withCustomFields({
  ...ofEveryLine,
  amount: wireDecimal.nullish(),
  memoItemAmount: wireDecimal.nullish(),
  productRatePlanChargeId: wireKey.nullish(),
  chargeId: wireKey.nullish(),
  description: wireText(255).nullish(),
}).superRefine((line, context) => {
  const required = (path: string) =>
    context.addIssue({ code: 'custom', path: [path], message: 'is required' });
  if (line.productRatePlanChargeId == null && line.chargeId == null) required('productRatePlanChargeId');
  if (line.amount == null && line.memoItemAmount == null) required('amount');
});
type WireChargeLine = z.output<typeof wireChargeLine>;

const wireInvoiceLine = withCustomFields({
  ...ofEveryLine,
  amount: wireDecimal,
  invoiceItemId: wireKey,
  skuName: chargeName,
  description: wireText(255).nullish(),
  taxItems: wireNoneYet,
  taxMode: z
    .enum(['TaxExclusive', 'TaxInclusive'], { error: 'must be TaxExclusive or TaxInclusive' })
    .nullish(),
  unitOfMeasure,
});
type WireInvoiceLine = z.output<typeof wireInvoiceLine>;

const wireLineChange = withCustomFields({
  ...ofEveryLine,
  id: wireKey,
  amount: wireDecimal.nullish(),
  skuName: chargeName.nullish(),
  excludeItemBillingFromRevenueAccounting: wireBoolean.nullish(),
  taxItems: wireNoneYet,
  unitOfMeasure,
});
type WireLineChange = z.output<typeof wireLineChange>;

function linesOf<Line extends z.ZodType>(line: Line) {
  return z
    .array(line, { error: 'must be a list' })
    .min(1, 'must have at least one line')
    .max(MEMO_LINES_MAX, `must have at most ${MEMO_LINES_MAX} lines`);
}

export const wireChargeLines = linesOf(wireChargeLine);
export const wireInvoiceLines = linesOf(wireInvoiceLine);
export const wireLineChanges = linesOf(wireLineChange);

export function fromWireChargeLine(line: WireChargeLine): MemoLineFromCharge {
  const keyField = line.productRatePlanChargeId == null ? 'chargeId' : 'productRatePlanChargeId';
  return {
    ...fromEveryLine(line),
    amount: fromWireDecimal(line.amount ?? line.memoItemAmount ?? 0),
    chargeKey: line[keyField] ?? '',
    keyField,
  };
}

export function fromWireInvoiceLine(line: WireInvoiceLine): MemoLineFromInvoice {
  return {
    ...fromEveryLine(line),
    amount: fromWireDecimal(line.amount),
    invoiceItemId: line.invoiceItemId,
    chargeName: line.skuName,
  };
}

export function fromWireLineChange(line: WireLineChange): MemoLineChange {
  return {
    ...fromEveryLine(line),
    itemId: line.id,
    amount: line.amount == null ? null : fromWireDecimal(line.amount),
    chargeName: line.skuName ?? null,
  };
}

function fromEveryLine(line: WireChargeLine | WireInvoiceLine | WireLineChange) {
  return {
    quantity: line.quantity == null ? null : fromWireDecimal(line.quantity),
    serviceStartDate: line.serviceStartDate ?? null,
    serviceEndDate: line.serviceEndDate ?? null,
    details: pickGiven(line, LINE_DETAILS),
    customFields: customFieldsOf(line),
  };
}

/** A line of a memo with what else is known about it. */
export interface ShownMemoLine {
  readonly line: DocumentLine & {
    readonly id: string;
    readonly details: JsonObject;
    readonly customFields: JsonObject;
    readonly createdAt: string;
  };
  readonly memo: Audit & {
    readonly currency: string;
    readonly details: JsonObject;
    readonly soldToContactId: string | null;
  };
  /** The line that it was made from; its charge otherwise. */
  readonly sourceItemId: string | null;
  readonly sourceItemType:
    | 'InvoiceDetail'
    | 'CreditMemoItem'
    | 'DebitMemoItem'
    | 'SubscriptionComponent'
    | 'ProductRatePlanCharge';
  /** Of the product. */
  readonly sku: string | null;
}

/** What lines of credit and debit memos show alike: all but what is applied of them. Lines change with their memo. */
export function toWireMemoLine({ line, memo, sourceItemId, sourceItemType, sku }: ShownMemoLine): object {
  const { details } = line;
  const finance = (details.financeInformation ?? {}) as JsonObject;
  return {
    id: line.id,
    amount: toWireMoney(line.amountMinor + line.taxMinor, memo.currency),
    amountWithoutTax: toWireMoney(line.amountMinor, memo.currency),
    appliedToItemId: null,
    comment: details.comment ?? null,
    excludeItemBillingFromRevenueAccounting: details.excludeItemBillingFromRevenueAccounting ?? false,
    financeInformation: finance,
    processingType: line.processingType,
    quantity: toWireDecimal(line.quantity),
    serviceStartDate: line.serviceStartDate,
    skuName: line.chargeName,
    soldToContactId: memo.soldToContactId,
    soldToContactSnapshotId: memo.details.soldToContactSnapshotId ?? null,
    sourceItemId: sourceItemId ?? line.productRatePlanChargeId,
    sourceItemType,
    subscriptionId: line.subscriptionId,
    taxationItems: { data: [] },
    unitPrice: toWireDecimal(line.unitPrice),
    createdById: memo.createdBy,
    createdDate: toWireDateTime(line.createdAt, DOCUMENT_TIME_ZONE),
    updatedById: memo.updatedBy,
    updatedDate: toWireDateTime(memo.updatedAt, DOCUMENT_TIME_ZONE),
    ...present({
      description: details.description,
      serviceEndDate: line.serviceEndDate,
      sku,
      taxMode: details.taxMode,
      unitOfMeasure: details.unitOfMeasure,
    }),
    ...line.customFields,
  };
}

/** The contract has no null for these: what is not there is left out. */
function present(values: { readonly [name: string]: JsonValue | undefined }): object {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value != null));
}

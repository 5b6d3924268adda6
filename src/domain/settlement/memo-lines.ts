import type { DecideContext } from '../account/command.ts';
import type { Need, State } from '../account/state.ts';
import type { DocumentLine } from '../billing/document-line.ts';
import type { Invoice } from '../billing/invoice.ts';
import { unitPriceOf } from '../billing/invoice-items.ts';
import type { CalendarDate } from '../calendar.ts';
import { type Decimal, MAX_AMOUNT_MINOR } from '../money.ts';
import { isRefusal, type JsonObject, type JsonValue, type Refusal, refuse } from '../result.ts';
import { positiveMinor } from './parts.ts';

/** Lines of credit and debit memos: both kinds are made of charges of the catalog, or of lines of one posted invoice. */

/** Lines that one memo is made with. */
export const MEMO_LINES_MAX = 1_000;

/** What a line says whichever way it is made. Absent values are null. */
interface NewMemoLine {
  /** Greater than zero, exact in the memo's currency. */
  readonly amount: Decimal;
  /** 1 when null. */
  readonly quantity: Decimal | null;
  /** The invoice line's, or the memo's date, when null. */
  readonly serviceStartDate: CalendarDate | null;
  /** Inclusive; the invoice line's when both dates are null. */
  readonly serviceEndDate: CalendarDate | null;
  readonly details: JsonObject;
  readonly customFields: JsonObject;
}

export interface MemoLineFromCharge extends NewMemoLine {
  /** Id or number of a product rate plan charge. */
  readonly chargeKey: string;
  /** What the request called it: productRatePlanChargeId, or chargeId. */
  readonly keyField: string;
}

export interface MemoLineFromInvoice extends NewMemoLine {
  readonly invoiceItemId: string;
  /** What the line is called; the charge's name in most requests. */
  readonly chargeName: string;
}

/** A line for a memo of either kind, which has a few columns of its own to add. */
export interface MemoLine extends DocumentLine {
  readonly id: string;
  readonly revision: 0;
  /** The line of the invoice that it was made from. */
  readonly fromItemId: string | null;
  readonly details: JsonObject;
  readonly customFields: JsonObject;
  readonly createdAt: string;
}

export interface MemoLines {
  readonly lines: readonly MemoLine[];
  /** Their sum. */
  readonly amountMinor: number;
}

export function needsOfChargeLines(lines: readonly MemoLineFromCharge[]): Need[] {
  return lines.map(({ chargeKey }) => ({ kind: 'productRatePlanCharge', key: chargeKey }));
}

export function needsOfInvoiceLines(lines: readonly MemoLineFromInvoice[]): Need[] {
  return lines.map(({ invoiceItemId }) => ({ kind: 'invoiceItem', key: invoiceItemId }));
}

/** Lines for charges of the catalog, or what is wrong with them: `charges[0].amount`. */
export function linesFromCharges(
  state: State,
  wanted: readonly MemoLineFromCharge[],
  { currency, memoDate }: { readonly currency: string; readonly memoDate: CalendarDate },
  context: DecideContext,
): MemoLines | Refusal {
  return linesOf(wanted, (line, index) => {
    const at = `charges[${index}]`;
    const charge = state.find('productRatePlanCharge', line.chargeKey);
    if (charge === null) {
      const message = `there is no product rate plan charge ${line.chargeKey}`;
      return refuse('invalid', message, `${at}.${line.keyField}`);
    }
    return lineOf(line, { currency, at, index }, context, {
      chargeName: charge.name,
      serviceStartDate: line.serviceStartDate ?? memoDate,
      serviceEndDate: line.serviceEndDate,
      productRatePlanChargeId: charge.id,
      subscriptionId: null,
      fromItemId: null,
      details: { ...unitOf(charge.unitOfMeasure), ...line.details },
    });
  });
}

/** Lines for lines of one invoice, or what is wrong with them: `items[0].invoiceItemId`. */
export function linesFromInvoice(
  state: State,
  wanted: readonly MemoLineFromInvoice[],
  invoice: Invoice,
  context: DecideContext,
): MemoLines | Refusal {
  return linesOf(wanted, (line, index) => {
    const at = `items[${index}]`;
    const item = state.find('invoiceItem', line.invoiceItemId);
    if (item?.invoiceId !== invoice.id) {
      const message = `invoice ${invoice.invoiceNumber} has no item ${line.invoiceItemId}`;
      return refuse('invalid', message, `${at}.invoiceItemId`);
    }
    return lineOf(line, { currency: invoice.currency, at, index }, context, {
      chargeName: line.chargeName,
      serviceStartDate: line.serviceStartDate ?? item.serviceStartDate,
      serviceEndDate:
        line.serviceStartDate === null ? (line.serviceEndDate ?? item.serviceEndDate) : line.serviceEndDate,
      productRatePlanChargeId: item.productRatePlanChargeId,
      subscriptionId: item.subscriptionId,
      fromItemId: item.id,
      details: { ...unitOf(item.details.uom), ...line.details },
    });
  });
}

function unitOf(unitOfMeasure: JsonValue | undefined): JsonObject {
  return typeof unitOfMeasure === 'string' ? { unitOfMeasure } : {};
}

function linesOf<Wanted>(
  wanted: readonly Wanted[],
  build: (line: Wanted, index: number) => MemoLine | Refusal,
): MemoLines | Refusal {
  const lines: MemoLine[] = [];
  let amountMinor = 0;
  for (const [index, line] of wanted.entries()) {
    const built = build(line, index);
    if (isRefusal(built)) return built;
    lines.push(built);
    amountMinor += built.amountMinor;
    if (amountMinor > MAX_AMOUNT_MINOR) return tooMuch();
  }
  return { lines, amountMinor };
}

type LineSource = Pick<
  MemoLine,
  | 'chargeName'
  | 'serviceStartDate'
  | 'serviceEndDate'
  | 'productRatePlanChargeId'
  | 'subscriptionId'
  | 'fromItemId'
  | 'details'
>;

function lineOf(
  wanted: NewMemoLine,
  { currency, at, index }: { readonly currency: string; readonly at: string; readonly index: number },
  context: DecideContext,
  source: LineSource,
): MemoLine | Refusal {
  const amountMinor = positiveMinor(wanted.amount, currency, `${at}.amount`);
  if (typeof amountMinor !== 'number') return amountMinor;
  if (source.serviceEndDate !== null && source.serviceEndDate < source.serviceStartDate) {
    return refuse('invalid', 'must not be before serviceStartDate', `${at}.serviceEndDate`);
  }
  const quantity = wanted.quantity ?? '1';
  return {
    id: context.newId(),
    revision: 0,
    line: index + 1,
    chargeDate: context.now,
    amountMinor,
    taxMinor: 0,
    quantity,
    unitPrice: unitPriceOf(amountMinor, quantity, currency),
    processingType: 'Charge',
    ...source,
    customFields: wanted.customFields,
    createdAt: context.now,
  };
}

/** A change of one line. Null leaves as it is. */
export interface MemoLineChange {
  readonly itemId: string;
  readonly amount: Decimal | null;
  readonly quantity: Decimal | null;
  readonly serviceStartDate: CalendarDate | null;
  readonly serviceEndDate: CalendarDate | null;
  readonly chargeName: string | null;
  /** Of these an entry that is given replaces the entry before. */
  readonly details: JsonObject;
  readonly customFields: JsonObject;
}

/** What of a line a posted memo can no longer change: what it says was agreed. */
const AGREED = {
  amount: 'amount',
  quantity: 'quantity',
  serviceStartDate: 'serviceStartDate',
  serviceEndDate: 'serviceEndDate',
  chargeName: 'skuName',
} as const satisfies Partial<Record<keyof MemoLineChange, string>>;

/** The first field of a change, in the request's words, that only a draft's line takes; null when there is none. */
export function fieldOfDraftLine(change: MemoLineChange): string | null {
  for (const [field, name] of Object.entries(AGREED)) {
    if (change[field as keyof typeof AGREED] !== null) return name;
  }
  return null;
}

/** A line after a change, or what is wrong with it. @param at where it stands in the request: `items[0]` */
export function changedLine<Line extends DocumentLine & Pick<MemoLine, 'details' | 'customFields'>>(
  line: Line,
  change: MemoLineChange,
  currency: string,
  at: string,
): Line | Refusal {
  const amountMinor =
    change.amount === null ? line.amountMinor : positiveMinor(change.amount, currency, `${at}.amount`);
  if (typeof amountMinor !== 'number') return amountMinor;
  const serviceStartDate = change.serviceStartDate ?? line.serviceStartDate;
  const serviceEndDate = change.serviceEndDate ?? line.serviceEndDate;
  if (serviceEndDate !== null && serviceEndDate < serviceStartDate) {
    return refuse('invalid', 'must not be before serviceStartDate', `${at}.serviceEndDate`);
  }
  const quantity = change.quantity ?? line.quantity;
  const isRepriced = change.amount !== null || change.quantity !== null;
  return {
    ...line,
    amountMinor,
    quantity,
    unitPrice: isRepriced ? unitPriceOf(amountMinor, quantity, currency) : line.unitPrice,
    serviceStartDate,
    serviceEndDate,
    chargeName: change.chargeName ?? line.chargeName,
    details: { ...line.details, ...change.details },
    customFields: { ...line.customFields, ...change.customFields },
  };
}

/** What the lines of a memo come to must be what one document can hold. */
export function tooMuch(): Refusal {
  return refuse('invalid', 'the lines add up to more than a memo can hold', 'items');
}

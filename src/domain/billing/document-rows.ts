import type { DecideContext } from '../account/command.ts';
import type { CalendarDate } from '../calendar.ts';
import { fromMinor, MAX_AMOUNT_MINOR, roundToMinor } from '../money.ts';
import { type Refusal, refuse } from '../result.ts';
import type { CreditMemo, CreditMemoItem } from '../settlement/credit-memo.ts';
import type { NewBillingLine } from './bill-subscription.ts';
import { type BillingRules, roundingOf } from './billing-rules.ts';
import type { DocumentGroup } from './document-group.ts';
import { NOT_BILLED } from './document-line.ts';
import type { Invoice, InvoiceItem } from './invoice.ts';
import type { LineTotals } from './line-totals.ts';
import { dueDate } from './payment-terms.ts';

/** What all documents of one billing say of themselves. */
export interface DocumentTerms {
  readonly documentDate: CalendarDate;
  readonly targetDate: CalendarDate;
  readonly sourceType: 'Subscription' | 'Order';
  /** The order that they were billed with. */
  readonly sourceId: string | null;
  readonly billRunId: string | null;
  readonly creditMemoReasonCode: string | null;
}

/** Which document, and what its lines add up to. */
interface DocumentSum {
  readonly id: string;
  readonly amountMinor: number;
  readonly lineCount: number;
}

const TOO_MUCH = refuse('rule', 'the lines add up to more than a document can hold');

/** Sum of the lines, positive is owed; refused when no document can hold it. */
export function sumOf(lines: readonly NewBillingLine[], startMinor = 0): number | Refusal {
  let sum = startMinor;
  for (const { amountMinor } of lines) {
    sum += amountMinor;
    if (Math.abs(sum) > MAX_AMOUNT_MINOR) return TOO_MUCH;
  }
  return sum;
}

/** A draft invoice, or one that a bill run still adds lines to. */
export function newInvoice(
  group: DocumentGroup,
  terms: DocumentTerms,
  { id, lineCount, ...totals }: Pick<DocumentSum, 'id' | 'lineCount'> & LineTotals,
  status: 'Draft' | 'Generating',
  context: DecideContext,
): Invoice {
  const { account, currency, paymentTerm, billToContactId, soldToContactId, details } = group;
  return {
    id,
    revision: 0,
    invoiceNumber: context.nextNumber('invoice'),
    accountId: account.id,
    status,
    invoiceDate: terms.documentDate,
    dueDate: dueDate(paymentTerm ?? account.paymentTerm, terms.documentDate),
    targetDate: terms.targetDate,
    currency,
    ...totals,
    taxMinor: 0,
    balanceMinor: totals.amountMinor,
    paymentsAppliedMinor: 0,
    creditMemosAppliedMinor: 0,
    paymentTerm,
    autoPay: account.autoPay,
    sourceType: terms.sourceType,
    sourceId: terms.sourceId,
    billRunId: terms.billRunId,
    isReversed: false,
    lineCount,
    postedAt: null,
    postedBy: null,
    comments: null,
    billToContactId,
    soldToContactId,
    details,
    customFields: {},
    createdAt: context.now,
    createdBy: context.actor,
    updatedAt: context.now,
    updatedBy: context.actor,
  };
}

/** A draft credit memo over a positive amount. */
export function newCreditMemo(
  group: DocumentGroup,
  terms: DocumentTerms,
  { id, amountMinor, lineCount }: DocumentSum,
  context: DecideContext,
): CreditMemo {
  return {
    id,
    revision: 0,
    memoNumber: context.nextNumber('creditMemo'),
    accountId: group.account.id,
    status: 'Draft',
    memoDate: terms.documentDate,
    targetDate: terms.targetDate,
    currency: group.currency,
    amountMinor,
    taxMinor: 0,
    appliedMinor: 0,
    unappliedMinor: amountMinor,
    refundedMinor: 0,
    reasonCode: terms.creditMemoReasonCode,
    comment: null,
    referredInvoiceId: null,
    sourceType: terms.sourceType,
    sourceId: terms.sourceId,
    billRunId: terms.billRunId,
    isReversed: false,
    autoApplyUponPosting: false,
    excludeFromAutoApplyRules: false,
    lineCount,
    postedAt: null,
    postedBy: null,
    cancelledAt: null,
    cancelledBy: null,
    billToContactId: group.billToContactId,
    soldToContactId: group.soldToContactId,
    details: group.details,
    customFields: {},
    createdAt: context.now,
    createdBy: context.actor,
    updatedAt: context.now,
    updatedBy: context.actor,
  };
}

/** @param line number of the line in the invoice, from 1 */
export function invoiceItemOf(
  billed: NewBillingLine,
  invoiceId: string,
  line: number,
  context: DecideContext,
): InvoiceItem {
  return {
    ...billed,
    revision: 0,
    invoiceId,
    line,
    appliedMinor: 0,
    creditedMinor: 0,
    customFields: {},
    createdAt: context.now,
  };
}

/** The same line turned round: what is owed is taken off the credit. How it was computed stays as it was, as a charge. */
export function creditMemoItemOf(
  billed: NewBillingLine,
  creditMemoId: string,
  line: number,
  context: DecideContext,
): CreditMemoItem {
  return {
    ...billed,
    amountMinor: billed.amountMinor === 0 ? 0 : -billed.amountMinor,
    revision: 0,
    creditMemoId,
    line,
    appliedMinor: 0,
    refundedMinor: 0,
    creditFromItemId: null,
    creditFromItemSource: null,
    customFields: {},
    createdAt: context.now,
  };
}

/** The line that rounds an invoice's total by its currency's rule (semantics E.5); null where there is nothing to round. Refused as `sumOf` does. */
export function roundingLine(
  totalMinor: number,
  { currency, documentDate }: { readonly currency: string; readonly documentDate: CalendarDate },
  rules: BillingRules,
  context: DecideContext,
): NewBillingLine | Refusal | null {
  const { mode, invoiceIncrementMinor } = roundingOf(rules, currency);
  if (invoiceIncrementMinor === null) return null;
  if (totalMinor > MAX_AMOUNT_MINOR - invoiceIncrementMinor) return TOO_MUCH;
  const rounded = roundToMinor(fromMinor(totalMinor, currency), currency, mode, invoiceIncrementMinor);
  if (rounded === totalMinor) return null;
  const amountMinor = rounded - totalMinor;
  return {
    id: context.newId(),
    chargeName: 'Rounding',
    chargeDate: context.now,
    amountMinor,
    taxMinor: 0,
    quantity: '1',
    unitPrice: fromMinor(amountMinor, currency),
    serviceStartDate: documentDate,
    serviceEndDate: documentDate,
    productRatePlanChargeId: null,
    subscriptionId: null,
    processingType: 'Rounding',
    ...NOT_BILLED,
    details: {},
  };
}

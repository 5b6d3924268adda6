import { demand } from '../account/demand.ts';
import type { Need } from '../account/state.ts';
import { NumberTaker, takingNumbersFrom } from '../orders/number-taker.ts';
import { isRefusal, type Refusal } from '../result.ts';
import {
  type BillingAtHand,
  type BillingExtent,
  billLines,
  findBillings,
  needsOfBilling,
} from './bill-lines.ts';
import type { NewBillingLine } from './bill-subscription.ts';
import { DOCUMENT_LINES_MAX, type GroupedLines, groupLines } from './document-group.ts';
import { documentIdOf } from './document-id.ts';
import { type DocumentTerms, invoiceItemOf, newInvoice, sumOf } from './document-rows.ts';
import type { Invoice } from './invoice.ts';
import { NO_LINES, totalsOf } from './line-totals.ts';

/** A bounded number of one account's subscriptions, billed in one commit of a bill run. */
export interface BillRunPiece extends BillingExtent {
  readonly billRunId: string;
  readonly accountId: string;
  /** Date of the documents. */
  readonly invoiceDate: string;
  /** Latest versions by number: a page of `findBillableSubscriptions`. Those that another account is invoiced for by now are left alone. */
  readonly subscriptionNumbers: readonly string[];
}

/** What a piece did, for the progress of its run. */
export interface BilledPiece {
  readonly subscriptions: number;
  readonly lines: number;
}

/** What a piece needs as far as it is known beforehand: for the `needs` of the command that bills it. */
export function needsOfPiece({ accountId, subscriptionNumbers }: BillRunPiece): Need[] {
  return [{ kind: 'account', key: accountId }, ...needsOfBilling(subscriptionNumbers)];
}

/**
 * Bills a piece of an account in a bill run. Its lines go into the run's invoices of status 'Generating', which it opens where there is none
 * with room (`documentIdOf`): they count in no metric, but what they bill is billed. `amountMinor`, `balanceMinor` and `lineCount` are those
 * of the lines so far; an amount may be below zero until the run's end, which makes a credit memo of such an invoice (semantics E.4).
 *
 * Refuses only what no line or document can hold; then nothing of the piece is to be committed.
 *
 * @throws MissingState as `state.find` does
 */
export function billPiece(
  piece: BillRunPiece,
  { state, plan, context }: BillingAtHand,
): BilledPiece | Refusal {
  const account = state.find('account', piece.accountId);
  if (account === null) return { subscriptions: 0, lines: 0 };
  const billings = findBillings(state, piece.subscriptionNumbers).filter(
    ({ subscription }) => subscription.invoiceOwnerAccountId === account.id,
  );
  const numbers = new NumberTaker(context);
  const at = { state, plan, context: takingNumbersFrom(numbers, context) };
  const billed = billLines(billings, piece, at);
  if (isRefusal(billed)) return billed;
  const groups = groupLines(billed);
  const open = openDocuments(piece, groups, at);
  let lines = 0;
  for (const [index, grouped] of groups.entries()) {
    const refusal = addLines(piece, grouped, open[index]!, at);
    if (refusal !== null) return refusal;
    lines += grouped.lines.length;
  }
  numbers.settle();
  return { subscriptions: billings.length, lines };
}

/** The document of a group that has room: null where it is still to be opened. */
interface OpenDocument {
  readonly ordinal: number;
  readonly invoice: Invoice | null;
}

/** How many of a group's documents are looked at in each round trip, until one is found that has room. */
const LOOKED_AT = [4, 16, 64, 256, 1_024] as const;

function openDocuments(
  { billRunId }: BillRunPiece,
  groups: readonly GroupedLines[],
  { state }: BillingAtHand,
): OpenDocument[] {
  const found = new Map<string, OpenDocument>();
  let first = 0;
  for (const count of LOOKED_AT) {
    const left = groups.filter(({ group }) => !found.has(group.key));
    if (left.length === 0) break;
    const ordinals = Array.from({ length: count }, (_, i) => first + i);
    demand(
      state,
      left.flatMap(({ group }) =>
        ordinals.map((ordinal) => ({
          kind: 'invoice' as const,
          key: documentIdOf(billRunId, group.key, ordinal),
        })),
      ),
    );
    for (const { group } of left) {
      for (const ordinal of ordinals) {
        const invoice = state.find('invoice', documentIdOf(billRunId, group.key, ordinal));
        if (invoice !== null && (invoice.status !== 'Generating' || invoice.lineCount >= DOCUMENT_LINES_MAX))
          continue;
        found.set(group.key, { ordinal, invoice });
        break;
      }
    }
    first += count;
  }
  return groups.map(({ group }) => found.get(group.key)!);
}

function addLines(
  piece: BillRunPiece,
  { group, lines }: GroupedLines,
  open: OpenDocument,
  { plan, context }: BillingAtHand,
): Refusal | null {
  let { ordinal, invoice } = open;
  for (let at = 0; at < lines.length; ordinal++, invoice = null) {
    const before = invoice?.lineCount ?? 0;
    const taken = lines.slice(at, at + DOCUMENT_LINES_MAX - before);
    const fits = sumOf(taken, invoice?.amountMinor);
    if (typeof fits !== 'number') return fits;
    const id = documentIdOf(piece.billRunId, group.key, ordinal);
    const sum = { ...totalsOf(taken, invoice ?? NO_LINES), id, lineCount: before + taken.length };
    if (invoice === null)
      plan.insert('invoice', newInvoice(group, termsOf(piece), sum, 'Generating', context));
    else plan.update('invoice', { ...invoice, ...sum, balanceMinor: sum.amountMinor });
    writeItems(taken, id, before, { plan, context });
    at += taken.length;
  }
  return null;
}

function writeItems(
  lines: readonly NewBillingLine[],
  invoiceId: string,
  before: number,
  { plan, context }: Pick<BillingAtHand, 'plan' | 'context'>,
): void {
  for (const [i, line] of lines.entries()) {
    plan.insert('invoiceItem', invoiceItemOf(line, invoiceId, before + i + 1, context));
  }
}

function termsOf({ billRunId, invoiceDate, targetDate }: BillRunPiece): DocumentTerms {
  return {
    documentDate: invoiceDate,
    targetDate,
    sourceType: 'Subscription',
    sourceId: null,
    billRunId,
    creditMemoReasonCode: null,
  };
}

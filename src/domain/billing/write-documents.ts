import type { PlanBuilder } from '../account/plan.ts';
import type { MetricDelta } from '../metrics/delta.ts';
import { isRefusal, type Refusal } from '../result.ts';
import type { CreditMemo, CreditMemoItem } from '../settlement/credit-memo.ts';
import type { BilledLines, BillingAtHand } from './bill-lines.ts';
import type { NewBillingLine } from './bill-subscription.ts';
import { DOCUMENT_LINES_MAX, type DocumentGroup, groupLines } from './document-group.ts';
import {
  creditMemoItemOf,
  type DocumentTerms,
  invoiceItemOf,
  newCreditMemo,
  newInvoice,
  roundingLine,
  sumOf,
} from './document-rows.ts';
import type { Invoice, InvoiceItem } from './invoice.ts';
import { totalsOf } from './line-totals.ts';
import { postingDelta, withContactSnapshots } from './post-invoice.ts';

export interface WrittenInvoice {
  readonly invoice: Invoice;
  readonly items: readonly InvoiceItem[];
}

export interface WrittenCreditMemo {
  readonly creditMemo: CreditMemo;
  readonly items: readonly CreditMemoItem[];
}

/** What billing made of the lines. Subscriptions without lines are in no document. */
export interface WrittenDocuments {
  readonly invoices: readonly WrittenInvoice[];
  readonly creditMemos: readonly WrittenCreditMemo[];
}

/**
 * Makes documents of billed lines: what belongs together (`groupOf`) is netted, a sum of zero or more to an invoice, which may hold negative
 * lines, a sum below zero to one credit memo with the lines turned round (semantics E.4). What is more than a document holds goes into
 * the next one. Drafts move no metric, posted ones as F.1 rows 17, 35 and 44 say.
 *
 * Refuses what no document can hold.
 */
export function writeDocuments(
  billed: readonly BilledLines[],
  terms: DocumentTerms,
  posts: boolean,
  at: BillingAtHand,
): WrittenDocuments | Refusal {
  const invoices: WrittenInvoice[] = [];
  const creditMemos: WrittenCreditMemo[] = [];
  for (const { group, lines } of groupLines(billed)) {
    for (let first = 0; first < lines.length; first += DOCUMENT_LINES_MAX) {
      const part = lines.slice(first, first + DOCUMENT_LINES_MAX);
      const sum = sumOf(part);
      if (typeof sum !== 'number') return sum;
      if (sum < 0) creditMemos.push(writeCreditMemo(group, terms, part, -sum, posts, at));
      else {
        const written = writeInvoice(group, terms, part, sum, posts, at);
        if (isRefusal(written)) return written;
        invoices.push(written);
      }
    }
  }
  return { invoices, creditMemos };
}

function writeInvoice(
  group: DocumentGroup,
  terms: DocumentTerms,
  lines: readonly NewBillingLine[],
  sumMinor: number,
  posts: boolean,
  { state, plan, context }: BillingAtHand,
): WrittenInvoice | Refusal {
  const place = { currency: group.currency, documentDate: terms.documentDate };
  const rounding = roundingLine(sumMinor, place, context.rules.billing, context);
  if (rounding !== null && isRefusal(rounding)) return rounding;
  const all = rounding === null ? lines : [...lines, rounding];
  const amountMinor = sumOf(all);
  if (typeof amountMinor !== 'number') return amountMinor;
  const id = context.newId();
  const draft = newInvoice(group, terms, { id, lineCount: all.length, ...totalsOf(all) }, 'Draft', context);
  const invoice = posts
    ? {
        ...withContactSnapshots(state, plan, draft, group.account, context),
        status: 'Posted' as const,
        postedAt: context.now,
        postedBy: context.actor,
      }
    : draft;
  const items = all.map((line, i) => invoiceItemOf(line, id, i + 1, context));
  plan.insert('invoice', invoice);
  for (const item of items) plan.insert('invoiceItem', item);
  if (posts) plan.delta(postingDelta(invoice));
  return { invoice, items };
}

function writeCreditMemo(
  group: DocumentGroup,
  terms: DocumentTerms,
  lines: readonly NewBillingLine[],
  amountMinor: number,
  posts: boolean,
  { state, plan, context }: BillingAtHand,
): WrittenCreditMemo {
  const id = context.newId();
  const draft = newCreditMemo(group, terms, { id, amountMinor, lineCount: lines.length }, context);
  const creditMemo = posts ? postedMemo(draft, group, { state, plan, context }) : draft;
  const items = lines.map((line, i) => creditMemoItemOf(line, id, i + 1, context));
  plan.insert('creditMemo', creditMemo);
  for (const item of items) plan.insert('creditMemoItem', item);
  if (posts) plan.delta(memoPostingDelta(creditMemo));
  return { creditMemo, items };
}

/** A posted memo keeps its contacts, or else its account's, as they are now, like an invoice. */
function postedMemo(
  draft: CreditMemo,
  { account }: DocumentGroup,
  { state, plan, context }: Pick<BillingAtHand, 'state' | 'context'> & { readonly plan: PlanBuilder },
): CreditMemo {
  return {
    ...withContactSnapshots(state, plan, draft, account, context),
    status: 'Posted',
    postedAt: context.now,
    postedBy: context.actor,
  };
}

/** What posting a credit memo moves: all of it is unapplied (semantics F.1 row 35). */
function memoPostingDelta(memo: CreditMemo): MetricDelta {
  return {
    accountId: memo.accountId,
    currency: memo.currency,
    unappliedCreditMemoMinor: memo.amountMinor,
    documentKind: 'creditMemo',
    documentId: memo.id,
  };
}

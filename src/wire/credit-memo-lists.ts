import { z } from 'zod';
import type { Application } from '../domain/settlement/application.ts';
import type { CreditMemoItem, CreditMemoReply } from '../domain/settlement/credit-memo.ts';
import type { ItemPart } from '../domain/settlement/item-parts.ts';
import { sharesOf } from '../domain/settlement/item-shares.ts';
import { toWireMemoLine } from './memo-lines.ts';
import {
  toWireDateTime,
  toWireMoney,
  wireCurrency,
  wireDate,
  wireKey,
  wireNotFilterable,
  wirePaging,
} from './values.ts';

/** Date-times of documents are shown in UTC. */
const DOCUMENT_TIME_ZONE = 'UTC';

const wireTrueOrFalse = z.enum(['true', 'false'], { error: 'must be true or false' }).optional();

/** `+` in a query is a blank. */
const SORTS = {
  creditMemoDate: { column: 'memoDate', direction: 'ASC' },
  '-creditMemoDate': { column: 'memoDate', direction: 'DESC' },
  number: { column: 'number', direction: 'ASC' },
  '-number': { column: 'number', direction: 'DESC' },
} as const;
type Sort = (typeof SORTS)[keyof typeof SORTS];

function sortOf(text: string): Sort | undefined {
  const name = text.replace(/^[+ ]/, '');
  return Object.hasOwn(SORTS, name) ? SORTS[name as keyof typeof SORTS] : undefined;
}

/** Names of the filters that narrow what an account, a number or an invoice leads to. */
const NARROWING = [
  'autoApplyUponPosting',
  'creditMemoDate',
  'currency',
  'excludeFromAutoApplyRules',
  'status',
  'targetDate',
] as const;

/**
 * Query of GET /v1/credit-memos. Only filters that an index answers are taken: status, currency … narrow the list of an account or invoice. Sorted is
 * by the date within an account, by the number over all.
 */
export const wireCreditMemoQuery = wirePaging
  .extend({
    accountId: wireKey.optional(),
    accountNumber: wireKey.optional(),
    number: wireKey.optional(),
    referredInvoiceId: wireKey.optional(),
    autoApplyUponPosting: wireTrueOrFalse,
    creditMemoDate: wireDate.optional(),
    currency: wireCurrency.optional(),
    excludeFromAutoApplyRules: wireTrueOrFalse,
    status: z
      .enum(['Draft', 'Posted', 'Canceled', 'Error', 'PendingForTax', 'Generating', 'CancelInProgress'])
      .optional(),
    targetDate: wireDate.optional(),
    sort: z
      .string()
      .refine((text) => sortOf(text) !== undefined, 'must be creditMemoDate or number, with + or - before it')
      .optional(),
    amount: wireNotFilterable,
    appliedAmount: wireNotFilterable,
    createdById: wireNotFilterable,
    createdDate: wireNotFilterable,
    refundAmount: wireNotFilterable,
    sourceId: wireNotFilterable,
    taxAmount: wireNotFilterable,
    totalTaxExemptAmount: wireNotFilterable,
    transferredToAccounting: wireNotFilterable,
    unappliedAmount: wireNotFilterable,
    updatedById: wireNotFilterable,
    updatedDate: wireNotFilterable,
  })
  .superRefine((query, context) => {
    const isOfAccount = query.accountId !== undefined || query.accountNumber !== undefined;
    const isLed = isOfAccount || query.number !== undefined || query.referredInvoiceId !== undefined;
    for (const name of NARROWING) {
      if (isLed || query[name] === undefined) continue;
      const message = 'needs accountId, accountNumber, number or referredInvoiceId beside it';
      context.addIssue({ code: 'custom', path: [name], message });
    }
    const sort = query.sort === undefined ? undefined : sortOf(query.sort);
    const issue = (message: string) => context.addIssue({ code: 'custom', path: ['sort'], message });
    if (sort?.column === 'memoDate' && !isOfAccount)
      issue('by date needs accountId or accountNumber beside it');
    if (sort?.column === 'number' && isLed) issue('by number is for the list of all memos alone');
  });

export function fromWireCreditMemoQuery(query: z.output<typeof wireCreditMemoQuery>) {
  const flag = (text: 'true' | 'false' | undefined) => (text === undefined ? undefined : text === 'true');
  return {
    accountId: query.accountId,
    number: query.number,
    referredInvoiceId: query.referredInvoiceId,
    autoApplyUponPosting: flag(query.autoApplyUponPosting),
    excludeFromAutoApplyRules: flag(query.excludeFromAutoApplyRules),
    memoDate: query.creditMemoDate,
    currency: query.currency,
    status: query.status,
    targetDate: query.targetDate,
    sort: query.sort === undefined ? undefined : sortOf(query.sort),
  };
}

/** Query of GET /v1/credit-memos/{creditMemoKey}/items. */
export const wireCreditMemoItemQuery = wirePaging.extend({
  sort: z.undefined({ error: 'sorting is not available yet; items are listed in their order' }).optional(),
  amount: wireNotFilterable,
  appliedAmount: wireNotFilterable,
  createdById: wireNotFilterable,
  createdDate: wireNotFilterable,
  id: wireNotFilterable,
  refundAmount: wireNotFilterable,
  serviceEndDate: wireNotFilterable,
  serviceStartDate: wireNotFilterable,
  sku: wireNotFilterable,
  skuName: wireNotFilterable,
  sourceItemId: wireNotFilterable,
  subscriptionId: wireNotFilterable,
  updatedById: wireNotFilterable,
  updatedDate: wireNotFilterable,
});

/** Lines of a credit memo, as they were read: all, or a page, or one. */
export interface WireCreditMemoItems {
  readonly items: ReadonlyArray<{ readonly item: CreditMemoItem; readonly sku: string | null }>;
  readonly openBeforeMinor: number;
  readonly explicitMinor: number;
  readonly refundedFromLinesMinor: number;
}

/**
 * Lines of a credit memo. What is applied of it as a whole is laid over its lines in their order, and after that what is refunded of it, so that
 * what is left of the lines adds up to what is left of the memo (decision 009).
 */
export function toWireCreditMemoItems(
  { memo }: CreditMemoReply,
  { items, openBeforeMinor, explicitMinor: appliedToLinesMinor, refundedFromLinesMinor }: WireCreditMemoItems,
): object[] {
  const meant = new Map(items.map(({ item }) => [item.id, item.appliedMinor + item.refundedMinor]));
  const lines = items.map(({ item }) => item);
  const wholeMinor = memo.appliedMinor - appliedToLinesMinor;
  const wholeRefundedMinor = memo.refundedMinor - refundedFromLinesMinor;
  const applied = sharesOf(lines, meant, wholeMinor, openBeforeMinor).map(
    (minor, i) => minor - lines[i]!.refundedMinor,
  );
  const used = sharesOf(lines, meant, wholeMinor + wholeRefundedMinor, openBeforeMinor);
  const money = (minor: number) => toWireMoney(minor, memo.currency);
  return items.map(({ item, sku }, i) => ({
    ...toWireMemoLine({
      line: item,
      memo,
      sourceItemId: item.creditFromItemId ?? item.chargeId,
      sourceItemType: sourceTypeOf(item),
      sku,
    }),
    appliedToItemId: item.appliedToItemId,
    creditFromItemId: item.creditFromItemId,
    creditFromItemSource: item.creditFromItemSource,
    creditTaxItems: [],
    appliedAmount: money(applied[i]!),
    refundAmount: money(used[i]! - applied[i]!),
    unappliedAmount: money(item.amountMinor + item.taxMinor - used[i]!),
  }));
}

function sourceTypeOf({ creditFromItemId, creditFromItemSource, chargeId }: CreditMemoItem) {
  if (creditFromItemId !== null) {
    return creditFromItemSource === 'InvoiceItem' ? 'InvoiceDetail' : 'DebitMemoItem';
  }
  return chargeId === null ? 'ProductRatePlanCharge' : 'SubscriptionComponent';
}

function auditOf({ createdAt, createdBy, updatedAt, updatedBy }: Application) {
  return {
    createdById: createdBy,
    createdDate: toWireDateTime(createdAt, DOCUMENT_TIME_ZONE),
    updatedById: updatedBy,
    updatedDate: toWireDateTime(updatedAt, DOCUMENT_TIME_ZONE),
  };
}

/** How much of one line is applied to one line, of an application of the memo. */
export function toWireCreditMemoItemPart(
  { id, amountMinor, sourceItemId, targetItemId }: ItemPart,
  application: Application,
  currency: string,
): object {
  const isOfInvoice = application.targetKind === 'invoice';
  return {
    id,
    amount: toWireMoney(amountMinor, currency),
    creditMemoItemId: sourceItemId,
    creditTaxItemId: null,
    invoiceItemId: isOfInvoice ? targetItemId : null,
    debitMemoItemId: isOfInvoice ? null : targetItemId,
    taxItemId: null,
    ...auditOf(application),
  };
}

import { z } from 'zod';
import type { DebitMemoFromCharges, DebitMemoFromInvoice } from '../domain/settlement/create-debit-memo.ts';
import type { DebitMemoItem, DebitMemoReply } from '../domain/settlement/debit-memo.ts';
import type { DebitMemoReference } from '../domain/settlement/debit-memo-status.ts';
import { sharesOf } from '../domain/settlement/item-shares.ts';
import type { UpdateDebitMemo } from '../domain/settlement/update-debit-memo.ts';
import { toWireMemoLine } from './memo-lines.ts';
import {
  fromWireMemoChange,
  fromWireMemoFromCharges,
  fromWireMemoFromInvoice,
  memosOf,
  toWireMemo,
  wireMemoChange,
  wireMemoFromCharges,
  wireMemoFromInvoice,
  wireMemosOfSource,
} from './memos.ts';
import {
  toWireMoney,
  wireBoolean,
  wireCurrency,
  wireDate,
  wireKey,
  wireNotFilterable,
  wirePaging,
  withCustomFields,
} from './values.ts';

/** POST /v1/debit-memos. */
export const wireDebitMemoFromCharges = withCustomFields({
  ...wireMemoFromCharges,
  autoPay: wireBoolean.nullish(),
  dueDate: wireDate.nullish(),
});
type WireFromCharges = z.output<typeof wireDebitMemoFromCharges>;

/** POST /v1/debit-memos/invoice/{invoiceKey}. */
export const wireDebitMemoFromInvoice = withCustomFields({
  ...wireMemoFromInvoice,
  autoPay: wireBoolean.nullish(),
  billToContactId: wireKey.nullish(),
  soldToContactId: wireKey.nullish(),
  soldToSameAsBillTo: wireBoolean.nullish(),
});
type WireFromInvoice = z.output<typeof wireDebitMemoFromInvoice>;

/** POST /v1/debit-memos/bulk. */
export const wireDebitMemos = wireMemosOfSource(wireDebitMemoFromCharges, wireDebitMemoFromInvoice);

const change = { ...wireMemoChange, autoPay: wireBoolean.nullish(), dueDate: wireDate.nullish() };

/** PUT /v1/debit-memos/{debitMemoKey}. */
export const wireDebitMemoChange = withCustomFields(change);
type WireChange = z.output<typeof wireDebitMemoChange>;

/** PUT /v1/debit-memos/bulk. */
export const wireDebitMemoChanges = z.object({
  memos: memosOf(withCustomFields({ ...change, id: wireKey })),
});

/** PUT /v1/debit-memos. */
export const wireDebitMemoDueDates = z.object({
  debitMemos: memosOf(z.object({ id: wireKey, dueDate: wireDate })),
});

/** Payment runs pick debit memos up unless the request says otherwise. */
const AUTO_PAY = true;

export function fromWireDebitMemoFromCharges(body: WireFromCharges): DebitMemoFromCharges {
  return {
    ...fromWireMemoFromCharges(body),
    autoPay: body.autoPay ?? AUTO_PAY,
    dueDate: body.dueDate ?? null,
  };
}

export function fromWireDebitMemoFromInvoice(
  body: WireFromInvoice,
  invoice: { readonly id: string; readonly accountId: string },
): DebitMemoFromInvoice {
  return {
    ...fromWireMemoFromInvoice(body, invoice),
    autoPay: body.autoPay ?? AUTO_PAY,
    billToContactId: body.billToContactId ?? null,
    soldToContactId: body.soldToContactId ?? null,
    soldToSameAsBillTo: body.soldToSameAsBillTo ?? false,
  };
}

export function fromWireDebitMemoChange(body: WireChange, memo: DebitMemoReference): UpdateDebitMemo {
  return {
    ...memo,
    ...fromWireMemoChange(body),
    dueDate: body.dueDate ?? null,
    autoPay: body.autoPay ?? null,
  };
}

/** Query of GET /v1/debit-memos. Only filters that an index answers are taken: status, dueDate … narrow the list of an account or invoice. */
export const wireDebitMemoQuery = wirePaging
  .extend({
    accountId: wireKey.optional(),
    accountNumber: wireKey.optional(),
    number: wireKey.optional(),
    referredInvoiceId: wireKey.optional(),
    currency: wireCurrency.optional(),
    status: z
      .enum(['Draft', 'Posted', 'Canceled', 'Error', 'PendingForTax', 'Generating', 'CancelInProgress'])
      .optional(),
    debitMemoDate: wireDate.optional(),
    dueDate: wireDate.optional(),
    targetDate: wireDate.optional(),
    sort: z
      .undefined({ error: 'sorting is not available yet; debit memos are listed newest first' })
      .optional(),
    amount: wireNotFilterable,
    balance: wireNotFilterable,
    beAppliedAmount: wireNotFilterable,
    createdById: wireNotFilterable,
    createdDate: wireNotFilterable,
    taxAmount: wireNotFilterable,
    totalTaxExemptAmount: wireNotFilterable,
    updatedById: wireNotFilterable,
    updatedDate: wireNotFilterable,
  })
  .superRefine((query, context) => {
    const leads = [query.accountId, query.accountNumber, query.number, query.referredInvoiceId];
    if (leads.some((key) => key !== undefined)) return;
    for (const name of ['currency', 'status', 'debitMemoDate', 'dueDate', 'targetDate'] as const) {
      if (query[name] === undefined) continue;
      const message = 'needs accountId, accountNumber, number or referredInvoiceId beside it';
      context.addIssue({ code: 'custom', path: [name], message });
    }
  });

/** Query of GET /v1/debit-memos/{debitMemoKey}/items. */
export const wireDebitMemoItemQuery = wirePaging.extend({
  sort: z.undefined({ error: 'sorting is not available yet; items are listed in their order' }).optional(),
  amount: wireNotFilterable,
  beAppliedAmount: wireNotFilterable,
  createdById: wireNotFilterable,
  createdDate: wireNotFilterable,
  id: wireNotFilterable,
  serviceEndDate: wireNotFilterable,
  serviceStartDate: wireNotFilterable,
  sku: wireNotFilterable,
  skuName: wireNotFilterable,
  sourceItemId: wireNotFilterable,
  subscriptionId: wireNotFilterable,
  updatedById: wireNotFilterable,
  updatedDate: wireNotFilterable,
});

/** A debit memo as every reply shows it, without `success`. */
export function toWireDebitMemo({ memo, accountNumber }: DebitMemoReply): object {
  const beAppliedMinor = memo.paymentsAppliedMinor + memo.creditMemosAppliedMinor;
  return {
    ...toWireMemo(memo, accountNumber),
    debitMemoDate: memo.memoDate,
    dueDate: memo.dueDate,
    balance: toWireMoney(memo.balanceMinor, memo.currency),
    beAppliedAmount: toWireMoney(beAppliedMinor, memo.currency),
    autoPay: memo.autoPay,
    referredCreditMemoId: memo.referredCreditMemoId,
    sourceType: memo.sourceType,
    paymentTerm: memo.paymentTerm,
  };
}

export function toWireDebitMemoReply(reply: DebitMemoReply): object {
  return { ...toWireDebitMemo(reply), success: true };
}

/** Lines of a debit memo, as they were read: all, or a page, or one. */
export interface WireDebitMemoItems {
  readonly items: ReadonlyArray<{ readonly item: DebitMemoItem; readonly sku: string | null }>;
  readonly openBeforeMinor: number;
  readonly explicitMinor: number;
}

/** Lines of a debit memo. What is applied to it as a whole is laid over its lines, so that their balances add up to its own (decision 009). */
export function toWireDebitMemoItems(
  { memo }: DebitMemoReply,
  { items, openBeforeMinor, explicitMinor }: WireDebitMemoItems,
): object[] {
  const wholeMinor = memo.paymentsAppliedMinor + memo.creditMemosAppliedMinor - explicitMinor;
  const explicitByLine = new Map(items.map(({ item }) => [item.id, item.appliedMinor]));
  const lines = items.map(({ item }) => item);
  const shares = sharesOf(lines, explicitByLine, wholeMinor, openBeforeMinor);
  return items.map(({ item, sku }, i) => {
    const sourceItemType =
      item.appliedToItemId === null
        ? 'ProductRatePlanCharge'
        : memo.sourceType === 'CreditMemo'
          ? 'CreditMemoItem'
          : 'InvoiceDetail';
    return {
      ...toWireMemoLine({ line: item, memo, sourceItemId: item.appliedToItemId, sourceItemType, sku }),
      beAppliedAmount: toWireMoney(shares[i]!, memo.currency),
      balance: toWireMoney(item.amountMinor + item.taxMinor - shares[i]!, memo.currency),
    };
  });
}

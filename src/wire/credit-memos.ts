import { z } from 'zod';
import type { MoveCreditMemo } from '../domain/settlement/apply-credit-memo.ts';
import type {
  CreditMemoFromCharges,
  CreditMemoFromInvoice,
} from '../domain/settlement/create-credit-memo.ts';
import type { CreditMemo, CreditMemoReply } from '../domain/settlement/credit-memo.ts';
import type { CreditMemoReference } from '../domain/settlement/credit-memo-status.ts';
import type { MirrorTerms } from '../domain/settlement/mirror-memo.ts';
import type { UpdateCreditMemo } from '../domain/settlement/update-credit-memo.ts';
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
import { checkedParts, fromWireParts, wireParts } from './parts.ts';
import {
  customFieldsOf,
  toWireMoney,
  wireBoolean,
  wireDate,
  wireDocumentDate,
  wireKey,
  wireNotYet,
  wireText,
  withCustomFields,
} from './values.ts';

/** POST /v1/credit-memos. */
export const wireCreditMemoFromCharges = withCustomFields({
  ...wireMemoFromCharges,
  excludeFromAutoApplyRules: wireBoolean.nullish(),
});
type WireFromCharges = z.output<typeof wireCreditMemoFromCharges>;

/** POST /v1/credit-memos/invoice/{invoiceKey}. */
export const wireCreditMemoFromInvoice = withCustomFields({
  ...wireMemoFromInvoice,
  autoApplyToInvoiceUponPosting: wireBoolean.nullish(),
  excludeFromAutoApplyRules: wireBoolean.nullish(),
});
type WireFromInvoice = z.output<typeof wireCreditMemoFromInvoice>;

/** POST /v1/credit-memos/bulk. */
export const wireCreditMemos = wireMemosOfSource(wireCreditMemoFromCharges, wireCreditMemoFromInvoice);

const change = {
  ...wireMemoChange,
  autoApplyUponPosting: wireBoolean.nullish(),
  excludeFromAutoApplyRules: wireBoolean.nullish(),
};

/** PUT /v1/credit-memos/{creditMemoKey}. */
export const wireCreditMemoChange = withCustomFields(change);
type WireChange = z.output<typeof wireCreditMemoChange>;

/** PUT /v1/credit-memos/bulk. */
export const wireCreditMemoChanges = z.object({
  memos: memosOf(withCustomFields({ ...change, id: wireKey })),
});

/** PUT /v1/credit-memos/{creditMemoKey}/apply, …/unapply and their asynchronous twins. */
export const wireMoveCreditMemo = checkedParts(
  z.object({ effectiveDate: wireDate.nullish(), ...wireParts }),
  1,
);
type WireMove = z.output<typeof wireMoveCreditMemo>;

/** PUT …/reverse of a credit memo or invoice. Nothing has to be said. */
export const wireReversal = z.object({
  memoDate: wireDocumentDate.nullish(),
  applyEffectiveDate: wireDate.nullish(),
  comment: wireText(255).nullish(),
  reasonCode: wireText(255).nullish(),
});

/** PUT …/write-off of a credit memo or invoice. Nothing has to be said; what is written off is all that is left. */
export const wireWriteOff = withCustomFields({
  memoDate: wireDocumentDate.nullish(),
  comment: wireText(255).nullish(),
  reasonCode: wireText(255).nullish(),
  amount: wireNotYet,
  items: wireNotYet.refine((items) => items == null, 'is not supported yet: leave it out'),
  nonRevenueWriteOffAccountingCode: wireNotYet,
  revenueImpacting: z.literal('Yes', { error: 'must be Yes, or left out' }).nullish(),
  taxAutoCalculation: wireBoolean.nullish(),
});

export function fromWireCreditMemoFromCharges(body: WireFromCharges): CreditMemoFromCharges {
  return {
    ...fromWireMemoFromCharges(body),
    excludeFromAutoApplyRules: body.excludeFromAutoApplyRules ?? false,
  };
}

export function fromWireCreditMemoFromInvoice(
  body: WireFromInvoice,
  invoice: { readonly id: string; readonly accountId: string },
): CreditMemoFromInvoice {
  return {
    ...fromWireMemoFromInvoice(body, invoice),
    excludeFromAutoApplyRules: body.excludeFromAutoApplyRules ?? false,
    autoApplyToInvoiceUponPosting: body.autoApplyToInvoiceUponPosting ?? false,
  };
}

export function fromWireCreditMemoChange(body: WireChange, memo: CreditMemoReference): UpdateCreditMemo {
  return {
    ...memo,
    ...fromWireMemoChange(body),
    autoApplyUponPosting: body.autoApplyUponPosting ?? null,
    excludeFromAutoApplyRules: body.excludeFromAutoApplyRules ?? null,
  };
}

export function fromWireMoveCreditMemo(body: WireMove, memo: CreditMemoReference): MoveCreditMemo {
  return { ...memo, effectiveDate: body.effectiveDate ?? null, parts: fromWireParts(body) };
}

export function fromWireMirrorTerms(
  body: z.output<typeof wireReversal> | z.output<typeof wireWriteOff>,
): MirrorTerms {
  return {
    memoDate: body.memoDate ?? null,
    applyEffectiveDate: ('applyEffectiveDate' in body ? body.applyEffectiveDate : null) ?? null,
    reasonCode: body.reasonCode ?? null,
    comment: body.comment ?? null,
    customFields: customFieldsOf(body),
  };
}

/** The contract's words for what made a memo: where it came from, and of which kind that is. */
const SOURCES = {
  Standalone: { source: 'AdhocFromPrpc', sourceType: 'Standalone' },
  Invoice: { source: 'AdhocFromInvoice', sourceType: 'Invoice' },
  Subscription: { source: 'BillRun', sourceType: 'Subscription' },
  Order: { source: 'BillRun', sourceType: 'Order' },
  WriteOff: { source: 'WriteOff', sourceType: 'Invoice' },
  Reversal: { source: 'Reversal', sourceType: 'Invoice' },
} as const satisfies Record<CreditMemo['sourceType'], object>;

/** A credit memo as every reply shows it, without `success`. */
export function toWireCreditMemo({ memo, accountNumber }: CreditMemoReply): object {
  return {
    ...toWireMemo(memo, accountNumber),
    creditMemoDate: memo.memoDate,
    appliedAmount: toWireMoney(memo.appliedMinor, memo.currency),
    unappliedAmount: toWireMoney(memo.unappliedMinor, memo.currency),
    refundAmount: toWireMoney(memo.refundedMinor, memo.currency),
    ...SOURCES[memo.sourceType],
    sourceId: memo.sourceId,
    reversed: memo.isReversed,
    autoApplyUponPosting: memo.autoApplyUponPosting,
    excludeFromAutoApplyRules: memo.excludeFromAutoApplyRules,
  };
}

export function toWireCreditMemoReply(reply: CreditMemoReply): object {
  return { ...toWireCreditMemo(reply), success: true };
}

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
  BULK_MEMOS_MAX,
  fromWireChargeLine,
  fromWireInvoiceLine,
  fromWireLineChange,
  wireMemoChange,
  wireMemoFromCharges,
  wireMemoFromInvoice,
} from './memo-lines.ts';
import { checkedParts, fromWireParts, wireParts } from './parts.ts';
import {
  customFieldsOf,
  pickGiven,
  toWireDateTime,
  toWireMoney,
  wireBoolean,
  wireDate,
  wireDocumentDate,
  wireKey,
  wireNotYet,
  wireText,
  withCustomFields,
} from './values.ts';

/** Date-times of documents are shown in UTC. */
const DOCUMENT_TIME_ZONE = 'UTC';

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

function memosOf<Memo extends z.ZodType>(memo: Memo) {
  return z
    .array(memo, { error: 'must be a list of memos' })
    .min(1, 'must have at least one memo')
    .max(BULK_MEMOS_MAX, `must have at most ${BULK_MEMOS_MAX} memos`);
}

/** POST /v1/credit-memos/bulk. */
export const wireCreditMemos = z.discriminatedUnion(
  'sourceType',
  [
    z.object({ sourceType: z.literal('Standalone'), memos: memosOf(wireCreditMemoFromCharges) }),
    z.object({
      sourceType: z.literal('Invoice'),
      memos: memosOf(
        wireCreditMemoFromInvoice.refine(({ invoiceId }) => invoiceId != null, {
          error: 'is required',
          path: ['invoiceId'],
        }),
      ),
    }),
  ],
  { error: 'must be Standalone or Invoice' },
);

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

const DETAILS = ['customRates', 'transferredToAccounting'] as const;

export function fromWireCreditMemoFromCharges(body: WireFromCharges): CreditMemoFromCharges {
  return {
    ...fromEveryNewMemo(body),
    accountId: body.accountId ?? null,
    accountNumber: body.accountNumber ?? null,
    memoNumber: body.number ?? null,
    currency: body.currency ?? null,
    lines: body.charges.map(fromWireChargeLine),
  };
}

export function fromWireCreditMemoFromInvoice(
  body: WireFromInvoice,
  invoice: { readonly id: string; readonly accountId: string },
): CreditMemoFromInvoice {
  return {
    ...fromEveryNewMemo(body),
    invoiceId: invoice.id,
    accountId: invoice.accountId,
    autoApplyToInvoiceUponPosting: body.autoApplyToInvoiceUponPosting ?? false,
    lines: body.items.map(fromWireInvoiceLine),
  };
}

function fromEveryNewMemo(body: WireFromCharges | WireFromInvoice) {
  return {
    memoDate: body.effectiveDate ?? null,
    reasonCode: body.reasonCode ?? null,
    comment: body.comment ?? null,
    autoPost: body.autoPost ?? false,
    excludeFromAutoApplyRules: body.excludeFromAutoApplyRules ?? false,
    details: pickGiven(body, DETAILS),
    customFields: customFieldsOf(body),
  };
}

export function fromWireCreditMemoChange(body: WireChange, memo: CreditMemoReference): UpdateCreditMemo {
  return {
    ...memo,
    memoDate: body.effectiveDate ?? null,
    reasonCode: body.reasonCode ?? null,
    comment: body.comment ?? null,
    autoApplyUponPosting: body.autoApplyUponPosting ?? null,
    excludeFromAutoApplyRules: body.excludeFromAutoApplyRules ?? null,
    lines: (body.items ?? []).map(fromWireLineChange),
    details: pickGiven(body, DETAILS),
    customFields: customFieldsOf(body),
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
  DebitMemo: { source: 'API', sourceType: 'Standalone' },
  Subscription: { source: 'BillRun', sourceType: 'Subscription' },
  Order: { source: 'BillRun', sourceType: 'Order' },
  WriteOff: { source: 'WriteOff', sourceType: 'Invoice' },
  Reversal: { source: 'Reversal', sourceType: 'Invoice' },
} as const satisfies Record<CreditMemo['sourceType'], object>;

/** A credit memo as every reply shows it, without `success`. */
export function toWireCreditMemo({ memo, accountNumber }: CreditMemoReply): object {
  const money = (minor: number) => toWireMoney(minor, memo.currency);
  const time = (instant: string | null) =>
    instant === null ? null : toWireDateTime(instant, DOCUMENT_TIME_ZONE);
  const { details } = memo;
  return {
    id: memo.id,
    number: memo.memoNumber,
    accountId: memo.accountId,
    accountNumber,
    creditMemoDate: memo.memoDate,
    targetDate: memo.targetDate,
    currency: memo.currency,
    status: memo.status,
    amount: money(memo.amountMinor),
    taxAmount: money(memo.taxMinor),
    totalTaxExemptAmount: 0,
    appliedAmount: money(memo.appliedMinor),
    unappliedAmount: money(memo.unappliedMinor),
    refundAmount: money(memo.refundedMinor),
    comment: memo.comment,
    reasonCode: memo.reasonCode,
    referredInvoiceId: memo.referredInvoiceId,
    ...SOURCES[memo.sourceType],
    sourceId: memo.sourceId,
    reversed: memo.isReversed,
    autoApplyUponPosting: memo.autoApplyUponPosting,
    excludeFromAutoApplyRules: memo.excludeFromAutoApplyRules,
    transferredToAccounting: details.transferredToAccounting ?? 'false',
    latestPDFFileId: null,
    taxStatus: 'Complete',
    taxMessage: null,
    billToContactId: memo.billToContactId,
    billToContactSnapshotId: details.billToContactSnapshotId ?? null,
    sequenceSetId: null,
    invoiceGroupNumber: null,
    postedOn: time(memo.postedAt),
    postedById: memo.postedBy,
    cancelledOn: time(memo.cancelledAt),
    cancelledById: memo.cancelledBy,
    createdDate: time(memo.createdAt),
    createdById: memo.createdBy,
    updatedDate: time(memo.updatedAt),
    updatedById: memo.updatedBy,
    ...memo.customFields,
  };
}

export function toWireCreditMemoReply(reply: CreditMemoReply): object {
  return { ...toWireCreditMemo(reply), success: true };
}

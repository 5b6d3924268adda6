import { z } from 'zod';
import type { CreditMemo } from '../domain/settlement/credit-memo.ts';
import type { DebitMemo } from '../domain/settlement/debit-memo.ts';
import {
  DOCUMENT_TIME_ZONE,
  fromWireChargeLine,
  fromWireInvoiceLine,
  fromWireLineChange,
  wireChargeLines,
  wireInvoiceLines,
  wireLineChanges,
} from './memo-lines.ts';
import {
  customFieldsOf,
  pickGiven,
  toWireDateTime,
  toWireMoney,
  wireBoolean,
  wireCurrency,
  wireCustomRates,
  wireDocumentDate,
  wireDocumentNumber,
  wireKey,
  wireText,
} from './values.ts';
import { oneOf } from './words.ts';

/** Requests for credit and debit memos, and the memos in replies, as far as both kinds have them alike. */

/** Memos that one request makes or changes (conventions 7). */
const BULK_MEMOS_MAX = 50;

const ofEveryRequest = {
  comment: wireText(255).nullish(),
  effectiveDate: wireDocumentDate.nullish(),
  reasonCode: wireText(255).nullish(),
};

/** A memo that is made from charges: `charges` and whom it is for. */
export const wireMemoFromCharges = {
  accountId: wireKey.nullish(),
  accountNumber: wireKey.nullish(),
  number: wireDocumentNumber.nullish(),
  currency: wireCurrency.nullish(),
  customRates: wireCustomRates,
  autoPost: wireBoolean.nullish(),
  ...ofEveryRequest,
  charges: wireChargeLines,
};
type WireFromCharges = z.output<z.ZodObject<typeof wireMemoFromCharges>>;

/** A memo that is made from lines of an invoice. `invoiceId` may repeat the invoice of the path. */
export const wireMemoFromInvoice = {
  invoiceId: wireKey.nullish(),
  autoPost: wireBoolean.nullish(),
  ...ofEveryRequest,
  taxAutoCalculation: wireBoolean.nullish(),
  items: wireInvoiceLines,
};
type WireFromInvoice = z.output<z.ZodObject<typeof wireMemoFromInvoice>>;

/** What a change of a memo may say, of either kind. */
export const wireMemoChange = {
  ...ofEveryRequest,
  transferredToAccounting: oneOf(['Processing', 'true', 'false', 'Error', 'Ignore']).nullish(),
  items: wireLineChanges.nullish(),
};
type WireChange = z.output<z.ZodObject<typeof wireMemoChange>>;

/** The memos of one request. */
export function memosOf<Memo extends z.ZodType>(memo: Memo) {
  return z
    .array(memo, { error: 'must be a list of memos' })
    .min(1, 'must have at least one memo')
    .max(BULK_MEMOS_MAX, `must have at most ${BULK_MEMOS_MAX} memos`);
}

/** POST /v1/…-memos/bulk: `memos`, all of the one source that `sourceType` says. Those of invoices name theirs. */
export function wireMemosOfSource<
  FromCharges extends z.ZodType,
  FromInvoice extends z.ZodType<{ invoiceId?: string | null | undefined }>,
>(fromCharges: FromCharges, fromInvoice: FromInvoice) {
  const namesInvoice = fromInvoice.refine(({ invoiceId }) => invoiceId != null, {
    error: 'is required',
    path: ['invoiceId'],
  });
  return z.discriminatedUnion(
    'sourceType',
    [
      z.object({ sourceType: z.literal('Standalone'), memos: memosOf(fromCharges) }),
      z.object({ sourceType: z.literal('Invoice'), memos: memosOf(namesInvoice) }),
    ],
    { error: 'must be Standalone or Invoice' },
  );
}

export function fromWireMemoFromCharges(body: WireFromCharges) {
  return {
    ...fromEveryRequest(body),
    accountId: body.accountId ?? null,
    accountNumber: body.accountNumber ?? null,
    memoNumber: body.number ?? null,
    currency: body.currency ?? null,
    autoPost: body.autoPost ?? false,
    lines: body.charges.map(fromWireChargeLine),
  };
}

export function fromWireMemoFromInvoice(
  body: WireFromInvoice,
  invoice: { readonly id: string; readonly accountId: string },
) {
  return {
    ...fromEveryRequest(body),
    invoiceId: invoice.id,
    accountId: invoice.accountId,
    autoPost: body.autoPost ?? false,
    lines: body.items.map(fromWireInvoiceLine),
  };
}

export function fromWireMemoChange(body: WireChange) {
  return { ...fromEveryRequest(body), lines: (body.items ?? []).map(fromWireLineChange) };
}

function fromEveryRequest(body: WireFromCharges | WireFromInvoice | WireChange) {
  return {
    memoDate: body.effectiveDate ?? null,
    reasonCode: body.reasonCode ?? null,
    comment: body.comment ?? null,
    details: pickGiven(body, ['customRates', 'transferredToAccounting']),
    customFields: customFieldsOf(body),
  };
}

/** What replies show alike of credit and debit memos. */
export function toWireMemo(memo: CreditMemo | DebitMemo, accountNumber: string): object {
  const money = (minor: number) => toWireMoney(minor, memo.currency);
  const time = (instant: string | null) =>
    instant === null ? null : toWireDateTime(instant, DOCUMENT_TIME_ZONE);
  const { details } = memo;
  return {
    id: memo.id,
    number: memo.memoNumber,
    accountId: memo.accountId,
    accountNumber,
    targetDate: memo.targetDate,
    currency: memo.currency,
    status: memo.status,
    amount: money(memo.amountMinor),
    taxAmount: money(memo.taxMinor),
    totalTaxExemptAmount: 0,
    comment: memo.comment,
    reasonCode: memo.reasonCode,
    referredInvoiceId: memo.referredInvoiceId,
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

import type { DocumentLine } from '../../src/domain/billing/document-line.ts';
import { NOT_BILLED } from '../../src/domain/billing/document-line.ts';
import type { CreditMemo, CreditMemoItem } from '../../src/domain/settlement/credit-memo.ts';
import type { DebitMemo, DebitMemoItem } from '../../src/domain/settlement/debit-memo.ts';

/** Credit and debit memos as they lie in the database, for tests of what settles, refunds and takes off. */
const AUDIT = {
  createdAt: '2026-01-01T00:00:00.000Z',
  createdBy: 'test',
  updatedAt: '2026-01-01T00:00:00.000Z',
  updatedBy: 'test',
};

const LINE = {
  revision: 1,
  chargeName: 'Line',
  chargeDate: '2026-03-01',
  taxMinor: 0,
  quantity: '1',
  serviceStartDate: '2026-03-01',
  serviceEndDate: null,
  productRatePlanChargeId: null,
  subscriptionId: null,
  processingType: 'Charge',
} as const satisfies Partial<DocumentLine> & { revision: number };

const OF_BOTH = {
  revision: 1,
  status: 'Posted',
  memoDate: '2026-03-10',
  targetDate: null,
  currency: 'USD',
  taxMinor: 0,
  reasonCode: null,
  comment: null,
  sourceType: 'Standalone',
  postedAt: AUDIT.createdAt,
  postedBy: 'test',
  cancelledAt: null,
  cancelledBy: null,
  billToContactId: null,
  soldToContactId: null,
  referredInvoiceId: null,
  details: {},
  customFields: {},
  ...AUDIT,
} as const;

interface Wanted {
  readonly id: string;
  readonly accountId: string;
  /** Of its lines, minor units. */
  readonly linesMinor: readonly number[];
}

function lineId(documentId: string, index: number): string {
  return `${documentId.slice(0, 28)}${(index + 1).toString(16).padStart(4, '0')}`;
}

/** A posted credit memo of which nothing is applied or refunded, and its lines. */
export function creditMemoOf(
  { id, accountId, linesMinor }: Wanted,
  fields: Partial<CreditMemo> = {},
): { memo: CreditMemo; items: CreditMemoItem[] } {
  const amountMinor = linesMinor.reduce((sum, minor) => sum + minor, 0);
  const memo: CreditMemo = {
    ...OF_BOTH,
    id,
    accountId,
    memoNumber: `CM-${id.slice(-8)}`,
    amountMinor,
    appliedMinor: 0,
    unappliedMinor: amountMinor,
    refundedMinor: 0,
    sourceId: null,
    billRunId: null,
    isReversed: false,
    autoApplyUponPosting: false,
    excludeFromAutoApplyRules: false,
    lineCount: linesMinor.length,
    ...fields,
  };
  const items = linesMinor.map(
    (minor, index): CreditMemoItem => ({
      ...LINE,
      ...NOT_BILLED,
      id: lineId(id, index),
      creditMemoId: id,
      line: index + 1,
      amountMinor: minor,
      unitPrice: String(minor / 100),
      appliedMinor: 0,
      refundedMinor: 0,
      creditFromItemId: null,
      creditFromItemSource: null,
      details: {},
      customFields: {},
      createdAt: AUDIT.createdAt,
    }),
  );
  return { memo, items };
}

/** A posted debit memo that nothing is applied to, and its lines. */
export function debitMemoOf(
  { id, accountId, linesMinor }: Wanted,
  fields: Partial<DebitMemo> = {},
): { memo: DebitMemo; items: DebitMemoItem[] } {
  const amountMinor = linesMinor.reduce((sum, minor) => sum + minor, 0);
  const memo: DebitMemo = {
    ...OF_BOTH,
    id,
    accountId,
    memoNumber: `DM-${id.slice(-8)}`,
    dueDate: '2026-04-10',
    amountMinor,
    balanceMinor: amountMinor,
    paymentsAppliedMinor: 0,
    creditMemosAppliedMinor: 0,
    paymentTerm: null,
    autoPay: false,
    referredCreditMemoId: null,
    lineCount: linesMinor.length,
    ...fields,
  };
  const items = linesMinor.map(
    (minor, index): DebitMemoItem => ({
      ...LINE,
      id: lineId(id, index),
      debitMemoId: id,
      line: index + 1,
      amountMinor: minor,
      unitPrice: String(minor / 100),
      appliedMinor: 0,
      appliedToItemId: null,
      details: {},
      customFields: {},
      createdAt: AUDIT.createdAt,
    }),
  );
  return { memo, items };
}

import { z } from 'zod';
import type { RefundReply, RefundRequest } from '../domain/settlement/new-refund.ts';
import { refundPartId } from '../domain/settlement/part-items.ts';
import { applicationLimits } from '../domain/settlement/parts.ts';
import type { RefundCreditMemo } from '../domain/settlement/refund-credit-memo.ts';
import type { RefundPayment, RefundPaymentAndUnapply } from '../domain/settlement/refund-payment.ts';
import type { UpdateRefund } from '../domain/settlement/update-payment.ts';
import { toWireFinance, wireFinance } from './finance.ts';
import { checkedParts, fromWireParts, wireParts } from './parts.ts';
import {
  customFieldsOf,
  fromWireDecimal,
  pickGiven,
  toWireDateTime,
  toWireInstant,
  toWireMoney,
  wireCustomRates,
  wireDate,
  wireDecimal,
  wireKey,
  wireNotYet,
  wireText,
  withCustomFields,
} from './values.ts';

const DOCUMENT_TIME_ZONE = 'UTC';

/** How a refund can be given (semantics M). */
export const refundMethodTypes = [
  'ACH',
  'Cash',
  'Check',
  'CreditCard',
  'PayPal',
  'WireTransfer',
  'DebitCard',
  'CreditCardReferenceTransaction',
  'BankTransfer',
  'Other',
] as const;

const REFUND_DETAILS = [
  'customRates',
  'financeInformation',
  'refundTransactionType',
  'secondRefundReferenceId',
  'softDescriptor',
  'softDescriptorPhone',
] as const;

const METHODS = `must be one of ${refundMethodTypes.join(', ')}`;

/** What every refund may say of itself. */
const ofEveryRefund = {
  type: z.enum(['External', 'Electronic'], { error: 'must be External or Electronic' }),
  methodType: z.enum(refundMethodTypes, { error: METHODS }).nullish(),
  refundDate: wireDate.nullish(),
  reasonCode: wireText(255).nullish(),
  comment: wireText(255).nullish(),
  referenceId: wireText(100).nullish(),
  secondRefundReferenceId: wireText(100).nullish(),
  softDescriptor: wireText(35).nullish(),
  softDescriptorPhone: wireText(20).nullish(),
  financeInformation: wireFinance,
  gatewayOptions: wireNotYet,
};

const ofPaymentRefund = {
  ...ofEveryRefund,
  refundTransactionType: z
    .enum(['Chargeback', 'PaymentReversal'], { error: 'must be Chargeback or PaymentReversal' })
    .nullish(),
};

/** An external refund says how the money went back; no payment method is asked for it. */
function withMethod<Schema extends z.ZodObject>(schema: Schema): Schema {
  return schema.superRefine((body, context) => {
    const { type, methodType, paymentMethodId } = body as Readonly<Record<string, unknown>>;
    if (type !== 'External') return;
    const issue = (path: string, message: string) =>
      context.addIssue({ code: 'custom', path: [path], message });
    if (methodType == null) issue('methodType', 'is required for an External refund');
    if (paymentMethodId != null) issue('paymentMethodId', 'is for Electronic refunds: leave it out');
  }) as Schema;
}

/** POST /v1/payments/{key}/refunds. */
export const wirePaymentRefund = withMethod(
  withCustomFields({ ...ofPaymentRefund, totalAmount: wireDecimal, customRates: wireCustomRates }),
);
export type WirePaymentRefund = z.output<typeof wirePaymentRefund>;

/** POST /v1/payments/{key}/refunds/unapply. */
export const wireUnapplyRefund = checkedParts(
  withMethod(
    withCustomFields({
      ...ofPaymentRefund,
      totalAmount: wireDecimal.nullish(),
      ...wireParts,
      writeOff: wireNotYet,
      writeOffOptions: wireNotYet,
    }),
  ),
  0,
);
export type WireUnapplyRefund = z.output<typeof wireUnapplyRefund>;

const { itemsPerDocumentMax } = applicationLimits;

/** POST /v1/credit-memos/{key}/refund. */
export const wireMemoRefund = withMethod(
  withCustomFields({
    ...ofEveryRefund,
    totalAmount: wireDecimal,
    customRates: wireCustomRates,
    paymentMethodId: wireKey.nullish(),
    gatewayId: wireText(40).nullish(),
    items: z
      .array(z.object({ amount: wireDecimal, creditMemoItemId: wireKey, creditTaxItemId: wireNotYet }), {
        error: 'must be a list of items',
      })
      .max(itemsPerDocumentMax, `must have at most ${itemsPerDocumentMax} items`)
      .nullish(),
  }),
);
export type WireMemoRefund = z.output<typeof wireMemoRefund>;

/** PUT /v1/refunds/{key}. */
export const wireRefundUpdate = withCustomFields({
  comment: wireText(255).nullish(),
  reasonCode: wireText(255).nullish(),
  referenceId: wireText(100).nullish(),
  financeInformation: wireFinance,
});
export type WireRefundUpdate = z.output<typeof wireRefundUpdate>;

/** @param gateways those that there are */
function fromWireRequest(
  body: WirePaymentRefund | WireUnapplyRefund | WireMemoRefund,
  gateways: readonly string[],
): RefundRequest {
  const { paymentMethodId, gatewayId } = body as Partial<WireMemoRefund>;
  const isElectronic = body.type === 'Electronic';
  return {
    type: body.type,
    refundDate: body.refundDate ?? null,
    methodType: body.methodType ?? null,
    paymentMethodId: isElectronic ? (paymentMethodId ?? null) : null,
    reasonCode: body.reasonCode ?? null,
    comment: body.comment ?? null,
    referenceId: body.referenceId ?? null,
    ...(isElectronic
      ? { gateway: { gatewayId: gatewayId ?? null, gatewayField: 'gatewayId', gateways } }
      : {}),
    details: pickGiven(body, REFUND_DETAILS),
    customFields: customFieldsOf(body),
  };
}

export function fromWirePaymentRefund(
  body: WirePaymentRefund,
  paymentId: string,
  gateways: readonly string[],
): RefundPayment {
  return { ...fromWireRequest(body, gateways), paymentId, amount: fromWireDecimal(body.totalAmount) };
}

export function fromWireUnapplyRefund(
  body: WireUnapplyRefund,
  paymentId: string,
  gateways: readonly string[],
): RefundPaymentAndUnapply {
  const amount = body.totalAmount == null ? null : fromWireDecimal(body.totalAmount);
  return { ...fromWireRequest(body, gateways), paymentId, amount, parts: fromWireParts(body) };
}

export function fromWireMemoRefund(
  body: WireMemoRefund,
  creditMemoId: string,
  gateways: readonly string[],
): RefundCreditMemo {
  return {
    ...fromWireRequest(body, gateways),
    creditMemoId,
    amount: fromWireDecimal(body.totalAmount),
    items: (body.items ?? []).map(({ creditMemoItemId, amount }) => ({
      creditMemoItemId,
      amount: fromWireDecimal(amount),
    })),
  };
}

export function fromWireRefundUpdate(body: WireRefundUpdate, refundId: string): UpdateRefund {
  const { comment, reasonCode, referenceId } = body;
  return {
    refundId,
    ...(comment === undefined ? {} : { comment }),
    ...(reasonCode === undefined ? {} : { reasonCode }),
    ...(referenceId === undefined ? {} : { referenceId }),
    details: pickGiven(body, ['financeInformation']),
    customFields: customFieldsOf(body),
  };
}

/** A refund as every v1 reply shows it, without `success`. */
export function toWireRefund({ refund, paymentNumber }: RefundReply): object {
  const { details } = refund;
  const given = (name: (typeof REFUND_DETAILS)[number]) => details[name] ?? null;
  return {
    id: refund.id,
    number: refund.refundNumber,
    status: refund.status,
    type: refund.type,
    methodType: refund.methodType,
    accountId: refund.accountId,
    amount: toWireMoney(refund.amountMinor, refund.currency),
    refundDate: refund.refundDate,
    refundTransactionTime: null,
    comment: refund.comment,
    paymentMethodId: refund.paymentMethodId,
    paymentMethodSnapshotId: null,
    paymentId: refund.sourceKind === 'payment' ? refund.sourceId : null,
    paymentNumber,
    creditMemoId: refund.sourceKind === 'creditMemo' ? refund.sourceId : null,
    reasonCode: refund.reasonCode,
    gatewayId: details.gatewayId ?? null,
    paymentGatewayNumber: null,
    gatewayResponse: details.gatewayResponse ?? null,
    gatewayResponseCode: details.gatewayResponseCode ?? null,
    gatewayState: refund.gatewayState,
    markedForSubmissionOn: toWireInstant(details.markedForSubmissionOn),
    referenceId: refund.referenceId,
    secondRefundReferenceId: given('secondRefundReferenceId'),
    softDescriptor: given('softDescriptor'),
    softDescriptorPhone: given('softDescriptorPhone'),
    submittedOn: toWireInstant(details.submittedOn),
    settledOn: null,
    cancelledOn: refund.cancelledAt === null ? null : toWireDateTime(refund.cancelledAt, DOCUMENT_TIME_ZONE),
    ...toWireAudit(refund),
    financeInformation: toWireFinance(details),
    gatewayReconciliationStatus: null,
    gatewayReconciliationReason: null,
    payoutId: null,
    ...refund.customFields,
  };
}

function toWireAudit(refund: RefundReply['refund']): object {
  return {
    createdDate: toWireDateTime(refund.createdAt, DOCUMENT_TIME_ZONE),
    createdById: refund.createdBy,
    updatedDate: toWireDateTime(refund.updatedAt, DOCUMENT_TIME_ZONE),
    updatedById: refund.updatedBy,
  };
}

export function toWireRefundReply(reply: RefundReply): object {
  return { ...toWireRefund(reply), success: true };
}

/** The same with what the operation that takes off before it refunds says beside it. */
export function toWireUnapplyRefundReply(reply: RefundReply): object {
  return { ...toWireRefund(reply), writeOff: false, writeOffResults: null, success: true };
}

/** The one part of a refund: a refund is of one payment or credit memo. */
export function toWireRefundPart({ refund }: RefundReply): object {
  return {
    id: refundPartId(refund),
    amount: toWireMoney(refund.amountMinor, refund.currency),
    paymentId: refund.sourceKind === 'payment' ? refund.sourceId : null,
    creditMemoId: refund.sourceKind === 'creditMemo' ? refund.sourceId : null,
    ...toWireAudit(refund),
  };
}

/** A part of a refund's part: of one line of the memo, or (null) of the payment. */
export function toWireRefundItemPart(
  { refund }: RefundReply,
  itemPart: { readonly id: string; readonly creditMemoItemId: string | null; readonly amountMinor: number },
): object {
  return {
    id: itemPart.id,
    amount: toWireMoney(itemPart.amountMinor, refund.currency),
    creditMemoItemId: itemPart.creditMemoItemId,
    creditTaxItemId: null,
    ...toWireAudit(refund),
  };
}

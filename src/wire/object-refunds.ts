import { z } from 'zod';
import { applicationLimits, type RequestedPart } from '../domain/settlement/parts.ts';
import type { RefundPaymentAndUnapply } from '../domain/settlement/refund-payment.ts';
import type { UpdateRefund } from '../domain/settlement/update-payment.ts';
import { detailsUnder, fieldUnder, financeOf, TRANSFERRED_TO_ACCOUNTING } from './object-fields.ts';
import { refundMethodTypes } from './refunds.ts';
import {
  customFieldsOf,
  fromWireDecimal,
  wireDate,
  wireDecimal,
  wireKey,
  wireNotYet,
  wireText,
  withCustomFields,
} from './values.ts';
import { listOf, oneOf } from './words.ts';

/** Refunds of payments, as /v1/object/refund names them. */

/** Name here → name among a refund's attributes. */
const DETAILS = { SoftDescriptor: 'softDescriptor', SoftDescriptorPhone: 'softDescriptorPhone' } as const;

const wireRefundInvoicePaymentData = z
  .object(
    {
      RefundInvoicePayment: listOf(
        z.object({ InvoiceId: wireKey, RefundAmount: wireDecimal }),
        'refunded invoices',
        applicationLimits.documentsMax,
      ),
    },
    { error: 'must be an object with a list RefundInvoicePayment' },
  )
  .nullish();

/** POST /v1/object/refund. */
export const wireObjectNewRefund = withCustomFields({
  AccountId: wireKey.nullish(),
  Amount: wireDecimal,
  Comment: wireText(255).nullish(),
  GatewayOptionData: wireNotYet,
  GatewayState: z
    .literal('NotSubmitted', {
      error: 'must be NotSubmitted: what a gateway does with a refund is its own to say',
    })
    .nullish(),
  MethodType: oneOf(refundMethodTypes).nullish(),
  PaymentId: wireKey,
  PaymentMethodId: z
    .null({ error: 'must be left out: a refund goes back to the method that paid' })
    .optional(),
  ReasonCode: wireText(255).nullish(),
  RefundDate: wireDate.nullish(),
  /** What of it is taken off which invoices. */
  RefundInvoicePaymentData: wireRefundInvoicePaymentData,
  SoftDescriptor: wireText(35).nullish(),
  SoftDescriptorPhone: wireText(20).nullish(),
  SourceType: z.literal('Payment', { error: 'must be Payment: there are no credit balances' }).nullish(),
  Type: oneOf(['External', 'Electronic']),
}).refine(({ Type, MethodType }) => Type === 'Electronic' || MethodType != null, {
  message: 'is required for an External refund',
  path: ['MethodType'],
});
export type WireObjectNewRefund = z.output<typeof wireObjectNewRefund>;

/**
 * The refund, which takes the payment off what it is applied to as far as that is needed: off the named invoices, or else from the last
 * document on. The older resource has no other way to get at money that is applied.
 *
 * @param gateways those that there are
 */
export function fromWireObjectRefund(
  body: WireObjectNewRefund,
  paymentId: string,
  gateways: readonly string[],
): RefundPaymentAndUnapply {
  return {
    paymentId,
    type: body.Type,
    amount: fromWireDecimal(body.Amount),
    refundDate: body.RefundDate ?? null,
    methodType: body.MethodType ?? null,
    paymentMethodId: null,
    reasonCode: body.ReasonCode ?? null,
    comment: body.Comment ?? null,
    referenceId: null,
    ...(body.Type === 'Electronic' ? { gateway: { gatewayId: null, gatewayField: 'Type', gateways } } : {}),
    parts: (body.RefundInvoicePaymentData?.RefundInvoicePayment ?? []).map(
      ({ InvoiceId, RefundAmount }): RequestedPart => ({
        targetKind: 'invoice',
        key: InvoiceId,
        keyField: 'InvoiceId',
        amount: fromWireDecimal(RefundAmount),
        items: [],
      }),
    ),
    details: detailsUnder(body, DETAILS),
    customFields: customFieldsOf(body),
  };
}

/** What this resource calls a field of a new refund. */
export function fieldOfObjectRefund(field: string): string {
  if (field === 'totalAmount') return 'Amount';
  const [, index, name] = /^invoices\[(\d+)\]\.(.+)$/.exec(field) ?? [];
  if (name === undefined) return fieldUnder(field, DETAILS);
  const entry = `RefundInvoicePaymentData.RefundInvoicePayment[${index}]`;
  return `${entry}.${name === 'amount' ? 'RefundAmount' : name}`;
}

/** PUT /v1/object/refund/{id}: what is absent stays. */
export const wireObjectRefundChanges = withCustomFields({
  Comment: wireText(255).nullish(),
  ReasonCode: wireText(255).nullish(),
  Status: z.literal('Canceled', { error: 'must be Canceled' }).optional(),
  TransferredToAccounting: oneOf(TRANSFERRED_TO_ACCOUNTING).nullish(),
}).refine((body) => body.Status === undefined || Object.keys(body).length === 1, {
  message: 'must be changed alone: send what else changes before it',
  path: ['Status'],
});

export function fromWireObjectRefundChanges(
  body: z.output<typeof wireObjectRefundChanges>,
  refundId: string,
): UpdateRefund {
  return {
    refundId,
    ...(body.Comment === undefined ? {} : { comment: body.Comment }),
    ...(body.ReasonCode === undefined ? {} : { reasonCode: body.ReasonCode }),
    details: financeOf(body),
    customFields: customFieldsOf(body),
  };
}

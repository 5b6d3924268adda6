import { z } from 'zod';
import type { Application } from '../domain/settlement/application.ts';
import type { MovePayment } from '../domain/settlement/apply-payment.ts';
import type { NewPayment } from '../domain/settlement/create-payment.ts';
import type { PaymentReply } from '../domain/settlement/payment.ts';
import { checkedParts, fromWireParts, wireParts } from './parts.ts';
import {
  customFieldsOf,
  fromWireDecimal,
  pick,
  toWireDateTime,
  toWireMoney,
  wireCurrency,
  wireCustomRates,
  wireDate,
  wireDecimal,
  wireKey,
  wireText,
  withCustomFields,
} from './values.ts';

const DEFAULT_METHOD_TYPE = 'Other';
const DOCUMENT_TIME_ZONE = 'UTC';

const PAYMENT_DETAILS = [
  'authTransactionId',
  'customRates',
  'financeInformation',
  'gatewayId',
  'gatewayOrderId',
  'paymentGatewayNumber',
  'softDescriptor',
  'softDescriptorPhone',
] as const;

const notYet = (what: string) => z.literal(false, { error: `${what} are not available yet` }).nullish();

/** POST /v1/payments. */
export const wireNewPayment = checkedParts(
  withCustomFields({
    accountId: wireKey.nullish(),
    accountNumber: wireKey.nullish(),
    amount: wireDecimal,
    currency: wireCurrency,
    type: z
      .enum(['External', 'Electronic'], { error: 'must be External or Electronic' })
      .refine((type) => type === 'External', 'Electronic payments are not available yet'),
    effectiveDate: wireDate.nullish(),
    paymentMethodId: wireText(32).nullish(),
    paymentMethodType: wireText(100).nullish(),
    comment: wireText(255).nullish(),
    referenceId: wireText(100).nullish(),
    ...wireParts,
    standalone: notYet('standalone payments'),
    prepayment: notYet('prepayments'),
    paymentScheduleKey: z.null({ error: 'payment schedules are not available yet' }).optional(),
    authTransactionId: wireText(50).nullish(),
    gatewayId: wireText(32).nullish(),
    paymentGatewayNumber: wireText(100).nullish(),
    gatewayOrderId: wireText(50).nullish(),
    softDescriptor: wireText(35).nullish(),
    softDescriptorPhone: wireText(20).nullish(),
    customRates: wireCustomRates,
    financeInformation: z
      .object({
        bankAccountAccountingCode: wireText(100).optional(),
        transferredToAccounting: z.enum(['Processing', 'true', 'false', 'Error', 'Ignore']).optional(),
        unappliedPaymentAccountingCode: wireText(100).optional(),
      })
      .nullish(),
  }),
  0,
);
export type WireNewPayment = z.output<typeof wireNewPayment>;

/** PUT /v1/payments/{key}/apply and …/unapply. */
export const wireMovePayment = checkedParts(z.object({ effectiveDate: wireDate.nullish(), ...wireParts }), 1);
export type WireMovePayment = z.output<typeof wireMovePayment>;

export function fromWirePayment(body: WireNewPayment): NewPayment {
  return {
    accountId: body.accountId ?? null,
    accountNumber: body.accountNumber ?? null,
    amount: fromWireDecimal(body.amount),
    currency: body.currency,
    effectiveDate: body.effectiveDate ?? null,
    paymentMethodId: body.paymentMethodId ?? null,
    paymentMethodType:
      body.paymentMethodType ?? (body.paymentMethodId === undefined ? DEFAULT_METHOD_TYPE : null),
    comment: body.comment ?? null,
    referenceId: body.referenceId ?? null,
    parts: fromWireParts(body),
    details: pick(body, PAYMENT_DETAILS),
    customFields: customFieldsOf(body),
  };
}

export function fromWireMovePayment(body: WireMovePayment, paymentId: string): MovePayment {
  return {
    paymentId,
    effectiveDate: body.effectiveDate ?? null,
    parts: fromWireParts(body),
  };
}

/** A payment as every v1 reply shows it, without `success`. */
export function toWirePayment({ payment, accountNumber }: PaymentReply): object {
  const money = (minor: number) => toWireMoney(minor, payment.currency);
  const { details } = payment;
  const given = (name: (typeof PAYMENT_DETAILS)[number]) => details[name] ?? null;
  const finance = (details.financeInformation ?? {}) as { readonly [name: string]: string };
  return {
    id: payment.id,
    number: payment.paymentNumber,
    status: payment.status,
    type: payment.type,
    accountId: payment.accountId,
    accountNumber,
    amount: money(payment.amountMinor),
    appliedAmount: money(payment.appliedMinor),
    unappliedAmount: money(payment.unappliedMinor),
    refundAmount: money(payment.refundedMinor),
    creditBalanceAmount: 0,
    currency: payment.currency,
    effectiveDate: payment.effectiveDate,
    comment: payment.comment,
    paymentMethodId: payment.paymentMethodId,
    paymentMethodSnapshotId: null,
    authTransactionId: given('authTransactionId'),
    bankIdentificationNumber: null,
    gatewayId: given('gatewayId'),
    paymentGatewayNumber: given('paymentGatewayNumber'),
    gatewayOrderId: given('gatewayOrderId'),
    gatewayResponse: null,
    gatewayResponseCode: null,
    gatewayState: payment.gatewayState,
    markedForSubmissionOn: null,
    referenceId: payment.referenceId,
    secondPaymentReferenceId: null,
    softDescriptor: given('softDescriptor'),
    softDescriptorPhone: given('softDescriptorPhone'),
    submittedOn: null,
    settledOn: null,
    cancelledOn: null,
    createdDate: toWireDateTime(payment.createdAt, DOCUMENT_TIME_ZONE),
    createdById: payment.createdBy,
    updatedDate: toWireDateTime(payment.updatedAt, DOCUMENT_TIME_ZONE),
    updatedById: payment.updatedBy,
    financeInformation: {
      bankAccountAccountingCode: finance.bankAccountAccountingCode ?? null,
      bankAccountAccountingCodeType: null,
      unappliedPaymentAccountingCode: finance.unappliedPaymentAccountingCode ?? null,
      unappliedPaymentAccountingCodeType: null,
      transferredToAccounting: finance.transferredToAccounting ?? 'false',
    },
    gatewayReconciliationStatus: null,
    gatewayReconciliationReason: null,
    payoutId: null,
    prepayment: false,
    ...payment.customFields,
  };
}

export function toWirePaymentReply(reply: PaymentReply): object {
  return { ...toWirePayment(reply), success: true };
}

/** How much of a payment is applied to one invoice, as the payment's parts show it. */
export function toWirePart(application: Application, currency: string): object {
  return {
    id: application.id,
    amount: toWireMoney(application.amountMinor, currency),
    invoiceId: application.targetKind === 'invoice' ? application.targetId : null,
    debitMemoId: application.targetKind === 'debitMemo' ? application.targetId : null,
    createdById: application.createdBy,
    createdDate: toWireDateTime(application.createdAt, DOCUMENT_TIME_ZONE),
    updatedById: application.updatedBy,
    updatedDate: toWireDateTime(application.updatedAt, DOCUMENT_TIME_ZONE),
  };
}

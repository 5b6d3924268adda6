import { z } from 'zod';
import type { Application } from '../domain/settlement/application.ts';
import type { MovePayment } from '../domain/settlement/apply-payment.ts';
import type { NewPayment } from '../domain/settlement/create-payment.ts';
import { type PaymentReply, UNASSIGNED_ACCOUNT } from '../domain/settlement/payment.ts';
import type { NewElectronicPayment } from '../domain/settlement/submit-payment.ts';
import type { UpdatePayment } from '../domain/settlement/update-payment.ts';
import { toWireFinance, wireFinance } from './finance.ts';
import { checkedParts, fromWireParts, wireParts } from './parts.ts';
import {
  customFieldsOf,
  fromWireDecimal,
  pick,
  pickGiven,
  toWireDateTime,
  toWireInstant,
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
    type: z.enum(['External', 'Electronic'], { error: 'must be External or Electronic' }),
    effectiveDate: wireDate.nullish(),
    paymentMethodId: wireText(32).nullish(),
    paymentMethodType: wireText(100).nullish(),
    comment: wireText(255).nullish(),
    referenceId: wireText(100).nullish(),
    ...wireParts,
    standalone: z
      .literal(false, { error: 'must be false: only Electronic payments can be standalone' })
      .nullish(),
    prepayment: notYet('prepayments'),
    paymentScheduleKey: z.null({ error: 'payment schedules are not available yet' }).optional(),
    authTransactionId: wireText(50).nullish(),
    gatewayId: wireText(32).nullish(),
    paymentGatewayNumber: wireText(100).nullish(),
    gatewayOrderId: wireText(50).nullish(),
    softDescriptor: wireText(35).nullish(),
    softDescriptorPhone: wireText(20).nullish(),
    customRates: wireCustomRates,
    financeInformation: wireFinance,
  }),
  0,
);
export type WireNewPayment = z.output<typeof wireNewPayment>;

/** PUT /v1/payments/{key}/apply and …/unapply. */
export const wireMovePayment = checkedParts(z.object({ effectiveDate: wireDate.nullish(), ...wireParts }), 1);
export type WireMovePayment = z.output<typeof wireMovePayment>;

/** PUT /v1/payments/{key}. */
export const wirePaymentUpdate = withCustomFields({
  comment: wireText(255).nullish(),
  referenceId: wireText(100).nullish(),
  gatewayState: z
    .enum(['NotSubmitted', 'Submitted', 'Settled', 'FailedToSettle'], {
      error: 'must be NotSubmitted, Submitted, Settled or FailedToSettle',
    })
    .nullish(),
  paymentScheduleKey: z.null({ error: 'payment schedules are not available yet' }).optional(),
  financeInformation: wireFinance,
});
export type WirePaymentUpdate = z.output<typeof wirePaymentUpdate>;

/** PUT /v1/payments/{key}/transfer: to no account when none is named. */
export const wireTransfer = z.object({ accountId: wireKey.nullish() });

export function fromWirePaymentUpdate(body: WirePaymentUpdate, paymentId: string): UpdatePayment {
  const { comment, referenceId, gatewayState } = body;
  return {
    paymentId,
    ...(comment === undefined ? {} : { comment }),
    ...(referenceId === undefined ? {} : { referenceId }),
    ...(gatewayState == null ? {} : { gatewayState }),
    details: pickGiven(body, ['financeInformation']),
    customFields: customFieldsOf(body),
  };
}

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

/** The same for money that a gateway is to be asked for; `gateways` are those that there are. */
export function fromWireElectronicPayment(
  body: WireNewPayment,
  gateways: readonly string[],
): NewElectronicPayment {
  return {
    ...fromWirePayment(body),
    gatewayId: body.gatewayId ?? null,
    gatewayField: 'gatewayId',
    gateways,
  };
}

/** A payment as every v1 reply shows it, without `success`. */
export function toWirePayment({ payment, accountNumber }: PaymentReply): object {
  const money = (minor: number) => toWireMoney(minor, payment.currency);
  const { details } = payment;
  const given = (name: (typeof PAYMENT_DETAILS)[number]) => details[name] ?? null;
  return {
    id: payment.id,
    number: payment.paymentNumber,
    status: payment.status,
    type: payment.type,
    // Of a payment that belongs to no account there is none to name.
    ...(payment.accountId === UNASSIGNED_ACCOUNT ? {} : { accountId: payment.accountId, accountNumber }),
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
    bankIdentificationNumber: details.bankIdentificationNumber ?? null,
    gatewayId: given('gatewayId'),
    paymentGatewayNumber: given('paymentGatewayNumber'),
    gatewayOrderId: given('gatewayOrderId'),
    gatewayResponse: details.gatewayResponse ?? null,
    gatewayResponseCode: details.gatewayResponseCode ?? null,
    gatewayState: payment.gatewayState,
    markedForSubmissionOn: toWireInstant(details.markedForSubmissionOn),
    referenceId: payment.referenceId,
    secondPaymentReferenceId: null,
    softDescriptor: given('softDescriptor'),
    softDescriptorPhone: given('softDescriptorPhone'),
    submittedOn: toWireInstant(details.submittedOn),
    settledOn: null,
    cancelledOn:
      payment.cancelledAt === null ? null : toWireDateTime(payment.cancelledAt, DOCUMENT_TIME_ZONE),
    createdDate: toWireDateTime(payment.createdAt, DOCUMENT_TIME_ZONE),
    createdById: payment.createdBy,
    updatedDate: toWireDateTime(payment.updatedAt, DOCUMENT_TIME_ZONE),
    updatedById: payment.updatedBy,
    financeInformation: toWireFinance(details),
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

/** What of a part falls on one line of the document. */
export function toWireItemPart(
  application: Application,
  { id, lineId, amountMinor }: { readonly id: string; readonly lineId: string; readonly amountMinor: number },
  currency: string,
): object {
  return {
    id,
    amount: toWireMoney(amountMinor, currency),
    invoiceItemId: application.targetKind === 'invoice' ? lineId : null,
    debitMemoItemId: application.targetKind === 'debitMemo' ? lineId : null,
    taxItemId: null,
    createdById: application.createdBy,
    createdDate: toWireDateTime(application.createdAt, DOCUMENT_TIME_ZONE),
    updatedById: application.updatedBy,
    updatedDate: toWireDateTime(application.updatedAt, DOCUMENT_TIME_ZONE),
  };
}

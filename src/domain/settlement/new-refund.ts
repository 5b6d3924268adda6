import type { DecideContext } from '../account/command.ts';
import { laterDate } from '../metrics/account-metrics.ts';
import { type Decimal, fromMinor } from '../money.ts';
import { type JsonObject, type Refusal, refuse } from '../result.ts';
import type { GatewayChoice } from './gateway.ts';
import { positiveMinor } from './parts.ts';
import type { Refund } from './refund.ts';

/** What a refund says of itself, as it is asked for. Absent values are null. */
export interface RefundRequest {
  readonly type: Refund['type'];
  /** Today when null, or the day of what is refunded when that is later. */
  readonly refundDate: string | null;
  readonly methodType: string | null;
  readonly paymentMethodId: string | null;
  readonly reasonCode: string | null;
  readonly comment: string | null;
  readonly referenceId: string | null;
  /** Of an Electronic refund: which gateway is to pay it out. */
  readonly gateway?: GatewayChoice;
  readonly details: JsonObject;
  readonly customFields: JsonObject;
}

/** What is refunded: a payment or credit memo, as far as its refund is concerned. */
export interface RefundSource {
  readonly kind: Refund['sourceKind'];
  readonly id: string;
  readonly accountId: string;
  readonly currency: string;
  /** Of the payment or memo; no refund is dated before it. */
  readonly date: string;
  /** Unapplied, and not held for other refunds; below zero while they need more than is unapplied yet. */
  readonly freeMinor: number;
  /** For messages: 'payment P-00000001'. */
  readonly name: string;
}

/** A refund with what its replies show of its payment. */
export interface RefundReply {
  readonly refund: Refund;
  /** Null for a refund of a credit memo, and once the payment is deleted. */
  readonly paymentNumber: string | null;
}

/** Why a refund of this amount cannot be, or null: it is more than what is left, or dated before what it refunds. */
export function findRefundProblem(
  { currency, freeMinor, date, name }: RefundSource,
  amountMinor: number,
  refundDate: string | null,
): Refusal | null {
  if (amountMinor > freeMinor) {
    const show = (minor: number) => `${fromMinor(minor, currency)} ${currency}`;
    const message = `${show(amountMinor)} is more than the ${show(Math.max(0, freeMinor))} that is left of ${name}`;
    return refuse('invalid', message, 'totalAmount');
  }
  if (refundDate !== null && refundDate < date) {
    return refuse('invalid', `${refundDate} is before ${date}, the date of ${name}`, 'refundDate');
  }
  return null;
}

/** The amount to refund in minor units, or why it cannot be refunded. */
export function amountToRefund(
  source: RefundSource,
  { amount, refundDate }: { readonly amount: Decimal } & RefundRequest,
): number | Refusal {
  const amountMinor = positiveMinor(amount, source.currency, 'totalAmount');
  if (typeof amountMinor !== 'number') return amountMinor;
  return findRefundProblem(source, amountMinor, refundDate) ?? amountMinor;
}

/** The refund as it is stored, under the status that it begins with. Takes a number. */
export function newRefund(
  request: RefundRequest,
  source: RefundSource,
  fields: Pick<Refund, 'status' | 'amountMinor' | 'items'>,
  context: DecideContext,
): Refund {
  return {
    id: context.newId(),
    revision: 0,
    refundNumber: context.nextNumber('refund'),
    accountId: source.accountId,
    type: request.type,
    status: fields.status,
    currency: source.currency,
    amountMinor: fields.amountMinor,
    sourceKind: source.kind,
    sourceId: source.id,
    refundDate: request.refundDate ?? laterDate(context.today, source.date) ?? context.today,
    methodType: request.methodType,
    paymentMethodId: request.paymentMethodId,
    reasonCode: request.reasonCode,
    comment: request.comment,
    referenceId: request.referenceId,
    gatewayState: 'NotSubmitted',
    items: fields.items,
    cancelledAt: null,
    details: request.details,
    customFields: request.customFields,
    createdAt: context.now,
    createdBy: context.actor,
    updatedAt: context.now,
    updatedBy: context.actor,
  };
}

import type { DecideContext } from '../account/command.ts';
import { type JsonObject, type Refusal, refuse } from '../result.ts';
import { type GatewayChoice, type GatewayWork, gatewayWorkOf } from './gateway.ts';
import type { ResolvedPart } from './parts.ts';
import type { Payment } from './payment.ts';
import type { PaymentMethod } from './payment-method.ts';
import type { Refund } from './refund.ts';
import { reservedParts } from './reservation.ts';

/**
 * What the gateway that took a payment is asked for when it is to give it back.
 *
 * @param parts what the payment is taken off once it has
 */
export function workOfPaymentRefund(
  payment: Payment,
  { gateways }: GatewayChoice,
  parts: readonly ResolvedPart[],
): GatewayWork | Refusal {
  const taken = gatewayWorkOf(payment);
  if (taken === null) {
    const message = `payment ${payment.paymentNumber} is ${payment.type}: no gateway has taken it, refund it as External`;
    return refuse('rule', message, 'type');
  }
  const { gatewayId, token } = taken;
  if (!gateways.includes(gatewayId)) return refuse('rule', `there is no gateway ${gatewayId} here`, 'type');
  return { gatewayId, token, parts: reservedParts(parts) };
}

/** The refund that waits for its gateway: it is Processing, and has moved nothing. */
export function submittedRefund(
  refund: Refund,
  work: GatewayWork,
  method: Pick<PaymentMethod, 'id' | 'type'>,
  { now }: DecideContext,
): Refund {
  return {
    ...refund,
    status: 'Processing',
    methodType: method.type,
    paymentMethodId: method.id,
    gatewayState: 'MarkedForSubmission',
    details: {
      ...refund.details,
      gatewayId: work.gatewayId,
      markedForSubmissionOn: now,
      gatewayWork: work as unknown as JsonObject,
    },
  };
}

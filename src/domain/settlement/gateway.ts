import type { JsonObject } from '../result.ts';
import type { TargetKind } from './application.ts';

/** What a gateway said, for good: the money moved, or it did not and will not. */
export interface GatewayAnswer {
  readonly outcome: 'approved' | 'declined';
  readonly responseCode: string;
  readonly response: string;
}

/** What a gateway is asked for. `requestId` is ours: asked again under it, a gateway does nothing anew and gives its first answer. */
export interface GatewayRequest {
  readonly requestId: string;
  readonly kind: 'charge' | 'refund';
  readonly token: string;
  readonly amountMinor: number;
  readonly currency: string;
}

/** What a gateway keeps for us, and gives a token for. */
export type PaymentSecret =
  | {
      readonly kind: 'card';
      readonly number: string;
      readonly expirationMonth: number;
      readonly expirationYear: number;
      readonly securityCode: string | null;
    }
  | { readonly kind: 'bankAccount'; readonly number: string; readonly routingNumber: string };

/**
 * A payment gateway. Every call may throw: then nothing is known of what it did, and `lookup`, or the same request again, tells.
 */
export interface Gateway {
  /** Keeps a number and gives the token that stands for it. */
  store(secret: PaymentSecret): Promise<string>;
  /** Charges or refunds, once per request id. */
  submit(request: GatewayRequest): Promise<GatewayAnswer>;
  /** The answer to an earlier request; null when none reached the gateway. */
  lookup(requestId: string): Promise<GatewayAnswer | null>;
}

/** A part of a payment that waits for its gateway. */
export interface ReservedPart {
  readonly targetKind: TargetKind;
  readonly targetId: string;
  readonly amountMinor: number;
  readonly items: ReadonlyArray<{ readonly targetItemId: string; readonly amountMinor: number }>;
}

/**
 * What a Processing payment or refund has to be asked of its gateway, all of it, so that asking needs nothing else: kept in
 * `details.gatewayWork`. No part of any reply.
 */
export interface GatewayWork {
  readonly gatewayId: string;
  readonly token: string;
  /** What the money is for, once it is there; empty from then on. */
  readonly parts: readonly ReservedPart[];
}

/** The work of a payment or refund; null where no gateway has anything to do. */
export function gatewayWorkOf({ details }: { readonly details: object }): GatewayWork | null {
  return (details as { readonly gatewayWork?: GatewayWork }).gatewayWork ?? null;
}

/**
 * The details of a payment or refund that its gateway has answered, with what it shows of the answer. The gateway and the token stay, for
 * refunds; what the money was for does not, since what came of it are its applications.
 */
export function answeredDetails(
  document: { readonly details: JsonObject },
  { outcome, response, responseCode }: GatewayAnswer,
  now: string,
): JsonObject {
  const work = gatewayWorkOf(document);
  return {
    ...document.details,
    ...(work === null ? {} : { gatewayWork: { ...work, parts: [] } }),
    gatewayResponse: response,
    gatewayResponseCode: responseCode,
    ...(outcome === 'approved' ? { submittedOn: now } : {}),
  };
}

/** Which gateway a request asks for, and which there are. */
export interface GatewayChoice {
  /** Null: the one that gave the payment method's token. */
  readonly gatewayId: string | null;
  /** What the request called it. */
  readonly gatewayField: string;
  /** Names of the gateways that this deployment has. */
  readonly gateways: readonly string[];
}

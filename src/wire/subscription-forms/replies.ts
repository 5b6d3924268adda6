import type { AccountWithSubscription } from '../../domain/accounts/create-account-with-subscription.ts';
import { type Decimal, divide } from '../../domain/money.ts';
import type { OrderPlaced, PlacedSubscription } from '../../domain/orders/order-reply.ts';
import type { OrderPreview, PreviewedCharge } from '../../domain/orders/preview-order.ts';
import type { JsonObject } from '../../domain/result.ts';
import { toWireAccountCreated } from '../accounts.ts';
import { toWireShown } from '../charges.ts';
import { toWireDecimal } from '../values.ts';

/** Replies of /v1/subscriptions: each shows its part of the order that the form stood for. */

/** Decimals of delta values: more than a currency has, as the published samples show them. */
const DELTA_DECIMALS = 9;

function toWireDelta(value: Decimal): number {
  return toWireDecimal(divide(value, '1', { decimals: DELTA_DECIMALS, rounding: 'HALF_UP' }));
}

/** The subscription of a form's order; none while the order waits for a date and has made no version. */
function shown(order: OrderPlaced, fields: (placed: PlacedSubscription) => JsonObject): JsonObject {
  const [placed] = order.subscriptions;
  return placed === undefined
    ? { success: true }
    : { success: true, ...fields(placed), ...documentsOf(order) };
}

/** What was billed with it: one subscription is in one document of a kind, or in the first when it fills more. */
function documentsOf({ documents }: OrderPlaced): JsonObject {
  const invoice = documents?.invoices[0]?.invoice;
  const creditMemo = documents?.creditMemos[0]?.creditMemo;
  return {
    ...(invoice === undefined ? {} : { invoiceId: invoice.id }),
    ...(creditMemo === undefined ? {} : { creditMemoId: creditMemo.id }),
  };
}

const idOf = ({ subscription }: PlacedSubscription) => ({ subscriptionId: subscription.id });

/** Change of the contracted MRR and of the contracted value; the latter is left out where there is none (evergreen). */
const deltaMrrOf = ({ deltaMrr }: PlacedSubscription) => ({ totalDeltaMrr: toWireDelta(deltaMrr) });
const deltaTcvOf = ({ deltaTcv }: PlacedSubscription): JsonObject =>
  deltaTcv === null ? {} : { totalDeltaTcv: toWireDelta(deltaTcv) };

function contractedOf({ subscription }: PlacedSubscription): JsonObject {
  const { contractedMrr, totalContractedValue, currency } = subscription;
  return {
    contractedMrr: toWireShown(contractedMrr, currency),
    ...(totalContractedValue === null
      ? {}
      : { totalContractedValue: toWireShown(totalContractedValue, currency) }),
  };
}

/** POST /v1/subscriptions */
export function toWireSubscriptionCreated(order: OrderPlaced): JsonObject {
  return shown(order, (placed) => ({
    ...idOf(placed),
    subscriptionNumber: placed.subscription.subscriptionNumber,
    ...contractedOf(placed),
  }));
}

/** PUT /v1/subscriptions/{key} */
export function toWireSubscriptionUpdated(order: OrderPlaced): JsonObject {
  return shown(order, (placed) => ({ ...idOf(placed), ...deltaMrrOf(placed), ...deltaTcvOf(placed) }));
}

/** PUT …/renew: the term that was appended. */
export function toWireSubscriptionRenewed(order: OrderPlaced): JsonObject {
  return shown(order, (placed) => ({
    ...idOf(placed),
    termStartDate: placed.subscription.termStartDate,
    ...termEndOf(placed),
    ...deltaMrrOf(placed),
    ...deltaTcvOf(placed),
  }));
}

function termEndOf({ subscription }: PlacedSubscription): JsonObject {
  return subscription.termEndDate === null ? {} : { termEndDate: subscription.termEndDate };
}

/** PUT …/cancel: the first day that is not served. */
export function toWireSubscriptionCancelled(order: OrderPlaced): JsonObject {
  return shown(order, (placed) => ({
    ...idOf(placed),
    cancelledDate: placed.subscription.subscriptionEndDate,
    ...deltaMrrOf(placed),
    ...deltaTcvOf(placed),
  }));
}

/** The first day on which an action of this type moved a charge. */
function firstDayOf({ deltas }: PlacedSubscription, actionType: string): string | null {
  const days = deltas.filter((delta) => delta.actionType === actionType).map((delta) => delta.startDate);
  return days.sort()[0] ?? null;
}

/** PUT …/suspend: the first day that is not served, and the day from which it is served again when that was booked with it. */
export function toWireSubscriptionSuspended(order: OrderPlaced): JsonObject {
  return shown(order, (placed) => ({
    ...idOf(placed),
    suspendDate: placed.subscription.suspendedOn ?? firstDayOf(placed, 'Suspend'),
    resumeDate: firstDayOf(placed, 'Resume'),
    ...termEndOf(placed),
    ...deltaTcvOf(placed),
  }));
}

/** PUT …/resume: the day from which it is served again. */
export function toWireSubscriptionResumed(order: OrderPlaced): JsonObject {
  return shown(order, (placed) => ({
    ...idOf(placed),
    resumeDate: firstDayOf(placed, 'Resume'),
    ...termEndOf(placed),
    ...deltaTcvOf(placed),
  }));
}

/** POST /v1/accounts with a subscription. */
export function toWireAccountWithSubscription({ account, order }: AccountWithSubscription): JsonObject {
  return { ...toWireAccountCreated(account), ...toWireSubscriptionCreated(order) };
}

/**
 * POST /v1/subscriptions/preview: what the subscription would be worth. What would be invoiced for it (amount, invoice, invoiceItems,
 * creditMemo) is left out: it takes a bill run.
 */
export function toWireSubscriptionPreviewed({ subscriptions }: OrderPreview): JsonObject {
  const { placed, charges } = subscriptions[0]!;
  return { success: true, ...contractedOf(placed), chargeMetrics: charges.map(chargeMetrics) };
}

/** PUT /v1/subscriptions/{key} with `preview`: as the update would answer, with the charges that it changes; invoice parts are left out too. */
export function toWireUpdatePreviewed({ subscriptions }: OrderPreview): JsonObject {
  const { placed, charges } = subscriptions[0]!;
  const isMoved = ({ contractedMrr, totalContractedValue }: PreviewedCharge) =>
    contractedMrr.delta !== '0' || totalContractedValue.delta !== '0';
  return {
    success: true,
    ...deltaMrrOf(placed),
    ...deltaTcvOf(placed),
    chargeMetrics: charges.filter(isMoved).map(chargeMetrics),
  };
}

/** What a charge would be worth, and by how much that differs from before. Values that it has none of are left out. */
function chargeMetrics(charge: PreviewedCharge): JsonObject {
  const { contractedMrr: mrr, totalContractedValue: tcv, ratePlan } = charge;
  const values = { mrr: mrr.value, dmrr: mrr.delta, tcv: tcv.value, dtcv: tcv.delta };
  const shownValues = Object.entries(values).flatMap(([name, value]) =>
    value === null ? [] : [[name, toWireDelta(value)] as const],
  );
  return {
    ...(charge.isExisting ? { number: charge.chargeNumber } : {}),
    productRatePlanChargeId: charge.productRatePlanChargeId,
    ...(ratePlan === null ? {} : { productRatePlanId: ratePlan.productRatePlanId }),
    ...Object.fromEntries(shownValues),
  };
}

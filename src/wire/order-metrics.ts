import { addDays } from '../domain/calendar.ts';
import type { OrderDeltaReading } from '../domain/orders/order-record.ts';
import type { JsonObject, JsonValue } from '../domain/result.ts';
import { toWireDecimal } from './values.ts';

/** Numbers of the accounts that a subscription's order metrics name. */
interface Owners {
  readonly subscriptionOwner?: string | undefined;
  readonly invoiceOwner?: string | undefined;
}

/** Order actions with `orderMetrics`: what each moved on each charge, by spans of days (semantics C.4). Without deltas as they are. */
export function withOrderMetrics(
  actions: readonly JsonObject[],
  deltas: readonly OrderDeltaReading[] | null,
  owners: Owners,
): JsonObject[] {
  if (deltas === null) return [...actions];
  return actions.map((action) => ({
    ...action,
    orderMetrics: metricsOf(
      deltas.filter(({ delta }) => delta.orderActionId === action.id),
      owners,
    ),
  }));
}

function metricsOf(deltas: readonly OrderDeltaReading[], owners: Owners): JsonObject[] {
  const byCharge = new Map<string, OrderDeltaReading[]>();
  for (const reading of deltas) {
    const group = byCharge.get(reading.delta.chargeNumber);
    if (group === undefined) byCharge.set(reading.delta.chargeNumber, [reading]);
    else group.push(reading);
  }
  return [...byCharge].map(([chargeNumber, group]) => ({
    chargeNumber,
    ...namesOf(group[0]!),
    mrr: group.map(({ delta }) => slice(delta.deltaMrr, delta, owners, 'Regular')),
    quantity: group.map(({ delta }) => slice(delta.deltaQuantity, delta, owners)),
    tcv: group.flatMap(({ delta }) =>
      delta.deltaTcv === null ? [] : [slice(delta.deltaTcv, delta, owners, 'Regular')],
    ),
  }));
}

function namesOf({ delta, ratePlanId, ratePlanNumber, productRatePlanId }: OrderDeltaReading): JsonObject {
  const shown: { [name: string]: JsonValue } = { productRatePlanChargeId: delta.productRatePlanChargeId };
  if (productRatePlanId !== null) shown.productRatePlanId = productRatePlanId;
  if (ratePlanId !== null) shown.originRatePlanId = ratePlanId;
  if (ratePlanNumber !== null) shown.subscriptionRatePlanNumber = ratePlanNumber;
  return shown;
}

/** Days of order metrics are inclusive, as the published sample counts them; evergreen ones have no end. */
function slice(
  amount: string,
  { startDate, endDate }: OrderDeltaReading['delta'],
  owners: Owners,
  type?: 'Regular',
): JsonObject {
  return {
    amount: toWireDecimal(amount),
    startDate,
    ...(endDate === null ? {} : { endDate: addDays(endDate, -1) }),
    ...(owners.subscriptionOwner === undefined ? {} : { subscriptionOwner: owners.subscriptionOwner }),
    ...(owners.invoiceOwner === undefined ? {} : { invoiceOwner: owners.invoiceOwner }),
    ...(type === undefined ? {} : { type }),
  };
}

/** An order delta as GET …/delta-metrics shows it: decimals as text, with all their places; the end exclusive. */
export function toWireOrderDelta({
  delta,
  subscriptionNumber,
  ratePlanNumber,
}: OrderDeltaReading): JsonObject {
  return {
    id: delta.id,
    orderActionId: delta.orderActionId,
    orderActionSequence: delta.sequence,
    orderActionType: delta.actionType,
    subscriptionNumber,
    subscriptionVersion: delta.version,
    ratePlanNumber,
    chargeNumber: delta.chargeNumber,
    ratePlanChargeId: delta.chargeId,
    productRatePlanChargeId: delta.productRatePlanChargeId,
    currency: delta.currency,
    startDate: delta.startDate,
    endDate: delta.endDate,
    deltaMrr: delta.deltaMrr,
    deltaTcv: delta.deltaTcv,
    deltaQuantity: delta.deltaQuantity,
  };
}

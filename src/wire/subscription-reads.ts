import { z } from 'zod';
import type { RatePlanReading } from '../domain/orders/order-record.ts';
import type { JsonObject, JsonValue } from '../domain/result.ts';
import { subscriptionLimits } from '../domain/subscriptions/limits.ts';
import { netValuesOf } from '../domain/subscriptions/net-values.ts';
import {
  contractedMrrOn,
  isOver,
  type SubscriptionRecord,
  segmentsOf,
  type TermRecord,
} from '../domain/subscriptions/subscription-record.ts';
import { toWireDecimal, wireDate, wirePaging } from './values.ts';

export const termQuery = z.object({
  ...wirePaging.shape,
  version: z
    .string()
    .regex(/^[1-9]\d{0,6}$/, 'must be a whole number from 1')
    .optional(),
});

const NUMBERS = 'subscriptionNumbers[]';
const NUMBERS_MAX = subscriptionLimits.metricsMax;
const wireNumber = z.string().min(1, 'must not be empty').max(100, 'must have at most 100 characters');

/** A number that is given once arrives as text, several as a list. */
export const subscriptionMetricsQuery = z.object({
  asOfDay: wireDate.optional(),
  [NUMBERS]: z.union(
    [wireNumber, z.array(wireNumber).max(NUMBERS_MAX, `must be at most ${NUMBERS_MAX} subscription numbers`)],
    { error: `must be one to ${NUMBERS_MAX} subscription numbers` },
  ),
});

export function fromWireSubscriptionMetricsQuery(query: z.output<typeof subscriptionMetricsQuery>): string[] {
  return [...new Set([query[NUMBERS]].flat())];
}

/** Metrics of a subscription with all their places, before and after its discounts; what is contracted counts on the current day. */
export function toWireSubscriptionMetrics(
  { subscription, ratePlans }: SubscriptionRecord,
  day: string,
  today: string,
): JsonObject {
  const charges = ratePlans.flatMap(segmentsOf);
  const values = netValuesOf(charges, charges, subscription.id, day);
  const { totalContractedValue: total } = subscription;
  const { netTotalContractedValue: netTotal } = values;
  return {
    subscriptionNumber: subscription.subscriptionNumber,
    contractedMrr: toWireDecimal(contractedMrrOn(subscription, today)),
    contractedNetMrr: isOver(subscription, today) ? 0 : toWireDecimal(values.contractedNetMrr),
    asOfDayGrossMrr: toWireDecimal(values.grossMrr),
    asOfDayNetMrr: toWireDecimal(values.netMrr),
    totalContractedValue: total === null ? null : toWireDecimal(total),
    netTotalContractedValue: netTotal === null ? null : toWireDecimal(netTotal),
  };
}

export function toWireTerm({ startDate, endDate, isEvergreen }: TermRecord, termNumber: number): JsonObject {
  return { termNumber, isEvergreen, startDate, ...(endDate === null ? {} : { endDate }) };
}

const DATE_NAMES: Readonly<Record<string, string>> = {
  ContractEffective: 'contractEffectiveDate',
  ServiceActivation: 'serviceActivationDate',
  CustomerAcceptance: 'customerAcceptanceDate',
};

/** GET /v1/rateplans/{id}: a rate plan, and what the order that touched it last did. */
export function toWireRatePlanReading(reading: RatePlanReading): JsonObject {
  const { ratePlan, order } = reading;
  const isRemoved = ratePlan.endedInVersion !== null;
  const managed = ratePlan.details.externallyManagedPlanId;
  return {
    success: true,
    id: ratePlan.id,
    productId: ratePlan.productId,
    productName: ratePlan.productName,
    productSku: ratePlan.productSku,
    productRatePlanId: ratePlan.productRatePlanId,
    ratePlanName: ratePlan.name,
    subscriptionId: reading.subscriptionId,
    subscriptionVersion: reading.subscriptionVersion,
    lastChangeType: isRemoved ? 'Remove' : reading.isChanged ? 'Update' : 'Add',
    ...(managed == null ? {} : { externallyManagedPlanId: managed }),
    ...(order === null
      ? {}
      : {
          order: {
            id: order.id,
            orderNumber: order.orderNumber,
            orderActions: reading.actions.map((action) => ({
              id: action.id,
              type: action.type,
              ...datesOf(action.body, order.orderDate),
            })),
          },
        }),
    ...ratePlan.customFields,
  };
}

/** The trigger dates of an action; its order's date where it names no contract effective date. */
function datesOf({ triggerDates }: JsonObject, orderDate: string): JsonObject {
  const dates: { [name: string]: JsonValue } = { contractEffectiveDate: orderDate };
  const given = (Array.isArray(triggerDates) ? triggerDates : []) as unknown as ReadonlyArray<{
    readonly name: string;
    readonly triggerDate?: string | null;
  }>;
  for (const { name, triggerDate } of given) {
    const field = DATE_NAMES[name];
    if (field !== undefined && triggerDate != null) dates[field] = triggerDate;
  }
  return dates;
}

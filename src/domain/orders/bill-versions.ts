import { demand } from '../account/demand.ts';
import { withInserted } from '../account/state-with-plan.ts';
import { billLines } from '../billing/bill-lines.ts';
import { type BillableCharge, billingKey, type SubscriptionBilling } from '../billing/billable.ts';
import { type WrittenDocuments, writeDocuments } from '../billing/write-documents.ts';
import { isRefusal, type Refusal } from '../result.ts';
import type { MadeVersion } from '../subscriptions/materialise.ts';
import type { Charge, RatePlan } from '../subscriptions/subscription.ts';
import { takingNumbersFrom } from './number-taker.ts';
import type { OrderBilling } from './order-request.ts';
import type { Placing } from './place-order.ts';

/**
 * Bills the versions that an order has just made, in the order's plan: all or nothing (semantics D.1). What it bills is what whoever generates
 * documents after the order would bill of these subscriptions.
 */
export function billVersions(
  made: readonly MadeVersion[],
  billing: OrderBilling,
  { order, plan, state, context, numbers }: Omit<Placing, 'account' | 'accounts'>,
): WrittenDocuments | Refusal {
  const targetDate = billing.targetDate ?? context.today;
  const at = { state: withInserted(state, plan), plan, context: takingNumbersFrom(numbers, context) };
  const billed = billLines(billingsOf(made, state), { targetDate, chargeTypesToExclude: new Set() }, at);
  if (isRefusal(billed)) return billed;
  const terms = {
    documentDate: billing.documentDate ?? context.today,
    targetDate,
    sourceType: 'Order' as const,
    sourceId: order.id,
    billRunId: null,
    creditMemoReasonCode: billing.creditMemoReasonCode,
  };
  const documents = writeDocuments(billed, terms, billing.posts, at);
  numbers.settle();
  return documents;
}

/** What there is to bill of versions that are not stored yet. */
export function billingsOf(made: readonly MadeVersion[], state: Placing['state']): SubscriptionBilling[] {
  const keyOf = ({ subscription, from }: MadeVersion) => billingKey(subscription.subscriptionNumber, from);
  const existing = made.filter(({ baseVersion }) => baseVersion !== null);
  demand(
    state,
    existing.map((one) => ({ kind: 'subscriptionBilling', key: keyOf(one) })),
  );
  return made.map((one) =>
    billingOf(one, one.baseVersion === null ? null : state.find('subscriptionBilling', keyOf(one))),
  );
}

/** The version before, with what the new one changed laid over it, and what is billed of both. */
function billingOf(made: MadeVersion, before: SubscriptionBilling | null): SubscriptionBilling {
  const removed = new Set(made.removedCharges.map(({ id }) => id));
  const known = before?.charges ?? [];
  const plans = new Map<string, RatePlan>();
  for (const { ratePlan } of known) plans.set(ratePlan.id, ratePlan);
  for (const plan of [...made.changedRatePlans, ...made.ratePlans]) plans.set(plan.id, plan);
  const firstDays = new Map(known.map(({ charge, firstStartDate }) => [charge.chargeNumber, firstStartDate]));
  const charges = [
    ...known.flatMap(({ charge }) => (removed.has(charge.id) ? [] : [charge])),
    ...made.charges,
  ].sort(byNumberAndSegment);
  for (const { segment, chargeNumber, effectiveStartDate } of charges) {
    if (segment === FIRST_SEGMENT) firstDays.set(chargeNumber, effectiveStartDate);
  }
  return {
    id: made.subscription.subscriptionNumber,
    revision: made.subscription.revision,
    subscription: made.subscription,
    charges: charges.flatMap((charge): BillableCharge[] => {
      const ratePlan = plans.get(charge.ratePlanId);
      if (ratePlan === undefined) return [];
      return [{ charge, ratePlan, firstStartDate: firstDays.get(charge.chargeNumber) ?? null }];
    }),
    billed: before?.billed ?? [],
  };
}

const FIRST_SEGMENT = 1;

function byNumberAndSegment(a: Charge, b: Charge): number {
  if (a.chargeNumber !== b.chargeNumber) return a.chargeNumber < b.chargeNumber ? -1 : 1;
  return a.segment - b.segment;
}

import type { CommandHandler, DecideContext } from '../account/command.ts';
import { PlanBuilder } from '../account/plan.ts';
import { type NumberKind, numberPrefixes } from '../account/state.ts';
import { add, type Decimal, subtract } from '../money.ts';
import { isRefusal } from '../result.ts';
import type { RatePlan, Subscription } from '../subscriptions/subscription.ts';
import { WHOLE_HISTORY } from '../subscriptions/subscription-content.ts';
import { lastOf, type Timeline } from '../subscriptions/timeline.ts';
import { contractedMrrOf, type VersionDraft } from '../subscriptions/version-draft.ts';
import { needsOfOrder, newOrder, requestProblem } from './create-order.ts';
import { NumberTaker } from './number-taker.ts';
import { OrderAccounts } from './order-accounts.ts';
import { writeLineItems } from './order-line-items.ts';
import type { PlacedSubscription } from './order-reply.ts';
import type { OrderRequest } from './order-request.ts';
import { type Placing, placeSubscriptions } from './place-order.ts';

/** A value of a charge after the order, and how much of it the order brings. */
export interface PreviewedValue {
  /** Decimal text; null where there is none (a contracted value without an end). */
  readonly value: Decimal | null;
  readonly delta: Decimal | null;
}

/** What a caller can ask to see (the contract's `previewTypes`). */
export type PreviewType =
  | 'ChargeMetrics'
  | 'BillingDocs'
  | 'OrderDeltaMetrics'
  | 'OrderMetrics'
  | 'RampMetrics'
  | 'RampDeltaMetrics';

export interface PreviewedCharge {
  readonly chargeNumber: string;
  /** False for a charge that the order would add: its number is made up. */
  readonly isExisting: boolean;
  readonly productRatePlanChargeId: string;
  readonly ratePlan: RatePlan | null;
  readonly isDiscount: boolean;
  readonly contractedMrr: PreviewedValue;
  readonly totalContractedValue: PreviewedValue;
}

export interface PreviewedSubscription {
  readonly placed: PlacedSubscription;
  /** False for numbers that are made up for the preview. */
  readonly isExisting: boolean;
  readonly charges: readonly PreviewedCharge[];
}

export interface OrderPreview {
  readonly types: readonly PreviewType[];
  readonly subscriptions: readonly PreviewedSubscription[];
}

export interface PreviewRequest {
  readonly order: OrderRequest;
  readonly types: readonly PreviewType[];
}

/**
 * What an order would do: decided exactly as the order would be, in the same lane, on the same state, and never committed (invariant
 * I11). Numbers that the order would take are not taken: the preview makes them up.
 */
export const previewOrder: CommandHandler<PreviewRequest, OrderPreview> = {
  readsOnly: true,
  needs: ({ order }) => needsOfOrder({ ...order, orderNumber: null }, WHOLE_HISTORY),
  decide(state, { order: request, types }, realContext) {
    const problem = requestProblem(request, state);
    if (problem !== null) return problem;
    const context = withMadeUpNumbers(realContext);
    const plan = new PlanBuilder();
    const accounts = new OrderAccounts(state, plan, context);
    const account = accounts.resolve(request.account);
    if (isRefusal(account)) return account;
    const order = newOrder(request, account, context);
    const drafts: VersionDraft[] = [];
    const placing: Placing = {
      order,
      account,
      accounts,
      plan,
      state,
      context,
      numbers: new NumberTaker(context),
      onMade: (draft) => drafts.push(draft),
    };
    const placed = placeSubscriptions(request.subscriptions, placing);
    if (isRefusal(placed)) return placed;
    const lineItems = writeLineItems(request, placing);
    if ('refused' in lineItems) return lineItems;
    const subscriptions = placed.map((one, i) => ({
      placed: one,
      isExisting: one.baseVersion !== null,
      charges: previewedCharges(drafts[i]!),
    }));
    return new PlanBuilder().build({ types, subscriptions });
  },
};

function withMadeUpNumbers(context: DecideContext): DecideContext {
  let taken = 0;
  const nextNumber = (kind: NumberKind) => `${numberPrefixes[kind]}PREVIEW${++taken}`;
  return { ...context, nextNumber };
}

function previewedCharges(draft: VersionDraft): PreviewedCharge[] {
  const plans = new Map([...draft.ratePlans()].map((plan) => [plan.id, plan]));
  const before = timelinesOf(draft.base?.charges ?? []);
  return [...draft.timelines()].map((after) => {
    const { chargeNumber, productRatePlanChargeId, ratePlanId, chargeModel } = lastOf(after);
    const known = before.get(chargeNumber) ?? [];
    return {
      chargeNumber,
      isExisting: known.length > 0,
      productRatePlanChargeId,
      ratePlan: plans.get(ratePlanId) ?? null,
      isDiscount: chargeModel.startsWith('Discount'),
      contractedMrr: changeOf(
        mrrOf(known, draft.base?.subscription ?? null),
        mrrOf(after, draft.subscription),
      ),
      totalContractedValue: changeOf(contractedValueOf(known), contractedValueOf(after)),
    };
  });
}

function timelinesOf(charges: Timeline): Map<string, Timeline> {
  const timelines = new Map<string, Timeline>();
  for (const charge of charges) {
    timelines.set(charge.chargeNumber, [...(timelines.get(charge.chargeNumber) ?? []), charge]);
  }
  return timelines;
}

function mrrOf(timeline: Timeline, subscription: Subscription | null): Decimal {
  const counts = subscription !== null && subscription.status !== 'Cancelled' && timeline.length > 0;
  return counts ? contractedMrrOf(timeline, subscription.subscriptionEndDate) : '0';
}

function contractedValueOf(timeline: Timeline): Decimal | null {
  let sum: Decimal = '0';
  for (const { totalContractedValue } of timeline) {
    if (totalContractedValue === null) return null;
    sum = add(sum, totalContractedValue);
  }
  return sum;
}

function changeOf(before: Decimal | null, after: Decimal | null): PreviewedValue {
  return { value: after, delta: before === null || after === null ? null : subtract(after, before) };
}

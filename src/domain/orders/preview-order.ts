import type { CommandHandler } from '../account/command.ts';
import { PlanBuilder } from '../account/plan.ts';
import { withInserted } from '../account/state-with-plan.ts';
import { type BilledLines, billLines } from '../billing/bill-lines.ts';
import { type PreviewThrough, previewTarget } from '../billing/preview-through.ts';
import { type WrittenDocuments, writeDocuments } from '../billing/write-documents.ts';
import { add, type Decimal, subtract } from '../money.ts';
import { isRefusal, type Refusal } from '../result.ts';
import type { MadeVersion } from '../subscriptions/materialise.ts';
import type { RatePlan, Subscription } from '../subscriptions/subscription.ts';
import { WHOLE_HISTORY } from '../subscriptions/subscription-content.ts';
import { lastOf, type Timeline } from '../subscriptions/timeline.ts';
import { contractedMrrOf, type VersionDraft } from '../subscriptions/version-draft.ts';
import { billingsOf } from './bill-versions.ts';
import { needsOfOrder, newOrder, requestProblem } from './create-order.ts';
import { NumberTaker, withMadeUpNumbers } from './number-taker.ts';
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

/** What would be billed with the order: invoices and credit memos with made-up numbers, up to the target date. */
export interface PreviewedDocuments extends WrittenDocuments {
  readonly targetDate: string;
  readonly documentDate: string;
}

export interface OrderPreview {
  readonly types: readonly PreviewType[];
  readonly subscriptions: readonly PreviewedSubscription[];
  /** Null unless the order says how it is billed. */
  readonly documents: PreviewedDocuments | null;
}

export interface PreviewRequest {
  /** Its `billing` says whether, and with which dates, its bill is previewed. */
  readonly order: OrderRequest;
  readonly types: readonly PreviewType[];
  /** How far the bill goes where `billing` gives no target date. */
  readonly through?: PreviewThrough | null;
}

/**
 * What an order would do: decided exactly as the order would be, in the same lane, on the same state, and never committed (invariant
 * I11). Numbers that the order would take are not taken: the preview makes them up.
 */
export const previewOrder: CommandHandler<PreviewRequest, OrderPreview> = {
  readsOnly: true,
  needs: ({ order }) => needsOfOrder({ ...order, orderNumber: null }, WHOLE_HISTORY),
  decide(state, { order: request, types, through = null }, realContext) {
    const problem = requestProblem(request, state);
    if (problem !== null) return problem;
    const context = withMadeUpNumbers(realContext);
    const plan = new PlanBuilder();
    const accounts = new OrderAccounts(state, plan, context);
    const account = accounts.resolve(request.account);
    if (isRefusal(account)) return account;
    const order = newOrder(request, account, context);
    const drafts: VersionDraft[] = [];
    const toBill: MadeVersion[] = [];
    const placing: Placing = {
      order,
      account,
      accounts,
      plan,
      state,
      context,
      numbers: new NumberTaker(context),
      onMade: (draft) => drafts.push(draft),
      toBill,
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
    const documents = request.billing == null ? null : previewedBill(toBill, request, through, placing);
    if (documents !== null && isRefusal(documents)) return documents;
    return new PlanBuilder().build({ types, subscriptions, documents });
  },
};

/** The bill of the versions as `runBilling` would make it, each up to its own target date. */
function previewedBill(
  made: readonly MadeVersion[],
  { billing, orderDate }: OrderRequest,
  through: PreviewThrough | null,
  { state, plan, context, order }: Placing,
): PreviewedDocuments | Refusal {
  const given = billing?.targetDate ?? null;
  const at = { state: withInserted(state, plan), plan, context };
  const billings = billingsOf(made, state);
  const targets = billings.map(({ subscription, charges }) => {
    if (through === null) return given ?? context.today;
    const { subscriptionStartDate: start } = subscription;
    const from = start > orderDate ? start : orderDate;
    return previewTarget(
      through,
      subscription,
      charges.map(({ charge }) => charge),
      from,
    );
  });
  const billed: BilledLines[] = [];
  for (const [i, one] of billings.entries()) {
    const lines = billLines([one], { targetDate: targets[i]!, chargeTypesToExclude: new Set() }, at);
    if (isRefusal(lines)) return lines;
    billed.push(...lines);
  }
  const targetDate = [...targets].sort().at(-1) ?? given ?? context.today;
  const documentDate = billing?.documentDate ?? context.today;
  const terms = {
    documentDate,
    targetDate,
    sourceType: 'Order' as const,
    sourceId: order.id,
    billRunId: null,
    creditMemoReasonCode: null,
  };
  const documents = writeDocuments(billed, terms, false, at);
  return isRefusal(documents) ? documents : { ...documents, targetDate, documentDate };
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

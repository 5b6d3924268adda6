import type { Span } from '../../charge-models/mrr.ts';
import { isRefusal, type Refusal, refuse } from '../../result.ts';
import { pricePart, quantityPart, repriceCharge } from '../../subscriptions/reprice-charge.ts';
import type { Charge, RatePlan } from '../../subscriptions/subscription.ts';
import { changedFrom, lastOf, type Timeline } from '../../subscriptions/timeline.ts';
import { dateOfEvent, resolveTriggerDates } from '../../subscriptions/trigger-dates.ts';
import type { VersionDraft } from '../../subscriptions/version-draft.ts';
import type { ChargeUpdateSpec, UpdateProductAction } from '../action-specs.ts';
import { findRatePlan } from './find-rate-plan.ts';
import {
  type ActionSetting,
  CHANGEABLE,
  earliestOf,
  earliestTrigger,
  type OrderActionHandler,
  statusProblem,
} from './order-action.ts';

/**
 * UpdateProduct: price, quantity, discount of charges from a date on, also a later one (semantics D.2, F.1 row 4). A change that is already
 * booked for a later date keeps what it changes.
 */
export const updateProduct: OrderActionHandler<UpdateProductAction> = {
  needs: () => [],
  earliest(spec, orderDate) {
    const dates = spec.charges.map(({ effective }) => effective?.specificTriggerDate);
    return earliestOf(earliestTrigger(spec, orderDate), spec.specificUpdateDate, ...dates);
  },
  apply(spec, draft, setting) {
    const problem = statusProblem(draft, CHANGEABLE, setting);
    if (problem !== null) return problem;
    const plan = findRatePlan(spec.ratePlan, draft, setting);
    if (isRefusal(plan)) return plan;
    for (const [i, update] of spec.charges.entries()) {
      const path = `${setting.path}.updateProduct.chargeUpdates[${i}]`;
      const timeline = findCharge(update, plan, draft, path);
      if (isRefusal(timeline)) return timeline;
      const date = dateOfUpdate(spec, update, setting, path);
      if (isRefusal(Object(date))) return date as Refusal;
      const changed = updated(timeline, date as string, update, draft, path);
      if (isRefusal(changed)) return changed;
      draft.putTimeline(changed);
    }
    return patchPlan(spec, plan, draft);
  },
};

/** Whether the order must wait for a date: an update has none while its trigger event has none. */
export function waitsForDate(spec: UpdateProductAction, orderDate: string): boolean {
  const dates = resolveTriggerDates(spec.triggerDates, orderDate, '');
  if (isRefusal(dates)) return false;
  return spec.charges.some(({ effective }) => {
    const event = effective?.triggerEvent ?? 'ContractEffective';
    return event !== 'SpecificDate' && dateOfEvent(event, dates) === null;
  });
}

function findCharge(
  { chargeNumber, uniqueToken }: ChargeUpdateSpec,
  plan: RatePlan,
  draft: VersionDraft,
  path: string,
): Timeline | Refusal {
  const key = chargeNumber ?? uniqueToken;
  const field = `${path}.${chargeNumber === null ? 'uniqueToken' : 'chargeNumber'}`;
  if (key === null) return refuse('missing', 'is required', `${path}.chargeNumber`);
  const timeline = draft
    .timelinesOf(plan.id)
    .find((t) =>
      chargeNumber === null ? lastOf(t).details.uniqueToken === key : lastOf(t).chargeNumber === key,
    );
  return (
    timeline ?? refuse('invalid', `rate plan ${plan.ratePlanNumber} has no running charge ${key}`, field)
  );
}

function dateOfUpdate(
  spec: UpdateProductAction,
  { effective }: ChargeUpdateSpec,
  { order, path: actionPath }: ActionSetting,
  path: string,
): string | Refusal {
  const dates = resolveTriggerDates(spec.triggerDates, order.orderDate, `${actionPath}.triggerDates`);
  if (isRefusal(dates)) return dates;
  const event = effective?.triggerEvent ?? (effective?.specificTriggerDate == null ? null : 'SpecificDate');
  if (event === 'SpecificDate') {
    const date = effective?.specificTriggerDate ?? spec.specificUpdateDate;
    return (
      date ?? refuse('missing', 'is required for SpecificDate', `${path}.effectiveDate.specificTriggerDate`)
    );
  }
  if (event === null && spec.specificUpdateDate !== null) return spec.specificUpdateDate;
  const date = dateOfEvent(event ?? 'ContractEffective', dates);
  return date ?? refuse('missing', `the date of ${event} is missing`, `${actionPath}.triggerDates`);
}

function updated(
  timeline: Timeline,
  date: string,
  update: ChargeUpdateSpec,
  draft: VersionDraft,
  path: string,
): Timeline | Refusal {
  const first = timeline[0]!;
  const last = lastOf(timeline);
  const { chargeNumber, effectiveStartDate: start } = first;
  if (start === null) return refuse('rule', `charge ${chargeNumber} has no start date yet`, path);
  if (date < start)
    return refuse('invalid', `charge ${chargeNumber} starts only on ${start}`, `${path}.effectiveDate`);
  if (last.effectiveEndDate !== null && date >= last.effectiveEndDate) {
    return refuse(
      'invalid',
      `charge ${chargeNumber} ends on ${last.effectiveEndDate}`,
      `${path}.effectiveDate`,
    );
  }
  const { start: termStart, end: termEnd } = draft.term();
  const span: Span | null = termEnd === null ? null : { start: termStart, endExclusive: termEnd };
  const { pricing } = update;
  const price = pricing === null ? null : pricePart(pricing);
  const quantity = pricing === null ? null : quantityPart(pricing);
  const step = (part: typeof pricing) =>
    part === null ? null : (segment: Charge) => repriceCharge(segment, part, span, path);
  const change = { price: step(price), quantity: step(quantity), fields: attributesOf(update) };
  return changedFrom(timeline, date, change, draft.revise);
}

/** What the update says that no price follows from, laid over each segment's own. */
function attributesOf(update: ChargeUpdateSpec): (segment: Charge) => Partial<Charge> {
  const { billingPeriodAlignment, description, customFields } = update;
  return (segment) => ({
    ...(billingPeriodAlignment === null ? {} : { billingPeriodAlignment }),
    ...(description === null ? {} : { details: { ...segment.details, description } }),
    ...(Object.keys(customFields).length === 0
      ? {}
      : { customFields: { ...segment.customFields, ...customFields } }),
  });
}

function patchPlan(spec: UpdateProductAction, plan: RatePlan, draft: VersionDraft): null {
  const details = Object.keys(spec.details).length > 0;
  const custom = Object.keys(spec.customFields).length > 0;
  if (details || custom) {
    draft.putRatePlan({
      ...plan,
      details: { ...plan.details, ...spec.details },
      customFields: { ...plan.customFields, ...spec.customFields },
    });
  }
  return null;
}

import { addPeriod, type PeriodUnit, periodFits } from '../../calendar.ts';
import { type JsonObject, type JsonValue, type Refusal, refuse } from '../../result.ts';
import { renewedPrice } from '../../subscriptions/reprice-charge.ts';
import type { Charge } from '../../subscriptions/subscription.ts';
import { changedFrom, lastOf, movedEnd, type Timeline } from '../../subscriptions/timeline.ts';
import type { VersionDraft } from '../../subscriptions/version-draft.ts';
import type { RenewSubscriptionAction } from '../action-specs.ts';
import { needsOfInvoicing, patchInvoicing } from './invoicing-patch.ts';
import { type ActionSetting, type OrderActionHandler, statusProblem } from './order-action.ts';

/**
 * RenewSubscription: the next term follows the last one, charges that run to the subscription's end run on, at the price that their price
 * change option gives (semantics D.2, F.1 row 8).
 */
export const renewSubscription: OrderActionHandler<RenewSubscriptionAction> = {
  needs: ({ invoicing }) => needsOfInvoicing(invoicing),
  earliest: (_spec, orderDate) => orderDate,
  apply(spec, draft, setting) {
    const problem = statusProblem(draft, ['Active', 'Suspended'], setting);
    if (problem !== null) return problem;
    const end = draft.subscription.subscriptionEndDate;
    if (end === null) {
      return refuse('rule', 'an evergreen subscription has no term to renew', `${setting.path}.type`);
    }
    const next = nextTerm(draft, end, setting);
    if (next !== null) return next;
    const newEnd = draft.subscription.subscriptionEndDate;
    draft.mapTimelines((timeline) => renewed(timeline, end, newEnd, draft, setting));
    return patchInvoicing(spec.invoicing, draft, setting, 'renewSubscription');
  },
};

interface RenewalTerm {
  readonly period: number;
  readonly periodType: PeriodUnit;
}

/** Appends the next term. Where several renewal terms were agreed, each counts once and the last one stays. */
function nextTerm(draft: VersionDraft, end: string, { path }: ActionSetting): Refusal | null {
  const { renewalSetting, renewalTerm, renewalTermPeriodType, details } = draft.subscription;
  if (renewalSetting === 'RENEW_TO_EVERGREEN') {
    draft.patch({
      termType: 'EVERGREEN',
      termStartDate: end,
      termEndDate: null,
      subscriptionEndDate: null,
      currentTerm: null,
      currentTermPeriodType: null,
      autoRenew: false,
    });
    return null;
  }
  if (renewalTerm === null || renewalTermPeriodType === null || renewalTerm < 1) {
    return refuse('rule', 'the subscription has no renewal term', `${path}.renewSubscription`);
  }
  const unit = renewalTermPeriodType as PeriodUnit;
  if (!periodFits(end, renewalTerm, unit)) {
    return refuse('rule', 'the next term would end beyond the calendar', `${path}.renewSubscription`);
  }
  const newEnd = addPeriod(end, renewalTerm, unit);
  draft.patch({
    termStartDate: end,
    termEndDate: newEnd,
    subscriptionEndDate: newEnd,
    currentTerm: renewalTerm,
    currentTermPeriodType: unit,
  });
  const agreed = (details.renewalTerms ?? []) as unknown as readonly RenewalTerm[];
  if (agreed.length <= 1) return null;
  const [, ...rest] = agreed;
  draft.patch({
    renewalTerm: rest[0]!.period,
    renewalTermPeriodType: rest[0]!.periodType,
    details: { ...details, renewalTerms: rest as unknown as JsonValue } as JsonObject,
  });
  return null;
}

function renewed(
  timeline: Timeline,
  end: string,
  newEnd: string | null,
  draft: VersionDraft,
  { state }: ActionSetting,
): Timeline {
  const extended = movedEnd(timeline, end, newEnd, draft.revise);
  const last = lastOf(extended);
  if (extended === timeline || last.chargeType !== 'Recurring') return extended;
  const option = last.details.priceChangeOption ?? 'NoChange';
  if (option === 'NoChange') return extended;
  const catalogCharge =
    option === 'UseLatestProductCatalogPricing'
      ? state.find('productRatePlanCharge', last.productRatePlanChargeId)
      : null;
  const span = newEnd === null ? null : { start: end, endExclusive: newEnd };
  const price = (segment: Charge) => renewedPrice(segment, catalogCharge, span);
  const changed = changedFrom(extended, end, { price, quantity: null, fields: () => ({}) }, draft.revise);
  return changed as Timeline;
}

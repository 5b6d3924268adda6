import { type Refusal, refuse } from '../../result.ts';
import { endedOn } from '../../subscriptions/timeline.ts';
import type { VersionDraft } from '../../subscriptions/version-draft.ts';
import type { CancelSubscriptionAction } from '../action-specs.ts';
import {
  type ActionSetting,
  lastInvoicedDay,
  NOT_ENDED,
  type OrderActionHandler,
  statusProblem,
} from './order-action.ts';

/**
 * CancelSubscription: Cancelled at once, even for a later date, which is the first day that is not served. The owner's contracted MRR
 * falls at booking (semantics B.3, D.2, F.1 row 10).
 */
export const cancelSubscription: OrderActionHandler<CancelSubscriptionAction> = {
  needs: () => [],
  earliest: ({ effectiveDate }, orderDate) => effectiveDate ?? orderDate,
  goesBackTo: ({ policy }, draft) => (policy === 'EndOfLastInvoicePeriod' ? lastInvoicedDay(draft) : null),
  apply(spec, draft, setting) {
    const problem = statusProblem(draft, NOT_ENDED, setting);
    if (problem !== null) return problem;
    const date = cancellationDate(spec, draft, setting);
    if (typeof date !== 'string') return date;
    draft.mapTimelines((timeline) => endedOn(timeline, date, {}, draft.revise));
    draft.patch({
      status: 'Cancelled',
      subscriptionEndDate: date,
      termEndDate: date,
      suspendedOn: null,
    });
    return null;
  },
};

function cancellationDate(
  spec: CancelSubscriptionAction,
  draft: VersionDraft,
  { path }: ActionSetting,
): string | Refusal {
  const { subscriptionStartDate: start, subscriptionEndDate: end } = draft.subscription;
  const at = `${path}.cancelSubscription`;
  const field = `${at}.cancellationEffectiveDate`;
  switch (spec.policy) {
    case 'EndOfCurrentTerm':
      return (
        end ?? refuse('rule', 'an evergreen subscription has no term that ends', `${at}.cancellationPolicy`)
      );
    case 'EndOfLastInvoicePeriod':
      return lastInvoicedDay(draft);
    case 'SpecificDate': {
      const date = spec.effectiveDate;
      if (date === null) return refuse('missing', 'is required for SpecificDate', field);
      if (date < start)
        return refuse('invalid', `must not lie before the subscription starts on ${start}`, field);
      if (end !== null && date > end) {
        return refuse('invalid', `must not lie after the subscription ends on ${end}`, field);
      }
      return date;
    }
  }
}

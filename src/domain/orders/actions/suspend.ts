import { addPeriod, periodFits } from '../../calendar.ts';
import { type Refusal, refuse } from '../../result.ts';
import { suspendFrom } from '../../subscriptions/timeline.ts';
import type { VersionDraft } from '../../subscriptions/version-draft.ts';
import type { SuspendAction } from '../action-specs.ts';
import {
  type ActionSetting,
  earliestOf,
  lastInvoicedDay,
  type OrderActionHandler,
  statusProblem,
} from './order-action.ts';

/**
 * Suspend: from a day on nothing is served or billed until the subscription is resumed. It stays in the owner's contracted MRR
 * (semantics B.3, F.1 row 11).
 */
export const suspend: OrderActionHandler<SuspendAction> = {
  needs: () => [],
  earliest: ({ specificDate }, orderDate) => earliestOf(specificDate, orderDate),
  goesBackTo({ policy }, draft, { today }) {
    if (policy === 'EndOfLastInvoicePeriod') return lastInvoicedDay(draft);
    return policy === 'SpecificDate' ? null : today;
  },
  apply(spec, draft, setting) {
    const problem = statusProblem(draft, ['Active'], setting);
    if (problem !== null) return problem;
    const date = suspensionDate(spec, draft, setting);
    if (typeof date !== 'string') return date;
    const { subscriptionStartDate: start, subscriptionEndDate: end } = draft.subscription;
    const field = `${setting.path}.suspend.suspendPolicy`;
    if (date < start) {
      return refuse('invalid', `would suspend on ${date}, before the subscription starts on ${start}`, field);
    }
    if (end !== null && date >= end) {
      return refuse('invalid', `would suspend on ${date}, when the subscription has ended on ${end}`, field);
    }
    draft.mapTimelines((timeline) => suspendFrom(timeline, date, draft.revise));
    draft.patch({ status: 'Suspended', suspendedOn: date });
    return null;
  },
};

function suspensionDate(
  { policy, periods, periodsType, specificDate }: SuspendAction,
  draft: VersionDraft,
  { context, path }: ActionSetting,
): string | Refusal {
  const at = `${path}.suspend`;
  switch (policy) {
    case 'Today':
      return context.today;
    case 'EndOfLastInvoicePeriod':
      return lastInvoicedDay(draft);
    case 'SpecificDate':
      return specificDate ?? refuse('missing', 'is required for SpecificDate', `${at}.suspendSpecificDate`);
    case 'FixedPeriodsFromToday': {
      if (periods === null) return refuse('missing', `is required for ${policy}`, `${at}.suspendPeriods`);
      if (periodsType === null)
        return refuse('missing', `is required for ${policy}`, `${at}.suspendPeriodsType`);
      return periodFits(context.today, periods, periodsType)
        ? addPeriod(context.today, periods, periodsType)
        : refuse('invalid', 'ends beyond the calendar', `${at}.suspendPeriods`);
    }
  }
}

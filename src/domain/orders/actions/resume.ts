import { addDays, addPeriod, daysBetween, periodFits } from '../../calendar.ts';
import { type Refusal, refuse } from '../../result.ts';
import { detailsResumedOn } from '../../subscriptions/resumed-on.ts';
import { movedEnd, resumeFrom } from '../../subscriptions/timeline.ts';
import type { VersionDraft } from '../../subscriptions/version-draft.ts';
import type { ResumeAction } from '../action-specs.ts';
import { type ActionSetting, earliestOf, type OrderActionHandler } from './order-action.ts';

/**
 * Resume: from a day on a suspended subscription is served again, as it was booked; the days between are left out. With `extendsTerm` the
 * term ends later by as many days.
 */
export const resume: OrderActionHandler<ResumeAction> = {
  needs: () => [],
  earliest: ({ specificDate }, orderDate) => earliestOf(specificDate, orderDate),
  goesBackTo: ({ policy }, _draft, { today }) => (policy.endsWith('Today') ? today : null),
  apply(spec, draft, setting) {
    const { status, suspendedOn, subscriptionNumber } = draft.subscription;
    if (suspendedOn === null || status !== 'Suspended') {
      return refuse(
        'rule',
        `subscription ${subscriptionNumber} is ${status}, not Suspended`,
        `${setting.path}.type`,
      );
    }
    const date = resumptionDate(spec, suspendedOn, setting);
    if (typeof date !== 'string') return date;
    const field = `${setting.path}.resume.resumePolicy`;
    if (date < suspendedOn) {
      return refuse('invalid', `would resume on ${date}, before the suspension on ${suspendedOn}`, field);
    }
    if (spec.extendsTerm && !extendTerm(draft, daysBetween(suspendedOn, date))) {
      return refuse(
        'invalid',
        'would end the term beyond the calendar',
        `${setting.path}.resume.extendsTerm`,
      );
    }
    const end = draft.subscription.subscriptionEndDate;
    if (end !== null && date >= end) {
      return refuse('invalid', `would resume on ${date}, when the subscription has ended on ${end}`, field);
    }
    draft.mapTimelines((timeline) => resumeFrom(timeline, date, draft.revise));
    draft.patch({
      status: 'Active',
      suspendedOn: null,
      // Resumed on the day of its suspension, it leaves no day out.
      details: date > suspendedOn ? detailsResumedOn(draft.subscription, date) : draft.subscription.details,
    });
    return null;
  },
};

/** False when no date is so late. */
function extendTerm(draft: VersionDraft, days: number): boolean {
  const { subscriptionEndDate: end } = draft.subscription;
  if (end === null || days === 0) return true;
  if (!periodFits(end, days, 'Day')) return false;
  const newEnd = addDays(end, days);
  draft.mapTimelines((timeline) => movedEnd(timeline, end, newEnd, draft.revise));
  draft.patch({ subscriptionEndDate: newEnd, termEndDate: newEnd });
  return true;
}

function resumptionDate(
  { policy, periods, periodsType, specificDate }: ResumeAction,
  suspendedOn: string,
  { context, path }: ActionSetting,
): string | Refusal {
  const at = `${path}.resume`;
  switch (policy) {
    case 'Today':
      return context.today;
    case 'SuspendDate':
      return suspendedOn;
    case 'SpecificDate':
      return specificDate ?? refuse('missing', 'is required for SpecificDate', `${at}.resumeSpecificDate`);
    case 'FixedPeriodsFromToday':
    case 'FixedPeriodsFromSuspendDate': {
      if (periods === null) return refuse('missing', `is required for ${policy}`, `${at}.resumePeriods`);
      if (periodsType === null)
        return refuse('missing', `is required for ${policy}`, `${at}.resumePeriodsType`);
      const from = policy === 'FixedPeriodsFromToday' ? context.today : suspendedOn;
      return periodFits(from, periods, periodsType)
        ? addPeriod(from, periods, periodsType)
        : refuse('invalid', 'ends beyond the calendar', `${at}.resumePeriods`);
    }
  }
}

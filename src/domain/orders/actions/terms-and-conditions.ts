import { addPeriod, type PeriodUnit, periodFits } from '../../calendar.ts';
import { isRefusal, type JsonObject, type JsonValue, type Refusal, refuse } from '../../result.ts';
import { termEnd } from '../../subscriptions/term.ts';
import { movedEnd } from '../../subscriptions/timeline.ts';
import type { VersionDraft } from '../../subscriptions/version-draft.ts';
import type { TermsAndConditionsAction } from '../action-specs.ts';
import { needsOfInvoicing, patchInvoicing } from './invoicing-patch.ts';
import { type ActionSetting, NOT_ENDED, type OrderActionHandler, statusProblem } from './order-action.ts';

/** TermsAndConditions: renewal, the last term's length, how the subscription is invoiced (semantics D.2, F.1 row 9). */
export const termsAndConditions: OrderActionHandler<TermsAndConditionsAction> = {
  needs: ({ invoicing }) => needsOfInvoicing(invoicing),
  earliest: ({ lastTerm }, orderDate) => {
    const end = lastTerm?.endDate;
    return end != null && end < orderDate ? end : orderDate;
  },
  goesBackTo({ lastTerm }, draft) {
    const { termStartDate, currentTerm, currentTermPeriodType } = draft.subscription;
    const period = lastTerm?.period ?? currentTerm;
    const unit = lastTerm?.periodType ?? (currentTermPeriodType as PeriodUnit | null);
    if (lastTerm === null || lastTerm.endDate !== null || period === null || unit === null) return null;
    return periodFits(termStartDate, period, unit) ? addPeriod(termStartDate, period, unit) : null;
  },
  apply(spec, draft, setting) {
    const problem = statusProblem(draft, NOT_ENDED, setting);
    if (problem !== null) return problem;
    if (spec.autoRenew !== null) draft.patch({ autoRenew: spec.autoRenew });
    if (spec.renewalSetting !== null) draft.patch({ renewalSetting: spec.renewalSetting });
    return (
      patchRenewalTerms(spec.renewalTerms, draft, setting) ??
      patchLastTerm(spec.lastTerm, draft, setting) ??
      patchInvoicing(spec.invoicing, draft, setting, 'termsAndConditions')
    );
  },
};

function patchRenewalTerms(
  terms: TermsAndConditionsAction['renewalTerms'],
  draft: VersionDraft,
  { path }: ActionSetting,
): Refusal | null {
  const first = terms?.[0];
  if (terms === null || first === undefined) return null;
  for (const [i, { period, periodType }] of terms.entries()) {
    const end = termEnd(
      draft.subscription.termStartDate,
      period,
      periodType,
      `${path}.termsAndConditions.renewalTerms[${i}]`,
    );
    if (isRefusal(Object(end))) return end as Refusal;
  }
  const { renewalTerms: _, ...details } = draft.subscription.details;
  draft.patch({
    renewalTerm: first.period,
    renewalTermPeriodType: first.periodType,
    details: (terms.length > 1
      ? { ...details, renewalTerms: terms as unknown as JsonValue }
      : details) as JsonObject,
  });
  return null;
}

/** The last term, and with it the subscription's end: charges that run to it are extended or cut short. */
function patchLastTerm(
  lastTerm: TermsAndConditionsAction['lastTerm'],
  draft: VersionDraft,
  { path }: ActionSetting,
): Refusal | null {
  if (lastTerm === null) return null;
  const at = `${path}.termsAndConditions.lastTerm`;
  const before = draft.subscription;
  const start = lastTerm.startDate ?? before.termStartDate;
  if (start !== before.termStartDate) {
    return refuse(
      'invalid',
      `must be ${before.termStartDate}: a term that has been agreed keeps its start`,
      `${at}.startDate`,
    );
  }
  const termType = lastTerm.termType ?? before.termType;
  let end: string | null = null;
  if (termType === 'TERMED') {
    const agreed =
      lastTerm.endDate ??
      termEnd(
        start,
        lastTerm.period ?? before.currentTerm,
        lastTerm.periodType ?? (before.currentTermPeriodType as 'Month' | null),
        at,
      );
    if (typeof agreed !== 'string') return agreed;
    if (agreed <= start) return refuse('invalid', 'must lie after the term starts', `${at}.endDate`);
    end = agreed;
  }
  draft.mapTimelines((timeline) => movedEnd(timeline, before.subscriptionEndDate, end, draft.revise));
  draft.patch({
    termType,
    termEndDate: end,
    subscriptionEndDate: end,
    currentTerm: termType === 'TERMED' ? (lastTerm.period ?? before.currentTerm) : null,
    currentTermPeriodType:
      termType === 'TERMED' ? (lastTerm.periodType ?? before.currentTermPeriodType) : null,
    ...(termType === 'TERMED' && before.renewalTerm === null
      ? { renewalTerm: lastTerm.period, renewalTermPeriodType: lastTerm.periodType }
      : {}),
  });
  const { suspendedOn } = draft.subscription;
  return suspendedOn !== null && end !== null && end <= suspendedOn
    ? refuse('rule', `would end the subscription before its suspension on ${suspendedOn}`, at)
    : null;
}

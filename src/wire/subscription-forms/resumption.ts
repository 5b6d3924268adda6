import { z } from 'zod';
import type { ResumeAction } from '../../domain/orders/action-specs.ts';
import { isRefusal, type Refusal, refuse } from '../../domain/result.ts';
import { pickGiven, wireBoolean, wireDate } from '../values.ts';
import { oneOf } from '../words.ts';

import {
  billingOf,
  billingRun,
  bookingDates,
  countOf,
  countOrText,
  orderDateOf,
  periodUnit,
  triggerDatesOf,
  wireTriggerDates,
} from './form-values.ts';
import { changeForm, type FormAction, type FormSubscription, type OrderForm } from './order-form.ts';

/** PUT /v1/subscriptions/{key}/resume: an order of one Resume. Suspensions may hold one too. */

const RESUME_POLICIES = [
  'Today',
  'FixedPeriodsFromSuspendDate',
  'FixedPeriodsFromToday',
  'SpecificDate',
  'SuspendDate',
] as const;

export const resumeFields = {
  resumePolicy: oneOf(RESUME_POLICIES).nullish(),
  resumePeriods: countOrText.nullish(),
  resumePeriodsType: periodUnit.nullish(),
  resumeSpecificDate: wireDate.nullish(),
  extendsTerm: wireBoolean.nullish(),
};
export const RESUME_FIELDS = Object.keys(resumeFields);

export const resumptionBody = z.object({
  ...resumeFields,
  resumePolicy: oneOf(RESUME_POLICIES),
  ...bookingDates,
  ...billingRun,
});

type ResumeFields = Omit<Partial<z.output<typeof resumptionBody>>, 'resumePolicy'> & {
  readonly resumePolicy?: (typeof RESUME_POLICIES)[number] | null | undefined;
};

/** The Resume that a form describes; refuses one that leaves out what its policy counts or names. */
export function resumeAction(body: ResumeFields): FormAction | Refusal {
  const { resumePolicy: policy } = body;
  if (policy == null) return refuse('missing', 'is required', 'resumePolicy');
  const counts = policy.startsWith('FixedPeriods');
  if (counts && body.resumePeriods == null) {
    return refuse('missing', `is required with resumePolicy ${policy}`, 'resumePeriods');
  }
  if (counts && body.resumePeriodsType == null) {
    return refuse('missing', `is required with resumePolicy ${policy}`, 'resumePeriodsType');
  }
  if (policy === 'SpecificDate' && body.resumeSpecificDate == null) {
    return refuse('missing', `is required with resumePolicy ${policy}`, 'resumeSpecificDate');
  }
  const action: ResumeAction = {
    type: 'Resume',
    triggerDates: triggerDatesOf(body),
    policy,
    periods: counts ? countOf(body.resumePeriods) : null,
    periodsType: counts ? (body.resumePeriodsType ?? null) : null,
    specificDate: policy === 'SpecificDate' ? (body.resumeSpecificDate ?? null) : null,
    extendsTerm: body.extendsTerm ?? false,
  };
  const resume = {
    ...pickGiven(body, ['resumePolicy', 'resumePeriodsType', 'resumeSpecificDate', 'extendsTerm']),
    ...pickGiven({ resumePeriods: countOf(body.resumePeriods) }, ['resumePeriods']),
  };
  return { action, body: { triggerDates: wireTriggerDates(body), resume }, path: '' };
}

export function fromWireResumption(
  body: z.output<typeof resumptionBody>,
  target: FormSubscription,
  today: string,
): OrderForm | Refusal {
  const action = resumeAction(body);
  if (isRefusal(action)) return action;
  return changeForm(target, orderDateOf(body, today), [action], { billing: billingOf(body) });
}

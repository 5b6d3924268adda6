import { z } from 'zod';
import type { SuspendAction } from '../../domain/orders/action-specs.ts';
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
import { changeForm, type FormSubscription, type OrderForm } from './order-form.ts';
import { RESUME_FIELDS, resumeAction, resumeFields } from './resumption.ts';

/** PUT /v1/subscriptions/{key}/suspend: an order of one Suspend, and with `resume` a Resume after it. */

export const suspensionBody = z.object({
  suspendPolicy: oneOf(['Today', 'EndOfLastInvoicePeriod', 'FixedPeriodsFromToday', 'SpecificDate']),
  suspendPeriods: countOrText.nullish(),
  suspendPeriodsType: periodUnit.nullish(),
  suspendSpecificDate: wireDate.nullish(),
  resume: wireBoolean.nullish(),
  ...resumeFields,
  ...bookingDates,
  ...billingRun,
});

export function fromWireSuspension(
  body: z.output<typeof suspensionBody>,
  target: FormSubscription,
  today: string,
): OrderForm | Refusal {
  const { suspendPolicy: policy } = body;
  const counts = policy === 'FixedPeriodsFromToday';
  const required = counts
    ? (['suspendPeriods', 'suspendPeriodsType'] as const)
    : policy === 'SpecificDate'
      ? (['suspendSpecificDate'] as const)
      : [];
  for (const field of required) {
    if (body[field] == null) return refuse('missing', `is required with suspendPolicy ${policy}`, field);
  }
  const suspend: SuspendAction = {
    type: 'Suspend',
    triggerDates: triggerDatesOf(body),
    policy,
    periods: counts ? countOf(body.suspendPeriods) : null,
    periodsType: counts ? (body.suspendPeriodsType ?? null) : null,
    specificDate: policy === 'SpecificDate' ? (body.suspendSpecificDate ?? null) : null,
  };
  const shown = {
    ...pickGiven(body, ['suspendPolicy', 'suspendPeriodsType', 'suspendSpecificDate']),
    ...pickGiven({ suspendPeriods: countOf(body.suspendPeriods) }, ['suspendPeriods']),
  };
  const actions = [
    { action: suspend, body: { triggerDates: wireTriggerDates(body), suspend: shown }, path: '' },
  ];
  if (body.resume !== true) {
    const [lost] = Object.keys(pickGiven(body, RESUME_FIELDS)).filter((name) => name !== 'extendsTerm');
    if (lost !== undefined) return refuse('invalid', 'has no effect unless resume is true', lost);
    return changeForm(target, orderDateOf(body, today), actions, { billing: billingOf(body) });
  }
  const resume = resumeAction(body);
  if (isRefusal(resume)) return resume;
  return changeForm(target, orderDateOf(body, today), [...actions, resume], { billing: billingOf(body) });
}

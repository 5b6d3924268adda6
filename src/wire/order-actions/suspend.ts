import { z } from 'zod';
import type { SuspendAction } from '../../domain/orders/action-specs.ts';
import type { Refusal } from '../../domain/result.ts';
import type { TriggerDates } from '../../domain/subscriptions/subscription-spec.ts';
import { wireDate } from '../values.ts';
import { oneOf } from '../words.ts';
import { policyProblem } from './policy-values.ts';
import { wirePeriod, wirePeriodType } from './terms.ts';

export const wireSuspend = z.object(
  {
    suspendPolicy: oneOf(['Today', 'EndOfLastInvoicePeriod', 'FixedPeriodsFromToday', 'SpecificDate']),
    suspendPeriods: wirePeriod.nullish(),
    suspendPeriodsType: wirePeriodType.nullish(),
    suspendSpecificDate: wireDate.nullish(),
  },
  { error: 'must be an object with suspendPolicy' },
);

const FIXED = ['FixedPeriodsFromToday'];

export function fromWireSuspend(
  body: z.output<typeof wireSuspend>,
  triggerDates: TriggerDates,
  path: string,
): SuspendAction | Refusal {
  const policy = body.suspendPolicy;
  const problem = policyProblem(
    body,
    {
      policyField: 'suspendPolicy',
      policy,
      needed: [
        ['suspendPeriods', FIXED],
        ['suspendPeriodsType', FIXED],
        ['suspendSpecificDate', ['SpecificDate']],
      ],
    },
    path,
  );
  if (problem !== null) return problem;
  return {
    type: 'Suspend',
    triggerDates,
    policy,
    periods: body.suspendPeriods ?? null,
    periodsType: body.suspendPeriodsType ?? null,
    specificDate: body.suspendSpecificDate ?? null,
  };
}

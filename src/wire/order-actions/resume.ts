import { z } from 'zod';
import type { ResumeAction } from '../../domain/orders/action-specs.ts';
import type { Refusal } from '../../domain/result.ts';
import type { TriggerDates } from '../../domain/subscriptions/subscription-spec.ts';
import { wireBoolean, wireDate } from '../values.ts';
import { oneOf } from '../words.ts';
import { policyProblem } from './policy-values.ts';
import { wirePeriod, wirePeriodType } from './terms.ts';

export const wireResume = z.object(
  {
    resumePolicy: oneOf([
      'Today',
      'FixedPeriodsFromSuspendDate',
      'FixedPeriodsFromToday',
      'SpecificDate',
      'SuspendDate',
    ]),
    resumePeriods: wirePeriod.nullish(),
    resumePeriodsType: wirePeriodType.nullish(),
    resumeSpecificDate: wireDate.nullish(),
    extendsTerm: wireBoolean.nullish(),
  },
  { error: 'must be an object with resumePolicy' },
);

const FIXED = ['FixedPeriodsFromSuspendDate', 'FixedPeriodsFromToday'];

export function fromWireResume(
  body: z.output<typeof wireResume>,
  triggerDates: TriggerDates,
  path: string,
): ResumeAction | Refusal {
  const policy = body.resumePolicy;
  const problem = policyProblem(
    body,
    {
      policyField: 'resumePolicy',
      policy,
      needed: [
        ['resumePeriods', FIXED],
        ['resumePeriodsType', FIXED],
        ['resumeSpecificDate', ['SpecificDate']],
      ],
    },
    path,
  );
  if (problem !== null) return problem;
  return {
    type: 'Resume',
    triggerDates,
    policy,
    periods: body.resumePeriods ?? null,
    periodsType: body.resumePeriodsType ?? null,
    specificDate: body.resumeSpecificDate ?? null,
    extendsTerm: body.extendsTerm ?? false,
  };
}

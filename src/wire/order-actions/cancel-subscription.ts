import { z } from 'zod';
import type { CancelSubscriptionAction } from '../../domain/orders/action-specs.ts';
import type { Refusal } from '../../domain/result.ts';
import type { TriggerDates } from '../../domain/subscriptions/subscription-spec.ts';
import { wireDate } from '../values.ts';
import { oneOf } from '../words.ts';
import { policyProblem } from './policy-values.ts';

export const wireCancelSubscription = z.object(
  {
    cancellationPolicy: oneOf(['EndOfCurrentTerm', 'EndOfLastInvoicePeriod', 'SpecificDate']),
    cancellationEffectiveDate: wireDate.nullish(),
  },
  { error: 'must be an object with cancellationPolicy' },
);

export function fromWireCancelSubscription(
  body: z.output<typeof wireCancelSubscription>,
  triggerDates: TriggerDates,
  path: string,
): CancelSubscriptionAction | Refusal {
  const policy = body.cancellationPolicy;
  const problem = policyProblem(
    body,
    {
      policyField: 'cancellationPolicy',
      policy,
      needed: [['cancellationEffectiveDate', ['SpecificDate']]],
    },
    path,
  );
  if (problem !== null) return problem;
  const effectiveDate = body.cancellationEffectiveDate ?? null;
  return { type: 'CancelSubscription', triggerDates, policy, effectiveDate };
}

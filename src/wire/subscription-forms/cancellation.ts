import { z } from 'zod';
import { pickGiven, wireDate } from '../values.ts';
import { oneOf } from '../words.ts';

import {
  billingOf,
  billingRun,
  bookingDates,
  orderDateOf,
  triggerDatesOf,
  wireTriggerDates,
} from './form-values.ts';
import { changeForm, type FormSubscription, type OrderForm } from './order-form.ts';

/** PUT /v1/subscriptions/{key}/cancel: an order of one CancelSubscription. */

export const cancellationBody = z
  .object({
    cancellationPolicy: oneOf(['EndOfCurrentTerm', 'EndOfLastInvoicePeriod', 'SpecificDate']),
    cancellationEffectiveDate: wireDate.nullish(),
    ...bookingDates,
    ...billingRun,
  })
  .refine((body) => body.cancellationPolicy !== 'SpecificDate' || body.cancellationEffectiveDate != null, {
    message: 'is required with cancellationPolicy SpecificDate',
    path: ['cancellationEffectiveDate'],
  });

export function fromWireCancellation(
  body: z.output<typeof cancellationBody>,
  target: FormSubscription,
  today: string,
): OrderForm {
  const { cancellationPolicy: policy } = body;
  const effectiveDate = policy === 'SpecificDate' ? (body.cancellationEffectiveDate ?? null) : null;
  return changeForm(
    target,
    orderDateOf(body, today),
    [
      {
        action: { type: 'CancelSubscription', triggerDates: triggerDatesOf(body), policy, effectiveDate },
        body: {
          triggerDates: wireTriggerDates(body),
          cancelSubscription: pickGiven(body, ['cancellationPolicy', 'cancellationEffectiveDate']),
        },
        path: '',
      },
    ],
    { billing: billingOf(body) },
  );
}

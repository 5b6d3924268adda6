import { z } from 'zod';
import { wireDate } from '../values.ts';
import { billingOf, billingRun } from './form-values.ts';
import { changeForm, type FormSubscription, type OrderForm } from './order-form.ts';

/** PUT /v1/subscriptions/{key}/renew: an order of one RenewSubscription. */

export const renewalBody = z.object({ orderDate: wireDate.nullish(), ...billingRun });

export function fromWireRenewal(
  body: z.output<typeof renewalBody>,
  target: FormSubscription,
  today: string,
): OrderForm {
  const action = { type: 'RenewSubscription', triggerDates: {}, invoicing: { details: {} } } as const;
  return changeForm(target, body.orderDate ?? today, [{ action, body: {}, path: '' }], {
    billing: billingOf(body),
  });
}

import { z } from 'zod';
import type { RenewSubscriptionAction } from '../../domain/orders/action-specs.ts';
import { isRefusal, type Refusal } from '../../domain/result.ts';
import type { TriggerDates } from '../../domain/subscriptions/subscription-spec.ts';
import { fromWireInvoicingPatch, invoicingPatchShape } from './invoicing-patch.ts';

/** Nothing in it is required, nor is the object itself. */
export const wireRenewSubscription = z.object(invoicingPatchShape, { error: 'must be an object' });

export function fromWireRenewSubscription(
  body: z.output<typeof wireRenewSubscription>,
  triggerDates: TriggerDates,
  path: string,
): RenewSubscriptionAction | Refusal {
  const invoicing = fromWireInvoicingPatch(body, path);
  return isRefusal(invoicing) ? invoicing : { type: 'RenewSubscription', triggerDates, invoicing };
}

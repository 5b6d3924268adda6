import { z } from 'zod';
import { orderSizeLimits } from '../domain/orders/limits.ts';
import { wireOrderAccount } from './order-accounts.ts';
import { wireOrderAction } from './order-actions/order-action.ts';
import { wireOrderLineItems } from './order-line-items.ts';
import { wireOrderNumber, wireSubscriptionNumber } from './order-numbers.ts';
import {
  wireAnything,
  wireBoolean,
  wireCustomFields,
  wireDate,
  wireDocumentDate,
  wireKey,
  wireText,
} from './values.ts';
import { listOf, oneOf } from './words.ts';

/** What no order may exceed; orders that their callers wait for are bounded closer by `orderSizeProblem`. */
const { subscriptionsMax, actionsMax } = orderSizeLimits.asynchronous;

const wireManagedBy = oneOf(['Amazon', 'Apple', 'Google', 'Roku']);

const subscription = z.object({
  subscriptionNumber: wireSubscriptionNumber.nullish(),
  orderActions: listOf(wireOrderAction, 'order actions', actionsMax).min(
    1,
    'must name at least one order action',
  ),
  externallyManagedBy: wireManagedBy.nullish(),
  quote: wireAnything,
  ramp: wireAnything,
  customFields: wireCustomFields.nullish(),
});

const processingOptions = z.object({
  runBilling: wireBoolean.nullish(),
  collectPayment: wireBoolean.nullish(),
  applyCredit: wireBoolean.nullish(),
  applyCreditBalance: wireBoolean.nullish(),
  refund: wireBoolean.nullish(),
  writeOff: wireBoolean.nullish(),
  billingOptions: z
    .object({
      targetDate: wireDate.nullish(),
      documentDate: wireDocumentDate.nullish(),
      generateDraftInvoice: wireBoolean.nullish(),
      creditMemoReasonCode: wireText(255).nullish(),
    })
    .nullish(),
  electronicPaymentOptions: wireAnything,
  applicationOrder: wireAnything,
  refundAmount: wireAnything,
  refundReasonCode: wireAnything,
  writeOffBehavior: wireAnything,
});

const schedulingOptions = z.object(
  {
    scheduledDatePolicy: oneOf(['SpecificDate']).nullish(),
    scheduledDate: wireDate,
  },
  { error: 'must be an object with scheduledDate' },
);

/** What an order says apart from its account and its number, when it is created and when a draft of it is replaced. */
export const orderShape = {
  orderDate: wireDate,
  category: oneOf(['NewSales', 'Return']).nullish(),
  description: wireText(500).nullish(),
  reasonCode: wireText(255).nullish(),
  externallyManagedBy: wireManagedBy.nullish(),
  customFields: wireCustomFields.nullish(),
  subscriptions: listOf(subscription, 'subscriptions', subscriptionsMax).nullish(),
  orderLineItems: wireOrderLineItems,
  commitments: wireAnything,
  processingOptions: processingOptions.nullish(),
  schedulingOptions: schedulingOptions.nullish(),
};

/** POST /v1/orders. */
export const orderBody = z
  .object({
    ...orderShape,
    orderNumber: wireOrderNumber.nullish(),
    status: oneOf(['Draft', 'Pending', 'Completed', 'Scheduled', 'Executing', 'Failed']).nullish(),
    existingAccountNumber: wireKey.nullish(),
    existingAccountId: wireKey.nullish(),
    newAccount: wireOrderAccount.nullish(),
  })
  .refine(
    (o) => [o.existingAccountNumber, o.existingAccountId, o.newAccount].filter((v) => v != null).length === 1,
    {
      message: 'give exactly one of existingAccountNumber, existingAccountId and newAccount',
      path: ['existingAccountNumber'],
    },
  );

export type WireOrder = z.output<typeof orderBody>;
export type WireSubscription = z.output<typeof subscription>;
/** What creating and replacing an order have in common. */
export type WireOrderContent = z.output<z.ZodObject<typeof orderShape>> & {
  readonly status?: WireOrder['status'];
};

import { createAccountWithSubscription } from '../../domain/accounts/create-account-with-subscription.ts';
import { createOrder } from '../../domain/orders/create-order.ts';
import type { OrderRequest } from '../../domain/orders/order-request.ts';
import { previewOrder } from '../../domain/orders/preview-order.ts';
import { deleteSubscription } from '../../domain/subscriptions/delete-subscription.ts';
import { updateSubscriptionCustomFields } from '../../domain/subscriptions/update-custom-fields.ts';
import {
  toWireAccountWithSubscription,
  toWireSubscriptionCancelled,
  toWireSubscriptionCreated,
  toWireSubscriptionPreviewed,
  toWireSubscriptionRenewed,
  toWireSubscriptionResumed,
  toWireSubscriptionSuspended,
  toWireSubscriptionUpdated,
  toWireUpdatePreviewed,
} from '../../wire/subscription-forms/replies.ts';
import { asForm } from '../order-form.ts';
import { type RegisteredCommand, registered } from '../registry.ts';

const done = () => ({ success: true });
const placed = asForm(createOrder);
const previewed = asForm({
  readsOnly: true,
  needs: (order: OrderRequest) => previewOrder.needs({ order, types: [] }),
  decide: (state, order, context) => previewOrder.decide(state, { order, types: [] }, context),
});

/** The forms of /v1/subscriptions: orders, each with the reply of its form; and what needs no order. */
export const subscriptionCommands: ReadonlyArray<readonly [string, RegisteredCommand]> = [
  ['subscription.create', registered(placed, toWireSubscriptionCreated)],
  ['subscription.update', registered(placed, toWireSubscriptionUpdated)],
  ['subscription.preview', registered(previewed, toWireSubscriptionPreviewed)],
  ['subscription.previewUpdate', registered(previewed, toWireUpdatePreviewed)],
  ['subscription.renew', registered(placed, toWireSubscriptionRenewed)],
  ['subscription.cancel', registered(placed, toWireSubscriptionCancelled)],
  ['subscription.suspend', registered(placed, toWireSubscriptionSuspended)],
  ['subscription.resume', registered(placed, toWireSubscriptionResumed)],
  ['subscription.delete', registered(deleteSubscription, done)],
  ['subscription.customFields', registered(updateSubscriptionCustomFields, done)],
  [
    'account.createWithSubscription',
    registered(asForm(createAccountWithSubscription), toWireAccountWithSubscription),
  ],
];

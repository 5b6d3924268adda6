import { z } from 'zod';
import type { OrderActionSpec } from '../../domain/orders/action-specs.ts';
import type { Refusal } from '../../domain/result.ts';
import type { TriggerDates } from '../../domain/subscriptions/subscription-spec.ts';
import { wireCustomFields, wireText } from '../values.ts';
import { oneOf } from '../words.ts';
import { fromWireAddProduct, wireAddProduct } from './add-product.ts';
import { fromWireCancelSubscription, wireCancelSubscription } from './cancel-subscription.ts';
import { fromWireChangePlan, wireChangePlan } from './change-plan.ts';
import {
  fromWireCreateSubscription,
  type SubscriptionAround,
  wireCreateSubscription,
} from './create-subscription.ts';
import { fromWireOwnerTransfer, wireOwnerTransfer } from './owner-transfer.ts';
import { fromWireRemoveProduct, wireRemoveProduct } from './remove-product.ts';
import { fromWireRenewSubscription, wireRenewSubscription } from './renew-subscription.ts';
import { fromWireResume, wireResume } from './resume.ts';
import { fromWireSuspend, wireSuspend } from './suspend.ts';
import { fromWireTermsAndConditions, wireTermsAndConditions } from './terms-and-conditions.ts';
import { fromWireTriggerDates, wireTriggerDates } from './trigger-dates.ts';
import { fromWireUpdateProduct, wireUpdateProduct } from './update-product.ts';

/** Every type of order action, and the object that says what it does. */
export const OWN_OBJECTS = {
  CreateSubscription: 'createSubscription',
  TermsAndConditions: 'termsAndConditions',
  AddProduct: 'addProduct',
  UpdateProduct: 'updateProduct',
  RemoveProduct: 'removeProduct',
  RenewSubscription: 'renewSubscription',
  CancelSubscription: 'cancelSubscription',
  OwnerTransfer: 'ownerTransfer',
  Suspend: 'suspend',
  Resume: 'resume',
  ChangePlan: 'changePlan',
} as const satisfies Record<OrderActionSpec['type'], string>;

export const ORDER_ACTION_TYPES = Object.keys(OWN_OBJECTS) as [
  OrderActionSpec['type'],
  ...OrderActionSpec['type'][],
];

/** Bound of `changeReason`, which can be changed afterwards too. */
export const wireChangeReason = wireText(255);

/** One entry of `orderActions`. An action has its own object and none of another type: what is given is never passed over. */
export const wireOrderAction = z
  .object({
    type: oneOf(ORDER_ACTION_TYPES),
    createSubscription: wireCreateSubscription.nullish(),
    termsAndConditions: wireTermsAndConditions.nullish(),
    addProduct: wireAddProduct.nullish(),
    updateProduct: wireUpdateProduct.nullish(),
    removeProduct: wireRemoveProduct.nullish(),
    renewSubscription: wireRenewSubscription.nullish(),
    cancelSubscription: wireCancelSubscription.nullish(),
    ownerTransfer: wireOwnerTransfer.nullish(),
    suspend: wireSuspend.nullish(),
    resume: wireResume.nullish(),
    changePlan: wireChangePlan.nullish(),
    triggerDates: wireTriggerDates,
    changeReason: wireChangeReason.nullish(),
    customFields: wireCustomFields.nullish(),
  })
  .superRefine((action, context) => {
    for (const [type, name] of Object.entries(OWN_OBJECTS)) {
      const isOwn = type === action.type;
      const isGiven = action[name] != null;
      if (isOwn && !isGiven && type !== 'RenewSubscription') {
        context.addIssue({ code: 'custom', path: [name], message: 'is required' });
      }
      if (!isOwn && isGiven) {
        const message = `does not go with the type ${action.type}`;
        context.addIssue({ code: 'custom', path: [name], message });
      }
    }
  });

export type WireOrderAction = z.output<typeof wireOrderAction>;

/**
 * An order action in the domain's words.
 *
 * @param path of the action: `subscriptions[0].orderActions[0]`
 */
export function fromWireOrderAction(
  action: WireOrderAction,
  around: SubscriptionAround,
  path: string,
): OrderActionSpec | Refusal {
  const triggerDates = fromWireTriggerDates(action.triggerDates);
  const at = `${path}.${OWN_OBJECTS[action.type]}`;
  return action.type === 'CreateSubscription'
    ? fromWireCreateSubscription(action.createSubscription!, triggerDates, around, at)
    : fromWireChange(action, action.type, triggerDates, at);
}

/** What changes a subscription that is there. The schema has made sure of each type's own object. */
function fromWireChange(
  action: WireOrderAction,
  type: Exclude<OrderActionSpec['type'], 'CreateSubscription'>,
  triggerDates: TriggerDates,
  path: string,
): OrderActionSpec | Refusal {
  switch (type) {
    case 'TermsAndConditions':
      return fromWireTermsAndConditions(action.termsAndConditions!, triggerDates, path);
    case 'AddProduct':
      return fromWireAddProduct(action.addProduct!, triggerDates, path);
    case 'UpdateProduct':
      return fromWireUpdateProduct(action.updateProduct!, triggerDates, path);
    case 'RemoveProduct':
      return fromWireRemoveProduct(action.removeProduct!, triggerDates);
    case 'RenewSubscription':
      return fromWireRenewSubscription(action.renewSubscription ?? {}, triggerDates, path);
    case 'CancelSubscription':
      return fromWireCancelSubscription(action.cancelSubscription!, triggerDates, path);
    case 'OwnerTransfer':
      return fromWireOwnerTransfer(action.ownerTransfer!, triggerDates, path);
    case 'Suspend':
      return fromWireSuspend(action.suspend!, triggerDates, path);
    case 'Resume':
      return fromWireResume(action.resume!, triggerDates, path);
    case 'ChangePlan':
      return fromWireChangePlan(action.changePlan!, triggerDates, path);
  }
}

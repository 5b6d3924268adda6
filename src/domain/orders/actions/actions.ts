import type { OrderActionSpec } from '../action-specs.ts';
import { addProduct } from './add-product.ts';
import { cancelSubscription } from './cancel-subscription.ts';
import { changePlan } from './change-plan.ts';
import { createSubscription } from './create-subscription.ts';
import type { OrderActionHandler } from './order-action.ts';
import { ownerTransfer } from './owner-transfer.ts';
import { removeProduct } from './remove-product.ts';
import { renewSubscription } from './renew-subscription.ts';
import { resume } from './resume.ts';
import { suspend } from './suspend.ts';
import { termsAndConditions } from './terms-and-conditions.ts';
import { updateProduct } from './update-product.ts';

/** Every kind of order action, each in its own file. */
const orderActions: {
  readonly [Type in OrderActionSpec['type']]: OrderActionHandler<Extract<OrderActionSpec, { type: Type }>>;
} = {
  CreateSubscription: createSubscription,
  TermsAndConditions: termsAndConditions,
  RenewSubscription: renewSubscription,
  CancelSubscription: cancelSubscription,
  OwnerTransfer: ownerTransfer,
  AddProduct: addProduct,
  UpdateProduct: updateProduct,
  RemoveProduct: removeProduct,
  ChangePlan: changePlan,
  Suspend: suspend,
  Resume: resume,
};

/** The handler of an action; the action's type and its handler's meet here and nowhere else. */
export function handlerOf(action: OrderActionSpec): OrderActionHandler<OrderActionSpec> {
  return orderActions[action.type] as unknown as OrderActionHandler<OrderActionSpec>;
}

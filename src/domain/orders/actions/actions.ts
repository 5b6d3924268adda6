import type { OrderActionSpec } from '../order-request.ts';
import { createSubscription } from './create-subscription.ts';
import type { OrderActionHandler } from './order-action.ts';

/** Every kind of order action, each in its own file. */
export const orderActions: {
  readonly [Type in OrderActionSpec['type']]: OrderActionHandler<Extract<OrderActionSpec, { type: Type }>>;
} = {
  CreateSubscription: createSubscription,
};

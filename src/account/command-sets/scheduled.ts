import { runScheduledOrder } from '../../domain/orders/run-scheduled-order.ts';
import { autoRenew } from '../../domain/subscriptions/auto-renew.ts';
import { expireSubscription } from '../../domain/subscriptions/expire-subscription.ts';
import { type RegisteredCommand, registered } from '../registry.ts';

/** Work that is done because its day has come: asked for by the jobs queue, never by a caller. */
export const scheduledCommands: ReadonlyArray<readonly [string, RegisteredCommand]> = [
  ['scheduled.order', registered(runScheduledOrder, (reply) => reply)],
  ['scheduled.renew', registered(autoRenew, (reply) => reply)],
  ['scheduled.expire', registered(expireSubscription, (reply) => reply)],
];

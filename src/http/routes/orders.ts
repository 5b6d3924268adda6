import { isRefusal, refuse } from '../../domain/result.ts';
import { orderBody } from '../../wire/order-schema.ts';
import { fromWireOrder } from '../../wire/orders.ts';
import { laneOfAccount } from '../account-lane.ts';
import type { AppContext } from '../context.ts';
import { refused } from '../errors.ts';
import { type AnyOperation, operation, respond } from '../operation.ts';

const RESOURCE = '587302';

/** From this version on, replies hold `subscriptions` in place of `subscriptionNumbers` (conventions 4). */
const SUBSCRIPTIONS_SINCE = 223;

function numbersOnly(c: AppContext): boolean {
  const version = c.req.header('Zuora-Version');
  return version !== undefined && /^\d{3}(\.0)?$/.test(version) && Number(version) < SUBSCRIPTIONS_SINCE;
}

export const orderOperations: readonly AnyOperation[] = [
  operation({
    id: 'POST_Order',
    method: 'post',
    path: '/v1/orders',
    role: 'standard',
    resourceCode: RESOURCE,
    body: orderBody,
    async handle(c, { body }) {
      const returnIds = c.req.query('returnIds') === 'true';
      const request = fromWireOrder(body, { returnIds, numbersOnly: numbersOnly(c) });
      if (isRefusal(request)) return refused(c, request);
      const { key, field } = request.account;
      const lane = await laneOfAccount(c, key);
      if (lane === null) return refused(c, refuse('invalid', `there is no account ${key}`, field));
      return respond(c, lane, 'order.create', request);
    },
  }),
];

import { laneOfNewAccount } from '../account/client.ts';
import { type OrderSizeLimits, orderSizeProblem } from '../domain/orders/limits.ts';
import type { AccountChoice, OrderRequest } from '../domain/orders/order-request.ts';
import { isRefusal, type Refusal, refuse } from '../domain/result.ts';
import { laneOfAccount } from './account-lane.ts';
import type { AppContext } from './context.ts';
import { refused } from './errors.ts';

/** The lane of an order: its account's, or one of those in which accounts are opened. */
async function laneOfOrder(c: AppContext, account: AccountChoice): Promise<string | Refusal> {
  if ('newAccount' in account) return laneOfNewAccount(c.get('idempotency')?.key ?? c.get('requestId'));
  const { key, field } = account;
  return (await laneOfAccount(c, key)) ?? refuse('invalid', `there is no account ${key}`, field);
}

/** Answers an order that was read from a request: refused, too large, or by what is done with it in its lane. */
export async function inLaneOfOrder(
  c: AppContext,
  order: Pick<OrderRequest, 'account' | 'subscriptions'> | Refusal,
  limits: OrderSizeLimits,
  send: (laneId: string) => Promise<Response>,
): Promise<Response> {
  if (isRefusal(order)) return refused(c, order);
  const problem = orderSizeProblem(order.subscriptions, limits);
  if (problem !== null) return refused(c, problem);
  const lane = await laneOfOrder(c, order.account);
  return typeof lane === 'string' ? send(lane) : refused(c, lane);
}

export function ifMatch(c: AppContext): string | null {
  return c.req.header('If-Match') ?? null;
}

/** How the caller wants the reply of what places an order. */
export function replyForm(c: AppContext) {
  return { returnIds: c.req.query('returnIds') === 'true', numbersOnly: numbersOnly(c) };
}

/** From this version on, replies of orders hold `subscriptions` in place of `subscriptionNumbers` (conventions 4). */
const SUBSCRIPTIONS_SINCE = 223;

function numbersOnly(c: AppContext): boolean {
  const version = c.req.header('Zuora-Version');
  return version !== undefined && /^\d{3}(\.0)?$/.test(version) && Number(version) < SUBSCRIPTIONS_SINCE;
}

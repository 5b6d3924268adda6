import { laneOfNewAccount } from '../account/client.ts';
import type { AccountChoice } from '../domain/orders/order-request.ts';
import { type Refusal, refuse } from '../domain/result.ts';
import { laneOfAccount } from './account-lane.ts';
import type { AppContext } from './context.ts';

/** The lane of an order: its account's, or one of those in which accounts are opened. */
export async function laneOfOrder(c: AppContext, account: AccountChoice): Promise<string | Refusal> {
  if ('newAccount' in account) return laneOfNewAccount(c.get('idempotency')?.key ?? c.get('requestId'));
  const { key, field } = account;
  return (await laneOfAccount(c, key)) ?? refuse('invalid', `there is no account ${key}`, field);
}

/** From this version on, replies of orders hold `subscriptions` in place of `subscriptionNumbers` (conventions 4). */
const SUBSCRIPTIONS_SINCE = 223;

export function numbersOnly(c: AppContext): boolean {
  const version = c.req.header('Zuora-Version');
  return version !== undefined && /^\d{3}(\.0)?$/.test(version) && Number(version) < SUBSCRIPTIONS_SINCE;
}

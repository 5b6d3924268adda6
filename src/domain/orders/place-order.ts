import type { DecideContext } from '../account/command.ts';
import type { PlanBuilder } from '../account/plan.ts';
import type { State } from '../account/state.ts';
import type { Account } from '../accounts/account.ts';
import { isRefusal, type Refusal, refuse } from '../result.ts';
import { subscriptionLimits } from '../subscriptions/limits.ts';
import { type MadeVersion, materialise } from '../subscriptions/materialise.ts';
import type { Subscription } from '../subscriptions/subscription.ts';
import { contentKey, WHOLE_HISTORY } from '../subscriptions/subscription-content.ts';
import type { Timeline } from '../subscriptions/timeline.ts';
import { VersionDraft } from '../subscriptions/version-draft.ts';
import type { CreateSubscriptionAction, OrderActionSpec } from './action-specs.ts';
import { handlerOf } from './actions/actions.ts';
import { beginSubscription } from './actions/create-subscription.ts';
import { type ActionSetting, earliestOf } from './actions/order-action.ts';
import { orderLimits } from './limits.ts';
import type { NumberTaker } from './number-taker.ts';
import type { Order, WaitingAction } from './order.ts';
import type { OrderAccounts } from './order-accounts.ts';
import { orderDeltas } from './order-delta.ts';
import type { OrderDelta, PlacedSubscription } from './order-reply.ts';
import type { RequestedSubscription } from './order-request.ts';

/** What placing one order has at hand. */
export interface Placing {
  readonly order: Order;
  readonly account: Account;
  readonly accounts: OrderAccounts;
  readonly plan: PlanBuilder;
  readonly state: State;
  readonly context: DecideContext;
  readonly numbers: NumberTaker;
  /** Sees every version that is made; a preview then reads subscriptions with all that is live, not only what the order can change. */
  readonly onMade?: (draft: VersionDraft) => void;
  /** Where versions are noted that are billed with the order. */
  readonly toBill?: MadeVersion[];
}

/** The first action when it makes a subscription; null for an order on an existing one. */
export function creation({ actions }: RequestedSubscription): CreateSubscriptionAction | null {
  const first = actions[0]?.action;
  return first?.type === 'CreateSubscription' ? first : null;
}

/** First day that the order can change on an existing subscription, as far as the request says. */
export function earliestDay({ actions }: RequestedSubscription, orderDate: string): string {
  return earliestOf(...actions.map(({ action }) => handlerOf(action).earliest(action, orderDate)));
}

/**
 * Makes every subscription of the order, or its next version: all actions applied in order, validated as a whole, written as one version
 * (semantics D.2). All or nothing: the first refusal refuses the order.
 */
export function placeSubscriptions(
  subscriptions: readonly RequestedSubscription[],
  placing: Placing,
): PlacedSubscription[] | Refusal {
  const placed: PlacedSubscription[] = [];
  let charges = 0;
  for (const [line, requested] of subscriptions.entries()) {
    const made = placeOne(requested, `subscriptions[${line}]`, placing);
    if (isRefusal(made)) return made;
    charges += made.charges.length;
    if (charges > orderLimits.chargesMax) {
      return refuse('invalid', `must create at most ${orderLimits.chargesMax} charges`, 'subscriptions');
    }
    placed.push(made);
  }
  placing.numbers.settle();
  return placed;
}

function placeOne(
  requested: RequestedSubscription,
  path: string,
  placing: Placing,
): PlacedSubscription | Refusal {
  const draft = beginVersion(requested, path, placing);
  if (isRefusal(draft)) return draft;
  const deltas: OrderDelta[] = [];
  const waiting: Array<WaitingAction | null> = [];
  let before = draft.snapshot();
  for (const [sequence, { action }] of requested.actions.entries()) {
    const setting = settingOf(placing, `${path}.orderActions[${sequence}]`);
    if (action.type === 'CreateSubscription' && (sequence > 0 || draft.base !== null)) {
      return refuse('invalid', 'CreateSubscription must be the first action', `${setting.path}.type`);
    }
    const refusal = handlerOf(action).apply(action, draft, setting);
    if (refusal !== null) return refusal;
    const after = draft.snapshot();
    deltas.push(...orderDeltas(before, after, { sequence, type: action.type }));
    waiting.push(waitingFor(action, before, after, draft.subscription));
    before = after;
  }
  const made = materialise(draft, placing.plan, path);
  placing.onMade?.(draft);
  if (!isRefusal(made)) placing.toBill?.push(made);
  return isRefusal(made) ? made : placedOf(made, { deltas, waiting }, placing);
}

/** The charges that an action added without a start, and the dates of a subscription that it made, while one of them is missing. */
function waitingFor(
  { type, triggerDates }: OrderActionSpec,
  before: ReadonlyMap<string, Timeline>,
  after: ReadonlyMap<string, Timeline>,
  { status }: Subscription,
): WaitingAction | null {
  const charges: string[] = [];
  for (const [chargeNumber, timeline] of after) {
    if (!before.has(chargeNumber) && timeline[0]!.effectiveStartDate === null) charges.push(chargeNumber);
  }
  const isPending = type === 'CreateSubscription' && status.startsWith('Pending');
  return charges.length > 0 || isPending ? { triggerDates, charges } : null;
}

function settingOf(placing: Placing, path: string): ActionSetting {
  const { numbers, ...rest } = placing;
  return {
    ...rest,
    takeRatePlanNumber: () => numbers.take('ratePlan'),
    takeChargeNumber: () => numbers.take('charge'),
    path,
  };
}

function placedOf(
  made: MadeVersion,
  moved: Pick<PlacedSubscription, 'deltas' | 'waiting'>,
  { state, accounts }: Placing,
): PlacedSubscription {
  const { subscription } = made;
  const numberOf = (id: string) => (accounts.opened(id) ?? state.find('account', id))?.accountNumber ?? '';
  return {
    ...made,
    ...moved,
    ownerNumber: numberOf(subscription.accountId),
    invoiceOwnerNumber: numberOf(subscription.invoiceOwnerAccountId),
  };
}

function beginVersion(
  requested: RequestedSubscription,
  path: string,
  placing: Placing,
): VersionDraft | Refusal {
  const create = creation(requested);
  if (create === null) return nextVersion(requested, path, placing);
  const owners = placing.accounts.owners(create, placing.account);
  if (isRefusal(owners)) return owners;
  const number = requested.subscriptionNumber ?? placing.numbers.take('subscription');
  return beginSubscription(create, number, owners, settingOf(placing, `${path}.orderActions[0]`));
}

/** The draft of an existing subscription's next version. */
function nextVersion(
  requested: RequestedSubscription,
  path: string,
  placing: Placing,
): VersionDraft | Refusal {
  const { order, account, state, context } = placing;
  const { subscriptionNumber, expectedVersion } = requested;
  const field = `${path}.subscriptionNumber`;
  if (subscriptionNumber === null)
    return refuse('missing', 'is required for an existing subscription', field);
  const from = placing.onMade === undefined ? earliestDay(requested, order.orderDate) : WHOLE_HISTORY;
  let content = state.find('subscriptionContent', contentKey(subscriptionNumber, from));
  if (content === null) return refuse('invalid', `there is no subscription ${subscriptionNumber}`, field);
  const { subscription } = content;
  if (expectedVersion !== null && expectedVersion !== subscription.version) {
    const message = `subscription ${subscriptionNumber} is at version ${subscription.version}, not ${expectedVersion}`;
    return { ...refuse('conflict', message, field), currentVersion: subscription.version };
  }
  if (context.rules.orderAccountIsInvoiceOwner && subscription.invoiceOwnerAccountId !== account.id) {
    const message = `subscription ${subscriptionNumber} is not invoiced to the order's account ${account.accountNumber}`;
    return refuse('rule', message, field);
  }
  if (subscription.version >= subscriptionLimits.ordersMax) {
    const message = `subscription ${subscriptionNumber} has had ${subscriptionLimits.ordersMax} orders, which is the most`;
    return refuse('rule', message, field);
  }
  const customFields = { ...subscription.customFields, ...requested.customFields };
  const next = { ...nextRow(subscription, order, context), customFields };
  const draft = new VersionDraft(content, next, context);
  // An action may go back further than the request tells: then more of the past is read.
  const back = earliestBack(requested, draft, context);
  if (back === '' || back >= content.from) return draft;
  content = state.find('subscriptionContent', contentKey(subscriptionNumber, back));
  return content === null ? draft : new VersionDraft(content, next, context);
}

/** First day that actions go back to as the subscription tells; '' when none does. */
function earliestBack(
  { actions }: RequestedSubscription,
  draft: VersionDraft,
  context: DecideContext,
): string {
  return earliestOf(...actions.map(({ action }) => handlerOf(action).goesBackTo?.(action, draft, context)));
}

function nextRow(subscription: Subscription, order: Order, context: DecideContext): Subscription {
  return {
    ...subscription,
    id: context.newId(),
    revision: 0,
    version: subscription.version + 1,
    isLatestVersion: true,
    // What stood in the way of scheduled work may be what this order changes.
    scheduledRetryOn: null,
    scheduledFailure: null,
    orderId: order.id,
    orderNumber: order.orderNumber,
    updatedAt: context.now,
    updatedBy: context.actor,
  };
}

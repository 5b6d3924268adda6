import type { DecideContext } from '../../account/command.ts';
import type { Need, State } from '../../account/state.ts';
import type { Account } from '../../accounts/account.ts';
import { type Refusal, refuse } from '../../result.ts';
import type { SubscriptionStatus } from '../../subscriptions/subscription.ts';
import { type ResolvedTriggerDates, resolveTriggerDates } from '../../subscriptions/trigger-dates.ts';
import type { VersionDraft } from '../../subscriptions/version-draft.ts';
import type { OrderActionSpec } from '../action-specs.ts';
import type { Order } from '../order.ts';
import type { OrderAccounts } from '../order-accounts.ts';

/** What surrounds an action: its order, and where it stands in the request. */
export interface ActionSetting {
  readonly state: State;
  readonly context: DecideContext;
  readonly order: Order;
  /** The order's account. */
  readonly account: Account;
  readonly accounts: OrderAccounts;
  readonly takeRatePlanNumber: () => string;
  readonly takeChargeNumber: () => string;
  /** `subscriptions[0].orderActions[0]` */
  readonly path: string;
}

/** One kind of order action: a patch on the next version of a subscription. Pure but for the draft that it is given. */
export interface OrderActionHandler<Spec> {
  /** What has to be loaded beside the subscription itself. */
  needs(spec: Spec): readonly Need[];
  /** First day that the action can change, as far as the request says; the order's date where it says nothing. */
  earliest(spec: Spec, orderDate: string): string;
  /** First day that the action can change as only the clock or the subscription tells, where that may lie before `earliest`. */
  goesBackTo?(spec: Spec, draft: VersionDraft, context: DecideContext): string | null;
  apply(spec: Spec, draft: VersionDraft, setting: ActionSetting): Refusal | null;
}

/** Refuses an action on a subscription whose status does not allow it. */
export function statusProblem(
  draft: VersionDraft,
  allowed: readonly SubscriptionStatus[],
  { path }: ActionSetting,
): Refusal | null {
  const { status, subscriptionNumber } = draft.subscription;
  if (allowed.includes(status)) return null;
  const hint = status === 'Suspended' ? ': resume it first' : '';
  return refuse('rule', `subscription ${subscriptionNumber} is ${status}${hint}`, `${path}.type`);
}

export const NOT_ENDED: readonly SubscriptionStatus[] = [
  'Active',
  'Pending Activation',
  'Pending Acceptance',
  'Suspended',
];
export const CHANGEABLE: readonly SubscriptionStatus[] = [
  'Active',
  'Pending Activation',
  'Pending Acceptance',
];

/** The dates of a product-level action: given, or the order's date (semantics D.2). */
export function productDates(
  spec: Pick<OrderActionSpec, 'triggerDates'>,
  { order, path }: ActionSetting,
): ResolvedTriggerDates | Refusal {
  return resolveTriggerDates(spec.triggerDates, order.orderDate, `${path}.triggerDates`);
}

/** The day that an action which ends what has been invoiced goes back to: the subscription's first one where nothing has been. */
export function lastInvoicedDay(draft: VersionDraft): string {
  return draft.invoicedThrough() ?? draft.subscription.subscriptionStartDate;
}

/** Earliest of the dates that are there. */
export function earliestOf(...dates: ReadonlyArray<string | null | undefined>): string {
  return dates.filter((date) => date != null).sort()[0] ?? '';
}

/** First day that a product-level action can change: its contract effective date, or the order's date where none is given. */
export function earliestTrigger(spec: Pick<OrderActionSpec, 'triggerDates'>, orderDate: string): string {
  const { contractEffective, serviceActivation, customerAcceptance } = spec.triggerDates;
  return earliestOf(contractEffective ?? orderDate, serviceActivation, customerAcceptance);
}

import type { DecideContext } from '../../account/command.ts';
import type { Need, State } from '../../account/state.ts';
import type { Account } from '../../accounts/account.ts';
import type { MetricDelta } from '../../metrics/delta.ts';
import type { Refusal } from '../../result.ts';
import type { Charge, RatePlan, Subscription } from '../../subscriptions/subscription.ts';
import type { Order } from '../order.ts';

/** What surrounds an action: its order, the subscription that it is for, and where it stands in the request. */
export interface ActionSetting {
  readonly state: State;
  readonly context: DecideContext;
  readonly order: Order;
  readonly owners: Owners;
  /** The number that the caller gave to the subscription, or a fresh one. */
  readonly subscriptionNumber: string;
  readonly takeRatePlanNumber: () => string;
  readonly takeChargeNumber: () => string;
  /** `subscriptions[0].orderActions[0]` */
  readonly path: string;
}

/** Whose subscription it is (its contracted MRR), and who is invoiced (everything else). */
export interface Owners {
  readonly subscriptionOwner: Account;
  readonly invoiceOwner: Account;
}

/** What an action makes of a subscription. */
export interface ActionResult {
  readonly subscription: Subscription;
  readonly baseVersion: number | null;
  readonly ratePlans: readonly RatePlan[];
  readonly charges: readonly Charge[];
  readonly delta: MetricDelta | null;
}

/** One kind of order action; pure. */
export interface OrderActionHandler<Spec> {
  needs(spec: Spec): readonly Need[];
  apply(spec: Spec, setting: ActionSetting): ActionResult | Refusal;
}

import type { DecideContext } from '../account/command.ts';
import { demand } from '../account/demand.ts';
import type { PlanBuilder } from '../account/plan.ts';
import type { Need, State } from '../account/state.ts';
import type { Account } from '../accounts/account.ts';
import type { CalendarDate } from '../calendar.ts';
import type { ChargeType } from '../charge-models/vocabulary.ts';
import { isRefusal, type Refusal } from '../result.ts';
import type { Subscription } from '../subscriptions/subscription.ts';
import { billSubscription, type NewBillingLine, usageKeysOf } from './bill-subscription.ts';
import { billingKey, type SubscriptionBilling } from './billable.ts';

/** How far, and what of it, is billed. */
export interface BillingExtent {
  readonly targetDate: CalendarDate;
  /** Charges of these types are left as they are. */
  readonly chargeTypesToExclude: ReadonlySet<ChargeType>;
}

/** What billing has at hand while it decides. The state holds what the plan inserts as far as billing rests on it (`withInserted`). */
export interface BillingAtHand {
  readonly state: State;
  readonly plan: PlanBuilder;
  readonly context: DecideContext;
}

/** What was computed for one subscription, and the account that is invoiced for it. */
export interface BilledLines {
  readonly account: Account;
  readonly subscription: Subscription;
  readonly lines: readonly NewBillingLine[];
}

/** What `findBillings` reads: for the `needs` of a command that bills. */
export function needsOfBilling(numbers: readonly string[]): Need[] {
  return numbers.map((number) => ({ kind: 'subscriptionBilling', key: billingKey(number) }));
}

/** These subscriptions as billing sees them, in this order; those that are not there are left out. One round trip for what is not loaded. */
export function findBillings(state: State, numbers: readonly string[]): SubscriptionBilling[] {
  demand(state, needsOfBilling(numbers));
  return numbers.flatMap((number) => state.find('subscriptionBilling', billingKey(number)) ?? []);
}

/**
 * Computes the lines of these subscriptions and writes into the plan how far each is settled. The row of every subscription is changed, also
 * of one that has nothing to bill: its revision is what refuses whoever bills it at the same time (I6).
 *
 * Refuses all of them when one can't be billed; then nothing of the plan is to be committed.
 */
export function billLines(
  billings: readonly SubscriptionBilling[],
  { targetDate, chargeTypesToExclude }: BillingExtent,
  { state, plan, context }: BillingAtHand,
): BilledLines[] | Refusal {
  demand(
    state,
    billings.map(({ subscription }) => ({ kind: 'account', key: subscription.invoiceOwnerAccountId })),
  );
  const accountOf = ({ invoiceOwnerAccountId }: Subscription) =>
    state.find('account', invoiceOwnerAccountId)!;
  const optionsOf = ({ subscription }: SubscriptionBilling) => ({
    targetDate,
    chargeTypesToExclude,
    rules: context.rules.billing,
    billCycleDay: accountOf(subscription).billCycleDay,
  });
  const keys = billings.flatMap((billing) => usageKeysOf(billing, optionsOf(billing)));
  demand(
    state,
    keys.map((key) => ({ kind: 'usageTotal', key })),
  );
  const lines: BilledLines[] = [];
  for (const billing of billings) {
    const billed = billSubscription(billing, {
      ...optionsOf(billing),
      newId: () => context.newId(),
      usageOf: (key) => state.find('usageTotal', key)!,
    });
    if (isRefusal(billed)) return billed;
    const subscription = { ...billing.subscription, billingFrom: billed.billingFrom };
    plan.update('subscription', subscription);
    lines.push({ account: accountOf(subscription), subscription, lines: billed.lines });
  }
  return lines;
}

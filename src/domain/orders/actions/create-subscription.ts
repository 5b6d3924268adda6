import type { Need, State } from '../../account/state.ts';
import type { MetricDelta } from '../../metrics/delta.ts';
import { splitMrr } from '../../money.ts';
import { isRefusal, type Refusal, refuse } from '../../result.ts';
import { materialise } from '../../subscriptions/materialise.ts';
import type { Subscription } from '../../subscriptions/subscription.ts';
import type { SubscriptionSpec } from '../../subscriptions/subscription-spec.ts';
import type { CreateSubscriptionAction } from '../order-request.ts';
import type { ActionSetting, OrderActionHandler, Owners } from './order-action.ts';

/** CreateSubscription: version 1 of a new subscription (semantics D.2). */
export const createSubscription: OrderActionHandler<CreateSubscriptionAction> = {
  needs({ spec }) {
    const needs: Need[] = spec.ratePlans.map(({ productRatePlan }) => ({
      kind: 'ratePlanOffer',
      key: productRatePlan,
    }));
    for (const key of [spec.billToContactId, spec.soldToContactId]) {
      if (key !== null) needs.push({ kind: 'contact', key });
    }
    return needs;
  },

  apply({ spec }, setting) {
    const problem = contactProblem(spec, setting.owners, setting.state, setting.path);
    if (problem !== null) return problem;
    const currency = spec.currency ?? setting.order.currency;
    const made = materialise(spec, originOf(setting, currency), setting.state);
    if (isRefusal(made)) return made;
    return { ...made, baseVersion: null, delta: bookedMrr(made.subscription) };
  },
};

function originOf(setting: ActionSetting, currency: string) {
  return {
    order: setting.order,
    subscriptionOwnerAccountId: setting.owners.subscriptionOwner.id,
    invoiceOwnerAccountId: setting.owners.invoiceOwner.id,
    currency,
    subscriptionNumber: setting.subscriptionNumber,
    takeRatePlanNumber: setting.takeRatePlanNumber,
    takeChargeNumber: setting.takeChargeNumber,
    context: setting.context,
    path: setting.path,
  };
}

/** The subscription owner's contracted MRR moves at booking, even for a future start (semantics F.1 row 2). */
function bookedMrr(subscription: Subscription): MetricDelta | null {
  if (subscription.contractedMrr === '0') return null;
  const { whole, nano } = splitMrr(subscription.contractedMrr);
  return {
    accountId: subscription.accountId,
    currency: subscription.currency,
    contractedMrrWhole: whole,
    contractedMrrNano: nano,
    documentKind: 'subscription',
    documentId: subscription.id,
  };
}

/** Bill-to and sold-to contacts belong to the subscription's owner or to its invoice owner. */
function contactProblem(spec: SubscriptionSpec, owners: Owners, state: State, path: string): Refusal | null {
  for (const field of ['billToContactId', 'soldToContactId'] as const) {
    const key = spec[field];
    if (key === null) continue;
    const contact = state.find('contact', key);
    const at = `${path}.createSubscription.${field}`;
    if (contact === null) return refuse('invalid', `there is no contact ${key}`, at);
    if (contact.accountId !== owners.subscriptionOwner.id && contact.accountId !== owners.invoiceOwner.id) {
      return refuse('invalid', `contact ${key} belongs to another account`, at);
    }
  }
  return null;
}

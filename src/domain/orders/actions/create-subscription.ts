import type { Need } from '../../account/state.ts';
import type { Account } from '../../accounts/account.ts';
import { isRefusal, type Refusal, refuse } from '../../result.ts';
import { addRatePlan } from '../../subscriptions/add-rate-plan.ts';
import type { Subscription } from '../../subscriptions/subscription.ts';
import { firstTerm, type Term } from '../../subscriptions/term.ts';
import { type ResolvedTriggerDates, statusOf } from '../../subscriptions/trigger-dates.ts';
import { VersionDraft } from '../../subscriptions/version-draft.ts';
import type { CreateSubscriptionAction } from '../action-specs.ts';
import { contactProblem } from './invoicing-patch.ts';
import {
  type ActionSetting,
  earliestTrigger,
  type OrderActionHandler,
  productDates,
} from './order-action.ts';

/** CreateSubscription: version 1 of a new subscription, begun by `beginSubscription` (semantics D.2, F.1 row 2). */
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
  earliest: earliestTrigger,
  apply(action, draft, setting) {
    const { spec } = action;
    const dates = productDates(action, setting);
    if (isRefusal(dates)) return dates;
    const at = `${setting.path}.createSubscription`;
    for (const field of ['billToContactId', 'soldToContactId'] as const) {
      const key = spec[field];
      const problem = key === null ? null : contactProblem(key, draft, setting, `${at}.${field}`);
      if (problem !== null) return problem;
    }
    for (const [i, ratePlan] of spec.ratePlans.entries()) {
      const added = addRatePlan(draft, ratePlan, { ...setting, dates }, `${at}.subscribeToRatePlans[${i}]`);
      if (isRefusal(added)) return added;
    }
    return null;
  },
};

/** Whose subscription it is (its contracted MRR), and who is invoiced (everything else). */
export interface Owners {
  readonly subscriptionOwner: Account;
  readonly invoiceOwner: Account;
}

/** The draft of version 1, still without rate plans. */
export function beginSubscription(
  action: CreateSubscriptionAction,
  subscriptionNumber: string,
  owners: Owners,
  setting: ActionSetting,
): VersionDraft | Refusal {
  const dates = productDates(action, setting);
  if (isRefusal(dates)) return dates;
  const path = `${setting.path}.createSubscription.terms`;
  const term = firstTerm(action.spec.terms, dates.contractEffective, path);
  if (isRefusal(term)) return term;
  if (term.end !== null && term.end <= dates.contractEffective) {
    return refuse('invalid', 'ends before the subscription is in effect', `${path}.initialTerm.startDate`);
  }
  const subscription = firstVersion(action, subscriptionNumber, owners, { dates, term }, setting);
  return new VersionDraft(null, subscription, setting.context);
}

function firstVersion(
  { spec }: CreateSubscriptionAction,
  subscriptionNumber: string,
  { subscriptionOwner, invoiceOwner }: Owners,
  { dates, term }: { readonly dates: ResolvedTriggerDates; readonly term: Term },
  { context, order }: ActionSetting,
): Subscription {
  const id = context.newId();
  return {
    id,
    revision: 0,
    subscriptionNumber,
    originalId: id,
    version: 1,
    isLatestVersion: true,
    status: statusOf(dates),
    accountId: subscriptionOwner.id,
    invoiceOwnerAccountId: invoiceOwner.id,
    orderId: order.id,
    orderNumber: order.orderNumber,
    billingFrom: '',
    currency: spec.currency ?? order.currency,
    termType: term.termType,
    contractEffectiveDate: dates.contractEffective,
    serviceActivationDate: dates.serviceActivation,
    customerAcceptanceDate: dates.customerAcceptance,
    subscriptionStartDate: term.start,
    subscriptionEndDate: term.end,
    termStartDate: term.start,
    termEndDate: term.end,
    initialTerm: term.period,
    initialTermPeriodType: term.periodType,
    currentTerm: term.period,
    currentTermPeriodType: term.periodType,
    renewalTerm: term.renewalPeriod,
    renewalTermPeriodType: term.renewalPeriodType,
    renewalSetting: spec.terms.renewalSetting,
    autoRenew: spec.terms.autoRenew,
    suspendedOn: null,
    contractedMrr: '0',
    totalContractedValue: '0',
    knownContractedValue: '0',
    details: spec.details,
    customFields: spec.customFields,
    createdAt: context.now,
    createdBy: context.actor,
    updatedAt: context.now,
    updatedBy: context.actor,
  };
}

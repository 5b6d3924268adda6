import { z } from 'zod';
import type { CreateSubscriptionAction } from '../../domain/orders/action-specs.ts';
import { orderLimits } from '../../domain/orders/limits.ts';
import type { AccountChoice } from '../../domain/orders/order-request.ts';
import { isRefusal, type JsonObject, type JsonValue, type Refusal, refuse } from '../../domain/result.ts';
import type { RatePlanSpec, TermSpec, TriggerDates } from '../../domain/subscriptions/subscription-spec.ts';
import { fromWireOrderAccount, wireOrderAccount } from '../order-accounts.ts';
import { wireSubscriptionNumber } from '../order-numbers.ts';
import {
  pickGiven,
  wireBoolean,
  wireCurrency,
  wireDate,
  wireKey,
  wirePaymentTerm,
  wireText,
} from '../values.ts';
import { listOf } from '../words.ts';
import { fromWireRatePlanOverride, wireRatePlanOverride } from './rate-plan-override.ts';
import { wirePeriod, wirePeriodType, wireRenewalSetting, wireRenewalTerms, wireTermType } from './terms.ts';

const terms = z.object(
  {
    initialTerm: z.object(
      {
        termType: wireTermType,
        period: wirePeriod.nullish(),
        periodType: wirePeriodType.nullish(),
        startDate: wireDate.nullish(),
      },
      { error: 'must be an object with termType' },
    ),
    autoRenew: wireBoolean.nullish(),
    renewalSetting: wireRenewalSetting.nullish(),
    renewalTerms: wireRenewalTerms,
  },
  { error: 'is required: an object with initialTerm' },
);

const subscriptionAttributes = {
  invoiceGroupNumber: wireText(255).nullish(),
  invoiceSeparately: wireBoolean.nullish(),
  invoiceTemplateId: wireText(100).nullish(),
  notes: wireText(500).nullish(),
  paymentTerm: wirePaymentTerm.nullish(),
  sequenceSetId: wireText(100).nullish(),
};
const SUBSCRIPTION_DETAILS = [...Object.keys(subscriptionAttributes), 'billToContactId', 'soldToContactId'];

export const wireCreateSubscription = z.object(
  {
    subscriptionNumber: wireSubscriptionNumber.nullish(),
    subscriptionOwnerAccountNumber: wireKey.nullish(),
    newSubscriptionOwnerAccount: wireOrderAccount.nullish(),
    invoiceOwnerAccountNumber: wireKey.nullish(),
    currency: wireCurrency.nullish(),
    terms,
    subscribeToRatePlans: listOf(
      wireRatePlanOverride,
      'rate plans',
      orderLimits.ratePlansPerActionMax,
    ).nullish(),
    billToContactId: wireKey.nullish(),
    soldToContactId: wireKey.nullish(),
    ...subscriptionAttributes,
  },
  { error: 'must be an object' },
);

type WireCreateSubscription = z.output<typeof wireCreateSubscription>;

/** What the subscription around the action says of the subscription that it creates. */
export interface SubscriptionAround {
  readonly subscriptionNumber: string | null;
  readonly externallyManagedBy: string | null;
  readonly customFields: JsonObject;
}

/** `createSubscription` of an order action, in the domain's words. */
export function fromWireCreateSubscription(
  body: WireCreateSubscription,
  triggerDates: TriggerDates,
  around: SubscriptionAround,
  path: string,
): CreateSubscriptionAction | Refusal {
  const problem = contradiction(body, around, path);
  if (problem !== null) return problem;
  const ratePlans: RatePlanSpec[] = [];
  for (const [i, ratePlan] of (body.subscribeToRatePlans ?? []).entries()) {
    const read = fromWireRatePlanOverride(ratePlan, `${path}.subscribeToRatePlans[${i}]`);
    if (isRefusal(read)) return read;
    ratePlans.push(read);
  }
  const invoiceOwner = body.invoiceOwnerAccountNumber;
  const { externallyManagedBy } = around;
  return {
    type: 'CreateSubscription',
    triggerDates,
    subscriptionOwner: subscriptionOwnerOf(body, path),
    invoiceOwner:
      invoiceOwner == null ? null : { key: invoiceOwner, field: `${path}.invoiceOwnerAccountNumber` },
    spec: {
      subscriptionNumber: body.subscriptionNumber ?? around.subscriptionNumber,
      currency: body.currency ?? null,
      terms: fromWireTerms(body.terms),
      ratePlans,
      billToContactId: body.billToContactId ?? null,
      soldToContactId: body.soldToContactId ?? null,
      details: {
        ...withRenewalTerms(pickGiven(body, SUBSCRIPTION_DETAILS), body.terms),
        ...(externallyManagedBy === null ? {} : { externallyManagedBy }),
      },
      customFields: around.customFields,
    },
  };
}

function contradiction(
  body: WireCreateSubscription,
  around: SubscriptionAround,
  path: string,
): Refusal | null {
  const { newSubscriptionOwnerAccount: opened, subscriptionOwnerAccountNumber: owner } = body;
  if (opened != null && owner != null) {
    const message = 'must not be given together with subscriptionOwnerAccountNumber';
    return refuse('invalid', message, `${path}.newSubscriptionOwnerAccount`);
  }
  const number = body.subscriptionNumber ?? null;
  if (number !== null && around.subscriptionNumber !== null && number !== around.subscriptionNumber) {
    const message = `is not ${around.subscriptionNumber}, which the subscription around it names`;
    return refuse('invalid', message, `${path}.subscriptionNumber`);
  }
  return null;
}

function subscriptionOwnerOf(body: WireCreateSubscription, path: string): AccountChoice | null {
  const { newSubscriptionOwnerAccount: account, subscriptionOwnerAccountNumber: key } = body;
  if (account != null) {
    return { newAccount: fromWireOrderAccount(account), field: `${path}.newSubscriptionOwnerAccount` };
  }
  return key == null ? null : { key, field: `${path}.subscriptionOwnerAccountNumber` };
}

/** The first renewal term has columns of its own; more than one are kept as they are. */
function withRenewalTerms(details: { [name: string]: JsonValue }, given: WireCreateSubscription['terms']) {
  if ((given.renewalTerms?.length ?? 0) > 1)
    details.renewalTerms = given.renewalTerms as unknown as JsonValue;
  return details;
}

function fromWireTerms(given: WireCreateSubscription['terms']): TermSpec {
  const renewal = given.renewalTerms?.[0];
  return {
    termType: given.initialTerm.termType,
    period: given.initialTerm.period ?? null,
    periodType: given.initialTerm.periodType ?? null,
    startDate: given.initialTerm.startDate ?? null,
    autoRenew: given.autoRenew ?? false,
    renewalSetting: given.renewalSetting ?? 'RENEW_WITH_SPECIFIC_TERM',
    renewalPeriod: renewal?.period ?? null,
    renewalPeriodType: renewal?.periodType ?? null,
  };
}

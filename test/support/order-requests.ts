import type { CreateSubscriptionAction } from '../../src/domain/orders/action-specs.ts';
import type { OrderRequest, RequestedSubscription } from '../../src/domain/orders/order-request.ts';
import type {
  ChargeSpec,
  PricingOverride,
  RatePlanSpec,
  SubscriptionSpec,
  TermSpec,
} from '../../src/domain/subscriptions/subscription-spec.ts';

/** Orders as the domain takes them, with everything that a test does not care about filled in. */

export const twelveMonths: TermSpec = {
  termType: 'TERMED',
  period: 12,
  periodType: 'Month',
  startDate: null,
  autoRenew: false,
  renewalSetting: 'RENEW_WITH_SPECIFIC_TERM',
  renewalPeriod: null,
  renewalPeriodType: null,
};
export const evergreen: TermSpec = { ...twelveMonths, termType: 'EVERGREEN', period: null, periodType: null };

export function pricing(kind: PricingOverride['kind'], fields: Partial<PricingOverride>): PricingOverride {
  return { kind, price: null, quantity: null, listPriceBase: null, specificListPriceBase: null, ...fields };
}

export function chargeSpec(productRatePlanCharge: string, fields: Partial<ChargeSpec> = {}): ChargeSpec {
  return {
    productRatePlanCharge,
    name: null,
    pricing: null,
    billing: null,
    start: null,
    end: null,
    details: {},
    customFields: {},
    ...fields,
  };
}

export function ratePlanSpec(productRatePlan: string, charges: readonly ChargeSpec[] = []): RatePlanSpec {
  return { productRatePlan, name: null, charges, details: {}, customFields: {} };
}

export function creating(
  ratePlans: readonly RatePlanSpec[],
  spec: Partial<SubscriptionSpec> = {},
  action: Partial<CreateSubscriptionAction> = {},
): RequestedSubscription {
  return {
    subscriptionNumber: spec.subscriptionNumber ?? null,
    expectedVersion: null,
    actions: [
      {
        action: {
          type: 'CreateSubscription',
          triggerDates: {},
          subscriptionOwner: null,
          invoiceOwner: null,
          spec: {
            subscriptionNumber: null,
            currency: null,
            terms: twelveMonths,
            ratePlans,
            billToContactId: null,
            soldToContactId: null,
            details: {},
            customFields: {},
            ...spec,
          },
          ...action,
        },
        body: {},
      },
    ],
    details: {},
    customFields: {},
  };
}

export function orderRequest(
  accountKey: string,
  subscriptions: readonly RequestedSubscription[],
  fields: Partial<OrderRequest> = {},
): OrderRequest {
  return {
    orderNumber: null,
    account: { key: accountKey, field: 'existingAccountNumber' },
    orderDate: '2026-01-01',
    intent: 'complete',
    scheduledDate: null,
    category: 'NewSales',
    description: null,
    subscriptions,
    orderLineItems: [],
    details: {},
    customFields: {},
    returnIds: false,
    numbersOnly: false,
    ...fields,
  };
}

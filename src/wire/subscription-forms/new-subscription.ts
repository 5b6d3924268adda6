import type { z } from 'zod';
import type { AccountChoice } from '../../domain/orders/order-request.ts';
import type { JsonObject } from '../../domain/result.ts';
import type { SubscriptionSpec } from '../../domain/subscriptions/subscription-spec.ts';
import { wireSubscriptionNumber } from '../order-numbers.ts';
import {
  customFieldsOf,
  pickGiven,
  wireBoolean,
  wireDate,
  wireKey,
  wireNotYet,
  wireText,
  withCustomFields,
} from '../values.ts';
import { oneOf } from '../words.ts';

import {
  customFieldsBlock,
  flatRatePlans,
  fromWireFlatRatePlan,
  orderBodyOfRatePlan,
} from './flat-rate-plans.ts';
import {
  billingOf,
  billingRun,
  periods,
  periodUnit,
  triggerDateFields,
  triggerDatesOf,
  wireTriggerDates,
} from './form-values.ts';
import { type FormAction, type OrderForm, orderForm } from './order-form.ts';

/** POST /v1/subscriptions, and `subscription` of POST /v1/accounts: an order of one CreateSubscription. */

export const RENEWAL_SETTINGS = ['RENEW_WITH_SPECIFIC_TERM', 'RENEW_TO_EVERGREEN'] as const;
export const TERM_TYPES = ['TERMED', 'EVERGREEN'] as const;
const MANAGED_BY = ['Amazon', 'Apple', 'Google', 'Roku'] as const;
export const externallyManagedBy = oneOf(MANAGED_BY).nullish();

/** Fields of a subscription that is made, wherever it is described. */
const shape = {
  ...triggerDateFields,
  contractEffectiveDate: wireDate,
  termType: oneOf(TERM_TYPES),
  termStartDate: wireDate.nullish(),
  initialTerm: periods.nullish(),
  initialTermPeriodType: periodUnit.nullish(),
  renewalTerm: periods.nullish(),
  renewalTermPeriodType: periodUnit.nullish(),
  renewalSetting: oneOf(RENEWAL_SETTINGS).nullish(),
  autoRenew: wireBoolean.nullish(),
  subscriptionNumber: wireSubscriptionNumber.nullish(),
  invoiceOwnerAccountKey: wireKey.nullish(),
  invoiceSeparately: wireBoolean.nullish(),
  notes: wireText(500).nullish(),
  subscribeToRatePlans: flatRatePlans,
};

export const newSubscriptionBody = withCustomFields({
  ...shape,
  accountKey: wireKey,
  renewalTerm: periods,
  externallyManagedBy,
  lastBookingDate: wireDate.nullish(),
  ...billingRun,
  gatewayId: wireNotYet,
  paymentMethodId: wireNotYet,
  prepayment: wireNotYet,
});

/** `subscription` of POST /v1/accounts. */
export const subscriptionOfNewAccount = withCustomFields({
  ...shape,
  subscribeToRatePlans: flatRatePlans.nullish(),
});

/** What a preview of a new subscription says about it. */
export const previewedSubscriptionShape = {
  ...triggerDateFields,
  contractEffectiveDate: wireDate,
  termType: shape.termType,
  termStartDate: shape.termStartDate,
  initialTerm: shape.initialTerm,
  initialTermPeriodType: shape.initialTermPeriodType,
  invoiceOwnerAccountKey: shape.invoiceOwnerAccountKey,
  notes: shape.notes,
  subscribeToRatePlans: flatRatePlans,
};

type Whole = z.output<typeof newSubscriptionBody>;
/** What is said of a subscription wherever it is described; the account is said apart. */
type Described = {
  readonly [Name in Exclude<keyof Whole, 'accountKey'>]?: Whole[Name] | null | undefined;
} & Pick<Whole, 'contractEffectiveDate' | 'termType'>;

/** The accounts of a new subscription: its owner, and who is invoiced for it and so places the order (semantics D.1). */
interface Accounts {
  readonly owner: AccountChoice;
  readonly invoiceOwnerKey: string | null;
}

/**
 * The order that makes the subscription. Its date is the last booking date when that is given, else the day from which the contract is
 * effective.
 *
 * @param path where the subscription stands in the request, '' when it is the request
 */
export function newSubscriptionOrder(
  body: Described,
  { owner, invoiceOwnerKey }: Accounts,
  path = '',
): OrderForm {
  const field = path === '' ? 'invoiceOwnerAccountKey' : `${path}.invoiceOwnerAccountKey`;
  const invoiceOwner = invoiceOwnerKey === null ? null : { key: invoiceOwnerKey, field };
  const action: FormAction = {
    action: {
      type: 'CreateSubscription',
      triggerDates: triggerDatesOf(body),
      subscriptionOwner: invoiceOwner === null ? null : owner,
      invoiceOwner: null,
      spec: specOf(body),
    },
    body: orderBodyOf(body),
    path,
  };
  return orderForm({
    account: invoiceOwner ?? owner,
    orderDate: body.lastBookingDate ?? body.contractEffectiveDate,
    subscriptionNumber: body.subscriptionNumber ?? null,
    expectedVersion: null,
    actions: [action],
    details: pickGiven(body, ['externallyManagedBy']),
    customFields: customFieldsOf(body),
    billing: billingOf(body),
  });
}

export function fromWireNewSubscription(body: z.output<typeof newSubscriptionBody>): OrderForm {
  return newSubscriptionOrder(body, {
    owner: { key: body.accountKey, field: 'accountKey' },
    invoiceOwnerKey: body.invoiceOwnerAccountKey ?? null,
  });
}

const ATTRIBUTES = ['notes', 'invoiceSeparately', 'externallyManagedBy'] as const;

function specOf(body: Described): SubscriptionSpec {
  return {
    subscriptionNumber: body.subscriptionNumber ?? null,
    currency: null,
    terms: {
      termType: body.termType,
      period: body.initialTerm ?? null,
      periodType: body.initialTermPeriodType ?? (body.initialTerm == null ? null : 'Month'),
      startDate: body.termStartDate ?? null,
      autoRenew: body.autoRenew ?? false,
      renewalSetting: body.renewalSetting ?? 'RENEW_WITH_SPECIFIC_TERM',
      renewalPeriod: body.renewalTerm ?? null,
      renewalPeriodType: body.renewalTermPeriodType ?? (body.renewalTerm == null ? null : 'Month'),
    },
    ratePlans: (body.subscribeToRatePlans ?? []).map(fromWireFlatRatePlan),
    billToContactId: null,
    soldToContactId: null,
    details: pickGiven(body, ATTRIBUTES),
    customFields: customFieldsOf(body),
  };
}

/** The action as an order shows it. */
function orderBodyOf(body: Described): JsonObject {
  return {
    triggerDates: wireTriggerDates(body),
    ...customFieldsBlock(customFieldsOf(body)),
    createSubscription: {
      ...pickGiven(body, ['subscriptionNumber', 'notes', 'invoiceSeparately']),
      terms: {
        initialTerm: pickGiven(
          {
            termType: body.termType,
            period: body.initialTerm,
            periodType: body.initialTermPeriodType,
            startDate: body.termStartDate,
          },
          ['termType', 'period', 'periodType', 'startDate'],
        ),
        autoRenew: body.autoRenew ?? false,
        ...pickGiven(body, ['renewalSetting']),
      },
      subscribeToRatePlans: (body.subscribeToRatePlans ?? []).map(orderBodyOfRatePlan),
    },
  };
}

import type { AccountCards } from '../domain/accounts/account-card.ts';
import type { JsonObject } from '../domain/result.ts';
import type {
  FieldChange,
  RatePlanChange,
  SegmentChange,
  VersionChange,
} from '../domain/subscriptions/change-log.ts';
import {
  billingPeriodToWire,
  billingTimingToWire,
  chargeModelToWire,
  endDateConditionToWire,
  listPriceBaseToWire,
  upToPeriodsTypeToWire,
} from './charge-vocabulary.ts';
import { toWireDateTime } from './values.ts';

/** Fields that subscriptions and charges show under other names than they are computed on. */
const NAMES: Readonly<Record<string, string>> = {
  chargeModel: 'model',
  chargeType: 'type',
  monthlyRecurringRevenue: 'mrr',
  suspendedOn: 'suspendedDate',
  totalContractedValue: 'tcv',
  unitOfMeasure: 'uom',
};
const SUBSCRIPTION_NAMES: Readonly<Record<string, string>> = {
  ...NAMES,
  totalContractedValue: 'totalContractedValue',
};

/** Words that the wire spells otherwise. */
const WORDS: Readonly<Record<string, (value: never) => unknown>> = {
  billingPeriod: billingPeriodToWire,
  billingTiming: billingTimingToWire,
  chargeModel: chargeModelToWire,
  endDateCondition: endDateConditionToWire,
  listPriceBase: listPriceBaseToWire,
  upToPeriodsType: upToPeriodsTypeToWire,
};

/** Accounts that change logs show. */
export function accountIdsOfChanges(changes: readonly VersionChange[]): string[] {
  return changes.flatMap(({ subscription }) => [subscription.accountId, subscription.invoiceOwnerAccountId]);
}

/** What a version changed, in the contract's form. */
export function toWireVersionChange(change: VersionChange, cards: AccountCards): JsonObject {
  const { subscription, ratePlans, fields } = change;
  const numberOf = (id: string) => cards.byId.get(id)?.account.accountNumber ?? null;
  return {
    subscriptionNumber: subscription.subscriptionNumber,
    version: subscription.version,
    subscriptionStartDate: subscription.subscriptionStartDate,
    ...(subscription.subscriptionEndDate === null
      ? {}
      : { subscriptionEndDate: subscription.subscriptionEndDate }),
    termStartDate: subscription.termStartDate,
    ...(subscription.termEndDate === null ? {} : { termEndDate: subscription.termEndDate }),
    accountNumber: numberOf(subscription.accountId),
    invoiceOwnerAccountNumber: numberOf(subscription.invoiceOwnerAccountId),
    currency: subscription.currency,
    orderNumber: subscription.orderNumber,
    type: 'Standard',
    externalSubscriptionId: null,
    changedTime: toWireDateTime(subscription.updatedAt, cards.timeZone),
    ratePlans: ratePlans.map(toWireRatePlanChange),
    fields: fields.map((field) => toWireField(field, SUBSCRIPTION_NAMES)),
  };
}

function toWireRatePlanChange({ ratePlan, fields, charges }: RatePlanChange): JsonObject {
  return {
    ratePlanNumber: ratePlan.ratePlanNumber,
    ratePlanCharges: charges.map(toWireSegmentChange),
    fields: fields.map((field) => toWireField(field, NAMES)),
  };
}

/** `segment` tells the segments of a charge apart; one that the version no longer has is marked. */
function toWireSegmentChange({ charge, isRemoved, fields }: SegmentChange): JsonObject {
  const { effectiveStartDate: start, effectiveEndDate: end } = charge;
  return {
    chargeNumber: charge.chargeNumber,
    ratePlanChargeId: charge.id,
    segment: charge.segment,
    ...(isRemoved ? { removed: true } : {}),
    ...(start === null ? {} : { effectiveStartDate: start }),
    ...(end === null ? {} : { effectiveEndDate: end }),
    fields: fields.map((field) => toWireField(field, NAMES)),
  };
}

function toWireField({ field, oldValue, newValue }: FieldChange, names: typeof NAMES): JsonObject {
  const word = WORDS[field] as ((value: string) => unknown) | undefined;
  const shown = (value: string | null) =>
    value === null || word === undefined ? value : String(word(value) ?? value);
  return { fieldName: names[field] ?? field, oldValue: shown(oldValue), newValue: shown(newValue) };
}

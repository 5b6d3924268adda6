import { z } from 'zod';
import type { AccountCards } from '../domain/accounts/account-card.ts';
import type { Contact } from '../domain/accounts/contact.ts';
import type { JsonObject, JsonValue } from '../domain/result.ts';
import { netValuesOf } from '../domain/subscriptions/net-values.ts';
import type { Charge, Subscription } from '../domain/subscriptions/subscription.ts';
import {
  CHARGE_DETAILS,
  type ChargeDetail,
  contractedMrrOn,
  isOver,
  isShownRatePlan,
  lastChangeOf,
  type RatePlanRecord,
  type SubscriptionRecord,
  segmentsOf,
  shownSegments,
  statusPeriodsOf,
} from '../domain/subscriptions/subscription-record.ts';
import { toWireAccountDetails } from './account-details.ts';
import { toWireCharge, toWireShown } from './charges.ts';
import { toWireContact } from './contacts.ts';
import { wireDate, wirePaging } from './values.ts';

const wireFlag = z.enum(['true', 'false'], { error: 'must be true or false' });

const reading = {
  'charge-detail': z
    .enum(CHARGE_DETAILS, { error: `must be one of ${CHARGE_DETAILS.join(', ')}` })
    .optional(),
  'as-of-date': wireDate.optional(),
  'exclude-rate-plans-with-no-charges': wireFlag.optional(),
  getDetailedMetrics: wireFlag.optional(),
  asOfDay: wireDate.optional(),
};

export const subscriptionQuery = z.object({
  ...reading,
  getInvoiceOwnerDetails: wireFlag.optional(),
  getSubscriptionOwnerDetails: wireFlag.optional(),
});
export const subscriptionListQuery = z.object({ ...reading, ...wirePaging.shape });

/** How a subscription is to be shown. */
export interface SubscriptionForm {
  readonly chargeDetail: ChargeDetail;
  readonly today: string;
  /** The day for the segments in effect. */
  readonly day: string;
  readonly withEmptyRatePlans: boolean;
  /** The day for detailed metrics; null without them. */
  readonly metricsDay: string | null;
  readonly subscriptionOwner: boolean;
  readonly invoiceOwner: boolean;
}

/** Owner blocks come with single reads unless they are declined; lists have none, as in the published samples. */
export function fromWireSubscriptionQuery(
  query: z.output<typeof subscriptionQuery>,
  today: string,
  single: boolean,
): SubscriptionForm {
  const detail = query['charge-detail'] ?? 'last-segment';
  return {
    chargeDetail: detail,
    today,
    day: detail === 'specific-segment' ? (query['as-of-date'] ?? today) : today,
    withEmptyRatePlans: query['exclude-rate-plans-with-no-charges'] !== 'true',
    metricsDay: query.getDetailedMetrics === 'true' ? (query.asOfDay ?? today) : null,
    subscriptionOwner: single && query.getSubscriptionOwnerDetails !== 'false',
    invoiceOwner: single && query.getInvoiceOwnerDetails !== 'false',
  };
}

/** Contacts that a subscription names for itself, to be read with its accounts. */
export function contactIdsOf({ details }: Subscription): string[] {
  return [details.billToContactId, details.soldToContactId].filter((id) => typeof id === 'string');
}

/** A version of a subscription in the contract's form, explicit nulls included. */
export function toWireSubscription(
  record: SubscriptionRecord,
  cards: AccountCards,
  form: SubscriptionForm,
): JsonObject {
  const { subscription } = record;
  const { currency } = subscription;
  const owner = cards.byId.get(subscription.accountId);
  const invoiceOwner = cards.byId.get(subscription.invoiceOwnerAccountId);
  const shown: { [name: string]: JsonValue } = {
    ...termFields(subscription),
    ...attributeFields(subscription),
    ...(record.cancelReason === null ? {} : { cancelReason: record.cancelReason }),
    accountId: subscription.accountId,
    accountNumber: owner?.account.accountNumber ?? null,
    accountName: owner?.account.name ?? null,
    invoiceOwnerAccountId: subscription.invoiceOwnerAccountId,
    invoiceOwnerAccountNumber: invoiceOwner?.account.accountNumber ?? null,
    invoiceOwnerAccountName: invoiceOwner?.account.name ?? null,
    orderNumber: subscription.orderNumber,
    lastBookingDate: record.orderDate,
    contractedMrr: toWireShown(contractedMrrOn(subscription, form.today), currency),
    totalContractedValue:
      subscription.totalContractedValue === null
        ? null
        : toWireShown(subscription.totalContractedValue, currency),
    statusHistory: statusPeriodsOf(subscription).map(toWireStatusPeriod),
    ratePlans: record.ratePlans.flatMap((plan) => toWireRatePlan(plan, record, form)),
    ...subscription.customFields,
  };
  if (form.metricsDay !== null) {
    const charges = record.ratePlans.flatMap(segmentsOf);
    const { contractedMrr: _, ...metrics } = detailedMetrics(charges, record, form, form.metricsDay);
    Object.assign(shown, metrics);
  }
  const contacts = {
    billToContact: contactOf(subscription, 'billToContactId', cards) ?? invoiceOwner?.billTo ?? null,
    soldToContact:
      contactOf(subscription, 'soldToContactId', cards) ?? owner?.soldTo ?? owner?.billTo ?? null,
  };
  for (const [name, contact] of Object.entries(contacts)) {
    if (contact !== null) shown[name] = toWireContact(contact);
  }
  if (form.subscriptionOwner && owner)
    shown.accountOwnerDetails = toWireAccountDetails(owner, cards.timeZone);
  if (form.invoiceOwner && invoiceOwner) {
    const {
      purchaseOrderNumber: _,
      summaryStatementTemplateId: __,
      ...details
    } = toWireAccountDetails(invoiceOwner, cards.timeZone);
    shown.invoiceOwnerAccountDetails = details;
  }
  return shown;
}

function contactOf(
  { details }: Subscription,
  name: 'billToContactId' | 'soldToContactId',
  cards: AccountCards,
): Contact | null {
  const id = details[name];
  return typeof id === 'string' ? (cards.contactById.get(id) ?? null) : null;
}

function termFields(subscription: Subscription): JsonObject {
  return {
    id: subscription.id,
    subscriptionNumber: subscription.subscriptionNumber,
    version: subscription.version,
    revision: `${subscription.version}.0`,
    isLatestVersion: subscription.isLatestVersion,
    status: subscription.status,
    currency: subscription.currency,
    termType: subscription.termType,
    initialTerm: subscription.initialTerm,
    initialTermPeriodType: subscription.initialTermPeriodType,
    currentTerm: subscription.currentTerm,
    currentTermPeriodType: subscription.currentTermPeriodType,
    renewalTerm: subscription.renewalTerm,
    renewalTermPeriodType: subscription.renewalTermPeriodType,
    renewalSetting: subscription.renewalSetting,
    autoRenew: subscription.autoRenew,
    contractEffectiveDate: subscription.contractEffectiveDate,
    serviceActivationDate: subscription.serviceActivationDate,
    customerAcceptanceDate: subscription.customerAcceptanceDate,
    subscriptionStartDate: subscription.subscriptionStartDate,
    subscriptionEndDate: subscription.subscriptionEndDate,
    termStartDate: subscription.termStartDate,
    termEndDate: subscription.termEndDate,
  };
}

const ATTRIBUTES_OPTIONAL = [
  'paymentTerm',
  'invoiceTemplateId',
  'sequenceSetId',
  'externallyManagedBy',
  'cancelReason',
] as const;

function attributeFields({ details }: Subscription): JsonObject {
  const shown: { [name: string]: JsonValue } = {
    notes: details.notes ?? '',
    invoiceSeparately: details.invoiceSeparately ?? false,
    invoiceGroupNumber: details.invoiceGroupNumber ?? null,
  };
  for (const name of ATTRIBUTES_OPTIONAL) {
    const value = details[name];
    if (value != null) shown[name] = value;
  }
  return shown;
}

function toWireStatusPeriod({
  status,
  startDate,
  endDate,
}: ReturnType<typeof statusPeriodsOf>[number]): JsonObject {
  return { status, startDate, ...(endDate === null ? {} : { endDate }) };
}

function toWireRatePlan(
  plan: RatePlanRecord,
  record: SubscriptionRecord,
  form: SubscriptionForm,
): JsonObject[] {
  const { ratePlan, addedOn } = plan;
  const { version } = record.subscription;
  if (!isShownRatePlan(plan, version, form.chargeDetail, form.day)) return [];
  const all = segmentsOf(plan);
  const segments = shownSegments(all, form.chargeDetail, form.day);
  if (segments.length === 0 && !form.withEmptyRatePlans) return [];
  const byPlace = new Map(plan.charges.map((part) => [placeOf(part.charge, 0), part]));
  const managed = ratePlan.details.externallyManagedPlanId;
  return [
    {
      id: ratePlan.id,
      productId: ratePlan.productId,
      productName: ratePlan.productName,
      productSku: ratePlan.productSku,
      productRatePlanId: ratePlan.productRatePlanId,
      ratePlanName: ratePlan.name,
      lastChangeType: lastChangeOf(plan, version),
      ...(managed == null ? {} : { externallyManagedPlanId: managed }),
      ...(form.metricsDay === null ? {} : detailedMetrics(all, record, form, form.metricsDay)),
      ratePlanCharges: segments.map((charge) =>
        toWireCharge(
          charge,
          byPlace.get(placeOf(charge, -1))?.charge ?? null,
          addedOn ?? record.orderDate,
          charge.addedInVersion > ratePlan.addedInVersion
            ? (byPlace.get(placeOf(charge, 0))?.addedOn ?? null)
            : null,
        ),
      ),
      ...ratePlan.customFields,
    },
  ];
}

/** Number and segment of a charge, or of one so many segments after it. */
function placeOf({ chargeNumber, segment }: Charge, after: number): string {
  return `${chargeNumber} ${segment + after}`;
}

/** Values on a day, of a subscription or of one of its rate plans, before and after the subscription's discounts. */
function detailedMetrics(
  charges: readonly Charge[],
  { subscription, ratePlans }: SubscriptionRecord,
  { today }: SubscriptionForm,
  day: string,
): JsonObject {
  const { currency } = subscription;
  const all = ratePlans.flatMap(segmentsOf);
  const values = netValuesOf(charges, all, subscription.id, day);
  const { netTotalContractedValue: total } = values;
  return {
    contractedMrr: isOver(subscription, today) ? 0 : toWireShown(values.contractedMrr, currency),
    contractedNetMrr: isOver(subscription, today) ? 0 : toWireShown(values.contractedNetMrr, currency),
    asOfDayGrossMrr: toWireShown(values.grossMrr, currency),
    asOfDayNetMrr: toWireShown(values.netMrr, currency),
    netTotalContractedValue: total === null ? null : toWireShown(total, currency),
  };
}

import { z } from 'zod';
import type { OrderPlaced } from '../domain/orders/order-reply.ts';
import type { Refusal } from '../domain/result.ts';
import { detailsUnder, fieldUnder } from './object-fields.ts';
import type { FormSubscription, OrderForm } from './subscription-forms/order-form.ts';
import { fromWireSubscriptionUpdate, updateBody } from './subscription-forms/update.ts';
import { customFieldsOf, wireText, withCustomFields } from './values.ts';

/** Subscriptions and their charges, as /v1/object/subscription and /v1/object/rate-plan-charge name them. */

/** Name here → name of /v1/subscriptions. */
const TERMS = {
  AutoRenew: 'autoRenew',
  CurrentTermPeriodType: 'currentTermPeriodType',
  ExternallyManagedBy: 'externallyManagedBy',
  IsInvoiceSeparate: 'invoiceSeparately',
  Notes: 'notes',
  RenewalSetting: 'renewalSetting',
  RenewalTerm: 'renewalTerm',
  RenewalTermPeriodType: 'renewalTermPeriodType',
  TermStartDate: 'termStartDate',
  TermType: 'termType',
} as const;

const ORDERED = 'cannot be changed here: send an order with the action for it';
const ordered = z.undefined({ error: ORDERED }).optional();
const { shape } = updateBody;

/** PUT /v1/object/subscription/{id}: what is absent stays. */
export const wireObjectSubscriptionChanges = withCustomFields({
  AccountId: ordered,
  AutoRenew: shape.autoRenew,
  CancelledDate: ordered,
  ContractAcceptanceDate: ordered,
  ContractEffectiveDate: ordered,
  CurrentTermPeriodType: shape.currentTermPeriodType,
  ExternallyManagedBy: shape.externallyManagedBy,
  InitialTerm: ordered,
  InitialTermPeriodType: ordered,
  InvoiceOwnerId: ordered,
  IsInvoiceSeparate: shape.invoiceSeparately,
  Name: z.undefined({ error: 'is the number of the subscription, which stays' }).optional(),
  Notes: wireText(500).nullish(),
  RenewalSetting: shape.renewalSetting,
  RenewalTerm: shape.renewalTerm,
  RenewalTermPeriodType: shape.renewalTermPeriodType,
  ServiceActivationDate: ordered,
  Status: ordered,
  TermStartDate: shape.termStartDate,
  TermType: shape.termType,
  Version: z.undefined({ error: 'is counted: leave it out' }).optional(),
}).refine((body) => Object.values(body).some((value) => value != null), {
  message: 'nothing is changed: give terms, notes or custom fields',
  path: ['Notes'],
});
export type WireObjectSubscriptionChanges = z.output<typeof wireObjectSubscriptionChanges>;

/** Whether nothing but custom fields changes: they change in place, without an order. */
export function changesOnlyCustomFields(body: WireObjectSubscriptionChanges): boolean {
  return Object.keys(detailsUnder(body, TERMS)).length === 0;
}

/** The order that the changes stand for, as PUT /v1/subscriptions/{key} places it. */
export function fromWireObjectSubscriptionChanges(
  body: WireObjectSubscriptionChanges,
  target: FormSubscription,
  today: string,
): OrderForm | Refusal {
  const terms = { ...detailsUnder(body, TERMS), ...customFieldsOf(body) };
  return fromWireSubscriptionUpdate(terms as z.output<typeof updateBody>, target, new Map(), today);
}

/** What this resource calls a field of the order's form. */
export function fieldOfObjectSubscription(field: string): string {
  return fieldUnder(field, TERMS);
}

/** The id of the version that the order has made. */
export function changedSubscriptionIdOf({ subscriptions }: OrderPlaced): string {
  return subscriptions[0]?.subscription.id ?? '';
}

/** Fields of a charge that only an order changes: they are of a date, and make a segment or a version of their own. */
const OF_CHARGE = [
  'BillingTiming',
  'DiscountAmount',
  'DiscountPercentage',
  'EndDateCondition',
  'ListPriceBase',
  'PriceChangeOption',
  'PriceIncreasePercentage',
  'RatingGroup',
  'RevRecCode',
  'RevRecTriggerCondition',
  'RevenueRecognitionRuleName',
  'SpecificEndDate',
  'SpecificListPriceBase',
  'TriggerDate',
  'TriggerEvent',
  'UpToPeriods',
  'UpToPeriodsType',
  'WeeklyBillCycleDay',
] as const;

/** PUT /v1/object/rate-plan-charge/{id}: custom fields of a segment. */
export const wireObjectChargeChanges = withCustomFields(
  Object.fromEntries(
    OF_CHARGE.map((name) => [
      name,
      z
        .undefined({ error: 'cannot be changed here: send an order with the action UpdateProduct' })
        .optional(),
    ]),
  ) as { readonly [Name in (typeof OF_CHARGE)[number]]: z.ZodOptional<z.ZodUndefined> },
).refine((body) => Object.keys(customFieldsOf(body)).length > 0, {
  message: 'nothing is changed: give custom fields',
});

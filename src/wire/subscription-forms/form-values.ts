import { z } from 'zod';
import type { PeriodUnit } from '../../domain/calendar.ts';
import { orderLimits } from '../../domain/orders/limits.ts';
import type { OrderBilling } from '../../domain/orders/order-request.ts';
import type { TriggerDates } from '../../domain/subscriptions/subscription-spec.ts';
import { wireBoolean, wireDate, wireDocumentDate, wireNotYet, wireText } from '../values.ts';
import { oneOf, wholeNumber } from '../words.ts';

/** Values that the forms of /v1/subscriptions share. */

export const PERIOD_UNITS = ['Month', 'Year', 'Day', 'Week'] as const satisfies readonly PeriodUnit[];

export const periods = wholeNumber(0, orderLimits.termPeriodsMax);
export const periodUnit = oneOf(PERIOD_UNITS);

const COUNT = 'must be a whole number from 1, as a number or as text';
/** Periods of suspensions and resumptions: text in the contract, numbers in practice. */
export const countOrText = z.union(
  [
    z.int().min(1).max(orderLimits.termPeriodsMax),
    z
      .string()
      .regex(/^[1-9]\d{0,4}$/)
      .refine((text) => Number(text) <= orderLimits.termPeriodsMax),
  ],
  { error: COUNT },
);

export function countOf(value: string | number | null | undefined): number | null {
  return value == null ? null : Number(value);
}

/**
 * What asks for a bill with the change, and how it is made: `runBilling`, or `invoice` as older clients say it, with one target date under
 * either name. Nothing is collected or applied with it.
 */
export const billingRun = {
  applicationOrder: wireNotYet,
  applyCredit: wireNotYet,
  applyCreditBalance: wireNotYet,
  collect: wireNotYet,
  creditMemoReasonCode: wireText(255).nullish(),
  documentDate: wireDocumentDate.nullish(),
  invoice: wireBoolean.nullish(),
  invoiceCollect: wireNotYet,
  invoiceTargetDate: wireDate.nullish(),
  runBilling: wireBoolean.nullish(),
  targetDate: wireDate.nullish(),
};

type BillingRun = {
  readonly [Name in 'creditMemoReasonCode' | 'documentDate' | 'invoiceTargetDate' | 'targetDate']?:
    | string
    | null
    | undefined;
} & { readonly [Name in 'invoice' | 'runBilling']?: boolean | null | undefined };

/** What is billed with a form's order; null when nothing is asked for. */
export function billingOf(body: BillingRun): OrderBilling | null {
  if (body.runBilling !== true && body.invoice !== true) return null;
  return {
    targetDate: body.targetDate ?? body.invoiceTargetDate ?? null,
    documentDate: body.documentDate ?? null,
    posts: true,
    creditMemoReasonCode: body.creditMemoReasonCode ?? null,
  };
}

/** When a form's order is booked, and when what it does counts from. */
export const bookingDates = {
  bookingDate: wireDate.nullish(),
  contractEffectiveDate: wireDate.nullish(),
  orderDate: wireDate.nullish(),
};

/** Dates of a form that stand for an order's: the order's own, then the booking, then what it is effective from. */
export function orderDateOf(
  body: {
    readonly orderDate?: string | null | undefined;
    readonly bookingDate?: string | null | undefined;
    readonly contractEffectiveDate?: string | null | undefined;
  },
  today: string,
): string {
  return body.orderDate ?? body.bookingDate ?? body.contractEffectiveDate ?? today;
}

export const triggerDateFields = {
  contractEffectiveDate: wireDate.nullish(),
  serviceActivationDate: wireDate.nullish(),
  customerAcceptanceDate: wireDate.nullish(),
};

interface TriggerDateFields {
  readonly contractEffectiveDate?: string | null | undefined;
  readonly serviceActivationDate?: string | null | undefined;
  readonly customerAcceptanceDate?: string | null | undefined;
}

/** A date that is absent follows the one before it; here null is as good as absent, as forms have no dates that are still missing. */
export function triggerDatesOf(body: TriggerDateFields): TriggerDates {
  return {
    ...(body.contractEffectiveDate == null ? {} : { contractEffective: body.contractEffectiveDate }),
    ...(body.serviceActivationDate == null ? {} : { serviceActivation: body.serviceActivationDate }),
    ...(body.customerAcceptanceDate == null ? {} : { customerAcceptance: body.customerAcceptanceDate }),
  };
}

/** The same dates as an order action has them, for showing it. */
export function wireTriggerDates(body: TriggerDateFields) {
  return [
    { name: 'ContractEffective', triggerDate: body.contractEffectiveDate },
    { name: 'ServiceActivation', triggerDate: body.serviceActivationDate },
    { name: 'CustomerAcceptance', triggerDate: body.customerAcceptanceDate },
  ].flatMap(({ name, triggerDate }) => (triggerDate == null ? [] : [{ name, triggerDate }]));
}

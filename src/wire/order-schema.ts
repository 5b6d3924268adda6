import { z } from 'zod';
import {
  BILL_CYCLE_TYPES,
  BILLING_PERIOD_ALIGNMENTS,
  TRIGGER_EVENTS,
  WEEKLY_BILL_CYCLE_DAYS,
} from '../domain/charge-models/vocabulary.ts';
import { orderLimits } from '../domain/orders/limits.ts';
import { wirePricing } from './charge-pricing.ts';
import {
  billingPeriodFromWire,
  billingTimingFromWire,
  endDateConditionFromWire,
  upToPeriodsTypeFromWire,
} from './charge-vocabulary.ts';
import { wireOrderAccount } from './order-accounts.ts';
import {
  wireBoolean,
  wireCurrency,
  wireCustomFields,
  wireDate,
  wireKey,
  wireNotYet,
  wireText,
} from './values.ts';
import { oneOf, wholeNumber, wordOf } from './words.ts';

const PERIOD_TYPES = ['Month', 'Year', 'Day', 'Week'] as const;
/** Kept as they came: bounded, so that an order stays a row. */
const RENEWAL_TERMS_MAX = 100;
const TRIGGER_DATES_MAX = 100;
const TRIGGER_DATE_NAMES = ['ContractEffective', 'ServiceActivation', 'CustomerAcceptance'] as const;

/** All that the contract names; those that are not built are refused by name. */
export const ORDER_ACTION_TYPES = [
  'CreateSubscription',
  'TermsAndConditions',
  'AddProduct',
  'UpdateProduct',
  'RemoveProduct',
  'RenewSubscription',
  'CancelSubscription',
  'OwnerTransfer',
  'Suspend',
  'Resume',
  'ChangePlan',
] as const;

/** Taken as it is, to be refused by name or kept. */
const anything = z.unknown().optional();

const period = wholeNumber(0, orderLimits.termPeriodsMax);
const periodType = oneOf(PERIOD_TYPES);

const terms = z.object(
  {
    initialTerm: z.object(
      {
        termType: oneOf(['TERMED', 'EVERGREEN']),
        period: period.nullish(),
        periodType: periodType.nullish(),
        startDate: wireDate.nullish(),
      },
      { error: 'must be an object with termType' },
    ),
    autoRenew: wireBoolean.nullish(),
    renewalSetting: oneOf(['RENEW_WITH_SPECIFIC_TERM', 'RENEW_TO_EVERGREEN']).nullish(),
    renewalTerms: z
      .array(z.object({ period: period.nullish(), periodType: periodType.nullish() }))
      .max(RENEWAL_TERMS_MAX, `must have at most ${RENEWAL_TERMS_MAX} terms`)
      .nullish(),
  },
  { error: 'is required: an object with initialTerm' },
);

const billing = z.object({
  billCycleDay: wholeNumber(0, 31).nullish(),
  billCycleType: oneOf(BILL_CYCLE_TYPES).nullish(),
  billingPeriod: wordOf(billingPeriodFromWire).nullish(),
  billingPeriodAlignment: oneOf(BILLING_PERIOD_ALIGNMENTS).nullish(),
  billingTiming: wordOf(billingTimingFromWire).nullish(),
  specificBillingPeriod: wholeNumber(1, 10_000).nullish(),
  weeklyBillCycleDay: oneOf(WEEKLY_BILL_CYCLE_DAYS).nullish(),
});

/** Attributes of a charge that nothing computes on here: kept and shown. */
const chargeAttributes = {
  description: wireText(500).nullish(),
  accountReceivableAccountingCode: wireText(255).nullish(),
  adjustmentLiabilityAccountingCode: wireText(255).nullish(),
  adjustmentRevenueAccountingCode: wireText(255).nullish(),
  contractAssetAccountingCode: wireText(255).nullish(),
  contractLiabilityAccountingCode: wireText(255).nullish(),
  contractRecognizedRevenueAccountingCode: wireText(255).nullish(),
  deferredRevenueAccountingCode: wireText(255).nullish(),
  recognizedRevenueAccountingCode: wireText(255).nullish(),
  unBilledReceivablesAccountingCode: wireText(255).nullish(),
  excludeItemBillingFromRevenueAccounting: wireBoolean.nullish(),
  excludeItemBookingFromRevenueAccounting: wireBoolean.nullish(),
  isAllocationEligible: wireBoolean.nullish(),
  isUnbilled: wireBoolean.nullish(),
  revRecCode: wireText(70).nullish(),
  revRecTriggerCondition: wireText(255).nullish(),
  revenueRecognitionRuleName: wireText(255).nullish(),
  pobPolicy: wireText(255).nullish(),
  productCategory: wireText(255).nullish(),
  productClass: wireText(255).nullish(),
  productFamily: wireText(255).nullish(),
  productLine: wireText(255).nullish(),
  taxCode: wireText(255).nullish(),
  taxMode: wireText(255).nullish(),
  uniqueToken: wireText(50).nullish(),
};
export const CHARGE_ATTRIBUTES = Object.keys(chargeAttributes);

const chargeOverride = z
  .object({
    productRatePlanChargeId: wireKey.nullish(),
    /** As the contract's examples of replies spell it. */
    productRateplanChargeId: wireKey.nullish(),
    productRatePlanChargeNumber: wireKey.nullish(),
    /** Numbers of charges and rate plans are generated: a caller's could not be kept unique without reading for each. */
    chargeNumber: wireNotYet,
    name: wireText(255).nullish(),
    pricing: wirePricing.nullish(),
    billing: billing.nullish(),
    startDate: z
      .object({ triggerEvent: oneOf(TRIGGER_EVENTS).nullish(), specificTriggerDate: wireDate.nullish() })
      .nullish(),
    endDate: z
      .object({
        endDateCondition: wordOf(endDateConditionFromWire).nullish(),
        specificEndDate: wireDate.nullish(),
        upToPeriods: wholeNumber(0, orderLimits.termPeriodsMax).nullish(),
        upToPeriodsType: wordOf(upToPeriodsTypeFromWire).nullish(),
      })
      .nullish(),
    customFields: wireCustomFields.nullish(),
    ...chargeAttributes,
  })
  .refine(
    (o) => (o.productRatePlanChargeId ?? o.productRateplanChargeId ?? o.productRatePlanChargeNumber) != null,
    {
      message: 'is required',
      path: ['productRatePlanChargeId'],
    },
  );

const ratePlanAttributes = {
  externalCatalogPlanId: wireText(255).nullish(),
  externallyManagedPlanId: wireText(255).nullish(),
  uniqueToken: wireText(50).nullish(),
};
export const RATE_PLAN_ATTRIBUTES = Object.keys(ratePlanAttributes);

const ratePlan = z
  .object({
    productRatePlanId: wireKey.nullish(),
    productRatePlanNumber: wireKey.nullish(),
    ratePlanName: wireText(255).nullish(),
    subscriptionRatePlanNumber: wireNotYet,
    chargeOverrides: z.array(chargeOverride, { error: 'must be a list' }).nullish(),
    subscriptionProductFeatures: anything,
    customFields: wireCustomFields.nullish(),
    ...ratePlanAttributes,
  })
  .refine((p) => (p.productRatePlanId ?? p.productRatePlanNumber) != null, {
    message: 'is required',
    path: ['productRatePlanId'],
  });

const subscriptionAttributes = {
  invoiceGroupNumber: wireText(255).nullish(),
  invoiceSeparately: wireBoolean.nullish(),
  invoiceTemplateId: wireText(100).nullish(),
  notes: wireText(500).nullish(),
  paymentTerm: wireText(100).nullish(),
  sequenceSetId: wireText(100).nullish(),
};
export const SUBSCRIPTION_ATTRIBUTES = Object.keys(subscriptionAttributes);

/** A number that the caller chooses: it stands in paths and queries. */
const ownNumber = (lengthMax: number) =>
  wireText(lengthMax)
    .min(1, 'must not be empty')
    .refine((number) => !UNFIT_FOR_PATHS.test(number), 'must not contain # ? / \\ or control characters')
    .refine((number) => number.trim() === number, 'must not begin or end with a space')
    .refine((number) => number !== '.' && number !== '..', 'must not be a path segment of dots');
const UNFIT_FOR_PATHS = /[#?/\\\p{Cc}]/u;

const subscriptionNumber = ownNumber(orderLimits.subscriptionNumberLengthMax);

const createSubscription = z.object(
  {
    subscriptionNumber: subscriptionNumber.nullish(),
    subscriptionOwnerAccountNumber: wireKey.nullish(),
    newSubscriptionOwnerAccount: wireOrderAccount.nullish(),
    invoiceOwnerAccountNumber: wireKey.nullish(),
    currency: wireCurrency.nullish(),
    terms,
    subscribeToRatePlans: z.array(ratePlan, { error: 'must be a list' }).nullish(),
    billToContactId: wireKey.nullish(),
    soldToContactId: wireKey.nullish(),
    ...subscriptionAttributes,
  },
  { error: 'must be an object' },
);

const orderAction = z
  .object({
    type: oneOf(ORDER_ACTION_TYPES),
    createSubscription: createSubscription.nullish(),
    triggerDates: z
      .array(z.object({ name: oneOf(TRIGGER_DATE_NAMES), triggerDate: wireDate.nullish() }))
      .max(TRIGGER_DATES_MAX, `must have at most ${TRIGGER_DATES_MAX} dates`)
      .nullish(),
    changeReason: wireText(255).nullish(),
    customFields: wireCustomFields.nullish(),
  })
  .refine((a) => a.type !== 'CreateSubscription' || a.createSubscription != null, {
    message: 'is required',
    path: ['createSubscription'],
  });

const subscription = z.object({
  subscriptionNumber: subscriptionNumber.nullish(),
  orderActions: z.array(orderAction, { error: 'must be a list of order actions' }),
  externallyManagedBy: oneOf(['Amazon', 'Apple', 'Google', 'Roku']).nullish(),
  quote: anything,
  ramp: anything,
  customFields: wireCustomFields.nullish(),
});

const processingOptions = z.object({
  runBilling: wireBoolean.nullish(),
  collectPayment: wireBoolean.nullish(),
  applyCredit: wireBoolean.nullish(),
  applyCreditBalance: wireBoolean.nullish(),
  refund: wireBoolean.nullish(),
  writeOff: wireBoolean.nullish(),
  billingOptions: anything,
  electronicPaymentOptions: anything,
  applicationOrder: anything,
  refundAmount: anything,
  refundReasonCode: anything,
  writeOffBehavior: anything,
});

export const orderBody = z
  .object({
    orderDate: wireDate,
    orderNumber: ownNumber(orderLimits.orderNumberLengthMax).nullish(),
    existingAccountNumber: wireKey.nullish(),
    existingAccountId: wireKey.nullish(),
    newAccount: wireOrderAccount.nullish(),
    status: oneOf(['Draft', 'Pending', 'Completed', 'Scheduled', 'Executing', 'Failed']).nullish(),
    category: oneOf(['NewSales', 'Return']).nullish(),
    description: wireText(500).nullish(),
    reasonCode: wireText(255).nullish(),
    externallyManagedBy: oneOf(['Amazon', 'Apple', 'Google', 'Roku']).nullish(),
    customFields: wireCustomFields.nullish(),
    subscriptions: z.array(subscription, { error: 'must be a list of subscriptions' }).nullish(),
    orderLineItems: anything,
    commitments: anything,
    processingOptions: processingOptions.nullish(),
    schedulingOptions: anything,
  })
  .refine(
    (o) => [o.existingAccountNumber, o.existingAccountId, o.newAccount].filter((v) => v != null).length === 1,
    {
      message: 'give exactly one of existingAccountNumber, existingAccountId and newAccount',
      path: ['existingAccountNumber'],
    },
  );

export type WireOrder = z.output<typeof orderBody>;
export type WireSubscription = z.output<typeof subscription>;
export type WireOrderAction = z.output<typeof orderAction>;
export type WireCreateSubscription = z.output<typeof createSubscription>;
export type WireRatePlan = z.output<typeof ratePlan>;
export type WireChargeOverride = z.output<typeof chargeOverride>;

import { sql } from 'drizzle-orm';
import { index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import type { Charge, Subscription } from '../../domain/subscriptions/subscription.ts';
import { attributes, audit, identity, partAudit } from './columns.ts';

export const subscription = sqliteTable(
  'subscription',
  {
    ...identity,
    subscriptionNumber: text('subscription_number').notNull(),
    originalId: text('original_id').notNull(),
    version: integer('version').notNull(),
    isLatestVersion: integer('is_latest_version', { mode: 'boolean' }).notNull(),
    status: text('status').$type<Subscription['status']>().notNull(),
    accountId: text('account_id').notNull(),
    invoiceOwnerAccountId: text('invoice_owner_account_id').notNull(),
    orderId: text('order_id').notNull(),
    orderNumber: text('order_number').notNull(),
    currency: text('currency').notNull(),
    termType: text('term_type').$type<Subscription['termType']>().notNull(),
    contractEffectiveDate: text('contract_effective_date').notNull(),
    serviceActivationDate: text('service_activation_date'),
    customerAcceptanceDate: text('customer_acceptance_date'),
    subscriptionStartDate: text('subscription_start_date').notNull(),
    subscriptionEndDate: text('subscription_end_date'),
    termStartDate: text('term_start_date').notNull(),
    termEndDate: text('term_end_date'),
    initialTerm: integer('initial_term'),
    initialTermPeriodType: text('initial_term_period_type'),
    currentTerm: integer('current_term'),
    currentTermPeriodType: text('current_term_period_type'),
    renewalTerm: integer('renewal_term'),
    renewalTermPeriodType: text('renewal_term_period_type'),
    renewalSetting: text('renewal_setting').notNull(),
    autoRenew: integer('auto_renew', { mode: 'boolean' }).notNull(),
    suspendedOn: text('suspended_on'),
    scheduledRetryOn: text('scheduled_retry_on'),
    scheduledFailure: text('scheduled_failure'),
    billingFrom: text('billing_from').notNull().default(''),
    contractedMrr: text('contracted_mrr').notNull(),
    totalContractedValue: text('total_contracted_value'),
    knownContractedValue: text('known_contracted_value').notNull().default('0'),
    ...attributes,
    ...audit,
  },
  (t) => [
    uniqueIndex('subscription_number_version').on(t.subscriptionNumber, t.version),
    // A number means the latest version: it is found without walking the versions before.
    uniqueIndex('subscription_latest').on(t.subscriptionNumber).where(sql`is_latest_version = 1`),
    index('subscription_owner').on(t.accountId, t.isLatestVersion, t.id),
    index('subscription_invoice_owner').on(t.invoiceOwnerAccountId, t.isLatestVersion, t.id),
    // The day on which a term's end is next acted on, then the lane: whoever looks for due work reads nothing else (../scheduled-work.ts).
    index('subscription_scheduled')
      .on(
        sql`CASE WHEN scheduled_retry_on > term_end_date THEN scheduled_retry_on ELSE term_end_date END`,
        t.invoiceOwnerAccountId,
        t.id,
      )
      .where(sql`is_latest_version = 1 AND status = 'Active' AND term_type = 'TERMED'`),
    // What a bill run looks at: subscriptions with days that are not settled yet, by their invoice owner.
    index('subscription_billing')
      .on(t.invoiceOwnerAccountId, t.billingFrom, t.id)
      .where(sql`is_latest_version = 1`),
    index('subscription_scheduled_failure')
      .on(t.scheduledRetryOn, t.id)
      .where(sql`scheduled_retry_on IS NOT NULL AND is_latest_version = 1`),
    index('subscription_updated').on(t.updatedAt, t.id),
  ],
);

export const ratePlan = sqliteTable(
  'rate_plan',
  {
    ...identity,
    ratePlanNumber: text('rate_plan_number').notNull(),
    subscriptionOriginalId: text('subscription_original_id').notNull(),
    addedInVersion: integer('added_in_version').notNull(),
    removedInVersion: integer('removed_in_version'),
    productId: text('product_id').notNull(),
    productName: text('product_name').notNull(),
    productSku: text('product_sku').notNull(),
    productRatePlanId: text('product_rate_plan_id').notNull(),
    productRatePlanNumber: text('product_rate_plan_number').notNull(),
    name: text('name').notNull(),
    endedInVersion: integer('ended_in_version'),
    endDate: text('end_date'),
    ...attributes,
    ...partAudit,
  },
  (t) => [
    // An order reads the plans that have not been removed before it.
    index('rate_plan_subscription').on(t.subscriptionOriginalId, sql`coalesce(end_date, '9999')`),
    index('rate_plan_product_rate_plan').on(t.productRatePlanId),
    index('rate_plan_changed').on(t.changedAt, t.id),
  ],
);

export const charge = sqliteTable(
  'charge',
  {
    ...identity,
    ratePlanId: text('rate_plan_id').notNull(),
    subscriptionOriginalId: text('subscription_original_id').notNull(),
    chargeNumber: text('charge_number').notNull(),
    originalChargeId: text('original_charge_id').notNull(),
    segment: integer('segment').notNull(),
    isLastSegment: integer('is_last_segment', { mode: 'boolean' }).notNull().default(true),
    isSuspended: integer('is_suspended', { mode: 'boolean' }).notNull().default(false),
    isRemoved: integer('is_removed', { mode: 'boolean' }).notNull().default(false),
    version: integer('version').notNull(),
    addedInVersion: integer('added_in_version').notNull(),
    removedInVersion: integer('removed_in_version'),
    productRatePlanChargeId: text('product_rate_plan_charge_id').notNull(),
    productRatePlanChargeNumber: text('product_rate_plan_charge_number').notNull(),
    name: text('name').notNull(),
    chargeType: text('charge_type').notNull(),
    chargeModel: text('charge_model').notNull(),
    currency: text('currency').notNull(),
    price: text('price'),
    quantity: text('quantity'),
    tiers: text('tiers', { mode: 'json' }).$type<Charge['tiers']>().notNull().default([]),
    includedUnits: text('included_units'),
    overagePrice: text('overage_price'),
    discountAmount: text('discount_amount'),
    discountPercentage: text('discount_percentage'),
    applyDiscountTo: text('apply_discount_to'),
    discountLevel: text('discount_level'),
    discountClass: text('discount_class'),
    unitOfMeasure: text('unit_of_measure'),
    billingPeriod: text('billing_period'),
    specificBillingPeriod: integer('specific_billing_period'),
    billingTiming: text('billing_timing'),
    billingPeriodAlignment: text('billing_period_alignment'),
    billCycleType: text('bill_cycle_type').notNull(),
    billCycleDay: integer('bill_cycle_day'),
    listPriceBase: text('list_price_base'),
    triggerEvent: text('trigger_event').notNull(),
    triggerDate: text('trigger_date'),
    endDateCondition: text('end_date_condition').notNull(),
    specificEndDate: text('specific_end_date'),
    upToPeriods: integer('up_to_periods'),
    upToPeriodsType: text('up_to_periods_type'),
    agreedEndDate: text('agreed_end_date'),
    effectiveStartDate: text('effective_start_date'),
    effectiveEndDate: text('effective_end_date'),
    chargedThroughDate: text('charged_through_date'),
    processedThroughDate: text('processed_through_date'),
    monthlyRecurringRevenue: text('monthly_recurring_revenue').notNull(),
    totalContractedValue: text('total_contracted_value'),
    ...attributes,
    ...partAudit,
  },
  (t) => [
    index('charge_subscription').on(t.subscriptionOriginalId, t.addedInVersion),
    // What a version took out: read when it is undone.
    index('charge_removed')
      .on(t.subscriptionOriginalId, t.removedInVersion)
      .where(sql`removed_in_version IS NOT NULL`),
    // What an order on the subscription reads: however many versions there were, only what is part of the latest one.
    index('charge_last')
      .on(t.subscriptionOriginalId, sql`coalesce(effective_end_date, '9999')`)
      .where(sql`removed_in_version IS NULL AND is_last_segment = 1`),
    index('charge_live').on(t.chargeNumber, t.segment).where(sql`removed_in_version IS NULL`),
    index('charge_product_rate_plan_charge').on(t.productRatePlanChargeId),
    index('charge_changed').on(t.changedAt, t.id),
  ],
);

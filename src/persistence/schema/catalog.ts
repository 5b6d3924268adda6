import { index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import type { ChargeTier } from '../../domain/catalog/catalog.ts';
import type { UnitOfMeasure } from '../../domain/catalog/unit-of-measure.ts';
import { attributes, audit, identity } from './columns.ts';

export const catalogState = sqliteTable('catalog_state', { ...identity });

export const product = sqliteTable(
  'product',
  {
    ...identity,
    productNumber: text('product_number').notNull(),
    name: text('name').notNull(),
    sku: text('sku').notNull(),
    effectiveStartDate: text('effective_start_date').notNull(),
    effectiveEndDate: text('effective_end_date').notNull(),
    description: text('description'),
    category: text('category'),
    allowFeatureChanges: integer('allow_feature_changes', { mode: 'boolean' }).notNull(),
    ...attributes,
    ...audit,
  },
  (t) => [
    uniqueIndex('product_number').on(t.productNumber),
    uniqueIndex('product_sku').on(t.sku),
    index('product_updated').on(t.updatedAt, t.id),
  ],
);

export const productRatePlan = sqliteTable(
  'product_rate_plan',
  {
    ...identity,
    productId: text('product_id').notNull(),
    ratePlanNumber: text('rate_plan_number').notNull(),
    name: text('name').notNull(),
    effectiveStartDate: text('effective_start_date').notNull(),
    effectiveEndDate: text('effective_end_date').notNull(),
    description: text('description'),
    externalIds: text('external_ids', { mode: 'json' }).$type<readonly string[]>().notNull(),
    ...attributes,
    ...audit,
  },
  (t) => [
    uniqueIndex('product_rate_plan_number').on(t.ratePlanNumber),
    index('product_rate_plan_product').on(t.productId, t.id),
    index('product_rate_plan_updated').on(t.updatedAt, t.id),
  ],
);

export const productRatePlanCharge = sqliteTable(
  'product_rate_plan_charge',
  {
    ...identity,
    productRatePlanId: text('product_rate_plan_id').notNull(),
    chargeNumber: text('charge_number').notNull(),
    name: text('name').notNull(),
    chargeModel: text('charge_model').notNull(),
    chargeType: text('charge_type').notNull(),
    billCycleType: text('bill_cycle_type').notNull(),
    billCycleDay: integer('bill_cycle_day'),
    weeklyBillCycleDay: text('weekly_bill_cycle_day'),
    billingPeriod: text('billing_period'),
    specificBillingPeriod: integer('specific_billing_period'),
    billingTiming: text('billing_timing'),
    billingPeriodAlignment: text('billing_period_alignment'),
    listPriceBase: text('list_price_base'),
    specificListPriceBase: integer('specific_list_price_base'),
    triggerEvent: text('trigger_event').notNull(),
    endDateCondition: text('end_date_condition'),
    upToPeriods: integer('up_to_periods'),
    upToPeriodsType: text('up_to_periods_type'),
    defaultQuantity: text('default_quantity'),
    unitOfMeasure: text('unit_of_measure'),
    tiers: text('tiers', { mode: 'json' }).$type<readonly ChargeTier[]>().notNull(),
    ...attributes,
    ...audit,
  },
  (t) => [
    uniqueIndex('product_rate_plan_charge_number').on(t.chargeNumber),
    index('product_rate_plan_charge_plan').on(t.productRatePlanId, t.id),
    index('product_rate_plan_charge_updated').on(t.updatedAt, t.id),
    // Whether a unit of measure can go.
    index('product_rate_plan_charge_unit').on(t.unitOfMeasure),
  ],
);

/** Units that charges count and usage is recorded in. */
export const unitOfMeasure = sqliteTable(
  'unit_of_measure',
  {
    ...identity,
    uomName: text('uom_name').notNull(),
    displayedAs: text('displayed_as'),
    decimalPlaces: integer('decimal_places').notNull(),
    roundingMode: text('rounding_mode').$type<UnitOfMeasure['roundingMode']>().notNull(),
    active: integer('active', { mode: 'boolean' }).notNull(),
    ...audit,
  },
  (t) => [uniqueIndex('unit_of_measure_name').on(t.uomName)],
);

/** Tiers lie in their charge's row; this finds the charge of a tier. */
export const chargeTierKey = sqliteTable('charge_tier_key', {
  ...identity,
  productRatePlanChargeId: text('product_rate_plan_charge_id').notNull(),
});

/** Ids that other systems know rate plans by: a lookup needs an index that a JSON list can't have. */
export const ratePlanExternalId = sqliteTable(
  'rate_plan_external_id',
  {
    ...identity,
    externalId: text('external_id').notNull(),
    productRatePlanId: text('product_rate_plan_id').notNull(),
  },
  (t) => [index('rate_plan_external_id_value').on(t.externalId)],
);

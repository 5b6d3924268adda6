import { chargedThroughReads, chargedThroughSql } from '../../persistence/charged-through.ts';
import { absent, defineObject, detail, field, idField, many, one, partAuditFields } from './model.ts';
import { ofInvoiceOwner, ofSubscription, ofSubscriptionOwner } from './subscription-parts.ts';
import { decimalSql, jsonDecimalSql, shownDecimalSql, shownMillionthsSql } from './values.ts';

const CHARGED_THROUGH = chargedThroughSql('t');

const MRR = decimalSql('t.monthly_recurring_revenue');
/** Of the segment before, which delta values are against. */
const MRR_BEFORE = `coalesce(${decimalSql('e.monthly_recurring_revenue')}, 0)`;
const DTCV = shownMillionthsSql(
  `(${decimalSql('t.total_contracted_value')} - coalesce(${decimalSql('e.total_contracted_value')}, 0))`,
  't.currency',
);

/** The last one that is served: a suspension keeps later ones that are not. */
const IS_LAST_SEGMENT =
  'CASE t.is_last_segment WHEN 1 THEN 1 ELSE NOT EXISTS (SELECT 1 FROM charge AS y WHERE y.charge_number = t.charge_number ' +
  'AND y.segment > t.segment AND y.removed_in_version IS NULL AND y.is_suspended = 0) END';

/** Segments of the latest version that are served, as REST shows them. */
const LISTED = 't.removed_in_version IS NULL AND t.is_suspended = 0';

/** A segment of a charge of a subscription: one row for all versions that it is part of. */
export const ratePlanCharge = defineObject({
  name: 'RatePlanCharge',
  collection: 'rate-plan-charges',
  table: 'charge',
  joins: [
    { alias: 'f', table: 'subscription', on: 'f.id = t.subscription_original_id' },
    {
      alias: 's',
      table: 'subscription',
      on: 's.subscription_number = f.subscription_number AND s.is_latest_version = 1',
    },
    {
      alias: 'e',
      table: 'charge',
      on: 'e.charge_number = t.charge_number AND e.segment = t.segment - 1 AND e.removed_in_version IS NULL',
    },
    { alias: 'r', table: 'rate_plan', on: 'r.id = t.rate_plan_id' },
    {
      alias: 'av',
      table: 'subscription',
      on: 'av.subscription_number = f.subscription_number AND av.version = r.added_in_version',
    },
    { alias: 'ao', table: 'orders', on: 'ao.id = av.order_id' },
    {
      alias: 'cv',
      table: 'subscription',
      on: 'cv.subscription_number = f.subscription_number AND cv.version = t.added_in_version',
    },
    { alias: 'co', table: 'orders', on: 'co.id = cv.order_id' },
  ],
  only: LISTED,
  versioned: true,
  byNameFields: ['Description', 'RolloverBalance'],
  fields: [
    idField,
    ...partAuditFields('f.created_by', 's.updated_by'),
    detail('AccountingCode', 'text'),
    field('AmendedByOrderOn', 'date', {
      sql: 'CASE WHEN t.added_in_version > r.added_in_version THEN co.order_date END',
    }),
    field('ApplyDiscountTo', 'text'),
    detail('ApplyToBillingPeriodPartially', 'boolean'),
    field('BillCycleDay', 'integer'),
    field('BillCycleType', 'text'),
    field('BillingPeriod', 'text'),
    field('BillingPeriodAlignment', 'text'),
    field('BillingTiming', 'picklist', { writes: 'u' }),
    field('ChargedThroughDate', 'date', { sql: CHARGED_THROUGH, reads: chargedThroughReads }),
    field('ChargeModel', 'text'),
    field('ChargeNumber', 'text'),
    field('ChargeType', 'text'),
    detail('Description', 'text'),
    field('DiscountLevel', 'picklist'),
    field('DMRC', 'decimal', { label: 'DMRC', sql: `${MRR} - ${MRR_BEFORE}` }),
    field('DTCV', 'decimal', { label: 'DTCV', sql: DTCV }),
    field('EffectiveEndDate', 'date'),
    field('EffectiveStartDate', 'date'),
    field('EndDateCondition', 'picklist', { writes: 'u' }),
    detail('ExcludeItemBillingFromRevenueAccounting', 'boolean'),
    detail('ExcludeItemBookingFromRevenueAccounting', 'boolean'),
    field('InvoiceOwnerId', 'text', { sql: 's.invoice_owner_account_id', rowsOf: ofInvoiceOwner }),
    field('IsLastSegment', 'boolean', {
      sql: IS_LAST_SEGMENT,
      reads: [
        {
          table: 'charge',
          columns: ['is_suspended', 'removed_in_version'],
          by: ['charge_number', 'segment'],
        },
      ],
    }),
    field('IsProcessed', 'boolean', {
      sql: `coalesce(${CHARGED_THROUGH} >= t.effective_end_date, 0)`,
      reads: chargedThroughReads,
    }),
    field('ListPriceBase', 'picklist', { writes: 'u' }),
    field('MRR', 'decimal', { label: 'MRR', sql: MRR }),
    field('Name', 'text'),
    detail('NumberOfPeriods', 'integer'),
    field('OriginalId', 'text', { sql: 't.original_charge_id' }),
    field('OriginalOrderDate', 'date', { sql: 'ao.order_date' }),
    detail('OverageCalculationOption', 'text'),
    detail('OverageUnusedUnitsCreditOption', 'text'),
    detail('PriceChangeOption', 'text', 'priceChangeOption', { writes: 'u' }),
    field('PriceIncreasePercentage', 'decimal', {
      sql: jsonDecimalSql('priceIncreasePercentage'),
      writes: 'u',
    }),
    field('ProcessedThroughDate', 'date', { sql: CHARGED_THROUGH, reads: chargedThroughReads }),
    field('ProductRatePlanChargeId', 'text'),
    detail('ProrationOption', 'text'),
    field('Quantity', 'decimal', { sql: decimalSql('t.quantity') }),
    field('RatePlanId', 'text', {
      rowsOf: (id) =>
        `t.subscription_original_id = (SELECT y.subscription_original_id FROM rate_plan AS y WHERE y.id = ${id})`,
    }),
    detail('RatingGroup', 'picklist', 'ratingGroup', { writes: 'u' }),
    detail('ReflectDiscountInNetAmount', 'boolean'),
    detail('RevenueAmortizationMethod', 'picklist'),
    detail('RevenueRecognitionRuleName', 'text', 'revenueRecognitionRuleName', { writes: 'u' }),
    detail('RevenueRecognitionTiming', 'picklist'),
    field('Reverted', 'boolean', { sql: '0' }),
    detail('RevRecCode', 'text', 'revRecCode', { writes: 'u' }),
    detail('RevRecTriggerCondition', 'text', 'revRecTriggerCondition', { writes: 'u' }),
    field('Segment', 'integer'),
    field('SpecificBillingPeriod', 'integer'),
    field('SpecificEndDate', 'date', { writes: 'u' }),
    detail('SpecificListPriceBase', 'integer'),
    field('SubscriptionId', 'text', { sql: 's.id', rowsOf: ofSubscription }),
    field('SubscriptionOwnerId', 'text', { sql: 's.account_id', rowsOf: ofSubscriptionOwner }),
    field('TCV', 'decimal', { label: 'TCV', sql: shownDecimalSql('t.total_contracted_value', 't.currency') }),
    field('TriggerDate', 'date', { writes: 'u' }),
    field('TriggerEvent', 'text', { writes: 'u' }),
    field('UOM', 'text', { sql: 't.unit_of_measure' }),
    field('UpToPeriods', 'integer', { writes: 'u' }),
    field('UpToPeriodsType', 'picklist', { writes: 'u' }),
    field('Version', 'integer'),
    detail('WeeklyBillCycleDay', 'picklist', 'weeklyBillCycleDay', { writes: 'u' }),
    ...absent(
      'text',
      'AccountReceivableAccountingCodeId',
      'DeferredRevenueAccountingCodeId',
      'DrawdownUom',
      'InvoiceScheduleId',
      'PrepaidUOM',
      'ProductChargeDefinitionId',
      'RecognizedRevenueAccountingCodeId',
    ),
    ...absent(
      'picklist',
      'CommitmentType',
      'CreditOption',
      'PrepaidOperationType',
      'RolloverApply',
      'ValidityPeriodType',
    ),
    ...absent(
      'decimal',
      'DrawdownRate',
      'NumberOfDeliveries',
      'PrepaidQuantity',
      'PrepaidTotalQuantity',
      'RolloverBalance',
      'SalesPrice',
    ),
    ...absent('date', 'EstimatedEndDate', 'EstimatedStartDate'),
    ...absent('boolean', 'IsCommitted', 'IsPrepaid', 'IsRollover', 'PriceUpsellQuantityStacked', 'Taxable'),
    ...absent('integer', 'RolloverPeriodLength', 'RolloverPeriods'),
  ],
  relations: [
    one('RatePlan', 'RatePlan', 'RatePlanId'),
    one('Subscription', 'Subscription', 'SubscriptionId'),
    one('SubscriptionOwner', 'Account', 'SubscriptionOwnerId'),
    one('InvoiceOwner', 'Account', 'InvoiceOwnerId'),
    one('Account', 'Account', 'SubscriptionOwnerId'),
    one('ProductRatePlanCharge', 'ProductRatePlanCharge', 'ProductRatePlanChargeId'),
    many('RatePlanChargeTiers', 'RatePlanChargeTier', 'RatePlanChargeId'),
  ],
});

function tierDecimal(name: string): string {
  return decimalSql(`(j.value ->> '$.${name}')`);
}

/** What a charge without tiers is priced by is its only one. */
const TIERS =
  "CASE WHEN json_array_length(t.tiers) > 0 THEN t.tiers ELSE json_array(json_object('price', t.price, 'priceFormat', " +
  "CASE t.charge_model WHEN 'Per Unit Pricing' THEN 'Per Unit' ELSE 'Flat Fee' END)) END";

/**
 * A price of a charge segment. It has no row: its id is the segment's with the tier's number as the last three digits, and what is left of the
 * segment's id is found along the index of ids.
 */
export const ratePlanChargeTier = defineObject({
  name: 'RatePlanChargeTier',
  collection: 'rate-plan-charge-tiers',
  table: 'charge',
  joins: [
    { alias: 'f', table: 'subscription', on: 'f.id = t.subscription_original_id' },
    {
      alias: 's',
      table: 'subscription',
      on: 's.subscription_number = f.subscription_number AND s.is_latest_version = 1',
    },
  ],
  each: TIERS,
  only: LISTED,
  rowOfId: (id) => `t.id >= substr(${id}, 1, 29) || '000' AND t.id <= substr(${id}, 1, 29) || 'fff'`,
  customFields: false,
  fields: [
    field('Id', 'text', { label: 'ID', sql: "substr(t.id, 1, 29) || printf('%03x', j.key + 1)" }),
    ...partAuditFields('f.created_by', 's.updated_by'),
    field('Currency', 'text'),
    field('DiscountAmount', 'decimal', { sql: decimalSql('t.discount_amount') }),
    field('DiscountPercentage', 'decimal', { sql: decimalSql('t.discount_percentage') }),
    field('EndingUnit', 'decimal', { sql: tierDecimal('endingUnit') }),
    field('IncludedUnits', 'decimal', { sql: decimalSql('t.included_units') }),
    field('OveragePrice', 'decimal', { sql: decimalSql('t.overage_price') }),
    field('Price', 'decimal', { sql: tierDecimal('price') }),
    field('PriceFormat', 'picklist', { sql: "j.value ->> '$.priceFormat'" }),
    field('RatePlanChargeId', 'text', { sql: 't.id' }),
    field('StartingUnit', 'decimal', { sql: tierDecimal('startingUnit') }),
    field('Tier', 'integer', { sql: 'j.key + 1' }),
  ],
  relations: [one('RatePlanCharge', 'RatePlanCharge', 'RatePlanChargeId')],
});

import { absent, defineObject, detail, field, idField, many, one, partAuditFields } from './model.ts';
import { ofInvoiceOwner, ofSubscription, ofSubscriptionOwner } from './subscription-parts.ts';

/** What an order did last to the plan. */
const AMENDMENT_TYPE =
  "CASE WHEN t.ended_in_version IS NOT NULL THEN 'RemoveProduct' WHEN EXISTS (SELECT 1 FROM charge AS y " +
  'WHERE y.subscription_original_id = t.subscription_original_id AND y.added_in_version > t.added_in_version ' +
  "AND y.rate_plan_id = t.id AND y.removed_in_version IS NULL) THEN 'UpdateProduct' ELSE 'NewProduct' END";

/** A rate plan of a subscription. It is one row for all versions that it is part of; shown is that of the latest version. */
export const ratePlan = defineObject({
  name: 'RatePlan',
  collection: 'rate-plans',
  table: 'rate_plan',
  joins: [
    { alias: 'f', table: 'subscription', on: 'f.id = t.subscription_original_id' },
    {
      alias: 's',
      table: 'subscription',
      on: 's.subscription_number = f.subscription_number AND s.is_latest_version = 1',
    },
  ],
  only: 't.removed_in_version IS NULL',
  versioned: true,
  numberField: 'SubscriptionRatePlanNumber',
  fields: [
    idField,
    ...partAuditFields('f.created_by', 's.updated_by'),
    field('AmendmentType', 'text', {
      sql: AMENDMENT_TYPE,
      reads: [
        {
          table: 'charge',
          columns: ['rate_plan_id', 'removed_in_version'],
          by: ['subscription_original_id', 'added_in_version'],
        },
      ],
    }),
    detail('ExternallyManagedPlanId', 'text'),
    field('InvoiceOwnerId', 'text', { sql: 's.invoice_owner_account_id', rowsOf: ofInvoiceOwner }),
    field('Name', 'text'),
    field('OriginalRatePlanId', 'text', { sql: 't.id' }),
    field('ProductId', 'text', {
      rowsOf: (id) =>
        `t.product_rate_plan_id IN (SELECT y.id FROM product_rate_plan AS y WHERE y.product_id = ${id})`,
    }),
    field('ProductRatePlanId', 'text'),
    field('Reverted', 'boolean', { sql: '0' }),
    field('SubscriptionId', 'text', { sql: 's.id', rowsOf: ofSubscription }),
    field('SubscriptionOwnerId', 'text', { sql: 's.account_id', rowsOf: ofSubscriptionOwner }),
    field('SubscriptionRatePlanNumber', 'text', { sql: 't.rate_plan_number' }),
    ...absent('text', 'AmendmentId', 'SubscriptionOfferId'),
  ],
  relations: [
    one('Subscription', 'Subscription', 'SubscriptionId'),
    one('SubscriptionOwner', 'Account', 'SubscriptionOwnerId'),
    one('InvoiceOwner', 'Account', 'InvoiceOwnerId'),
    one('Account', 'Account', 'SubscriptionOwnerId'),
    one('ProductRatePlan', 'ProductRatePlan', 'ProductRatePlanId'),
    one('Product', 'Product', 'ProductId'),
    many('RatePlanCharges', 'RatePlanCharge', 'RatePlanId'),
  ],
});

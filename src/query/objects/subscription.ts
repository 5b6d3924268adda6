import { absent, auditFields, defineObject, detail, field, idField, many, one } from './model.ts';
import { shownDecimalSql } from './values.ts';

/** A subscription that is over on the day (in UTC) on which it is read is worth nothing a month, as REST shows it. */
const CONTRACTED_MRR =
  "CASE WHEN t.status IN ('Cancelled', 'Expired') AND t.subscription_end_date <= date('now') THEN 0 " +
  `ELSE ${shownDecimalSql('t.contracted_mrr', 't.currency')} END`;

/** As the order action that cancelled it says, or the subscription itself. */
const CANCEL_REASON =
  "coalesce(CASE t.status WHEN 'Cancelled' THEN (SELECT a.body ->> '$.changeReason' FROM order_subscription AS l " +
  'CROSS JOIN order_action AS a ON a.order_subscription_id = l.id WHERE l.order_id = t.order_id ' +
  "AND l.subscription_id = t.id AND a.type = 'CancelSubscription') END, json_extract(t.details, '$.cancelReason'))";
const CANCEL_REASON_READS = [
  { table: 'order_subscription', columns: ['id', 'subscription_id'], by: ['order_id'] },
  { table: 'order_action', columns: ['body', 'type'], by: ['order_subscription_id'] },
];

/** Fields of the quoting tool are custom fields that the contract names. */
function custom(name: string): string {
  return `json_extract(t.custom_fields, '$.${name}')`;
}

/** All versions of the subscription that this is one of. */
function ofVersion(id: string): string {
  return `t.subscription_number = (SELECT y.subscription_number FROM subscription AS y WHERE y.id = ${id})`;
}

/** A version of a subscription: each has a row of its own. */
export const subscription = defineObject({
  name: 'Subscription',
  collection: 'subscriptions',
  table: 'subscription',
  joins: [
    { alias: 'f', table: 'subscription', on: 'f.id = t.original_id' },
    {
      alias: 'p',
      table: 'subscription',
      on: 'p.subscription_number = t.subscription_number AND p.version = t.version - 1',
    },
    { alias: 'o', table: 'orders', on: 'o.id = t.order_id' },
  ],
  numberField: 'Name',
  fields: [
    idField,
    ...auditFields,
    field('AccountId', 'text', { writes: 'u' }),
    field('AutoRenew', 'boolean', { writes: 'u' }),
    detail('BillToContactId', 'text'),
    field('CancelledDate', 'date', {
      sql: "CASE t.status WHEN 'Cancelled' THEN t.subscription_end_date END",
      writes: 'u',
    }),
    field('CancelReason', 'text', { sql: CANCEL_REASON, reads: CANCEL_REASON_READS }),
    field('CMRR', 'decimal', { sql: CONTRACTED_MRR }),
    field('ContractAcceptanceDate', 'date', { sql: 't.customer_acceptance_date', writes: 'u' }),
    field('ContractEffectiveDate', 'date', { writes: 'u' }),
    field('CpqBundleJsonId__QT', 'text', { sql: custom('CpqBundleJsonId__QT'), writes: 'u', maxLength: 32 }),
    field('CreatorAccountId', 'text', { sql: 'f.account_id' }),
    field('CreatorInvoiceOwnerId', 'text', { sql: 'f.invoice_owner_account_id' }),
    field('Currency', 'text'),
    field('CurrentTerm', 'integer'),
    field('CurrentTermPeriodType', 'picklist', { writes: 'u' }),
    detail('ExternallyManagedBy', 'picklist', 'externallyManagedBy', { writes: 'u' }),
    field('InitialTerm', 'integer', { writes: 'u' }),
    field('InitialTermPeriodType', 'picklist', { writes: 'u' }),
    field('InvoiceOwnerId', 'text', { sql: 't.invoice_owner_account_id', writes: 'u' }),
    detail('InvoiceTemplateId', 'text'),
    field('IsInvoiceSeparate', 'boolean', {
      sql: "coalesce(json_extract(t.details, '$.invoiceSeparately'), 0)",
      writes: 'u',
    }),
    field('IsLatestVersion', 'boolean'),
    field('LastBookingDate', 'date', { sql: 'o.order_date' }),
    field('Name', 'text', { sql: 't.subscription_number', writes: 'u' }),
    detail('Notes', 'text', 'notes', { writes: 'u', maxLength: 65535 }),
    field('OpportunityCloseDate__QT', 'date', { sql: custom('OpportunityCloseDate__QT'), writes: 'u' }),
    field('OpportunityName__QT', 'text', { sql: custom('OpportunityName__QT'), writes: 'u', maxLength: 100 }),
    field('OrderId', 'text'),
    field('OriginalCreatedDate', 'datetime', { sql: 'f.created_at' }),
    field('OriginalId', 'text', { rowsOf: ofVersion }),
    detail('PaymentTerm', 'text'),
    field('Prepayment', 'boolean', { sql: '0' }),
    field('PreviousSubscriptionId', 'text', { sql: 'p.id', rowsOf: ofVersion }),
    field('QuoteBusinessType__QT', 'text', {
      sql: custom('QuoteBusinessType__QT'),
      writes: 'u',
      maxLength: 32,
    }),
    field('QuoteNumber__QT', 'text', { sql: custom('QuoteNumber__QT'), writes: 'u', maxLength: 32 }),
    field('QuoteType__QT', 'text', { sql: custom('QuoteType__QT'), writes: 'u', maxLength: 32 }),
    field('RenewalSetting', 'picklist', { writes: 'u' }),
    field('RenewalTerm', 'integer', { writes: 'u' }),
    field('RenewalTermPeriodType', 'picklist', { writes: 'u' }),
    field('Revision', 'text', { sql: "t.version || '.0'" }),
    detail('SequenceSetId', 'text'),
    field('ServiceActivationDate', 'date', { writes: 'u' }),
    detail('SoldToContactId', 'text'),
    field('Status', 'picklist', { writes: 'u' }),
    field('SubscriptionEndDate', 'date'),
    field('SubscriptionStartDate', 'date'),
    field('TermEndDate', 'date'),
    field('TermStartDate', 'date', { writes: 'u' }),
    field('TermType', 'picklist', { writes: 'u' }),
    field('Version', 'integer', { writes: 'u' }),
    ...absent(
      'text',
      'BillToContactSnapshotId',
      'InvoiceScheduleId',
      'RampId',
      'ShipToContactId',
      'ShipToContactSnapshotId',
      'SoldToContactSnapshotId',
      'SubscriptionVersionAmendmentId',
    ),
  ],
  relations: [
    one('Account', 'Account', 'AccountId'),
    one('SubscriptionOwner', 'Account', 'AccountId'),
    one('InvoiceOwner', 'Account', 'InvoiceOwnerId'),
    one('CreatorAccount', 'Account', 'CreatorAccountId'),
    one('BillToContact', 'Contact', 'BillToContactId'),
    one('SoldToContact', 'Contact', 'SoldToContactId'),
    one('Order', 'Order', 'OrderId'),
    many('RatePlans', 'RatePlan', 'SubscriptionId'),
    many('InvoiceItems', 'InvoiceItem', 'SubscriptionNumber', 'Name'),
  ],
});

import { absent, auditFields, defineObject, field, idField, many, one, partAuditFields } from './model.ts';

export const order = defineObject({
  name: 'Order',
  otherNames: ['Orders'],
  collection: 'orders',
  table: 'orders',
  numberField: 'OrderNumber',
  zoql: false,
  fields: [
    idField,
    ...auditFields,
    field('AccountId', 'text'),
    field('Category', 'text'),
    field('CreatedByMigration', 'boolean', { sql: '0' }),
    field('OrderDate', 'date'),
    field('OrderNumber', 'text'),
    field('ScheduledDate', 'date'),
    field('ScheduledDatePolicy', 'picklist', {
      sql: "CASE WHEN t.scheduled_date IS NOT NULL THEN 'SpecificDate' END",
    }),
    field('Status', 'picklist'),
    ...absent('text', 'ErrorCode', 'ErrorMessage', 'InvoiceScheduleId', 'Response', 'State'),
  ],
  relations: [
    one('Account', 'Account', 'AccountId'),
    many('OrderLineItems', 'OrderLineItem', 'OrderId'),
    many('OrderActions', 'OrderAction', 'OrderId'),
  ],
});

/** What the action says, at the first of these places at which it says something. */
function given(...paths: readonly string[]): string {
  const values = paths.map((path) => `t.body ->> '$.${path}'`);
  return values.length === 1 ? values[0]! : `coalesce(${values.join(', ')})`;
}

function givenTriggerDate(name: string): string {
  return (
    "(SELECT d.value ->> '$.triggerDate' FROM json_each(t.body, '$.triggerDates') AS d " +
    `WHERE d.value ->> '$.name' = '${name}')`
  );
}

/** A new subscription has dates of its own; other actions have those that they were given. */
function triggerDate(name: string, ofSubscription: string): string {
  return `CASE WHEN t.type = 'CreateSubscription' AND s.id IS NOT NULL THEN ${ofSubscription} ELSE ${givenTriggerDate(name)} END`;
}

/** A placed action counts from its order's date unless it says another. */
const CONTRACT_EFFECTIVE_DATE =
  "CASE WHEN t.type = 'CreateSubscription' AND s.id IS NOT NULL THEN s.contract_effective_date " +
  `ELSE coalesce(${givenTriggerDate('ContractEffective')}, CASE WHEN s.id IS NOT NULL THEN o.order_date END) END`;

const CANCELLATION_EFFECTIVE_DATE =
  `CASE t.type WHEN 'CancelSubscription' THEN coalesce(${given('cancelSubscription.cancellationEffectiveDate')}, ` +
  "CASE s.status WHEN 'Cancelled' THEN s.subscription_end_date END) END";

export const orderAction = defineObject({
  name: 'OrderAction',
  collection: 'order-actions',
  table: 'order_action',
  joins: [
    { alias: 'o', table: 'orders', on: 'o.id = t.order_id' },
    { alias: 'l', table: 'order_subscription', on: 'l.id = t.order_subscription_id' },
    { alias: 's', table: 'subscription', on: 's.id = l.subscription_id' },
  ],
  zoql: false,
  customFields: false,
  fields: [
    idField,
    ...partAuditFields('o.created_by', 'o.updated_by'),
    field('AutoRenew', 'boolean', {
      sql: given('termsAndConditions.autoRenew', 'createSubscription.terms.autoRenew'),
    }),
    field('BillToContactId', 'text', {
      sql: given(
        'termsAndConditions.billToContactId',
        'renewSubscription.billToContactId',
        'ownerTransfer.billToContactId',
        'createSubscription.billToContactId',
      ),
    }),
    field('CancellationEffectiveDate', 'date', { sql: CANCELLATION_EFFECTIVE_DATE }),
    field('CancellationPolicy', 'picklist', { sql: given('cancelSubscription.cancellationPolicy') }),
    field('ClearingExistingBillToContact', 'boolean', {
      sql: given(
        'termsAndConditions.clearingExistingBillToContact',
        'renewSubscription.clearingExistingBillToContact',
        'ownerTransfer.clearingExistingBillToContact',
      ),
    }),
    field('ClearingExistingInvoiceTemplate', 'boolean', {
      sql: given(
        'termsAndConditions.clearingExistingInvoiceTemplate',
        'renewSubscription.clearingExistingInvoiceTemplate',
        'ownerTransfer.clearingExistingInvoiceTemplate',
      ),
    }),
    field('ClearingExistingPaymentTerm', 'boolean', {
      sql: given(
        'termsAndConditions.clearingExistingPaymentTerm',
        'renewSubscription.clearingExistingPaymentTerm',
        'ownerTransfer.clearingExistingPaymentTerm',
      ),
    }),
    field('ClearingExistingSequenceSet', 'boolean', {
      sql: given(
        'termsAndConditions.clearingExistingSequenceSet',
        'renewSubscription.clearingExistingSequenceSet',
        'ownerTransfer.clearingExistingSequenceSet',
      ),
    }),
    field('ClearingExistingSoldToContact', 'boolean', {
      sql: given(
        'termsAndConditions.clearingExistingSoldToContact',
        'renewSubscription.clearingExistingSoldToContact',
        'ownerTransfer.clearingExistingSoldToContact',
      ),
    }),
    field('ContractEffectiveDate', 'date', { sql: CONTRACT_EFFECTIVE_DATE }),
    field('CurrentTerm', 'integer', {
      sql: given('termsAndConditions.lastTerm.period', 'createSubscription.terms.initialTerm.period'),
    }),
    field('CurrentTermPeriodType', 'picklist', {
      sql: given('termsAndConditions.lastTerm.periodType', 'createSubscription.terms.initialTerm.periodType'),
    }),
    field('CustomerAcceptanceDate', 'date', {
      sql: triggerDate('CustomerAcceptance', 's.customer_acceptance_date'),
    }),
    field('EffectivePolicy', 'picklist', { sql: given('changePlan.effectivePolicy') }),
    field('InvoiceTemplateId', 'text', {
      sql: given(
        'termsAndConditions.invoiceTemplateId',
        'renewSubscription.invoiceTemplateId',
        'ownerTransfer.invoiceTemplateId',
        'createSubscription.invoiceTemplateId',
      ),
    }),
    field('OrderId', 'text', {
      rowsOf: (id) =>
        `t.order_subscription_id IN (SELECT y.id FROM order_subscription AS y WHERE y.order_id = ${id})`,
    }),
    field('PaymentTerm', 'text', {
      sql: given(
        'termsAndConditions.paymentTerm',
        'renewSubscription.paymentTerm',
        'ownerTransfer.paymentTerm',
        'createSubscription.paymentTerm',
      ),
    }),
    field('RenewalTerm', 'integer', {
      sql: given(
        'termsAndConditions.renewalTerms[0].period',
        'createSubscription.terms.renewalTerms[0].period',
      ),
    }),
    field('RenewalTermPeriodType', 'picklist', {
      sql: given(
        'termsAndConditions.renewalTerms[0].periodType',
        'createSubscription.terms.renewalTerms[0].periodType',
      ),
    }),
    field('RenewSetting', 'picklist', {
      sql: given('termsAndConditions.renewalSetting', 'createSubscription.terms.renewalSetting'),
    }),
    field('ResumeDate', 'date', { sql: given('resume.resumeDate', 'resume.resumeSpecificDate') }),
    field('Sequence', 'integer'),
    field('SequenceSetId', 'text', {
      sql: given(
        'termsAndConditions.sequenceSetId',
        'renewSubscription.sequenceSetId',
        'ownerTransfer.sequenceSetId',
        'createSubscription.sequenceSetId',
      ),
    }),
    field('ServiceActivationDate', 'date', {
      sql: triggerDate('ServiceActivation', 's.service_activation_date'),
    }),
    field('SoldToContactId', 'text', {
      sql: given(
        'termsAndConditions.soldToContactId',
        'renewSubscription.soldToContactId',
        'ownerTransfer.soldToContactId',
        'createSubscription.soldToContactId',
      ),
    }),
    field('SubscriptionId', 'text', { sql: 'l.subscription_id' }),
    field('SubscriptionNumber', 'text', { sql: 'l.subscription_number' }),
    field('SubType', 'picklist', { sql: given('changePlan.subType') }),
    field('SuspendDate', 'date', { sql: given('suspend.suspendDate', 'suspend.suspendSpecificDate') }),
    field('TermStartDate', 'date', {
      sql: given('termsAndConditions.lastTerm.startDate', 'createSubscription.terms.initialTerm.startDate'),
    }),
    field('TermType', 'picklist', {
      sql: given('termsAndConditions.lastTerm.termType', 'createSubscription.terms.initialTerm.termType'),
    }),
    field('Type', 'picklist'),
    ...absent('boolean', 'ClearingExistingCommunicationProfile', 'ClearingExistingShipToContact'),
    ...absent('text', 'CommunicationProfileId', 'ShipToContactId', 'SubscriptionVersionAmendmentId'),
  ],
  relations: [one('Order', 'Order', 'OrderId'), one('Subscription', 'Subscription', 'SubscriptionId')],
});

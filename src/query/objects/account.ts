import { balanceSql, mrrSql } from '../../persistence/metrics-sql.ts';
import {
  absent,
  auditFields,
  defineObject,
  detail,
  field,
  idField,
  many,
  type ObjectField,
  one,
} from './model.ts';
import { moneySql } from './values.ts';

/** Money of an account that has not been folded yet, or has nothing in its own currency, is zero. */
function metric(minor: string): string {
  return `coalesce(${moneySql(minor, 't.currency')}, 0)`;
}

/**
 * Numbers are those of the account's own currency, as published: `LastMetricsUpdate` says as of when (null: exact). The last fold, or the sweep's
 * last tick for an account on which nothing was pending then (persistence/metrics-sql.ts, LAST_METRICS_UPDATE).
 */
const LAST_METRICS_UPDATE =
  "CASE WHEN t.partner_account = 0 THEN NULL ELSE nullif(max(coalesce(s.last_metrics_update, ''), " +
  "CASE WHEN u.account_id IS NULL THEN CASE WHEN k.value >= s.flagged_at THEN k.value ELSE '' END " +
  "ELSE CASE WHEN u.complete_until >= s.flagged_at THEN u.complete_until ELSE '' END END), '') END";

/** The fold keeps some numbers where an index has all accounts in their order. */
function inState(column: string): ObjectField['ordered'] {
  return { table: 'metrics_state', id: 'account_id', column };
}

const LAST_INVOICE_DATE =
  '(SELECT max(n.last_invoice_date) FROM account_metrics AS n WHERE n.account_id = t.id)';

const EMAIL_ADDRESSES =
  "(SELECT group_concat(e.value, ',') FROM json_each(t.details, '$.additionalEmailAddresses') AS e)";

export const account = defineObject({
  name: 'Account',
  collection: 'accounts',
  table: 'account',
  joins: [
    { alias: 'm', table: 'account_metrics', on: 'm.account_id = t.id AND m.currency = t.currency' },
    { alias: 's', table: 'metrics_state', on: 's.account_id = t.id' },
    { alias: 'u', table: 'metrics_due', on: 'u.account_id = t.id' },
    { alias: 'k', table: 'tenant_setting', on: "k.name = 'metrics.tick'" },
  ],
  // Balances move without the account's row: by the commit that moved them, or of partners by the fold that published it.
  changed: field('Changed', 'datetime', { sql: "max(t.updated_at, coalesce(s.published_at, ''))" }),
  numberField: 'AccountNumber',
  fields: [
    idField,
    ...auditFields,
    field('AccountNumber', 'text', { writes: 'cu' }),
    field('AdditionalEmailAddresses', 'text', { sql: EMAIL_ADDRESSES, writes: 'cu' }),
    field('AllowInvoiceEdit', 'boolean', {
      sql: "coalesce(json_extract(t.details, '$.allowInvoiceEdit'), 0)",
      writes: 'cu',
    }),
    field('AutoPay', 'boolean', { writes: 'cu' }),
    field('Balance', 'decimal', { sql: balanceSql('t.currency'), ordered: inState('balance_millionths') }),
    field('Batch', 'picklist', { writes: 'cu' }),
    field('BcdSettingOption', 'picklist', {
      sql: "coalesce(json_extract(t.details, '$.bcdSettingOption'), CASE t.bill_cycle_day WHEN 0 THEN 'AutoSet' ELSE 'ManualSet' END)",
      writes: 'cu',
    }),
    field('BillCycleDay', 'integer', { writes: 'ru' }),
    field('BillToId', 'text', { sql: 't.bill_to_contact_id', writes: 'cu' }),
    detail('CommunicationProfileId', 'text', 'communicationProfileId', { writes: 'cu' }),
    field('CreditBalance', 'decimal', { sql: '0' }),
    detail('CreditMemoTemplateId', 'text'),
    detail('CrmId', 'text', 'crmId', { writes: 'cu', maxLength: 100 }),
    field('Currency', 'picklist', { writes: 'ru' }),
    detail('CustomerServiceRepName', 'text', 'customerServiceRepName', { writes: 'cu', maxLength: 50 }),
    detail('DebitMemoTemplateId', 'text'),
    detail('DefaultPaymentMethodId', 'text', 'defaultPaymentMethodId', { writes: 'cu' }),
    field('InvoiceDeliveryPrefsEmail', 'boolean', {
      sql: "coalesce(json_extract(t.details, '$.invoiceDeliveryPrefsEmail'), 0)",
      writes: 'cu',
    }),
    field('InvoiceDeliveryPrefsPrint', 'boolean', {
      sql: "coalesce(json_extract(t.details, '$.invoiceDeliveryPrefsPrint'), 0)",
      writes: 'cu',
    }),
    detail('InvoiceTemplateId', 'text', 'invoiceTemplateId', { writes: 'cu' }),
    field('LastInvoiceDate', 'date', {
      sql: LAST_INVOICE_DATE,
      reads: [{ table: 'account_metrics', columns: ['last_invoice_date'], by: ['account_id'] }],
    }),
    field('LastMetricsUpdate', 'datetime', { sql: LAST_METRICS_UPDATE }),
    field('Mrr', 'decimal', {
      label: 'MRR',
      sql: mrrSql('t.currency'),
      ordered: inState('mrr_millionths'),
    }),
    field('Name', 'text', { writes: 'ru' }),
    detail('Notes', 'text', 'notes', { writes: 'cu' }),
    field('ParentId', 'text', { writes: 'cu' }),
    field('PartnerAccount', 'boolean'),
    detail('PaymentGateway', 'text', 'paymentGateway', { writes: 'cu' }),
    field('PaymentTerm', 'picklist', { writes: 'cu' }),
    detail('PurchaseOrderNumber', 'text', 'purchaseOrderNumber', { writes: 'cu' }),
    detail('SalesRepName', 'text', 'salesRep', { writes: 'cu' }),
    detail('SequenceSetId', 'text'),
    field('SoldToId', 'text', { sql: 't.sold_to_contact_id', writes: 'cu' }),
    field('Status', 'picklist', { writes: 'ru' }),
    detail('TaxCompanyCode', 'text', 'taxInfo.companyCode', { writes: 'cu', maxLength: 50 }),
    detail('TaxExemptCertificateID', 'text', 'taxInfo.exemptCertificateId', { writes: 'cu', maxLength: 32 }),
    detail('TaxExemptCertificateType', 'text', 'taxInfo.exemptCertificateType', {
      writes: 'cu',
      maxLength: 32,
    }),
    detail('TaxExemptDescription', 'text', 'taxInfo.exemptDescription', { writes: 'cu', maxLength: 500 }),
    detail('TaxExemptEffectiveDate', 'date', 'taxInfo.exemptEffectiveDate', { writes: 'cu' }),
    detail('TaxExemptEntityUseCode', 'text', 'taxInfo.exemptEntityUseCode', { maxLength: 64 }),
    detail('TaxExemptExpirationDate', 'date', 'taxInfo.exemptExpirationDate', { writes: 'cu' }),
    detail('TaxExemptIssuingJurisdiction', 'text', 'taxInfo.exemptIssuingJurisdiction', {
      writes: 'cu',
      maxLength: 32,
    }),
    detail('TaxExemptStatus', 'picklist', 'taxInfo.exemptStatus', { writes: 'cu' }),
    field('TotalDebitMemoBalance', 'decimal', { sql: metric('m.total_debit_memo_balance_minor') }),
    field('TotalInvoiceBalance', 'decimal', { sql: metric('m.total_invoice_balance_minor') }),
    field('UnappliedBalance', 'decimal', { sql: metric('m.unapplied_payment_minor') }),
    field('UnappliedCreditMemoAmount', 'decimal', { sql: metric('m.unapplied_credit_memo_minor') }),
    detail('VATId', 'text', 'taxInfo.VATId', { writes: 'cu' }),
    ...absent('text', 'EInvoiceProfileId', 'OrganizationId', 'ShipToId'),
    ...absent('boolean', 'PaymentMethodCascadingConsent'),
  ],
  relations: [
    one('BillToContact', 'Contact', 'BillToId', { expandName: 'billTo' }),
    one('SoldToContact', 'Contact', 'SoldToId', { expandName: 'soldTo' }),
    one('ShipToContact', 'Contact', 'ShipToId', { expandName: 'shipTo' }),
    one('ParentAccount', 'Account', 'ParentId'),
    one('DefaultPaymentMethod', 'PaymentMethod', 'DefaultPaymentMethodId'),
    many('Subscriptions', 'Subscription', 'AccountId'),
    many('Invoices', 'Invoice', 'AccountId'),
    many('Payments', 'Payment', 'AccountId'),
    many('Refunds', 'Refund', 'AccountId'),
    many('CreditMemos', 'CreditMemo', 'AccountId'),
    many('DebitMemos', 'DebitMemo', 'AccountId'),
    many('Usages', 'Usage', 'AccountId'),
    many('PaymentMethods', 'PaymentMethod', 'AccountId'),
  ],
});

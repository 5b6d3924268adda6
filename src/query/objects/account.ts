import { absent, auditFields, defineObject, detail, field, idField, many, one } from './model.ts';
import { moneySql, splitMoneySql } from './values.ts';

const BALANCE =
  'm.total_invoice_balance_minor + m.total_debit_memo_balance_minor - m.unapplied_payment_minor - m.unapplied_credit_memo_minor';

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
  numberField: 'AccountNumber',
  fields: [
    idField,
    ...auditFields,
    field('AccountNumber', 'text', { writes: 'cu', maxLength: 100 }),
    detail('AdditionalEmailAddresses', 'text'),
    detail('AllowInvoiceEdit', 'boolean', 'allowInvoiceEdit', { writes: 'cu' }),
    field('AutoPay', 'boolean', { writes: 'cu' }),
    field('Balance', 'decimal', { sql: metric(BALANCE) }),
    field('Batch', 'picklist', { writes: 'cu' }),
    field('BillCycleDay', 'integer', { writes: 'ru' }),
    field('BillToId', 'text', { label: 'Bill To Contact ID', sql: 't.bill_to_contact_id', writes: 'u' }),
    detail('CommunicationProfileId', 'text'),
    field('CreditBalance', 'decimal', { sql: '0' }),
    detail('CrmId', 'text', 'crmId', { label: 'CRM Account ID', writes: 'cu', maxLength: 100 }),
    field('Currency', 'picklist', { writes: 'ru' }),
    detail('CustomerServiceRepName', 'text', 'customerServiceRepName', { writes: 'cu', maxLength: 50 }),
    detail('DefaultPaymentMethodId', 'text'),
    field('LastInvoiceDate', 'date', { sql: 'm.last_invoice_date' }),
    field('LastMetricsUpdate', 'datetime', { sql: LAST_METRICS_UPDATE }),
    field('Mrr', 'decimal', {
      label: 'MRR',
      sql: `coalesce(${splitMoneySql('m.contracted_mrr_whole', 'm.contracted_mrr_nano', 't.currency')}, 0)`,
    }),
    field('Name', 'text', { label: 'Account Name', writes: 'ru', maxLength: 255 }),
    detail('Notes', 'text', 'notes', { writes: 'cu', maxLength: 65_535 }),
    field('ParentId', 'text', { label: 'Parent Account ID', writes: 'cu' }),
    field('PartnerAccount', 'boolean', { writes: 'cu' }),
    field('PaymentTerm', 'picklist', { writes: 'cu' }),
    detail('PurchaseOrderNumber', 'text', 'purchaseOrderNumber', { writes: 'cu', maxLength: 100 }),
    detail('SalesRepName', 'text', 'salesRep', { writes: 'cu', maxLength: 50 }),
    field('SoldToId', 'text', { label: 'Sold To Contact ID', sql: 't.sold_to_contact_id', writes: 'u' }),
    field('Status', 'picklist', { writes: 'ru' }),
    field('TotalDebitMemoBalance', 'decimal', { sql: metric('m.total_debit_memo_balance_minor') }),
    field('TotalInvoiceBalance', 'decimal', { sql: metric('m.total_invoice_balance_minor') }),
    field('UnappliedBalance', 'decimal', { sql: metric('m.unapplied_payment_minor') }),
    field('UnappliedCreditMemoAmount', 'decimal', { sql: metric('m.unapplied_credit_memo_minor') }),
    ...absent('text', 'EInvoiceProfileId', 'OrganizationId', 'ShipToId'),
  ],
  relations: [
    one('BillToContact', 'Contact', 'BillToId', { expandName: 'billTo' }),
    one('SoldToContact', 'Contact', 'SoldToId', { expandName: 'soldTo' }),
    one('ParentAccount', 'Account', 'ParentId'),
    many('Subscriptions', 'Subscription', 'AccountId'),
    many('Invoices', 'Invoice', 'AccountId'),
  ],
});

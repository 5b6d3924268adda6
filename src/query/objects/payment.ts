import { transferredToAccountingSql } from './accounting.ts';
import { absent, auditFields, defineObject, detail, field, idField, many, one } from './model.ts';
import { moneySql, ownMoneySql } from './values.ts';

const TRANSFERRED = transferredToAccountingSql(
  "t.details ->> '$.financeInformation.transferredToAccounting'",
);

export const payment = defineObject({
  name: 'Payment',
  collection: 'payments',
  table: 'payment',
  numberField: 'PaymentNumber',
  fields: [
    idField,
    ...auditFields,
    field('AccountId', 'text', {
      sql: "nullif(t.account_id, '')",
      column: 'account_id',
      writes: 'ru',
      maxLength: 32,
    }),
    detail('AccountingCode', 'text', 'financeInformation.bankAccountAccountingCode', {
      writes: 'cu',
      maxLength: 100,
    }),
    field('Amount', 'decimal', { sql: ownMoneySql('t.amount_minor'), writes: 'cu' }),
    field('AppliedAmount', 'decimal', { sql: ownMoneySql('t.applied_minor') }),
    field('AppliedCreditBalanceAmount', 'decimal', { sql: '0', writes: 'c' }),
    detail('AuthTransactionId', 'text', 'authTransactionId', { writes: 'c', maxLength: 50 }),
    detail('BankIdentificationNumber', 'text'),
    field('CancelledOn', 'datetime', { sql: 't.cancelled_at' }),
    field('Comment', 'text', { writes: 'c', maxLength: 255 }),
    field('Currency', 'text'),
    field('EffectiveDate', 'date', { writes: 'ru' }),
    detail('Gateway', 'text', 'gatewayId', { writes: 'c' }),
    detail('GatewayOrderId', 'text', 'gatewayOrderId', { writes: 'c', maxLength: 70 }),
    detail('GatewayResponse', 'text', 'gatewayResponse', { writes: 'c', maxLength: 500 }),
    detail('GatewayResponseCode', 'text', 'gatewayResponseCode', { writes: 'c', maxLength: 20 }),
    field('GatewayState', 'picklist', { writes: 'c' }),
    field('IsStandalone', 'boolean', { sql: '0' }),
    detail('MarkedForSubmissionOn', 'datetime'),
    field('PaymentMethodId', 'text', { writes: 'ru', maxLength: 32 }),
    field('PaymentNumber', 'text', { writes: 'c', maxLength: 32 }),
    field('Prepayment', 'boolean', { sql: '0' }),
    field('ReferenceId', 'text', { writes: 'cu', maxLength: 100 }),
    field('RefundAmount', 'decimal', { sql: ownMoneySql('t.refunded_minor') }),
    detail('SoftDescriptor', 'text', 'softDescriptor', { writes: 'c', maxLength: 35 }),
    detail('SoftDescriptorPhone', 'text', 'softDescriptorPhone', { writes: 'c', maxLength: 20 }),
    field('Source', 'picklist', { sql: "'API'" }),
    field('Status', 'picklist', { writes: 'ru' }),
    detail('SubmittedOn', 'datetime'),
    field('TransferredToAccounting', 'picklist', { sql: TRANSFERRED, writes: 'u' }),
    field('Type', 'picklist', { writes: 'ru' }),
    field('UnappliedAmount', 'decimal', { sql: ownMoneySql('t.unapplied_minor') }),
    ...absent(
      'text',
      'GatewayReconciliationReason',
      'GatewayReconciliationStatus',
      'GatewayTransactionState',
      'LastEmailDateTime',
      'PaymentMethodSnapshotId',
      'PaymentOptionId',
      'PayoutId',
      'ReferencedPaymentID',
      'SecondPaymentReferenceId',
      'SourceName',
    ),
    ...absent('datetime', 'SettledOn'),
    ...absent('picklist', 'TransactionSource'),
  ],
  relations: [
    one('Account', 'Account', 'AccountId'),
    one('PaymentMethod', 'PaymentMethod', 'PaymentMethodId'),
    many('PaymentApplications', 'PaymentApplication', 'PaymentId'),
  ],
  // There are no payment schedules.
  emptyRelations: [{ name: 'PaymentScheduleItemPayments', kind: 'many' }],
});

/** How much of a payment is applied to an invoice or a debit memo. */
export const paymentApplication = defineObject({
  name: 'PaymentApplication',
  collection: 'payment-applications',
  table: 'payment_application',
  joins: [
    { alias: 'p', table: 'payment', on: 'p.id = t.payment_id' },
    { alias: 'v', table: 'invoice', on: 'v.id = t.invoice_id' },
    { alias: 'd', table: 'debit_memo', on: 'd.id = t.invoice_id' },
  ],
  zoql: false,
  customFields: false,
  fields: [
    idField,
    ...auditFields,
    field('AccountId', 'text'),
    field('ApplyAmount', 'decimal', { sql: moneySql('t.amount_minor', 'p.currency') }),
    field('BillingDocumentOwnerId', 'text', { sql: 'coalesce(v.account_id, d.account_id)' }),
    field('DebitMemoId', 'text', {
      sql: "CASE t.target_kind WHEN 'debitMemo' THEN t.invoice_id END",
      rowsOf: (id) => `t.invoice_id = ${id}`,
    }),
    field('EffectiveDate', 'date'),
    field('InvoiceId', 'text', {
      sql: "CASE t.target_kind WHEN 'invoice' THEN t.invoice_id END",
      rowsOf: (id) => `t.invoice_id = ${id}`,
    }),
    field('PaymentApplicationStatus', 'picklist', {
      sql: "CASE p.status WHEN 'Processing' THEN 'Processing' ELSE 'Processed' END",
    }),
    field('PaymentId', 'text'),
    ...absent(
      'text',
      'AccountReceivableAccountingCodeId',
      'ApplicationGroupId',
      'CashAccountingCodeId',
      'JournalEntryId',
      'UnappliedPaymentAccountingCodeId',
    ),
  ],
  relations: [
    one('Payment', 'Payment', 'PaymentId'),
    one('Account', 'Account', 'AccountId'),
    one('Invoice', 'Invoice', 'InvoiceId'),
    one('DebitMemo', 'DebitMemo', 'DebitMemoId'),
  ],
});

/** The same of invoices alone, as the older resources know it. */
export const invoicePayment = defineObject({
  name: 'InvoicePayment',
  table: 'payment_application',
  joins: [{ alias: 'p', table: 'payment', on: 'p.id = t.payment_id' }],
  only: "t.target_kind = 'invoice'",
  customFields: false,
  fields: [
    idField,
    ...auditFields,
    field('Amount', 'decimal', { sql: moneySql('t.amount_minor', 'p.currency'), writes: 'ru' }),
    field('InvoiceId', 'text', { writes: 'r' }),
    field('PaymentId', 'text', { writes: 'r' }),
    field('RefundAmount', 'decimal', { sql: '0' }),
  ],
  relations: [one('Invoice', 'Invoice', 'InvoiceId'), one('Payment', 'Payment', 'PaymentId')],
});

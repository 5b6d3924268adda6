import { transferredToAccountingSql } from './accounting.ts';
import { absent, auditFields, defineObject, detail, field, idField, many, one } from './model.ts';
import { ownMoneySql } from './values.ts';

const PAYMENT_ID = "CASE t.source_kind WHEN 'payment' THEN t.source_id END";
const CREDIT_MEMO_ID = "CASE t.source_kind WHEN 'creditMemo' THEN t.source_id END";
function ofSource(id: string): string {
  return `t.source_id = ${id}`;
}

const TRANSFERRED = transferredToAccountingSql(
  "t.details ->> '$.financeInformation.transferredToAccounting'",
);

export const refund = defineObject({
  name: 'Refund',
  collection: 'refunds',
  table: 'refund',
  joins: [
    { alias: 'p', table: 'payment', on: 'p.id = t.source_id' },
    { alias: 'v', table: 'credit_memo', on: 'v.id = t.source_id' },
  ],
  numberField: 'RefundNumber',
  byNameFields: ['PaymentId'],
  fields: [
    idField,
    ...auditFields,
    field('AccountId', 'text', { writes: 'c' }),
    detail('AccountingCode', 'text', 'financeInformation.bankAccountAccountingCode'),
    field('Amount', 'decimal', { sql: ownMoneySql('t.amount_minor'), writes: 'r' }),
    field('AssociatedTransactionNumber', 'text', { sql: 'coalesce(p.payment_number, v.memo_number)' }),
    field('CancelledOn', 'datetime', { sql: 't.cancelled_at' }),
    field('Comment', 'text', { writes: 'c' }),
    field('Currency', 'text'),
    detail('Gateway', 'text', 'gatewayId'),
    detail('GatewayResponse', 'text'),
    detail('GatewayResponseCode', 'text'),
    field('GatewayState', 'picklist', { writes: 'c' }),
    detail('MarkedForSubmissionOn', 'datetime'),
    field('MethodType', 'picklist', { writes: 'c' }),
    field('PaymentId', 'text', { sql: PAYMENT_ID, rowsOf: ofSource, writes: 'c' }),
    field('PaymentMethodId', 'text', { writes: 'c' }),
    field('ReasonCode', 'text', { writes: 'cu' }),
    field('ReferenceID', 'text', { sql: 't.reference_id' }),
    field('RefundDate', 'date', { writes: 'c' }),
    field('RefundNumber', 'text'),
    detail('SecondRefundReferenceId', 'text'),
    detail('SoftDescriptor', 'text', 'softDescriptor', { writes: 'c' }),
    detail('SoftDescriptorPhone', 'text', 'softDescriptorPhone', { writes: 'c' }),
    field('SourceType', 'picklist', {
      sql: "CASE t.source_kind WHEN 'payment' THEN 'Payment' ELSE 'CreditMemo' END",
      writes: 'c',
    }),
    field('Status', 'picklist', { writes: 'u' }),
    detail('SubmittedOn', 'datetime'),
    field('TransferredToAccounting', 'picklist', { sql: TRANSFERRED, writes: 'u' }),
    field('Type', 'picklist', { writes: 'r' }),
    ...absent(
      'text',
      'GatewayReconciliationReason',
      'GatewayReconciliationStatus',
      'PaymentMethodSnapshotId',
      'PayoutId',
    ),
    ...absent('datetime', 'RefundTransactionTime', 'SettledOn'),
  ],
  relations: [
    one('Account', 'Account', 'AccountId'),
    one('PaymentMethod', 'PaymentMethod', 'PaymentMethodId'),
    one('Payment', 'Payment', 'PaymentId'),
    many('RefundApplications', 'RefundApplication', 'RefundId'),
  ],
});

/** A refund is of one payment or credit memo, so it has one application, which has its id. */
export const refundApplication = defineObject({
  name: 'RefundApplication',
  collection: 'refund-applications',
  table: 'refund',
  zoql: false,
  customFields: false,
  fields: [
    idField,
    ...auditFields,
    field('AccountId', 'text'),
    field('ApplyAmount', 'decimal', { sql: ownMoneySql('t.amount_minor') }),
    field('CreditMemoId', 'text', { sql: CREDIT_MEMO_ID, rowsOf: ofSource }),
    field('EffectiveDate', 'date', { sql: 't.refund_date' }),
    field('PaymentId', 'text', { sql: PAYMENT_ID, rowsOf: ofSource }),
    field('RefundId', 'text', { sql: 't.id' }),
    ...absent(
      'text',
      'AccountReceivableAccountingCodeId',
      'ApplicationGroupId',
      'CashAccountingCodeId',
      'InvoiceId',
      'JournalEntryId',
      'OnAccountAccountingCodeId',
      'UnappliedPaymentAccountingCodeId',
    ),
  ],
  relations: [
    one('Refund', 'Refund', 'RefundId'),
    one('Payment', 'Payment', 'PaymentId'),
    one('CreditMemo', 'CreditMemo', 'CreditMemoId'),
    one('Account', 'Account', 'AccountId'),
    many('RefundApplicationItems', 'RefundApplicationItem', 'RefundApplicationId'),
  ],
});

/** What of a refund is of a line of the credit memo. Its id is the refund's with its place as the last three digits. */
export const refundApplicationItem = defineObject({
  name: 'RefundApplicationItem',
  table: 'refund',
  each: 't.items',
  rowOfId: (id) => `t.id >= substr(${id}, 1, 29) || '000' AND t.id <= substr(${id}, 1, 29) || 'fff'`,
  zoql: false,
  customFields: false,
  fields: [
    field('Id', 'text', { label: 'ID', sql: "substr(t.id, 1, 29) || printf('%03x', j.key + 1)" }),
    ...auditFields,
    field('Amount', 'decimal', { sql: ownMoneySql("(j.value ->> '$.amountMinor')") }),
    field('CreditMemoItemId', 'text', { sql: "j.value ->> '$.creditMemoItemId'" }),
    field('EffectiveDate', 'date', { sql: 't.refund_date' }),
    field('RefundApplicationId', 'text', { sql: 't.id' }),
    ...absent(
      'text',
      'AccountReceivableAccountingCodeId',
      'ApplicationGroupId',
      'CashAccountingCodeId',
      'CreditTaxationItemId',
      'JournalEntryId',
      'OnAccountAccountingCodeId',
      'UnappliedPaymentAccountingCodeId',
    ),
  ],
  relations: [one('RefundApplication', 'RefundApplication', 'RefundApplicationId')],
});

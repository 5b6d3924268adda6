import { transferredToAccountingSql } from './accounting.ts';
import { CHARGE_DATE, lineReads, lineRestSql, lineShareSql, PROCESSING_TYPE } from './document-line.ts';
import {
  absent,
  auditFields,
  defineObject,
  detail,
  field,
  idField,
  many,
  one,
  partAuditFields,
} from './model.ts';
import { decimalSql, lineMoneySql, ownMoneySql } from './values.ts';

const SOURCE =
  "CASE t.source_type WHEN 'Standalone' THEN 'AdhocFromPrpc' WHEN 'Invoice' THEN 'AdhocFromInvoice' ELSE 'API' END";

export const debitMemo = defineObject({
  name: 'DebitMemo',
  collection: 'debit-memos',
  table: 'debit_memo',
  numberField: 'MemoNumber',
  zoql: false,
  byNameFields: ['SoldToContactId'],
  fields: [
    idField,
    ...auditFields,
    field('AccountId', 'text'),
    field('AutoPay', 'boolean'),
    field('Balance', 'decimal', { sql: ownMoneySql('t.balance_minor') }),
    field('BillToContactId', 'text'),
    detail('BillToContactSnapshotId', 'text'),
    field('CancelledById', 'text', { sql: 't.cancelled_by' }),
    field('CancelledOn', 'datetime', { sql: 't.cancelled_at' }),
    field('Comments', 'text', { sql: 't.comment' }),
    field('CreditMemoId', 'text', { sql: 't.referred_credit_memo_id' }),
    field('Currency', 'text'),
    field('DueDate', 'date'),
    field('InvoiceId', 'text', { sql: 't.referred_invoice_id' }),
    field('MemoDate', 'date'),
    field('MemoNumber', 'text'),
    field('PaymentTerm', 'text'),
    field('PostedById', 'text', { sql: 't.posted_by' }),
    field('PostedOn', 'datetime', { sql: 't.posted_at' }),
    field('ReasonCode', 'text'),
    field('SoldToContactId', 'text'),
    detail('SoldToContactSnapshotId', 'text'),
    field('Source', 'picklist', { sql: SOURCE }),
    field('SourceType', 'picklist'),
    field('Status', 'picklist'),
    field('TargetDate', 'date'),
    field('TaxAmount', 'decimal', { sql: ownMoneySql('t.tax_minor') }),
    field('TaxStatus', 'picklist', { sql: "'Complete'" }),
    field('TotalAmount', 'decimal', { sql: ownMoneySql('t.amount_minor') }),
    field('TotalAmountWithoutTax', 'decimal', { sql: ownMoneySql('t.amount_minor - t.tax_minor') }),
    field('TotalTaxExemptAmount', 'decimal', { sql: '0' }),
    field('TransferredToAccounting', 'picklist', {
      sql: transferredToAccountingSql("t.details ->> '$.transferredToAccounting'"),
    }),
    ...absent('decimal', 'DiscountAmount'),
    ...absent(
      'text',
      'EinvoiceErrorCode',
      'EinvoiceErrorMessage',
      'EinvoiceFileId',
      'SequenceSetId',
      'ShipToContactSnapshotId',
      'SourceId',
      'TaxMessage',
    ),
    ...absent('picklist', 'EinvoiceStatus'),
    ...absent('date', 'ExchangeRateDate'),
    ...absent('boolean', 'TaxAutoCalculation'),
  ],
  relations: [
    one('Account', 'Account', 'AccountId'),
    one('BillToContact', 'Contact', 'BillToContactId'),
    one('SoldToContact', 'Contact', 'SoldToContactId'),
    one('BillToContactSnapshot', 'ContactSnapshot', 'BillToContactSnapshotId'),
    one('SoldToContactSnapshot', 'ContactSnapshot', 'SoldToContactSnapshotId'),
    one('ShipToContactSnapshot', 'ContactSnapshot', 'ShipToContactSnapshotId'),
    one('Invoice', 'Invoice', 'InvoiceId'),
    one('CreditMemo', 'CreditMemo', 'CreditMemoId'),
    many('DebitMemoItems', 'DebitMemoItem', 'DebitMemoId'),
  ],
});

const LINES = {
  lines: 'debit_memo_item',
  document: 'debit_memo_id',
  meant: 'ALIAS.applied_minor',
  total: 'v.payments_applied_minor + v.credit_memos_applied_minor',
};
const BE_APPLIED = lineMoneySql(lineShareSql(LINES));
const BALANCE = lineMoneySql(lineRestSql(LINES));
const LINE_READS = lineReads('debit_memo_item', 'debit_memo_id');

const SOURCE_ITEM_TYPE =
  "CASE WHEN t.applied_to_item_id IS NULL THEN 'ProductRatePlanCharge' WHEN v.source_type = 'CreditMemo' THEN 'CreditMemoItem' " +
  "ELSE 'InvoiceDetail' END";

export const debitMemoItem = defineObject({
  name: 'DebitMemoItem',
  collection: 'debit-memo-items',
  table: 'debit_memo_item',
  joins: [
    { alias: 'v', table: 'debit_memo', on: 'v.id = t.debit_memo_id' },
    { alias: 'k', table: 'product_rate_plan_charge', on: 'k.id = t.product_rate_plan_charge_id' },
    { alias: 'r', table: 'product_rate_plan', on: 'r.id = k.product_rate_plan_id' },
    { alias: 'p', table: 'product', on: 'p.id = r.product_id' },
    { alias: 's', table: 'subscription', on: 's.id = t.subscription_id' },
  ],
  zoql: false,
  byNameFields: ['RevenueRecognitionRuleName', 'SubscriptionOwnerId'],
  fields: [
    idField,
    ...partAuditFields('v.created_by', 'v.updated_by'),
    field('Amount', 'decimal', { sql: lineMoneySql('t.amount_minor + t.tax_minor') }),
    field('AmountWithoutTax', 'decimal', { sql: lineMoneySql('t.amount_minor') }),
    field('Balance', 'decimal', { sql: BALANCE, reads: LINE_READS }),
    field('BeAppliedByOthersAmount', 'decimal', { sql: BE_APPLIED, reads: LINE_READS }),
    field('BillToContactSnapshotId', 'text', { sql: "v.details ->> '$.billToContactSnapshotId'" }),
    field('ChargeDate', 'datetime', { sql: CHARGE_DATE }),
    field('ChargeName', 'text'),
    field('CreditMemoItemId', 'text', {
      sql: "CASE v.source_type WHEN 'CreditMemo' THEN t.applied_to_item_id END",
    }),
    field('DebitMemoId', 'text'),
    field('ExcludeItemBillingFromRevenueAccounting', 'boolean', {
      sql: "coalesce(json_extract(t.details, '$.excludeItemBillingFromRevenueAccounting'), 0)",
    }),
    field('InvoiceItemId', 'text', {
      sql: "CASE v.source_type WHEN 'Invoice' THEN t.applied_to_item_id END",
    }),
    field('ProcessingType', 'picklist', { sql: PROCESSING_TYPE }),
    field('ProductRatePlanChargeId', 'text'),
    field('Quantity', 'decimal', { sql: decimalSql('t.quantity') }),
    detail('RevenueRecognitionRuleName', 'text', 'financeInformation.revenueRecognitionRuleName'),
    field('ServiceEndDate', 'date'),
    field('ServiceStartDate', 'date'),
    field('Sku', 'text', { sql: 'p.sku' }),
    field('SoldToContactSnapshotId', 'text', { sql: "v.details ->> '$.soldToContactSnapshotId'" }),
    field('SourceItemType', 'picklist', { sql: SOURCE_ITEM_TYPE }),
    field('SubscriptionId', 'text'),
    field('SubscriptionNumber', 'text', { sql: 's.subscription_number' }),
    field('TaxAmount', 'decimal', { sql: lineMoneySql('t.tax_minor') }),
    field('TaxExemptAmount', 'decimal', { sql: '0' }),
    detail('TaxMode', 'picklist'),
    detail('UnitOfMeasure', 'text'),
    field('UnitPrice', 'decimal', { sql: decimalSql('t.unit_price') }),
    ...absent(
      'text',
      'AccountReceivableAccountingCodeId',
      'AppliedToItemId',
      'ChargeNumber',
      'DeferredRevenueAccountingCodeId',
      'ItemShipToContactId',
      'ItemSoldToContactId',
      'ItemSoldToContactSnapshotId',
      'JournalEntryId',
      'RatePlanChargeId',
      'RecognizedRevenueAccountingCodeId',
      'ShipToContactSnapshotId',
      'TaxCodeName',
    ),
    ...absent('decimal', 'AppliedToOthersAmount'),
    ...absent('boolean', 'ReflectDiscountInNetAmount'),
    field('SubscriptionOwnerId', 'text', { sql: 's.account_id' }),
  ],
  relations: [
    one('DebitMemo', 'DebitMemo', 'DebitMemoId'),
    one('Subscription', 'Subscription', 'SubscriptionId'),
    one('SubscriptionOwner', 'Account', 'SubscriptionOwnerId'),
    one('RatePlanCharge', 'RatePlanCharge', 'RatePlanChargeId'),
    one('ProductRatePlanCharge', 'ProductRatePlanCharge', 'ProductRatePlanChargeId'),
    one('InvoiceItem', 'InvoiceItem', 'InvoiceItemId'),
  ],
  // No taxes are computed.
  emptyRelations: [{ name: 'DebitTaxationItems', kind: 'one' }],
});

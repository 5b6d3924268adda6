import { transferredToAccountingSql } from './accounting.ts';
import {
  CHARGE_DATE,
  lineReads,
  lineRestSql,
  lineShareSql,
  ofBilledCharge,
  ofBilledSubscription,
  PROCESSING_TYPE,
} from './document-line.ts';
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
import { decimalSql, lineMoneySql, moneySql, ownMoneySql } from './values.ts';

/** The contract's words for what made a memo, as REST has them. */
const SOURCE =
  "CASE t.source_type WHEN 'Standalone' THEN 'AdhocFromPrpc' WHEN 'Invoice' THEN 'AdhocFromInvoice' " +
  "WHEN 'Subscription' THEN 'BillRun' WHEN 'Order' THEN 'BillRun' ELSE t.source_type END";
const SOURCE_TYPE =
  "CASE WHEN t.source_type IN ('WriteOff', 'Reversal') THEN 'Invoice' ELSE t.source_type END";

export const creditMemo = defineObject({
  name: 'CreditMemo',
  collection: 'credit-memos',
  table: 'credit_memo',
  numberField: 'MemoNumber',
  zoql: false,
  byNameFields: ['SoldToContactId'],
  fields: [
    idField,
    ...auditFields,
    field('AccountId', 'text'),
    field('AppliedAmount', 'decimal', { sql: ownMoneySql('t.applied_minor') }),
    field('AutoApplyUponPosting', 'boolean'),
    field('Balance', 'decimal', { sql: ownMoneySql('t.unapplied_minor') }),
    field('BillToContactId', 'text'),
    detail('BillToContactSnapshotId', 'text'),
    field('CancelledById', 'text', { sql: 't.cancelled_by' }),
    field('CancelledOn', 'datetime', { sql: 't.cancelled_at' }),
    field('Comment', 'text'),
    field('Currency', 'text'),
    field('ExcludeFromAutoApplyRules', 'boolean'),
    field('InvoiceId', 'text', { sql: 't.referred_invoice_id' }),
    field('MemoDate', 'date'),
    field('MemoNumber', 'text'),
    field('PostedById', 'text', { sql: 't.posted_by' }),
    field('PostedOn', 'datetime', { sql: 't.posted_at' }),
    field('ReasonCode', 'text'),
    field('RefundAmount', 'decimal', { sql: ownMoneySql('t.refunded_minor') }),
    field('Reversed', 'boolean', { sql: 't.is_reversed' }),
    field('SoldToContactId', 'text'),
    detail('SoldToContactSnapshotId', 'text'),
    field('Source', 'picklist', { sql: SOURCE }),
    field('SourceId', 'text'),
    field('SourceType', 'picklist', { sql: SOURCE_TYPE }),
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
      'TaxMessage',
    ),
    ...absent('picklist', 'EinvoiceStatus', 'RevenueImpacting'),
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
    many('CreditMemoItems', 'CreditMemoItem', 'CreditMemoId'),
    many('CreditMemoApplications', 'CreditMemoApplication', 'CreditMemoId'),
  ],
});

const LINES = {
  lines: 'credit_memo_item',
  document: 'credit_memo_id',
  meant: 'ALIAS.applied_minor + ALIAS.refunded_minor',
};
/** As REST has it: shares are of what is applied beside all that is meant for lines, and then of what is refunded too. */
const REFUNDED_OF_LINES =
  '(SELECT coalesce(sum(y.refunded_minor), 0) FROM credit_memo_item AS y WHERE y.credit_memo_id = t.credit_memo_id)';
const APPLIED = lineMoneySql(
  `${lineShareSql({ ...LINES, total: `v.applied_minor + ${REFUNDED_OF_LINES}` })} - t.refunded_minor`,
);
const UNAPPLIED = lineMoneySql(lineRestSql({ ...LINES, total: 'v.applied_minor + v.refunded_minor' }));
const LINE_READS = lineReads('credit_memo_item', 'credit_memo_id', 'refunded_minor');

const SOURCE_ITEM_TYPE =
  "CASE WHEN t.credit_from_item_id IS NOT NULL THEN CASE t.credit_from_item_source WHEN 'InvoiceItem' THEN 'InvoiceDetail' " +
  "ELSE 'DebitMemoItem' END WHEN t.charge_id IS NULL THEN 'ProductRatePlanCharge' ELSE 'SubscriptionComponent' END";

export const creditMemoItem = defineObject({
  name: 'CreditMemoItem',
  collection: 'credit-memo-items',
  table: 'credit_memo_item',
  joins: [
    { alias: 'v', table: 'credit_memo', on: 'v.id = t.credit_memo_id' },
    { alias: 'k', table: 'product_rate_plan_charge', on: 'k.id = t.product_rate_plan_charge_id' },
    { alias: 'r', table: 'product_rate_plan', on: 'r.id = k.product_rate_plan_id' },
    { alias: 'p', table: 'product', on: 'p.id = r.product_id' },
    { alias: 's', table: 'subscription', on: 's.id = t.subscription_id' },
  ],
  zoql: false,
  byNameFields: ['SubscriptionOwnerId'],
  fields: [
    idField,
    ...partAuditFields('v.created_by', 'v.updated_by'),
    field('Amount', 'decimal', { sql: lineMoneySql('t.amount_minor + t.tax_minor') }),
    field('AmountWithoutTax', 'decimal', { sql: lineMoneySql('t.amount_minor') }),
    field('AppliedToItemId', 'text'),
    field('AppliedToOthersAmount', 'decimal', { sql: APPLIED, reads: LINE_READS }),
    field('BillToContactSnapshotId', 'text', { sql: "v.details ->> '$.billToContactSnapshotId'" }),
    field('ChargeDate', 'datetime', { sql: CHARGE_DATE }),
    field('ChargeName', 'text'),
    field('ChargeNumber', 'text'),
    field('CreditFromItemId', 'text'),
    field('CreditFromItemSource', 'picklist'),
    field('CreditMemoId', 'text'),
    field('ExcludeItemBillingFromRevenueAccounting', 'boolean', {
      sql: "coalesce(json_extract(t.details, '$.excludeItemBillingFromRevenueAccounting'), 0)",
    }),
    field('InvoiceItemId', 'text', {
      sql: "CASE t.credit_from_item_source WHEN 'InvoiceItem' THEN t.credit_from_item_id END",
    }),
    field('ProcessingType', 'picklist', { sql: PROCESSING_TYPE }),
    field('ProductRatePlanChargeId', 'text'),
    field('Quantity', 'decimal', { sql: decimalSql('t.quantity') }),
    field('RatePlanChargeId', 'text', { sql: 't.charge_id', rowsOf: ofBilledCharge }),
    detail('RevenueRecognitionRuleName', 'text', 'financeInformation.revenueRecognitionRuleName'),
    field('ServiceEndDate', 'date'),
    field('ServiceStartDate', 'date'),
    field('Sku', 'text', { sql: 'p.sku' }),
    field('SoldToContactSnapshotId', 'text', { sql: "v.details ->> '$.soldToContactSnapshotId'" }),
    field('SourceItemType', 'picklist', { sql: SOURCE_ITEM_TYPE }),
    field('SubscriptionId', 'text', { rowsOf: ofBilledSubscription }),
    field('SubscriptionNumber', 'text'),
    field('TaxAmount', 'decimal', { sql: lineMoneySql('t.tax_minor') }),
    field('TaxExemptAmount', 'decimal', { sql: '0' }),
    detail('TaxMode', 'picklist'),
    field('UnappliedAmount', 'decimal', { sql: UNAPPLIED, reads: LINE_READS }),
    detail('UnitOfMeasure', 'text'),
    field('UnitPrice', 'decimal', { sql: decimalSql('t.unit_price') }),
    ...absent(
      'text',
      'AccountReceivableAccountingCodeId',
      'CommitmentChargeNumber',
      'CommitmentChargeSegmentNumber',
      'DeferredRevenueAccountingCodeId',
      'FulfillmentId',
      'InvoiceScheduleId',
      'InvoiceScheduleItemId',
      'ItemShipToContactId',
      'ItemSoldToContactId',
      'ItemSoldToContactSnapshotId',
      'ItemType',
      'JournalEntryId',
      'OnAccountAccountingCodeId',
      'OrderLineItemId',
      'PurchaseOrderNumber',
      'RecognizedRevenueAccountingCodeId',
      'ShipToContactSnapshotId',
      'TaxCodeName',
    ),
    ...absent('decimal', 'BeAppliedByOthersAmount', 'NumberOfDeliveries'),
    ...absent('boolean', 'ReflectDiscountInNetAmount'),
    ...absent('picklist', 'RevenueImpacting'),
    field('SubscriptionOwnerId', 'text', { sql: 's.account_id' }),
  ],
  relations: [
    one('CreditMemo', 'CreditMemo', 'CreditMemoId'),
    one('Subscription', 'Subscription', 'SubscriptionId'),
    one('SubscriptionOwner', 'Account', 'SubscriptionOwnerId'),
    one('RatePlanCharge', 'RatePlanCharge', 'RatePlanChargeId'),
    one('ProductRatePlanCharge', 'ProductRatePlanCharge', 'ProductRatePlanChargeId'),
    one('InvoiceItem', 'InvoiceItem', 'InvoiceItemId'),
  ],
  // No taxes are computed.
  emptyRelations: [{ name: 'CreditTaxationItems', kind: 'one' }],
});

export const creditMemoApplication = defineObject({
  name: 'CreditMemoApplication',
  collection: 'credit-memo-applications',
  table: 'credit_memo_application',
  joins: [{ alias: 'v', table: 'credit_memo', on: 'v.id = t.credit_memo_id' }],
  zoql: false,
  customFields: false,
  fields: [
    idField,
    ...auditFields,
    field('AccountId', 'text'),
    field('Amount', 'decimal', { sql: moneySql('t.amount_minor', 'v.currency') }),
    field('CreditMemoId', 'text'),
    field('DebitMemoId', 'text', {
      sql: "CASE t.target_kind WHEN 'debitMemo' THEN t.document_id END",
      rowsOf: (id) => `t.document_id = ${id}`,
    }),
    field('EffectiveDate', 'date'),
    field('InvoiceId', 'text', {
      sql: "CASE t.target_kind WHEN 'invoice' THEN t.document_id END",
      rowsOf: (id) => `t.document_id = ${id}`,
    }),
    ...absent('text', 'ApplicationGroupId'),
  ],
  relations: [
    one('CreditMemo', 'CreditMemo', 'CreditMemoId'),
    one('Account', 'Account', 'AccountId'),
    one('Invoice', 'Invoice', 'InvoiceId'),
    one('DebitMemo', 'DebitMemo', 'DebitMemoId'),
  ],
});

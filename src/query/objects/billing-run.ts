import { absent, auditFields, defineObject, field, idField } from './model.ts';

const STATUS =
  "CASE t.status WHEN 'Posting' THEN 'PostInProgress' WHEN 'Canceling' THEN 'CancelInProgress' " +
  "WHEN 'Removing' THEN 'RemoveInProgress' ELSE t.status END";

const ACCOUNTS = '(SELECT count(*) FROM bill_run_account AS y WHERE y.bill_run_id = t.id)';

function documents(table: 'invoice' | 'credit_memo'): string {
  return `(SELECT count(*) FROM ${table} AS y WHERE y.bill_run_id = t.id)`;
}

const BATCHES = "(SELECT group_concat(e.value, ',') FROM json_each(t.filter, '$.batches') AS e)";
const EXCLUDED =
  "(SELECT group_concat(e.value, ',') FROM json_each(t.options, '$.chargeTypesToExclude') AS e)";

export const billingRun = defineObject({
  name: 'BillingRun',
  otherNames: ['BillRun'],
  collection: 'billing-runs',
  table: 'bill_run',
  numberField: 'BillingRunNumber',
  byNameFields: ['Batch', 'BillRunNumber'],
  fields: [
    idField,
    ...auditFields,
    field('AccountId', 'text', {
      sql: "CASE WHEN json_array_length(t.filter, '$.accounts') = 1 THEN t.filter ->> '$.accounts[0].accountId' END",
      writes: 'c',
    }),
    field('AutoEmail', 'boolean', { sql: '0', writes: 'c' }),
    field('AutoPost', 'boolean', { sql: "json_extract(t.options, '$.autoPost')", writes: 'c' }),
    field('AutoRenewal', 'boolean', { sql: "json_extract(t.options, '$.autoRenewal')", writes: 'c' }),
    field('Batch', 'text', { sql: BATCHES, writes: 'c' }),
    field('Batches', 'text', { sql: BATCHES, isList: true }),
    field('BillCycleDay', 'picklist', {
      sql: "coalesce(t.filter ->> '$.billCycleDay', 'AllBillCycleDays')",
      writes: 'c',
    }),
    field('BillingRunNumber', 'text', { sql: 't.bill_run_number' }),
    field('BillingRunType', 'picklist', { sql: "'Regular'" }),
    field('BillRunNumber', 'text', { sql: 't.bill_run_number' }),
    field('ChargeTypeToExclude', 'picklist', { sql: EXCLUDED, writes: 'c' }),
    field('EndDate', 'datetime', { sql: 't.finished_at' }),
    field('ErrorMessage', 'text', { sql: 't.failure' }),
    field('ExecutedDate', 'datetime', { sql: 't.started_at' }),
    field('IncludeOrderLineItems', 'boolean', { sql: '0' }),
    field('IncludeSubscriptions', 'boolean', { sql: '1' }),
    field('InvoiceDate', 'date', { writes: 'ru' }),
    field('InvoicesEmailed', 'boolean', { sql: '0' }),
    field('Name', 'text'),
    field('NoEmailForZeroAmountInvoice', 'boolean', {
      sql: "coalesce(json_extract(t.details, '$.noEmailForZeroAmountInvoice'), 0)",
      writes: 'c',
    }),
    field('NumberOfAccounts', 'integer', {
      sql: ACCOUNTS,
      reads: [{ table: 'bill_run_account', columns: [], by: ['bill_run_id'] }],
    }),
    field('NumberOfCreditMemos', 'integer', {
      sql: documents('credit_memo'),
      reads: [{ table: 'credit_memo', columns: [], by: ['bill_run_id'] }],
    }),
    field('NumberOfInvoices', 'integer', {
      sql: documents('invoice'),
      reads: [{ table: 'invoice', columns: [], by: ['bill_run_id'] }],
    }),
    field('PostedDate', 'datetime', { sql: 't.posted_at' }),
    field('RepeatType', 'picklist', { sql: "'None'" }),
    field('StartDate', 'datetime', { sql: 't.started_at' }),
    field('Status', 'picklist', { sql: STATUS, writes: 'u' }),
    field('TargetDate', 'date', { writes: 'r' }),
    field('TargetType', 'picklist', {
      sql: "CASE WHEN json_array_length(t.filter, '$.accounts') = 1 THEN 'SingleAccount' ELSE 'AllAccount' END",
    }),
    ...absent('integer', 'InvoiceDateOffSet', 'RunTime', 'TargetDateOffSet', 'TotalTime'),
    ...absent('datetime', 'LastEmailSentTime', 'ScheduledExecutionTime'),
    ...absent('text', 'MonthlyOnDay', 'TimeZone'),
    ...absent('date', 'RepeatFrom', 'RepeatTo'),
    ...absent('picklist', 'WeeklyOnDay'),
  ],
});

import { usageBilledReads, usageBilledSql } from '../../persistence/usage.ts';
import { absent, auditFields, defineObject, field, idField, one } from './model.ts';
import { decimalSql } from './values.ts';

/** The latest segment of its charge. */
const CHARGE_ID =
  '(SELECT y.id FROM charge AS y WHERE y.charge_number = t.charge_number AND y.removed_in_version IS NULL ' +
  'ORDER BY y.segment DESC LIMIT 1)';
const CHARGE_ID_READS = [
  { table: 'charge', columns: ['id', 'segment', 'removed_in_version'], by: ['charge_number'] },
];

export const usage = defineObject({
  name: 'Usage',
  collection: 'usages',
  table: 'usage',
  joins: [
    { alias: 'c', table: 'account', on: 'c.id = t.account_id' },
    {
      alias: 's',
      table: 'subscription',
      on: 's.subscription_number = t.subscription_number AND s.is_latest_version = 1',
    },
    { alias: 'f', table: 'usage_import', on: 'f.id = t.import_id' },
  ],
  byNameFields: ['ChargeId', 'ChargeNumber', 'Description', 'SubscriptionNumber'],
  fields: [
    idField,
    ...auditFields,
    field('AccountId', 'text', { writes: 'c' }),
    field('AccountNumber', 'text', {
      rowsOf: (number) => `t.account_id = (SELECT y.id FROM account AS y WHERE y.account_number = ${number})`,
      sql: 'c.account_number',
      writes: 'c',
    }),
    field('ChargeId', 'text', { sql: CHARGE_ID, reads: CHARGE_ID_READS, writes: 'c' }),
    field('ChargeNumber', 'text', { writes: 'c' }),
    field('Description', 'text', { writes: 'c', maxLength: 200 }),
    field('EndDateTime', 'datetime', { writes: 'cu' }),
    field('FileId', 'text', { sql: 'f.file_id' }),
    field('FileName', 'text', { sql: 'f.file_name' }),
    field('ImportId', 'text'),
    field('Quantity', 'decimal', { sql: decimalSql('t.quantity'), writes: 'cu' }),
    field('RatePlanChargeId', 'text', { sql: CHARGE_ID, reads: CHARGE_ID_READS }),
    field('RbeStatus', 'picklist', {
      sql: `CASE WHEN ${usageBilledSql('t')} THEN 'Processed' ELSE 'Pending' END`,
      reads: usageBilledReads,
      writes: 'u',
    }),
    field('SourceType', 'picklist', { sql: "CASE WHEN t.import_id IS NULL THEN 'API' ELSE 'Import' END" }),
    field('StartDateTime', 'datetime', { writes: 'cu' }),
    field('SubmissionDateTime', 'datetime', { sql: 't.created_at' }),
    field('SubscriptionId', 'text', { sql: 's.id', writes: 'c', maxLength: 32 }),
    field('SubscriptionNumber', 'text', { writes: 'c', maxLength: 100 }),
    field('UOM', 'text', { sql: 't.unit_of_measure', writes: 'cu' }),
    ...absent('text', 'ProductRatePlanChargeId', 'UniqueKey'),
  ],
  relations: [
    one('Account', 'Account', 'AccountId'),
    one('Subscription', 'Subscription', 'SubscriptionId'),
    one('RatePlanCharge', 'RatePlanCharge', 'RatePlanChargeId'),
  ],
});

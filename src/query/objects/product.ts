import { auditFields, defineObject, detail, field, idField, many, one } from './model.ts';

export const product = defineObject({
  name: 'Product',
  collection: 'products',
  table: 'product',
  numberField: 'ProductNumber',
  byNameFields: ['Description'],
  fields: [
    idField,
    ...auditFields,
    field('AllowFeatureChanges', 'boolean', { writes: 'cu' }),
    field('Category', 'picklist', { writes: 'cu', maxLength: 100 }),
    field('Description', 'text', { writes: 'cu', maxLength: 500 }),
    field('EffectiveEndDate', 'date', { writes: 'cu' }),
    field('EffectiveStartDate', 'date', { writes: 'cu' }),
    field('Name', 'text', { writes: 'cu', maxLength: 100 }),
    field('ProductNumber', 'text', { writes: 'cu', maxLength: 100 }),
    field('SKU', 'text', { sql: 't.sku', writes: 'cu', maxLength: 50 }),
  ],
  relations: [many('ProductRatePlans', 'ProductRatePlan', 'ProductId')],
});

/** Currencies in which a charge of the plan has a price. */
const ACTIVE_CURRENCIES =
  "(SELECT group_concat(DISTINCT e.value ->> '$.currency') FROM product_rate_plan_charge AS y " +
  'CROSS JOIN json_each(y.tiers) AS e WHERE y.product_rate_plan_id = t.id)';

export const productRatePlan = defineObject({
  name: 'ProductRatePlan',
  collection: 'product-rate-plans',
  table: 'product_rate_plan',
  numberField: 'ProductRatePlanNumber',
  byNameFields: ['ActiveCurrencies', 'Description'],
  fields: [
    idField,
    ...auditFields,
    field('ActiveCurrencies', 'text', {
      sql: ACTIVE_CURRENCIES,
      isList: true,
      reads: [{ table: 'product_rate_plan_charge', columns: ['tiers'], by: ['product_rate_plan_id'] }],
      writes: 'cu',
    }),
    field('Description', 'text', { writes: 'cu', maxLength: 500 }),
    field('EffectiveEndDate', 'date', { writes: 'cu' }),
    field('EffectiveStartDate', 'date', { writes: 'cu' }),
    detail('Grade', 'integer', 'Grade', { writes: 'cu' }),
    field('Name', 'text', { writes: 'cu', maxLength: 255 }),
    field('ProductId', 'text', { writes: 'cu', maxLength: 32 }),
    field('ProductRatePlanNumber', 'text', { sql: 't.rate_plan_number', writes: 'cu', maxLength: 100 }),
  ],
  relations: [
    one('Product', 'Product', 'ProductId'),
    many('ProductRatePlanCharges', 'ProductRatePlanCharge', 'ProductRatePlanId'),
    many('ExternalProductRatePlans', 'ExternalProductRatePlan', 'ProductRatePlanId'),
  ],
});

/** An id that another system knows a rate plan by. */
export const externalProductRatePlan = defineObject({
  name: 'ExternalProductRatePlan',
  table: 'product_rate_plan',
  each: 't.external_ids',
  rowOfId: (id) => `t.id = substr(${id}, 1, 32)`,
  zoql: false,
  customFields: false,
  fields: [
    field('Id', 'text', { label: 'ID', sql: "t.id || '/' || j.value" }),
    ...auditFields,
    field('ExternallyManagedPlanId', 'text', { sql: 'j.value' }),
    field('ProductRatePlanId', 'text', { sql: 't.id' }),
  ],
  relations: [one('ProductRatePlan', 'ProductRatePlan', 'ProductRatePlanId')],
});

import { auditFields, defineObject, field, idField } from './model.ts';

export const unitOfMeasure = defineObject({
  name: 'UnitOfMeasure',
  table: 'unit_of_measure',
  customFields: false,
  fields: [
    idField,
    ...auditFields,
    field('Active', 'boolean', { writes: 'cu' }),
    field('DecimalPlaces', 'integer', { writes: 'ru' }),
    field('DisplayedAs', 'text', { writes: 'cu', maxLength: 50 }),
    field('RoundingMode', 'picklist', { writes: 'cu' }),
    field('UomName', 'text', { writes: 'ru', maxLength: 25 }),
  ],
});

import { choicesOf, type Field, type Section } from '../../forms/fields.ts';

/** Fields of products, rate plans and units, by their names in /v1/object. */

const effectiveDates = (isRequired: boolean, what: string): Field[] => [
  {
    name: 'EffectiveStartDate',
    label: 'Effective from',
    type: 'date',
    required: isRequired,
    hint: `The first day on which ${what} can be sold.`,
  },
  {
    name: 'EffectiveEndDate',
    label: 'Effective until',
    type: 'date',
    required: isRequired,
    hint: 'The last one. Subscriptions that have it go on.',
  },
];

/** @param whenEmpty what a text that was emptied means: of a new product nothing, else that it is gone */
export const productSections = (whenEmpty: 'omit' | 'text'): Section[] => [
  {
    title: 'Product',
    fields: [
      { name: 'Name', label: 'Name', required: true, maxLength: 100 },
      {
        name: 'SKU',
        label: 'SKU',
        maxLength: 50,
        hint: 'Unique. Made by Spillway when it is left empty.',
      },
      {
        name: 'ProductNumber',
        label: 'Product number',
        maxLength: 100,
        hint: 'Unique. Made by Spillway when it is left empty.',
      },
      {
        name: 'Category',
        label: 'Category',
        maxLength: 100,
        suggestions: choicesOf('Base Products', 'Add On Services', 'Miscellaneous Products'),
        whenEmpty,
      },
      ...effectiveDates(true, 'the product'),
      { name: 'Description', label: 'Description', type: 'textarea', maxLength: 500, whenEmpty },
      {
        name: 'AllowFeatureChanges',
        label: 'Features can be changed',
        type: 'checkbox',
        hint: 'Kept with the product for systems that read it.',
      },
    ],
  },
];

export const ratePlanSections = (whenEmpty: 'omit' | 'text'): Section[] => [
  {
    title: 'Rate plan',
    fields: [
      { name: 'Name', label: 'Name', required: true, maxLength: 255 },
      {
        name: 'ProductRatePlanNumber',
        label: 'Rate plan number',
        maxLength: 100,
        hint: 'Unique. Made by Spillway when it is left empty.',
      },
      ...effectiveDates(false, 'the plan'),
      { name: 'Description', label: 'Description', type: 'textarea', maxLength: 500, whenEmpty },
    ],
  },
  {
    title: 'Grouping and other systems',
    fields: [
      {
        name: 'Grade',
        label: 'Grade',
        type: 'integer',
        hint: 'Orders plans of one product from small to large.',
      },
      {
        name: 'ExternalRatePlanIds',
        label: 'External ids',
        maxLength: 4000,
        hint: 'Ids of the plan in other systems, separated by commas.',
        whenEmpty,
      },
      { name: 'ExternalIdSourceSystem', label: 'Their system', maxLength: 255 },
    ],
  },
];

export const unitSections: readonly Section[] = [
  {
    title: 'Unit of measure',
    fields: [
      {
        name: 'UomName',
        label: 'Name',
        required: true,
        maxLength: 25,
        hint: 'What charges and usage records name: Each, GB, Vehicle. It stays while a charge counts in it.',
      },
      { name: 'DisplayedAs', label: 'Displayed as', maxLength: 50 },
      {
        name: 'DecimalPlaces',
        label: 'Decimal places',
        type: 'integer',
        required: true,
        initial: '0',
        hint: '0 to 9',
      },
      {
        name: 'RoundingMode',
        label: 'Rounding',
        type: 'select',
        required: true,
        choices: choicesOf('UP', 'NEAREST'),
      },
      { name: 'Active', label: 'Offered for new charges', type: 'checkbox', initial: 'true' },
    ],
  },
];

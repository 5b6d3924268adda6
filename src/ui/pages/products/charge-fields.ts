import * as words from '../../../domain/charge-models/vocabulary.ts';
import { type Choice, choicesOf, type Field, type Section } from '../../forms/fields.ts';
import type { RowGroup } from '../../forms/row-fields.tsx';
import { type ModelView, typesOfModel } from './charge-models.ts';

/** Fields of a charge, by their names in /v1/object/product-rate-plan-charge; which ones there are follows from its model. */

export const TIERS = 'ProductRatePlanChargeTierData.ProductRatePlanChargeTier';

interface ChargeForm {
  readonly model: ModelView;
  /** A charge keeps its type for ever. */
  readonly isNew: boolean;
  readonly units: readonly Choice[];
}

const TYPE_LABELS: Readonly<Record<words.ChargeType, string>> = {
  OneTime: 'One time: once, when it is triggered',
  Recurring: 'Recurring: every billing period',
  Usage: 'Usage: for what was used',
};
const BILL_CYCLES: readonly Choice[] = [
  { value: 'DefaultFromCustomer', label: "The account's bill cycle day" },
  { value: 'SpecificDayofMonth', label: 'A day of the month' },
  { value: 'SubscriptionStartDay', label: "The subscription's start day" },
  { value: 'ChargeTriggerDay', label: "The charge's trigger day" },
  { value: 'SpecificDayofWeek', label: 'A day of the week' },
  { value: 'TermStartDay', label: "The term's start day" },
  { value: 'TermEndDay', label: "The term's end day" },
];
const CATALOG_PERIODS = choicesOf(
  ...['Month', 'Quarter', 'Semi-Annual', 'Annual', 'Specific Months', 'Subscription Term', 'Week'],
  ...['Specific Weeks', 'Specific Days'],
);

export function chargeSections(form: ChargeForm): Section[] {
  const { model, isNew } = form;
  // An emptied field of a charge that is there says that it has no value any more.
  const cleared = isNew ? {} : ({ whenEmpty: 'null' } as const);
  const sections = [
    { title: 'Charge', fields: identityFields(form) },
    { title: model.isDiscount ? 'Discount' : 'Quantity', fields: quantityFields(form) },
    billingSection,
    lifeSection,
    ...(model.isDiscount ? [] : [priceChangeSection]),
    accountingSection,
  ];
  const isKept = new Set([
    'Name',
    'ChargeType',
    'ProductRatePlanChargeNumber',
    'BillCycleType',
    'TriggerEvent',
  ]);
  return sections
    .filter(({ fields }) => fields.length > 0)
    .map((section) => ({
      ...section,
      fields: section.fields.map((field) => (isKept.has(field.name) ? field : { ...field, ...cleared })),
    }));
}

function identityFields({ model, isNew }: ChargeForm): Field[] {
  const types = typesOfModel(model.name).map((value) => ({ value, label: TYPE_LABELS[value] }));
  return [
    { name: 'Name', label: 'Name', required: true, maxLength: 100 },
    ...(isNew
      ? [
          {
            name: 'ChargeType',
            label: 'Type',
            type: 'select',
            required: true,
            choices: types,
            initial: types.length > 1 ? 'Recurring' : types[0]!.value,
            hint: 'It cannot be changed later.',
          } as const,
        ]
      : []),
    {
      name: 'ProductRatePlanChargeNumber',
      label: 'Charge number',
      maxLength: 100,
      hint: 'Unique. Made by Spillway when it is left empty.',
    },
    { name: 'Description', label: 'Description', type: 'textarea', maxLength: 500, rows: 2 },
  ];
}

function quantityFields({ model, units }: ChargeForm): Field[] {
  if (model.isDiscount) {
    return [
      {
        name: 'ApplyDiscountTo',
        label: 'Applies to charges of type',
        type: 'select',
        choices: words.APPLY_DISCOUNT_TO.map((value) => ({ value, label: value.replace(/ .*/, '') })),
      },
      { name: 'DiscountLevel', label: 'Level', type: 'select', choices: choicesOf(...words.DISCOUNT_LEVELS) },
      {
        name: 'DiscountClass',
        label: 'Discount class',
        maxLength: 255,
        hint: "Discounts apply in the order of their classes' names.",
      },
    ];
  }
  const unit: Field = {
    name: 'UOM',
    label: 'Unit of measure',
    maxLength: 25,
    suggestions: units,
    hint: model.hasUnits ? 'What the price is for.' : 'Needed for usage.',
  };
  if (model.hasIncludedUnits) {
    return [unit, { name: 'IncludedUnits', label: 'Included units', type: 'decimal' }, ratingGroup];
  }
  return [
    unit,
    {
      name: 'DefaultQuantity',
      label: 'Default quantity',
      type: 'decimal',
      hint: 'Of an order that names none.',
    },
    { name: 'MinQuantity', label: 'Smallest quantity', type: 'decimal' },
    { name: 'MaxQuantity', label: 'Largest quantity', type: 'decimal' },
    ratingGroup,
  ];
}

const ratingGroup: Field = {
  name: 'RatingGroup',
  label: 'Usage is rated',
  type: 'select',
  choices: choicesOf(...words.RATING_GROUPS),
};

const billingSection: Section = {
  title: 'Billing',
  hint: 'Of recurring charges and usage; a one-time charge is billed once.',
  fields: [
    {
      name: 'BillingPeriod',
      label: 'Billing period',
      type: 'select',
      choices: CATALOG_PERIODS,
      initial: 'Month',
    },
    {
      name: 'SpecificBillingPeriod',
      label: 'Months, weeks or days of it',
      type: 'integer',
      hint: 'For Specific Months, Weeks and Days.',
    },
    {
      name: 'BillingTiming',
      label: 'Timing',
      type: 'select',
      choices: choicesOf(...words.BILLING_TIMINGS),
      initial: 'In Advance',
    },
    {
      name: 'BillingPeriodAlignment',
      label: 'Periods begin with',
      type: 'select',
      choices: choicesOf(...words.BILLING_PERIOD_ALIGNMENTS),
    },
    {
      name: 'BillCycleType',
      label: 'Bill day',
      type: 'select',
      required: true,
      choices: BILL_CYCLES,
      initial: 'DefaultFromCustomer',
    },
    {
      name: 'BillCycleDay',
      label: 'Day of the month',
      type: 'integer',
      hint: '1 to 31, for a day of the month.',
    },
    {
      name: 'WeeklyBillCycleDay',
      label: 'Day of the week',
      type: 'select',
      choices: choicesOf(...words.WEEKLY_BILL_CYCLE_DAYS),
    },
    {
      name: 'ListPriceBase',
      label: 'The price is for',
      type: 'select',
      choices: choicesOf(...words.LIST_PRICE_BASES),
      hint: 'Of a recurring charge.',
    },
    {
      name: 'SpecificListPriceBase',
      label: 'Months of the price',
      type: 'integer',
      hint: 'For Per Specific Months.',
    },
    {
      name: 'ProrationOption',
      label: 'Proration',
      type: 'select',
      choices: choicesOf(...words.PRORATION_OPTIONS),
    },
  ],
};

const lifeSection: Section = {
  title: 'Start and end',
  fields: [
    {
      name: 'TriggerEvent',
      label: 'Starts at',
      type: 'select',
      required: true,
      choices: [
        { value: 'ContractEffective', label: 'Contract effective' },
        { value: 'ServiceActivation', label: 'Service activation' },
        { value: 'CustomerAcceptance', label: 'Customer acceptance' },
      ],
      initial: 'ContractEffective',
    },
    {
      name: 'EndDateCondition',
      label: 'Ends',
      type: 'select',
      choices: [
        { value: 'SubscriptionEnd', label: 'With the subscription' },
        { value: 'FixedPeriod', label: 'After a fixed time' },
      ],
    },
    { name: 'UpToPeriods', label: 'After how many', type: 'integer', hint: 'For a fixed time.' },
    {
      name: 'UpToPeriodsType',
      label: 'Of what',
      type: 'select',
      choices: choicesOf(...words.UP_TO_PERIODS_TYPES),
    },
  ],
};

const priceChangeSection: Section = {
  title: 'Price at renewal',
  fields: [
    {
      name: 'PriceChangeOption',
      label: 'Price change',
      type: 'select',
      choices: choicesOf(...words.PRICE_CHANGE_OPTIONS),
    },
    { name: 'PriceIncreasePercentage', label: 'Percentage', type: 'decimal', hint: '-100 to 100' },
  ],
};

const accountingSection: Section = {
  title: 'Taxes and accounting',
  hint: 'Kept with the charge and copied to what is billed.',
  fields: [
    { name: 'Taxable', label: 'Taxable', type: 'checkbox' },
    { name: 'TaxCode', label: 'Tax code', maxLength: 64 },
    { name: 'TaxMode', label: 'Tax mode', type: 'select', choices: choicesOf(...words.TAX_MODES) },
    { name: 'AccountingCode', label: 'Accounting code', maxLength: 100 },
    { name: 'DeferredRevenueAccount', label: 'Deferred revenue account', maxLength: 100 },
    { name: 'RecognizedRevenueAccount', label: 'Recognised revenue account', maxLength: 100 },
    { name: 'RevRecCode', label: 'Revenue recognition code', maxLength: 70 },
  ],
};

/** The prices of a charge: a row for each tier and currency. */
export function priceGroup(model: ModelView): RowGroup {
  const isTiered = model.prices === 'tiers';
  return {
    name: TIERS,
    title: model.isDiscount ? 'Discounts' : isTiered ? 'Tiers' : 'Prices',
    hint: isTiered
      ? 'In ascending order, currency by currency: each tier begins where the one before ended, or one after it. The last one of a currency may have no end.'
      : 'One for each currency.',
    rowName: isTiered ? 'Tier' : 'Price',
    addLabel: isTiered ? 'Add a tier' : 'Add a currency',
    fieldsOf: (row) => {
      const at = (name: string) => `${TIERS}[${row}].${name}`;
      return [
        { name: at('Id'), label: 'Id', type: 'hidden' },
        { name: at('Currency'), label: 'Currency', required: true, maxLength: 3, placeholder: 'USD' },
        ...amountFields(model, at),
      ];
    },
  };
}

function amountFields(model: ModelView, at: (name: string) => string): Field[] {
  if (model.prices === 'amount') {
    return [{ name: at('DiscountAmount'), label: 'Amount off', type: 'decimal', required: true }];
  }
  if (model.prices === 'percentage') {
    return [{ name: at('DiscountPercentage'), label: 'Percentage off', type: 'decimal', required: true }];
  }
  if (model.prices === 'price') {
    return [
      {
        name: at('Price'),
        label: model.hasIncludedUnits ? 'Price beyond' : 'Price',
        type: 'decimal',
        required: model.isOnlyKept !== true,
      },
    ];
  }
  return [
    { name: at('StartingUnit'), label: 'From', type: 'decimal', required: true },
    { name: at('EndingUnit'), label: 'To', type: 'decimal', placeholder: 'no end' },
    { name: at('Price'), label: 'Price', type: 'decimal', required: true },
    {
      name: at('PriceFormat'),
      label: 'For',
      type: 'select',
      required: true,
      choices: [
        { value: 'Per Unit', label: 'each unit' },
        { value: 'Flat Fee', label: 'the tier' },
      ],
    },
    ...(model.hasOverageTier
      ? [{ name: at('IsOveragePrice'), label: 'Beyond the last tier', type: 'checkbox' } as const]
      : []),
  ];
}

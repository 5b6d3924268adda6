import type { Json } from '../../api.ts';
import { choicesOf, type Field, type Section } from '../../forms/fields.ts';
import { FormValues } from '../../forms/form-values.ts';
import type { RowGroup } from '../../forms/row-fields.tsx';

/** The tenant's settings as a form, by their names in /v1/spillway/settings. */

const ZONES = choicesOf(
  ...['UTC', 'Europe/Berlin', 'Europe/London', 'Europe/Zurich', 'America/New_York', 'America/Chicago'],
  ...['America/Los_Angeles', 'Asia/Tokyo', 'Asia/Kolkata', 'Asia/Singapore', 'Australia/Sydney'],
);

export const SETTING_SECTIONS: readonly Section[] = [
  {
    title: 'Metrics of partner accounts',
    fields: [
      {
        name: 'metrics.foldDelaySeconds',
        label: 'Fold delay, seconds',
        type: 'integer',
        required: true,
        hint: 'How long a fold waits after a write to take others with it, 0 to 3600: a partner’s numbers are at most so much older.',
      },
    ],
  },
  {
    title: 'Time and currency',
    fields: [
      {
        name: 'timeZone',
        label: 'Time zone',
        required: true,
        suggestions: ZONES,
        hint: 'An IANA zone such as Europe/Berlin. Dates of the API are meant in it.',
      },
      {
        name: 'homeCurrency',
        label: 'Home currency',
        required: true,
        maxLength: 3,
        hint: 'Of prices of the catalog that name none.',
      },
      {
        name: 'scheduled.runHour',
        label: 'Hour of the scheduled run',
        type: 'integer',
        required: true,
        hint: '0 to 23: from then on the day’s renewals, expirations and scheduled orders are due.',
      },
    ],
  },
  {
    title: 'Proration',
    fields: [
      { name: 'billing.billPartialMonth', label: 'Bill a part of a month', type: 'checkbox' },
      { name: 'billing.proratePartialMonth', label: 'Prorate a part of a month', type: 'checkbox' },
      { name: 'billing.billPartialWeek', label: 'Bill a part of a week', type: 'checkbox' },
      { name: 'billing.proratePartialWeek', label: 'Prorate a part of a week', type: 'checkbox' },
      {
        name: 'billing.monthBasis',
        label: 'Days of a month',
        type: 'select',
        required: true,
        choices: [
          { value: 'actual', label: 'As many as it has' },
          { value: '30', label: '30' },
          { value: '30strict', label: '30, strictly' },
        ],
      },
      {
        name: 'billing.longPeriods',
        label: 'Periods of more than a month',
        type: 'select',
        required: true,
        choices: [
          { value: 'monthFirst', label: 'Whole months first, then days' },
          { value: 'day', label: 'Days alone' },
        ],
      },
      {
        name: 'billing.stubMonth',
        label: 'A leading part of a month lies in',
        type: 'select',
        required: true,
        choices: [
          { value: 'anchor', label: 'The month between bill days' },
          { value: 'calendar', label: 'The calendar month' },
        ],
      },
    ],
  },
  {
    title: 'Credits',
    fields: [
      {
        name: 'billing.creditMethod',
        label: 'When service is given back, what is rounded is',
        type: 'select',
        required: true,
        choices: [
          { value: 'kept', label: 'What is kept' },
          { value: 'credited', label: 'What is credited' },
        ],
      },
      { name: 'billing.creditOneTime', label: 'Credit one-time charges', type: 'checkbox' },
      {
        name: 'billing.prorateFixedDiscountCredit',
        label: 'Prorate credits of fixed discounts',
        type: 'checkbox',
      },
    ],
  },
  {
    title: 'Orders and exports',
    fields: [
      {
        name: 'orders.accountIsInvoiceOwner',
        label: 'An order’s account is the invoice owner',
        type: 'checkbox',
        hint: 'Of every existing subscription in the order: what a distributor’s customers order meets in the distributor’s lane.',
      },
      {
        name: 'aqua.segments',
        label: 'Full loads in several files',
        type: 'checkbox',
        hint: 'Of AQuA sessions.',
      },
    ],
  },
];
export const SETTING_FIELDS: readonly Field[] = SETTING_SECTIONS.flatMap(({ fields }) => fields);

export const ROUNDING = 'billing.rounding';

/** Roundings of currencies: rows here, an object by currency in the body; refusals name them by currency. */
export function roundingGroup(values: FormValues): RowGroup {
  return {
    name: ROUNDING,
    title: 'Rounding',
    hint: 'Of currencies that are not rounded half up to their smallest unit. Increments are in smallest units: 5 for Swiss francs in steps of 0.05.',
    rowName: 'Currency',
    addLabel: 'Add a currency',
    fieldsOf: (row) => {
      const at = `${ROUNDING}[${row}]`;
      const named = `${ROUNDING}.${values.text(`${at}.currency`).toUpperCase()}`;
      return [
        {
          name: `${at}.currency`,
          label: 'Currency',
          required: true,
          maxLength: 3,
          placeholder: 'CHF',
          alsoNamed: [named],
        },
        {
          name: `${at}.mode`,
          label: 'Mode',
          type: 'select',
          required: true,
          choices: choicesOf('HALF_UP', 'UP', 'DOWN'),
          alsoNamed: [`${named}.mode`],
        },
        {
          name: `${at}.incrementMinor`,
          label: 'Increment',
          type: 'integer',
          required: true,
          initial: '1',
          alsoNamed: [`${named}.incrementMinor`],
        },
        {
          name: `${at}.invoiceIncrementMinor`,
          label: 'Of invoice totals',
          type: 'integer',
          placeholder: 'not rounded',
          alsoNamed: [`${named}.invoiceIncrementMinor`],
        },
      ];
    },
  };
}

/** The settings as values of the form. */
export function valuesOfSettings(settings: Json): FormValues {
  const entries = SETTING_FIELDS.flatMap(({ name, type }): Array<readonly [string, string]> => {
    const value = name.split('.').reduce((at: Json, step) => at?.[step], settings);
    if (type === 'checkbox') return value === true ? [[name, 'true']] : [];
    return [[name, String(value)]];
  });
  const rounding = Object.entries(settings.billing.rounding as Record<string, Json>);
  const rows = rounding.flatMap(([currency, { mode, incrementMinor, invoiceIncrementMinor }], row) => {
    const at = `${ROUNDING}[${row}]`;
    return [
      [`${at}.currency`, currency],
      [`${at}.mode`, mode],
      [`${at}.incrementMinor`, String(incrementMinor)],
      [`${at}.invoiceIncrementMinor`, invoiceIncrementMinor === null ? '' : String(invoiceIncrementMinor)],
    ] as const;
  });
  return new FormValues([...entries, ...rows]);
}

/** Each setting as text that can be compared: what was shown, what is typed, what there is now. Roundings are one setting. */
export function comparable(values: FormValues): Record<string, string> {
  const plain = SETTING_FIELDS.map(({ name, type }) => [
    name,
    type === 'checkbox' ? String(values.has(name) && values.text(name) !== 'false') : values.text(name),
  ]);
  return { ...Object.fromEntries(plain), [ROUNDING]: JSON.stringify(roundingOf(values)) };
}

/** The roundings as the API takes them, in the order of their currencies. */
export function roundingOf(values: FormValues): Record<string, Json> {
  const number = (text: string) => (/^\d+$/.test(text) ? Number(text) : text);
  const entries = values.rowsOf(ROUNDING).map((row): [string, Json] => {
    const at = (name: string) => values.text(`${ROUNDING}[${row}].${name}`);
    return [
      at('currency').toUpperCase(),
      {
        mode: at('mode'),
        incrementMinor: number(at('incrementMinor')),
        invoiceIncrementMinor:
          at('invoiceIncrementMinor') === '' ? null : number(at('invoiceIncrementMinor')),
      },
    ];
  });
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

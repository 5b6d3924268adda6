import type { Json } from '../../api.ts';
import { choicesOf, type Field, type Section } from '../../forms/fields.ts';
import type { FormValues } from '../../forms/form-values.ts';
import { type Problem, problem } from '../../forms/problems.ts';

/** Fields of an account, in the sections of Zuora's form. Names are paths in the body of POST and PUT /v1/accounts. */

const CURRENCIES_OFFERED = [
  'USD',
  'EUR',
  'GBP',
  'CHF',
  'JPY',
  'AUD',
  'CAD',
  'SEK',
  'NOK',
  'DKK',
  'PLN',
  'INR',
];
const TERMS_OFFERED = [
  'Due Upon Receipt',
  'Net 10',
  'Net 15',
  'Net 30',
  'Net 45',
  'Net 60',
  'Net 90',
  'Proximo 15',
];

const PARENT: Field = {
  name: 'parentId',
  label: 'Parent account',
  hint: 'Number or id of the account that owns this one.',
  maxLength: 100,
};
const BASIC: readonly Field[] = [
  { name: 'name', label: 'Account name', required: true, maxLength: 255, autocomplete: 'off' },
  {
    name: 'accountNumber',
    label: 'Account number',
    hint: 'Left empty it is the next free number. It never changes.',
    maxLength: 50,
    autocomplete: 'off',
  },
  PARENT,
  { name: 'crmId', label: 'CRM account id', maxLength: 100 },
  { name: 'salesRep', label: 'Sales representative', maxLength: 50 },
  { name: 'customerServiceRepName', label: 'Customer service representative', maxLength: 50 },
  { name: 'purchaseOrderNumber', label: 'Purchase order number', maxLength: 100 },
  { name: 'organizationLabel', label: 'Organization', maxLength: 255 },
  { name: 'notes', label: 'Notes', type: 'textarea', rows: 3, maxLength: 65_535 },
];

const CURRENCY: Field = {
  name: 'currency',
  label: 'Currency',
  required: true,
  maxLength: 3,
  suggestions: choicesOf(...CURRENCIES_OFFERED),
  hint: 'Three capitals, such as USD. It never changes; documents in other currencies are kept apart.',
};
const BILLING: readonly Field[] = [
  CURRENCY,
  {
    name: 'paymentTerm',
    label: 'Payment term',
    initial: 'Due Upon Receipt',
    suggestions: choicesOf(...TERMS_OFFERED),
    hint: 'Due Upon Receipt, Net and days, or Proximo and the day of the next month.',
    maxLength: 100,
  },
  {
    name: 'billCycleDay',
    label: 'Bill cycle day',
    type: 'integer',
    hint: '1 to 31, the day of the month on which it is billed; 0 or empty: the day of the first charge.',
  },
  {
    name: 'batch',
    label: 'Batch',
    initial: 'Batch1',
    suggestions: choicesOf('Batch1', 'Batch2', 'Batch3', 'Batch4', 'Batch5'),
    hint: 'Batch1 to Batch50: bill runs can be made for some of them.',
    maxLength: 20,
  },
  { name: 'paymentGateway', label: 'Payment gateway', maxLength: 40 },
  {
    name: 'additionalEmailAddresses',
    label: 'Further e-mail addresses',
    hint: 'Where invoices go besides the bill-to contact; separated by commas.',
    maxLength: 2_000,
  },
  {
    name: 'autoPay',
    label: 'Automatic payment',
    type: 'checkbox',
    hint: 'Invoices are paid by the default payment method.',
  },
  { name: 'invoiceDeliveryPrefsEmail', label: 'Invoices by e-mail', type: 'checkbox' },
  { name: 'invoiceDeliveryPrefsPrint', label: 'Invoices on paper', type: 'checkbox' },
  { name: 'taxInfo.VATId', label: 'VAT id', maxLength: 25 },
];

const PARTNER: Field = {
  name: 'partnerAccount',
  label: 'Partner Account',
  type: 'checkbox',
  isWide: true,
  hint:
    'For accounts that many write to at once: resellers, distributors, marketplaces. Its orders, invoices and payments never wait for ' +
    'each other; the account’s key metrics are published a moment later, and say as of when. It can be set and cleared at any time.',
};
const CUSTOM_FIELDS: Field = {
  name: 'customFields',
  label: 'Custom fields',
  type: 'textarea',
  rows: 3,
  maxLength: 32_000,
  hint: 'One to a line: region__c = North',
};

/** Fields of a contact below a path such as billToContact; '' for a contact on its own. */
export function contactFields(path: string, isRequired: boolean): Field[] {
  const at = (name: string) => (path === '' ? name : `${path}.${name}`);
  const text = (name: string, label: string, maxLength: number, more: Partial<Field> = {}): Field => ({
    name: at(name),
    label,
    maxLength,
    ...more,
  });
  return [
    text('firstName', 'First name', 100, { required: isRequired }),
    text('lastName', 'Last name', 100, { required: isRequired }),
    text('workEmail', 'E-mail at work', 74, { type: 'email' }),
    text('workPhone', 'Telephone at work', 40),
    text('address1', 'Address, first line', 255),
    text('address2', 'Address, second line', 255),
    text('city', 'City', 40),
    text('state', 'State or province', 40),
    text('zipCode', 'Postal code', 20),
    text('country', 'Country', 64),
    text('county', 'County', 32),
    text('taxRegion', 'Tax region', 32),
  ];
}

const SAME_CONTACT: Field = {
  name: 'soldToSameAsBillTo',
  label: 'Same as bill-to',
  type: 'checkbox',
  initial: 'true',
  isWide: true,
  hint: 'One contact is both. Uncheck it to give another one.',
};

/** POST /v1/accounts */
export const NEW_SECTIONS: readonly Section[] = [
  { title: 'Basic Information', fields: BASIC },
  { title: 'Billing and Payment', fields: BILLING },
  { title: 'Bill-to contact', hint: 'Who gets the invoices.', fields: contactFields('billToContact', true) },
  {
    title: 'Sold-to contact',
    hint: 'Where the services are used: what taxes go by.',
    className: 'sold-to',
    fields: [SAME_CONTACT, ...contactFields('soldToContact', false)],
  },
  { title: 'Additional Fields', fields: [PARTNER, CUSTOM_FIELDS] },
];

/** Fields that PUT takes only as they are. */
const FIXED = new Set(['accountNumber', 'currency']);
/** Fields of the account that PUT empties by an empty text, or refuses so because they cannot be empty. */
const EMPTIED_BY_TEXT = new Set(['name', 'parentId', 'paymentTerm', 'batch']);

function forChange({ initial: _initial, ...field }: Field): Field {
  if (EMPTIED_BY_TEXT.has(field.name)) return { ...field, whenEmpty: 'text' };
  if (field.name === 'billCycleDay') return field;
  return { ...field, whenEmpty: 'null' };
}

/** The custom fields as the form showed them. */
const CUSTOM_FIELDS_WERE: Field = { name: 'customFieldsWere', label: '', type: 'hidden' };

/** PUT /v1/accounts/{key}; `contacts` are those of the account, of which two are chosen. */
export function editSections(contacts: readonly Json[]): Section[] {
  const choices = contacts.map((contact) => ({
    value: contact.id as string,
    label: [`${contact.firstName} ${contact.lastName}`, contact.workEmail, contact.city]
      .filter(Boolean)
      .join(', '),
  }));
  const role = (name: string, label: string): Field => ({
    name,
    label,
    type: 'select',
    choices,
    required: true,
  });
  const changeable = (fields: readonly Field[]) =>
    fields.filter(({ name }) => !FIXED.has(name)).map(forChange);
  return [
    { title: 'Basic Information', fields: changeable(BASIC) },
    { title: 'Billing and Payment', fields: changeable(BILLING) },
    {
      title: 'Contacts',
      hint: 'Contacts are added and changed below.',
      fields: [role('billToContactId', 'Bill-to contact'), role('soldToContactId', 'Sold-to contact')],
    },
    { title: 'Additional Fields', fields: [PARTNER, CUSTOM_FIELDS, CUSTOM_FIELDS_WERE] },
  ];
}

export const fieldsOf = (sections: readonly Section[]): Field[] => sections.flatMap(({ fields }) => fields);

/** Fields that bodyOf makes no member of: the page makes it. */
const OWN = new Set(['customFields', 'customFieldsWere', 'additionalEmailAddresses']);
export const sentFields = (fields: readonly Field[]) => fields.filter(({ name }) => !OWN.has(name));

/** Addresses as the API takes them. */
export function addressesOf(text: string): string[] {
  return text.split(/[\s,;]+/).filter((one) => one !== '');
}

const CUSTOM_LINE = /^([A-Za-z]\w*__(?:c|NS|QT))\s*=\s*(.*)$/;

/** Custom fields of lines such as `region__c = North`; a line that is none is a problem of its field. */
export function customFieldsOf(
  values: FormValues,
  name = 'customFields',
): { fields: Record<string, string>; problems: Problem[] } {
  const lines = values
    .text(name)
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const fields: Record<string, string> = {};
  const problems: Problem[] = [];
  for (const line of lines) {
    const [, field, value] = CUSTOM_LINE.exec(line) ?? [];
    if (field === undefined) {
      problems.push(
        problem('customFields', `"${line.slice(0, 60)}" is no custom field: write it as region__c = North`),
      );
    } else fields[field] = value!;
  }
  return { fields, problems };
}

const CUSTOM_NAME = /__(c|NS|QT)$/;

export function customFieldsShown(basicInfo: Json): Record<string, string> {
  return Object.fromEntries(
    Object.entries(basicInfo as Record<string, Json>)
      .filter(([name, value]) => CUSTOM_NAME.test(name) && value !== null)
      .map(([name, value]) => [name, String(value)]),
  );
}

/** What is to change: a field that reads as it did stays what it is (a number a number), one that is gone is emptied. */
export function customFieldChanges(
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): Record<string, string | null> {
  const changed = Object.entries(after).filter(([name, value]) => before[name] !== value);
  const gone = Object.keys(before).filter((name) => after[name] === undefined);
  return { ...Object.fromEntries(changed), ...Object.fromEntries(gone.map((name) => [name, null])) };
}

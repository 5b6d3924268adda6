import type { Json } from '../../api.ts';
import { type Choice, choicesOf, type Field } from '../../forms/fields.ts';
import { PERIOD_TYPES } from '../orders/order-form.tsx';

/** Where the form's one action stands in the API's body. */
export const ACTION = 'subscriptions[0].orderActions[0]';

/** What its fields may be filled from. */
export interface ChangeSetting {
  readonly accounts: readonly Choice[];
}

/** A change of a subscription that is a form of its own: one order action whose object is made of its fields. */
export interface ChangeKind {
  readonly type: string;
  /** The action's object in the body. */
  readonly own: string;
  readonly title: string;
  readonly lead: string;
  /** Of subscriptions with these statuses. */
  readonly statuses: readonly string[];
  /** The day on which it takes effect is typed, unless the action has days of its own. */
  readonly effective: string;
  readonly fields: (setting: ChangeSetting) => readonly Field[];
}

const at = (own: string) => (name: string) => `${ACTION}.${own}.${name}`;

const suspend = at('suspend');
const resume = at('resume');
const cancel = at('cancelSubscription');
const terms = at('termsAndConditions');
const transfer = at('ownerTransfer');

function policy(name: string, choices: ReadonlyArray<readonly [string, string]>): Field {
  return {
    name,
    label: 'When',
    type: 'select',
    required: true,
    choices: choices.map(([value, label]) => ({ value, label })),
  };
}

/** Changes without rate plans, by the word in their address. */
export const CHANGE_KINDS: Readonly<Record<string, ChangeKind>> = {
  suspend: {
    type: 'Suspend',
    own: 'suspend',
    title: 'Suspend',
    lead: 'From that day on nothing is charged until the subscription is resumed.',
    statuses: ['Active'],
    effective: 'Contract effective',
    fields: () => [
      policy(suspend('suspendPolicy'), [
        ['SpecificDate', 'on a day'],
        ['Today', 'today'],
        ['EndOfLastInvoicePeriod', 'at the end of what is invoiced'],
        ['FixedPeriodsFromToday', 'after so many periods from today'],
      ]),
      { name: suspend('suspendSpecificDate'), label: 'Day', type: 'date' },
      { name: suspend('suspendPeriods'), label: 'Periods', type: 'integer' },
      { name: suspend('suspendPeriodsType'), label: 'Periods are', type: 'select', choices: PERIOD_TYPES },
    ],
  },
  resume: {
    type: 'Resume',
    own: 'resume',
    title: 'Resume',
    lead: 'Charges go on from that day.',
    statuses: ['Suspended'],
    effective: 'Contract effective',
    fields: () => [
      policy(resume('resumePolicy'), [
        ['SpecificDate', 'on a day'],
        ['Today', 'today'],
        ['SuspendDate', 'as if it had not been suspended'],
        ['FixedPeriodsFromSuspendDate', 'after so many periods from the suspension'],
        ['FixedPeriodsFromToday', 'after so many periods from today'],
      ]),
      { name: resume('resumeSpecificDate'), label: 'Day', type: 'date' },
      { name: resume('resumePeriods'), label: 'Periods', type: 'integer' },
      { name: resume('resumePeriodsType'), label: 'Periods are', type: 'select', choices: PERIOD_TYPES },
      {
        name: resume('extendsTerm'),
        label: 'The term ends later by as long as it was suspended',
        type: 'checkbox',
      },
    ],
  },
  renew: {
    type: 'RenewSubscription',
    own: 'renewSubscription',
    title: 'Renew',
    lead: 'A new term of the renewal term’s length begins when the present one ends.',
    statuses: ['Active'],
    effective: 'Contract effective',
    fields: () => [],
  },
  cancel: {
    type: 'CancelSubscription',
    own: 'cancelSubscription',
    title: 'Cancel subscription',
    lead: 'The subscription ends on that day, the first that is not served. What was invoiced beyond it is credited with the next bill.',
    statuses: ['Active', 'Suspended', 'Pending Activation', 'Pending Acceptance'],
    effective: 'Contract effective',
    fields: () => [
      policy(cancel('cancellationPolicy'), [
        ['SpecificDate', 'on a day'],
        ['EndOfCurrentTerm', 'at the end of the term'],
        ['EndOfLastInvoicePeriod', 'at the end of what is invoiced'],
      ]),
      { name: cancel('cancellationEffectiveDate'), label: 'Day', type: 'date' },
    ],
  },
  terms: {
    type: 'TermsAndConditions',
    own: 'termsAndConditions',
    title: 'Change terms and conditions',
    lead: 'What is left empty stays as it is.',
    statuses: ['Active', 'Pending Activation', 'Pending Acceptance'],
    effective: 'Takes effect on',
    fields: () => [
      {
        name: terms('autoRenew'),
        label: 'Renews by itself',
        type: 'select',
        choices: [
          { value: 'true', label: 'Yes' },
          { value: 'false', label: 'No' },
        ],
      },
      {
        name: terms('renewalSetting'),
        label: 'Renews',
        type: 'select',
        choices: [
          { value: 'RENEW_WITH_SPECIFIC_TERM', label: 'for the renewal term' },
          { value: 'RENEW_TO_EVERGREEN', label: 'to evergreen' },
        ],
      },
      { name: terms('renewalTerms[0].period'), label: 'Renewal term', type: 'integer' },
      {
        name: terms('renewalTerms[0].periodType'),
        label: 'Renewal term is in',
        type: 'select',
        choices: PERIOD_TYPES,
      },
      {
        name: terms('lastTerm.termType'),
        label: 'Present term',
        type: 'select',
        choices: choicesOf('TERMED', 'EVERGREEN'),
        hint: 'Required when its dates or length are given.',
      },
      { name: terms('lastTerm.startDate'), label: 'Present term starts', type: 'date' },
      {
        name: terms('lastTerm.endDate'),
        label: 'Present term ends',
        type: 'date',
        hint: 'The first day that is no longer part of it; in place of a length.',
      },
      { name: terms('lastTerm.period'), label: 'Length of the present term', type: 'integer' },
      {
        name: terms('lastTerm.periodType'),
        label: 'Its length is in',
        type: 'select',
        choices: PERIOD_TYPES,
      },
      { name: terms('paymentTerm'), label: 'Payment term' },
      {
        name: terms('clearingExistingPaymentTerm'),
        label: 'Use the payment term of the account',
        type: 'checkbox',
      },
    ],
  },
  'owner-transfer': {
    type: 'OwnerTransfer',
    own: 'ownerTransfer',
    title: 'Transfer to another owner',
    lead: 'The subscription, or its invoices, go to another account from that day on.',
    statuses: ['Active', 'Pending Activation', 'Pending Acceptance'],
    effective: 'Takes effect on',
    fields: ({ accounts }) => [
      {
        name: transfer('destinationAccountNumber'),
        label: 'New subscription owner',
        suggestions: accounts,
        hint: 'Number of the account. Empty: stays.',
      },
      {
        name: transfer('destinationInvoiceAccountNumber'),
        label: 'New invoice owner',
        suggestions: accounts,
        hint: 'Number of the account. Empty: stays.',
      },
    ],
  },
};

/** Changes of rate plans have forms of their own. */
const PRODUCT_CHANGES = {
  'add-product': 'Add product',
  'update-product': 'Update product',
  'remove-product': 'Remove product',
} as const;
const PRODUCT_STATUSES = ['Active', 'Pending Activation', 'Pending Acceptance'];

/** Changes that the subscription's status allows, as words of addresses with their titles. */
export function changesOf(subscription: Json): Array<readonly [string, string]> {
  if (subscription.isLatestVersion === false) return [];
  const products = PRODUCT_STATUSES.includes(subscription.status) ? Object.entries(PRODUCT_CHANGES) : [];
  const others = Object.entries(CHANGE_KINDS).filter(([word, { statuses }]) => {
    if (word === 'renew' && subscription.termType === 'EVERGREEN') return false;
    return statuses.includes(subscription.status);
  });
  return [...products, ...others.map(([word, { title }]) => [word, title] as const)];
}

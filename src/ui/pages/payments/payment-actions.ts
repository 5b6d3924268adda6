import type { Json } from '../../api.ts';
import { choicesOf, type Field } from '../../forms/fields.ts';
import type { ActedOn, ObjectAction } from '../object-actions.tsx';

/** What can be done with payments and refunds, by the state that they are in. */

export const METHOD_TYPES = [
  'ACH',
  'Cash',
  'Check',
  'CreditCard',
  'PayPal',
  'WireTransfer',
  'DebitCard',
  'BankTransfer',
  'Other',
] as const;

const isProcessed = ({ status }: Json) => status === 'Processed';
const isExternal = ({ type }: Json) => type === 'External';

/** Of every refund. */
export const refundFields: readonly Field[] = [
  { name: 'totalAmount', label: 'Amount', type: 'decimal', required: true },
  {
    name: 'type',
    label: 'Type',
    type: 'select',
    required: true,
    choices: [
      { value: 'External', label: 'External: the money was given back by other means' },
      { value: 'Electronic', label: 'Electronic: the gateway gives it back' },
    ],
  },
  {
    name: 'methodType',
    label: 'Method',
    type: 'select',
    choices: choicesOf(...METHOD_TYPES),
    hint: 'How the money went back; needed for an external refund',
  },
  { name: 'refundDate', label: 'Refund date', type: 'date', hint: 'Today when left empty' },
  { name: 'referenceId', label: 'Reference', maxLength: 100 },
  { name: 'reasonCode', label: 'Reason', maxLength: 255 },
  { name: 'comment', label: 'Comment', maxLength: 255 },
];

const descriptions: readonly Field[] = [
  { name: 'referenceId', label: 'Reference', maxLength: 100, whenEmpty: 'text' },
  { name: 'comment', label: 'Comment', maxLength: 255, whenEmpty: 'text' },
];

const described = (shown: Json): Record<string, string> => ({
  referenceId: shown.referenceId ?? '',
  comment: shown.comment ?? '',
});

const toRefund = (reply: Json) => `/refunds/${reply.id}`;

const paymentActions: readonly ObjectAction[] = [
  {
    name: 'refund',
    label: 'Refund',
    hint: 'Gives back what is not applied. What is applied is taken off first: see “Refund and take off”.',
    isOffered: (shown) => isProcessed(shown) && shown.unappliedAmount > 0,
    fields: refundFields,
    initial: (shown) => ({ totalAmount: String(shown.unappliedAmount), type: shown.type }),
    request: (shown, body) => ({ method: 'POST', path: `/v1/payments/${shown.id}/refunds`, body }),
    done: 'The refund is recorded.',
    leadsTo: toRefund,
  },
  {
    name: 'refund-unapply',
    label: 'Refund and take off',
    hint: 'Gives back as much as you say and takes the payment off as many documents as that needs, the last first.',
    isOffered: (shown) => isProcessed(shown) && shown.appliedAmount > 0,
    fields: refundFields.map((field) =>
      field.name === 'totalAmount'
        ? { ...field, required: false, hint: 'All that is left of the payment when empty' }
        : field,
    ),
    initial: ({ type }) => ({ type }),
    request: (shown, body) => ({ method: 'POST', path: `/v1/payments/${shown.id}/refunds/unapply`, body }),
    done: 'The refund is recorded.',
    leadsTo: toRefund,
  },
  {
    name: 'transfer',
    label: 'Transfer',
    hint: 'The payment goes to another account, or to none when the field is left empty. Nothing of it may be applied or refunded.',
    isOffered: (shown) => isProcessed(shown) && shown.unappliedAmount === shown.amount,
    fields: [{ name: 'accountId', label: 'To account (number or id)', maxLength: 100 }],
    request: (shown, body) => ({ method: 'PUT', path: `/v1/payments/${shown.id}/transfer`, body }),
    done: 'The payment is transferred.',
  },
  {
    name: 'edit',
    label: 'Edit',
    hint: 'What is said about the payment.',
    isOffered: () => true,
    fields: descriptions,
    initial: described,
    request: (shown, body) => ({ method: 'PUT', path: `/v1/payments/${shown.id}`, body }),
    done: 'The payment is changed.',
  },
  {
    name: 'cancel',
    label: 'Cancel payment',
    hint: 'The payment never was: it is taken off all documents and leaves the account’s balance.',
    isOffered: (shown) => isProcessed(shown) && isExternal(shown) && shown.refundAmount === 0,
    request: (shown) => ({ method: 'PUT', path: `/v1/payments/${shown.id}/cancel` }),
    done: 'The payment is canceled.',
    kind: 'danger',
  },
  {
    name: 'delete',
    label: 'Delete',
    hint: 'The canceled payment is gone for good.',
    isOffered: ({ status }) => status === 'Canceled',
    request: (shown) => ({ method: 'DELETE', path: `/v1/payments/${shown.id}` }),
    done: 'The payment is deleted.',
    kind: 'danger',
    leadsTo: () => '/payments',
  },
];

export const paymentObject: ActedOn = {
  section: 'payments',
  noun: 'payment',
  title: 'Payments',
  apiPath: '/v1/payments',
  numberOf: (shown) => shown.number,
  actions: paymentActions,
};

const refundActions: readonly ObjectAction[] = [
  {
    name: 'edit',
    label: 'Edit',
    hint: 'What is said about the refund.',
    isOffered: () => true,
    fields: [...descriptions, { name: 'reasonCode', label: 'Reason', maxLength: 255, whenEmpty: 'text' }],
    initial: (shown) => ({ ...described(shown), reasonCode: shown.reasonCode ?? '' }),
    request: (shown, body) => ({ method: 'PUT', path: `/v1/refunds/${shown.id}`, body }),
    done: 'The refund is changed.',
  },
  {
    name: 'cancel',
    label: 'Cancel refund',
    hint: 'The refund never was: its amount is left of the payment or credit memo again.',
    isOffered: (shown) => isProcessed(shown) && isExternal(shown),
    request: (shown) => ({ method: 'PUT', path: `/v1/refunds/${shown.id}/cancel` }),
    done: 'The refund is canceled.',
    kind: 'danger',
  },
  {
    name: 'delete',
    label: 'Delete',
    hint: 'The canceled refund is gone for good.',
    isOffered: ({ status }) => status === 'Canceled',
    request: (shown) => ({ method: 'DELETE', path: `/v1/refunds/${shown.id}` }),
    done: 'The refund is deleted.',
    kind: 'danger',
    leadsTo: () => '/refunds',
  },
];

export const refundObject: ActedOn = {
  section: 'refunds',
  noun: 'refund',
  title: 'Refunds',
  apiPath: '/v1/refunds',
  numberOf: (shown) => shown.number,
  actions: refundActions,
};

import type { Json } from '../../api.ts';
import type { ActedOn, ObjectAction } from '../object-actions.tsx';
import { refundFields } from '../payments/payment-actions.ts';
import { reasonFields } from './invoice-actions.ts';

/** What can be done with credit and debit memos, by the state that they are in. */

const isDraft = ({ status }: Json) => status === 'Draft';
const isPosted = ({ status, reversed }: Json) => status === 'Posted' && !reversed;
/** Nothing of the credit memo is applied or refunded. */
const isWhole = (shown: Json) => isPosted(shown) && shown.appliedAmount === 0 && shown.refundAmount === 0;

const memoDate = {
  name: 'memoDate',
  label: 'Memo date',
  type: 'date',
  hint: 'Today when left empty',
} as const;

interface Kind {
  readonly section: string;
  readonly noun: string;
  readonly posting: string;
  readonly isUntouched: (shown: Json) => boolean;
}

/** What both kinds of memos have alike. */
function statusActions({ section, noun, posting, isUntouched }: Kind): ObjectAction[] {
  const path = (shown: Json, step: string) => `/v1/${section}/${shown.id}/${step}`;
  return [
    {
      name: 'post',
      label: 'Post',
      hint: posting,
      isOffered: isDraft,
      request: (shown) => ({ method: 'PUT', path: path(shown, 'post') }),
      done: `The ${noun} is posted.`,
      kind: 'primary',
      isAtOnce: true,
    },
    {
      name: 'unpost',
      label: 'Unpost',
      hint: `The ${noun} becomes a draft again. Nothing may be applied.`,
      isOffered: isUntouched,
      request: (shown) => ({ method: 'PUT', path: path(shown, 'unpost') }),
      done: `The ${noun} is a draft again.`,
      isAtOnce: true,
    },
    {
      name: 'cancel',
      label: `Cancel memo`,
      hint: `The draft is canceled and keeps its number.`,
      isOffered: isDraft,
      request: (shown) => ({ method: 'PUT', path: path(shown, 'cancel') }),
      done: `The ${noun} is canceled.`,
      kind: 'danger',
    },
    {
      name: 'delete',
      label: 'Delete',
      hint: `The canceled ${noun} is gone for good.`,
      isOffered: ({ status }) => status === 'Canceled',
      request: (shown) => ({ method: 'DELETE', path: `/v1/${section}/${shown.id}` }),
      done: `The ${noun} is deleted.`,
      kind: 'danger',
      leadsTo: () => `/${section}`,
    },
  ];
}

export const creditMemoObject: ActedOn = {
  section: 'credit-memos',
  noun: 'credit memo',
  title: 'Credit memos',
  apiPath: '/v1/credit-memos',
  numberOf: (shown) => shown.number,
  actions: [
    ...statusActions({
      section: 'credit-memos',
      noun: 'credit memo',
      posting: 'A posted credit memo lowers the account’s balance and can be applied or refunded.',
      isUntouched: isWhole,
    }),
    {
      name: 'refund',
      label: 'Refund',
      hint: 'Gives back what is left of the memo.',
      isOffered: (shown) => isPosted(shown) && shown.unappliedAmount > 0,
      fields: [
        ...refundFields,
        {
          name: 'paymentMethodId',
          label: 'Payment method (id)',
          maxLength: 32,
          hint: 'Of an electronic refund; the account’s default when left empty',
        },
      ],
      initial: (shown) => ({ totalAmount: String(shown.unappliedAmount), type: 'External' }),
      request: (shown, body) => ({ method: 'POST', path: `/v1/credit-memos/${shown.id}/refund`, body }),
      done: 'The refund is recorded.',
      leadsTo: (reply) => `/refunds/${reply.id}`,
    },
    {
      name: 'reverse',
      label: 'Reverse',
      hint: 'A debit memo over all of it takes the credit memo back.',
      isOffered: isWhole,
      fields: [
        memoDate,
        {
          name: 'applyEffectiveDate',
          label: 'Applied on',
          type: 'date',
          hint: 'The memo date when left empty',
        },
        ...reasonFields,
      ],
      request: (shown, body) => ({ method: 'PUT', path: `/v1/credit-memos/${shown.id}/reverse`, body }),
      done: 'The credit memo is reversed by a debit memo.',
      kind: 'danger',
    },
    {
      name: 'write-off',
      label: 'Write off',
      hint: 'A debit memo uses up what the credit memo gives. Nothing of it may be applied or refunded.',
      isOffered: isWhole,
      fields: [memoDate, ...reasonFields],
      request: (shown, body) => ({ method: 'PUT', path: `/v1/credit-memos/${shown.id}/write-off`, body }),
      done: 'The credit memo is written off by a debit memo.',
      kind: 'danger',
    },
  ],
};

export const debitMemoObject: ActedOn = {
  section: 'debit-memos',
  noun: 'debit memo',
  title: 'Debit memos',
  apiPath: '/v1/debit-memos',
  numberOf: (shown) => shown.number,
  actions: [
    ...statusActions({
      section: 'debit-memos',
      noun: 'debit memo',
      posting: 'A posted debit memo counts in the account’s balance and can be paid.',
      isUntouched: (shown) => isPosted(shown) && shown.beAppliedAmount === 0,
    }),
    {
      name: 'write-off',
      label: 'Write off',
      hint: 'A credit memo over its balance is applied to it: nothing is open afterwards.',
      isOffered: (shown) => isPosted(shown) && shown.balance > 0,
      fields: [memoDate, ...reasonFields],
      request: (shown, body) => ({ method: 'PUT', path: `/v1/debit-memos/${shown.id}/write-off`, body }),
      done: 'The balance is written off by a credit memo.',
      kind: 'danger',
    },
  ],
};

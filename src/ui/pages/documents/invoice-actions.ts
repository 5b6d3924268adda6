import type { Json } from '../../api.ts';
import type { Field } from '../../forms/fields.ts';
import type { ActedOn, ObjectAction } from '../object-actions.tsx';

/** What can be done with an invoice, by the state that it is in. */

export const reasonFields: readonly Field[] = [
  { name: 'reasonCode', label: 'Reason', maxLength: 255 },
  { name: 'comment', label: 'Comment', maxLength: 255 },
];

const isDraft = ({ status }: Json) => status === 'Draft';
const isPosted = ({ status, reversed }: Json) => status === 'Posted' && !reversed;
const isOpen = (shown: Json) => isPosted(shown) && shown.balance > 0;
const isUntouched = (shown: Json) =>
  isPosted(shown) && shown.paymentAmount === 0 && shown.creditMemoAmount === 0;

const statusChange = (status: string) => (shown: Json) =>
  ({ method: 'PUT', path: `/v1/object/invoice/${shown.id}`, body: { Status: status } }) as const;

const actions: readonly ObjectAction[] = [
  {
    name: 'post',
    label: 'Post',
    hint: 'A posted invoice counts in the account’s balance and can be paid.',
    isOffered: isDraft,
    request: statusChange('Posted'),
    done: 'The invoice is posted: it counts in the balance and can be paid.',
    kind: 'primary',
    isAtOnce: true,
  },
  {
    name: 'unpost',
    label: 'Unpost',
    hint: 'The invoice becomes a draft again and leaves the account’s balance. Nothing may be applied to it.',
    isOffered: isUntouched,
    request: (shown) => ({ method: 'PUT', path: `/v1/invoices/${shown.id}/unpost` }),
    done: 'The invoice is a draft again.',
    isAtOnce: true,
  },
  {
    name: 'reverse',
    label: 'Reverse',
    hint: 'A credit memo over all of it takes the invoice back, and what it billed can be billed anew. Take off payments and credit memos first.',
    isOffered: isUntouched,
    fields: [
      { name: 'memoDate', label: 'Memo date', type: 'date', hint: 'Today when left empty' },
      {
        name: 'applyEffectiveDate',
        label: 'Applied on',
        type: 'date',
        hint: 'The memo date when left empty',
      },
      ...reasonFields,
    ],
    request: (shown, body) => ({ method: 'PUT', path: `/v1/invoices/${shown.id}/reverse`, body }),
    done: 'The invoice is reversed by a credit memo. If it has very many lines, the memo gets its own a little later.',
    kind: 'danger',
  },
  {
    name: 'write-off',
    label: 'Write off',
    hint: 'A credit memo over its balance is applied to it: nothing is open afterwards.',
    isOffered: isOpen,
    fields: [
      { name: 'memoDate', label: 'Memo date', type: 'date', hint: 'Today when left empty' },
      ...reasonFields,
    ],
    request: (shown, body) => ({ method: 'PUT', path: `/v1/invoices/${shown.id}/write-off`, body }),
    done: 'The balance is written off by a credit memo.',
    kind: 'danger',
  },
  {
    name: 'cancel',
    label: 'Cancel invoice',
    hint: 'The draft is canceled and keeps its number. What it billed can be billed anew.',
    isOffered: isDraft,
    request: statusChange('Canceled'),
    done: 'The invoice is canceled.',
    kind: 'danger',
  },
  {
    name: 'delete',
    label: 'Delete',
    hint: 'The invoice and its lines are gone for good. What a draft billed can be billed anew.',
    isOffered: ({ status }) => status === 'Draft' || status === 'Canceled',
    request: (shown) => ({ method: 'DELETE', path: `/v1/invoices/${shown.id}` }),
    done: 'The invoice is deleted. If it has very many lines, they go a little later.',
    kind: 'danger',
    leadsTo: () => '/invoices',
  },
];

export const invoiceObject: ActedOn = {
  section: 'invoices',
  noun: 'invoice',
  title: 'Invoices',
  apiPath: '/v1/invoices',
  numberOf: (shown) => shown.invoiceNumber,
  actions,
};

/** Whether something can be applied to it. */
export const isOpenInvoice = isOpen;
/** Whether memos can be made from it. */
export const isPostedInvoice = isPosted;
/** Whether its dates and lines can be changed; a posted one takes a due date and comments. */
export const isChangeableInvoice = ({ status }: Json) => status === 'Draft' || status === 'Posted';

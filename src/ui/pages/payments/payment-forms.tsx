import type { Hono } from 'hono';
import { encoded, type Json, type PageApi } from '../../api.ts';
import {
  AmountRows,
  amountFields,
  nameOfAmount,
  problemsOfAmounts,
  typedAmounts,
} from '../../forms/amount-rows.tsx';
import { bodyOf, type Choice, choicesOf, initialValues, type Section } from '../../forms/fields.ts';
import { Form, keyOf } from '../../forms/form.tsx';
import type { FormValues } from '../../forms/form-values.ts';
import type { Problem } from '../../forms/problems.ts';
import { page } from '../../layout.tsx';
import { findAccountId } from '../../lists/account-parts.tsx';
import type { PageContext, PageEnv } from '../../page-env.ts';
import { accountNumberOf, suggestedAccounts } from '../documents/suggestions.ts';
import { afterDoing, mayWrite } from '../object-actions.tsx';
import { ReadersOnly } from '../readers-only.tsx';
import {
  DOCUMENT_COLUMNS,
  type DocumentKind,
  documentRows,
  type OpenDocument,
  partsOf,
  readDocument,
  readOpenDocuments,
} from './open-documents.tsx';
import { METHOD_TYPES } from './payment-actions.ts';

/** A button of this name shows the form again, with the open documents of the account that was typed. */
const LOOK_FIELD = '_look';
/** Payment methods that one form offers. */
const METHODS_OFFERED_MAX = 50;

interface Offered {
  readonly accounts: readonly Choice[];
  readonly methods: readonly Choice[];
  readonly documents: readonly OpenDocument[];
}

function sectionsOf({ accounts, methods }: Pick<Offered, 'accounts' | 'methods'>): Section[] {
  return [
    {
      title: 'Payment',
      fields: [
        {
          name: 'accountNumber',
          label: 'Account number',
          suggestions: accounts,
          hint: 'Without one the payment is unassigned until it is transferred',
          alsoNamed: ['accountId'],
        },
        { name: 'amount', label: 'Amount', type: 'decimal', required: true },
        { name: 'currency', label: 'Currency', required: true, maxLength: 3 },
        {
          name: 'effectiveDate',
          label: 'Effective date',
          type: 'date',
          hint: 'Today when left empty',
        },
        { name: 'referenceId', label: 'Reference', maxLength: 100, hint: 'Of the bank, or on the cheque' },
        { name: 'comment', label: 'Comment', maxLength: 255 },
      ],
    },
    {
      title: 'How it is paid',
      fields: [
        {
          name: 'type',
          label: 'Type',
          type: 'select',
          required: true,
          initial: 'External',
          choices: [
            { value: 'External', label: 'External: the money is here already' },
            { value: 'Electronic', label: 'Electronic: charge a payment method' },
          ],
        },
        {
          name: 'paymentMethodType',
          label: 'Came by',
          type: 'select',
          choices: choicesOf(...METHOD_TYPES),
          hint: 'Of an external payment',
        },
        {
          name: 'paymentMethodId',
          label: 'Payment method',
          type: 'select',
          choices: methods,
          hint: 'Of an electronic payment; the account’s default when left empty',
        },
      ],
    },
  ];
}

export function paymentFormRoutes(app: Hono<PageEnv>, apiOf: (c: PageContext) => PageApi): void {
  app.get('/payments/new', async (c) => {
    const api = apiOf(c);
    const named = await namedDocument(c, api);
    const accountNumber = await accountNumberOf(api, named?.accountId ?? c.req.query('account'));
    const fields = sectionsOf({ accounts: [], methods: [] }).flatMap((section) => section.fields);
    const values = initialValues(fields, {
      accountNumber,
      currency: named?.currency ?? (await currencyOf(api, accountNumber)),
      ...(named === null
        ? {}
        : {
            amount: String(named.amount),
            [nameOfAmount({ list: named.kind, id: named.id })]: String(named.amount),
          }),
    });
    return showForm(c, api, values, named);
  });
  app.post('/payments/new', (c) => createPayment(c, apiOf(c)));
}

/** The document that a link to the form names. */
async function namedDocument(c: PageContext, api: PageApi) {
  const [invoice, memo] = [c.req.query('invoice'), c.req.query('debit-memo')];
  if (invoice) return readDocument(api, 'invoices', invoice);
  return memo ? readDocument(api, 'debitMemos', memo) : null;
}

async function currencyOf(api: PageApi, accountNumber: string): Promise<string> {
  if (accountNumber === '') return '';
  const reply = await api.get(`/object-query/accounts/${encoded(accountNumber)}?fields[]=currency`);
  return reply.isOk ? reply.body.currency : '';
}

async function offeredFor(api: PageApi, values: FormValues): Promise<Offered> {
  const key = values.text('accountNumber');
  const [accounts, accountId] = await Promise.all([
    suggestedAccounts(api),
    key === '' ? null : findAccountId(api, key),
  ]);
  if (accountId === null) return { accounts, methods: [], documents: [] };
  const [methods, documents] = await Promise.all([
    methodsOf(api, accountId),
    readOpenDocuments(api, accountId),
  ]);
  return { accounts, methods, documents };
}

async function methodsOf(api: PageApi, accountId: string): Promise<Choice[]> {
  const query = `filter[]=accountid.EQ:${accountId}&filter[]=active.EQ:true&pageSize=${METHODS_OFFERED_MAX}`;
  const { data } = await api.read(`/object-query/payment-methods?${query}`);
  return data.map((method: Json) => {
    const digits = method.creditCardMaskNumber ?? method.achAccountNumberMask ?? '';
    return { value: method.id, label: `${method.type} ${digits}`.trim() };
  });
}

async function showForm(
  c: PageContext,
  api: PageApi,
  values: FormValues,
  named: OpenDocument | null,
  problems: readonly Problem[] = [],
): Promise<Response> {
  const offered = await offeredFor(api, values);
  const isMissing = named !== null && !offered.documents.some(({ id }) => id === named.id);
  const rows = documentRows(c, isMissing ? [named, ...offered.documents] : offered.documents);
  return page(
    c,
    {
      title: 'New payment',
      crumbs: [{ label: 'Payments', path: '/payments' }],
      status: problems.length > 0 ? 400 : 200,
    },
    mayWrite(c) ? (
      <Form
        c={c}
        action="/payments/new"
        sections={sectionsOf(offered)}
        values={values}
        problems={problems}
        childFields={amountFields(rows)}
        submit="Create payment"
        cancel="/payments"
        buttons={
          <button type="submit" name={LOOK_FIELD} value="1" formnovalidate>
            Show the account’s open documents
          </button>
        }
      >
        <AmountRows
          caption="Open documents of the account, oldest first"
          columns={DOCUMENT_COLUMNS('Balance')}
          amountTitle="Apply"
          rows={rows}
          values={values}
          problems={problems}
          empty={
            <p>
              Name an account and show its open documents to apply the payment at once; or apply it later from
              its page.
            </p>
          }
        />
      </Form>
    ) : (
      <ReadersOnly />
    ),
  );
}

async function createPayment(c: PageContext, api: PageApi): Promise<Response> {
  const values = c.get('form');
  if (values.has(LOOK_FIELD)) return showForm(c, api, values, null);
  const fields = sectionsOf({ accounts: [], methods: [] }).flatMap((section) => section.fields);
  const typed = [...typedAmounts(values, 'invoices'), ...typedAmounts(values, 'debitMemos')];
  const { paymentMethodType, paymentMethodId, ...body } = bodyOf(fields, values);
  const isElectronic = body.type === 'Electronic';
  const method = isElectronic ? { paymentMethodId } : { paymentMethodType };
  const reply = await api.send('POST', '/v1/payments', {
    body: { ...body, ...method, ...partsOf(typed) },
    key: keyOf(c),
  });
  if (!reply.isOk) {
    const first = typed[0];
    // The document that the page was opened for stays among the rows.
    const named = first === undefined ? null : await readDocument(api, first.list as DocumentKind, first.id);
    return showForm(c, api, values, named, problemsOfAmounts(reply, fields, typed));
  }
  return c.redirect(afterDoing(`/payments/${encoded(reply.body.id)}`, 'created'), 303);
}

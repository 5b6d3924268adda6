import type { Hono } from 'hono';
import { encoded, type Json, type PageApi } from '../../api.ts';
import {
  type AmountRow,
  AmountRows,
  amountFields,
  problemsOfAmounts,
  typedAmounts,
  wireAmount,
} from '../../forms/amount-rows.tsx';
import { bodyOf, type Field, initialValues, type Section } from '../../forms/fields.ts';
import { Form, keyOf } from '../../forms/form.tsx';
import type { FormValues } from '../../forms/form-values.ts';
import { type Problem, problem, problemsOf } from '../../forms/problems.ts';
import {
  afterRowButton,
  inOrder,
  RowFields,
  type RowGroup,
  rowFieldsOf,
  withRow,
} from '../../forms/row-fields.tsx';
import { page } from '../../layout.tsx';
import type { PageContext, PageEnv } from '../../page-env.ts';
import { type ActedOn, afterDoing, mayWrite } from '../object-actions.tsx';
import { ReadersOnly } from '../readers-only.tsx';
import { firstLines, LINES_IN_FORM, servicePeriod } from './document-parts.tsx';
import { accountNumberOf, suggestedAccounts, suggestedCharges } from './suggestions.ts';

/** New credit and debit memos: from charges of the catalog, or from lines of an invoice. */

export type MemoSection = 'credit-memos' | 'debit-memos';

const CHARGES = 'charges';
const ITEMS = 'items';
/** Hidden field of a form that is about an invoice. */
const INVOICE_FIELD = '_invoice';

const ofEveryMemo: readonly Field[] = [
  { name: 'effectiveDate', label: 'Memo date', type: 'date', hint: 'Today when left empty' },
  { name: 'reasonCode', label: 'Reason', maxLength: 255, placeholder: 'Correcting invoice error' },
  { name: 'comment', label: 'Comment', maxLength: 255 },
  { name: 'autoPost', label: 'Post it at once', type: 'checkbox', hint: 'Otherwise it is a draft' },
];

function headOf(section: MemoSection, accounts: Field['suggestions']): Section {
  return {
    title: 'Memo',
    fields: [
      {
        name: 'accountNumber',
        label: 'Account number',
        required: true,
        ...(accounts === undefined ? {} : { suggestions: accounts }),
        alsoNamed: ['accountId'],
      },
      { name: 'currency', label: 'Currency', hint: 'The account’s when left empty', maxLength: 3 },
      ...ofEveryMemo,
      ...(section === 'debit-memos'
        ? [{ name: 'dueDate', label: 'Due date', type: 'date', hint: 'By the payment term' } as const]
        : []),
    ],
  };
}

function headOfInvoice(section: MemoSection): Section {
  return {
    title: 'Memo',
    fields: [
      ...ofEveryMemo,
      ...(section === 'credit-memos'
        ? [
            {
              name: 'autoApplyToInvoiceUponPosting',
              label: 'Apply it to the invoice when it is posted',
              type: 'checkbox',
            } as const,
          ]
        : []),
    ],
  };
}

function chargesOf(charges: Field['suggestions']): RowGroup {
  return {
    name: CHARGES,
    title: 'Charges',
    rowName: 'Charge',
    addLabel: 'Add a charge',
    rowsMin: 1,
    fieldsOf: (row) => [
      {
        name: `${CHARGES}[${row}].productRatePlanChargeId`,
        label: 'Charge of the catalog',
        required: true,
        ...(charges === undefined ? {} : { suggestions: charges }),
        alsoNamed: [`${CHARGES}[${row}].chargeId`],
      },
      { name: `${CHARGES}[${row}].amount`, label: 'Amount', type: 'decimal', required: true },
      { name: `${CHARGES}[${row}].quantity`, label: 'Quantity', type: 'decimal' },
      { name: `${CHARGES}[${row}].serviceStartDate`, label: 'Service from', type: 'date' },
      { name: `${CHARGES}[${row}].serviceEndDate`, label: 'Service to', type: 'date' },
      { name: `${CHARGES}[${row}].comment`, label: 'Comment', maxLength: 255 },
    ],
  };
}

export function memoFormRoutes(
  app: Hono<PageEnv>,
  apiOf: (c: PageContext) => PageApi,
  section: MemoSection,
  object: ActedOn,
): void {
  app.get(`/${section}/new`, async (c) => {
    const api = apiOf(c);
    const invoice = c.req.query('invoice');
    if (invoice) {
      const shown = await readInvoice(api, invoice);
      return showOfInvoice(c, object, section, shown, initialValues(headOfInvoice(section).fields));
    }
    const accountNumber = await accountNumberOf(api, c.req.query('account'));
    const values = initialValues(headOf(section, []).fields, { accountNumber });
    return showOfCharges(c, api, object, section, withRow(values, chargesOf([]), 0));
  });
  app.post(`/${section}/new`, (c) => {
    const isOfInvoice = c.get('form').text(INVOICE_FIELD) !== '';
    return (isOfInvoice ? createFromInvoice : createFromCharges)(c, apiOf(c), object, section);
  });
}

async function createFromCharges(
  c: PageContext,
  api: PageApi,
  object: ActedOn,
  section: MemoSection,
): Promise<Response> {
  const group = chargesOf([]);
  const stepped = afterRowButton(c.get('form'), [group]);
  if (stepped !== null) return showOfCharges(c, api, object, section, stepped);
  const values = inOrder(c.get('form'), CHARGES);
  const fields = [...headOf(section, []).fields, ...rowFieldsOf(group, values)];
  const reply = await api.send('POST', object.apiPath, { body: bodyOf(fields, values), key: keyOf(c) });
  if (!reply.isOk) return showOfCharges(c, api, object, section, values, problemsOf(reply, fields));
  return c.redirect(afterDoing(`/${section}/${encoded(reply.body.id)}`, 'created'), 303);
}

async function showOfCharges(
  c: PageContext,
  api: PageApi,
  object: ActedOn,
  section: MemoSection,
  values: FormValues,
  problems: readonly Problem[] = [],
): Promise<Response> {
  const [accounts, charges] = await Promise.all([suggestedAccounts(api), suggestedCharges(api)]);
  const group = chargesOf(charges);
  return page(
    c,
    {
      title: `New ${object.noun}`,
      crumbs: [{ label: object.title, path: `/${section}` }],
      status: problems.length > 0 ? 400 : 200,
    },
    mayWrite(c) ? (
      <Form
        c={c}
        action={`/${section}/new`}
        sections={[headOf(section, accounts)]}
        values={values}
        problems={problems}
        childFields={rowFieldsOf(group, values)}
        submit={`Create ${object.noun}`}
        cancel={`/${section}`}
      >
        <p class="hint">A memo about an invoice is made on the invoice’s page.</p>
        <RowFields group={group} values={values} problems={problems} />
      </Form>
    ) : (
      <ReadersOnly />
    ),
  );
}

/** An invoice with the lines that a memo can be about. */
async function readInvoice(api: PageApi, key: string): Promise<Json> {
  const path = `/v1/invoices/${encoded(key)}`;
  const [invoice, items] = await Promise.all([
    api.read(path),
    firstLines(api, `${path}/items`, 'invoiceItems'),
  ]);
  return { ...invoice, items };
}

async function createFromInvoice(
  c: PageContext,
  api: PageApi,
  object: ActedOn,
  section: MemoSection,
): Promise<Response> {
  const values = c.get('form');
  const invoice = await readInvoice(api, values.text(INVOICE_FIELD));
  const { fields } = headOfInvoice(section);
  const typed = typedAmounts(values, ITEMS);
  const names = new Map<string, string>(invoice.items.map(({ id, chargeName }: Json) => [id, chargeName]));
  const again = (problems: readonly Problem[]) =>
    showOfInvoice(c, object, section, invoice, values, problems);
  if (typed.length === 0) return again([problem(null, 'Type an amount for at least one line.')]);
  const items = typed.map(({ id, amount }) => ({
    invoiceItemId: id,
    skuName: names.get(id) ?? id,
    amount: wireAmount(amount),
  }));
  const reply = await api.send('POST', `${object.apiPath}/invoice/${encoded(invoice.id)}`, {
    body: { ...bodyOf(fields, values), items },
    key: keyOf(c),
  });
  if (!reply.isOk) return again(problemsOfAmounts(reply, fields, typed));
  return c.redirect(afterDoing(`/${section}/${encoded(reply.body.id)}`, 'created'), 303);
}

function showOfInvoice(
  c: PageContext,
  object: ActedOn,
  section: MemoSection,
  invoice: Json,
  values: FormValues,
  problems: readonly Problem[] = [],
): Response | Promise<Response> {
  const rows = lineRows(c, section, invoice);
  const path = `/invoices/${invoice.id}`;
  return page(
    c,
    {
      title: `New ${object.noun} from invoice ${invoice.invoiceNumber}`,
      crumbs: [
        { label: 'Invoices', path: '/invoices' },
        { label: invoice.invoiceNumber, path },
      ],
      status: problems.length > 0 ? 400 : 200,
    },
    mayWrite(c) ? (
      <Form
        c={c}
        action={`/${section}/new`}
        sections={[headOfInvoice(section)]}
        values={values}
        problems={problems}
        childFields={amountFields(rows)}
        submit={`Create ${object.noun}`}
        cancel={path}
      >
        <input type="hidden" name={INVOICE_FIELD} value={invoice.id} />
        <p class="hint">
          Type an amount for the lines that the memo is about. Of a long invoice the first {LINES_IN_FORM}{' '}
          lines are here.
        </p>
        <AmountRows
          caption={`Lines of invoice ${invoice.invoiceNumber}`}
          columns={[
            { title: 'Charge' },
            { title: 'Service', isWideOnly: true },
            { title: 'Amount', isNumber: true, isWideOnly: true },
            { title: section === 'credit-memos' ? 'Left to credit' : 'Open', isNumber: true },
          ]}
          amountTitle={section === 'credit-memos' ? 'Credit' : 'Debit'}
          rows={rows}
          values={values}
          problems={problems}
          empty={<p>The invoice has no lines.</p>}
        />
      </Form>
    ) : (
      <ReadersOnly />
    ),
  );
}

function lineRows(c: PageContext, section: MemoSection, invoice: Json): AmountRow[] {
  const format = c.get('format');
  return invoice.items.map((line: Json): AmountRow => {
    const left = section === 'credit-memos' ? line.availableToCreditAmount : line.balance;
    return {
      list: ITEMS,
      id: line.id,
      label: `Amount for ${line.chargeName} ${line.serviceStartDate}`,
      cells: [
        line.chargeName,
        servicePeriod(c, line),
        format.amount(line.chargeAmount, invoice.currency),
        format.amount(left, invoice.currency),
      ],
    };
  });
}

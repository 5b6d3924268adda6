import type { Hono } from 'hono';
import { encoded, type Json, type PageApi } from '../../api.ts';
import {
  bodyOf,
  choicesOf,
  type Field,
  initialValues,
  type Section,
  valuesFrom,
} from '../../forms/fields.ts';
import { Form, keyOf } from '../../forms/form.tsx';
import { FormValues } from '../../forms/form-values.ts';
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
import { afterDoing, mayWrite, readObject } from '../object-actions.tsx';
import { ReadersOnly } from '../readers-only.tsx';
import { CANNOT_BE_EMPTIED, emptiedDates, firstLines, LINES_IN_FORM } from './document-parts.tsx';
import { invoiceObject } from './invoice-actions.ts';
import { accountNumberOf, suggestedAccounts, suggestedCharges, today } from './suggestions.ts';

const ITEMS = 'invoiceItems';
/** Ids of the lines that the form began with: of one that is no row any more, that it was taken out. */
const HAD_FIELD = '_had';
/** Of a line, what its fields began with: only what differs is sent, since a given amount wins over a new quantity. */
const WAS = 'was';

function headOf(accounts: Field['suggestions']): Section {
  return {
    title: 'Invoice',
    fields: [
      {
        name: 'accountNumber',
        label: 'Account number',
        required: true,
        ...(accounts === undefined ? {} : { suggestions: accounts }),
        alsoNamed: ['accountId'],
      },
      { name: 'invoiceDate', label: 'Invoice date', type: 'date', required: true, initial: today() },
      {
        name: 'dueDate',
        label: 'Due date',
        type: 'date',
        hint: 'By the account’s payment term when left empty',
      },
      { name: 'currency', label: 'Currency', hint: 'The account’s when left empty', maxLength: 3 },
      {
        name: 'status',
        label: 'Status',
        type: 'select',
        required: true,
        choices: choicesOf('Draft', 'Posted'),
        initial: 'Draft',
        hint: 'A draft can be changed until it is posted',
      },
      {
        name: 'invoiceNumber',
        label: 'Invoice number',
        hint: 'The next of the range when left empty',
        maxLength: 32,
      },
      { name: 'autoPay', label: 'Picked up by payment runs', type: 'checkbox' },
      { name: 'comments', label: 'Comments', type: 'textarea', rows: 2, maxLength: 255 },
    ],
  };
}

function itemsOf(charges: Field['suggestions']): RowGroup {
  return {
    name: ITEMS,
    title: 'Items',
    rowName: 'Item',
    addLabel: 'Add an item',
    rowsMin: 1,
    fieldsOf: (row) => [
      {
        name: `${ITEMS}[${row}].chargeName`,
        label: 'What is charged',
        hint: 'The charge’s name when left empty',
        maxLength: 255,
      },
      {
        name: `${ITEMS}[${row}].productRatePlanChargeId`,
        label: 'Charge of the catalog',
        ...(charges === undefined ? {} : { suggestions: charges }),
      },
      { name: `${ITEMS}[${row}].quantity`, label: 'Quantity', type: 'decimal', hint: '1 when left empty' },
      { name: `${ITEMS}[${row}].unitPrice`, label: 'Unit price', type: 'decimal' },
      {
        name: `${ITEMS}[${row}].amount`,
        label: 'Amount',
        type: 'decimal',
        hint: 'Quantity × unit price when left empty',
      },
      {
        name: `${ITEMS}[${row}].serviceStartDate`,
        label: 'Service from',
        type: 'date',
        required: true,
        initial: today(),
      },
      { name: `${ITEMS}[${row}].serviceEndDate`, label: 'Service to', type: 'date' },
      { name: `${ITEMS}[${row}].description`, label: 'Description', maxLength: 500 },
    ],
  };
}

export function invoiceFormRoutes(app: Hono<PageEnv>, apiOf: (c: PageContext) => PageApi): void {
  app.get('/invoices/new', async (c) => {
    const api = apiOf(c);
    const accountNumber = await accountNumberOf(api, c.req.query('account'));
    return showNew(c, api, withRow(initialValues(headOf([]).fields, { accountNumber }), itemsOf([]), 0));
  });
  app.post('/invoices/new', (c) => createInvoice(c, apiOf(c)));
  app.get('/invoices/:id/edit', async (c) => {
    const api = apiOf(c);
    const invoice = await readObject(c, api, invoiceObject);
    const lines = await changeableLines(api, invoice);
    const shown = {
      ...valuesFrom(changedHead(invoice).fields, invoice),
      ...valuesFrom(
        lines.flatMap((_, row) => changedLine(row)),
        { [ITEMS]: lines.map((line) => ({ ...line, [WAS]: line })) },
      ),
    };
    const had = lines.map(({ id }): [string, string] => [HAD_FIELD, id]);
    return showEdit(c, invoice, new FormValues([...Object.entries(shown), ...had]));
  });
  app.post('/invoices/:id/edit', (c) => changeInvoice(c, apiOf(c)));
}

async function showNew(
  c: PageContext,
  api: PageApi,
  values: FormValues,
  problems: readonly Problem[] = [],
): Promise<Response> {
  const [accounts, charges] = await Promise.all([suggestedAccounts(api), suggestedCharges(api)]);
  const group = itemsOf(charges);
  return page(
    c,
    {
      title: 'New invoice',
      crumbs: [{ label: 'Invoices', path: '/invoices' }],
      status: problems.length > 0 ? 400 : 200,
    },
    mayWrite(c) ? (
      <Form
        c={c}
        action="/invoices/new"
        sections={[headOf(accounts)]}
        values={values}
        problems={problems}
        childFields={rowFieldsOf(group, values)}
        submit="Create invoice"
        cancel="/invoices"
      >
        <RowFields group={group} values={values} problems={problems} />
      </Form>
    ) : (
      <ReadersOnly />
    ),
  );
}

async function createInvoice(c: PageContext, api: PageApi): Promise<Response> {
  const group = itemsOf([]);
  const stepped = afterRowButton(c.get('form'), [group]);
  if (stepped !== null) return showNew(c, api, stepped);
  const values = inOrder(c.get('form'), ITEMS);
  const fields = [...headOf([]).fields, ...rowFieldsOf(group, values)];
  const reply = await api.send('POST', '/v1/invoices', { body: bodyOf(fields, values), key: keyOf(c) });
  if (!reply.isOk) return showNew(c, api, values, problemsOf(reply, fields));
  return c.redirect(afterDoing(`/invoices/${encoded(reply.body.id)}`, 'created'), 303);
}

/** What of an invoice's head can be changed: all of a draft, little of a posted one. */
function changedHead({ status }: Json): Section {
  const isDraft = status === 'Draft';
  return {
    title: 'Invoice',
    ...(isDraft ? {} : { hint: 'The invoice is posted: its date and lines stay. Unpost it to change them.' }),
    fields: [
      ...(isDraft
        ? [{ name: 'invoiceDate', label: 'Invoice date', type: 'date', required: true } as const]
        : []),
      { name: 'dueDate', label: 'Due date', type: 'date' },
      { name: 'autoPay', label: 'Picked up by payment runs', type: 'checkbox' },
      { name: 'comments', label: 'Comments', type: 'textarea', rows: 2, maxLength: 255, whenEmpty: 'text' },
    ],
  };
}

function editedFields(row: number): Field[] {
  return [
    { name: `${ITEMS}[${row}].chargeName`, label: 'What is charged', maxLength: 255 },
    { name: `${ITEMS}[${row}].quantity`, label: 'Quantity', type: 'decimal' },
    { name: `${ITEMS}[${row}].amount`, label: 'Amount', type: 'decimal' },
    {
      name: `${ITEMS}[${row}].serviceStartDate`,
      label: 'Service from',
      type: 'date',
      required: true,
      initial: today(),
    },
    { name: `${ITEMS}[${row}].serviceEndDate`, label: 'Service to', type: 'date' },
  ];
}

const idOfLine = (row: number): Field => ({ name: `${ITEMS}[${row}].id`, label: 'Id', type: 'hidden' });

/** Of invoiceItems[0].quantity invoiceItems[0].was.quantity. */
const nameOfWas = ({ name }: Field) => name.replace(/\.(\w+)$/, `.${WAS}.$1`);

function changedLine(row: number): Field[] {
  const edited = editedFields(row);
  const was = edited.map((field): Field => ({ name: nameOfWas(field), label: field.label, type: 'hidden' }));
  return [idOfLine(row), ...edited, ...was];
}

/** What is new about a line, or a whole new one. */
function changeOfLine(row: number, values: FormValues): Json {
  const differs = (field: Field) => values.text(field.name) !== values.text(nameOfWas(field));
  const fields = [idOfLine(row), ...editedFields(row).filter(differs)];
  return bodyOf(fields, values)[ITEMS]?.[0] ?? {};
}

/** The API has no way to take a value away. An amount without a value is made anew where the quantity is a new one. */
function emptiedOfLine(row: number, values: FormValues): Problem[] {
  const text = (name: string) => values.text(`${ITEMS}[${row}].${name}`);
  const isRepriced = text('quantity') !== '' && text('quantity') !== text(`${WAS}.quantity`);
  return editedFields(row)
    .filter(({ name }) => !(isRepriced && name.endsWith('.amount')))
    .filter((field) => values.text(field.name) === '' && values.text(nameOfWas(field)) !== '')
    .map(({ name }) => problem(name, CANNOT_BE_EMPTIED));
}

const changedLines: RowGroup = {
  name: ITEMS,
  title: 'Lines',
  rowName: 'Line',
  addLabel: 'Add a line',
  fieldsOf: changedLine,
};

/** Lines that somebody wrote; those that bill a subscription stay as they are billed. */
async function changeableLines(api: PageApi, { id, status }: Json): Promise<Json[]> {
  if (status !== 'Draft') return [];
  const lines = await firstLines(api, `/v1/invoices/${encoded(id)}/items`, 'invoiceItems');
  return lines
    .filter(({ sourceItemType }: Json) => sourceItemType !== 'SubscriptionComponent')
    .map((line: Json) => ({ ...line, amount: line.chargeAmount }));
}

function showEdit(
  c: PageContext,
  invoice: Json,
  values: FormValues,
  problems: readonly Problem[] = [],
): Response | Promise<Response> {
  const path = `/invoices/${invoice.id}`;
  return page(
    c,
    {
      title: `Edit invoice ${invoice.invoiceNumber}`,
      crumbs: [
        { label: 'Invoices', path: '/invoices' },
        { label: invoice.invoiceNumber, path },
      ],
      status: problems.length > 0 ? 400 : 200,
    },
    mayWrite(c) ? (
      <Form
        c={c}
        action={`${path}/edit`}
        sections={[changedHead(invoice)]}
        values={values}
        problems={problems}
        childFields={rowFieldsOf(changedLines, values)}
        submit="Save"
        cancel={path}
      >
        {invoice.status === 'Draft' ? (
          <>
            <p class="hint">
              Lines that bill a subscription are not among these: cancel the draft to bill them anew. Of a
              long invoice the first {LINES_IN_FORM} lines are looked at.
            </p>
            {values.all(HAD_FIELD).map((id) => (
              <input type="hidden" name={HAD_FIELD} value={id} />
            ))}
            <RowFields group={changedLines} values={values} problems={problems} />
          </>
        ) : null}
      </Form>
    ) : (
      <ReadersOnly />
    ),
  );
}

async function changeInvoice(c: PageContext, api: PageApi): Promise<Response> {
  const invoice = await readObject(c, api, invoiceObject);
  const stepped = afterRowButton(c.get('form'), [changedLines]);
  if (stepped !== null) return showEdit(c, invoice, stepped);
  const values = inOrder(c.get('form'), ITEMS);
  const head = changedHead(invoice).fields;
  const fields = [...head, ...rowFieldsOf(changedLines, values)];
  const numbers = values.rowsOf(ITEMS);
  const emptied = [
    ...emptiedDates(head, values, invoice),
    ...numbers.flatMap((row) => emptiedOfLine(row, values)),
  ];
  if (emptied.length > 0) return showEdit(c, invoice, values, emptied);
  const body = bodyOf(head, values);
  const rows = numbers.map((row) => changeOfLine(row, values));
  const removed = values.all(HAD_FIELD).filter((id) => !rows.some((row) => row.id === id));
  const items = [...rows, ...removed.map((id) => ({ id, spillwayRemove: true }))];
  const path = `/v1/invoices/${encoded(invoice.id)}`;
  const reply = await api.send('PUT', path, {
    body: items.length === 0 ? body : { ...body, [ITEMS]: items },
    key: keyOf(c),
  });
  if (!reply.isOk) return showEdit(c, invoice, values, problemsOf(reply, fields));
  return c.redirect(afterDoing(`/invoices/${encoded(invoice.id)}`, 'edited'), 303);
}

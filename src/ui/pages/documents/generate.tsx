import type { Hono } from 'hono';
import { encoded, type Json, type PageApi } from '../../api.ts';
import { Card } from '../../components/parts.tsx';
import { type Column, Table } from '../../components/table.tsx';
import { bodyOf, type Field, initialValues, type Section } from '../../forms/fields.ts';
import { Form, keyOf } from '../../forms/form.tsx';
import type { FormValues } from '../../forms/form-values.ts';
import { type Problem, problemsOf } from '../../forms/problems.ts';
import { page } from '../../layout.tsx';
import type { PageContext, PageEnv } from '../../page-env.ts';
import { afterDoing, mayWrite } from '../object-actions.tsx';
import { ReadersOnly } from '../readers-only.tsx';
import { SubscriptionLink, servicePeriod } from './document-parts.tsx';
import { accountNumberOf, suggestedAccounts, today } from './suggestions.ts';

/** Billing one account now: a look at what that comes to, then the invoices. */

const PREVIEW_FIELD = '_preview';
/** Lines of a preview that the page shows. */
const LINES_SHOWN = 200;

function sectionOf(accounts: Field['suggestions']): Section {
  return {
    title: 'What is billed',
    fields: [
      {
        name: 'accountNumber',
        label: 'Account number',
        required: true,
        ...(accounts === undefined ? {} : { suggestions: accounts }),
        alsoNamed: ['accountId'],
      },
      {
        name: 'targetDate',
        label: 'Up to',
        type: 'date',
        required: true,
        initial: today(),
        hint: 'Everything that is due by this day',
      },
      {
        name: 'effectiveDate',
        label: 'Invoice date',
        type: 'date',
        hint: 'Today when left empty',
      },
      { name: 'autoPost', label: 'Post the documents at once', type: 'checkbox' },
    ],
  };
}

interface Preview {
  readonly invoiceItems: readonly Json[];
  readonly creditMemoItems: readonly Json[];
}

export function generateRoutes(app: Hono<PageEnv>, apiOf: (c: PageContext) => PageApi): void {
  app.get('/invoices/generate', async (c) => {
    const api = apiOf(c);
    const accountNumber = await accountNumberOf(api, c.req.query('account'));
    return show(c, api, initialValues(sectionOf([]).fields, { accountNumber }));
  });
  app.post('/invoices/generate', async (c) => {
    const api = apiOf(c);
    const values = c.get('form');
    const { fields } = sectionOf([]);
    const { accountNumber = '', ...body } = bodyOf(fields, values);
    if (values.has(PREVIEW_FIELD)) {
      const asked = { accountNumber, targetDate: body.targetDate, includingEvergreenSubscription: true };
      const preview = await api.send('POST', '/v1/operations/billing-preview', { body: asked });
      return preview.isOk
        ? show(c, api, values, { preview: preview.body })
        : show(c, api, values, { problems: problemsOf(preview, fields) });
    }
    const path = `/v1/accounts/${encoded(accountNumber)}/billing-documents/generate`;
    const reply = await api.send('POST', path, { body, key: keyOf(c) });
    if (!reply.isOk) return show(c, api, values, { problems: problemsOf(reply, fields) });
    return c.redirect(placeOf(reply.body, accountNumber), 303);
  });
}

/** The document that was made; of several, the account's list; of none, the form, which says so. */
function placeOf({ invoices, creditMemos }: Json, accountNumber: string): string {
  const made = [
    ...invoices.map(({ id }: Json) => `/invoices/${id}`),
    ...creditMemos.map(({ id }: Json) => `/credit-memos/${id}`),
  ];
  const account = `account=${encoded(accountNumber)}`;
  if (made.length === 0) return `/invoices/generate?${account}&done=nothing`;
  if (made.length === 1) return afterDoing(made[0], 'generated');
  return afterDoing(`/invoices?${account}`, 'generated');
}

async function show(
  c: PageContext,
  api: PageApi,
  values: FormValues,
  { preview, problems = [] }: { readonly preview?: Preview; readonly problems?: readonly Problem[] } = {},
): Promise<Response> {
  const accounts = await suggestedAccounts(api);
  return page(
    c,
    {
      title: 'Bill an account',
      crumbs: [{ label: 'Invoices', path: '/invoices' }],
      status: problems.length > 0 ? 400 : 200,
      notice:
        c.req.query('done') === 'nothing' ? 'Nothing was due by that day, so nothing was made.' : undefined,
    },
    mayWrite(c) ? (
      <Form
        c={c}
        action="/invoices/generate"
        sections={[sectionOf(accounts)]}
        values={values}
        problems={problems}
        submit="Make the documents"
        cancel="/invoices"
        buttons={
          <button type="submit" name={PREVIEW_FIELD} value="1">
            Preview
          </button>
        }
      >
        {preview === undefined ? null : <PreviewCard c={c} preview={preview} />}
      </Form>
    ) : (
      <ReadersOnly />
    ),
  );
}

function PreviewCard({ c, preview }: { readonly c: PageContext; readonly preview: Preview }) {
  const format = c.get('format');
  const charged: Json[] = preview.invoiceItems.map((item) => ({ ...item, shown: item.chargeAmount }));
  const credited: Json[] = preview.creditMemoItems.map((item) => ({
    ...item,
    chargeName: item.comment,
    shown: `-${item.amount}`,
  }));
  const lines = [...charged, ...credited];
  const columns: Array<Column<Json>> = [
    {
      title: 'Charge',
      cell: (line) => (
        <>
          {line.chargeName}
          {line.productName ? <small>{line.productName}</small> : null}
        </>
      ),
    },
    {
      title: 'Subscription',
      cell: (line) => <SubscriptionLink number={line.subscriptionNumber} />,
      isWideOnly: true,
    },
    { title: 'Service', cell: (line) => servicePeriod(c, line) },
    {
      title: 'Quantity',
      isNumber: true,
      isWideOnly: true,
      cell: (line) => `${format.number(line.quantity)} ${line.unitOfMeasure ?? ''}`.trim(),
    },
    { title: 'Amount', isNumber: true, cell: (line) => format.number(line.shown) },
  ];
  return (
    <Card title="Preview">
      <p role="status">
        {lines.length === 0
          ? 'Nothing is due by that day.'
          : `${lines.length} lines would be made${lines.length > LINES_SHOWN ? `; the first ${LINES_SHOWN} are shown` : ''}. Nothing is made yet.`}
      </p>
      {lines.length === 0 ? null : (
        <Table
          caption="Lines that would be made"
          columns={columns}
          rows={lines.slice(0, LINES_SHOWN)}
          empty={null}
        />
      )}
    </Card>
  );
}

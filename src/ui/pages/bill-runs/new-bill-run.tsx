import { type Json, type PageApi, queryOf } from '../../api.ts';
import { Pager, Tabs } from '../../components/parts.tsx';
import { bodyOf, type Field, initialValues, type Section } from '../../forms/fields.ts';
import { Form, keyOf } from '../../forms/form.tsx';
import type { FormValues } from '../../forms/form-values.ts';
import { type Problem, problemsOf } from '../../forms/problems.ts';
import { afterRowButton, RowFields, type RowGroup, rowFieldsOf, withRow } from '../../forms/row-fields.tsx';
import { withRows } from '../../forms/rows.ts';
import { page } from '../../layout.tsx';
import type { PageContext } from '../../page-env.ts';
import type { PageRoutes } from '../../pages.tsx';
import { mayWrite, onlyFor } from '../../roles.ts';
import { JobTable } from '../jobs/job-views.tsx';
import { readJobs } from '../jobs/jobs.tsx';

export const BILL_RUN_CRUMBS = [{ label: 'Bill runs', path: '/bill-runs' }];
export const BILL_RUN_TABS = [
  { path: '/bill-runs', label: 'Bill runs' },
  { path: '/bill-runs/previews', label: 'Previews' },
];

const CHARGE_TYPES = [
  { type: 'OneTime', label: 'One-time charges' },
  { type: 'Recurring', label: 'Recurring charges' },
  { type: 'Usage', label: 'Usage' },
] as const;
/** Charge types are check boxes here, a list in the body. */
const excludeFields: readonly Field[] = CHARGE_TYPES.map(({ type, label }) => ({
  name: `exclude${type}`,
  label,
  type: 'checkbox',
}));
const excludedTypes = (values: FormValues): string[] =>
  CHARGE_TYPES.filter(({ type }) => values.has(`exclude${type}`)).map(({ type }) => type);

const whenFields: readonly Field[] = [
  { name: 'name', label: 'Name', maxLength: 255 },
  {
    name: 'targetDate',
    label: 'Target date',
    type: 'date',
    required: true,
    hint: 'All that is due up to and with this day is billed.',
  },
  {
    name: 'invoiceDate',
    label: 'Invoice date',
    type: 'date',
    required: true,
    hint: 'The date on the invoices; due dates are counted from it.',
  },
];
const whomFields: readonly Field[] = [
  {
    name: 'batches',
    label: 'Batches',
    hint: 'Only accounts of these batches, separated by commas: Batch1, Batch2.',
  },
  {
    name: 'billCycleDay',
    label: 'Bill cycle day',
    type: 'integer',
    hint: 'Only accounts with this bill cycle day, 1 to 31.',
  },
];
const howFields: readonly Field[] = [
  {
    name: 'autoPost',
    label: 'Post at once',
    type: 'checkbox',
    hint: 'Without it the run makes drafts that you look at and post.',
  },
  {
    name: 'autoRenewal',
    label: 'Renew first',
    type: 'checkbox',
    hint: 'Subscriptions that renew themselves and whose term ends by the target date are renewed before they are billed.',
  },
  { name: 'noEmailForZeroAmountInvoice', label: 'No email for invoices of nothing', type: 'checkbox' },
];
const SECTIONS: readonly Section[] = [
  { title: 'Bill run', fields: whenFields },
  { title: 'Which accounts', hint: 'Left empty, all active accounts are billed.', fields: whomFields },
  { title: 'How', fields: howFields },
  { title: 'Leave out', fields: excludeFields },
];
const FIELDS = [...whenFields, ...whomFields, ...howFields];
const ACCOUNTS: RowGroup = {
  name: 'billRunFilters',
  title: 'Only these accounts and subscriptions',
  rowName: 'Account',
  addLabel: 'Add an account',
  fieldsOf: (row) => [
    {
      name: `billRunFilters[${row}].accountId`,
      label: 'Account',
      required: true,
      placeholder: 'A00000001',
      hint: 'Number or id.',
    },
    {
      name: `billRunFilters[${row}].subscriptionId`,
      label: 'Subscription',
      placeholder: 'all',
      hint: 'Only this one.',
    },
  ],
};

function runBody(values: FormValues, fields: readonly Field[]): Json {
  const body = bodyOf(fields, values);
  const excluded = excludedTypes(values);
  return {
    ...body,
    ...(body.batches === undefined ? {} : { batches: entriesOf(body.batches) }),
    ...(body.billRunFilters === undefined
      ? {}
      : {
          billRunFilters: (body.billRunFilters as Json[]).map((filter) => ({
            ...filter,
            filterType: filter.subscriptionId === undefined ? 'Account' : 'Subscription',
          })),
        }),
    ...(excluded.length === 0 ? {} : { chargeTypeToExclude: excluded }),
  };
}

function entriesOf(text: string): string[] {
  return text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}

function showForm(c: PageContext, values: FormValues, problems: readonly Problem[] = []) {
  return page(
    c,
    { title: 'New bill run', crumbs: BILL_RUN_CRUMBS, status: problems.length === 0 ? 200 : 400 },
    <Form
      c={c}
      action="/bill-runs/new"
      sections={SECTIONS}
      values={values}
      problems={problems}
      submit="Start bill run"
      cancel="/bill-runs"
      childFields={rowFieldsOf(ACCOUNTS, values)}
    >
      <RowFields group={ACCOUNTS} values={values} problems={problems} />
    </Form>,
  );
}

const today = () => new Date().toISOString().slice(0, 10);

export const newBillRunPages: PageRoutes = (app, apiOf) => {
  app.get('/bill-runs/new', (c) => {
    onlyFor(c, 'standard');
    const values = initialValues(FIELDS, { targetDate: today(), invoiceDate: today() });
    const account = c.req.query('account');
    return showForm(
      c,
      account === undefined ? values : withRow(values, ACCOUNTS, 0, { accountId: account.slice(0, 100) }),
    );
  });
  app.post('/bill-runs/new', async (c) => {
    const sent = c.get('form');
    const changed = afterRowButton(sent, [ACCOUNTS]);
    if (changed !== null) return showForm(c, changed);
    const values = withRows(sent, ACCOUNTS.name, sent.rowsOf(ACCOUNTS.name));
    const fields = [...FIELDS, ...rowFieldsOf(ACCOUNTS, values)];
    const body = runBody(values, fields);
    const reply = await apiOf(c).send('POST', '/v1/bill-runs', { body, key: keyOf(c) });
    if (!reply.isOk) return showForm(c, values, problemsOf(reply, [...fields, ...excludeFields]));
    return c.redirect(`/bill-runs/${reply.body.id}`, 303);
  });
  previews(app, apiOf);
};

const previewFields: readonly Field[] = [
  {
    name: 'targetDate',
    label: 'Target date',
    type: 'date',
    required: true,
    hint: 'What would be billed up to and with this day.',
  },
  { name: 'batches', label: 'Batches', hint: 'Only accounts of these batches, separated by commas.' },
  {
    name: 'includingEvergreenSubscription',
    label: 'Evergreen subscriptions too',
    type: 'checkbox',
    initial: 'true',
  },
];
const PREVIEW_SECTIONS: readonly Section[] = [
  { title: 'New preview', fields: previewFields },
  { title: 'Leave out', fields: excludeFields },
];

const previews: PageRoutes = (app, apiOf) => {
  const show = async (
    c: PageContext,
    api: PageApi,
    values: FormValues,
    problems: readonly Problem[] = [],
  ) => {
    const before = c.req.query('before') ?? null;
    const { jobs, next } = await readJobs(api, 'billingPreviewRun', before);
    return page(
      c,
      { title: 'Bill runs', status: problems.length === 0 ? 200 : 400 },
      <>
        <Tabs label="Kinds of runs" tabs={BILL_RUN_TABS} current="/bill-runs/previews" />
        <JobTable
          c={c}
          jobs={jobs}
          caption="Billing previews"
          empty={
            <>
              <h2>No previews yet</h2>
              <p>A preview makes a CSV file of all lines that a bill run would make, and bills nothing.</p>
            </>
          }
        />
        <Pager
          first={before === null ? null : '/bill-runs/previews'}
          next={next === null ? null : `/bill-runs/previews${queryOf({ before: next })}`}
          shown={jobs.length === 1 ? '1 preview' : `${jobs.length} previews`}
        />
        {mayWrite(c) ? (
          <Form
            c={c}
            action="/bill-runs/previews"
            sections={PREVIEW_SECTIONS}
            values={values}
            problems={problems}
            submit="Start preview"
          />
        ) : null}
      </>,
    );
  };
  app.get('/bill-runs/previews', (c) =>
    show(c, apiOf(c), initialValues(previewFields, { targetDate: today() })),
  );
  app.post('/bill-runs/previews', async (c) => {
    const api = apiOf(c);
    const values = c.get('form');
    const excluded = excludedTypes(values);
    const body = {
      ...bodyOf(previewFields, values),
      ...(excluded.length === 0 ? {} : { chargeTypeToExclude: excluded.join(',') }),
    };
    const reply = await api.send('POST', '/v1/billing-preview-runs', { body, key: keyOf(c) });
    if (!reply.isOk) return show(c, api, values, problemsOf(reply, previewFields));
    return c.redirect(`/jobs/${reply.body.billingPreviewRunId}`, 303);
  });
};

import type { PageApi } from '../api.ts';
import { Pager, Tabs } from '../components/parts.tsx';
import { bodyOf, choicesOf, type Field, initialValues, type Section } from '../forms/fields.ts';
import { Form, keyOf } from '../forms/form.tsx';
import type { FormValues } from '../forms/form-values.ts';
import { type Problem, problemsOf } from '../forms/problems.ts';
import { afterRowButton, RowFields, type RowGroup, rowFieldsOf, withRow } from '../forms/row-fields.tsx';
import { withRows } from '../forms/rows.ts';
import { page } from '../layout.tsx';
import type { PageContext } from '../page-env.ts';
import type { PageRoutes } from '../pages.tsx';
import { JobTable } from './jobs/job-views.tsx';
import { readJobs } from './jobs/jobs.tsx';

/** Exports of one query, and batch query jobs of several (AQuA). What became of them is a page of /jobs. */

const CRUMBS = [{ label: 'Exports', path: '/exports' }];
const TABS = [
  { path: '/exports', label: 'Exports' },
  { path: '/exports/batches', label: 'Batch queries' },
];
const QUERY_EXAMPLE =
  "select AccountNumber, Name, Balance, Currency from Account where Status = 'Active' order by AccountNumber";

const exportFields: readonly Field[] = [
  {
    name: 'Query',
    label: 'Query in Export ZOQL',
    type: 'textarea',
    required: true,
    rows: 6,
    hint: 'Fields of an object and of what it belongs to: select Invoice.InvoiceNumber, Account.Name from Invoice. The query console shows which there are.',
  },
  { name: 'Name', label: 'Name', maxLength: 255, hint: 'Of the file too.' },
  {
    name: 'Format',
    label: 'Format',
    type: 'select',
    required: true,
    initial: 'csv',
    choices: [
      { value: 'csv', label: 'CSV' },
      { value: 'Excel', label: 'Excel (xlsx)' },
      { value: 'html', label: 'HTML' },
    ],
  },
  { name: 'Zip', label: 'Compressed (zip)', type: 'checkbox' },
];
const EXPORT_SECTIONS: readonly Section[] = [{ title: 'Export', fields: exportFields }];

const batchFields: readonly Field[] = [
  { name: 'name', label: 'Name', maxLength: 255 },
  {
    name: 'format',
    label: 'Format',
    type: 'select',
    required: true,
    initial: 'csv',
    choices: choicesOf('csv', 'zip', 'gzip'),
  },
  {
    name: 'version',
    label: 'Version',
    type: 'select',
    required: true,
    initial: '1.2',
    choices: choicesOf('1.0', '1.1', '1.2'),
  },
  { name: 'useQueryLabels', label: 'Column heads as in the query', type: 'checkbox' },
  { name: 'dateTimeUtc', label: 'Instants in UTC', type: 'checkbox' },
  { name: 'nullReplacement', label: 'Instead of no value', hint: 'Left empty: nothing.' },
];
const sessionFields: readonly Field[] = [
  { name: 'partner', label: 'Partner', maxLength: 100 },
  {
    name: 'project',
    label: 'Project',
    maxLength: 100,
    hint: 'With partner and project, a job exports what changed since the last one with the same queries.',
  },
  {
    name: 'incrementalTime',
    label: 'Changed since',
    placeholder: '2026-01-31 00:00:00',
    hint: 'Instead of the end of the last job.',
  },
];
const BATCH_SECTIONS: readonly Section[] = [
  { title: 'Job', fields: batchFields },
  { title: 'Only what changed', fields: sessionFields },
];
const QUERIES: RowGroup = {
  name: 'queries',
  title: 'Queries',
  hint: 'Each becomes a file of its own.',
  rowName: 'Query',
  addLabel: 'Add a query',
  fieldsOf: (row) => [
    { name: `queries[${row}].name`, label: 'Name', required: true, maxLength: 255 },
    {
      name: `queries[${row}].type`,
      label: 'Language',
      type: 'select',
      required: true,
      choices: [
        { value: 'zoqlexport', label: 'Export ZOQL' },
        { value: 'zoql', label: 'ZOQL' },
      ],
    },
    { name: `queries[${row}].query`, label: 'Query', type: 'textarea', rows: 3, required: true },
  ],
};

function showExportForm(c: PageContext, values: FormValues, problems: readonly Problem[] = []) {
  return page(
    c,
    { title: 'New export', crumbs: CRUMBS, status: problems.length === 0 ? 200 : 400 },
    <Form
      c={c}
      action="/exports/new"
      sections={EXPORT_SECTIONS}
      values={values}
      problems={problems}
      submit="Start export"
      cancel="/exports"
    />,
  );
}

function showBatchForm(c: PageContext, values: FormValues, problems: readonly Problem[] = []) {
  return page(
    c,
    { title: 'New batch query', crumbs: CRUMBS, status: problems.length === 0 ? 200 : 400 },
    <Form
      c={c}
      action="/exports/batches/new"
      sections={BATCH_SECTIONS}
      values={values}
      problems={problems}
      submit="Start job"
      cancel="/exports/batches"
      childFields={rowFieldsOf(QUERIES, values)}
    >
      <RowFields group={QUERIES} values={values} problems={problems} />
    </Form>,
  );
}

async function showList(c: PageContext, api: PageApi, kind: 'export' | 'aqua'): Promise<Response> {
  const before = c.req.query('before') ?? null;
  const { jobs, next } = await readJobs(api, kind, before);
  const path = kind === 'export' ? '/exports' : '/exports/batches';
  const actions = (
    <>
      <a class="button primary" href="/exports/new">
        New export
      </a>
      <a class="button" href="/exports/batches/new">
        New batch query
      </a>
    </>
  );
  return page(
    c,
    { title: 'Exports', actions },
    <>
      <Tabs label="Kinds of exports" tabs={TABS} current={path} />
      <JobTable
        c={c}
        jobs={jobs}
        caption={kind === 'export' ? 'Exports' : 'Batch queries'}
        empty={
          kind === 'export' ? (
            <>
              <h2>No exports yet</h2>
              <p>An export makes a file of a query: all rows as of one instant, however many there are.</p>
            </>
          ) : (
            <>
              <h2>No batch queries yet</h2>
              <p>
                A batch query makes a file of each of several queries, and knows what changed since the last
                time. Data warehouses ask for them by POST /v1/batch-query/.
              </p>
            </>
          )
        }
      />
      <Pager
        first={before === null ? null : path}
        next={next === null ? null : `${path}?before=${next}`}
        shown={jobs.length === 1 ? '1 job' : `${jobs.length} jobs`}
      />
    </>,
  );
}

export const exportPages: PageRoutes = (app, apiOf) => {
  app.get('/exports', (c) => showList(c, apiOf(c), 'export'));
  app.get('/exports/batches', (c) => showList(c, apiOf(c), 'aqua'));
  app.get('/exports/new', (c) => {
    const query = c.req.query('query') ?? QUERY_EXAMPLE;
    return showExportForm(c, initialValues(exportFields, { Query: query }));
  });
  app.post('/exports/new', async (c) => {
    const values = c.get('form');
    const body = bodyOf(exportFields, values);
    const reply = await apiOf(c).send('POST', '/v1/object/export', { body, key: keyOf(c) });
    if (!reply.isOk) return showExportForm(c, values, problemsOf(reply, exportFields));
    return c.redirect(`/jobs/${reply.body.Id}`, 303);
  });
  app.get('/exports/batches/new', (c) => {
    const fields = [...batchFields, ...sessionFields];
    const values = withRow(initialValues(fields), QUERIES, 0, { name: 'accounts', query: QUERY_EXAMPLE });
    return showBatchForm(c, values);
  });
  app.post('/exports/batches/new', async (c) => {
    const sent = c.get('form');
    const changed = afterRowButton(sent, [QUERIES]);
    if (changed !== null) return showBatchForm(c, changed);
    const values = withRows(sent, QUERIES.name, sent.rowsOf(QUERIES.name));
    const fields = [...batchFields, ...sessionFields, ...rowFieldsOf(QUERIES, values)];
    const body = bodyOf(fields, values);
    const reply = await apiOf(c).send('POST', '/v1/batch-query/', { body, key: keyOf(c) });
    // AQuA refuses with status 200 and a code of its own; what is wrong with a query stands at the query.
    if (reply.isOk && reply.body.errorCode === undefined) return c.redirect(`/jobs/${reply.body.id}`, 303);
    return showBatchForm(c, values, batchProblems(reply.body, problemsOf(reply, fields)));
  });
};

interface RefusedBatch {
  readonly message?: string | null;
}

function batchProblems(
  body: { readonly batches?: readonly RefusedBatch[] },
  whole: readonly Problem[],
): readonly Problem[] {
  const ofQueries = (body.batches ?? []).flatMap(({ message }, row): Problem[] =>
    message ? [{ field: `queries[${row}].query`, message }] : [],
  );
  return ofQueries.length > 0 ? ofQueries : whole;
}

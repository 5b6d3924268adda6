import type { Hono } from 'hono';
import { ApiProblem, encoded, type Json, type PageApi, queryOf } from '../../api.ts';
import { Card, Facts, Live, Pager, Progress, Status } from '../../components/parts.tsx';
import { Table } from '../../components/table.tsx';
import { csvLine, csvReply } from '../../csv.ts';
import type { Section } from '../../forms/fields.ts';
import { Form, keyOf } from '../../forms/form.tsx';
import { valuesOf } from '../../forms/form-values.ts';
import { type Problem, problem, problemsOf } from '../../forms/problems.ts';
import { page, part } from '../../layout.tsx';
import type { PageContext, PageEnv } from '../../page-env.ts';
import { mayWrite } from '../object-actions.tsx';
import { ReadersOnly } from '../readers-only.tsx';

/** Files of usage: sent, watched while they are recorded, told row by row. */

const ROWS_SHOWN = 40;
/** Rows that are read at once for the file of errors. */
const ERROR_PAGE_ROWS = 40;
const EVERY_SECONDS = 1;
const RUNNING = 'Processing';

const section: Section = {
  title: 'File',
  hint: 'Comma-separated, in UTF-8, one record a row. Columns: UOM, QTY, STARTDATE; one of ACCOUNT_ID, SUBSCRIPTION_ID, CHARGE_ID; and, if you like, ENDDATE, DESCRIPTION and custom fields.',
  fields: [{ name: 'file', label: 'CSV file', type: 'file', required: true }],
};

export function usageImportRoutes(app: Hono<PageEnv>, apiOf: (c: PageContext) => PageApi): void {
  app.get('/usage/import', (c) => showForm(c));
  app.post('/usage/import', (c) => importFile(c, apiOf(c)));
  app.get('/usage/imports/:id', (c) => showImport(c, apiOf(c)));
  app.get('/usage/imports/:id/state', async (c) => {
    const { shown } = await readPage(c, apiOf(c));
    return part(c, <State shown={shown} />);
  });
  app.get('/usage/imports/:id/errors.csv', async (c) => {
    const api = apiOf(c);
    const path = pathOf(c);
    // The first page before the reply begins: an import that is not there is a page, not half a file.
    const first = await api.read(`${path}${queryOf({ pageSize: ERROR_PAGE_ROWS, page: 1 })}`);
    return csvReply('usage-import-errors.csv', errorLines(api, path, first));
  });
}

const pathOf = (c: PageContext) => `/v1/usage/${encoded(c.req.param('id') ?? '')}/status`;

async function* errorLines(api: PageApi, path: string, first: Json): AsyncGenerator<string, void> {
  yield csvLine(['row', 'message']);
  let shown = first;
  for (let number = 1; ; ) {
    for (const row of shown.rows) if (!row.success) yield csvLine([row.row, row.message]);
    if (!shown.nextPage) return;
    number += 1;
    shown = await api.read(`${path}${queryOf({ pageSize: ERROR_PAGE_ROWS, page: number })}`);
  }
}

function showForm(c: PageContext, problems: readonly Problem[] = []): Response | Promise<Response> {
  return page(
    c,
    {
      title: 'Import usage',
      crumbs: [{ label: 'Usage', path: '/usage' }],
      status: problems.length > 0 ? 400 : 200,
    },
    mayWrite(c) ? (
      <Form
        c={c}
        action="/usage/import"
        sections={[section]}
        values={valuesOf({})}
        problems={problems}
        submit="Import"
        cancel="/usage"
        hasFile
      >
        <Card title="Example">
          <pre tabindex={0}>
            {'ACCOUNT_ID,UOM,QTY,STARTDATE,ENDDATE\nA-00000001,Call,120,2026-01-31,2026-01-31\n'}
          </pre>
          <p class="hint">
            Rows that cannot be recorded are told with their reason; the others are recorded all the same.
          </p>
        </Card>
      </Form>
    ) : (
      <ReadersOnly />
    ),
  );
}

async function importFile(c: PageContext, api: PageApi): Promise<Response> {
  const file = c.get('form').file('file');
  if (file === null || file.name === '') return showForm(c, [problem('file', 'Choose a file.')]);
  const form = new FormData();
  form.append('file', file, file.name);
  const reply = await api.send('POST', '/v1/usage', { file: form, key: keyOf(c) });
  if (!reply.isOk) return showForm(c, problemsOf(reply, section.fields));
  const importId = String(reply.body.checkImportStatus).split('/')[3] ?? '';
  return c.redirect(`/usage/imports/${encoded(importId)}`, 303);
}

async function readPage(c: PageContext, api: PageApi) {
  const asked = c.req.query('page') ?? '';
  const number = /^[1-9]\d{0,5}$/.test(asked) ? Number(asked) : 1;
  const reply = await api.get(`${pathOf(c)}${queryOf({ pageSize: ROWS_SHOWN, page: number })}`);
  if (!reply.isOk) throw new ApiProblem(reply);
  return { shown: reply.body, number };
}

async function showImport(c: PageContext, api: PageApi): Promise<Response> {
  const { shown, number } = await readPage(c, api);
  const path = `/usage/imports/${encoded(c.req.param('id') ?? '')}`;
  const isRunning = shown.importStatus === RUNNING;
  const format = c.get('format');
  return page(
    c,
    {
      title: `Import of ${shown.fileName}`,
      crumbs: [{ label: 'Usage', path: '/usage' }],
      actions: (
        <a class="button" href={path}>
          {isRunning ? 'Look again' : 'Reload'}
        </a>
      ),
    },
    <>
      <Card title="Progress">
        <Live from={`${path}/state`} everySeconds={EVERY_SECONDS}>
          <State shown={shown} />
        </Live>
      </Card>
      <Card
        title="Rows"
        actions={
          <a class="button" href={`${path}/errors.csv`}>
            Errors as CSV
          </a>
        }
      >
        <Table
          caption="Rows of the file"
          columns={[
            { title: 'Row', isNumber: true, cell: (row: Json) => format.number(row.row) },
            { title: 'Result', cell: (row) => <Status value={row.success ? 'Recorded' : 'Refused'} /> },
            { title: 'Why', cell: (row) => row.message ?? '' },
          ]}
          rows={shown.rows}
          empty={<p>{isRunning ? 'Rows are shown here as they are done.' : 'No rows on this page.'}</p>}
        />
        {number > 1 || shown.nextPage ? (
          <Pager
            first={number > 1 ? path : null}
            next={shown.nextPage ? `${path}?page=${number + 1}` : null}
            shown={`Page ${number}`}
          />
        ) : null}
      </Card>
    </>,
  );
}

/** What renews itself while the file is recorded. */
function State({ shown }: { readonly shown: Json }) {
  const done = shown.importedCount + shown.failedCount;
  return (
    <div {...(shown.importStatus === RUNNING ? {} : { 'data-done': '' })}>
      <Progress label="Rows done" done={done} total={shown.totalCount} />
      <Facts
        facts={[
          ['Status', <Status value={shown.importStatus} />],
          ['Rows', String(shown.totalCount)],
          ['Recorded', String(shown.importedCount)],
          ['Refused', String(shown.failedCount)],
          ['What stopped it', shown.message],
        ]}
      />
    </div>
  );
}

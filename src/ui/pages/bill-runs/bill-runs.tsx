import { ApiProblem, encoded, type Json, messagesOf, type PageApi, queryOf } from '../../api.ts';
import { confirmPage, plainProblems } from '../../components/confirm.tsx';
import { Card, Facts, Live, Pager, Status, Tabs } from '../../components/parts.tsx';
import { Table } from '../../components/table.tsx';
import { Form, keyOf } from '../../forms/form.tsx';
import { type FormValues, valuesOf } from '../../forms/form-values.ts';
import { type Problem, problemsOf } from '../../forms/problems.ts';
import { page, part } from '../../layout.tsx';
import type { PageContext } from '../../page-env.ts';
import type { PageRoutes } from '../../pages.tsx';
import { mayWrite, onlyFor } from '../../roles.ts';
import { BILL_RUN_CRUMBS, BILL_RUN_TABS } from './new-bill-run.tsx';
import { isAtRest, RunProgress, runResults } from './run-views.tsx';

const RUNS_PER_PAGE = 30;
const LIVE_S = 2;

function pageNumberOf(c: PageContext): number {
  const number = Number(c.req.query('page') ?? '1');
  return Number.isInteger(number) && number > 0 ? number : 1;
}

/** Which accounts a run is about, in words. */
function scopeOf(run: Json): string {
  const accounts = run.billRunFilters.length;
  const parts = [
    accounts === 0
      ? null
      : accounts === 1
        ? '1 account or subscription'
        : `${accounts} accounts or subscriptions`,
    run.batches === null ? null : run.batches.join(', '),
    run.billCycleDay === undefined ? null : `bill cycle day ${run.billCycleDay}`,
  ].filter((one) => one !== null);
  return parts.length === 0 ? 'All accounts' : parts.join('; ');
}

const runPath = (run: Json) => `/bill-runs/${encoded(run.id)}`;

export const billRunPages: PageRoutes = (app, apiOf) => {
  app.get('/bill-runs', async (c) => {
    const number = pageNumberOf(c);
    const query = queryOf({ page: number, pageSize: RUNS_PER_PAGE });
    const { billRuns, nextPage } = await apiOf(c).read(`/v1/spillway/bill-runs${query}`);
    const actions = mayWrite(c) ? (
      <a class="button primary" href="/bill-runs/new">
        New bill run
      </a>
    ) : undefined;
    return page(
      c,
      { title: 'Bill runs', actions },
      <>
        <Tabs label="Kinds of runs" tabs={BILL_RUN_TABS} current="/bill-runs" />
        <RunTable c={c} runs={billRuns} />
        <Pager
          first={number === 1 ? null : '/bill-runs'}
          next={nextPage === undefined ? null : `/bill-runs?page=${number + 1}`}
          shown={billRuns.length === 1 ? '1 bill run' : `${billRuns.length} bill runs`}
        />
      </>,
    );
  });
  app.get('/bill-runs/:runId', async (c) => showRun(c, apiOf(c)));
  app.get('/bill-runs/:runId/progress', async (c) => {
    const key = encoded(c.req.param('runId'));
    const reply = await apiOf(c).get(`/v1/spillway/bill-runs/${key}/progress?pageSize=1`);
    if (reply.status === 404) return part(c, <p data-done="">This bill run is deleted.</p>);
    if (!reply.isOk) throw new ApiProblem(reply);
    return part(c, <RunProgress c={c} progress={reply.body} />);
  });
  actions(app, apiOf);
};

function RunTable({ c, runs }: { readonly c: PageContext; readonly runs: readonly Json[] }) {
  const format = c.get('format');
  return (
    <Table
      caption="Bill runs"
      rows={runs}
      columns={[
        { title: 'Number', cell: (run) => <a href={runPath(run)}>{run.billRunNumber}</a> },
        { title: 'Name', cell: (run) => run.name, isWideOnly: true },
        { title: 'Status', cell: (run) => <Status value={run.status} /> },
        { title: 'Target date', cell: (run) => format.date(run.targetDate) },
        { title: 'Invoice date', cell: (run) => format.date(run.invoiceDate), isWideOnly: true },
        { title: 'Accounts', cell: scopeOf, isWideOnly: true },
      ]}
      empty={
        <>
          <h2>No bill runs yet</h2>
          <p>
            A bill run bills all that is due up to a day, for all accounts or some, and makes a draft for
            each. Start one here, or by POST /v1/bill-runs.
          </p>
        </>
      }
    />
  );
}

const runOf = (c: PageContext, api: PageApi): Promise<Json> =>
  api.read(`/v1/bill-runs/${encoded(c.req.param('runId') ?? '')}`);

const POST_FIELD = {
  name: 'invoiceDate',
  label: 'Invoice date',
  type: 'date',
  required: true,
  hint: 'Of all documents that are posted.',
} as const;

async function showRun(
  c: PageContext,
  api: PageApi,
  refused: { readonly values: FormValues; readonly problems: readonly Problem[] } | null = null,
): Promise<Response> {
  const run = await runOf(c, api);
  const progress = await api.read(`/v1/spillway/bill-runs/${encoded(run.id)}/progress?pageSize=1`);
  const format = c.get('format');
  const path = runPath(run);
  const live = <RunProgress c={c} progress={progress} />;
  return page(
    c,
    {
      title: `Bill run ${run.billRunNumber}`,
      crumbs: BILL_RUN_CRUMBS,
      actions: <RunActions c={c} run={run} />,
      status: refused === null ? 200 : 400,
    },
    <>
      <Card title="Progress">
        {isAtRest(run.status) ? (
          live
        ) : (
          <Live from={`${path}/progress`} everySeconds={LIVE_S} then={path}>
            {live}
          </Live>
        )}
      </Card>
      {mayWrite(c) && ['Completed', 'Error'].includes(run.status) ? (
        <Form
          c={c}
          action={`${path}/post`}
          sections={[{ title: 'Post the drafts', fields: [POST_FIELD] }]}
          values={refused?.values ?? valuesOf({ invoiceDate: run.invoiceDate })}
          problems={refused?.problems ?? []}
          submit="Post"
        />
      ) : null}
      {isAtRest(run.status) ? await runResults(c, api, run) : null}
      <Card title="What was asked for">
        <Facts
          facts={[
            ['Name', run.name],
            ['Target date', format.date(run.targetDate)],
            ['Invoice date', format.date(run.invoiceDate)],
            ['Accounts', scopeOf(run)],
            ['Posted at once', run.autoPost ? 'Yes' : 'No'],
            ['Renewed first', run.autoRenewal ? 'Yes' : 'No'],
            ['Left out', run.chargeTypeToExclude?.join(', ')],
            ['Asked for', format.instant(run.createdDate)],
            ['Id', <span class="code">{run.id}</span>],
          ]}
        />
      </Card>
    </>,
  );
}

const CANCELLABLE = ['Pending', 'Processing', 'Completed', 'Error'];

function RunActions({ c, run }: { readonly c: PageContext; readonly run: Json }) {
  if (!mayWrite(c)) return null;
  if (CANCELLABLE.includes(run.status)) {
    return (
      <a class="button" href={`${runPath(run)}/cancel`}>
        Cancel
      </a>
    );
  }
  if (run.status === 'Canceled') {
    return (
      <a class="button" href={`${runPath(run)}/delete`}>
        Delete
      </a>
    );
  }
  return null;
}

const actions: PageRoutes = (app, apiOf) => {
  app.post('/bill-runs/:runId/post', async (c) => {
    const api = apiOf(c);
    const run = await runOf(c, api);
    const values = c.get('form');
    const body = { invoiceDate: values.text('invoiceDate') };
    const path = `/v1/bill-runs/${encoded(run.id)}/post`;
    const reply = await api.send('PUT', path, { body, key: keyOf(c) });
    if (reply.isOk) return c.redirect(runPath(run), 303);
    return showRun(c, api, { values, problems: problemsOf(reply, [POST_FIELD]) });
  });
  const cancelQuestion = (run: Json) => ({
    title: `Cancel bill run ${run.billRunNumber}?`,
    crumbs: [...BILL_RUN_CRUMBS, { label: run.billRunNumber, path: runPath(run) }],
    consequence:
      'What it has not billed yet is not billed; its drafts are cancelled, and their days can be billed again.',
    action: `${runPath(run)}/cancel`,
    label: 'Cancel bill run',
    cancel: runPath(run),
  });
  const deleteQuestion = (run: Json) => ({
    title: `Delete bill run ${run.billRunNumber}?`,
    crumbs: [...BILL_RUN_CRUMBS, { label: run.billRunNumber, path: runPath(run) }],
    consequence: 'The bill run and its cancelled documents are deleted.',
    action: `${runPath(run)}/delete`,
    label: 'Delete bill run',
    cancel: runPath(run),
  });
  app.get('/bill-runs/:runId/cancel', async (c) => {
    onlyFor(c, 'standard');
    return confirmPage(c, cancelQuestion(await runOf(c, apiOf(c))));
  });
  app.get('/bill-runs/:runId/delete', async (c) => {
    onlyFor(c, 'standard');
    return confirmPage(c, deleteQuestion(await runOf(c, apiOf(c))));
  });
  app.post('/bill-runs/:runId/cancel', async (c) => {
    const api = apiOf(c);
    const run = await runOf(c, api);
    const path = `/v1/bill-runs/${encoded(run.id)}/cancel`;
    const reply = await api.send('PUT', path, { body: {}, key: keyOf(c) });
    if (reply.isOk) return c.redirect(runPath(run), 303);
    return confirmPage(c, {
      ...cancelQuestion(run),
      problems: plainProblems(messagesOf(reply.body), reply.status),
    });
  });
  app.post('/bill-runs/:runId/delete', async (c) => {
    const api = apiOf(c);
    const run = await api.find(`/v1/bill-runs/${encoded(c.req.param('runId'))}`);
    // Sent twice: the first has deleted it.
    if (run === null) return c.redirect('/bill-runs', 303);
    const reply = await api.send('DELETE', `/v1/bill-runs/${encoded(run.id)}`, { key: keyOf(c) });
    if (reply.isOk) return c.redirect('/bill-runs', 303);
    return confirmPage(c, {
      ...deleteQuestion(run),
      problems: plainProblems(messagesOf(reply.body), reply.status),
    });
  });
};

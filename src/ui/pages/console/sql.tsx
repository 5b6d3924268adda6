import { ApiProblem, encoded, type Json, messagesOf, queryOf } from '../../api.ts';
import { Card, Facts, Live, Status } from '../../components/parts.tsx';
import { Table } from '../../components/table.tsx';
import { fileReply } from '../../file-reply.ts';
import { ActionButton, Hidden, keyOf } from '../../forms/form.tsx';
import { part } from '../../layout.tsx';
import type { PageContext } from '../../page-env.ts';
import type { PageRoutes } from '../../pages.tsx';
import { consolePage, QueryText } from './frame.tsx';
import { objectOf, QUERY_FORM, SHOW_FIELD } from './query-form.ts';
import { ResultChart, ResultTable, resultOfFile, SHOWN_ROWS_MAX } from './result.tsx';

const HINT =
  'SQL as Trino has it, over a copy of the data as of one instant: joins, groups, windows. The whole result is a CSV file.';
const ENDED = new Set(['completed', 'failed', 'cancelled']);
const RECENT_QUERIES = 10;
const MS_PER_SECOND = 1_000;

/** Data Query: a job each, with its progress, its rows and its file. */
export const sqlPages: PageRoutes = (app, apiOf) => {
  app.post('/console/queries', async (c) => {
    const form = c.get('form');
    const query = form.text('q');
    const object = objectOf((name) => form.text(name));
    if (form.has(SHOW_FIELD))
      return consolePage(c, apiOf(c), 'sql', <SqlForm c={c} query={query} />, { object });
    const body = { query, outputFormat: 'CSV', compression: 'NONE', output: { target: 'S3' } };
    const reply = await apiOf(c).send('POST', '/query/jobs', { body, key: keyOf(c) });
    if (reply.isOk)
      return c.redirect(`/console/queries/${encoded(reply.body.data.id)}${queryOf({ object })}`, 303);
    const problem = messagesOf(reply.body)[0] ?? `Status ${reply.status}`;
    return consolePage(c, apiOf(c), 'sql', <SqlForm c={c} query={query} problem={problem} />, {
      status: reply.status,
      object,
    });
  });
  app.get('/console/recent', async (c) => {
    const { data } = await apiOf(c).read(`/query/jobs?pageSize=${RECENT_QUERIES}`);
    return consolePage(c, apiOf(c), 'sql', <RecentQueries c={c} jobs={data} />);
  });
  app.get('/console/queries/:id', async (c) => {
    const api = apiOf(c);
    const { data: job } = await api.read(`/query/jobs/${encoded(c.req.param('id'))}`);
    const kept = queryOf({ object: c.req.query('object') });
    const fileId = fileIdOf(job);
    const result = fileId === null ? null : await resultOfFile(await api.file(`/v1/files/${fileId}`));
    return consolePage(
      c,
      api,
      'sql',
      <>
        <SqlForm c={c} query={job.query} />
        <Card title="Result" actions={<JobActions c={c} job={job} />}>
          <Live
            from={`/console/queries/${job.id}/state`}
            everySeconds={1}
            then={`/console/queries/${job.id}${kept}`}
          >
            <JobState c={c} job={job} />
          </Live>
          {result === null ? null : <ResultTable result={result} />}
          {result === null || job.outputRows <= SHOWN_ROWS_MAX ? null : (
            <p class="hint">The first {SHOWN_ROWS_MAX} rows; the file has all.</p>
          )}
        </Card>
        {result === null ? null : (
          <ResultChart
            c={c}
            result={result}
            kept={c.req.query('object') ? { object: c.req.query('object')! } : {}}
          />
        )}
      </>,
    );
  });
  app.get('/console/queries/:id/state', async (c) => {
    const { data: job } = await apiOf(c).read(`/query/jobs/${encoded(c.req.param('id'))}`);
    return part(c, <JobState c={c} job={job} />);
  });
  app.get('/console/queries/:id/file', async (c) => {
    const { data: job } = await apiOf(c).read(`/query/jobs/${encoded(c.req.param('id'))}`);
    const fileId = fileIdOf(job);
    if (fileId === null) return c.redirect(`/console/queries/${job.id}`, 303);
    return fileReply(apiOf(c), fileId);
  });
  app.post('/console/queries/:id/cancel', async (c) => {
    const id = encoded(c.req.param('id'));
    const reply = await apiOf(c).send('DELETE', `/query/jobs/${id}`, { key: keyOf(c) });
    // A query that has ended meanwhile cannot be canceled: its page says how it ended.
    if (!reply.isOk && reply.status !== 400) throw new ApiProblem(reply);
    return c.redirect(`/console/queries/${id}`, 303);
  });
};

function fileIdOf(job: Json): string | null {
  return job.dataFile === undefined ? null : new URL(job.dataFile).pathname.split('/').at(-1)!;
}

export function SqlForm({
  c,
  query,
  problem = null,
}: {
  readonly c: PageContext;
  readonly query: string;
  readonly problem?: string | null;
}) {
  return (
    <form class="form" method="post" action="/console/queries" id={QUERY_FORM} data-once>
      <Hidden c={c} />
      <QueryText query={query} hint={HINT} problem={problem} />
      <div class="actions">
        <button type="submit" class="primary">
          Run
        </button>
        <a class="button" href="/console/recent">
          Recent queries
        </a>
      </div>
    </form>
  );
}

function JobState({ c, job }: { readonly c: PageContext; readonly job: Json }) {
  const format = c.get('format');
  const isOver = ENDED.has(job.queryStatus);
  return (
    <div {...(isOver ? { 'data-done': true } : {})}>
      <Facts
        facts={[
          ['State', <Status value={job.queryStatus} />],
          ['Asked', format.instant(job.createdOn)],
          ['Rows', isOver ? format.number(job.outputRows ?? null) : null],
          [
            'Took',
            job.processingTime === undefined
              ? null
              : `${format.number(job.processingTime / MS_PER_SECOND)} s`,
          ],
          ['Why it failed', job.error ?? job.errorMessage ?? null],
        ]}
      />
      {isOver ? null : (
        <p class="hint">The rows appear here when the query has ended; reload the page to see how it is.</p>
      )}
    </div>
  );
}

function JobActions({ c, job }: { readonly c: PageContext; readonly job: Json }) {
  if (!ENDED.has(job.queryStatus)) {
    return (
      <ActionButton
        c={c}
        action={`/console/queries/${job.id}/cancel`}
        label="Cancel the query"
        kind="danger"
      />
    );
  }
  if (job.dataFile === undefined) return null;
  return (
    <a class="button" href={`/console/queries/${job.id}/file`}>
      CSV
    </a>
  );
}

function RecentQueries({ c, jobs }: { readonly c: PageContext; readonly jobs: readonly Json[] }) {
  const format = c.get('format');
  return (
    <Card title="Recent queries">
      <Table
        caption="Recent queries"
        rows={jobs}
        empty={<p>Nothing has been asked yet.</p>}
        columns={[
          {
            title: 'Query',
            cell: (job) => (
              <a href={`/console/queries/${job.id}`}>
                <code>{job.query}</code>
              </a>
            ),
          },
          { title: 'State', cell: (job) => <Status value={job.queryStatus} /> },
          { title: 'Rows', isNumber: true, cell: (job) => format.number(job.outputRows ?? null) },
          { title: 'Asked', isWideOnly: true, cell: (job) => format.instant(job.createdOn) },
        ]}
      />
    </Card>
  );
}

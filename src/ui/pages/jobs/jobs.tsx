import { ApiProblem, encoded, type Json, messagesOf, type PageApi, queryOf } from '../../api.ts';
import { plainProblems } from '../../components/confirm.tsx';
import { Card, Live, Pager } from '../../components/parts.tsx';
import { fileReply } from '../../file-reply.ts';
import { ActionButton, idOf, keyOf, ProblemSummary } from '../../forms/form.tsx';
import type { Problem } from '../../forms/problems.ts';
import { page, part } from '../../layout.tsx';
import type { PageContext } from '../../page-env.ts';
import type { PageRoutes } from '../../pages.tsx';
import { isAdmin } from '../../roles.ts';
import {
  JobState,
  JobTable,
  jobDetails,
  jobPath,
  jobTitle,
  KIND_CHOICES,
  KIND_LABELS,
} from './job-views.tsx';

const JOBS_PER_PAGE = 30;
const LIVE_S = 2;
const CRUMBS = [{ label: 'Jobs', path: '/jobs' }];

/** A page of jobs; where the next one begins. */
export async function readJobs(
  api: PageApi,
  kind: string | null,
  before: string | null,
): Promise<{ readonly jobs: Json[]; readonly next: string | null }> {
  const query = queryOf({ kind, before, pageSize: JOBS_PER_PAGE });
  const body = await api.read(`/v1/spillway/jobs${query}`);
  const next = body.nextPage === undefined ? null : new URL(body.nextPage).searchParams.get('before');
  return { jobs: body.jobs, next };
}

export const jobPages: PageRoutes = (app, apiOf) => {
  app.get('/jobs', async (c) => {
    const asked = c.req.query('kind') ?? '';
    const kind = Object.hasOwn(KIND_LABELS, asked) ? asked : null;
    const before = c.req.query('before') ?? null;
    const { jobs, next } = await readJobs(apiOf(c), kind, before);
    const actions = isAdmin(c) ? (
      <>
        <a class="button" href="/jobs/scheduled">
          Scheduled work
        </a>
        <a class="button" href="/jobs/dead-letters">
          Dead letters
        </a>
      </>
    ) : undefined;
    return page(
      c,
      { title: 'Jobs', actions },
      <>
        <KindFilter kind={kind} />
        <JobTable
          c={c}
          jobs={jobs}
          caption="Jobs"
          empty={
            <>
              <h2>No jobs here</h2>
              <p>
                What takes longer than a request is a job: <a href="/exports/new">an export</a>, an order that
                is placed later, a file with usage, <a href="/bill-runs/previews">a billing preview</a>.
              </p>
            </>
          }
        />
        <Pager
          first={before === null ? null : `/jobs${queryOf({ kind })}`}
          next={next === null ? null : `/jobs${queryOf({ kind, before: next })}`}
          shown={jobs.length === 1 ? '1 job' : `${jobs.length} jobs`}
        />
      </>,
    );
  });
  app.get('/jobs/:jobId', async (c) => showJob(c, apiOf(c)));
  app.get('/jobs/:jobId/state', async (c) => part(c, <JobState c={c} job={await jobOf(c, apiOf(c))} />));
  app.post('/jobs/:jobId/cancel', async (c) => {
    const api = apiOf(c);
    const path = `/v1/spillway/jobs/${encoded(c.req.param('jobId'))}/cancel`;
    const reply = await api.send('POST', path, { body: {}, key: keyOf(c) });
    if (reply.isOk) return c.redirect(jobPath(reply.body), 303);
    if (reply.status === 404) throw new ApiProblem(reply);
    return showJob(c, api, plainProblems(messagesOf(reply.body), reply.status));
  });
  app.get('/files/:fileId/download', (c) => fileReply(apiOf(c), c.req.param('fileId')));
};

const jobOf = (c: PageContext, api: PageApi) =>
  api.read(`/v1/spillway/jobs/${encoded(c.req.param('jobId') ?? '')}`);

async function showJob(c: PageContext, api: PageApi, problems: readonly Problem[] = []): Promise<Response> {
  const job = await jobOf(c, api);
  const path = jobPath(job);
  const actions = job.canBeCancelled ? (
    <ActionButton c={c} action={`${path}/cancel`} label="Cancel job" kind="danger" />
  ) : undefined;
  return page(
    c,
    { title: jobTitle(job), crumbs: CRUMBS, actions, status: problems.length === 0 ? 200 : 400 },
    <>
      <ProblemSummary problems={problems} />
      <Card title="State">
        {job.isOpen ? (
          <Live from={`${path}/state`} everySeconds={LIVE_S} then={path}>
            <JobState c={c} job={job} />
          </Live>
        ) : (
          <JobState c={c} job={job} />
        )}
      </Card>
      <Card title={job.kind === 'usageImport' ? 'Rows' : 'What was asked for'}>
        {await jobDetails(c, api, job)}
      </Card>
    </>,
  );
}

function KindFilter({ kind }: { readonly kind: string | null }) {
  return (
    <search aria-label="Filter jobs">
      <form class="filters" method="get" action="/jobs">
        <div class="field">
          <label for={idOf('kind')}>Kind</label>
          <select id={idOf('kind')} name="kind" data-submit-on-change>
            <option value="">All</option>
            {KIND_CHOICES.map(({ value, label }) => (
              <option value={value} selected={value === kind}>
                {label}
              </option>
            ))}
          </select>
        </div>
        <div class="actions">
          <button type="submit">Apply</button>
        </div>
      </form>
    </search>
  );
}

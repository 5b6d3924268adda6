import { encoded, type Json, messagesOf, type PageApi } from '../../api.ts';
import { Ago, Facts, Progress, Status } from '../../components/parts.tsx';
import { Table } from '../../components/table.tsx';
import type { Choice } from '../../forms/fields.ts';
import type { PageContext } from '../../page-env.ts';

/** How jobs of /v1/spillway/jobs are shown. */

export const KIND_LABELS: Readonly<Record<string, string>> = {
  operation: 'Operation',
  export: 'Export',
  aqua: 'Batch query (AQuA)',
  dataQuery: 'Data query',
  usageImport: 'Usage import',
  billingPreviewRun: 'Billing preview',
};
export const KIND_CHOICES: readonly Choice[] = Object.entries(KIND_LABELS).map(([value, label]) => ({
  value,
  label,
}));

const STATUS_LABELS: Readonly<Record<string, string>> = {
  waiting: 'Waiting',
  running: 'Running',
  completed: 'Completed',
  failed: 'Failed',
  cancelled: 'Cancelled',
};
export const statusLabel = (status: string): string => STATUS_LABELS[status] ?? status;

export const jobPath = (job: Json): string => `/jobs/${encoded(job.id)}`;

/** What a job is called: its name, else what it does. */
export function jobTitle(job: Json): string {
  return job.name || operationName(job.type) || KIND_LABELS[job.kind] || job.id;
}

/** AsyncCreateOrder → Create order */
function operationName(type: string | null): string {
  if (type === null || !type.startsWith('Async')) return '';
  const words = type
    .slice('Async'.length)
    .replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ')
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export function JobTable({
  c,
  jobs,
  caption,
  empty,
}: {
  readonly c: PageContext;
  readonly jobs: readonly Json[];
  readonly caption: string;
  readonly empty: Json;
}) {
  return (
    <Table
      caption={caption}
      rows={jobs}
      columns={[
        { title: 'Job', cell: (job) => <a href={jobPath(job)}>{jobTitle(job)}</a> },
        { title: 'Kind', cell: (job) => KIND_LABELS[job.kind] },
        { title: 'Status', cell: (job) => <Status value={statusLabel(job.status)} /> },
        { title: 'Asked for', cell: (job) => <Ago at={job.createdAt} format={c.get('format')} /> },
        {
          title: 'Result',
          isWideOnly: true,
          cell: (job) => job.message ?? <Downloads job={job} />,
        },
      ]}
      empty={empty}
    />
  );
}

/** Links to all files that a job has made. */
function Downloads({ job }: { readonly job: Json }) {
  const parts = job.parts as Json[];
  const files = parts.flatMap((part) => (part.status === 'completed' ? (part.fileIds as string[]) : []));
  return (
    <>
      {files.map((id, place) => (
        <>
          <a href={`/files/${encoded(id)}/download`}>
            {files.length === 1 ? 'Download' : `File ${place + 1}`}
            <span class="hidden">{` of ${jobTitle(job)}`}</span>
          </a>{' '}
        </>
      ))}
    </>
  );
}

/** How a job is now: the part of its page that renews itself until it is done. */
export function JobState({ c, job }: { readonly c: PageContext; readonly job: Json }) {
  const format = c.get('format');
  return (
    <>
      <div data-key="state" {...(job.isOpen ? {} : { 'data-done': '' })}>
        <Facts
          facts={[
            ['Status', <Status value={statusLabel(job.status)} />],
            ['Kind', KIND_LABELS[job.kind]],
            ['Asked for', format.instant(job.createdAt)],
            ['Started', format.instant(job.startedAt)],
            ['Ended', format.instant(job.finishedAt)],
            ['Message', job.message],
            ['About', job.referenceId === null ? null : <span class="code">{job.referenceId}</span>],
          ]}
        />
        {job.isOpen ? (
          <p class="quiet" role="status">
            {job.status === 'waiting' ? 'It waits for its turn.' : 'It is being worked on.'} This page renews
            itself; you may leave it.
          </p>
        ) : null}
      </div>
      <div data-key="progress">
        {job.progress === null ? null : (
          <Progress
            label={`Progress in ${job.progress.unit}`}
            done={job.progress.done}
            total={job.progress.total}
          />
        )}
      </div>
      <div data-key="files">{job.parts.length === 0 ? null : <Files c={c} job={job} />}</div>
    </>
  );
}

function Files({ c, job }: { readonly c: PageContext; readonly job: Json }) {
  const format = c.get('format');
  const rowsTitle = job.kind === 'billingPreviewRun' ? 'Accounts' : 'Rows';
  return (
    <Table
      caption="Results"
      rows={job.parts as Json[]}
      columns={[
        { title: 'Result', cell: (part) => part.name ?? jobTitle(job) },
        { title: 'Status', cell: (part) => <Status value={statusLabel(part.status)} /> },
        { title: rowsTitle, isNumber: true, cell: (part) => format.number(part.rows) },
        {
          title: 'Bytes',
          isNumber: true,
          isWideOnly: true,
          cell: (part) => (part.bytes === 0 ? '' : format.number(part.bytes)),
        },
        {
          title: 'File',
          cell: (part) =>
            part.status === 'completed' && part.fileIds.length > 0 ? (
              <Downloads job={{ ...job, name: part.name ?? job.name, parts: [part] }} />
            ) : (
              part.message
            ),
        },
      ]}
      empty=""
    />
  );
}

/** What was asked for, which the list of jobs does not say. */
export async function jobDetails(c: PageContext, api: PageApi, job: Json) {
  const format = c.get('format');
  switch (job.kind) {
    case 'export': {
      const body = await api.read(`/v1/object/export/${encoded(job.id)}`);
      return <pre tabindex={0}>{body?.Query}</pre>;
    }
    case 'aqua': {
      const body = await api.read(`/v1/batch-query/jobs/${encoded(job.id)}`);
      return ((body?.batches ?? []) as Json[]).map((batch) => <pre tabindex={0}>{batch.query}</pre>);
    }
    case 'dataQuery': {
      const body = await api.read(`/query/jobs/${encoded(job.id)}`);
      return <pre tabindex={0}>{body?.data?.query}</pre>;
    }
    case 'billingPreviewRun': {
      const body = await api.read(`/v1/billing-preview-runs/${encoded(job.id)}`);
      return (
        <Facts
          facts={[
            ['Billed through', format.date(body.targetDate)],
            ['Batches', body.batches || 'All'],
            ['Charge types left out', body.chargeTypeToExclude || 'None'],
            ['Accounts with something to bill', format.number(body.totalAccounts)],
          ]}
        />
      );
    }
    case 'usageImport': {
      const body = await api.read(`/v1/usage/${encoded(job.id)}/status?pageSize=40`);
      return <ImportRows body={body} />;
    }
    default: {
      const { body } = await api.get(`/v1/async-jobs/${encoded(job.id)}`);
      const problem = messagesOf(body)[0];
      const result = problem ?? JSON.stringify(body?.result ?? body?.errors ?? {}, null, 2);
      return <pre tabindex={0}>{result}</pre>;
    }
  }
}

/** The first rows of an import and what became of them. */
function ImportRows({ body }: { readonly body: Json }) {
  return (
    <Table
      caption="Rows of the file"
      rows={body.rows as Json[]}
      columns={[
        { title: 'Row', isNumber: true, cell: (row) => row.row },
        { title: 'Result', cell: (row) => <Status value={row.success ? 'Recorded' : 'Refused'} /> },
        {
          title: 'Usage or reason',
          cell: (row) => row.message ?? <span class="code">{row.usageId}</span>,
        },
      ]}
      empty={<p>No row was looked at yet.</p>}
    />
  );
}

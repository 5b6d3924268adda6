import { ApiProblem, type ApiReply, encoded, type Json, type PageApi, queryOf } from '../../api.ts';
import { ErrorPage } from '../../components/error-page.tsx';
import { Pager } from '../../components/parts.tsx';
import { type Column, Table } from '../../components/table.tsx';
import { csvLine, csvReply } from '../../csv.ts';
import { ProblemSummary } from '../../forms/form.tsx';
import { type Problem, problemsOf } from '../../forms/problems.ts';
import { page } from '../../layout.tsx';
import { CSV_ROWS_MAX } from '../../lists/object-list.tsx';
import type { PageContext } from '../../page-env.ts';
import type { PageRoutes } from '../../pages.tsx';
import { Accounts, Caller, CallStatus, showCall } from './call.tsx';
import {
  apiQueryOf,
  CALL_FILTERS,
  CallFilters,
  type KnownCaller,
  LOG_PATH,
  typedFilters,
} from './filters.tsx';

/** Calls of one page; a page of the file that is made of them. */
const PAGE_CALLS = 50;
const CSV_PAGE_CALLS = 100;
/** Accounts of one call that the list names. */
const ACCOUNTS_SHOWN = 2;

/** What was asked of the API in the last days, and what it answered: for whoever may write. */
export const apiLogPages: PageRoutes = (app, apiOf) => {
  app.get(LOG_PATH, async (c) => {
    if (c.get('user').role === 'read') return notForReaders(c);
    return c.req.query('format') === 'csv' ? csvOfCalls(c, apiOf(c)) : listCalls(c, apiOf(c));
  });
  app.get(`${LOG_PATH}/:requestId`, async (c) => {
    if (c.get('user').role === 'read') return notForReaders(c);
    return showCall(c, await apiOf(c).read(`/v1/spillway/api-log/${encoded(c.req.param('requestId'))}`));
  });
};

function notForReaders(c: PageContext) {
  return page(
    c,
    { title: 'Not for your role', status: 403 },
    <ErrorPage
      title="Not for your role"
      message="The API log shows what others sent. It needs the role standard or admin, which an administrator can give you."
    />,
  );
}

/** A row of the list: a call, or how many of a second were not kept. */
type Row = { readonly call: Json } | { readonly second: string; readonly calls: number };

/** Newest first; what was not kept of a second stands below the calls of it that were. */
function rowsOf(body: Json): Row[] {
  const rows: Array<readonly [number, Row]> = [
    ...body.calls.map((call: Json) => [Date.parse(call.time), { call }] as const),
    ...body.notKept.map((one: Json) => [Date.parse(one.second), one] as const),
  ];
  // A stable sort: calls of one millisecond stay in the log's own order.
  return rows.sort(([a], [b]) => b - a).map(([, row]) => row);
}

async function listCalls(c: PageContext, api: PageApi): Promise<Response> {
  const typed = typedFilters(c);
  const before = c.req.query('before') ?? null;
  const reply = await api.get(
    `/v1/spillway/api-log${apiQueryOf(c, typed, { before, pageSize: PAGE_CALLS })}`,
  );
  const problems = reply.isOk ? [] : filterProblems(reply);
  const body: Json = reply.isOk ? reply.body : { calls: [], notKept: [] };
  const next = body.nextPage === undefined ? null : new URL(body.nextPage).searchParams.get('before');
  const hrefOf = (more: Readonly<Record<string, string | null>>) =>
    `${LOG_PATH}${queryOf({ ...typed, ...more })}`;
  const isFiltered = Object.values(typed).some((value) => value !== '');
  return page(
    c,
    { title: 'API log', status: reply.isOk ? 200 : reply.status },
    <>
      <ProblemSummary
        problems={problems}
        sections={[{ title: '', fields: CALL_FILTERS.map(({ name, label }) => ({ name, label })) }]}
      />
      <CallFilters
        c={c}
        typed={typed}
        problems={problems}
        callers={callersOf(body.calls)}
        csvHref={hrefOf({ before, format: 'csv' })}
      />
      {body.notKept.length === 0 ? null : (
        <p class="hint">
          Under load the log keeps a part of the calls. Rows that say how many of a second were not kept count
          those of all clients, whatever the filter.
        </p>
      )}
      {reply.isOk ? (
        <>
          {body.calls.length > 0 ? null : (
            <div class="empty">
              <NoCalls c={c} hasNext={next !== null} isFiltered={isFiltered || before !== null} />
            </div>
          )}
          {body.calls.length + body.notKept.length === 0 ? null : (
            <Table caption="Calls" columns={columnsOf(c)} rows={rowsOf(body)} empty={null} />
          )}
          <Pager
            first={before === null ? null : hrefOf({})}
            next={next === null ? null : hrefOf({ before: next })}
            shown={body.calls.length === 1 ? '1 call' : `${body.calls.length} calls`}
          />
        </>
      ) : null}
    </>,
  ) as Promise<Response>;
}

/** Beside their filters; what is no matter of a filter is a page of its own. */
function filterProblems(reply: ApiReply): Problem[] {
  if (reply.status !== 400) throw new ApiProblem(reply);
  return problemsOf(
    reply,
    CALL_FILTERS.map(({ name, label }) => ({ name, label })),
  );
}

function callersOf(calls: readonly Json[]): KnownCaller[] {
  const names = new Map(calls.map(({ clientId, clientName }) => [clientId, clientName ?? clientId]));
  names.delete(null);
  return [...names].map(([id, name]) => ({ id, name }));
}

function NoCalls({
  c,
  hasNext,
  isFiltered,
}: {
  readonly c: PageContext;
  readonly hasNext: boolean;
  readonly isFiltered: boolean;
}) {
  if (c.env.API_LOG === 'off') {
    return (
      <>
        <h2>The API log is off</h2>
        <p>This deployment keeps no calls: its setting API_LOG says so.</p>
      </>
    );
  }
  if (hasNext) return <p>None of the calls that were looked at fits. Go on with the next page.</p>;
  if (isFiltered) {
    return (
      <p>
        No call fits. Calls are kept for seven days, those of the last second may still be on their way.{' '}
        <a href={LOG_PATH}>Show all</a>
      </p>
    );
  }
  return (
    <>
      <h2>No calls yet</h2>
      <p>
        What clients and these web pages ask of the API stands here a second later, with what was sent and
        what came back, for seven days.
      </p>
    </>
  );
}

function columnsOf(c: PageContext): ReadonlyArray<Column<Row>> {
  const format = c.get('format');
  const ofCall = (cell: (call: Json) => unknown) => (row: Row) =>
    'call' in row ? (cell(row.call) as never) : '';
  return [
    {
      title: 'Time',
      cell: (row) =>
        'call' in row ? (
          <>
            <a class="one-line" href={`${LOG_PATH}/${encoded(row.call.requestId)}`}>
              {format.time(row.call.time)}
            </a>
            <small class="one-line">{format.day(row.call.time)}</small>
          </>
        ) : (
          <>
            {format.time(row.second)}
            <small class="one-line">{format.day(row.second)}</small>
          </>
        ),
    },
    { title: 'Method', cell: ofCall(({ method }) => method) },
    {
      title: 'Path',
      cell: (row) =>
        'call' in row ? (
          <code class="long">{row.call.path}</code>
        ) : (
          <em>
            {row.calls === 1
              ? '1 call of this second was not kept'
              : `${format.number(row.calls)} calls of this second were not kept`}
          </em>
        ),
    },
    { title: 'Status', cell: ofCall((call) => <CallStatus call={call} />) },
    { title: 'ms', isNumber: true, cell: ofCall(({ milliseconds }) => format.number(milliseconds)) },
    { title: 'Client or user', isWideOnly: true, cell: ofCall((call) => <Caller call={call} />) },
    {
      title: 'Account',
      isWideOnly: true,
      cell: ofCall(({ accounts }) => <Accounts accounts={accounts} shownMax={ACCOUNTS_SHOWN} />),
    },
    {
      title: 'Idempotency key',
      isWideOnly: true,
      cell: ofCall(({ idempotencyKey, isReplayed }) =>
        idempotencyKey === null ? (
          ''
        ) : (
          <>
            <a class="long" href={`${LOG_PATH}${queryOf({ idempotencyKey })}`}>
              {idempotencyKey}
            </a>
            {isReplayed ? <small>replayed: the kept reply, no second effect</small> : null}
          </>
        ),
      ),
    },
  ];
}

const CSV_COLUMNS: ReadonlyArray<readonly [string, (call: Json) => string | number | boolean | null]> = [
  ['Time', ({ time }) => time],
  ['Request ID', ({ requestId }) => requestId],
  ['Track ID', ({ trackId }) => trackId],
  ['Source', ({ source }) => source],
  ['Client ID', ({ clientId }) => clientId],
  ['Client Name', ({ clientName }) => clientName],
  ['Method', ({ method }) => method],
  ['Path', ({ path }) => path],
  ['Status', ({ status }) => status],
  ['Error Codes', ({ errorCodes }) => errorCodes.join(' ')],
  ['Milliseconds', ({ milliseconds }) => milliseconds],
  ['Accounts', ({ accounts }) => accounts.join(' ')],
  ['Idempotency Key', ({ idempotencyKey }) => idempotencyKey],
  ['Replayed', ({ idempotencyKey, isReplayed }) => (idempotencyKey === null ? null : isReplayed)],
];

/** What is shown and what follows it, as a file: from the same place, by the same filters. Its last column counts calls of a second that were not kept. */
async function csvOfCalls(c: PageContext, api: PageApi): Promise<Response> {
  const typed = typedFilters(c);
  const read = (before: string | null): Promise<ApiReply> =>
    api.get(`/v1/spillway/api-log${apiQueryOf(c, typed, { before, pageSize: CSV_PAGE_CALLS })}`);
  const first = await read(c.req.query('before') ?? null);
  // What is wrong with a filter is said on the page.
  if (!first.isOk) return c.redirect(`${LOG_PATH}${queryOf(typed)}`, 303);
  const lines = async function* () {
    yield csvLine([...CSV_COLUMNS.map(([title]) => title), 'Calls Not Kept']);
    const seconds = new Set<string>();
    let rows = 0;
    for (let { body } = first; ; ) {
      for (const row of rowsOf(body)) {
        if ('call' in row) {
          if (++rows > CSV_ROWS_MAX) return;
          yield csvLine([...CSV_COLUMNS.map(([, value]) => value(row.call)), null]);
        } else if (!seconds.has(row.second)) {
          seconds.add(row.second);
          yield csvLine([row.second, ...CSV_COLUMNS.slice(1).map(() => null), row.calls]);
        }
      }
      if (body.nextPage === undefined) return;
      const next = await read(new URL(body.nextPage).searchParams.get('before'));
      if (!next.isOk) throw new ApiProblem(next);
      body = next.body;
    }
  };
  return csvReply('api-log.csv', lines());
}

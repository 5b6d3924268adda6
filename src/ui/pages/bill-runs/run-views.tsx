import type { Child } from 'hono/jsx';
import { encoded, type Json, type PageApi, queryOf } from '../../api.ts';
import { Facts, Pager, Progress, Status, Tabs } from '../../components/parts.tsx';
import { Table } from '../../components/table.tsx';
import type { PageContext } from '../../page-env.ts';

/** States in which a run waits for somebody: nothing of it goes on by itself. */
const AT_REST = new Set(['Completed', 'Error', 'Posted', 'Canceled']);
export const isAtRest = (status: string): boolean => AT_REST.has(status);

const STATE_LABELS: Readonly<Record<string, string>> = {
  Pending: 'Waiting',
  Processing: 'Being billed',
  Completed: 'Billed',
  Posted: 'Posted',
  Canceled: 'Cancelled',
  Error: 'Refused',
};

/** How far a run is: the part of its page that renews itself until the run is at rest. */
export function RunProgress({ c, progress }: { readonly c: PageContext; readonly progress: Json }) {
  const format = c.get('format');
  const counts = progress.accounts as Record<string, number>;
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const left = (counts.Pending ?? 0) + (counts.Processing ?? 0);
  const isDone = isAtRest(progress.status);
  return (
    <>
      <div data-key="status" {...(isDone ? { 'data-done': '' } : {})}>
        <Facts
          facts={[
            ['Status', <Status value={progress.status} />],
            ['Message', progress.failure],
            ['Started', format.instant(progress.startedAt)],
            ['Ended', format.instant(progress.finishedAt)],
            ['Posted', format.instant(progress.postedAt)],
          ]}
        />
        {isDone ? null : (
          <p class="quiet" role="status">
            {progress.allAccountsFound ? '' : 'Accounts are still being looked for. '}This page renews itself;
            you may leave it.
          </p>
        )}
      </div>
      <div data-key="bar">
        {total > 0 ? (
          <Progress label="Accounts done" done={total - left} total={total} />
        ) : isDone ? (
          <p>No account had anything to bill.</p>
        ) : null}
      </div>
      <dl class="metrics">
        {Object.entries(STATE_LABELS)
          .filter(([state]) => (counts[state] ?? 0) > 0)
          .map(([state, label]) => (
            <div data-key={`accounts-${state}`}>
              <dt>{`Accounts: ${label.toLowerCase()}`}</dt>
              <dd>{format.number(counts[state])}</dd>
            </div>
          ))}
        {(
          [
            ['subscriptions', 'Subscriptions', progress.subscriptions],
            ['lines', 'Lines', progress.lines],
            ['invoices', 'Invoices', progress.documents.invoices],
            ['memos', 'Credit memos', progress.documents.creditMemos],
          ] as const
        ).map(([key, label, count]) => (
          <div data-key={key}>
            <dt>{label}</dt>
            <dd>{format.number(count)}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}

const VIEWS = [
  { name: 'accounts', label: 'Accounts' },
  { name: 'refused', label: 'Refused accounts' },
  { name: 'invoices', label: 'Invoices' },
  { name: 'creditMemos', label: 'Credit memos' },
] as const;
const ROWS = 30;

/** What the run did: its amounts, its accounts one by one, its documents. */
export async function runResults(c: PageContext, api: PageApi, run: Json): Promise<Child> {
  const path = `/bill-runs/${encoded(run.id)}`;
  const asked = c.req.query('show');
  const view = VIEWS.find(({ name }) => name === asked) ?? VIEWS[0];
  const number = Math.max(1, Math.trunc(Number(c.req.query('page') ?? '1')) || 1);
  const hrefOf = (name: string, page = 1) =>
    `${path}${queryOf({ show: name === 'accounts' ? null : name, page: page === 1 ? null : page })}`;
  const under = `/v1/spillway/bill-runs/${encoded(run.id)}`;
  const paging = { page: number, pageSize: ROWS };
  const isDocuments = view.name === 'invoices' || view.name === 'creditMemos';
  const [listed, { totals }] = await Promise.all([
    isDocuments
      ? api.read(
          `${under}/documents${queryOf({ ...paging, kind: view.name === 'invoices' ? 'invoice' : 'creditMemo' })}`,
        )
      : api.read(
          `${under}/accounts${queryOf({ ...paging, status: view.name === 'refused' ? 'Error' : null })}`,
        ),
    api.read(`${under}/documents?pageSize=1&totals=true`),
  ]);
  const rows: Json[] = listed.documents ?? listed.accounts;
  return (
    <section class="card" aria-labelledby="results">
      <h2 id="results">Results</h2>
      <Totals c={c} totals={totals} />
      <Tabs
        label="Results"
        tabs={VIEWS.map(({ name, label }) => ({ path: hrefOf(name), label }))}
        current={hrefOf(view.name)}
      />
      {isDocuments ? <Documents c={c} rows={rows} /> : <Accounts c={c} rows={rows} />}
      <Pager
        first={number === 1 ? null : hrefOf(view.name)}
        next={listed.nextPage === undefined ? null : hrefOf(view.name, number + 1)}
        shown={rows.length === 1 ? '1 row' : `${rows.length} rows`}
      />
    </section>
  );
}

function Totals({ c, totals }: { readonly c: PageContext; readonly totals: readonly Json[] }) {
  if (totals.length === 0) return null;
  const format = c.get('format');
  return (
    <dl class="metrics">
      {totals.map(({ kind, currency, amount }) => (
        <div>
          <dt>{`${kind === 'invoice' ? 'Invoices' : 'Credit memos'} in ${currency}`}</dt>
          <dd>{format.money(amount, currency)}</dd>
        </div>
      ))}
    </dl>
  );
}

function accountLink(row: Json) {
  return (
    <a href={`/accounts/${encoded(row.accountId)}`}>
      {row.accountName ?? row.accountNumber ?? row.accountId}
    </a>
  );
}

function Accounts({ c, rows }: { readonly c: PageContext; readonly rows: readonly Json[] }) {
  const format = c.get('format');
  return (
    <Table
      caption="Accounts of the bill run"
      rows={rows}
      columns={[
        { title: 'Account', cell: accountLink },
        { title: 'Number', cell: (row) => row.accountNumber, isWideOnly: true },
        { title: 'Result', cell: (row) => <Status value={STATE_LABELS[row.status]} /> },
        {
          title: 'Subscriptions',
          isNumber: true,
          isWideOnly: true,
          cell: (row) => format.number(row.subscriptions),
        },
        { title: 'Lines', isNumber: true, cell: (row) => format.number(row.lines) },
        { title: 'Reason', cell: (row) => row.failure },
      ]}
      empty={<p>No account is here.</p>}
    />
  );
}

function Documents({ c, rows }: { readonly c: PageContext; readonly rows: readonly Json[] }) {
  const format = c.get('format');
  const pathOf = (row: Json) => `/${row.kind === 'invoice' ? 'invoices' : 'credit-memos'}/${encoded(row.id)}`;
  return (
    <Table
      caption="Documents of the bill run"
      rows={rows}
      columns={[
        { title: 'Number', cell: (row) => <a href={pathOf(row)}>{row.number}</a> },
        { title: 'Account', cell: accountLink },
        { title: 'Status', cell: (row) => <Status value={row.status} /> },
        { title: 'Date', cell: (row) => format.date(row.date), isWideOnly: true },
        { title: 'Amount', isNumber: true, cell: (row) => format.money(row.amount, row.currency) },
      ]}
      empty={<p>The run made no such document.</p>}
    />
  );
}

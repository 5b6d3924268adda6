import type { Child } from 'hono/jsx';
import { type ApiReply, encoded, type Json, messagesOf, type PageApi, queryOf } from '../../api.ts';
import { Card, Pager } from '../../components/parts.tsx';
import { type Column, Table } from '../../components/table.tsx';
import type { PageContext } from '../../page-env.ts';
import { accountPath, belowAccount, needed } from './account-frame.tsx';
import { DocumentLink, METRICS, Moved, signed } from './metrics.tsx';

const OPERATIONS_SHOWN = 30;

/** GET /accounts/:id/metrics/operations: where a number comes from. */
export async function operationsPage(c: PageContext, api: PageApi): Promise<Response> {
  const id = c.req.param('id')!;
  const metric = METRICS.find(([name]) => name === c.req.query('metric'));
  const currency = c.req.query('currency') ?? '';
  const before = c.req.query('before') ?? '';
  const asked = { metric: metric?.[0] ?? '', currency };
  const [account, reply] = await Promise.all([
    api.get(`/v1/accounts/${encoded(id)}`),
    api.get(
      `/v1/spillway/accounts/${encoded(id)}/metrics/operations${queryOf({ ...asked, before, pageSize: OPERATIONS_SHOWN })}`,
    ),
  ]);
  const path = accountPath(id, 'metrics/operations');
  const next =
    reply.body?.nextPage === undefined ? null : new URL(reply.body.nextPage).searchParams.get('before');
  const title =
    metric === undefined ? 'What moved the numbers' : `Where ${metric[1].toLowerCase()} comes from`;
  return belowAccount(c, needed(account), {
    title: `${title}${currency === '' ? '' : ` (${currency})`}`,
    content: (
      <>
        <p class="quiet">
          Every number of an account is the sum of what operations moved, and nothing else. These are the
          operations, the newest first; each leads to the document that it was about.
        </p>
        <MetricChoice path={path} asked={asked} />
        {reply.isOk ? (
          <>
            <Table
              caption={title}
              columns={columnsOf(c, metric)}
              rows={reply.body.operations as Json[]}
              empty={<Nothing isFiltered={metric !== undefined || currency !== ''} hasMore={next !== null} />}
            />
            <Pager
              first={before === '' ? null : `${path}${queryOf(asked)}`}
              next={next === null ? null : `${path}${queryOf({ ...asked, before: next })}`}
              shown={shownOf(reply.body.operations.length, next !== null)}
            />
          </>
        ) : (
          <Refused reply={reply} />
        )}
      </>
    ),
  });
}

function shownOf(operations: number, hasMore: boolean): string {
  const counted = operations === 1 ? '1 operation' : `${operations} operations`;
  return hasMore ? `${counted}, older ones follow` : counted;
}

function MetricChoice({
  path,
  asked,
}: {
  readonly path: string;
  readonly asked: { readonly metric: string; readonly currency: string };
}) {
  return (
    <form class="filters" method="get" action={path}>
      <div class="field">
        <label for="f-metric">Number</label>
        <select id="f-metric" name="metric" data-submit-on-change>
          <option value="">All</option>
          {METRICS.map(([name, label]) => (
            <option value={name} selected={name === asked.metric}>
              {label}
            </option>
          ))}
        </select>
      </div>
      {asked.currency === '' ? null : <input type="hidden" name="currency" value={asked.currency} />}
      <div class="actions">
        <button type="submit">Apply</button>
        {asked.metric === '' && asked.currency === '' ? null : (
          <a class="button" href={path}>
            All numbers
          </a>
        )}
      </div>
    </form>
  );
}

function columnsOf(c: PageContext, metric: (typeof METRICS)[number] | undefined): Column<Json>[] {
  const format = c.get('format');
  const moved: Column<Json> =
    metric === undefined
      ? { title: 'Moved', cell: (row) => <Moved c={c} operation={row} /> }
      : {
          title: metric[1],
          isNumber: true,
          cell: (row) => `${signed(row[metric[0]])}${format.money(row[metric[0]], row.currency)}`,
        };
  return [
    { title: 'When', cell: (row) => format.instant(row.committedAt) },
    { title: 'Document', cell: (row) => <DocumentLink operation={row} /> },
    moved,
    { title: 'Operation', cell: (row) => <code>{row.command ?? '—'}</code> },
    {
      title: 'Request',
      isWideOnly: true,
      cell: (row) =>
        row.requestId === null ? (
          ''
        ) : (
          <a class="code" href={`/api-log${queryOf({ requestId: row.requestId })}`}>
            {String(row.requestId).slice(0, 8)}
          </a>
        ),
    },
    {
      title: 'Published',
      isWideOnly: true,
      cell: (row) => (row.published ? 'Yes' : <strong>Pending</strong>),
    },
  ];
}

function Nothing({ isFiltered, hasMore }: { readonly isFiltered: boolean; readonly hasMore: boolean }) {
  if (hasMore) {
    return <p>None of the operations looked at moved this number. Older ones may have: see the next page.</p>;
  }
  if (isFiltered)
    return <p>No operation moved this number: it is zero because nothing ever happened to it.</p>;
  return (
    <>
      <h2>Nothing has moved yet</h2>
      <p>Orders, invoices, memos and payments move an account's numbers. Each will be listed here.</p>
    </>
  );
}

function Refused({ reply }: { readonly reply: ApiReply }) {
  return (
    <div class="problems" role="alert">
      <h2>This could not be listed</h2>
      <p>{messagesOf(reply.body)[0] ?? `Status ${reply.status}`}</p>
    </div>
  );
}

/** GET /accounts/:id/proof: the numbers, compared with what the documents say. */
export async function proofPage(c: PageContext, api: PageApi): Promise<Response> {
  const id = c.req.param('id')!;
  const [account, proof] = await Promise.all([
    api.get(`/v1/accounts/${encoded(id)}`),
    api.get(`/v1/spillway/accounts/${encoded(id)}/metrics/proof`),
  ]);
  return belowAccount(c, needed(account), {
    title: 'Proof of the numbers',
    content: <Proof c={c} id={id} proof={needed(proof)} />,
  });
}

function Proof({
  c,
  id,
  proof,
}: {
  readonly c: PageContext;
  readonly id: string;
  readonly proof: Json;
}): Child {
  const format = c.get('format');
  const label = (name: string) => METRICS.find(([one]) => one === name)?.[1] ?? name;
  return (
    <>
      <p class="quiet">
        The numbers are sums of what operations moved. The proof computes them a second time, from the
        documents themselves (every posted invoice and memo, payment, refund and subscription of the account),
        and compares the two at one instant, pending operations included.
      </p>
      <Card title="Result">
        {proof.proven ? (
          <p class="notice" role="status">
            Proven at {format.time(new Date().toISOString())}: the documents say exactly what the numbers say,
            in every currency.
          </p>
        ) : (
          <div class="problems" role="alert">
            <h3>
              {proof.differences.length === 1
                ? 'One number differs'
                : `${proof.differences.length} numbers differ`}
            </h3>
            <p>
              Documents were changed behind the system's back, or there is an error in it. Keep this page and
              tell whoever operates it (docs/operations.md).
            </p>
          </div>
        )}
        {proof.proven ? null : (
          <Table
            caption="What differs"
            columns={[
              { title: 'Number', cell: (row: Json) => label(row.metric) },
              { title: 'Currency', cell: (row: Json) => row.currency },
              {
                title: 'By the operations',
                isNumber: true,
                cell: (row: Json) => format.amount(row.fromDeltas, row.currency),
              },
              {
                title: 'By the documents',
                isNumber: true,
                cell: (row: Json) => format.amount(row.fromDocuments, row.currency),
              },
            ]}
            rows={proof.differences as Json[]}
            empty=""
          />
        )}
        <p class="quiet">Published up to operation {format.number(proof.watermark)}.</p>
        <div class="actions">
          <form method="get" action={accountPath(id, 'proof')}>
            <button type="submit">Prove again</button>
          </form>
          <a class="button" href={accountPath(id)}>
            Back to the account
          </a>
        </div>
      </Card>
    </>
  );
}

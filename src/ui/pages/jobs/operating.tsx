import { ApiProblem, encoded, type Json, queryOf } from '../../api.ts';
import { Ago, Card, Facts, Pager } from '../../components/parts.tsx';
import { Table } from '../../components/table.tsx';
import { ActionButton, keyOf } from '../../forms/form.tsx';
import { page } from '../../layout.tsx';
import type { PageContext } from '../../page-env.ts';
import type { PageRoutes } from '../../pages.tsx';
import { onlyFor } from '../../roles.ts';

const CRUMBS = [{ label: 'Jobs', path: '/jobs' }];

function pageNumberOf(c: PageContext): number {
  const number = Number(c.req.query('page') ?? '1');
  return Number.isInteger(number) && number > 0 ? number : 1;
}

function Pages({
  path,
  number,
  hasNext,
  shown,
}: {
  path: string;
  number: number;
  hasNext: boolean;
  shown: string;
}) {
  return (
    <Pager
      first={number === 1 ? null : path}
      next={hasNext ? `${path}?page=${number + 1}` : null}
      shown={shown}
    />
  );
}

/** What administrators look at when something does not get on. */
export const operatingPages: PageRoutes = (app, apiOf) => {
  app.get('/jobs/dead-letters', async (c) => {
    onlyFor(c, 'admin');
    const number = pageNumberOf(c);
    const body = await apiOf(c).read(`/v1/spillway/dead-letters${queryOf({ page: number })}`);
    const letters = body.deadLetters as Json[];
    const isSent = c.req.query('sent') !== undefined;
    const notice = isSent ? 'The message is on its way again.' : undefined;
    return page(
      c,
      { title: 'Dead letters', crumbs: CRUMBS, notice },
      <>
        <p class="quiet">
          Messages that a queue gave up on. What they asked for is kept in the database and is also found by
          the scheduled sweep; send one again when its cause is mended.
        </p>
        <DeadLetters c={c} letters={letters} />
        <Pages
          path="/jobs/dead-letters"
          number={number}
          hasNext={body.nextPage !== undefined}
          shown={letters.length === 1 ? '1 message' : `${letters.length} messages`}
        />
      </>,
    );
  });
  app.post('/jobs/dead-letters/:letterId/replay', async (c) => {
    const path = `/v1/spillway/dead-letters/${encoded(c.req.param('letterId'))}/replay`;
    const reply = await apiOf(c).send('POST', path, { body: {}, key: keyOf(c) });
    if (!reply.isOk) throw new ApiProblem(reply);
    return c.redirect('/jobs/dead-letters?sent', 303);
  });
  app.get('/jobs/scheduled', async (c) => {
    onlyFor(c, 'admin');
    const number = pageNumberOf(c);
    return showScheduled(
      c,
      await apiOf(c).read(`/v1/spillway/scheduled-work${queryOf({ page: number })}`),
      number,
    );
  });
};

function DeadLetters({ c, letters }: { readonly c: PageContext; readonly letters: readonly Json[] }) {
  return (
    <Table
      caption="Dead letters"
      rows={letters}
      columns={[
        { title: 'Queue', cell: (letter) => letter.queue },
        { title: 'Arrived', cell: (letter) => <Ago at={letter.arrivedAt} format={c.get('format')} /> },
        { title: 'Reason', cell: (letter) => letter.reason },
        { title: 'Message', cell: (letter) => <span class="code">{JSON.stringify(letter.body)}</span> },
        {
          title: 'Sent again',
          cell: (letter) =>
            letter.replayedAt === null ? (
              <ActionButton
                c={c}
                action={`/jobs/dead-letters/${encoded(letter.id)}/replay`}
                label="Send again"
              />
            ) : (
              <Ago at={letter.replayedAt} format={c.get('format')} />
            ),
        },
      ]}
      empty={
        <>
          <h2>No dead letters</h2>
          <p>Every message was delivered. This is how it should be.</p>
        </>
      }
    />
  );
}

function showScheduled(c: PageContext, body: Json, number: number): Response | Promise<Response> {
  const format = c.get('format');
  const { due, lastRun } = body;
  const counted = (count: number) =>
    count >= due.countMax ? `${format.number(due.countMax)} or more` : format.number(count);
  const failures = body.failures as Json[];
  return page(
    c,
    { title: 'Scheduled work', crumbs: CRUMBS },
    <>
      <Card title="Due now">
        <Facts
          facts={[
            ['Due through', format.date(body.dueThrough)],
            ['A day begins at', `${body.runHour}:00, ${body.timeZone}`],
            ['Orders due', counted(due.orders)],
            ['Subscriptions due', counted(due.subscriptions)],
            ['Last looked for', lastRun === null ? 'not yet' : format.instant(lastRun.at)],
            ['Accounts that had some then', lastRun === null ? null : format.number(lastRun.accounts)],
          ]}
        />
      </Card>
      <Card title="Refused">
        <Table
          caption="Renewals, expirations and scheduled orders that were refused"
          rows={failures}
          columns={[
            {
              title: 'Subscription or order',
              cell: (row) =>
                row.subscriptionNumber === null ? (
                  <a href={`/orders/${encoded(row.orderNumber)}`}>{row.orderNumber}</a>
                ) : (
                  <a href={`/subscriptions/${encoded(row.subscriptionNumber)}`}>{row.subscriptionNumber}</a>
                ),
            },
            { title: 'Account', cell: (row) => <a href={`/accounts/${encoded(row.accountId)}`}>Open</a> },
            { title: 'Due on', cell: (row) => format.date(row.dueOn) },
            { title: 'Tried again on', cell: (row) => format.date(row.retryOn) },
            { title: 'Reason', cell: (row) => row.reason },
          ]}
          empty={<p>Nothing was refused: all that was due was done.</p>}
        />
        <Pages
          path="/jobs/scheduled"
          number={number}
          hasNext={body.nextPage !== undefined}
          shown={failures.length === 1 ? '1 refusal' : `${failures.length} refusals`}
        />
      </Card>
    </>,
  );
}

import { encoded, type Json, queryOf } from '../api.ts';
import { Card, Status } from '../components/parts.tsx';
import { Table } from '../components/table.tsx';
import { page } from '../layout.tsx';
import type { PageRoutes } from '../pages.tsx';

/** Kinds of what is found: the title of their group, and their pages. */
const GROUPS: ReadonlyArray<readonly [kind: string, title: string, section: string]> = [
  ['account', 'Accounts', 'accounts'],
  ['subscription', 'Subscriptions', 'subscriptions'],
  ['order', 'Orders', 'orders'],
  ['invoice', 'Invoices', 'invoices'],
  ['creditMemo', 'Credit memos', 'credit-memos'],
  ['debitMemo', 'Debit memos', 'debit-memos'],
  ['payment', 'Payments', 'payments'],
  ['refund', 'Refunds', 'refunds'],
];
/** Their pages are addressed by number. */
const BY_NUMBER = new Set(['subscription', 'order']);
const SEARCHED_CHARACTERS_MAX = 200;

function pathOf(found: Json): string {
  const section = GROUPS.find(([kind]) => kind === found.kind)![2];
  return `/${section}/${encoded(BY_NUMBER.has(found.kind) ? found.number : found.id)}`;
}

/** GET /search?q=: what is the only one that is exactly that is shown at once. */
export const searchPages: PageRoutes = (app, apiOf) => {
  app.get('/search', async (c) => {
    const text = (c.req.query('q') ?? '').trim().slice(0, SEARCHED_CHARACTERS_MAX);
    if (text === '') return page(c, { title: 'Search' }, <Teaching text="" />);
    const reply = await apiOf(c).read(`/v1/spillway/search${queryOf({ q: text })}`);
    const results: Json[] = reply.results;
    const exact = results.filter((one) => one.exact);
    if (exact.length === 1) return c.redirect(pathOf(exact[0]), 302);
    if (results.length === 0) return page(c, { title: 'Nothing found' }, <Teaching text={text} />);
    return page(
      c,
      { title: `Search: ${text}` },
      GROUPS.map(([kind, title]) => (
        <Group
          kind={kind}
          title={title}
          rows={results.filter((one) => one.kind === kind)}
          rowsMax={reply.rowsPerKindMax}
        />
      )),
    );
  });
};

function Group({
  kind,
  title,
  rows,
  rowsMax,
}: {
  readonly kind: string;
  readonly title: string;
  readonly rows: readonly Json[];
  readonly rowsMax: number;
}) {
  if (rows.length === 0) return null;
  const isAccount = kind === 'account';
  return (
    <Card title={title}>
      <Table
        caption={title}
        columns={[
          { title: 'Number', cell: (row: Json) => <a href={pathOf(row)}>{row.number}</a> },
          {
            title: isAccount ? 'Name' : 'Account',
            cell: (row: Json) =>
              isAccount ? (
                row.accountName
              ) : (
                <a href={`/accounts/${encoded(row.accountId)}`}>{row.accountName}</a>
              ),
          },
          { title: 'Status', cell: (row: Json) => <Status value={row.status} /> },
        ]}
        rows={rows}
        empty=""
      />
      {rows.length >= rowsMax ? (
        <p class="quiet">
          These are the first; type more of the number{isAccount ? ' or name' : ''} to see others.
        </p>
      ) : null}
    </Card>
  );
}

function Teaching({ text }: { readonly text: string }) {
  return (
    <div class="empty">
      <h2>{text === '' ? 'What are you looking for?' : `Nothing begins with “${text}”`}</h2>
      <p>The search finds</p>
      <ul>
        <li>accounts, by how their number or name begins</li>
        <li>subscriptions, orders, invoices, memos, payments and refunds, by how their number begins</li>
        <li>any of them by its id</li>
      </ul>
      <p>
        For what lies inside, such as an amount or a contact’s e-mail address, use the lists and their
        filters, or the <a href="/console">query console</a>.
      </p>
      <a class="button" href="/accounts">
        All accounts
      </a>
    </div>
  );
}

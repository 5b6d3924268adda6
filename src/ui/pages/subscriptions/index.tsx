import type { Child } from 'hono/jsx';
import { encoded, type Json, type PageApi, queryOf } from '../../api.ts';
import { Card, Facts, Pager, Status, Tabs } from '../../components/parts.tsx';
import { Table } from '../../components/table.tsx';
import { page } from '../../layout.tsx';
import { invoiceLineList } from '../../lists/invoice-line-list.tsx';
import { csvOfList, isCsv, showList } from '../../lists/object-list.tsx';
import { subscriptionList } from '../../lists/subscription-list.tsx';
import type { PageContext } from '../../page-env.ts';
import type { PageRoutes } from '../../pages.tsx';
import { mayWrite } from '../../roles.ts';
import { today } from '../orders/order-form.tsx';
import { changesOf } from './change-kinds.ts';
import { nextBill } from './next-bill.tsx';
import { customFieldsOf, PlansAndCharges, SubscriptionFacts } from './overview.tsx';
import { pathOfSubscription } from './paths.ts';
import { versionDifference } from './version-diff.ts';
import { CompareForm, Comparison, Versions } from './versions.tsx';

/** Rows of a page of versions or of orders. */
const ROWS = 20;

/** The frame of all pages about one subscription. */
function subscriptionPage(c: PageContext, subscription: Json, tab: string, content: Child) {
  const { subscriptionNumber: number } = subscription;
  const path = pathOfSubscription(number);
  const tabs = [
    { path, label: 'Overview' },
    { path: `${path}/versions`, label: 'Versions' },
    { path: `${path}/billing`, label: 'Billing' },
    { path: `${path}/orders`, label: 'Orders' },
  ];
  const changes = mayWrite(c) ? changesOf(subscription) : [];
  const actions =
    changes.length === 0 ? undefined : (
      <details class="choices">
        <summary class="button">Change</summary>
        <ul class="card">
          {changes.map(([word, title]) => (
            <li>
              <a href={`${path}/change/${word}`}>{title}</a>
            </li>
          ))}
        </ul>
      </details>
    );
  return page(
    c,
    {
      title: `Subscription ${number}`,
      crumbs: [{ label: 'Subscriptions', path: '/subscriptions' }],
      ...(actions === undefined ? {} : { actions }),
    },
    <>
      <Tabs label={`Subscription ${number}`} tabs={tabs} current={tab === '' ? path : `${path}/${tab}`} />
      {content}
    </>,
  );
}

/** All segments of its charges: what was and what will be. */
const ALL = '?charge-detail=all-segments';

const read = (api: PageApi, key: string) => api.read(`/v1/subscriptions/${encoded(key)}${ALL}`);

const readVersion = (api: PageApi, number: string, version: string | number) =>
  api.read(`/v1/subscriptions/${encoded(number)}/versions/${encoded(version)}${ALL}`);

async function overview(c: PageContext, api: PageApi, key: string) {
  const version = c.req.query('version');
  const latest = await read(api, key);
  const path = pathOfSubscription(latest.subscriptionNumber);
  const shown = version === undefined ? latest : await readVersion(api, latest.subscriptionNumber, version);
  const format = c.get('format');
  const custom = customFieldsOf(shown);
  const isLatest = shown.version === latest.version;
  return subscriptionPage(
    c,
    latest,
    '',
    <>
      {isLatest ? null : (
        <p class="notice">
          This is version {shown.version} of {latest.version}. <a href={path}>Show the latest</a>, or{' '}
          <a href={`${path}/compare?from=${shown.version}&to=${latest.version}`}>compare them</a>.
        </p>
      )}
      <Card title={isLatest ? 'Facts' : `Facts of version ${shown.version}`}>
        <SubscriptionFacts subscription={shown} format={format} />
      </Card>
      <PlansAndCharges
        subscription={shown}
        format={format}
        today={today(c)}
        canChange={isLatest && mayWrite(c) && changesOf(shown).some(([word]) => word === 'update-product')}
      />
      {custom.length === 0 ? null : (
        <Card title="Custom fields">
          <Facts facts={custom} />
        </Card>
      )}
    </>,
  );
}

/** What the charges of a subscription are called, by their numbers; those that are gone are named by the version that added them. */
function namesOf(subscription: Json, log: readonly Json[]): Map<string, string> {
  const added = log
    .flatMap(({ ratePlans }) => ratePlans as Json[])
    .flatMap(({ ratePlanCharges }) => ratePlanCharges as Json[])
    .flatMap(({ chargeNumber, fields }) =>
      (fields as Json[])
        .filter(({ fieldName, newValue }) => fieldName === 'name' && newValue !== null)
        .map(({ newValue }) => [chargeNumber, newValue] as const),
    );
  const present = (subscription.ratePlans as Json[]).flatMap(({ ratePlanCharges }) =>
    (ratePlanCharges as Json[]).map(({ number, name }) => [number, name] as const),
  );
  return new Map([...added, ...present]);
}

/** The page of a list that counts its pages; what is no number is the first. */
function pageNumber(c: PageContext): number {
  const text = c.req.query('page') ?? '';
  return /^[1-9]\d{0,5}$/.test(text) ? Number(text) : 1;
}

function CountedPager({
  path,
  at,
  hasMore,
  rows,
}: {
  path: string;
  at: number;
  hasMore: boolean;
  rows: number;
}) {
  return (
    <Pager
      first={at === 1 ? null : path}
      next={hasMore ? `${path}?page=${at + 1}` : null}
      shown={rows === 1 ? '1 row' : `${rows} rows`}
    />
  );
}

async function versions(c: PageContext, api: PageApi, key: string) {
  const at = pageNumber(c);
  const subscription = await read(api, key);
  const number: string = subscription.subscriptionNumber;
  const log = await api.read(
    `/v1/subscription-change-logs/${encoded(number)}${queryOf({ pageSize: ROWS, page: at })}`,
  );
  const { version } = subscription;
  return subscriptionPage(
    c,
    subscription,
    'versions',
    <>
      {version === 1 ? null : (
        <CompareForm number={number} latest={version} from={version - 1} to={version} />
      )}
      <Versions
        number={number}
        changes={log.subscriptions}
        names={namesOf(subscription, log.subscriptions)}
        format={c.get('format')}
      />
      <CountedPager
        path={`${pathOfSubscription(number)}/versions`}
        at={at}
        hasMore={log.nextPage != null}
        rows={log.subscriptions.length}
      />
    </>,
  );
}

async function compare(c: PageContext, api: PageApi, key: string) {
  const subscription = await read(api, key);
  const number: string = subscription.subscriptionNumber;
  const latest: number = subscription.version;
  const asked = (name: string, fallback: number) => {
    const text = c.req.query(name) ?? '';
    return /^[1-9]\d{0,6}$/.test(text) ? Number(text) : fallback;
  };
  const [from, to] = [asked('from', Math.max(1, latest - 1)), asked('to', latest)];
  const [before, after] = await Promise.all([readVersion(api, number, from), readVersion(api, number, to)]);
  return subscriptionPage(
    c,
    subscription,
    'versions',
    <>
      <CompareForm number={number} latest={latest} from={from} to={to} />
      <p class="quiet">
        What <a href={`${pathOfSubscription(number)}?version=${to}`}>version {to}</a> has that{' '}
        <a href={`${pathOfSubscription(number)}?version=${from}`}>version {from}</a> has not, and the other
        way round.
      </p>
      <Comparison difference={versionDifference(before, after)} format={c.get('format')} />
    </>,
  );
}

async function billing(c: PageContext, api: PageApi, key: string) {
  const subscription = await read(api, key);
  const number: string = subscription.subscriptionNumber;
  const place = {
    path: `${pathOfSubscription(number)}/billing`,
    fixed: [`subscriptionnumber.EQ:${number}`],
  };
  if (isCsv(c)) return csvOfList(c, api, invoiceLineList, place);
  const [next, list] = await Promise.all([
    nextBill(c, api, subscription),
    showList(c, api, invoiceLineList, place),
  ]);
  return subscriptionPage(
    c,
    subscription,
    'billing',
    <>
      {next}
      <Card title="Invoice lines">{list}</Card>
    </>,
  );
}

async function orders(c: PageContext, api: PageApi, key: string) {
  const at = pageNumber(c);
  const subscription = await read(api, key);
  const number: string = subscription.subscriptionNumber;
  const list = await api.read(
    `/v1/orders/subscription/${encoded(number)}${queryOf({ pageSize: ROWS, page: at })}`,
  );
  const format = c.get('format');
  return subscriptionPage(
    c,
    subscription,
    'orders',
    <>
      <Table
        caption={`Orders of ${number}`}
        rows={list.orders as Json[]}
        empty={<p>No orders on this page.</p>}
        columns={[
          {
            title: 'Order',
            cell: ({ orderNumber }) => <a href={`/orders/${encoded(orderNumber)}`}>{orderNumber}</a>,
          },
          { title: 'Order date', cell: ({ orderDate }) => format.date(orderDate) },
          { title: 'Status', cell: ({ status }) => <Status value={status} /> },
          {
            title: 'Actions',
            cell: (order) =>
              (order.subscriptions as Json[])
                .filter(({ subscriptionNumber }) => subscriptionNumber === number)
                .flatMap(({ orderActions }) => (orderActions as Json[]).map(({ type }) => type))
                .join(', '),
          },
          {
            title: 'Version',
            isWideOnly: true,
            cell: (order) => {
              const own = (order.subscriptions as Json[]).find(
                ({ subscriptionNumber }) => subscriptionNumber === number,
              );
              return own?.newVersion === undefined ? '' : String(own.newVersion);
            },
          },
        ]}
      />
      <CountedPager
        path={`${pathOfSubscription(number)}/orders`}
        at={at}
        hasMore={list.nextPage != null}
        rows={list.orders.length}
      />
    </>,
  );
}

/** Subscriptions: the list, and one with its versions, bills and orders. */
export const subscriptionPages: PageRoutes = (app, apiOf) => {
  app.get('/subscriptions', async (c) => {
    const place = { path: '/subscriptions' };
    if (isCsv(c)) return csvOfList(c, apiOf(c), subscriptionList, place);
    const list = await showList(c, apiOf(c), subscriptionList, place);
    const actions = mayWrite(c) ? { actions: <NewOrderLink /> } : {};
    return page(c, { title: 'Subscriptions', ...actions }, list);
  });
  app.get('/subscriptions/:key', (c) => overview(c, apiOf(c), c.req.param('key')));
  app.get('/subscriptions/:key/versions', (c) => versions(c, apiOf(c), c.req.param('key')));
  app.get('/subscriptions/:key/compare', (c) => compare(c, apiOf(c), c.req.param('key')));
  app.get('/subscriptions/:key/billing', (c) => billing(c, apiOf(c), c.req.param('key')));
  app.get('/subscriptions/:key/orders', (c) => orders(c, apiOf(c), c.req.param('key')));
};

export function NewOrderLink() {
  return (
    <a class="button primary" href="/orders/new">
      New order
    </a>
  );
}

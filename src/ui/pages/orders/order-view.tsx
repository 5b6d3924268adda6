import { encoded, type Json } from '../../api.ts';
import { Card, Facts, Pager, Status } from '../../components/parts.tsx';
import { Table } from '../../components/table.tsx';
import type { Format } from '../../format.ts';
import { AccountLink, customFieldsOf } from '../subscriptions/overview.tsx';
import { pathOfSubscription } from '../subscriptions/paths.ts';
import { actionFacts, actionParts, actionTitle } from './action-words.ts';

/** Subscriptions of an order on one page. */
const SUBSCRIPTIONS = 10;

export function OrderFacts({ order, format }: { readonly order: Json; readonly format: Format }) {
  const account = order.existingAccountDetails?.basicInfo;
  return (
    <Card title="Facts">
      <Facts
        facts={[
          ['Status', <Status value={order.status} />],
          ['Account', <AccountLink number={order.existingAccountNumber} name={account?.name} />],
          ['Partner account', account === undefined ? null : account.partnerAccount ? 'Yes' : 'No'],
          ['Order date', format.date(order.orderDate)],
          ['Category', order.category],
          ['Description', order.description],
          ['Reason code', order.reasonCode],
          ['Scheduled for', format.date(order.schedulingOptions?.scheduledDate)],
          ['Cancel reason', order.cancelReason],
          ['Reverts order', orderLink(order.revertedOrderNumber)],
          ['Reverted by order', orderLink(order.revertingOrderNumber)],
          ['Created', `${format.wallClock(order.createdDate)} by ${order.createdBy}`],
          ['Changed', `${format.wallClock(order.updatedDate)} by ${order.updatedBy}`],
          ...customFieldsOf(order.customFields ?? {}),
        ]}
      />
    </Card>
  );
}

function orderLink(number: string | null | undefined) {
  return number ? <a href={`/orders/${encoded(number)}`}>{number}</a> : null;
}

/** The subscriptions of the order with what it did to each, a page at a time. */
export function OrderSubscriptions({
  order,
  format,
  at,
}: {
  readonly order: Json;
  readonly format: Format;
  readonly at: number;
}) {
  const all = order.subscriptions as Json[];
  const first = (at - 1) * SUBSCRIPTIONS;
  const shown = all.slice(first, first + SUBSCRIPTIONS);
  const path = `/orders/${encoded(order.orderNumber)}`;
  return (
    <>
      {shown.map((line) => (
        <OrderLine line={line} order={order} format={format} />
      ))}
      {all.length > SUBSCRIPTIONS ? (
        <Pager
          first={at === 1 ? null : path}
          next={first + SUBSCRIPTIONS < all.length ? `${path}?page=${at + 1}` : null}
          shown={`Subscriptions ${first + 1} to ${first + shown.length} of ${all.length}`}
        />
      ) : null}
    </>
  );
}

function OrderLine({
  line,
  order,
  format,
}: {
  readonly line: Json;
  readonly order: Json;
  readonly format: Format;
}) {
  const number: string | null = line.subscriptionNumber;
  const isPlaced = line.newVersion !== undefined;
  const path = number === null ? '' : pathOfSubscription(number);
  const owner = line.subscriptionOwnerAccountDetails;
  return (
    <Card title={number === null ? 'New subscription' : `Subscription ${number}`}>
      <Facts
        facts={[
          ['Subscription', number === null ? null : isPlaced ? <a href={path}>{number}</a> : number],
          ['Subscription owner', ownerLink(line.subscriptionOwnerAccountNumber, owner)],
          ['Invoice owner', ownerLink(line.invoiceOwnerAccountNumber, line.invoiceOwnerAccountDetails)],
          [
            'Version',
            isPlaced ? (
              line.baseVersion ? (
                <a href={`${path}/compare?from=${line.baseVersion}&to=${line.newVersion}`}>
                  {line.baseVersion} → {line.newVersion}: what changed
                </a>
              ) : (
                <a href={`${path}?version=${line.newVersion}`}>{line.newVersion}</a>
              )
            ) : null,
          ],
          ...customFieldsOf(line.customFields ?? {}),
        ]}
      />
      {(line.orderActions as Json[]).map((action, i) => (
        <Action action={action} place={i + 1} currency={order.currency} format={format} />
      ))}
    </Card>
  );
}

function ownerLink(number: string | null, details: Json) {
  if (!number) return null;
  return (
    <>
      <AccountLink number={number} name={details?.basicInfo?.name ?? details?.name} />{' '}
      {(details?.basicInfo ?? details)?.partnerAccount ? <span class="status">Partner</span> : null}
    </>
  );
}

function Action({
  action,
  place,
  currency,
  format,
}: {
  readonly action: Json;
  readonly place: number;
  readonly currency: string;
  readonly format: Format;
}) {
  const parts = actionParts(action, format);
  const metrics = (action.orderMetrics ?? []) as Json[];
  return (
    <>
      <h3>
        {place}. {actionTitle(action.type)}
      </h3>
      <Facts facts={actionFacts(action, format)} />
      {parts.length === 0 ? null : (
        <ul class="plain">
          {parts.map((line) => (
            <li>{line}</li>
          ))}
        </ul>
      )}
      {metrics.length === 0 ? null : <Metrics metrics={metrics} currency={currency} format={format} />}
    </>
  );
}

interface MetricRow {
  readonly charge: string;
  readonly metric: string;
  readonly amount: string;
  readonly from: string;
  readonly to: string;
}

function Metrics({
  metrics,
  currency,
  format,
}: {
  readonly metrics: readonly Json[];
  readonly currency: string;
  readonly format: Format;
}) {
  const kinds = [
    ['mrr', 'MRR'],
    ['quantity', 'Quantity'],
    ['tcv', 'TCV'],
  ] as const;
  const rows = metrics.flatMap((metric) =>
    kinds.flatMap(([kind, title]) =>
      ((metric[kind] ?? []) as Json[]).map(
        (slice): MetricRow => ({
          charge: metric.chargeNumber,
          metric: title,
          amount: kind === 'quantity' ? format.number(slice.amount) : format.money(slice.amount, currency),
          from: format.date(slice.startDate),
          to: slice.endDate ? format.date(slice.endDate) : 'open',
        }),
      ),
    ),
  );
  return (
    <Table
      caption="What the action moved"
      rows={rows}
      empty={<p>It moved no figures.</p>}
      columns={[
        { title: 'Charge', cell: ({ charge }) => charge },
        { title: 'Metric', cell: ({ metric }) => metric },
        { title: 'Moves by', isNumber: true, cell: ({ amount }) => amount },
        { title: 'From', cell: ({ from }) => from },
        { title: 'To', cell: ({ to }) => to },
      ]}
    />
  );
}

export function LineItems({ order, format }: { readonly order: Json; readonly format: Format }) {
  const items = (order.orderLineItems ?? []) as Json[];
  if (items.length === 0) return null;
  return (
    <Card title="Order line items">
      <Table
        caption="Order line items"
        rows={items}
        empty={null}
        columns={[
          {
            title: 'Item',
            cell: (item) => (
              <>
                {item.itemName}
                <small>{item.itemNumber}</small>
              </>
            ),
          },
          { title: 'State', cell: ({ itemState }) => <Status value={itemState} /> },
          { title: 'Quantity', isNumber: true, cell: ({ quantity }) => format.number(quantity) },
          {
            title: 'Price per unit',
            isNumber: true,
            cell: ({ amountPerUnit, currency }) => format.amount(amountPerUnit, currency),
          },
          {
            title: 'Amount',
            isNumber: true,
            cell: ({ amount, currency }) => format.money(amount, currency),
          },
          {
            title: 'Invoice owner',
            isWideOnly: true,
            cell: (item) => (
              <AccountLink number={item.invoiceOwnerAccountNumber} name={item.invoiceOwnerAccountName} />
            ),
          },
          {
            title: 'From',
            isWideOnly: true,
            cell: ({ transactionStartDate }) => format.date(transactionStartDate),
          },
        ]}
      />
    </Card>
  );
}

import { encoded, type Json, queryOf } from '../../api.ts';
import { Ago, Card, Live } from '../../components/parts.tsx';
import { Hidden } from '../../forms/form.tsx';
import type { PageContext } from '../../page-env.ts';
import { accountPath, canWrite } from './account-frame.tsx';

/** The numbers of an account by their names in the API, in the order in which they are shown. */
export const METRICS = [
  ['balance', 'Balance'],
  ['contractedMrr', 'Contracted MRR'],
  ['totalInvoiceBalance', 'Total invoice balance'],
  ['totalDebitMemoBalance', 'Total debit memo balance'],
  ['unappliedPaymentAmount', 'Unapplied payments'],
  ['unappliedCreditMemoAmount', 'Unapplied credit memos'],
  ['reservedPaymentAmount', 'Reserved payments'],
] as const;

const LIVE_SECONDS = 2;

/** The key metrics with their age; while one watches they are renewed. */
export function MetricsCard({ c, metrics }: { readonly c: PageContext; readonly metrics: Json }) {
  const id: string = metrics.accountId;
  return (
    <Card
      id="metrics"
      title="Key metrics"
      actions={
        <>
          {metrics.partnerAccount && canWrite(c) ? (
            <form method="post" action={accountPath(id, 'metrics/refresh')} data-once>
              <Hidden c={c} />
              <button type="submit">Refresh now</button>
            </form>
          ) : null}
          <a class="button" href={accountPath(id, 'proof')}>
            Prove
          </a>
        </>
      }
    >
      <Live from={accountPath(id, 'metrics')} everySeconds={LIVE_SECONDS}>
        <Metrics c={c} metrics={metrics} />
      </Live>
    </Card>
  );
}

/** The part that is renewed: how old the numbers are, and the numbers of each currency. */
export function Metrics({ c, metrics }: { readonly c: PageContext; readonly metrics: Json }) {
  const exactIn = new Map<string, Json>(metrics.exact.map((row: Json) => [row.currency, row]));
  const publishedIn = new Map<string, Json>(metrics.published.map((row: Json) => [row.currency, row]));
  const currencies = [...exactIn.keys()];
  return (
    <>
      <p data-key="age" data-quiet>
        <Age c={c} metrics={metrics} />
      </p>
      {currencies.map((currency) => (
        <section class="metrics-of" aria-label={`Metrics in ${currency}`}>
          {currencies.length > 1 ? <h3>{currency}</h3> : null}
          <dl class="metrics">
            {METRICS.map(([name, label]) => (
              <Metric
                c={c}
                accountId={metrics.accountId}
                currency={currency}
                name={name}
                label={label}
                exact={exactIn.get(currency)[name]}
                published={publishedIn.get(currency)?.[name] ?? 0}
              />
            ))}
          </dl>
        </section>
      ))}
    </>
  );
}

interface MetricProps {
  readonly c: PageContext;
  readonly accountId: string;
  readonly currency: string;
  readonly name: string;
  readonly label: string;
  readonly exact: number;
  readonly published: number;
}

/** The published number; where operations wait that move it, also what it will be. Both lead to what is behind them. */
function Metric({ c, accountId, currency, name, label, exact, published }: MetricProps) {
  const format = c.get('format');
  return (
    <div data-key={`${currency}-${name}`}>
      <dt>{label}</dt>
      <dd>
        <a
          href={`${accountPath(accountId, 'metrics/operations')}${queryOf({ metric: name, currency })}`}
          title="Where does this come from?"
        >
          {format.money(published, currency)}
        </a>
        {exact === published ? null : (
          <small class="pending">Exact now: {format.money(exact, currency)}</small>
        )}
      </dd>
    </div>
  );
}

function Age({ c, metrics }: { readonly c: PageContext; readonly metrics: Json }) {
  const format = c.get('format');
  const { pending, asOf, partnerAccount } = metrics;
  if (!partnerAccount) {
    return <>Exact: each write publishes the numbers of this account before it is answered.</>;
  }
  const waiting =
    pending.operations === 1
      ? '1 operation pending'
      : `${format.number(pending.operations)} operations pending`;
  return (
    <>
      {asOf === null ? (
        'Not published yet; '
      ) : (
        <>
          As of {format.time(asOf)}, <Ago at={asOf} format={format} />;{' '}
        </>
      )}
      {pending.operations === 0 ? (
        `${waiting}: these numbers are exact.`
      ) : (
        <strong>
          {waiting} since {format.time(pending.since)}
        </strong>
      )}
    </>
  );
}

/** Where the operations behind a number lead to: the page of the document that moved it. */
const SECTION_OF: Readonly<Record<string, string>> = {
  subscription: 'subscriptions',
  invoice: 'invoices',
  creditMemo: 'credit-memos',
  debitMemo: 'debit-memos',
  payment: 'payments',
  refund: 'refunds',
};
const KIND_NAMES: Readonly<Record<string, string>> = {
  subscription: 'Subscription',
  invoice: 'Invoice',
  creditMemo: 'Credit memo',
  debitMemo: 'Debit memo',
  payment: 'Payment',
  refund: 'Refund',
};

/** The document of an operation; one that is gone has a name and no page. */
export function DocumentLink({ operation }: { readonly operation: Json }) {
  const { documentKind, documentId, documentNumber } = operation;
  const kind = KIND_NAMES[documentKind] ?? documentKind;
  const section = SECTION_OF[documentKind];
  if (documentNumber === null || section === undefined) {
    return (
      <>
        {kind} <span class="quiet">(deleted)</span>
      </>
    );
  }
  const key = documentKind === 'subscription' ? documentNumber : documentId;
  return (
    <a href={`/${section}/${encoded(key)}`}>
      {kind} {documentNumber}
    </a>
  );
}

/** What an operation moved: each number that is not zero. */
export function Moved({ c, operation }: { readonly c: PageContext; readonly operation: Json }) {
  const format = c.get('format');
  const moved = METRICS.filter(([name]) => Number(operation[name]) !== 0);
  if (moved.length === 0) return <span class="quiet">no number of this account</span>;
  return (
    <ul class="plain">
      {moved.map(([name, label]) => (
        <li>
          {label}{' '}
          <span class="n">
            {signed(operation[name])}
            {format.money(operation[name], operation.currency)}
          </span>
        </li>
      ))}
    </ul>
  );
}

export const signed = (amount: number) => (amount > 0 ? '+' : '');

import type { Child } from 'hono/jsx';
import type { Format } from '../format.ts';

/** Names and values, as a list of two columns. What is empty is left out. */
export function Facts({ facts }: { readonly facts: ReadonlyArray<readonly [string, Child]> }) {
  return (
    <dl class="facts">
      {facts
        .filter(([, value]) => value !== null && value !== undefined && value !== '')
        .map(([name, value]) => (
          <div>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}

export function Card({
  title,
  actions,
  children,
  id,
}: {
  readonly title: string;
  readonly actions?: Child;
  readonly children?: Child;
  readonly id?: string;
}) {
  return (
    <section class="card" {...(id === undefined ? {} : { id })}>
      <div class="title">
        <h2>{title}</h2>
        {actions === undefined ? null : <div class="actions">{actions}</div>}
      </div>
      {children}
    </section>
  );
}

const GOOD = new Set([
  'Active',
  'Posted',
  'Completed',
  'Processed',
  'completed',
  'Ready',
  'Recorded',
  'Billed',
  'Paid',
  'Error free',
]);
const BAD = new Set([
  'Error',
  'Failed',
  'failed',
  'aborted',
  'Canceled',
  'Cancelled',
  'Reversed',
  'Void',
  'Expired',
  'cancelled',
  'Refused',
  'Revoked',
  'Not ready',
]);

/** A status, told by word and by colour. */
export function Status({ value }: { readonly value: string | null | undefined }) {
  if (!value) return null;
  const kind = GOOD.has(value) ? ' good' : BAD.has(value) ? ' bad' : '';
  return <span class={`status${kind}`}>{value}</span>;
}

/** An instant with its full form on hover; script keeps "ago" true. */
export function Ago({
  at,
  format,
  nowMs = Date.now(),
}: {
  readonly at: string | null | undefined;
  readonly format: Format;
  readonly nowMs?: number;
}) {
  if (!at) return null;
  return (
    <time datetime={at} title={format.instant(at)} data-ago>
      {format.ago(at, nowMs)}
    </time>
  );
}

export interface Tab {
  readonly path: string;
  readonly label: string;
}

/** Pages about one thing; links, so each can be sent to somebody. */
export function Tabs({
  label,
  tabs,
  current,
}: {
  readonly label: string;
  readonly tabs: readonly Tab[];
  readonly current: string;
}) {
  return (
    <nav class="tabs" aria-label={label}>
      <ul>
        {tabs.map((tab) => (
          <li>
            <a href={tab.path} {...(tab.path === current ? { 'aria-current': 'page' } : {})}>
              {tab.label}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** Where the next page is; earlier ones are where the browser's Back leads. */
export function Pager({
  first,
  next,
  shown,
}: {
  readonly first: string | null;
  readonly next: string | null;
  readonly shown: string;
}) {
  return (
    <nav class="pager" aria-label="Pages">
      <span>{shown}</span>
      {first === null ? null : (
        <a class="button" href={first}>
          First page
        </a>
      )}
      {next === null ? null : (
        <a class="button" href={next} rel="next">
          Next page
        </a>
      )}
    </nav>
  );
}

/** A part of the page that script renews from `from` every so many seconds until it holds `data-done`; then it goes to `then`. */
export function Live({
  from,
  everySeconds,
  then,
  children,
}: {
  readonly from: string;
  readonly everySeconds: number;
  readonly then?: string;
  readonly children?: Child;
}) {
  return (
    <div
      data-live={from}
      data-every={String(everySeconds)}
      {...(then === undefined ? {} : { 'data-then': then })}
    >
      {children}
    </div>
  );
}

/** How far something is. */
export function Progress({
  label,
  done,
  total,
}: {
  readonly label: string;
  readonly done: number;
  readonly total: number;
}) {
  return (
    <div class="progress">
      <progress max={Math.max(1, total)} value={done} aria-label={label} />
      <span>
        {done} of {total}
      </span>
    </div>
  );
}

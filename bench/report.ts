import { CONCURRENCY_OLD, SUBSCRIPTIONS_FEW, SUBSCRIPTIONS_UPDATED, VERSIONS_MANY } from './growth.ts';
import type { Kind, Measurement } from './measure.ts';

/** A ratio that the project promises, as measured in this run. */
export interface Target {
  readonly promise: string;
  /** null: what it needs was not measured. */
  readonly measured: number | null;
  readonly shown: string;
  readonly met: boolean | null;
}

const MESSAGES_PER_WRITE_MAX = 1 / 20;
const LAG_P99_MAX_MS = 5_000;
const CEILING_CONCURRENCY = 256;

type Lookup = (
  subject: string,
  concurrency: number,
  latencyMs: number,
  kind?: Kind,
) => Measurement | undefined;

/** The promises of the engine as ratios of one run, orders on one partner account unless it says otherwise. */
export function targetsOf(
  measurements: readonly Measurement[],
  subscriptionsMany: number | undefined,
): Target[] {
  const find: Lookup = (subject, concurrency, latencyMs, kind = 'orders') =>
    measurements.find(
      (m) =>
        m.group !== 'seam' &&
        m.subject === subject &&
        m.concurrency === concurrency &&
        m.latencyMs === latencyMs &&
        m.kind === kind,
    );
  const at = (subject: string, latencyMs = 0) => find(subject, CEILING_CONCURRENCY, latencyMs);
  const partner = at('partner');
  return [
    atLeast('partner at 256 ÷ one batch per request at 256', 4, ratio(partner, at('batch')), times),
    atLeast('partner at 256 ÷ bare Hono + zod at 256', 0.15, ratio(partner, at('bare')), percent),
    atLeast(
      'with 20 ms per D1 call: partner at 256 ÷ at 1',
      20,
      ratio(at('partner', 20), find('partner', 1, 20)),
      times,
    ),
    ...growthTargets(find, subscriptionsMany ?? 'many'),
    atMost(
      'queue messages per write, partner at 256',
      MESSAGES_PER_WRITE_MAX,
      partner?.messagesPerWrite,
      (v) => v.toFixed(4),
    ),
    atMost('lag p99, partner at 256', LAG_P99_MAX_MS, partner?.lagP99Ms, milliseconds),
    atLeast('ordinary at 256 ÷ partner at 256', 0.8, ratio(at('ordinary'), partner), percent),
    atLeast(
      'partner at 256 with five exports ÷ without',
      0.9,
      ratio(at('partner, five exports'), at('partner, no export')),
      percent,
    ),
  ];
}

/** What is held already must not be felt in what a write costs. */
function growthTargets(find: Lookup, many: number | string): Target[] {
  const cost = (kind: Kind, more: string, less: string, concurrency = CEILING_CONCURRENCY) =>
    costRatio(find(more, concurrency, 0, kind), find(less, concurrency, 0, kind));
  const [full, few] = ['many subscriptions', 'few subscriptions'];
  return [
    within(
      `cost of an order at ${many} subscriptions ÷ at ${SUBSCRIPTIONS_FEW}`,
      0.15,
      cost('orders', full, few),
    ),
    within(
      `cost of an invoice at ${many} subscriptions ÷ at ${SUBSCRIPTIONS_FEW}`,
      0.15,
      cost('invoices', full, few),
    ),
    within(
      `cost of an order on one of ${many} subscriptions ÷ on one of ${SUBSCRIPTIONS_UPDATED}`,
      0.15,
      cost('updates', full, few),
    ),
    within(
      `cost of an order on a subscription of ${VERSIONS_MANY} versions ÷ on a new one`,
      0.15,
      cost('updates', 'old subscriptions', 'new subscriptions', CONCURRENCY_OLD),
    ),
  ];
}

/** By processor time, which other work on the machine changes least; by rates where the system does not tell it. */
function costRatio(a: Measurement | undefined, b: Measurement | undefined): number | null {
  if (a === undefined || b === undefined) return null;
  return a.processorUsPerWrite === null || b.processorUsPerWrite === null
    ? b.rate / a.rate
    : a.processorUsPerWrite / b.processorUsPerWrite;
}

function ratio(a: Measurement | undefined, b: Measurement | undefined): number | null {
  return a === undefined || b === undefined ? null : a.rate / b.rate;
}

type Format = (value: number) => string;
const times: Format = (value) => `${value.toFixed(2)} ×`;
const percent: Format = (value) => `${(value * 100).toFixed(1)} %`;
const milliseconds: Format = (value) => `${Math.round(value)} ms`;

function judged(
  promise: string,
  value: number | null | undefined,
  format: Format,
  met: (v: number) => boolean,
): Target {
  if (value === null || value === undefined)
    return { promise, measured: null, shown: 'not measured', met: null };
  return { promise, measured: value, shown: format(value), met: met(value) };
}

function atLeast(name: string, least: number, value: number | null | undefined, format: Format): Target {
  return judged(`${name}: at least ${format(least)}`, value, format, (v) => v >= least);
}

function atMost(name: string, most: number, value: number | null | undefined, format: Format): Target {
  return judged(`${name}: at most ${format(most)}`, value, format, (v) => v <= most);
}

function within(name: string, part: number, value: number | null): Target {
  return judged(`${name}: within ${percent(part)}`, value, percent, (v) => v >= 1 - part && v <= 1 + part);
}

const COLUMNS: ReadonlyArray<readonly [string, (m: Measurement) => string]> = [
  ['group', (m) => m.group],
  ['D1 +ms', (m) => String(m.latencyMs)],
  ['writes', (m) => m.kind],
  ['on', (m) => m.subject],
  ['at once', (m) => String(m.concurrency)],
  ['per s', (m) => String(Math.round(m.rate))],
  ['lowest–highest', (m) => `${Math.round(m.rateMin)}–${Math.round(m.rateMax)}`],
  ['p50 ms', (m) => m.p50Ms.toFixed(1)],
  ['p99 ms', (m) => m.p99Ms.toFixed(1)],
  ['commands/commit', (m) => m.commandsPerCommit?.toFixed(1) ?? ''],
  ['messages/write', (m) => m.messagesPerWrite?.toFixed(4) ?? ''],
  ['lag p50 ms', (m) => m.lagP50Ms?.toFixed(0) ?? ''],
  ['lag p99 ms', (m) => m.lagP99Ms?.toFixed(0) ?? ''],
  ['CPU µs/write', (m) => m.processorUsPerWrite?.toFixed(0) ?? ''],
  ['D1 bytes/write', (m) => m.databaseBytesPerWrite?.toFixed(0) ?? ''],
];
/** Columns of words are set left, columns of figures right. */
const LEFT_COLUMNS = new Set(['group', 'writes', 'on']);

/** The measurements as a Markdown table that reads as well in a terminal. */
export function measurementTable(measurements: readonly Measurement[]): string {
  return table(
    COLUMNS.map(([name]) => name),
    measurements.map((m) => COLUMNS.map(([, format]) => format(m))),
  );
}

export function targetTable(targets: readonly Target[]): string {
  const verdict = (met: boolean | null) => (met === null ? '–' : met ? 'met' : 'NOT met');
  return table(
    ['promise', 'measured', ''],
    targets.map((t) => [t.promise, t.shown, verdict(t.met)]),
  );
}

function table(head: readonly string[], rows: ReadonlyArray<readonly string[]>): string {
  const widths = head.map((name, i) => Math.max(name.length, 3, ...rows.map((row) => row[i]!.length)));
  const left = head.map((name, i) => LEFT_COLUMNS.has(name) || i === 0);
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, i) => (left[i] ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join(' | ')} |`;
  const rule = `|${widths.map((width, i) => (left[i] ? `${'-'.repeat(width + 2)}` : `${'-'.repeat(width + 1)}:`)).join('|')}|`;
  return [line(head), rule, ...rows.map(line)].join('\n');
}

import type { Command, CommandOutcome } from '../domain/account/command.ts';
import { addDays } from '../domain/calendar.ts';
import type { DueOrder } from '../domain/orders/run-scheduled-order.ts';
import type { DueSubscription } from '../domain/subscriptions/scheduled-work.ts';
import { limits } from '../env.ts';
import {
  claimAccounts,
  DUE_SOURCES,
  type DueItem,
  type DueSource,
  findDuePairs,
  findNextDueDay,
  holdAccount,
  readDuePage,
  recordRun,
} from '../persistence/scheduled-work.ts';

/** How far an account's due work has been gone through: everything up to this id of this source on this day. */
export interface DuePosition {
  readonly day: string;
  readonly source: DueSource;
  readonly id: string;
}

/** One account's scheduled work up to a day: what the cron asks for, and what is left of it after a piece. */
export interface ScheduledMessage {
  readonly version: 1;
  readonly job: 'scheduled';
  readonly accountId: string;
  /** Last day that is due, in the tenant's time zone. */
  readonly through: string;
  readonly after?: DuePosition | undefined;
  /** Something could not be done on the way here: the account is not asked for again at once. */
  readonly leftBehind?: boolean | undefined;
}

/**
 * Last day that is due at an instant: today in the tenant's time zone from the hour on at which a day's run starts, the day before until
 * then (semantics D.3).
 */
export function dueThrough(now: string, timeZone: string, runHour: number): string {
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
  });
  const parts = new Map(format.formatToParts(new Date(now)).map(({ type, value }) => [type, value]));
  const today = `${parts.get('year')}-${parts.get('month')}-${parts.get('day')}`;
  return Number(parts.get('hour')) >= runHour ? today : addDays(today, -1);
}

export interface SweepScheduledPorts {
  readonly db: D1Database;
  readonly now: string;
  readonly through: string;
  readonly send: (messages: readonly ScheduledMessage[]) => Promise<unknown>;
}

/** Messages that one call takes to a queue. */
const SEND_MESSAGES_MAX = 100;
const BEFORE_EVERYTHING = { day: '', accountId: '' };

/**
 * Every minute: one message for each account with due work for which none is on its way. What is due is nowhere but in the documents, so a
 * tick that is lost, or comes twice, loses and repeats nothing. Returns how many accounts were asked for.
 */
export async function sweepScheduled(ports: SweepScheduledPorts): Promise<number> {
  let accounts = 0;
  for (const source of DUE_SOURCES) accounts += await sweepSource(source, ports);
  await recordRun(ports.db, { at: ports.now, through: ports.through, accounts });
  return accounts;
}

async function sweepSource(
  source: DueSource,
  { db, now, through, send }: SweepScheduledPorts,
): Promise<number> {
  const until = claimedUntil(now);
  let after = BEFORE_EVERYTHING;
  let claimed = 0;
  for (let seen = 0; seen < limits.scheduledPairsMax; seen += limits.scheduledPairsPageMax) {
    const pairsMax = limits.scheduledPairsPageMax;
    const pairs = await findDuePairs(db, source, { after, through, pairsMax });
    if (pairs.length === 0) break;
    const accountIds = await claimAccounts(
      db,
      pairs.map(({ accountId }) => accountId),
      now,
      until,
    );
    claimed += accountIds.length;
    for (let from = 0; from < accountIds.length; from += SEND_MESSAGES_MAX) {
      const part = accountIds.slice(from, from + SEND_MESSAGES_MAX);
      await send(part.map((accountId) => ({ version: 1, job: 'scheduled', accountId, through })));
    }
    if (pairs.length < pairsMax) break;
    after = pairs.at(-1)!;
  }
  return claimed;
}

function claimedUntil(now: string): string {
  return new Date(Date.parse(now) + limits.scheduledClaimMs).toISOString();
}

export interface RunScheduledPorts {
  readonly db: D1Database;
  readonly now: () => string;
  readonly execute: (laneId: string, command: Command) => Promise<CommandOutcome>;
  readonly log: (event: string, fields: Record<string, unknown>) => void;
}

/**
 * Does a piece of one account's scheduled work: bounded pages of due objects, a command each, sent to the account's lane at once so that
 * they share its commits. Returns the message for the rest, null when all has been gone through. A piece may be done twice, or by two at
 * once: the second command finds nothing due.
 */
export async function runScheduled(
  message: ScheduledMessage,
  ports: RunScheduledPorts,
): Promise<ScheduledMessage | null> {
  const { accountId, through } = message;
  let position = message.after ?? null;
  let leftBehind = message.leftBehind ?? false;
  for (let pages = 0; pages < limits.scheduledPagesPerMessage; ) {
    const from = position ?? (await nextDay(ports.db, message, ''));
    if (from === null) return finish(message, leftBehind, ports);
    const items = await readDuePage(ports.db, accountId, from, limits.scheduledPageMax);
    if (items.length > 0) {
      pages++;
      const outcomes = await Promise.all(items.map((item) => runOne(item, from.source, message, ports)));
      if (outcomes.includes('not done')) leftBehind = true;
    }
    const last = items.at(-1);
    if (items.length === limits.scheduledPageMax) position = { ...from, id: last!.id };
    else if (from.source === 'orders') position = { day: from.day, source: 'subscriptions', id: '' };
    else {
      position = await nextDay(ports.db, message, from.day);
      if (position === null) return finish(message, leftBehind, ports);
    }
  }
  await holdAccount(ports.db, accountId, claimedUntil(ports.now()));
  return { version: 1, job: 'scheduled', accountId, through, after: position!, leftBehind };
}

async function nextDay(
  db: D1Database,
  { accountId, through }: ScheduledMessage,
  after: string,
): Promise<DuePosition | null> {
  const day = await findNextDueDay(db, accountId, after, through);
  return day === null ? null : { day, source: DUE_SOURCES[0], id: '' };
}

/** Gives the account back; one with work that could not be done keeps its claim for a while, so that it is not tried every minute. */
async function finish(
  { accountId }: ScheduledMessage,
  leftBehind: boolean,
  { db, now }: RunScheduledPorts,
): Promise<null> {
  await holdAccount(db, accountId, leftBehind ? claimedUntil(now()) : null);
  return null;
}

/** Statuses from here on say "not now", or that the outcome is unknown; a refusal below says that nothing was due any more. */
const PASSING_STATUS_MIN = 500;

async function runOne(
  item: DueItem,
  source: DueSource,
  { accountId, through }: ScheduledMessage,
  ports: RunScheduledPorts,
): Promise<'done' | 'not done'> {
  const [kind, payload] = workOf(item, source, accountId, through);
  const id = await commandId(kind, item);
  const { status, body } = await ports.execute(accountId, {
    version: 1,
    id,
    kind,
    payload,
    actor: 'scheduled',
    requestId: id,
    envelope: 'v1',
    resourceCode: '500000',
    bytes: JSON.stringify(payload).length,
  });
  if (status >= PASSING_STATUS_MIN) {
    ports.log('scheduled.not_done', { kind, number: item.number, status, body });
    return 'not done';
  }
  return 'done';
}

function workOf(
  { number, termEndDate, autoRenew }: DueItem,
  source: DueSource,
  accountId: string,
  day: string,
): readonly [string, DueOrder | DueSubscription] {
  if (source === 'orders') return ['scheduled.order', { orderNumber: number, day }];
  const due = { subscriptionNumber: number, accountId, termEndDate: termEndDate!, day };
  return [autoRenew === 1 ? 'scheduled.renew' : 'scheduled.expire', due];
}

/**
 * The same for the same work on the same state, so that a message that comes twice cannot write twice even where no guard would see it; another
 * one when the object came back to that state, as after an order that was undone.
 */
async function commandId(kind: string, { id, revision }: DueItem): Promise<string> {
  const text = new TextEncoder().encode(`${kind} ${id} ${revision}`);
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', text));
  return Array.from(hash.subarray(0, 16), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

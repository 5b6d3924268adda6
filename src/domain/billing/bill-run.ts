import type { CalendarDate } from '../calendar.ts';
import type { Audit, Stored } from '../entities.ts';
import type { JsonObject } from '../result.ts';

/**
 * Pending → Processing → Completed, or Error when an account was refused; Completed and Error → Posting → Posted (semantics E.5).
 * What is not posted → Canceling → Canceled → Removing → gone. With auto-post, Processing goes on to Posting by itself.
 */
export type BillRunStatus =
  | 'Pending'
  | 'Processing'
  | 'Completed'
  | 'Error'
  | 'Posting'
  | 'Posted'
  | 'Canceling'
  | 'Canceled'
  | 'Removing';

/** One account of the filter, or one subscription of it. The subscription's id is the one that was given. */
export interface BillRunFilter {
  readonly accountId: string;
  readonly subscription: { readonly id: string; readonly number: string } | null;
}

/** A bill run: an order to bill accounts up to a target date. Its progress is the rows of its accounts. */
export interface BillRun extends Stored, Audit {
  readonly billRunNumber: string;
  readonly name: string | null;
  readonly status: BillRunStatus;
  readonly targetDate: CalendarDate;
  readonly invoiceDate: CalendarDate;
  /** All of its conditions hold for an account that is billed. */
  readonly filter: {
    /** Only these accounts and subscriptions; null: all. */
    readonly accounts: readonly BillRunFilter[] | null;
    readonly batches: readonly string[] | null;
    readonly billCycleDay: number | null;
  };
  readonly options: {
    readonly autoPost: boolean;
    /** Subscriptions whose term ends by the target date, and which renew themselves, are renewed before they are billed. */
    readonly autoRenewal: boolean;
    readonly chargeTypesToExclude: ReadonlyArray<'OneTime' | 'Recurring' | 'Usage'>;
  };
  /** How far accounts have their row: null before the first, PLANNED_ALL when all have, else where to go on. */
  readonly plannedThrough: string | null;
  /** What is wrong with it as a whole: how many accounts were refused. */
  readonly failure: string | null;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  readonly postedAt: string | null;
  readonly details: JsonObject;
  readonly customFields: JsonObject;
}

export const PLANNED_ALL = 'all';

/** `billedThrough` of an account with no subscription left to bill. */
export const BILLED_ALL = 'all';

/** One account of a bill run. Changes in the commits of what it bills, so that a piece is billed once. */
export interface BillRunAccount extends Stored {
  readonly billRunId: string;
  readonly accountId: string;
  /** Only these of its subscriptions; null: all. */
  readonly subscriptionNumbers: readonly string[] | null;
  readonly status: 'Pending' | 'Processing' | 'Completed' | 'Posted' | 'Canceled' | 'Error';
  /** Subscriptions up to this one (by id of the version that was latest) are billed; null before the first, BILLED_ALL after the last. */
  readonly billedThrough: string | null;
  /** What was gone through and written so far: subscriptions, lines of documents, commits, queue messages. */
  readonly subscriptions: number;
  readonly lines: number;
  readonly pieces: number;
  readonly messages: number;
  /** Why it was refused. While it is not yet Error, what was generated for it is being taken back. */
  readonly failure: string | null;
  /** Instant of its last step, or of the last message about it; '' when nobody was asked yet. Nothing is decided by it. */
  readonly updatedAt: string;
}

const HALF_OF_ID = 16;

/** Id of an account's row: known without a search. The second halves of ids are random. */
export function billRunAccountId(billRunId: string, accountId: string): string {
  return billRunId.slice(-HALF_OF_ID) + accountId.slice(-HALF_OF_ID);
}

/** States of accounts that have something left to do while the run is in a state of its own. */
export const LEFT_IN: { readonly [S in BillRunStatus]: ReadonlyArray<BillRunAccount['status']> } = {
  Pending: ['Pending', 'Processing'],
  Processing: ['Pending', 'Processing'],
  Posting: ['Completed'],
  Canceling: ['Pending', 'Processing', 'Completed', 'Error'],
  Removing: ['Pending', 'Processing', 'Completed', 'Posted', 'Canceled', 'Error'],
  Completed: [],
  Error: [],
  Posted: [],
  Canceled: [],
};

/** How far a run is: its accounts by state, and what they add up to. */
export interface BillRunProgress {
  readonly accounts: { readonly [status in BillRunAccount['status']]: number };
  readonly subscriptions: number;
  readonly lines: number;
  readonly pieces: number;
  readonly messages: number;
  readonly invoices: number;
  readonly creditMemos: number;
}

/** An account that was refused, and why. */
export interface BillRunFailure {
  readonly accountId: string;
  readonly accountNumber: string | null;
  readonly reason: string | null;
}

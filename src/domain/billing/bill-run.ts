import type { CalendarDate } from '../calendar.ts';
import type { Audit, Stored } from '../entities.ts';
import type { JsonObject } from '../result.ts';

/** A bill run: an order to bill accounts up to a target date. Its progress is the rows of its accounts. */
export interface BillRun extends Stored, Audit {
  readonly billRunNumber: string;
  readonly name: string | null;
  readonly status:
    | 'Pending'
    | 'Processing'
    | 'Completed'
    | 'Posting'
    | 'Posted'
    | 'Canceling'
    | 'Canceled'
    | 'Error';
  readonly targetDate: CalendarDate;
  readonly invoiceDate: CalendarDate;
  readonly filter: {
    /** Every account of these; null: all accounts. */
    readonly accountIds: readonly string[] | null;
    readonly batches: readonly string[] | null;
    readonly billCycleDay: number | null;
    /** Only these subscriptions, by number; null: all. */
    readonly subscriptionNumbers: readonly string[] | null;
  };
  readonly options: {
    readonly autoPost: boolean;
    readonly chargeTypesToExclude: ReadonlyArray<'OneTime' | 'Recurring' | 'Usage'>;
  };
  readonly plannedThrough: string | null;
  readonly failure: string | null;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  readonly postedAt: string | null;
  readonly details: JsonObject;
  readonly customFields: JsonObject;
}

/** One account of a bill run. Changes in the commits of what it bills, so that a piece is billed once. */
export interface BillRunAccount extends Stored {
  readonly billRunId: string;
  readonly accountId: string;
  readonly status: 'Pending' | 'Processing' | 'Completed' | 'Posted' | 'Canceled' | 'Error';
  /** Subscriptions up to this one (by id of the first version) are billed. */
  readonly billedThrough: string | null;
  readonly subscriptions: number;
  readonly lines: number;
  readonly failure: string | null;
  readonly updatedAt: string;
}

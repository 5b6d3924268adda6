import type { CalendarDate } from '../calendar.ts';
import type { Audit, Stored } from '../entities.ts';

/** A preview of what a bill run would bill, over accounts, as a CSV file. It reads and bills nothing. */
export interface BillingPreviewRun extends Stored, Audit {
  readonly runNumber: string;
  readonly status: 'Pending' | 'Processing' | 'Completed' | 'Error';
  readonly targetDate: CalendarDate;
  readonly filter: {
    /** Null: all accounts. */
    readonly batches: readonly string[] | null;
  };
  readonly options: {
    readonly chargeTypesToExclude: ReadonlyArray<'OneTime' | 'Recurring' | 'Usage'>;
    readonly includingEvergreenSubscription: boolean;
  };
  /** How far the result is: null before the first account, PREVIEWED_ALL after the last, else where to go on. */
  readonly previewedThrough: string | null;
  /** Pieces of the result's file that are written. */
  readonly parts: number;
  /** The file's id, known from the start; it can be read when the run is Completed. */
  readonly fileId: string | null;
  /** Accounts with days to bill, and those of them that could be previewed. */
  readonly accounts: number;
  readonly succeededAccounts: number;
  readonly failure: string | null;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
}

export const PREVIEWED_ALL = 'all';

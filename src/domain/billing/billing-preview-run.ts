import type { CalendarDate } from '../calendar.ts';
import type { Audit, Stored } from '../entities.ts';

/** A preview of what a bill run would bill, over accounts, as a file. */
export interface BillingPreviewRun extends Stored, Audit {
  readonly runNumber: string;
  readonly status: 'Pending' | 'Processing' | 'Completed' | 'Error';
  readonly targetDate: CalendarDate;
  readonly filter: {
    readonly accountIds: readonly string[] | null;
    readonly batches: readonly string[] | null;
  };
  readonly options: {
    readonly chargeTypesToExclude: ReadonlyArray<'OneTime' | 'Recurring' | 'Usage'>;
    readonly includingEvergreenSubscription: boolean;
    readonly assumeRenewal: boolean;
  };
  readonly previewedThrough: string | null;
  readonly parts: number;
  readonly fileId: string | null;
  readonly accounts: number;
  readonly succeededAccounts: number;
  readonly failure: string | null;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
}

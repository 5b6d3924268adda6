import type { CalendarDate } from '../calendar.ts';
import type { Subscription } from '../subscriptions/subscription.ts';
import type { BillableCharge } from './billable.ts';
import type { BillingDiscounts } from './billed-terms.ts';
import type { NewBillingLine } from './billing-line.ts';
import type { BillingRules } from './billing-rules.ts';
import type { LineMaker } from './charge-lines.ts';
import type { OutstandingCharge } from './outstanding.ts';

/** A charge as billing finds it: its segments from the first unsettled day on, and what is billed of it. */
export interface ChargeHistory {
  /** In order; none for a charge that the subscription no longer has. */
  readonly segments: readonly BillableCharge[];
  readonly outstanding: readonly OutstandingCharge[];
}

/** How charges are billed. */
export interface ChargeBill {
  readonly subscription: Subscription;
  /** The first unsettled day: what is billed before it stands. */
  readonly from: CalendarDate;
  readonly targetDate: CalendarDate;
  readonly billCycleDay: number;
  readonly rules: BillingRules;
  /** The charge is left as it is; only what is unsettled of it is told. */
  readonly isExcluded: boolean;
  readonly discounts: BillingDiscounts;
  readonly maker: LineMaker;
}

/** What came of a charge: lines, and its first day that is still to be billed (`NO_END`: none). */
export interface Settlement {
  readonly lines: readonly NewBillingLine[];
  readonly unsettled: CalendarDate;
}

import type { Stored } from '../entities.ts';

/** Read only, key = id of a lineage: the rows that make up a subscription through all its versions. Guarded. */
export interface SubscriptionLineage extends Stored {
  /** Something of it has been billed: a charge is charged through a date, or an invoice item names one of its versions. */
  readonly isBilled: boolean;
  readonly subscriptionIds: readonly string[];
  readonly ratePlanIds: readonly string[];
  readonly chargeIds: readonly string[];
  readonly orderDeltaIds: readonly string[];
}

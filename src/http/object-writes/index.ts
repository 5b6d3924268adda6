import { accountWrites, contactWrites } from './accounts.ts';
import { billingWrites } from './billing.ts';
import { catalogWrites } from './catalog.ts';
import type { ObjectWrites } from './object-write.ts';
import { settlementWrites } from './settlement.ts';
import { subscriptionObjectWrites } from './subscriptions.ts';

/** All objects that the older resources write. */
export const objectWrites: readonly ObjectWrites[] = [
  accountWrites,
  contactWrites,
  ...catalogWrites,
  ...billingWrites,
  ...settlementWrites,
  ...subscriptionObjectWrites,
];

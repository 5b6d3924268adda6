import { z } from 'zod';
import type { AccountCard, AccountCards } from '../domain/accounts/account-card.ts';
import { addDays, DATE_MAX } from '../domain/calendar.ts';
import type { Order, OrderStatus } from '../domain/orders/order.ts';
import type { OrderDeltaReading, OrderLine, OrderRecord } from '../domain/orders/order-record.ts';
import { detailsShown } from '../domain/orders/whole-order.ts';
import { type JsonObject, type JsonValue, type Refusal, refuse } from '../domain/result.ts';
import { toWireAccountDetails, toWireAccountDetailsWithContact } from './account-details.ts';
import { toWireContact } from './contacts.ts';
import { toWireOrderActions } from './order-action-views.ts';
import { toWireLineItem } from './order-line-items.ts';
import { withOrderMetrics } from './order-metrics.ts';
import { instantOfMidnight, toWireDateTime, wireDate, wirePaging } from './values.ts';

const STATUSES = {
  all: null,
  cancelled: 'Cancelled',
  completed: 'Completed',
  draft: 'Draft',
  executing: 'Executing',
  failed: 'Failed',
  pending: 'Pending',
  scheduled: 'Scheduled',
} as const satisfies Record<string, OrderStatus | null>;

const dates = {
  dateFilterOption: z
    .enum(['orderDate', 'updatedDate'], { error: 'must be orderDate or updatedDate' })
    .optional(),
  startDate: wireDate.optional(),
  endDate: wireDate.optional(),
};

export const orderQuery = z.object({
  getAccountDetails: z.enum(['true', 'false'], { error: 'must be true or false' }).optional(),
});
export const orderListQuery = z.object({
  ...wirePaging.shape,
  ...dates,
  status: z
    .string()
    .refine((status) => Object.hasOwn(STATUSES, status.toLowerCase()), {
      error: `must be one of ${Object.keys(STATUSES).join(', ')}`,
    })
    .optional(),
});

/** Status and dates of a list's query. Dates are meant in the tenant's zone and both inclusive; without an option they are order dates. */
export interface OrderListFilter {
  readonly status: OrderStatus | null;
  readonly orderDate: { readonly from: string | null; readonly to: string | null } | null;
  readonly updatedAt: { readonly from: string | null; readonly before: string | null } | null;
}

export function fromWireOrderListQuery(
  query: z.output<typeof orderListQuery>,
  timeZone: string,
): OrderListFilter | Refusal {
  const from = query.startDate ?? null;
  const to = query.endDate ?? null;
  if (from !== null && to !== null && to < from)
    return refuse('invalid', 'must not lie before startDate', 'endDate');
  const status = STATUSES[(query.status ?? 'all').toLowerCase() as keyof typeof STATUSES];
  const filter = { status, orderDate: null, updatedAt: null };
  if (from === null && to === null) return filter;
  if (query.dateFilterOption !== 'updatedDate') return { ...filter, orderDate: { from, to } };
  const updatedAt = {
    from: from === null ? null : instantOfMidnight(from, timeZone),
    before: to === null || to === DATE_MAX ? null : instantOfMidnight(addDays(to, 1), timeZone),
  };
  return { ...filter, updatedAt };
}

/** Accounts that a reply about these orders shows. */
export function accountIdsOf(records: readonly OrderRecord[]): Set<string> {
  const ids = new Set<string>();
  for (const { order, lines, lineItems } of records) {
    ids.add(order.accountId);
    for (const item of lineItems) {
      ids.add(item.ownerAccountId);
      ids.add(item.invoiceOwnerAccountId);
    }
    for (const { line } of lines) {
      ids.add(line.subscriptionOwnerAccountId);
      ids.add(line.invoiceOwnerAccountId);
    }
  }
  return ids;
}

/**
 * An order in the contract's form: actions as they were asked for, with the numbers, dates and prices that they resolved to.
 *
 * @param deltas what its actions moved, to be shown with them; null: not asked for
 * @param withDetails also the accounts with their partner flags, as single reads have them
 */
export function toWireOrder(
  record: OrderRecord,
  cards: AccountCards,
  withDetails: boolean,
  deltas: readonly OrderDeltaReading[] | null = null,
): JsonObject {
  const { order } = record;
  const account = cards.byId.get(order.accountId) ?? null;
  const shown: { [name: string]: JsonValue } = {
    orderNumber: order.orderNumber,
    orderDate: order.orderDate,
    status: order.status,
    category: order.category,
    currency: order.currency,
    description: order.description ?? '',
    ...detailsShown(order),
    existingAccountNumber: account?.account.accountNumber ?? null,
    createdBy: order.createdBy,
    createdDate: toWireDateTime(order.createdAt, cards.timeZone),
    updatedBy: order.updatedBy,
    updatedDate: toWireDateTime(order.updatedAt, cards.timeZone),
    customFields: order.customFields,
    subscriptions: record.lines.map((line) => toWireLine(line, order, cards, withDetails, deltas)),
    orderLineItems: record.lineItems.map((item) => toWireLineItem(item, cards)),
  };
  if (withDetails && account !== null)
    shown.existingAccountDetails = existingAccount(account, cards.timeZone);
  return shown;
}

function existingAccount(card: AccountCard, timeZone: string): JsonObject {
  const basicInfo = toWireAccountDetails(card, timeZone);
  return card.billTo === null ? { basicInfo } : { basicInfo, billToContact: toWireContact(card.billTo) };
}

function toWireLine(
  orderLine: OrderLine,
  order: Order,
  cards: AccountCards,
  withDetails: boolean,
  deltas: readonly OrderDeltaReading[] | null,
): JsonObject {
  const { line } = orderLine;
  const owner = cards.byId.get(line.subscriptionOwnerAccountId);
  const invoiceOwner = cards.byId.get(line.invoiceOwnerAccountId);
  const shown: { [name: string]: JsonValue } = {
    baseVersion: line.baseVersion,
    ...(line.newVersion === null ? {} : { newVersion: line.newVersion }),
    subscriptionNumber: line.subscriptionNumber,
    subscriptionOwnerAccountNumber: owner?.account.accountNumber ?? null,
    invoiceOwnerAccountNumber: invoiceOwner?.account.accountNumber ?? null,
    externallyManagedBy: line.details.externallyManagedBy ?? order.details.externallyManagedBy ?? null,
    customFields: line.customFields,
    orderActions: withOrderMetrics(
      toWireOrderActions(orderLine, order, owner?.account.accountNumber ?? null),
      deltas,
      { subscriptionOwner: owner?.account.accountNumber, invoiceOwner: invoiceOwner?.account.accountNumber },
    ),
  };
  if (!withDetails) return shown;
  if (owner) shown.subscriptionOwnerAccountDetails = toWireAccountDetailsWithContact(owner, cards.timeZone);
  if (invoiceOwner) {
    shown.invoiceOwnerAccountDetails = toWireAccountDetailsWithContact(invoiceOwner, cards.timeZone);
  }
  return shown;
}

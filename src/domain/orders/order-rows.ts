import type { DecideContext } from '../account/command.ts';
import type { PlanBuilder } from '../account/plan.ts';
import type { OrderActionSpec } from './action-specs.ts';
import type { Order, OrderAction, OrderSubscription } from './order.ts';
import type { PlacedSubscription } from './order-reply.ts';
import type { RequestedSubscription } from './order-request.ts';

/** Which rows of a kept order stand for a subscription of it. */
export interface KeptLine {
  readonly line: OrderSubscription;
  /** In the order of their sequence. */
  readonly actions: readonly OrderAction[];
}

/** Whose accounts a line shows while nothing is made of it. */
export interface LineOwners {
  readonly subscriptionOwnerAccountId: string;
  readonly invoiceOwnerAccountId: string;
}

/** A line of an order that is placed: which version it made of what, and what each action moved. */
export function writePlacedLine(
  plan: PlanBuilder,
  order: Order,
  requested: RequestedSubscription,
  position: number,
  placed: PlacedSubscription,
  kept: KeptLine | null,
  context: DecideContext,
): void {
  const { subscription, baseVersion } = placed;
  const fields = {
    subscriptionId: subscription.id,
    subscriptionNumber: subscription.subscriptionNumber,
    baseVersion,
    newVersion: subscription.version,
    subscriptionOwnerAccountId: subscription.accountId,
    invoiceOwnerAccountId: subscription.invoiceOwnerAccountId,
    ratePlansBefore: placed.ratePlansBefore,
  };
  const meaning = (_: OrderActionSpec, sequence: number) => ({
    spec: null,
    waiting: placed.waiting[sequence] ?? null,
  });
  const actions = writeLine(plan, order, requested, position, fields, kept, meaning, context);
  for (const delta of placed.deltas) {
    plan.insert('orderDelta', {
      ...delta,
      id: context.newId(),
      revision: 0,
      orderId: order.id,
      orderActionId: actions[delta.sequence]!,
      subscriptionOriginalId: subscription.originalId,
      version: subscription.version,
      createdAt: context.now,
    });
  }
}

/** A line of an order that is kept: what its actions mean is stored with them. */
export function writeKeptLine(
  plan: PlanBuilder,
  order: Order,
  requested: RequestedSubscription,
  position: number,
  owners: LineOwners,
  context: DecideContext,
): void {
  const fields = {
    subscriptionId: null,
    subscriptionNumber: requested.subscriptionNumber,
    baseVersion: null,
    newVersion: null,
    ...owners,
    ratePlansBefore: [],
  };
  const meaning = (spec: OrderActionSpec) => ({ spec, waiting: null });
  writeLine(plan, order, requested, position, fields, null, meaning, context);
}

type LineFields = Pick<
  OrderSubscription,
  | 'subscriptionId'
  | 'subscriptionNumber'
  | 'baseVersion'
  | 'newVersion'
  | 'subscriptionOwnerAccountId'
  | 'invoiceOwnerAccountId'
  | 'ratePlansBefore'
>;

/** Returns the ids of the line's actions, by sequence. */
function writeLine(
  plan: PlanBuilder,
  order: Order,
  requested: RequestedSubscription,
  position: number,
  fields: LineFields,
  kept: KeptLine | null,
  meaningOf: (action: OrderActionSpec, sequence: number) => Pick<OrderAction, 'spec' | 'waiting'>,
  context: DecideContext,
): string[] {
  if (kept !== null) {
    plan.update('orderSubscription', { ...kept.line, ...fields });
    for (const [sequence, action] of kept.actions.entries()) {
      plan.update('orderAction', { ...action, ...meaningOf(requested.actions[sequence]!.action, sequence) });
    }
    return kept.actions.map(({ id }) => id);
  }
  const lineId = context.newId();
  plan.insert('orderSubscription', {
    id: lineId,
    revision: 0,
    orderId: order.id,
    line: position,
    ...fields,
    details: requested.details,
    customFields: requested.customFields,
  });
  return requested.actions.map(({ action, body }, sequence) => {
    const id = context.newId();
    plan.insert('orderAction', {
      id,
      revision: 0,
      orderId: order.id,
      orderSubscriptionId: lineId,
      sequence,
      type: action.type,
      body,
      ...meaningOf(action, sequence),
      createdAt: context.now,
    });
    return id;
  });
}

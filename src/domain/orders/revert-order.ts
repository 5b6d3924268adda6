import type { CommandHandler, DecideContext } from '../account/command.ts';
import { PlanBuilder } from '../account/plan.ts';
import { type Decimal, subtract } from '../money.ts';
import { isRefusal, type JsonObject, refuse } from '../result.ts';
import type { MadeVersion } from '../subscriptions/materialise.ts';
import type { OrderActionSpec } from './action-specs.ts';
import type { RevertOrderRequest } from './lifecycle-requests.ts';
import type { Order, OrderAction, StoredOrderDelta } from './order.ts';
import { takeBackProblem, type VersionEffects } from './order-effects.ts';
import { cancelLineItems, lineItemsProblem } from './order-line-items.ts';
import type { OrderPlaced, PlacedSubscription } from './order-reply.ts';
import type { KeptLine } from './order-rows.ts';
import { replyOfPlaced } from './placed-reply.ts';
import { revertVersion } from './revert-version.ts';
import { findWholeOrder, needsOfWholeOrder, orderStatusProblem, touched } from './whole-order.ts';

/**
 * Reverts a completed order by a new one, on the given date, that brings each of its subscriptions back to what it was before: a new
 * version with the content of the one before. A subscription that the order created is cancelled from its first day, since there is nothing
 * before it. The reverted order stays, as Reverted; its metrics and order deltas are moved by their inverse (semantics D.3, F.1 row 14).
 *
 * Refused unless the order made the latest version of each subscription, and once something that it changed has been invoiced.
 */
export const revertOrder: CommandHandler<RevertOrderRequest, OrderPlaced> = {
  alone: true,
  needs: ({ order }) => needsOfWholeOrder(order),
  numbers: () => [['order', 1]],
  decide(state, { order: key, orderDate }, context) {
    const whole = findWholeOrder(state, key);
    if (isRefusal(whole)) return whole;
    const { order } = whole;
    const problem = orderStatusProblem(order, ['Completed'], 'can be reverted');
    if (problem !== null) return problem;
    if (orderDate < order.orderDate) {
      return refuse('invalid', `must not lie before the order's own date ${order.orderDate}`, 'orderDate');
    }
    if (typeof order.details.revertedOrderNumber === 'string') {
      const message = `Order ${order.orderNumber} reverts another order: delete it to have that one back.`;
      return refuse('rule', message);
    }
    const effects = state.find('orderEffects', order.id);
    const deltas = effects?.deltas ?? [];
    const billed = lineItemsProblem(
      whole.lineItems,
      ['SentToBilling', 'Complete'],
      order.orderNumber,
      'reverted',
    );
    if (billed !== null) return billed;
    const plan = new PlanBuilder();
    cancelLineItems(whole.lineItems, state, plan, context);
    const reversal = reversalOf(order, orderDate, context);
    const placed: PlacedSubscription[] = [];
    for (const { line, actions } of whole.lines) {
      const version = effects?.versions.find(({ made }) => made.id === line.subscriptionId);
      if (version === undefined) {
        const message = `Order ${order.orderNumber} can't be reverted: subscription ${line.subscriptionNumber} has been deleted.`;
        return refuse('rule', message);
      }
      const refusal = takeBackProblem(version, order.orderNumber, 'reverted');
      if (refusal !== null) return refusal;
      const made = revertVersion(version, line.ratePlansBefore, reversal, plan, context);
      if (isRefusal(made)) return made;
      const own = deltas.filter(({ subscriptionOriginalId: id }) => id === version.made.originalId);
      writeReversedLine(plan, { line, actions }, own, made, version, reversal, context);
      placed.push({ ...made, deltas: [], waiting: [], ownerNumber: '', invoiceOwnerNumber: '' });
    }
    plan.update('order', { ...touched(order, context), status: 'Reverted' });
    plan.insert('order', reversal);
    const form = { returnIds: false, numbersOnly: true };
    return plan.build(replyOfPlaced(reversal, placed, form, state));
  },
};

function reversalOf(order: Order, orderDate: string, context: DecideContext): Order {
  return {
    ...order,
    id: context.newId(),
    revision: 0,
    orderNumber: context.nextNumber('order'),
    orderDate,
    status: 'Completed',
    description: `Reverts order ${order.orderNumber}`,
    scheduledDate: null,
    details: { revertedOrderNumber: order.orderNumber },
    customFields: {},
    createdAt: context.now,
    createdBy: context.actor,
    updatedAt: context.now,
    updatedBy: context.actor,
  };
}

type ActionType = OrderActionSpec['type'];

/** The kind of action that takes another one back, for those who read the order. */
const REVERSED_BY: Readonly<Record<ActionType, ActionType>> = {
  CreateSubscription: 'CancelSubscription',
  TermsAndConditions: 'TermsAndConditions',
  RenewSubscription: 'TermsAndConditions',
  CancelSubscription: 'TermsAndConditions',
  OwnerTransfer: 'OwnerTransfer',
  AddProduct: 'RemoveProduct',
  UpdateProduct: 'UpdateProduct',
  RemoveProduct: 'AddProduct',
  Suspend: 'Resume',
  Resume: 'Suspend',
  ChangePlan: 'ChangePlan',
};

/** One action for each that is taken back, last first; one cancellation where the order created the subscription. */
function writeReversedLine(
  plan: PlanBuilder,
  { line, actions }: KeptLine,
  deltas: readonly StoredOrderDelta[],
  { subscription, baseVersion, ratePlansBefore }: MadeVersion,
  { base, made }: VersionEffects,
  reversal: Order,
  context: DecideContext,
): void {
  const lineId = context.newId();
  plan.insert('orderSubscription', {
    ...line,
    id: lineId,
    revision: 0,
    orderId: reversal.id,
    subscriptionId: subscription.id,
    baseVersion,
    newVersion: subscription.version,
    subscriptionOwnerAccountId: subscription.accountId,
    invoiceOwnerAccountId: subscription.invoiceOwnerAccountId,
    ratePlansBefore,
  });
  const undone = base === null ? actions.slice(0, 1) : [...actions].reverse();
  const written = undone.map(
    (action, sequence): OrderAction => ({
      id: context.newId(),
      revision: 0,
      orderId: reversal.id,
      orderSubscriptionId: lineId,
      sequence,
      type: REVERSED_BY[action.type as ActionType],
      body: base === null ? cancellation(made.subscriptionStartDate) : {},
      spec: null,
      waiting: null,
      createdAt: context.now,
    }),
  );
  for (const action of written) plan.insert('orderAction', action);
  for (const delta of deltas) {
    const by =
      written[
        Math.max(
          0,
          undone.findIndex(({ id }) => id === delta.orderActionId),
        )
      ]!;
    plan.insert('orderDelta', {
      ...delta,
      id: context.newId(),
      revision: 0,
      orderId: reversal.id,
      orderActionId: by.id,
      sequence: by.sequence,
      actionType: by.type,
      version: subscription.version,
      deltaMrr: negated(delta.deltaMrr),
      deltaTcv: delta.deltaTcv === null ? null : negated(delta.deltaTcv),
      deltaQuantity: negated(delta.deltaQuantity),
      createdAt: context.now,
    });
  }
}

function cancellation(startDate: string): JsonObject {
  return {
    cancelSubscription: { cancellationPolicy: 'SpecificDate', cancellationEffectiveDate: startDate },
  };
}

function negated(value: Decimal): Decimal {
  return subtract('0', value);
}

import type { CommandHandler, DecideContext } from '../account/command.ts';
import { demand } from '../account/demand.ts';
import { type Plan, PlanBuilder } from '../account/plan.ts';
import type { State } from '../account/state.ts';
import { isRefusal, type Refusal, refuse } from '../result.ts';
import { type DatedAction, type DatedLine, datePlacedLine, everyWaiting } from './date-placed-line.ts';
import type { SetTriggerDatesRequest } from './lifecycle-requests.ts';
import type { OrderAction } from './order.ts';
import type { OrderPlaced, PlacedSubscription } from './order-reply.ts';
import type { KeptLine } from './order-rows.ts';
import { placeKeptOrder } from './place-kept-order.ts';
import { replyOfPlaced } from './placed-reply.ts';
import { bodyWithDates, givenDates } from './trigger-dates-of-action.ts';
import {
  findWholeOrder,
  isKept,
  needsOfWholeOrder,
  orderStatusProblem,
  touched,
  type WholeOrder,
} from './whole-order.ts';

/**
 * Sets dates that an order misses (semantics D.3): of a subscription that it created, of products that it added, of single charges. Charges
 * that get their date start in place, on the subscription's latest version: no version is made, and contracted MRR, which was counted
 * at booking, stays. The order is Completed when nothing waits any more. An order that was only kept, because an update had no date, is
 * placed once it has all.
 */
export const setTriggerDates: CommandHandler<SetTriggerDatesRequest, OrderPlaced> = {
  alone: true,
  needs: ({ order }) => needsOfWholeOrder(order),
  decide(state, request, context) {
    const whole = findWholeOrder(state, request.order);
    if (isRefusal(whole)) return whole;
    // A completed order waits again for a charge whose removal was taken back.
    const problem = orderStatusProblem(whole.order, ['Pending', 'Completed'], 'take trigger dates');
    if (problem !== null) return problem;
    const dated = matched(request, whole);
    if (isRefusal(dated)) return dated;
    return isKept(whole)
      ? dateKept(whole, dated, request, state, context)
      : datePlaced(whole, dated, request, state, context);
  },
};

/** What the request names, found among the order's lines and actions. */
function matched(
  { subscriptions }: SetTriggerDatesRequest,
  { order, lines }: WholeOrder,
): DatedLine[] | Refusal {
  const dated: DatedLine[] = [];
  for (const [i, { subscriptionNumber, actions }] of subscriptions.entries()) {
    const path = `subscriptions[${i}]`;
    const kept = lines.find(({ line }) => line.subscriptionNumber === subscriptionNumber);
    if (kept === undefined) {
      const message = `${subscriptionNumber} is no subscription of order ${order.orderNumber}`;
      return refuse('invalid', message, `${path}.subscriptionNumber`);
    }
    if (dated.some(({ line }) => line.id === kept.line.id)) {
      return refuse('invalid', 'is given twice', `${path}.subscriptionNumber`);
    }
    const found: DatedAction[] = [];
    for (const [k, { sequence, triggerDates, charges }] of actions.entries()) {
      const at = `${path}.orderActions[${k}]`;
      const action = kept.actions.find((one) => one.sequence === sequence);
      if (action === undefined || found.some((one) => one.action.id === action.id)) {
        const why =
          action === undefined
            ? `subscription ${subscriptionNumber} has no such action in this order`
            : 'is given twice';
        return refuse('invalid', why, `${at}.sequence`);
      }
      found.push({ action, given: givenDates(triggerDates), charges, path: at });
    }
    dated.push({ line: kept.line, actions: found, path });
  }
  return dated;
}

function dateKept(
  whole: WholeOrder,
  dated: readonly DatedLine[],
  form: SetTriggerDatesRequest,
  state: State,
  context: DecideContext,
): Plan<OrderPlaced> | Refusal {
  const changed = new Map<string, OrderAction>();
  for (const { actions } of dated) {
    for (const one of actions) {
      const action = datedSpec(one);
      if (isRefusal(action)) return action;
      changed.set(action.id, action);
    }
  }
  const lines = whole.lines.map(
    ({ line, actions }): KeptLine => ({
      line,
      actions: actions.map((action) => changed.get(action.id) ?? action),
    }),
  );
  const { returnIds, numbersOnly } = form;
  return placeKeptOrder({ ...whole, lines }, { returnIds, numbersOnly }, state, context);
}

/** An action that is kept, with the dates that it is given; a date of its own goes to a charge of an update. */
function datedSpec({ action, given, charges, path }: DatedAction): OrderAction | Refusal {
  const { spec } = action;
  if (spec === null) return action;
  const body = bodyWithDates(action.body, given);
  const triggerDates = { ...spec.triggerDates, ...given };
  if (spec.type !== 'UpdateProduct' || charges.length === 0) {
    return charges.length === 0
      ? { ...action, body, spec: { ...spec, triggerDates } }
      : refuse('invalid', 'is for charges of an update', `${path}.charges`);
  }
  const updates = [...spec.charges];
  for (const [i, { chargeNumber, specificTriggerDate }] of charges.entries()) {
    const at = updates.findIndex((update) => update.chargeNumber === chargeNumber);
    if (at < 0) {
      const message = `the action does not update charge ${chargeNumber}`;
      return refuse('invalid', message, `${path}.charges[${i}].chargeNumber`);
    }
    updates[at] = { ...updates[at]!, effective: { triggerEvent: 'SpecificDate', specificTriggerDate } };
  }
  return { ...action, body, spec: { ...spec, triggerDates, charges: updates } };
}

function datePlaced(
  whole: WholeOrder,
  dated: readonly DatedLine[],
  form: SetTriggerDatesRequest,
  state: State,
  context: DecideContext,
): Plan<OrderPlaced> | Refusal {
  demand(state, dated.flatMap(everyWaiting));
  const plan = new PlanBuilder();
  const placed: PlacedSubscription[] = [];
  const waiting = new Map(
    whole.lines.flatMap(({ actions }) => actions.map(({ id, waiting }) => [id, waiting !== null])),
  );
  for (const line of dated) {
    const made = datePlacedLine(line, whole.order, { plan, state, context });
    if (isRefusal(made)) return made;
    placed.push(made.placed);
    for (const [id, waits] of made.waits) waiting.set(id, waits);
  }
  const waits = [...waiting.values()].includes(true);
  const order = {
    ...touched(whole.order, context),
    status: waits ? ('Pending' as const) : ('Completed' as const),
  };
  plan.update('order', order);
  const { returnIds, numbersOnly } = form;
  return plan.build(replyOfPlaced(order, placed, { returnIds, numbersOnly }, state));
}

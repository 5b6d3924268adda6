import type { DecideContext } from '../account/command.ts';
import type { PlanBuilder } from '../account/plan.ts';
import type { Need, State } from '../account/state.ts';
import { add, type Decimal, subtract } from '../money.ts';
import { isRefusal, type Refusal, refuse } from '../result.ts';
import { earliestStart } from '../subscriptions/charge-dates.ts';
import { restingOnDates } from '../subscriptions/resting-on-dates.ts';
import { startCharge } from '../subscriptions/start-charge.ts';
import type { Charge, Subscription } from '../subscriptions/subscription.ts';
import { contentKey, type SubscriptionContent } from '../subscriptions/subscription-content.ts';
import type { TriggerDates } from '../subscriptions/subscription-spec.ts';
import { type ResolvedTriggerDates, resolveTriggerDates, statusOf } from '../subscriptions/trigger-dates.ts';
import { CHANGEABLE } from './actions/order-action.ts';
import type { Order, OrderAction, OrderSubscription } from './order.ts';
import { orderDeltas } from './order-delta.ts';
import type { OrderDelta, PlacedSubscription } from './order-reply.ts';
import { bodyWithDates } from './trigger-dates-of-action.ts';

export interface DatedAction {
  readonly action: OrderAction;
  /** Only those with a date. */
  readonly given: TriggerDates;
  readonly charges: ReadonlyArray<{ readonly chargeNumber: string; readonly specificTriggerDate: string }>;
  readonly path: string;
}

/** A subscription of an order whose dates are set. */
export interface DatedLine {
  readonly line: OrderSubscription;
  readonly actions: readonly DatedAction[];
  readonly path: string;
}

/** Later than any end: what waits has no end, and so has what is evergreen; nothing else has to be read. */
const NEVER = '9999';

function keyOf({ subscriptionNumber }: OrderSubscription): string {
  return contentKey(subscriptionNumber ?? '', NEVER);
}

/** What has to be read of a line: the version that the order made, and what waits on the latest one. */
export function everyWaiting({ line }: DatedLine): Need[] {
  return [
    { kind: 'subscriptionContent', key: keyOf(line) },
    { kind: 'subscription', key: line.subscriptionId ?? '' },
  ];
}

interface DatedResult {
  readonly placed: PlacedSubscription;
  /** Of each action by id, whether it still waits. */
  readonly waits: ReadonlyArray<readonly [string, boolean]>;
}

interface Setting {
  readonly plan: PlanBuilder;
  readonly state: State;
  readonly context: DecideContext;
}

/** The subscription as the dates change it, action by action. */
interface Working {
  latest: Subscription;
  /** What waits for a start, by charge number. */
  readonly waiting: Map<string, Charge>;
  readonly started: Charge[];
  readonly deltas: OrderDelta[];
}

/** Sets the dates of one subscription that the order has changed: in place, on its latest version. */
export function datePlacedLine(
  { line, actions, path }: DatedLine,
  order: Order,
  setting: Setting,
): DatedResult | Refusal {
  const { plan, state, context } = setting;
  const made = state.find('subscription', line.subscriptionId ?? '');
  const content = state.find('subscriptionContent', keyOf(line));
  if (made === null || content === null || content.subscription.originalId !== made.originalId) {
    return refuse(
      'rule',
      `subscription ${line.subscriptionNumber} has been deleted`,
      `${path}.subscriptionNumber`,
    );
  }
  const before = content.subscription;
  if (!CHANGEABLE.includes(before.status)) {
    const message = `subscription ${before.subscriptionNumber} is ${before.status}`;
    return refuse('rule', message, `${path}.subscriptionNumber`);
  }
  const working: Working = { latest: before, waiting: waitingOf(content), started: [], deltas: [] };
  const waits: Array<readonly [string, boolean]> = [];
  for (const dated of actions) {
    const action = dateAction(dated, order, working);
    if (isRefusal(action)) return action;
    plan.update('orderAction', action);
    waits.push([action.id, stillWaits(action, working)]);
  }
  const subscription = {
    ...valued(working, content),
    // What starts now starts in place: what was settled from its first day on is looked at again.
    billingFrom: earliestStart(working.started, before.billingFrom),
    updatedAt: context.now,
    updatedBy: context.actor,
  };
  const rests = made.id !== subscription.id;
  plan.update('subscription', rests ? restingOnDates(subscription) : subscription);
  if (rests) plan.update('subscription', datedAs(made, subscription));
  for (const charge of working.started) plan.update('charge', charge);
  const idOf = new Map(actions.map(({ action }) => [action.sequence, action.id]));
  for (const delta of working.deltas) {
    plan.insert('orderDelta', {
      ...delta,
      id: context.newId(),
      revision: 0,
      orderId: order.id,
      orderActionId: idOf.get(delta.sequence)!,
      subscriptionOriginalId: made.originalId,
      version: made.version,
      createdAt: context.now,
    });
  }
  return { placed: placedOf(subscription, before, line, working), waits };
}

function waitingOf({ charges }: SubscriptionContent): Map<string, Charge> {
  return new Map(
    charges.flatMap((charge) =>
      charge.effectiveStartDate === null && !charge.isRemoved ? [[charge.chargeNumber, charge]] : [],
    ),
  );
}

/** What a later version has removed no longer waits, though the action remembers it. */
function stillWaits({ type, waiting }: OrderAction, { latest, waiting: charges }: Working): boolean {
  if (waiting === null) return false;
  const isPending = type === 'CreateSubscription' && latest.status.startsWith('Pending');
  return isPending || waiting.charges.some((chargeNumber) => charges.has(chargeNumber));
}

/** Applies the dates of one action to the subscription and its charges; the action with what it still waits for. */
function dateAction(dated: DatedAction, order: Order, working: Working): OrderAction | Refusal {
  const { action, given, path } = dated;
  const { waiting } = action;
  if (waiting === null) return refuse('rule', 'the action waits for no date', `${path}.sequence`);
  const problem = setAlready(waiting.triggerDates, given, path);
  if (problem !== null) return problem;
  const triggerDates = { ...waiting.triggerDates, ...given };
  const isCreation = action.type === 'CreateSubscription';
  const effective = isCreation ? working.latest.contractEffectiveDate : order.orderDate;
  const dates = resolveTriggerDates(triggerDates, effective, `${path}.triggerDates`);
  if (isRefusal(dates)) return dates;
  if (isCreation) working.latest = datedSubscription(working.latest, dates);
  const left = startCharges(dated, waiting.charges, dates, working);
  if (!Array.isArray(left)) return left as Refusal;
  const isPending = isCreation && working.latest.status.startsWith('Pending');
  return {
    ...action,
    body: bodyWithDates(action.body, given),
    waiting: left.length > 0 || isPending ? { triggerDates, charges: left } : null,
  };
}

/** A date that is known stays: charges have started by it. */
function setAlready(known: TriggerDates, given: TriggerDates, path: string): Refusal | null {
  for (const name of ['serviceActivation', 'customerAcceptance'] as const) {
    const date = known[name];
    if (date != null && given[name] != null && given[name] !== date) {
      return refuse('rule', `${name} is set already, to ${date}`, `${path}.triggerDates`);
    }
  }
  return null;
}

/** Starts the charges of an action that have their date now; the numbers of those that still have none. */
function startCharges(
  { action, charges: specific, path }: DatedAction,
  numbers: readonly string[],
  dates: ResolvedTriggerDates,
  working: Working,
): string[] | Refusal {
  for (const [i, { chargeNumber }] of specific.entries()) {
    if (!numbers.includes(chargeNumber) || !working.waiting.has(chargeNumber)) {
      const message = `charge ${chargeNumber} waits for no date of this action`;
      return refuse('invalid', message, `${path}.charges[${i}].chargeNumber`);
    }
  }
  const left: string[] = [];
  for (const chargeNumber of numbers) {
    const charge = working.waiting.get(chargeNumber);
    const own = specific.findIndex((one) => one.chargeNumber === chargeNumber);
    const at = own < 0 ? `${path}.triggerDates` : `${path}.charges[${own}].specificTriggerDate`;
    const started =
      charge === undefined
        ? null
        : startCharge(charge, specific[own]?.specificTriggerDate ?? null, dates, working.latest, at);
    if (started === null) {
      left.push(chargeNumber);
      continue;
    }
    if (isRefusal(started)) return started;
    working.waiting.delete(chargeNumber);
    working.started.push(started);
    const after = new Map([[chargeNumber, [started]]]);
    working.deltas.push(...orderDeltas(new Map(), after, { sequence: action.sequence, type: action.type }));
  }
  return left;
}

function datedSubscription(subscription: Subscription, dates: ResolvedTriggerDates): Subscription {
  const { status } = subscription;
  return {
    ...subscription,
    serviceActivationDate: dates.serviceActivation,
    customerAcceptanceDate: dates.customerAcceptance,
    status: status.startsWith('Pending') ? statusOf(dates) : status,
  };
}

/** The version that the order made shows the dates too, where later ones have followed it. */
function datedAs(made: Subscription, latest: Subscription): Subscription {
  return datedSubscription(made, {
    contractEffective: made.contractEffectiveDate,
    serviceActivation: latest.serviceActivationDate,
    customerAcceptance: latest.customerAcceptanceDate,
  });
}

/** Contracted value with the charges that have started; still null while another has no end, or no start. */
function valued({ latest, started }: Working, { charges }: SubscriptionContent): Subscription {
  const startedById = new Map(started.map((charge) => [charge.id, charge]));
  let known: Decimal = latest.knownContractedValue;
  let isKnown = true;
  for (const charge of charges) {
    const after = startedById.get(charge.id) ?? charge;
    if (after.totalContractedValue === null) isKnown = false;
    if (after === charge) continue;
    known = subtract(add(known, after.totalContractedValue ?? '0'), charge.totalContractedValue ?? '0');
  }
  return { ...latest, knownContractedValue: known, totalContractedValue: isKnown ? known : null };
}

function placedOf(
  subscription: Subscription,
  before: Subscription,
  line: OrderSubscription,
  { started, deltas }: Working,
): PlacedSubscription {
  const { totalContractedValue: value } = subscription;
  return {
    subscription,
    ownerNumber: '',
    invoiceOwnerNumber: '',
    baseVersion: line.baseVersion,
    ratePlans: [],
    charges: started,
    ratePlansBefore: [],
    waiting: [],
    deltas,
    deltaMrr: '0',
    deltaTcv:
      value === null || before.totalContractedValue === null
        ? null
        : subtract(value, before.totalContractedValue),
  };
}

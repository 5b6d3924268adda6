import type { PeriodUnit } from '../../src/domain/calendar.ts';
import { type CalendarDate, fromDayNumber, toDayNumber } from '../../src/domain/calendar.ts';
import type { OrderActionSpec } from '../../src/domain/orders/action-specs.ts';
import type { OrderRequest } from '../../src/domain/orders/order-request.ts';
import { isRefusal } from '../../src/domain/result.ts';
import type { Random } from '../simulation/random.ts';
import {
  addingProduct,
  cancelling,
  changing,
  changingPlan,
  lastTerm,
  removingProduct,
  renewing,
  repricing,
  resuming,
  suspending,
  terms,
  transferring,
} from './order-actions.ts';
import { creating, evergreen, orderRequest, ratePlanSpec, twelveMonths } from './order-requests.ts';
import { type ChargeFields, OrderWorld, PER_UNIT } from './order-world.ts';

/** Histories of orders by chance, seeded: most orders make sense, some are refused. */

const KINDS: readonly ChargeFields[] = [
  PER_UNIT,
  { ...PER_UNIT, price: '7.5', billingPeriod: 'Quarter' },
  { price: '100' },
  { price: '60', endDateCondition: 'FixedPeriod', upToPeriods: 3, upToPeriodsType: 'Billing Periods' },
  { price: '25', chargeType: 'OneTime', billingPeriod: null },
  { price: '1', chargeType: 'Usage', chargeModel: 'Per Unit Pricing', unitOfMeasure: 'GB' },
  { price: '10', billingPeriod: 'Week' },
];

export interface HistoryWorld {
  readonly world: OrderWorld;
  /** Ids of product rate plans, one for each kind of charge, and one with several charges. */
  readonly plans: readonly string[];
  readonly owners: readonly string[];
}

/** @param like another one, whose accounts and catalog the new one shares */
export function historyWorld(like?: HistoryWorld): HistoryWorld {
  if (like !== undefined) return { ...like, world: new OrderWorld(like.world) };
  const world = new OrderWorld();
  const plans = [
    ...KINDS.map((kind) => world.offer(kind).id),
    world.offer(PER_UNIT, { price: '40' }).id,
    world.offer().id,
  ];
  const owners = [world.openAccount(), world.openAccount(), world.account].map((a) => a.accountNumber);
  return { world, plans, owners };
}

export function dayOf(random: Random, from = '2025-12-20', days = 500): CalendarDate {
  return fromDayNumber(toDayNumber(from) + random.integer(0, days));
}

export function creationBy(random: Random, { plans, owners, world }: HistoryWorld): OrderRequest {
  const chosen = Array.from({ length: random.integer(1, 3) }, () => ratePlanSpec(random.pick(plans)));
  const owner = { key: random.pick(owners), field: 'owner' };
  const isEvergreen = random.chance(0.2);
  const termed = {
    ...twelveMonths,
    renewalPeriod: random.integer(1, 14),
    renewalPeriodType: 'Month' as const,
  };
  return orderRequest(world.account.accountNumber, [
    creating(chosen, { terms: isEvergreen ? evergreen : termed }, { subscriptionOwner: owner }),
  ]);
}

/** An order of one to three actions on one subscription. */
export function orderBy(random: Random, history: HistoryWorld, number: string): OrderRequest {
  const actions = Array.from({ length: random.chance(0.7) ? 1 : random.integer(2, 3) }, () =>
    actionBy(random, history, number),
  );
  return orderRequest(history.world.account.accountNumber, [changing(number, actions)], {
    orderDate: dayOf(random),
  });
}

type Choice = readonly [weight: number, action: () => OrderActionSpec];

export function actionBy(random: Random, history: HistoryWorld, number: string): OrderActionSpec {
  const { world, plans, owners } = history;
  const day = dayOf(random);
  const subscription = world.subscription(number);
  const ratePlans = world.state
    .all('ratePlan')
    .filter(
      (plan) => plan.subscriptionOriginalId === subscription.originalId && plan.endedInVersion === null,
    );
  const live = world
    .live(number)
    .filter((c) => c.isLastSegment && ratePlans.some((p) => p.id === c.ratePlanId));
  const plan = random.pick(ratePlans)?.id ?? 'none';
  const choices: Choice[] = [
    [2, () => addingProduct(ratePlanSpec(random.pick(plans)), day)],
    [2, () => removingProduct(plan, day)],
    [1, () => planChangeBy(random, plan, random.pick(plans), day)],
    [8, () => updateBy(random, live, day)],
    [2, () => suspensionBy(random, day)],
    [3, () => resumptionBy(random, day)],
    [1, () => renewing()],
    [1, () => transferring({ subscriptionOwner: random.pick(owners) })],
    [2, () => termBy(random, day)],
    [0.4, () => (random.chance(0.7) ? cancelling(day) : cancelling(null, 'EndOfLastInvoicePeriod'))],
  ];
  let left = random.next() * choices.reduce((sum, [weight]) => sum + weight, 0);
  for (const [weight, action] of choices) {
    left -= weight;
    if (left < 0) return action();
  }
  return renewing();
}

function planChangeBy(random: Random, plan: string, next: string, day: CalendarDate): OrderActionSpec {
  const policy = random.chance(0.5) ? 'EffectiveEndOfBillingPeriod' : 'EffectiveImmediately';
  return changingPlan(plan, ratePlanSpec(next), day, { policy });
}

type LiveCharge = ReturnType<OrderWorld['live']>[number];

function updateBy(random: Random, live: readonly LiveCharge[], day: CalendarDate): OrderActionSpec {
  const recurring = live.filter((c) => c.chargeType === 'Recurring');
  const charge = random.pick(recurring);
  if (charge === undefined) return repricing('none', 'none', day, { price: '1' });
  const isFlat = charge.chargeModel === 'Flat Fee Pricing';
  // Never the same price or quantity twice: a booking that changes nothing would not be one.
  const value = String(random.integer(1, 1_000_000) / 100);
  const change = isFlat || random.chance(0.5) ? { price: value } : { quantity: value };
  return repricing(
    charge.ratePlanId,
    charge.chargeNumber,
    day,
    change,
    isFlat ? 'recurringFlatFee' : 'recurringPerUnit',
  );
}

function suspensionBy(random: Random, day: CalendarDate): OrderActionSpec {
  if (random.chance(0.6)) return suspending(day);
  const policy = random.pick(['Today', 'EndOfLastInvoicePeriod', 'FixedPeriodsFromToday'] as const);
  return suspending(null, { policy, periods: random.integer(1, 20), periodsType: 'Week' });
}

function resumptionBy(random: Random, day: CalendarDate): OrderActionSpec {
  const extendsTerm = random.chance(0.4);
  if (random.chance(0.6)) return resuming(day, { extendsTerm });
  const policy = random.pick([
    'Today',
    'SuspendDate',
    'FixedPeriodsFromToday',
    'FixedPeriodsFromSuspendDate',
  ] as const);
  return resuming(null, { policy, periods: random.integer(1, 20), periodsType: 'Week', extendsTerm });
}

function termBy(random: Random, endDate: CalendarDate): OrderActionSpec {
  const periodType = random.pick<PeriodUnit>(['Month', 'Week']);
  return random.pick([
    lastTerm({ endDate }),
    lastTerm({ period: random.integer(1, 18), periodType }),
    lastTerm({ termType: 'EVERGREEN' }),
    lastTerm({ termType: 'TERMED', period: random.integer(1, 18), periodType }),
    terms({ autoRenew: true, renewalTerms: [{ period: random.integer(1, 12), periodType }] }),
  ]);
}

/** Everything that is served before a day has been invoiced: what policies go back to. */
export function invoiceBy(random: Random, { world }: HistoryWorld, number: string): void {
  const day = dayOf(random);
  for (const charge of world.live(number)) {
    const { effectiveStartDate: start, effectiveEndDate: end, isSuspended } = charge;
    if (isSuspended || start === null || start >= day || random.chance(0.3)) continue;
    const through = end !== null && end < day ? end : day;
    world.state.put('charge', { ...charge, chargedThroughDate: through });
  }
}

/** Runs an order; whether it was placed. */
export function place({ world }: HistoryWorld, request: OrderRequest): boolean {
  const { subscriptions, account: _, ...fields } = request;
  return !isRefusal(world.order(subscriptions, fields));
}

import type { DecideContext } from '../account/command.ts';
import type { CalendarDate } from '../calendar.ts';
import { add, type Decimal, subtract } from '../money.ts';
import type { Charge, RatePlan, Subscription } from './subscription.ts';
import type { SubscriptionContent } from './subscription-content.ts';
import { type Term, termOf } from './term.ts';
import { lastOf, type Revise, type Timeline } from './timeline.ts';

/** What a new version changes in storage: rows that its predecessor had and it has not, and rows that it adds. */
export interface VersionRows {
  readonly addedRatePlans: readonly RatePlan[];
  readonly changedRatePlans: readonly RatePlan[];
  readonly addedCharges: readonly Charge[];
  /** With `removedInVersion` set: earlier versions keep them. */
  readonly removedCharges: readonly Charge[];
}

/**
 * The next version of a subscription while an order's actions are applied to it, one after another: what they leave is validated as a
 * whole and stored as one version (materialise.ts). Nothing outside sees it before; a refusal drops it.
 */
export class VersionDraft {
  /** The version as it shall be. Its sums are computed at the end. */
  subscription: Subscription;
  readonly base: SubscriptionContent | null;
  readonly #context: DecideContext;
  readonly #timelines = new Map<string, Timeline>();
  readonly #ratePlans = new Map<string, RatePlan>();

  /** @param subscription the new version's row, with its own id, number of version and order */
  constructor(base: SubscriptionContent | null, subscription: Subscription, context: DecideContext) {
    this.base = base;
    this.subscription = subscription;
    this.#context = context;
    for (const charge of base?.charges ?? []) {
      const timeline = this.#timelines.get(charge.chargeNumber) ?? [];
      this.#timelines.set(charge.chargeNumber, [...timeline, charge]);
    }
    for (const ratePlan of base?.ratePlans ?? []) this.#ratePlans.set(ratePlan.id, ratePlan);
  }

  get version(): number {
    return this.subscription.version;
  }

  patch(fields: Partial<Subscription>): void {
    this.subscription = { ...this.subscription, ...fields };
  }

  /** A segment with other fields: part of this version, no longer the row that earlier versions have. */
  readonly revise: Revise = (segment, fields, beside) => {
    const changes = Object.entries(fields) as Array<[keyof Charge, unknown]>;
    if (beside === undefined && changes.every(([name, value]) => segment[name] === value)) return segment;
    const isNew = segment.addedInVersion === this.version && segment.revision === 0;
    if (isNew && beside === undefined) return { ...segment, ...fields };
    return {
      ...segment,
      ...fields,
      id: this.#context.newId(),
      revision: 0,
      version: isNew ? segment.version : segment.version + 1,
      addedInVersion: this.version,
      removedInVersion: null,
    };
  };

  timelines(): Iterable<Timeline> {
    return this.#timelines.values();
  }

  timelinesOf(ratePlanId: string): Timeline[] {
    return [...this.#timelines.values()].filter((timeline) => timeline[0]!.ratePlanId === ratePlanId);
  }

  ratePlans(): Iterable<RatePlan> {
    return this.#ratePlans.values();
  }

  addRatePlan(ratePlan: RatePlan, charges: readonly Charge[]): void {
    this.#ratePlans.set(ratePlan.id, ratePlan);
    for (const charge of charges) this.#timelines.set(charge.chargeNumber, [charge]);
  }

  putRatePlan(ratePlan: RatePlan): void {
    this.#ratePlans.set(ratePlan.id, ratePlan);
  }

  putTimeline(timeline: Timeline): void {
    this.#timelines.set(timeline[0]!.chargeNumber, timeline);
  }

  /** Applies the same change to every charge. */
  mapTimelines(change: (timeline: Timeline) => Timeline): void {
    for (const timeline of [...this.#timelines.values()]) this.putTimeline(change(timeline));
  }

  /** All charges as they are now, to be compared with what the next action leaves. */
  snapshot(): ReadonlyMap<string, Timeline> {
    return new Map(this.#timelines);
  }

  /** The last term; its end is the subscription's. */
  term(): Term {
    return termOf(this.subscription);
  }

  /** First day after everything that is served and has been invoiced; null when nothing has been. */
  invoicedThrough(timelines: Iterable<Timeline> = this.timelines()): CalendarDate | null {
    let latest: CalendarDate | null = null;
    for (const timeline of timelines) {
      for (const { chargedThroughDate, effectiveEndDate: end } of timeline) {
        const isBeyond = chargedThroughDate !== null && end !== null && end < chargedThroughDate;
        const through = isBeyond ? end : chargedThroughDate;
        if (through !== null && (latest === null || latest < through)) latest = through;
      }
    }
    return latest;
  }

  /** Sum of what its charges contract (semantics B.3). */
  contractedMrr(): Decimal {
    let sum: Decimal = '0';
    for (const timeline of this.timelines()) {
      const mrr = contractedMrrOf(timeline, this.subscription.subscriptionEndDate);
      if (mrr !== '0') sum = sum === '0' ? mrr : add(sum, mrr);
    }
    return sum;
  }

  /** Total contracted value (semantics C.3): kept up to date by the segments that came and went; null while one has no end. */
  contractedValue(rows: VersionRows): { readonly known: Decimal; readonly total: Decimal | null } {
    let known = this.base?.subscription.knownContractedValue ?? '0';
    for (const { totalContractedValue: value } of rows.addedCharges)
      if (value !== null) known = add(known, value);
    for (const { totalContractedValue: value } of rows.removedCharges) {
      if (value !== null) known = subtract(known, value);
    }
    for (const timeline of this.timelines()) {
      if (timeline.some((segment) => segment.totalContractedValue === null)) return { known, total: null };
    }
    return { known, total: known };
  }

  /** What differs from the version before. */
  rows(): VersionRows {
    const before = new Map((this.base?.charges ?? []).map((charge) => [charge.id, charge]));
    const addedCharges: Charge[] = [];
    for (const timeline of this.timelines()) {
      for (const charge of timeline) if (!before.delete(charge.id)) addedCharges.push(charge);
    }
    const plansBefore = new Map((this.base?.ratePlans ?? []).map((plan) => [plan.id, plan]));
    const addedRatePlans: RatePlan[] = [];
    const changedRatePlans: RatePlan[] = [];
    for (const plan of this.#ratePlans.values()) {
      const known = plansBefore.get(plan.id);
      if (known === undefined) addedRatePlans.push(plan);
      else if (known !== plan) changedRatePlans.push(plan);
    }
    return {
      addedRatePlans,
      changedRatePlans,
      addedCharges,
      removedCharges: [...before.values()].map((charge) => ({ ...charge, removedInVersion: this.version })),
    };
  }
}

/**
 * Contracted MRR of a charge (semantics B.3): its last segment's, if it recurs, is not removed, and runs to the subscription's end, which
 * has left it at least a day.
 */
export function contractedMrrOf(timeline: Timeline, subscriptionEnd: CalendarDate | null): Decimal {
  const last = lastOf(timeline);
  const { chargeType, endDateCondition, isRemoved, effectiveStartDate: start, effectiveEndDate: end } = last;
  const runsOn = start === null || (start !== end && end === subscriptionEnd);
  const counts = chargeType === 'Recurring' && endDateCondition === 'SubscriptionEnd' && !isRemoved && runsOn;
  return counts ? last.monthlyRecurringRevenue : '0';
}

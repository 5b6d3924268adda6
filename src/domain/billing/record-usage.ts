import type { CommandHandler, DecideContext } from '../account/command.ts';
import { demand } from '../account/demand.ts';
import { PlanBuilder } from '../account/plan.ts';
import type { Need, State } from '../account/state.ts';
import { type Decimal, fitsMrr, MRR_DECIMALS, splitMrr } from '../money.ts';
import { isRefusal, type JsonObject, type Refusal, refuse } from '../result.ts';
import { chooseUsageCharge, type UsageCandidate, type UsageTarget, usageChargesKey } from './usage-charge.ts';

/** A record of usage as it is asked for. Absent values are null. */
export interface NewUsage {
  /** Given for a row of a file: the row is recorded once, however often it is tried. */
  readonly usageId: string | null;
  readonly target: UsageTarget;
  /** May be negative: what was counted too much is taken back. */
  readonly quantity: Decimal;
  /** Instants, ISO 8601 UTC; the day of the first in the tenant's zone is the target's. */
  readonly startDateTime: string;
  readonly endDateTime: string | null;
  readonly description: string | null;
  readonly details: JsonObject;
  readonly customFields: JsonObject;
}

/** Records of one account, whose lane they are recorded in. */
export interface RecordUsage {
  readonly importId: string | null;
  readonly records: readonly NewUsage[];
}

export type UsageOutcome = { readonly usageId: string } | Refusal;

function needsOf({ records }: RecordUsage): Need[] {
  return records.flatMap(({ usageId, target }): Need[] => [
    { kind: 'usageCharges', key: usageChargesKey(target) },
    ...(usageId === null ? [] : [{ kind: 'usage' as const, key: usageId }]),
  ]);
}

/** Records what can be recorded, and says of each record what became of it. */
export const recordUsages: CommandHandler<RecordUsage, readonly UsageOutcome[]> = {
  needs: needsOf,
  decide(state, payload, context) {
    const plan = new PlanBuilder();
    return plan.build(recordAll(state, plan, payload, context));
  },
};

/** Records one, or refuses it. */
export const recordUsage: CommandHandler<NewUsage, { readonly usageId: string }> = {
  needs: (record) => needsOf({ importId: null, records: [record] }),
  decide(state, record, context) {
    const plan = new PlanBuilder();
    const [outcome] = recordAll(state, plan, { importId: null, records: [record] }, context);
    return 'refused' in outcome! ? outcome : plan.build(outcome!);
  },
};

function recordAll(
  state: State,
  plan: PlanBuilder,
  { importId, records }: RecordUsage,
  context: DecideContext,
): UsageOutcome[] {
  const choices = records.map((record) => chosen(state, record));
  demand(
    state,
    choices.flatMap((choice) =>
      choice === 'recorded' || isRefusal(choice)
        ? []
        : [{ kind: 'subscription' as const, key: choice.subscriptionNumber }],
    ),
  );
  const earliest = new Map<string, string>();
  const outcomes = records.map((record, i): UsageOutcome => {
    const choice = choices[i]!;
    if (choice === 'recorded') return { usageId: record.usageId! };
    if (isRefusal(choice)) return choice;
    const usageId = record.usageId ?? context.newId();
    plan.insert('usage', { ...toUsage(record, choice, context), id: usageId, importId });
    const { startDate } = record.target;
    const before = earliest.get(choice.subscriptionNumber);
    if (before === undefined || startDate < before) earliest.set(choice.subscriptionNumber, startDate);
    return { usageId };
  });
  lookAgain(state, plan, earliest);
  return outcomes;
}

/** The charge that a record is for, why there is none, or that it is recorded already. */
function chosen(state: State, record: NewUsage): UsageCandidate | Refusal | 'recorded' {
  if (record.usageId !== null && state.find('usage', record.usageId) !== null) return 'recorded';
  const { target, quantity } = record;
  if (!fitsMrr(quantity)) {
    return refuse(
      'invalid',
      `must have at most ${MRR_DECIMALS} decimal places, and 14 digits before them`,
      target.names.quantity,
    );
  }
  if (record.endDateTime !== null && record.endDateTime < record.startDateTime) {
    return refuse('invalid', `must not be before ${target.names.startDate}`, target.names.endDate);
  }
  const charges = state.find('usageCharges', usageChargesKey(target));
  return charges === null
    ? refuse('invalid', 'there is no such charge', target.names.charge)
    : chooseUsageCharge(target, charges);
}

/**
 * Usage of days that billing has settled is late: billing looks at them again (decision 008). In any other case the subscription is only read, so
 * that what arrives meanwhile disturbs nobody; read it must be, so that a bill that settles the day at the same moment refuses this commit.
 */
function lookAgain(state: State, plan: PlanBuilder, earliest: ReadonlyMap<string, string>): void {
  for (const [number, startDate] of earliest) {
    const subscription = state.find('subscription', number);
    if (subscription === null || startDate >= subscription.billingFrom) continue;
    plan.update('subscription', { ...subscription, billingFrom: startDate });
  }
}

function toUsage(record: NewUsage, charge: UsageCandidate, { now, actor }: DecideContext) {
  const { whole, nano } = splitMrr(record.quantity);
  return {
    revision: 0,
    accountId: charge.accountId,
    subscriptionNumber: charge.subscriptionNumber,
    chargeNumber: charge.chargeNumber,
    unitOfMeasure: record.target.unitOfMeasure,
    quantity: record.quantity,
    quantityWhole: whole,
    quantityNano: nano,
    startDate: record.target.startDate,
    startDateTime: record.startDateTime,
    endDateTime: record.endDateTime,
    description: record.description,
    details: record.details,
    customFields: record.customFields,
    createdAt: now,
    createdBy: actor,
    updatedAt: now,
    updatedBy: actor,
  };
}

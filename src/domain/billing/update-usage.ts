import type { CommandHandler } from '../account/command.ts';
import { PlanBuilder } from '../account/plan.ts';
import type { CalendarDate } from '../calendar.ts';
import { type Decimal, fitsMrr, MRR_DECIMALS, splitMrr } from '../money.ts';
import { type JsonObject, type Refusal, refuse } from '../result.ts';
import { lookedAtAgain, type UsageReference } from './delete-usage.ts';
import type { Usage } from './usage.ts';

/** What shall be different about a record of usage. What is absent stays. */
export interface UpdateUsage extends UsageReference {
  readonly quantity?: Decimal;
  readonly unitOfMeasure?: string;
  /** Instants, ISO 8601 UTC; the day of the first in the tenant's zone. */
  readonly start?: { readonly instant: string; readonly day: CalendarDate };
  readonly endDateTime?: string | null;
  readonly description?: string | null;
  readonly customFields: JsonObject;
}

/**
 * Changes a record that no live line counts. What is told by its place among the records (which charge, which day) stays: bills compare by
 * the order of arrival, so a record that came to another day would count as billed with it. Whatever bills the subscription at the same
 * moment is refused, since its row changes too.
 */
export const updateUsage: CommandHandler<UpdateUsage, { readonly id: string }> = {
  needs: ({ usageId, subscriptionNumber }) => [
    { kind: 'usage', key: usageId },
    { kind: 'usageBilled', key: usageId },
    { kind: 'subscription', key: subscriptionNumber },
  ],
  decide(state, payload, context) {
    const { usageId } = payload;
    const usage = state.find('usage', usageId);
    if (usage === null) return refuse('not_found', `There is no usage ${usageId}.`);
    if (state.find('usageBilled', usageId)?.isBilled === true) {
      return refuse('rule', `usage ${usageId} is billed; cancel or reverse the document that bills it first`);
    }
    const problem = findProblem(usage, payload);
    if (problem !== null) return problem;
    const plan = new PlanBuilder().update('usage', {
      ...changed(usage, payload),
      updatedAt: context.now,
      updatedBy: context.actor,
    });
    const subscription = state.find('subscription', usage.subscriptionNumber);
    if (subscription !== null) plan.update('subscription', lookedAtAgain(subscription, usage.startDate));
    return plan.build({ id: usage.id });
  },
};

function findProblem(
  usage: Usage,
  { quantity, unitOfMeasure, start, ...payload }: UpdateUsage,
): Refusal | null {
  if (quantity !== undefined && !fitsMrr(quantity)) {
    const message = `must have at most ${MRR_DECIMALS} decimal places, and 14 digits before them`;
    return refuse('invalid', message, 'Quantity');
  }
  if (unitOfMeasure !== undefined && unitOfMeasure !== usage.unitOfMeasure) {
    const message = `is ${usage.unitOfMeasure}, the unit of its charge: delete the record and make another`;
    return refuse('rule', message, 'UOM');
  }
  if (start !== undefined && start.day !== usage.startDate) {
    const message = `must stay on ${usage.startDate}: delete the record and make another for another day`;
    return refuse('rule', message, 'StartDateTime');
  }
  const from = start?.instant ?? usage.startDateTime;
  const to = payload.endDateTime === undefined ? usage.endDateTime : payload.endDateTime;
  if (to === null || to >= from) return null;
  return refuse('invalid', 'must not be before StartDateTime', 'EndDateTime');
}

function changed(
  usage: Usage,
  { quantity, start, endDateTime, description, customFields }: UpdateUsage,
): Usage {
  const counted = quantity === undefined ? null : splitMrr(quantity);
  return {
    ...usage,
    ...(counted === null
      ? {}
      : { quantity: quantity!, quantityWhole: counted.whole, quantityNano: counted.nano }),
    ...(start === undefined ? {} : { startDateTime: start.instant }),
    ...(endDateTime === undefined ? {} : { endDateTime }),
    ...(description === undefined ? {} : { description }),
    customFields: { ...usage.customFields, ...customFields },
  };
}

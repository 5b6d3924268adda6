import type { CommandHandler } from '../account/command.ts';
import { PlanBuilder } from '../account/plan.ts';
import type { State } from '../account/state.ts';
import { isRefusal, type JsonObject, type Refusal, refuse } from '../result.ts';
import type { Charge, RatePlan, Subscription } from './subscription.ts';

/** Custom fields of one object of the version; the fields that are named change, the others stay. */
export interface CustomFieldsOf {
  readonly id: string;
  /** Where the object stands in the request, for refusals. */
  readonly field: string;
  readonly customFields: JsonObject;
}

export interface UpdateSubscriptionCustomFields {
  /** Of the version that is changed. */
  readonly subscriptionId: string;
  readonly customFields: JsonObject;
  readonly ratePlans: readonly CustomFieldsOf[];
  readonly charges: readonly CustomFieldsOf[];
}

/**
 * Changes custom fields in place: no order, no new version. Fields of the subscription belong to the version that is named; a rate plan or a
 * charge segment is one row for all versions that share it, so its fields change for all of them.
 */
export const updateSubscriptionCustomFields: CommandHandler<
  UpdateSubscriptionCustomFields,
  { readonly subscriptionId: string }
> = {
  needs: ({ subscriptionId, ratePlans, charges }) => [
    { kind: 'subscription', key: subscriptionId },
    ...ratePlans.map(({ id }) => ({ kind: 'ratePlan', key: id }) as const),
    ...charges.map(({ id }) => ({ kind: 'charge', key: id }) as const),
  ],
  decide(state, payload, context) {
    const version = state.find('subscription', payload.subscriptionId);
    if (version === null) return refuse('not_found', 'There is no such version of the subscription.');
    const plan = new PlanBuilder();
    const stamp = { updatedAt: context.now, updatedBy: context.actor };
    plan.update('subscription', {
      ...version,
      ...stamp,
      customFields: { ...version.customFields, ...payload.customFields },
    });
    const parts = payload.ratePlans.length + payload.charges.length;
    const latest = parts === 0 ? null : state.find('subscription', version.subscriptionNumber);
    // Orders are decided on the latest version's row: one that runs beside this must see that a part of it has changed.
    if (latest !== null && latest.id !== version.id) plan.update('subscription', { ...latest, ...stamp });
    for (const given of payload.ratePlans) {
      const ratePlan = partOf('ratePlan', given, version, state);
      if (isRefusal(ratePlan)) return ratePlan;
      plan.update('ratePlan', merged(ratePlan, given));
    }
    for (const given of payload.charges) {
      const charge = partOf('charge', given, version, state);
      if (isRefusal(charge)) return charge;
      plan.update('charge', merged(charge, given));
    }
    return plan.build({ subscriptionId: version.id });
  },
};

interface Parts {
  ratePlan: RatePlan;
  charge: Charge;
}
const NAMES = { ratePlan: 'rate plan', charge: 'charge' } as const;

function partOf<K extends keyof Parts>(
  kind: K,
  { id, field }: CustomFieldsOf,
  version: Subscription,
  state: State,
): Parts[K] | Refusal {
  const part = state.find(kind, id) as Parts[K] | null;
  const isPart =
    part !== null &&
    part.subscriptionOriginalId === version.originalId &&
    part.addedInVersion <= version.version &&
    (part.removedInVersion === null || part.removedInVersion > version.version);
  if (isPart) return part;
  const { subscriptionNumber, version: number } = version;
  return refuse(
    'invalid',
    `${NAMES[kind]} ${id} is not part of version ${number} of subscription ${subscriptionNumber}`,
    field,
  );
}

function merged<T extends { readonly customFields: JsonObject }>(
  row: T,
  { customFields }: CustomFieldsOf,
): T {
  return { ...row, customFields: { ...row.customFields, ...customFields } };
}

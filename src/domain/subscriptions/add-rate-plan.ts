import type { DecideContext } from '../account/command.ts';
import type { State } from '../account/state.ts';
import type { ProductRatePlanCharge, RatePlanOffer } from '../catalog/catalog.ts';
import { isRefusal, type Refusal, refuse } from '../result.ts';
import { buildCharge } from './build-charge.ts';
import type { Charge, RatePlan } from './subscription.ts';
import type { ChargeSpec, RatePlanSpec } from './subscription-spec.ts';
import type { ResolvedTriggerDates } from './trigger-dates.ts';
import type { VersionDraft } from './version-draft.ts';

/** What a rate plan is added from: the catalog, the dates that its charges start by, and the numbers that it takes. */
export interface RatePlanOrigin {
  readonly state: State;
  readonly context: DecideContext;
  readonly dates: ResolvedTriggerDates;
  readonly takeRatePlanNumber: () => string;
  readonly takeChargeNumber: () => string;
}

/**
 * Adds a rate plan of the catalog, with its charges as the order overrides them, to the next version of a subscription. The offer has
 * been read by the caller's needs.
 *
 * @param path where the rate plan stands in the request, for refusals
 */
export function addRatePlan(
  draft: VersionDraft,
  spec: RatePlanSpec,
  origin: RatePlanOrigin,
  path: string,
): RatePlan | Refusal {
  const offer = origin.state.find('ratePlanOffer', spec.productRatePlan);
  if (offer === null) {
    return refuse(
      'invalid',
      `there is no product rate plan ${spec.productRatePlan}`,
      `${path}.productRatePlanId`,
    );
  }
  const problem = notOnOffer(offer, origin.dates.contractEffective, path);
  if (problem !== null) return problem;
  const overrides = matchOverrides(spec.charges, offer, path);
  if (isRefusal(overrides)) return overrides;
  const ratePlan = ratePlanOf(draft, spec, offer, origin);
  const { subscription } = draft;
  const setting = {
    currency: subscription.currency,
    term: draft.term(),
    dates: origin.dates,
    addedInVersion: draft.version,
  };
  const charges: Charge[] = [];
  for (const catalogCharge of offer.charges) {
    const override = overrides.get(catalogCharge) ?? null;
    const at = override === null ? path : `${path}.chargeOverrides[${spec.charges.indexOf(override)}]`;
    const charge = buildCharge(catalogCharge, override, ratePlan, setting, {
      takeNumber: origin.takeChargeNumber,
      context: origin.context,
      path: at,
    });
    if (isRefusal(charge)) return charge;
    const { effectiveStartDate: start } = charge;
    if (start !== null && start < subscription.contractEffectiveDate) {
      return refuse('invalid', 'starts before the subscription does', `${at}.startDate`);
    }
    charges.push(charge);
  }
  draft.addRatePlan(ratePlan, charges);
  return ratePlan;
}

function ratePlanOf(
  draft: VersionDraft,
  spec: RatePlanSpec,
  offer: RatePlanOffer,
  origin: RatePlanOrigin,
): RatePlan {
  return {
    id: origin.context.newId(),
    revision: 0,
    ratePlanNumber: origin.takeRatePlanNumber(),
    subscriptionOriginalId: draft.subscription.originalId,
    addedInVersion: draft.version,
    removedInVersion: null,
    productId: offer.productId,
    productName: offer.productName,
    productSku: offer.productSku,
    productRatePlanId: offer.plan.id,
    productRatePlanNumber: offer.plan.ratePlanNumber,
    name: spec.name ?? offer.plan.name,
    endedInVersion: null,
    endDate: null,
    details: spec.details,
    customFields: spec.customFields,
    createdAt: origin.context.now,
  };
}

/** Why a rate plan can't be subscribed to on a date; null when it can. */
function notOnOffer(offer: RatePlanOffer, date: string, path: string): Refusal | null {
  const { plan, productEffectiveStartDate, productEffectiveEndDate } = offer;
  const on = (start: string, end: string) => start <= date && date <= end;
  if (
    on(plan.effectiveStartDate, plan.effectiveEndDate) &&
    on(productEffectiveStartDate, productEffectiveEndDate)
  ) {
    return null;
  }
  return refuse(
    'rule',
    `product rate plan ${plan.ratePlanNumber} is not effective on ${date}`,
    `${path}.productRatePlanId`,
  );
}

/** Which override belongs to which charge of the offer. */
function matchOverrides(
  overrides: readonly ChargeSpec[],
  offer: RatePlanOffer,
  path: string,
): Map<ProductRatePlanCharge, ChargeSpec> | Refusal {
  const matched = new Map<ProductRatePlanCharge, ChargeSpec>();
  for (const [i, override] of overrides.entries()) {
    const key = override.productRatePlanCharge;
    const charge = offer.charges.find((c) => c.id === key || c.chargeNumber === key);
    const at = `${path}.chargeOverrides[${i}].productRatePlanChargeId`;
    if (charge === undefined) {
      return refuse('invalid', `product rate plan ${offer.plan.ratePlanNumber} has no charge ${key}`, at);
    }
    if (matched.has(charge)) return refuse('invalid', `charge ${key} is overridden twice`, at);
    matched.set(charge, override);
  }
  return matched;
}

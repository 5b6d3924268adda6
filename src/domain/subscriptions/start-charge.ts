import type {
  BillingPeriod,
  EndDateCondition,
  TriggerEvent,
  UpToPeriodsType,
} from '../charge-models/vocabulary.ts';
import { isRefusal, type Refusal, refuse } from '../result.ts';
import { type ChargeSpan, firstSegment } from './charge-dates.ts';
import { contractedValueOf } from './price-fields.ts';
import { resumedOn } from './resumed-on.ts';
import type { Charge, Subscription } from './subscription.ts';
import { termOf } from './term.ts';
import type { ResolvedTriggerDates } from './trigger-dates.ts';

/**
 * A charge that waited for its date, with its first segment: the same row, since nothing was served before (semantics D.3).
 *
 * @param specificDate the charge's own date, for one that starts on a date of its own; null otherwise
 * @param field of the date in the request, for refusals
 * @returns null while the date of its event is still missing
 */
export function startCharge(
  charge: Charge,
  specificDate: string | null,
  dates: ResolvedTriggerDates,
  subscription: Subscription,
  field: string,
): Charge | Refusal | null {
  const { chargeNumber, triggerEvent } = charge;
  if (specificDate !== null && triggerEvent !== 'SpecificDate') {
    return refuse(
      'invalid',
      `charge ${chargeNumber} starts by ${triggerEvent}, not on a date of its own`,
      field,
    );
  }
  const span = { ...spanOf(charge), triggerDate: specificDate ?? charge.triggerDate };
  const segment = firstSegment(span, dates, termOf(subscription), '');
  if (isRefusal(segment))
    return refuse(segment.category, `charge ${chargeNumber}: ${segment.message}`, field);
  if (segment.start === null) return null;
  if (segment.start < subscription.contractEffectiveDate) {
    return refuse('invalid', `charge ${chargeNumber} would start before the subscription does`, field);
  }
  const served = resumedOn(subscription);
  // One row is dated in place: it can't leave out the days of a suspension. What is charged once has none.
  if (served !== null && segment.start < served && charge.chargeType !== 'OneTime') {
    const message = `charge ${chargeNumber} would start before the subscription was resumed on ${served}`;
    return refuse('rule', message, field);
  }
  return {
    ...charge,
    triggerDate: span.triggerDate,
    agreedEndDate: segment.agreedEnd,
    effectiveStartDate: segment.start,
    effectiveEndDate: segment.end,
    totalContractedValue: contractedValueOf(charge.chargeType, charge, segment),
  };
}

function spanOf(charge: Charge): ChargeSpan {
  return {
    chargeType: charge.chargeType,
    triggerEvent: charge.triggerEvent as TriggerEvent,
    triggerDate: charge.triggerDate,
    endDateCondition: charge.endDateCondition as EndDateCondition,
    specificEndDate: charge.specificEndDate,
    upToPeriods: charge.upToPeriods,
    upToPeriodsType: charge.upToPeriodsType as UpToPeriodsType | null,
    billingPeriod: charge.billingPeriod as BillingPeriod | null,
    specificBillingPeriod: charge.specificBillingPeriod,
  };
}

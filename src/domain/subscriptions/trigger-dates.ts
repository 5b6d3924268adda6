import type { TriggerEvent } from '../charge-models/vocabulary.ts';
import { type Refusal, refuse } from '../result.ts';
import type { SubscriptionStatus } from './subscription.ts';
import type { TriggerDates } from './subscription-spec.ts';

export interface ResolvedTriggerDates {
  readonly contractEffective: string;
  readonly serviceActivation: string | null;
  readonly customerAcceptance: string | null;
}

/**
 * The dates that a new subscription starts with. Contract effective is the order date unless it is given (semantics
 * D.1). Service activation and customer acceptance follow contract effective unless they are given, or named without a date: then
 * they are missing and the subscription is pending (semantics D.3).
 */
export function resolveTriggerDates(
  given: TriggerDates,
  orderDate: string,
  path: string,
): ResolvedTriggerDates | Refusal {
  const contractEffective = given.contractEffective ?? orderDate;
  const serviceActivation =
    given.serviceActivation === undefined ? contractEffective : given.serviceActivation;
  const customerAcceptance =
    given.customerAcceptance === undefined ? serviceActivation : given.customerAcceptance;
  if (serviceActivation !== null && serviceActivation < contractEffective) {
    return refuse('invalid', 'ServiceActivation must not lie before ContractEffective', path);
  }
  if (customerAcceptance !== null && customerAcceptance < (serviceActivation ?? contractEffective)) {
    return refuse('invalid', 'CustomerAcceptance must not lie before the dates before it', path);
  }
  return { contractEffective, serviceActivation, customerAcceptance };
}

/** What a subscription with these dates is: which date is missing decides (semantics D.3). */
export function statusOf(dates: ResolvedTriggerDates): SubscriptionStatus {
  if (dates.serviceActivation === null) return 'Pending Activation';
  if (dates.customerAcceptance === null) return 'Pending Acceptance';
  return 'Active';
}

/** The date of a trigger event; null while it is missing. */
export function dateOfEvent(
  event: Exclude<TriggerEvent, 'SpecificDate'>,
  dates: ResolvedTriggerDates,
): string | null {
  switch (event) {
    case 'ContractEffective':
      return dates.contractEffective;
    case 'ServiceActivation':
      return dates.serviceActivation;
    case 'CustomerAcceptance':
      return dates.customerAcceptance;
  }
}

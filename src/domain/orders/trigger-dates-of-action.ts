import type { JsonObject } from '../result.ts';
import type { TriggerDates } from '../subscriptions/subscription-spec.ts';

const NAMES = {
  contractEffective: 'ContractEffective',
  serviceActivation: 'ServiceActivation',
  customerAcceptance: 'CustomerAcceptance',
} as const satisfies Record<keyof TriggerDates, string>;

/** The dates that are given: one that is named without a date says nothing new. */
export function givenDates(dates: TriggerDates): TriggerDates {
  return Object.fromEntries(Object.entries(dates).filter(([, date]) => date != null));
}

/** An action's request with dates that were set later: what is shown of it. */
export function bodyWithDates(body: JsonObject, given: TriggerDates): JsonObject {
  const dates = [...((body.triggerDates ?? []) as JsonObject[])];
  for (const [field, triggerDate] of Object.entries(given) as Array<[keyof TriggerDates, string]>) {
    const name = NAMES[field];
    const at = dates.findIndex((date) => date.name === name);
    if (at < 0) dates.push({ name, triggerDate });
    else dates[at] = { name, triggerDate };
  }
  return dates.length === 0 ? body : { ...body, triggerDates: dates };
}

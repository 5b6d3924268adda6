import { z } from 'zod';
import type { TriggerDates } from '../../domain/subscriptions/subscription-spec.ts';
import { wireDate } from '../values.ts';
import { oneOf } from '../words.ts';

/** Kept as they came: bounded, so that an order stays a row. */
const TRIGGER_DATES_MAX = 100;

const DATE_FIELDS = {
  ContractEffective: 'contractEffective',
  ServiceActivation: 'serviceActivation',
  CustomerAcceptance: 'customerAcceptance',
} as const satisfies Record<string, keyof TriggerDates>;

type TriggerDateName = keyof typeof DATE_FIELDS;

/** `triggerDates` with the names that an operation takes. */
export const triggerDatesOf = <const Names extends readonly [TriggerDateName, ...TriggerDateName[]]>(
  names: Names,
) =>
  z
    .array(z.object({ name: oneOf(names), triggerDate: wireDate.nullish() }), { error: 'must be a list' })
    .max(TRIGGER_DATES_MAX, `must have at most ${TRIGGER_DATES_MAX} dates`)
    .nullish();

/** `triggerDates` of an order action. */
export const wireTriggerDates = triggerDatesOf([
  'ContractEffective',
  'ServiceActivation',
  'CustomerAcceptance',
]);

interface NamedDate {
  readonly name: TriggerDateName;
  readonly triggerDate?: string | null | undefined;
}

/** A date that is named without a value is not known yet; one that is not named follows from the others. */
export function fromWireTriggerDates(dates: readonly NamedDate[] | null | undefined): TriggerDates {
  const read: { -readonly [Name in keyof TriggerDates]: TriggerDates[Name] } = {};
  for (const { name, triggerDate } of dates ?? []) read[DATE_FIELDS[name]] = triggerDate ?? null;
  return read;
}

import type { DecideContext } from '../account/command.ts';
import type { PlanBuilder } from '../account/plan.ts';
import { isId, type NumberKind, type State } from '../account/state.ts';
import { compareDates } from '../calendar.ts';
import type { Audit } from '../entities.ts';
import { type JsonObject, type Refusal, refuse } from '../result.ts';
import { CATALOG_STATE_ID } from './catalog.ts';

/** The need that every change of the catalog has. */
export const catalogStateNeed = { kind: 'catalogState', key: CATALOG_STATE_ID } as const;

/** Moves the catalog's revision: whoever decides on an offer that was read before is made to read it again. */
export function touchCatalog(state: State, plan: PlanBuilder): void {
  const current = state.find('catalogState', CATALOG_STATE_ID);
  if (current === null) plan.insert('catalogState', { id: CATALOG_STATE_ID, revision: 0 });
  else plan.update('catalogState', current);
}

export function createdBy({ now, actor }: DecideContext): Audit {
  return { createdAt: now, createdBy: actor, updatedAt: now, updatedBy: actor };
}

export function updatedBy({ now, actor }: DecideContext): Pick<Audit, 'updatedAt' | 'updatedBy'> {
  return { updatedAt: now, updatedBy: actor };
}

/** Attributes with the given ones laid over them; null takes one away. */
export function overlaid(attributes: JsonObject, given: JsonObject): JsonObject {
  const all = { ...attributes, ...given };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null));
}

export function datesRefusal(start: string, end: string): Refusal | null {
  if (compareDates(start, end) <= 0) return null;
  return refuse('invalid', `must not be before EffectiveStartDate ${start}`, 'EffectiveEndDate');
}

/** Refuses a number of the caller's that another object has, or that looks like an id, as keys may be either. */
export function numberRefusal(
  state: State,
  kind: 'product' | 'productRatePlan' | 'productRatePlanCharge',
  number: string,
  field: string,
): Refusal | null {
  if (isId(number)) return refuse('invalid', 'must not look like an id of 32 hexadecimal digits', field);
  if (state.find(kind, number) === null) return null;
  return refuse('invalid', `${number} is already in use`, field);
}

/** How many numbers a command takes, when the caller gives none. */
export function generated(
  kind: NumberKind,
  given: string | undefined,
): ReadonlyArray<readonly [NumberKind, number]> {
  return given === undefined ? [[kind, 1]] : [];
}

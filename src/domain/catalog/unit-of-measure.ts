import type { CommandHandler } from '../account/command.ts';
import { PlanBuilder } from '../account/plan.ts';
import { isId, type State } from '../account/state.ts';
import type { Audit, Stored } from '../entities.ts';
import { type Refusal, refuse } from '../result.ts';
import { catalogStateNeed, createdBy, touchCatalog, updatedBy } from './catalog-change.ts';
import type { CatalogReply } from './create-product.ts';

/** How a quantity that has more decimal places than its unit is meant to be rounded: kept and shown, no rule reads it. */
export const UNIT_ROUNDING_MODES = ['UP', 'NEAREST'] as const;
/** Decimal places that a unit can be said to have. */
export const UNIT_DECIMAL_PLACES_MAX = 9;

/** What charges count and usage is recorded in. It is known by its name, which is also what charges hold. */
export interface UnitOfMeasure extends Stored, Audit {
  readonly uomName: string;
  readonly displayedAs: string | null;
  readonly decimalPlaces: number;
  readonly roundingMode: (typeof UNIT_ROUNDING_MODES)[number];
  /** Meant for new charges: kept and shown, no rule reads it. */
  readonly active: boolean;
}

/** Read only, key = name of a unit: whether a charge of the catalog counts in it. Guarded by catalogState. */
export interface UnitOfMeasureUse extends Stored {
  readonly isUsed: boolean;
}

export type NewUnitOfMeasure = Pick<
  UnitOfMeasure,
  'uomName' | 'displayedAs' | 'decimalPlaces' | 'roundingMode' | 'active'
>;

/** What changes of a unit; what is not given stays. */
export interface UpdateUnitOfMeasure {
  readonly unitOfMeasureId: string;
  readonly changes: Partial<NewUnitOfMeasure>;
}

export const createUnitOfMeasure: CommandHandler<NewUnitOfMeasure, CatalogReply> = {
  needs: ({ uomName }) => [catalogStateNeed, { kind: 'unitOfMeasure', key: uomName }],
  decide(state, payload, context) {
    const refusal = nameRefusal(state, payload.uomName);
    if (refusal !== null) return refusal;
    const plan = new PlanBuilder();
    touchCatalog(state, plan);
    const id = context.newId();
    return plan.insert('unitOfMeasure', { ...payload, id, revision: 0, ...createdBy(context) }).build({ id });
  },
};

/** Changes a unit. Its name stays while charges hold it: they would count in a unit that is not there. */
export const updateUnitOfMeasure: CommandHandler<UpdateUnitOfMeasure, CatalogReply> = {
  alone: true,
  needs: ({ unitOfMeasureId, changes: { uomName } }) => [
    catalogStateNeed,
    { kind: 'unitOfMeasure', key: unitOfMeasureId },
    ...(uomName === undefined ? [] : [{ kind: 'unitOfMeasure', key: uomName } as const]),
  ],
  decide(state, { unitOfMeasureId, changes }, context) {
    const unit = state.find('unitOfMeasure', unitOfMeasureId);
    if (unit === null) return noUnit(unitOfMeasureId);
    const changed = { ...unit, ...changes, ...updatedBy(context) };
    if (changed.uomName !== unit.uomName) {
      const refusal = nameRefusal(state, changed.uomName) ?? usedRefusal(state, unit, 'renamed', 'UomName');
      if (refusal !== null) return refusal;
    }
    const plan = new PlanBuilder();
    touchCatalog(state, plan);
    return plan.update('unitOfMeasure', changed).build({ id: unit.id });
  },
};

export const deleteUnitOfMeasure: CommandHandler<{ readonly id: string }, CatalogReply> = {
  alone: true,
  needs: ({ id }) => [catalogStateNeed, { kind: 'unitOfMeasure', key: id }],
  decide(state, { id }) {
    const unit = state.find('unitOfMeasure', id);
    if (unit === null) return noUnit(id);
    const refusal = usedRefusal(state, unit, 'deleted');
    if (refusal !== null) return refusal;
    const plan = new PlanBuilder();
    touchCatalog(state, plan);
    return plan.delete('unitOfMeasure', unit).build({ id: unit.id });
  },
};

function noUnit(id: string): Refusal {
  return refuse('not_found', `There is no unit of measure ${id}.`);
}

/** Refuses a name that another unit has, or that looks like an id, as a key may be either. */
function nameRefusal(state: State, name: string): Refusal | null {
  if (isId(name)) return refuse('invalid', 'must not look like an id of 32 hexadecimal digits', 'UomName');
  if (state.find('unitOfMeasure', name) === null) return null;
  return refuse('invalid', `${name} is already in use`, 'UomName');
}

function usedRefusal(state: State, { uomName }: UnitOfMeasure, done: string, field?: string): Refusal | null {
  if (state.find('unitOfMeasureUse', uomName)?.isUsed !== true) return null;
  return refuse('rule', `The unit of measure ${uomName} cannot be ${done}: a charge counts in it.`, field);
}

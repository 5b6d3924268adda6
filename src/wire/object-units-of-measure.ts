import { z } from 'zod';
import {
  type NewUnitOfMeasure,
  UNIT_DECIMAL_PLACES_MAX,
  UNIT_ROUNDING_MODES,
} from '../domain/catalog/unit-of-measure.ts';
import { wireBoolean, wireText } from './values.ts';
import { oneOf, wholeNumber } from './words.ts';

/** Units of measure, as /v1/object/unit-of-measure names them. */

/** As long as a charge's. */
const NAME_LENGTH_MAX = 25;
const DISPLAYED_LENGTH_MAX = 50;

const wireUnit = {
  Active: wireBoolean.optional(),
  DecimalPlaces: wholeNumber(0, UNIT_DECIMAL_PLACES_MAX),
  DisplayedAs: wireText(DISPLAYED_LENGTH_MAX).nullish(),
  RoundingMode: oneOf(UNIT_ROUNDING_MODES).optional(),
  UomName: wireText(NAME_LENGTH_MAX).min(1, 'must not be empty'),
};

export const wireNewUnitOfMeasure = z.object(wireUnit);
export const wireUnitOfMeasureChanges = z.object({
  ...wireUnit,
  DecimalPlaces: wireUnit.DecimalPlaces.optional(),
  UomName: wireUnit.UomName.optional(),
});

export function fromWireNewUnitOfMeasure(body: z.output<typeof wireNewUnitOfMeasure>): NewUnitOfMeasure {
  return {
    uomName: body.UomName,
    displayedAs: body.DisplayedAs ?? null,
    decimalPlaces: body.DecimalPlaces,
    roundingMode: body.RoundingMode ?? 'UP',
    active: body.Active ?? true,
  };
}

export function fromWireUnitOfMeasureChanges(
  body: z.output<typeof wireUnitOfMeasureChanges>,
): Partial<NewUnitOfMeasure> {
  const { UomName, DisplayedAs, DecimalPlaces, RoundingMode, Active } = body;
  return {
    ...(UomName === undefined ? {} : { uomName: UomName }),
    ...(DisplayedAs === undefined ? {} : { displayedAs: DisplayedAs }),
    ...(DecimalPlaces === undefined ? {} : { decimalPlaces: DecimalPlaces }),
    ...(RoundingMode === undefined ? {} : { roundingMode: RoundingMode }),
    ...(Active === undefined ? {} : { active: Active }),
  };
}

import { QueryError } from '../compiled-query.ts';
import { typeOfAll } from './aggregates.ts';
import type { ComparisonOperator } from './syntax.ts';
import { coerced, exact, typeName, type Value, value } from './values.ts';

export function comparison(operator: ComparisonOperator, left: Value, right: Value): Value {
  const [a, b] = sameType(operator, [left, right]);
  return value('boolean', `(${a!.sql} ${operator} ${b!.sql})`);
}

/** The values as their common type; an error in Trino's words when they have none. */
export function sameType(operator: string, list: readonly Value[]): readonly Value[] {
  const type = typeOfAll(list);
  if (type === null) {
    throw new QueryError(
      `Cannot apply operator: ${list.map((one) => typeName(one.type)).join(` ${operator} `)}`,
    );
  }
  return list.map((one) => exact(coerced(one, type)!));
}

export function negatedWhen(is: boolean, of: Value): Value {
  return is ? value('boolean', `(NOT ${of.sql})`) : of;
}

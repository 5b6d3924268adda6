import { type Comparing, comparisonSql } from '../filtering/comparison.ts';
import { joinedSql, operandSql, textSql } from '../filtering/literals.ts';
import { placeIn, QueryFault, withPlaces } from '../filtering/query-fault.ts';
import type { Clock } from '../filtering/times.ts';
import { fieldNamed } from '../objects/index.ts';
import type { ModelObject, ObjectField } from '../objects/model.ts';
import { fromClause } from '../objects/view.ts';
import { zoqlObjectOf } from './compile.ts';
import { isIndexed } from './indexed-columns.ts';
import { readZoql } from './read.ts';
import type { ZoqlCondition, ZoqlName } from './syntax.ts';

/** A query as it is asked of D1 in pages. */
export interface LiveQuery {
  readonly object: ModelObject;
  /** Id first, each once. */
  readonly fields: readonly ObjectField[];
  /** Tables with their joins for the fields and the conditions, and for the conditions alone. */
  readonly from: string;
  readonly countedFrom: string;
  /** All that must hold; null: nothing. */
  readonly where: string | null;
  /** The query has conditions of its own. */
  readonly isFiltered: boolean;
  /** Every alternative of the conditions asks for a column that has an index. */
  readonly isSelective: boolean;
}

/** Columns of a result that D1 takes, less those that say where a row is. */
export const LIVE_FIELDS_MAX = 98;

/** @throws QueryFault that says what is wrong with the query, and where */
export function compileLiveZoql(text: string, clock: Clock): LiveQuery {
  const query = readZoql(text);
  const object = zoqlObjectOf(query, text);
  const comparing: Comparing = { ...clock, likeCaseSensitive: true, isExport: false };
  const found = ({ name, at }: ZoqlName): ObjectField => {
    const field = fieldNamed(object, name);
    if (field !== undefined) return field;
    const message = `There is no field ${name} in ${object.name}.`;
    throw new QueryFault('INVALID_FIELD', message, placeIn(text, at));
  };
  if (query.fields.length > LIVE_FIELDS_MAX) {
    throw new QueryFault('MALFORMED_QUERY', `A query has at most ${LIVE_FIELDS_MAX} fields.`);
  }
  const selected = [fieldNamed(object, 'Id')!, ...query.fields.map(found)];
  const fields = selected.filter((field, i) => selected.findIndex(({ name }) => name === field.name) === i);
  const conditionSql = (condition: ZoqlCondition) => {
    const { field, operator, value } = condition;
    const { type, sql } = found(field);
    const compared = { name: field.name, type, sql: operandSql(sql), at: field.at };
    const asked = comparisonSql(compared, operator, value, comparing);
    const id = idNamedBy(object, condition);
    return id === null ? asked : `(${asked} AND ${object.rowOfId!(textSql(id))})`;
  };
  const any = withPlaces(text, () => query.where.map((all) => joinedSql('AND', all.map(conditionSql))));
  const conditions = [
    ...(object.only === null ? [] : [`(${object.only})`]),
    ...(any.length === 0 ? [] : [joinedSql('OR', any)]),
  ];
  const compared = query.where.flat().map(({ field }) => found(field).sql);
  return {
    object,
    fields,
    from: fromClause(object, [...fields.map(({ sql }) => sql), ...compared]),
    countedFrom: fromClause(object, compared),
    where: conditions.length === 0 ? null : joinedSql('AND', conditions),
    isFiltered: query.where.length > 0,
    isSelective:
      query.where.length > 0 &&
      query.where.every((all) =>
        all.some(
          (condition) =>
            idNamedBy(object, condition) !== null || isFound(object, found(condition.field), condition),
        ),
      ),
  };
}

/** The Id that a condition asks for of objects that lie in rows of others; null where it asks for something else. */
function idNamedBy({ rowOfId }: ModelObject, { field, operator, value }: ZoqlCondition): string | null {
  const isId = rowOfId !== null && field.name.toLowerCase() === 'id' && operator === '=';
  return isId && value.kind === 'text' ? value.value : null;
}

function isFound({ table }: ModelObject, { sql }: ObjectField, { operator, value }: ZoqlCondition): boolean {
  return operator !== '!=' && operator !== 'like' && value.kind !== 'null' && isIndexed(table, sql);
}

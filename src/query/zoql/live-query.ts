import { type Comparing, comparisonSql } from '../filtering/comparison.ts';
import { joinedSql, operandSql, textSql } from '../filtering/literals.ts';
import { placeIn, QueryFault, withPlaces } from '../filtering/query-fault.ts';
import type { Clock } from '../filtering/times.ts';
import { fieldNamed } from '../objects/index.ts';
import type { ModelObject, ObjectField } from '../objects/model.ts';
import { fromClause } from '../objects/view.ts';
import { zoqlObjectOf } from './compile.ts';
import { indexedColumn } from './indexed-columns.ts';
import { readZoql } from './read.ts';
import type { ZoqlCondition, ZoqlName } from './syntax.ts';

/** What one alternative of the conditions asks along an index, over the object's table `t` alone. */
export interface LiveSeek {
  readonly sql: string;
  /** It finds one row at most. */
  readonly isOne: boolean;
}

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
  /** For every alternative of the conditions what finds its rows; null when one of them has no column that has an index. */
  readonly seeks: readonly LiveSeek[] | null;
}

/** Columns of a result that D1 takes, less those that say where a row is. Id is one of them, asked for or not. */
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
  const selected = [fieldNamed(object, 'Id')!, ...query.fields.map(found)];
  const fields = [...new Map(selected.map((field) => [field.name, field])).values()];
  if (fields.length > LIVE_FIELDS_MAX) {
    throw new QueryFault('MALFORMED_QUERY', `A query has at most ${LIVE_FIELDS_MAX} fields, Id among them.`);
  }
  const conditionSql = (condition: ZoqlCondition, isPassed: boolean) => {
    const { field, operator, value } = condition;
    const { type, sql } = found(field);
    // A plus keeps SQLite from following another index than the one whose rows were counted.
    const plus = isPassed && indexedColumn(object.table, sql) !== null ? '+' : '';
    const compared = { name: field.name, type, sql: `${plus}${operandSql(sql)}`, at: field.at };
    const asked = comparisonSql(compared, operator, value, comparing);
    const id = idNamedBy(object, condition);
    return id === null ? asked : `(${asked} AND ${object.rowOfId!(textSql(id))})`;
  };
  const alternatives = withPlaces(text, () =>
    query.where.map((all) => {
      const id = all.flatMap((condition) => idNamedBy(object, condition) ?? [])[0];
      const best = id === undefined ? bestOf(object, all, found) : null;
      const isPassed = (one: ZoqlCondition) => id !== undefined || best?.conditions.includes(one) === false;
      const sqls = new Map(all.map((one) => [one, conditionSql(one, isPassed(one))]));
      const seek = (best?.conditions ?? []).map((one) => sqls.get(one)!);
      return {
        sql: joinedSql('AND', [...sqls.values()]),
        seek:
          id !== undefined
            ? { sql: object.rowOfId!(textSql(id)), isOne: true }
            : best && { sql: joinedSql('AND', seek), isOne: best.isOne },
      };
    }),
  );
  const any = alternatives.map(({ sql }) => sql);
  const seeks = alternatives.flatMap(({ seek }) => seek ?? []);
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
    seeks: seeks.length > 0 && seeks.length === alternatives.length ? seeks : null,
  };
}

/** The Id that a condition asks for of objects that lie in rows of others; null where it asks for something else. */
function idNamedBy({ rowOfId }: ModelObject, { field, operator, value }: ZoqlCondition): string | null {
  const isId = rowOfId !== null && field.name.toLowerCase() === 'id' && operator === '=';
  return isId && value.kind === 'text' ? value.value : null;
}

interface Best {
  readonly conditions: readonly ZoqlCondition[];
  readonly isOne: boolean;
}

/**
 * Of conditions that must all hold those that an index is followed by: of the column along which fewest rows are to be expected (one value of what is
 * unique, one value, others) the one that asks for a value, or one for each end, as an index begins and ends at one place.
 */
function bestOf(
  { table }: ModelObject,
  all: readonly ZoqlCondition[],
  found: (name: ZoqlName) => ObjectField,
): Best | null {
  const ranked = all.flatMap((condition) => {
    const { sql, type } = found(condition.field);
    const { operator, value } = condition;
    const indexed = indexedColumn(table, sql);
    if (indexed === null || operator === '!=' || operator === 'like' || value.kind === 'null') return [];
    const isEqual = operator === '=' && type !== 'datetime';
    const isOne = isEqual && indexed.isUnique;
    return [{ condition, sql, isOne, rank: isOne ? 0 : isEqual ? 1 : 2 }];
  });
  const best = ranked.sort((a, b) => a.rank - b.rank)[0];
  if (best === undefined) return null;
  const own = ranked.filter(({ sql }) => sql === best.sql).map(({ condition }) => condition);
  const equal = own.find(({ operator }) => operator === '=');
  if (equal !== undefined) return { conditions: [equal], isOne: best.isOne };
  const ends = ['>', '<'].flatMap((sign) => own.find(({ operator }) => operator.startsWith(sign)) ?? []);
  return { conditions: ends, isOne: false };
}

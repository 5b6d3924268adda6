import { type CompiledExport, compileExportQuery, type ExportZoqlOptions } from '../export-zoql/compile.ts';
import type { Condition, ExportQuery, Path } from '../export-zoql/syntax.ts';
import { placeIn, QueryFault, withPlaces } from '../filtering/query-fault.ts';
import { objectNamed } from '../objects/index.ts';
import type { ModelObject } from '../objects/model.ts';
import { readZoql } from './read.ts';
import type { ZoqlName, ZoqlQuery } from './syntax.ts';

/**
 * ZOQL where a file is made of it: its meaning as a query in Export ZOQL, with ZOQL's own rules about values.
 *
 * @throws QueryFault that says what is wrong with the query, and where
 */
export function compileZoql(text: string, options: ExportZoqlOptions): CompiledExport {
  const query = readZoql(text);
  zoqlObjectOf(query, text);
  const comparing = { ...options, likeCaseSensitive: true, isExport: false };
  return withPlaces(text, () => compileExportQuery(toExportQuery(query), text, options, comparing));
}

/** @throws QueryFault when there is no such object, or ZOQL does not know it */
export function zoqlObjectOf({ object }: ZoqlQuery, text: string): ModelObject {
  const found = objectNamed(object.name);
  if (found?.zoql === true) return found;
  const message =
    found === undefined
      ? `There is no object ${object.name}.`
      : `${found.name} cannot be asked for in ZOQL: an export or Data Query can read it.`;
  throw new QueryFault('INVALID_TYPE', message, placeIn(text, object.at));
}

function toExportQuery({ fields, object, where }: ZoqlQuery): ExportQuery {
  const any = where.map((all): Condition => {
    const comparisons = all.map(({ field, operator, value }): Condition => {
      return { kind: 'comparison', left: pathOf(field), operator, right: value };
    });
    return comparisons.length === 1 ? comparisons[0]! : { kind: 'and', of: comparisons };
  });
  return {
    columns: fields.map((field) => ({ value: pathOf(field), alias: null })),
    source: object,
    where: any.length === 0 ? null : any.length === 1 ? any[0]! : { kind: 'or', of: any },
    groupBy: [],
    having: null,
    orderBy: [],
    limit: null,
  };
}

function pathOf({ name, at }: ZoqlName): Path {
  return { kind: 'path', names: [name], at };
}

import type { CompiledQuery, ResultColumn } from '../compiled-query.ts';
import type { Comparing } from '../filtering/comparison.ts';
import { joinedSql } from '../filtering/literals.ts';
import { placeIn, QueryFault, withPlaces } from '../filtering/query-fault.ts';
import type { Clock } from '../filtering/times.ts';
import { compileAggregate } from './aggregates.ts';
import { changedConditions } from './changed-since.ts';
import {
  type CompiledCondition,
  type CompiledOperand,
  comparisonsIn,
  compileCondition,
} from './conditions.ts';
import { DataSource, type FoundField } from './data-source.ts';
import { readExportZoql } from './read.ts';
import type { Condition, ExportQuery, Operand, Path } from './syntax.ts';

export const exportZoqlLimits = {
  /** Columns of a result, which SQLite has at most in D1 and Durable Objects. */
  resultColumnsMax: 100,
  /** Fields that rows are grouped by, as Zuora has it. */
  groupFieldsMax: 5,
  orderFieldsMax: 20,
  conditionsMax: 1_000,
  /** What a statement is compiled to; SQLite takes 100,000 there, and the executor puts some around it. */
  sqlCharactersMax: 90_000,
} as const;

export interface ExportZoqlOptions extends Clock {
  /** What stands above the columns: labels (Account: Account Number), or the query's own names and aliases. */
  readonly headers: 'labels' | 'query';
  /** Only rows of the data source that changed at this instant or later; null: all. A deletion is a change. */
  readonly changedSince: string | null;
  /** … and before this one; null: until now. */
  readonly changedUntil?: string | null;
  /** A first column of this name says which rows are deleted; null: there is none. `withRows`: deleted rows are given, too. */
  readonly deletedColumn: {
    readonly name: string;
    readonly asNumber: boolean;
    readonly withRows: boolean;
  } | null;
}

export interface CompiledExport extends CompiledQuery {
  /** Name of the data source: Account. */
  readonly source: string;
}

/** @throws QueryFault that says what is wrong with the query, and where */
export function compileExportZoql(text: string, options: ExportZoqlOptions): CompiledExport {
  const comparing = { ...options, likeCaseSensitive: false, isExport: true };
  return withPlaces(text, () => compileExportQuery(readExportZoql(text), text, options, comparing));
}

interface SelectedColumn extends ResultColumn {
  readonly sql: string;
  readonly alias: string | null;
  /** In groups: the row's own field, which must be one that is grouped by. */
  readonly field: FoundField | null;
}

/** The same of a query that is read already. `text` is what places in it refer to. */
export function compileExportQuery(
  query: ExportQuery,
  text: string,
  options: ExportZoqlOptions,
  comparing: Comparing,
): CompiledExport {
  checkSize(query);
  const source = new DataSource(text, query.source);
  const columns = columnsOf(query, source, text, options);
  checkAliases(columns);
  const groupBy = query.groupBy.map((path) => source.field(path));
  const isGrouped =
    groupBy.length > 0 ||
    query.having !== null ||
    columns.some(({ field }) => field === null) ||
    query.orderBy.some(({ by }) => by.kind === 'aggregate');
  if (isGrouped) checkGroups(columns, groupBy);

  const conditions = whereOf(query, source, text, options, comparing, isGrouped);
  const ofGroups = (operand: Operand): CompiledOperand => {
    if (operand.kind === 'aggregate') return { ...compileAggregate(operand, source, text), isOwn: false };
    const field = source.field(operand);
    if (isGrouped) checkGroups([{ field }], groupBy);
    return field;
  };
  const having = query.having === null ? null : compileCondition(query.having, ofGroups, comparing);
  const orderBy = query.orderBy.map(({ by, descending }) => {
    const alias =
      by.kind === 'alias' ? by.alias : by.kind === 'path' && by.names.length === 1 ? by.names[0] : null;
    const column = columns.find((one) => one.alias !== null && one.alias === alias);
    if (column === undefined && by.kind === 'alias') {
      throw new QueryFault('INVALID_FIELD', `There is no column "${by.alias}".`, placeIn(text, by.at));
    }
    const sql = column === undefined ? ofGroups(by as Operand).sql : column.sql;
    return descending ? `${sql} DESC` : sql;
  });

  const deleted = isGrouped ? null : options.deletedColumn;
  const result = deleted === null ? columns : [deletedColumnOf(source, deleted), ...columns];
  checkColumns(result.length);
  const { limit } = query;
  const sql = [
    `SELECT ${result.map((column, i) => `${column.sql} AS c${i}`).join(', ')} FROM ${source.fromSql()}`,
    conditions.length === 0
      ? ''
      : `WHERE ${joinedSql(
          'AND',
          conditions.map((one) => one.sql),
        )}`,
    groupBy.length === 0 ? '' : `GROUP BY ${groupBy.map((field) => field.sql).join(', ')}`,
    having === null ? '' : `HAVING ${having.sql}`,
    orderBy.length === 0 ? '' : `ORDER BY ${orderBy.join(', ')}`,
    limit === null ? '' : `LIMIT ${limit.rows} OFFSET ${limit.offset}`,
  ]
    .filter((part) => part !== '')
    .join(' ');
  if (sql.length > exportZoqlLimits.sqlCharactersMax) {
    throw new QueryFault('MALFORMED_QUERY', 'The query is too long: name fewer fields and conditions.');
  }
  const own = conditions.filter(({ isOwn }) => isOwn).map((one) => one.sql);
  return {
    sql,
    parameters: [],
    columns: result.map(({ header, type }) => ({ header, type })),
    sources: source.sources(own.length === 0 ? null : joinedSql('AND', own), deleted?.withRows ?? false),
    source: source.base.name,
  };
}

/** Before anything is looked up. */
function checkSize({ columns, groupBy, where, having, orderBy }: ExportQuery): void {
  const { groupFieldsMax, orderFieldsMax, conditionsMax } = exportZoqlLimits;
  checkColumns(columns.length);
  if (orderBy.length > orderFieldsMax) {
    throw new QueryFault('MALFORMED_QUERY', `order by takes at most ${orderFieldsMax} fields.`);
  }
  if (groupBy.length > groupFieldsMax) {
    throw new QueryFault('MALFORMED_QUERY', `group by takes at most ${groupFieldsMax} fields.`);
  }
  if (comparisonsIn(where) + comparisonsIn(having) > conditionsMax) {
    throw new QueryFault('MALFORMED_QUERY', `A query has at most ${conditionsMax} conditions.`);
  }
}

function checkColumns(count: number): void {
  const { resultColumnsMax } = exportZoqlLimits;
  if (count <= resultColumnsMax) return;
  const message = `A query has at most ${resultColumnsMax} columns, and this has ${count}: name those that are needed.`;
  throw new QueryFault('MALFORMED_QUERY', message);
}

function columnsOf(
  query: ExportQuery,
  source: DataSource,
  text: string,
  { headers }: ExportZoqlOptions,
): SelectedColumn[] {
  return query.columns.flatMap(({ value, alias }): SelectedColumn[] => {
    const shown = ({ name, label }: { readonly name: string; readonly label: string }) =>
      headers === 'labels' ? label : (alias ?? name);
    if (value.kind === 'aggregate') {
      const { sql, type, ...named } = compileAggregate(value, source, text);
      return [{ header: shown(named), type, sql, alias, field: null }];
    }
    if (value.kind === 'star' && alias !== null) {
      throw new QueryFault('MALFORMED_QUERY', '* is many columns and has no alias.', placeIn(text, value.at));
    }
    const fields = value.kind === 'star' ? source.allFields(value) : [source.field(value)];
    return fields.map((field) => ({ header: shown(field), type: field.type, sql: field.sql, alias, field }));
  });
}

function checkAliases(columns: readonly SelectedColumn[]): void {
  const aliases = columns.flatMap(({ alias }) => (alias === null ? [] : [alias]));
  const twice = [...new Set(aliases.filter((alias, i) => aliases.indexOf(alias) !== i))];
  if (twice.length === 0) return;
  const named = twice.map((alias) => `"${alias}"`).join(', ');
  throw new QueryFault('MALFORMED_QUERY', `Duplicate column aliases ${named} were defined.`);
}

function checkGroups(
  columns: ReadonlyArray<{ readonly field: FoundField | null }>,
  groupBy: readonly FoundField[],
): void {
  const grouped = new Set(groupBy.map(({ sql }) => sql));
  const ungrouped = columns.find(({ field }) => field !== null && !grouped.has(field.sql));
  if (ungrouped === undefined) return;
  throw new QueryFault(
    'MALFORMED_QUERY',
    `One or more columns in the SELECT statement does not appear in the GROUP BY statement: ${ungrouped.field!.name}.`,
  );
}

/** All that must hold for a row, the query's own conditions one by one where `and` is between them. */
function whereOf(
  query: ExportQuery,
  source: DataSource,
  text: string,
  { changedSince, changedUntil = null, deletedColumn }: ExportZoqlOptions,
  comparing: Comparing,
  isGrouped: boolean,
): CompiledCondition[] {
  const ofRows = (operand: Operand): CompiledOperand => {
    if (operand.kind === 'aggregate') {
      const message = `${operand.name}() is asked for in having, not in where.`;
      throw new QueryFault('MALFORMED_QUERY', message, placeIn(text, operand.at));
    }
    return source.field(operand as Path);
  };
  const withDeleted = (deletedColumn?.withRows ?? false) && !isGrouped;
  const { only } = source.base;
  return [
    // What was deleted lies apart until a query wants it: there is nothing to ask of the table for that.
    ...(withDeleted ? [] : [{ sql: 't._deleted = 0', levels: 1, isOwn: false }]),
    ...(only === null ? [] : [{ sql: `(${only})`, levels: 1, isOwn: !/\bj\.|\bSELECT\b/.test(only) }]),
    ...changedConditions(source, { from: changedSince, until: changedUntil }),
    ...conjunctsOf(query.where).map((condition) => compileCondition(condition, ofRows, comparing)),
  ];
}

function conjunctsOf(where: Condition | null): readonly Condition[] {
  if (where === null) return [];
  return where.kind === 'and' ? where.of.flatMap(conjunctsOf) : [where];
}

function deletedColumnOf(
  source: DataSource,
  { name, asNumber }: NonNullable<ExportZoqlOptions['deletedColumn']>,
): SelectedColumn {
  return {
    header: `${source.base.name}.${name}`,
    type: asNumber ? 'integer' : 'boolean',
    sql: 't._deleted',
    alias: null,
    field: null,
  };
}

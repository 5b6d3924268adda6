import { type CompiledQuery, QueryError, type ResultColumn, type SourceTable } from '../compiled-query.ts';
import { joinedSql } from '../filtering/literals.ts';
import { objectNamed, objects } from '../objects/index.ts';
import { failingQuery } from './arithmetic.ts';
import type { CompiledBody, SourceCollector } from './context.ts';
import { dataQueryLimits } from './limits.ts';
import { parse } from './parse.ts';
import { compileQuery } from './queries.ts';
import { countUse, fieldsOf } from './relations.ts';
import { errorAt } from './scan.ts';
import { functionSignatures } from './signatures.ts';
import type { Query } from './syntax.ts';
import { failureMessage, Names, quoted, resultType, typeName, typeOfField } from './values.ts';

export interface DataQueryOptions {
  /** Rows that were deleted are there too, with `deleted` true. */
  readonly readDeleted: boolean;
  /** The job's instant: what current_timestamp says, however often the query is run. */
  readonly now: string;
  /** Where current_date is taken from. */
  readonly timeZone: string;
}

/**
 * SQL in Trino's dialect as one SELECT of SQLite over copies of D1's tables. Only what the model has can be named, every name and text in the
 * result is written anew, and what the languages do differently is made to be as in Trino (README.md). Throws QueryError.
 */
export function compileDataQuery(text: string, options: DataQueryOptions): CompiledQuery {
  const statement = parse(text);
  switch (statement.kind) {
    case 'query':
      return compiled(statement, text, options);
    case 'showTables':
      return table(['table'], objects.map(({ name }) => [name.toLowerCase()]).sort());
    case 'showFunctions':
      return table(['function', 'kind', 'signature'], functionSignatures());
    case 'showColumns': {
      const object = objectNamed(statement.table);
      if (object === undefined) {
        throw errorAt(text, statement.at, `Table '${statement.table}' does not exist`);
      }
      const rows = fieldsOf(object).map(({ name, type, label }) => [
        name.toLowerCase(),
        typeName(typeOfField(type)),
        label,
      ]);
      return table(['column', 'type', 'comment'], rows);
    }
  }
}

function compiled(
  query: Query,
  text: string,
  { readDeleted, now, timeZone }: DataQueryOptions,
): CompiledQuery {
  const sources = new Sources();
  const body = compileQuery(query, {
    parent: null,
    common: new Map(),
    environment: {
      text,
      readDeleted,
      now,
      sources,
      today: dayIn(timeZone, now),
      names: new Names(),
      failing: failingQuery,
      compileQuery,
    },
  });
  refuseLarge(body.sql);
  return {
    sql: body.sql,
    parameters: [],
    columns: resultColumns(body),
    sources: sources.sources(),
    checkCost: (counts) => costMessage(body, counts),
    explain: failureMessage,
  };
}

function resultColumns({ columns }: CompiledBody): readonly ResultColumn[] {
  return columns.map(({ name, type }, index) => {
    const shown = resultType(type);
    if (shown === null)
      throw new QueryError(`Column ${index + 1} is an ${typeName(type)}, which no file shows.`);
    return { header: name ?? `_col${index}`, type: shown };
  });
}

function costMessage(body: CompiledBody, counts: ReadonlyMap<string, number>): string | null {
  const { dataQueryRowVisitsMax } = dataQueryLimits;
  const { visits } = body.cost((name) => counts.get(name) ?? 0);
  return visits <= dataQueryRowVisitsMax
    ? null
    : `The query would look at up to ${visits.toExponential(1)} rows; ${dataQueryRowVisitsMax} is the most. Join tables by = on their ids, ` +
        'and write a subquery that names columns of the outer query as a join.';
}

/** Before SQLite does, and in words. */
function refuseLarge(sql: string): void {
  const { dataQuerySqlBytesMax, dataQueryExpressionLevelsMax } = dataQueryLimits;
  const bytes = new TextEncoder().encode(sql).length;
  if (bytes > dataQuerySqlBytesMax) {
    throw new QueryError(
      `The query is too complex: it becomes ${bytes} bytes of SQL, of ${dataQuerySqlBytesMax}.`,
    );
  }
  let depth = 0;
  for (const [sign] of sql.replaceAll(/'(?:[^']|'')*'/g, '').matchAll(/[()]/g)) {
    depth += sign === '(' ? 1 : -1;
    if (depth > dataQueryExpressionLevelsMax) {
      throw new QueryError('The query is too complex: its expressions are nested too deep.');
    }
  }
}

function dayIn(timeZone: string, now: string): string {
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  });
  return parts.format(new Date(now));
}

/** Rows that are known without reading any. */
function table(headers: readonly string[], rows: ReadonlyArray<readonly string[]>): CompiledQuery {
  const list = rows.map((row) => `(${row.map(quoted).join(', ')})`);
  return {
    sql: `SELECT ${headers.map((_, index) => `column${index + 1} AS c${index + 1}`).join(', ')} FROM (VALUES ${list.join(', ')})`,
    parameters: [],
    columns: headers.map((header) => ({ header, type: 'text' })),
    sources: new Map(),
  };
}

class Sources implements SourceCollector {
  readonly #tables = new Map<
    string,
    { columns: Set<string>; uses: number; wheres: string[]; withDeleted: boolean }
  >();
  #relations = 0;

  use(): void {
    this.#relations = countUse(this.#relations);
  }

  add(name: string, columns: ReadonlySet<string>, withDeleted: boolean): void {
    const of = this.#of(name);
    of.uses += 1;
    of.withDeleted ||= withDeleted;
    for (const one of columns) of.columns.add(one);
  }

  narrow(name: string, where: string): void {
    this.#of(name).wheres.push(where);
  }

  sources(): ReadonlyMap<string, SourceTable> {
    const used = [...this.#tables].filter(([, { uses }]) => uses > 0);
    return new Map(
      used.map(([name, { columns, uses, wheres, withDeleted }]) => [
        name,
        { columns, withDeleted, where: uses === 1 && wheres.length > 0 ? joinedSql('AND', wheres) : null },
      ]),
    );
  }

  #of(name: string) {
    const known = this.#tables.get(name);
    if (known !== undefined) return known;
    const made = { columns: new Set<string>(), uses: 0, wheres: [], withDeleted: false };
    this.#tables.set(name, made);
    return made;
  }
}

import { QueryError, type SourceTable } from '../compiled-query.ts';
import { failingToNull } from './arithmetic.ts';
import type { FunctionContext } from './function-shapes.ts';
import type { ColumnReference, Expression, Query } from './syntax.ts';
import type { SqlType, Value } from './values.ts';

/** How many rows a query gives and how many are looked at for it, at the most, when tables have so many. */
export type Cost = (rowsOf: (table: string) => number) => { readonly rows: number; readonly visits: number };

/** What holds for a whole query. */
export interface Environment extends FunctionContext {
  readonly text: string;
  readonly readDeleted: boolean;
  readonly sources: SourceCollector;
  /** Compiles a query that stands in an expression or a FROM; `context` is where it stands, for names of queries further out. */
  readonly compileQuery: (query: Query, surroundings: Surroundings) => CompiledBody;
}

/** What a query sees of the query that it stands in. */
export interface Surroundings {
  readonly environment: Environment;
  /** Whose columns it can name; null for a query of its own. */
  readonly parent: Context | null;
  readonly common: ReadonlyMap<string, CommonRelation>;
}

/** A query as SQL, whose columns are called c1, c2 … */
export interface CompiledBody {
  readonly sql: string;
  readonly columns: ReadonlyArray<{ readonly name: string | null; readonly type: SqlType }>;
  readonly cost: Cost;
  /** It names columns of a query further out. */
  readonly correlated: boolean;
}

/** Collects what is read of D1. */
export interface SourceCollector {
  /** Counts a use of a relation in FROM. */
  use(): void;
  add(table: string, columns: ReadonlySet<string>, withDeleted: boolean): void;
  /** A condition on the only use of a table; without effect once the table is used twice. */
  narrow(table: string, where: string): void;
  sources(): ReadonlyMap<string, SourceTable>;
}

/** A column that a name can mean. */
export interface ScopeColumn {
  readonly name: string;
  readonly type: SqlType;
  /** Its value where its relation stands in FROM. Asking for it makes it read. */
  readonly value: () => Value;
  /** SQL over D1's own row, alias `t`, for what can be asked of D1 already; null for all else. */
  readonly ofTable: string | null;
}

export interface ScopeRelation {
  readonly alias: string | null;
  /** The column of a name in small letters. Each column is one object, however often it is asked for. */
  readonly column: (name: string) => ScopeColumn | undefined;
  /** What `*` stands for. */
  readonly columns: readonly ScopeColumn[];
  /** D1's table, when the relation is an object of the model whose rows cannot be made up of nulls by an outer join. */
  readonly table: string | null;
}

/** The relations of a FROM. */
export class Scope {
  readonly relations: readonly ScopeRelation[];
  /** Columns that USING has made one of two, and those that they are made of. */
  readonly merged: readonly ScopeColumn[];
  readonly hidden: ReadonlySet<ScopeColumn>;

  constructor(
    relations: readonly ScopeRelation[],
    merged: readonly ScopeColumn[] = [],
    hidden: ReadonlySet<ScopeColumn> = new Set(),
  ) {
    this.relations = relations;
    this.merged = merged;
    this.hidden = hidden;
  }

  /** The column of a name; undefined when there is none here. */
  find({ qualifier, name }: Pick<ColumnReference, 'qualifier' | 'name'>): ScopeColumn | undefined {
    const merged = qualifier === null ? this.merged.find((one) => one.name === name) : undefined;
    if (merged !== undefined) return merged;
    const found = this.relations
      .filter(({ alias }) => qualifier === null || alias === qualifier)
      .map((relation) => relation.column(name))
      .filter((one) => one !== undefined);
    if (found.length > 1) throw new QueryError(`Column '${written(qualifier, name)}' is ambiguous`);
    return found[0];
  }
}

function written(qualifier: string | null, name: string): string {
  return qualifier === null ? name : `${qualifier}.${name}`;
}

/** What is noted about one SELECT while its expressions are compiled. */
export interface SelectNotes {
  /** Where the query stands that the SELECT is in. */
  readonly parent: Context | null;
  /** Names of WITH that it sees. */
  readonly common: ReadonlyMap<string, CommonRelation>;
  /** Subqueries of its expressions. */
  readonly subqueries: Array<{ readonly cost: Cost; readonly correlated: boolean }>;
  /** A name was found further out. */
  correlated: boolean;
}

/** A query that WITH has given a name. */
export interface CommonRelation {
  readonly sqlName: string;
  readonly columns: ReadonlyArray<{ readonly name: string; readonly type: SqlType }>;
  readonly cost: Cost;
}

/**
 * Where an expression stands: which names it sees, and what becomes of aggregates and window functions there. A grouped query and one with windows
 * are done in stages (stages.ts), each a context over the one before.
 */
export abstract class Context {
  readonly environment: Environment;
  readonly select: SelectNotes;

  constructor(environment: Environment, select: SelectNotes) {
    this.environment = environment;
    this.select = select;
  }

  /** In words: WHERE clause, SELECT. */
  abstract readonly place: string;

  /** The column of this FROM that is meant; undefined when the name is another query's. */
  abstract find(reference: ColumnReference): ScopeColumn | undefined;
  /** The value of such a column here. */
  abstract columnValue(column: ScopeColumn, reference: ColumnReference): Value;
  /** What an expression is as a whole at this stage; null: it is made of its parts. */
  abstract whole(expression: Expression): Value | null;

  /** The same place within try(): what would end the query is null. */
  trying(): Context {
    return Object.create(this, {
      environment: { value: { ...this.environment, failing: failingToNull } },
    });
  }

  resolve(reference: ColumnReference): Value {
    const found = this.find(reference);
    if (found !== undefined) return this.columnValue(found, reference);
    const { parent } = this.select;
    if (parent === null) {
      throw new QueryError(`Column '${written(reference.qualifier, reference.name)}' cannot be resolved`);
    }
    this.select.correlated = true;
    return parent.resolve(reference);
  }
}

/** Over the rows of a FROM, or of nothing. */
export class RowContext extends Context {
  readonly scope: Scope;
  readonly place: string;

  constructor(environment: Environment, select: SelectNotes, scope: Scope, place: string) {
    super(environment, select);
    this.scope = scope;
    this.place = place;
  }

  find(reference: ColumnReference): ScopeColumn | undefined {
    return this.scope.find(reference);
  }

  columnValue(column: ScopeColumn): Value {
    return column.value();
  }

  whole(): Value | null {
    return null;
  }
}

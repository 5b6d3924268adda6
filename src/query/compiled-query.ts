import type { FieldType } from './objects/model.ts';

/**
 * What every language of files (Export ZOQL, ZOQL in AQuA, Data Query) is compiled to: one SELECT over copies of D1's tables, which the executor
 * makes as of one instant (execution/). Nothing else than the copied columns is there to be read.
 */
export interface CompiledQuery {
  /** SQLite. Tables and columns are named as in D1; each table has `_deleted` (0 or 1) beside its own columns. */
  readonly sql: string;
  readonly parameters: readonly (string | number | null)[];
  readonly columns: readonly ResultColumn[];
  /** Tables of D1 that are read. */
  readonly sources: ReadonlyMap<string, SourceTable>;
  /**
   * Asked once the tables are copied, with their rows: null, or why running the query would take too long. Languages whose queries read each row
   * a bounded number of times have none.
   */
  readonly checkCost?: (counts: ReadonlyMap<string, number>) => string | null;
  /** What a message of SQLite about running this query says to whoever wrote it; without it the message speaks for itself. */
  readonly explain?: (sqliteMessage: string) => string;
}

export interface ResultColumn {
  readonly header: string;
  /** `decimal` comes as an integer of millionths. */
  readonly type: FieldType | 'double';
}

export interface SourceTable {
  readonly columns: ReadonlySet<string>;
  /**
   * Only rows for which this holds, as SQL over the table's own columns with alias `t`; null: all. For what a query asks of its first table. Rows for
   * which it does not hold may be there all the same, for other queries of the job or because they changed: the query's SQL asks for it again.
   */
  readonly where: string | null;
  /** Rows that were deleted in the last days are wanted too. */
  readonly withDeleted: boolean;
}

/** A query that cannot be compiled: what is wrong with it, for whoever wrote it. */
export class QueryError extends Error {
  /** Line and column, from 1, where that is known. */
  readonly place: { readonly line: number; readonly column: number } | null;
  constructor(message: string, place: { readonly line: number; readonly column: number } | null = null) {
    super(message);
    this.place = place;
  }
}

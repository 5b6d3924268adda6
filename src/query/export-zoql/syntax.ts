import type { Literal, Operator } from '../zoql/syntax.ts';

/** A query in Export ZOQL as its grammar reads it. `at` is where something stands in the text, in characters from 0. */
export interface ExportQuery {
  readonly columns: readonly Column[];
  readonly source: { readonly name: string; readonly at: number };
  readonly where: Condition | null;
  readonly groupBy: readonly Path[];
  readonly having: Condition | null;
  readonly orderBy: readonly OrderTerm[];
  readonly limit: { readonly offset: number; readonly rows: number } | null;
}

export interface Column {
  readonly value: Star | Aggregate | Path;
  readonly alias: string | null;
}

/** Account.BillToContact.FirstName */
export interface Path {
  readonly kind: 'path';
  readonly names: readonly string[];
  readonly at: number;
}

/** All fields: of the data source, or of what hangs on it. */
export interface Star {
  readonly kind: 'star';
  readonly names: readonly string[];
  readonly at: number;
}

/** `of` null: count(*). */
export interface Aggregate {
  readonly kind: 'aggregate';
  readonly name: 'count' | 'sum' | 'avg' | 'min' | 'max';
  readonly of: Path | null;
  readonly at: number;
}

export type Operand = Path | Aggregate;

export type Condition =
  | { readonly kind: 'and' | 'or'; readonly of: readonly Condition[] }
  | { readonly kind: 'not'; readonly of: Condition }
  | { readonly kind: 'null'; readonly left: Operand; readonly isNot: boolean }
  | Comparison;

export interface Comparison {
  readonly kind: 'comparison';
  readonly left: Operand;
  readonly operator: Operator;
  readonly right: Literal | Operand;
}

export interface OrderTerm {
  readonly by: Operand | { readonly kind: 'alias'; readonly alias: string; readonly at: number };
  readonly descending: boolean;
}

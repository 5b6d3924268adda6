/**
 * What the grammar (trino.peggy) makes of a query: Trino's syntax, without meaning. Names are as written but for the case of their letters, which
 * Trino ignores: they are in lower case. `at` is where a node begins, in characters from 0.
 */

interface Node {
  readonly at: number;
}

export interface ColumnReference extends Node {
  readonly kind: 'column';
  readonly qualifier: string | null;
  readonly name: string;
}

export interface Literal extends Node {
  /** `double` has an exponent (1e3), `decimal` a point or a type (decimal '1.25'). */
  readonly kind: 'bigint' | 'decimal' | 'double' | 'varchar' | 'date' | 'timestamp';
  readonly text: string;
}

export interface BooleanLiteral extends Node {
  readonly kind: 'boolean';
  readonly value: boolean;
}

export interface NullLiteral extends Node {
  readonly kind: 'null';
}

export interface IntervalLiteral extends Node {
  readonly kind: 'interval';
  readonly text: string;
  readonly unit: string;
}

export interface Call extends Node {
  readonly kind: 'call';
  readonly name: string;
  /** count(*) has none and `star`. */
  readonly arguments: readonly Expression[];
  readonly star: boolean;
  readonly distinct: boolean;
  readonly orderBy: readonly SortItem[];
  readonly filter: Expression | null;
  /** A window, or the name of one that the query's WINDOW clause has. */
  readonly over: WindowSpecification | string | null;
}

export interface WindowSpecification {
  readonly base: string | null;
  readonly partitionBy: readonly Expression[];
  readonly orderBy: readonly SortItem[];
  readonly frame: Frame | null;
}

export interface Frame {
  readonly unit: 'rows' | 'range' | 'groups';
  readonly start: FrameBound;
  readonly end: FrameBound | null;
}

export interface FrameBound {
  readonly bound: 'unbounded preceding' | 'preceding' | 'current row' | 'following' | 'unbounded following';
  /** Rows, of the bounds that have a number. */
  readonly offset: string | null;
}

export type ArithmeticOperator = '+' | '-' | '*' | '/' | '%';
export type ComparisonOperator = '=' | '<>' | '<' | '<=' | '>' | '>=';

export type Expression =
  | ColumnReference
  | Literal
  | BooleanLiteral
  | NullLiteral
  | IntervalLiteral
  | Call
  | (Node & { readonly kind: 'negate' | 'not'; readonly operand: Expression })
  | (Node & {
      readonly kind: 'arithmetic';
      readonly operator: ArithmeticOperator;
      readonly left: Expression;
      readonly right: Expression;
    })
  | (Node & { readonly kind: 'and' | 'or' | 'concat'; readonly terms: readonly Expression[] })
  | (Node & {
      readonly kind: 'compare';
      readonly operator: ComparisonOperator;
      readonly left: Expression;
      readonly right: Expression;
    })
  | (Node & {
      readonly kind: 'quantified';
      readonly operator: ComparisonOperator;
      readonly quantifier: 'all' | 'any';
      readonly operand: Expression;
      readonly query: Query;
    })
  | (Node & {
      readonly kind: 'distinctFrom';
      readonly negated: boolean;
      readonly left: Expression;
      readonly right: Expression;
    })
  | (Node & {
      readonly kind: 'between';
      readonly negated: boolean;
      readonly operand: Expression;
      readonly low: Expression;
      readonly high: Expression;
    })
  | (Node & {
      readonly kind: 'inList';
      readonly negated: boolean;
      readonly operand: Expression;
      readonly items: readonly Expression[];
    })
  | (Node & {
      readonly kind: 'inQuery';
      readonly negated: boolean;
      readonly operand: Expression;
      readonly query: Query;
    })
  | (Node & {
      readonly kind: 'like';
      readonly negated: boolean;
      readonly operand: Expression;
      readonly pattern: Expression;
      readonly escape: Expression | null;
    })
  | (Node & { readonly kind: 'isNull'; readonly negated: boolean; readonly operand: Expression })
  | (Node & { readonly kind: 'exists' | 'subquery'; readonly query: Query })
  | (Node & {
      readonly kind: 'case';
      readonly operand: Expression | null;
      readonly branches: ReadonlyArray<{ readonly when: Expression; readonly then: Expression }>;
      readonly otherwise: Expression | null;
    })
  | (Node & {
      readonly kind: 'cast';
      readonly orNull: boolean;
      readonly operand: Expression;
      readonly type: TypeName;
    })
  | (Node & { readonly kind: 'atTimeZone'; readonly operand: Expression; readonly zone: string });

export interface TypeName extends Node {
  /** decimal, varchar, timestamp with time zone. */
  readonly name: string;
  readonly sizes: readonly number[];
}

export interface SortItem {
  readonly expression: Expression;
  readonly descending: boolean;
  /** Null where it isn't said: last, in both directions. */
  readonly nulls: 'first' | 'last' | null;
}

export interface Query extends Node {
  readonly kind: 'query';
  readonly with: readonly CommonTable[];
  readonly body: QueryBody;
  readonly orderBy: readonly SortItem[];
  /** Digits. */
  readonly offset: string | null;
  readonly limit: string | null;
}

export interface CommonTable extends Node {
  readonly name: string;
  readonly columns: readonly string[];
  readonly query: Query;
}

export type QueryBody =
  | Select
  | (Node & { readonly kind: 'values'; readonly rows: ReadonlyArray<readonly Expression[]> })
  | SetOperation
  | Query;

export interface SetOperation extends Node {
  readonly kind: 'union' | 'intersect' | 'except';
  readonly all: boolean;
  readonly left: QueryBody;
  readonly right: QueryBody;
}

export interface Select extends Node {
  readonly kind: 'select';
  readonly distinct: boolean;
  readonly items: readonly SelectItem[];
  /** Null: one row without columns. */
  readonly from: Relation | null;
  readonly where: Expression | null;
  readonly groupBy: readonly Expression[];
  readonly having: Expression | null;
  readonly windows: ReadonlyArray<{ readonly name: string; readonly window: WindowSpecification }>;
}

export type SelectItem =
  | (Node & { readonly kind: 'star'; readonly qualifier: string | null })
  | (Node & { readonly kind: 'item'; readonly expression: Expression; readonly alias: string | null });

export type Relation =
  | (Node & {
      readonly kind: 'table';
      readonly name: string;
      readonly alias: string | null;
      readonly columns: readonly string[];
    })
  | (Node & {
      readonly kind: 'derived';
      readonly query: Query;
      readonly alias: string | null;
      readonly columns: readonly string[];
    })
  | Join;

export interface Join extends Node {
  readonly kind: 'join';
  readonly type: 'cross' | 'inner' | 'left' | 'right' | 'full';
  readonly left: Relation;
  readonly right: Relation;
  readonly on: Expression | null;
  readonly using: readonly string[];
}

export type Statement =
  | Query
  | (Node & { readonly kind: 'showTables' | 'showFunctions' })
  | (Node & { readonly kind: 'showColumns'; readonly table: string });

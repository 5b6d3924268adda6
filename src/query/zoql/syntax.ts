/** A query in ZOQL as its grammar reads it. `at` is where something stands in the text, in characters from 0. */
export interface ZoqlQuery {
  readonly fields: readonly ZoqlName[];
  readonly object: ZoqlName;
  /** One of these lists must hold, and a list holds when all of it do. Empty: no conditions. */
  readonly where: ReadonlyArray<readonly ZoqlCondition[]>;
}

export interface ZoqlName {
  readonly name: string;
  readonly at: number;
}

export interface ZoqlCondition {
  readonly field: ZoqlName;
  readonly operator: Operator;
  readonly value: Literal;
}

export type Operator = '=' | '!=' | '>' | '>=' | '<' | '<=' | 'like';

/** A number is decimal text, as it was written. */
export type Literal =
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'number'; readonly value: string }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'null' };

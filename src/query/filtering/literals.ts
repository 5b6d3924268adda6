/** A text as SQL. Quotes are all that means anything inside of one, but for U+0000, which queries do not have (read-query.ts). */
export function textSql(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** Conditions, or texts, joined two by two: SQLite limits the depth of an expression (100 in D1), and a chain is as deep as it is long. */
export function joinedSql(word: 'AND' | 'OR' | '||', conditions: readonly string[]): string {
  if (conditions.length === 1) return conditions[0]!;
  const middle = Math.ceil(conditions.length / 2);
  const [first, second] = [conditions.slice(0, middle), conditions.slice(middle)];
  return `(${joinedSql(word, first)} ${word} ${joinedSql(word, second)})`;
}

/** Levels that `joinedSql` adds above the deepest of so many conditions. */
export function joinedDepth(conditions: number): number {
  return Math.ceil(Math.log2(Math.max(1, conditions)));
}

const NUMBER = /^-?\d+$/;
const SIMPLE = /^[\w.]+$/;

/** The model's SQL of a field as it can stand in any expression. A number alone would name a column in ORDER BY and GROUP BY. */
export function operandSql(sql: string): string {
  if (NUMBER.test(sql)) return `CAST(${sql} AS INTEGER)`;
  return SIMPLE.test(sql) ? sql : `(${sql})`;
}

import { joinedSql } from '../filtering/literals.ts';
import { typedLiteral } from './casts.ts';
import type { Scope, ScopeColumn, SourceCollector } from './context.ts';
import type { Expression } from './syntax.ts';
import { coerced, integerLiteral, type Value, value, varcharLiteral } from './values.ts';
import { conjunctsOf } from './walk.ts';

/**
 * Conditions of WHERE that D1 can be asked for already, so that a query of few rows copies few: comparisons of a column of one table with literals. They
 * are asked for again on the copy; what is left out here only costs time.
 */
export function narrowed(sources: SourceCollector, scope: Scope, where: Expression | null): void {
  for (const conjunct of conjunctsOf(where)) {
    const found: { table: string | null } = { table: null };
    const sql = narrowing(conjunct, (name, qualifier) => {
      const column = scope.find({ qualifier, name });
      const owner = scope.relations.find((one) => one.table !== null && one.columns.includes(column!));
      if (column?.ofTable == null || owner === undefined) return null;
      if (found.table !== null && found.table !== owner.table) return null;
      found.table = owner.table;
      return column;
    });
    if (sql !== null && found.table !== null) sources.narrow(found.table, sql);
  }
}

type FindColumn = (name: string, qualifier: string | null) => ScopeColumn | null;

function narrowing(expression: Expression, find: FindColumn): string | null {
  switch (expression.kind) {
    case 'column': {
      const column = find(expression.name, expression.qualifier);
      return column?.type === 'boolean' ? `(${column.ofTable} = 1)` : null;
    }
    case 'or':
    case 'and': {
      const list = expression.terms.map((term) => narrowing(term, find));
      const word = expression.kind === 'and' ? 'AND' : 'OR';
      return list.every((one) => one !== null) ? joinedSql(word, list) : null;
    }
    case 'isNull': {
      if (expression.operand.kind !== 'column') return null;
      const column = find(expression.operand.name, expression.operand.qualifier);
      return column === null ? null : `((${column.ofTable}) IS ${expression.negated ? 'NOT ' : ''}NULL)`;
    }
    case 'compare':
      return compared(expression.left, [expression.right], find, ([x]) => `${expression.operator} ${x}`);
    case 'between':
      return expression.negated
        ? null
        : compared(
            expression.operand,
            [expression.low, expression.high],
            find,
            ([a, b]) => `BETWEEN ${a} AND ${b}`,
          );
    case 'inList':
      return compared(
        expression.operand,
        expression.items,
        find,
        (list) => `${expression.negated ? 'NOT ' : ''}IN (${list.join(', ')})`,
      );
    default:
      return null;
  }
}

/** A condition's own literals in it bound the SQL that is sent to D1. */
const LITERALS_MAX = 100;

function compared(
  operand: Expression,
  others: readonly Expression[],
  find: FindColumn,
  build: (literals: readonly string[]) => string,
): string | null {
  if (operand.kind !== 'column' || others.length > LITERALS_MAX) return null;
  const column = find(operand.name, operand.qualifier);
  if (column === null) return null;
  const literals = others.map((one) => {
    const of = literalOf(one);
    return of === null ? null : coerced(of, column.type);
  });
  if (literals.some((one) => one === null || !one.exact)) return null;
  return `((${column.ofTable}) ${build(literals.map((one) => one!.sql))})`;
}

function literalOf(expression: Expression): Value | null {
  switch (expression.kind) {
    case 'bigint':
      return expression.text.length > 15 ? null : integerLiteral('bigint', BigInt(expression.text));
    case 'decimal':
    case 'date':
    case 'timestamp':
      return typedLiteral(expression.kind, expression.text);
    case 'varchar':
      return varcharLiteral(expression.text);
    case 'boolean':
      return value('boolean', expression.value ? '1' : '0');
    default:
      return null;
  }
}

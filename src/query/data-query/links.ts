import { QueryError } from '../compiled-query.ts';
import type { Scope, ScopeColumn } from './context.ts';
import type { Expression } from './syntax.ts';
import { conjunctsOf, partsOf } from './walk.ts';

/** Whether a condition has an equality between something of the left side and something of the right side, along which a join finds its rows. */
export function linkedByEquality(on: Expression | null, left: Scope, right: Scope): boolean {
  return conjunctsOf(on).some((one) => {
    if (one.kind !== 'compare' || one.operator !== '=') return false;
    const [a, b] = [one.left, one.right];
    return (isOf(a, left) && isOf(b, right)) || (isOf(a, right) && isOf(b, left));
  });
}

/** Whether an expression is made of columns of these relations, one at least, and of nothing else than literals beside them. */
function isOf(expression: Expression, scope: Scope): boolean {
  const columns = columnsIn(expression);
  return (
    columns.length > 0 && columns.every((one) => one.kind === 'column' && found(scope, one) !== undefined)
  );
}

function found(scope: Scope, reference: Extract<Expression, { kind: 'column' }>): ScopeColumn | undefined {
  try {
    return scope.find(reference);
  } catch (error) {
    if (error instanceof QueryError) return undefined;
    throw error;
  }
}

/** Columns of an expression, and the subqueries in it. */
function columnsIn(expression: Expression): readonly Expression[] {
  if (expression.kind === 'column' || 'query' in expression) return [expression];
  return partsOf(expression).flatMap(columnsIn);
}

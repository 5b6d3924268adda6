import type { Call, Expression, Query, SortItem } from './syntax.ts';

/** The expressions that an expression is made of; what is in a subquery is not among them. */
export function partsOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'negate':
    case 'not':
    case 'isNull':
    case 'cast':
    case 'atTimeZone':
    case 'inQuery':
    case 'quantified':
      return [expression.operand];
    case 'arithmetic':
    case 'compare':
    case 'distinctFrom':
      return [expression.left, expression.right];
    case 'and':
    case 'or':
    case 'concat':
      return expression.terms;
    case 'between':
      return [expression.operand, expression.low, expression.high];
    case 'inList':
      return [expression.operand, ...expression.items];
    case 'like':
      return [
        expression.operand,
        expression.pattern,
        ...(expression.escape === null ? [] : [expression.escape]),
      ];
    case 'case':
      return [
        ...(expression.operand === null ? [] : [expression.operand]),
        ...expression.branches.flatMap(({ when, then }) => [when, then]),
        ...(expression.otherwise === null ? [] : [expression.otherwise]),
      ];
    case 'call':
      return partsOfCall(expression);
    default:
      return [];
  }
}

function partsOfCall(call: Call): readonly Expression[] {
  const sorted = (items: readonly SortItem[]) => items.map((item) => item.expression);
  const over = call.over === null || typeof call.over === 'string' ? null : call.over;
  return [
    ...call.arguments,
    ...sorted(call.orderBy),
    ...(call.filter === null ? [] : [call.filter]),
    ...(over === null ? [] : [...over.partitionBy, ...sorted(over.orderBy)]),
  ];
}

/** Whether the expression or one that it is made of is such a one. */
export function someExpression(expression: Expression, is: (one: Expression) => boolean): boolean {
  return is(expression) || partsOf(expression).some((part) => someExpression(part, is));
}

/** The conditions that must all hold for an expression to hold. */
export function conjunctsOf(expression: Expression | null): readonly Expression[] {
  if (expression === null) return [];
  return expression.kind === 'and' ? expression.terms.flatMap(conjunctsOf) : [expression];
}

/** Whether a query gives one row, or none, whatever it reads. */
export function givesOneRow(query: Query, isAggregate: (call: Call) => boolean): boolean {
  if (query.limit !== null && /^0*[01]$/.test(query.limit)) return true;
  const { body } = query;
  if (body.kind === 'values') return body.rows.length === 1;
  if (body.kind === 'query') return givesOneRow(body, isAggregate);
  if (body.kind !== 'select') return false;
  const aggregates = body.items.some(
    (item) =>
      item.kind === 'item' &&
      someExpression(item.expression, (one) => one.kind === 'call' && one.over === null && isAggregate(one)),
  );
  return body.groupBy.length === 0 && (aggregates || body.from === null);
}

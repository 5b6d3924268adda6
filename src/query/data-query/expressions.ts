import { QueryError } from '../compiled-query.ts';
import { joinedSql } from '../filtering/literals.ts';
import { isAggregate, typeOfAll } from './aggregates.ts';
import { arithmetic, failingToNull, negated } from './arithmetic.ts';
import { castTo, typedLiteral } from './casts.ts';
import type { Context } from './context.ts';
import { applied } from './function-shapes.ts';
import { like } from './like.ts';
import { comparison, negatedWhen, sameType } from './operators.ts';
import { errorAt } from './scan.ts';
import { callOfForm, scalarFunction, tried } from './special-functions.ts';
import { existsIn, inQuery, quantified, scalarSubquery } from './subqueries.ts';
import type { Call, Expression } from './syntax.ts';
import {
  coerced,
  exact,
  INTEGER_MAX,
  integerLiteral,
  type SqlType,
  typeName,
  unchecked,
  type Value,
  value,
  varcharLiteral,
} from './values.ts';

/** An expression as SQL with its type. An integer may have left 64 bits: `exactly` is for wherever that matters. */
export function compile(context: Context, expression: Expression): Value {
  try {
    return context.whole(expression) ?? compileParts(context, expression);
  } catch (error) {
    if (!(error instanceof QueryError) || error.place !== null) throw error;
    throw errorAt(context.environment.text, expression.at, error.message);
  }
}

export function exactly(context: Context, expression: Expression): Value {
  return exact(compile(context, expression));
}

/** A condition: a boolean. */
export function condition(context: Context, expression: Expression): string {
  const of = exactly(context, expression);
  const brought = coerced(of, 'boolean');
  if (brought === null) {
    throw new QueryError(`${context.place} must evaluate to a boolean: actual type ${typeName(of.type)}`);
  }
  return brought.sql;
}

function compileParts(context: Context, expression: Expression): Value {
  switch (expression.kind) {
    case 'column':
      return context.resolve(expression);
    case 'call':
      return call(context, expression);
    case 'negate':
      return negated(compile(context, expression.operand));
    case 'not':
      return value('boolean', `(NOT ${condition(context, expression.operand)})`);
    case 'and':
    case 'or':
      return connected(context, expression.kind, expression.terms);
    case 'concat':
      return concatenated(context, expression.terms);
    case 'arithmetic':
      return arithmetic(
        context.environment,
        expression.operator,
        compile(context, expression.left),
        compile(context, expression.right),
      );
    case 'cast':
      return castTo(
        expression.orNull ? { ...context.environment, failing: failingToNull } : context.environment,
        compile(context, expression.operand),
        expression.type,
      );
    case 'case':
      return choice(context, expression);
    case 'exists':
      return existsIn(context, expression.query);
    case 'subquery':
      return scalarSubquery(context, expression.query);
    case 'inQuery':
      return negatedWhen(
        expression.negated,
        inQuery(context, exactly(context, expression.operand), expression.query),
      );
    case 'quantified':
      return quantified(context, expression, exactly(context, expression.operand));
    case 'atTimeZone':
      return inUtc(compile(context, expression.operand), expression.zone);
    default:
      return predicate(context, expression) ?? literal(expression);
  }
}

function predicate(context: Context, expression: Expression): Value | null {
  switch (expression.kind) {
    case 'compare':
      return comparison(
        expression.operator,
        exactly(context, expression.left),
        exactly(context, expression.right),
      );
    case 'distinctFrom': {
      const [left, right] = sameType('IS DISTINCT FROM', [
        exactly(context, expression.left),
        exactly(context, expression.right),
      ]);
      return value('boolean', `(${left!.sql} IS ${expression.negated ? '' : 'NOT '}${right!.sql})`);
    }
    case 'between': {
      const operands = [expression.operand, expression.low, expression.high];
      const [x, low, high] = sameType(
        'BETWEEN',
        operands.map((one) => exactly(context, one)),
      );
      return negatedWhen(
        expression.negated,
        value('boolean', `(${x!.sql} BETWEEN ${low!.sql} AND ${high!.sql})`),
      );
    }
    case 'inList': {
      const operands = [expression.operand, ...expression.items];
      const [x, ...items] = sameType(
        'IN',
        operands.map((one) => exactly(context, one)),
      );
      return negatedWhen(
        expression.negated,
        value('boolean', `(${x!.sql} IN (${items.map(({ sql }) => sql).join(', ')}))`),
      );
    }
    case 'like':
      return negatedWhen(expression.negated, likeOf(context, expression));
    case 'isNull': {
      const { sql } = exactly(context, expression.operand);
      return value('boolean', `(${sql} IS ${expression.negated ? 'NOT ' : ''}NULL)`);
    }
    default:
      return null;
  }
}

function literal(expression: Expression): Value {
  switch (expression.kind) {
    case 'bigint': {
      const number = BigInt(expression.text);
      if (number > INTEGER_MAX) throw new QueryError(`${expression.text} is beyond what bigint holds.`);
      return integerLiteral('bigint', number);
    }
    case 'decimal':
    case 'double':
    case 'date':
    case 'timestamp':
      return typedLiteral(expression.kind, expression.text);
    case 'varchar':
      return varcharLiteral(expression.text);
    case 'boolean':
      return { ...value('boolean', expression.value ? '1' : '0'), simple: true };
    case 'null':
      return { ...value('null', 'NULL'), simple: true };
    case 'interval':
      return interval(expression.text, expression.unit);
    default:
      throw new QueryError(`An expression of kind ${expression.kind} is not supported.`);
  }
}

const INTERVAL_UNITS: Readonly<Record<string, readonly [type: SqlType, factor: number]>> = {
  year: ['interval year to month', 12],
  month: ['interval year to month', 1],
  day: ['interval day to second', 86_400_000],
  hour: ['interval day to second', 3_600_000],
  minute: ['interval day to second', 60_000],
  second: ['interval day to second', 1_000],
};

function interval(text: string, unit: string): Value {
  const known = Object.hasOwn(INTERVAL_UNITS, unit) ? INTERVAL_UNITS[unit] : undefined;
  if (known === undefined) {
    throw new QueryError(`'${unit}' is not a unit of intervals: ${Object.keys(INTERVAL_UNITS).join(', ')}`);
  }
  const [type, factor] = known;
  if (!/^-?\d{1,9}$/.test(text)) throw new QueryError(`'${text}' is not a valid interval literal`);
  const count = BigInt(text) * BigInt(factor);
  return { ...unchecked(type, `(${count})`), simple: true, exact: true, literal: String(count) };
}

function connected(context: Context, operator: 'and' | 'or', terms: readonly Expression[]): Value {
  const list = terms.map((term) => condition(context, term));
  return value('boolean', joinedSql(operator === 'and' ? 'AND' : 'OR', list));
}

function concatenated(context: Context, terms: readonly Expression[]): Value {
  const list = terms.map((term) => {
    const of = exactly(context, term);
    const text = coerced(of, 'varchar');
    if (text === null) throw new QueryError(`Cannot apply operator: varchar || ${typeName(of.type)}`);
    return text.sql;
  });
  return value('varchar', joinedSql('||', list));
}

function choice(context: Context, expression: Extract<Expression, { kind: 'case' }>): Value {
  const { branches, otherwise } = expression;
  const results = [...branches.map(({ then }) => then), ...(otherwise === null ? [] : [otherwise])].map(
    (one) => exactly(context, one),
  );
  const type = typeOfAll(results);
  if (type === null) throw new QueryError('All CASE results must be the same type');
  const then = results.map((one) => exact(coerced(one, type)!).sql);
  const last = otherwise === null ? '' : ` ELSE ${then.at(-1)}`;
  if (expression.operand === null) {
    const list = branches.map(({ when }, index) => `WHEN ${condition(context, when)} THEN ${then[index]}`);
    return value(type, `(CASE ${list.join(' ')}${last} END)`);
  }
  const operands = [expression.operand, ...branches.map(({ when }) => when)];
  const [operand, ...whens] = sameType(
    '=',
    operands.map((one) => exactly(context, one)),
  );
  const list = whens.map((when, index) => `WHEN ${when.sql} THEN ${then[index]}`);
  return value(type, `(CASE ${operand!.sql} ${list.join(' ')}${last} END)`);
}

function likeOf(context: Context, expression: Extract<Expression, { kind: 'like' }>): Value {
  const { names } = context.environment;
  const text = coerced(exactly(context, expression.operand), 'varchar');
  if (text === null) throw new QueryError('Left side of LIKE expression must evaluate to a varchar');
  const [pattern, escaping] = [expression.pattern, expression.escape].map((one) =>
    one === null ? null : compile(context, one),
  );
  if (pattern!.literal === null || pattern!.type !== 'varchar' || escaping?.literal === null) {
    throw new QueryError('A LIKE pattern and its escape must be text literals.');
  }
  return like(names, text, pattern!.literal, escaping?.literal ?? null);
}

function inUtc(of: Value, zone: string): Value {
  if (of.type !== 'timestamp') throw new QueryError('AT TIME ZONE takes a timestamp.');
  if (!/^(utc|gmt|z|etc\/utc)$/i.test(zone)) {
    throw new QueryError(`AT TIME ZONE '${zone}' is not supported: instants are in UTC.`);
  }
  return of;
}

function call(context: Context, of: Call): Value {
  if (of.over !== null) throw new QueryError(`${context.place} cannot contain window functions`);
  if (isAggregate(of)) throw new QueryError(`${context.place} cannot contain the aggregation ${of.name}`);
  if (of.star || of.distinct || of.orderBy.length > 0 || of.filter !== null) {
    throw new QueryError(`${of.name} is not an aggregation: it takes no *, DISTINCT, ORDER BY or FILTER.`);
  }
  if (of.name === 'try') return tried(context, of, compile);
  const list = of.arguments.map((one) => exactly(context, one));
  const formed = callOfForm(of.name, list, context.environment.names);
  if (formed !== null) return formed;
  const known = scalarFunction(of.name);
  if (known === undefined) throw new QueryError(`Function '${of.name}' not registered`);
  return applied(known, context.environment, list);
}

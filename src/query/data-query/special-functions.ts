import { QueryError } from '../compiled-query.ts';
import { typeOfAll } from './aggregates.ts';
import type { Context } from './context.ts';
import { dateFunctions } from './date-functions.ts';
import { type ScalarFunction, wrongArguments } from './function-shapes.ts';
import { numberFunctions } from './number-functions.ts';
import type { Call, Expression } from './syntax.ts';
import { textFunctions } from './text-functions.ts';
import { coerced, exact, type Names, type Value, value } from './values.ts';
import { someExpression } from './walk.ts';

const SCALAR_FUNCTIONS: ReadonlyMap<string, ScalarFunction> = new Map(
  [
    ...textFunctions,
    ...numberFunctions,
    ...dateFunctions,
    ...[
      ['substring', 'substr'],
      ['ceiling', 'ceil'],
    ].map(([name, original]): ScalarFunction => {
      const of = [...textFunctions, ...numberFunctions].find((one) => one.name === original)!;
      return { ...of, name: name!, signature: of.signature.replace(original!, name!) };
    }),
  ].map((one) => [one.name, one]),
);

export function scalarFunction(name: string): ScalarFunction | undefined {
  return SCALAR_FUNCTIONS.get(name);
}

interface Form {
  readonly signature: string;
  readonly min: number;
  readonly max: number;
  readonly build: (list: readonly Value[], names: Names) => Value | null;
}

/** Functions whose arguments take the type that they have in common, or that look at them only in part. */
const FORMS: Readonly<Record<string, Form>> = {
  coalesce: {
    signature: 'coalesce(value, value, …) → value',
    min: 2,
    max: 100,
    build: (list) => together(list, (sql) => `coalesce(${sql.join(', ')})`),
  },
  nullif: {
    signature: 'nullif(value, value) → value',
    min: 2,
    max: 2,
    build: (list) => together(list, ([x, y]) => `nullif(${x}, ${y})`),
  },
  if: {
    signature: 'if(boolean, value[, value]) → value',
    min: 2,
    max: 3,
    build: ([test, ...results]) => {
      const is = coerced(test!, 'boolean');
      if (is === null) return null;
      return together(
        results,
        ([then, otherwise]) => `(CASE WHEN ${is.sql} THEN ${then} ELSE ${otherwise ?? 'NULL'} END)`,
      );
    },
  },
  concat: {
    signature: 'concat(varchar, varchar, …) → varchar',
    min: 2,
    max: 30,
    build: (list) => texts(list, (sql) => `(${sql.join(' || ')})`),
  },
  concat_ws: {
    signature: 'concat_ws(separator, varchar, …) → varchar',
    min: 2,
    max: 30,
    build: (list) => texts(list, ([separator, ...sql]) => `concat_ws(${[separator, ...sql].join(', ')})`),
  },
};

function together(list: readonly Value[], build: (sql: readonly string[]) => string): Value | null {
  const type = typeOfAll(list);
  return type === null ? null : value(type, build(list.map((one) => exact(coerced(one, type)!).sql)));
}

function texts(list: readonly Value[], build: (sql: readonly string[]) => string): Value | null {
  const brought = list.map((one) => coerced(one, 'varchar'));
  return brought.includes(null) ? null : value('varchar', build(brought.map((one) => one!.sql)));
}

/** A call of one of these; null when it is another function's. */
export function callOfForm(name: string, list: readonly Value[], names: Names): Value | null {
  if (!Object.hasOwn(FORMS, name)) return null;
  const form = FORMS[name]!;
  const built = list.length < form.min || list.length > form.max ? null : form.build(list, names);
  if (built === null) throw wrongArguments({ name, signature: form.signature }, list);
  return built;
}

const PASSING_NULL_ON = new Set([
  'column',
  'bigint',
  'decimal',
  'double',
  'varchar',
  'date',
  'timestamp',
  'interval',
  'null',
  'boolean',
  'negate',
  'arithmetic',
  'concat',
  'cast',
]);

/**
 * try(x): null where x would end the query by a division by zero or a cast. A null within makes the whole null only where every operator passes it on,
 * so only those are taken.
 */
export function tried(
  context: Context,
  call: Call,
  compile: (context: Context, expression: Expression) => Value,
): Value {
  const [expression] = call.arguments;
  if (expression === undefined || call.arguments.length > 1)
    throw new QueryError('try takes one expression.');
  if (someExpression(expression, ({ kind }) => !PASSING_NULL_ON.has(kind))) {
    throw new QueryError('try takes arithmetic and casts of columns and literals.');
  }
  return exact(compile(context.trying(), expression));
}

export const scalarSignatures: ReadonlyArray<readonly [name: string, signature: string]> = [
  ...[...SCALAR_FUNCTIONS.values()].map(({ name, signature }) => [name, signature] as const),
  ...Object.entries(FORMS).map(([name, { signature }]) => [name, signature] as const),
  ['try', 'try(arithmetic or cast) → its value, or null where it fails'],
];

import { QueryError } from '../compiled-query.ts';
import type { ArithmeticContext } from './arithmetic.ts';
import { coerced, exact, type SqlType, typeName, type Value, value } from './values.ts';

export interface FunctionContext extends ArithmeticContext {
  /** The job's instant, and the calendar day it has in the tenant's time zone. */
  readonly now: string;
  readonly today: string;
}

/** A type that an argument is brought to; with `?` it can be left out, with `…` it can be repeated, `any` is taken as it is. */
type Parameter = `${SqlType | 'any'}${'' | '?' | '…'}`;

export interface ScalarFunction {
  readonly name: string;
  /** For SHOW FUNCTIONS. */
  readonly signature: string;
  readonly parameters: readonly Parameter[];
  /** Arguments are of the parameters' types and exact. */
  readonly compile: (context: FunctionContext, list: readonly Value[]) => Value;
}

/** A function that is one of SQLite's, or made of some that use each argument once. */
export function scalar(
  name: string,
  parameters: readonly Parameter[],
  result: SqlType,
  sql: (...list: string[]) => string,
  remark = '',
): ScalarFunction {
  return {
    name,
    signature: `${signatureOf(name, parameters)} → ${result}${remark === '' ? '' : `, ${remark}`}`,
    parameters,
    compile: (_, list) => value(result, sql(...list.map((one) => one.sql))),
  };
}

function signatureOf(name: string, parameters: readonly Parameter[]): string {
  return `${name}(${parameters.join(', ')})`;
}

/** The call of a function of the list: its arguments are counted and brought to the parameters' types. */
export function applied(of: ScalarFunction, context: FunctionContext, given: readonly Value[]): Value {
  const { parameters } = of;
  const required = parameters.filter((one) => !/[?…]$/.test(one)).length;
  const most = parameters.some((one) => one.endsWith('…')) ? Number.POSITIVE_INFINITY : parameters.length;
  if (given.length < required || given.length > most) throw wrongArguments(of, given);
  const list = given.map((one, index) => {
    const type = parameters[Math.min(index, parameters.length - 1)]!.replace(/[?…]$/, '') as SqlType | 'any';
    const brought = type === 'any' ? one : coerced(one, type);
    if (brought === null) throw wrongArguments(of, given);
    return exact(brought);
  });
  return of.compile(context, list);
}

export function wrongArguments(
  of: Pick<ScalarFunction, 'name' | 'signature'>,
  given: readonly Value[],
): QueryError {
  const types = given.map(({ type }) => typeName(type)).join(', ');
  return new QueryError(
    `Unexpected parameters (${types}) for function ${of.name}. Expected: ${of.signature}`,
  );
}

/** The text of an argument that must be known beforehand. */
export function literalText(of: Value, what: string): string {
  if (of.type !== 'varchar' || of.literal === null) throw new QueryError(`${what} must be a text literal.`);
  return of.literal;
}

/** The number of an argument that must be known beforehand. */
export function literalInteger(of: Value, what: string): number {
  const number = of.type === 'bigint' && of.literal !== null ? Number(of.literal) : Number.NaN;
  if (!Number.isSafeInteger(number)) throw new QueryError(`${what} must be an integer literal.`);
  return number;
}

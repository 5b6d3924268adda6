import { QueryError } from '../compiled-query.ts';
import { DECIMAL_DIGITS } from '../objects/values.ts';
import { arithmetic, roundedQuotient } from './arithmetic.ts';
import { literalInteger, type ScalarFunction, scalar, wrongArguments } from './function-shapes.ts';
import { coerced, commonType, exact, isNumber, type Value, value, withOnce } from './values.ts';

/** Functions over numbers: exact of bigint and decimal, and those of real numbers. */
export const numberFunctions: readonly ScalarFunction[] = [
  byType('abs', (x) => `abs(${x})`),
  byType('sign', (x) => `sign(${x})`, 1_000_000),
  rounding(
    'round',
    (x, step) => `(${roundedQuotient(x, step)} * ${step})`,
    (x) => `round(${x})`,
    true,
  ),
  rounding(
    'truncate',
    (x, step) => `(${x} / ${step} * ${step})`,
    (x) => `trunc(${x})`,
    true,
  ),
  rounding(
    'floor',
    (x, step) => `((${x} / ${step} - (${x} % ${step} < 0)) * ${step})`,
    (x) => `floor(${x})`,
    false,
  ),
  rounding(
    'ceil',
    (x, step) => `((${x} / ${step} + (${x} % ${step} > 0)) * ${step})`,
    (x) => `ceil(${x})`,
    false,
  ),
  {
    name: 'mod',
    signature: 'mod(number, number) → number',
    parameters: ['any', 'any'],
    compile: (context, [left, right]) => arithmetic(context, '%', left!, right!),
  },
  extreme('greatest', 'max'),
  extreme('least', 'min'),
  scalar('sqrt', ['double'], 'double', (x) => `sqrt(${x})`),
  scalar('exp', ['double'], 'double', (x) => `exp(${x})`),
  scalar('ln', ['double'], 'double', (x) => `ln(${x})`),
  scalar('log', ['double', 'double'], 'double', (base, x) => `log(${base}, ${x})`),
  scalar('log2', ['double'], 'double', (x) => `log2(${x})`),
  scalar('log10', ['double'], 'double', (x) => `log(10, ${x})`),
  scalar('power', ['double', 'double'], 'double', (x, y) => `pow(${x}, ${y})`),
  scalar('pow', ['double', 'double'], 'double', (x, y) => `pow(${x}, ${y})`),
  scalar('pi', [], 'double', () => 'pi()'),
];

/** A function that SQLite has for integers and reals alike; `unit` is what one is in millionths, where the result is a count. */
function byType(name: string, sql: (x: string) => string, unit = 1): ScalarFunction {
  const self: ScalarFunction = {
    name,
    signature: `${name}(number) → number`,
    parameters: ['any'],
    compile: (_, [x]) => {
      if (!isNumber(x!)) throw wrongArguments(self, [x!]);
      return value(x!.type, x!.type === 'decimal' && unit !== 1 ? `(${sql(x!.sql)} * ${unit})` : sql(x!.sql));
    },
  };
  return self;
}

/** Rounding to a number of places after the point, which can be below zero. Decimals are brought to a step of millionths. */
function rounding(
  name: string,
  toStep: (x: string, step: string) => string,
  ofReal: (x: string) => string,
  placed: boolean,
): ScalarFunction {
  const self: ScalarFunction = {
    name,
    signature: `${name}(number${placed ? '[, places]' : ''}) → number`,
    parameters: placed ? ['any', 'bigint?'] : ['any'],
    compile: ({ names }, [x, places]) => {
      if (!isNumber(x!)) throw wrongArguments(self, [x!]);
      const digits = places === undefined ? 0 : literalInteger(places, `The places of ${name}`);
      if (Math.abs(digits) > 12) throw new QueryError(`The places of ${name} are from -12 to 12.`);
      if (x!.type === 'double') {
        const scaled = withOnce(names, [x!], (sql) => `(${ofReal(`${sql} * 1e${digits}`)} / 1e${digits})`);
        return value('double', `CAST(${scaled} AS REAL)`);
      }
      const power = (x!.type === 'decimal' ? DECIMAL_DIGITS : 0) - digits;
      if (power <= 0) return x!;
      const step = String(10n ** BigInt(power));
      return {
        ...value(
          x!.type,
          withOnce(names, [x!], (sql) => toStep(sql!, step)),
        ),
        exact: false,
      };
    },
  };
  return self;
}

/** The largest or smallest of some values of one type; null when one of them is. */
function extreme(name: string, sqlite: string): ScalarFunction {
  const self: ScalarFunction = {
    name,
    signature: `${name}(value, …) → value`,
    parameters: ['any', 'any…'],
    compile: (_, list) => {
      const type = list.map((one) => one.type).reduce((left, right) => commonType(left, right) ?? 'boolean');
      const brought = list.map((one) => (type === 'boolean' ? null : coerced(one, type)));
      if (brought.includes(null)) throw wrongArguments(self, list);
      const sql = (brought as Value[]).map((one) => exact(one).sql);
      return sql.length === 1 ? list[0]! : value(type, `${sqlite}(${sql.join(', ')})`);
    },
  };
  return self;
}

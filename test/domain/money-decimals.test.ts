import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  add,
  compare,
  decimalPlaces,
  divide,
  isNegative,
  isZero,
  multiply,
  parseDecimal,
  subtract,
  toNumber,
} from '../../src/domain/money.ts';

// Shows that decimals are exact and canonical: arithmetic agrees with integers of any size, and no input
// that may have lost digits on its way is taken.

const SCALE = 6;

/** Decimal text of an integer count of millionths, made without the code under test. */
function textOf(millionths: bigint): string {
  const digits = (millionths < 0n ? -millionths : millionths).toString().padStart(SCALE + 1, '0');
  const fraction = digits.slice(-SCALE).replace(/0+$/, '');
  const text = digits.slice(0, -SCALE) + (fraction === '' ? '' : `.${fraction}`);
  return millionths < 0n ? `-${text}` : text;
}

const millionths = fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n });

describe('reading decimals', () => {
  it.each([
    ['0', '0'],
    ['-0', '0'],
    ['-0.00', '0'],
    ['007.50', '7.5'],
    ['-12.340', '-12.34'],
    ['1000', '1000'],
    ['123456789012345678901234567890.123456789', '123456789012345678901234567890.123456789'],
    [0, '0'],
    [-0, '0'],
    [0.1, '0.1'],
    [1e-7, '0.0000001'],
    [-7.5, '-7.5'],
    [999999999999999, '999999999999999'],
    [9999999999999.99, '9999999999999.99'],
  ])('reads %s as %s', (value, expected) => {
    expect(parseDecimal(value)).toBe(expected);
  });

  it.each([
    '',
    ' 1',
    '1 ',
    '+1',
    '.5',
    '1.',
    '1e3',
    '0x10',
    '1,000',
    'NaN',
    'Infinity',
    '--1',
    '１',
    '1\n',
    '9'.repeat(65),
    Number.NaN,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    0.1 + 0.2,
    1e15,
    1e21,
    1234567890123456,
    999999999999999.9,
    5e-324,
  ])('refuses %j', (value) => {
    expect(parseDecimal(value)).toBeNull();
  });

  it('reads its own output to the same text', () => {
    fc.assert(
      fc.property(millionths, (value) => {
        expect(parseDecimal(textOf(value))).toBe(textOf(value));
      }),
    );
  });
});

describe('decimal arithmetic', () => {
  it('adds, subtracts, multiplies and compares as integers do', () => {
    fc.assert(
      fc.property(millionths, millionths, (a, b) => {
        const [left, right] = [textOf(a), textOf(b)];
        expect(add(left, right)).toBe(textOf(a + b));
        expect(add(right, left)).toBe(add(left, right));
        expect(subtract(left, right)).toBe(textOf(a - b));
        expect(multiply(left, textOf(b * 1_000_000n))).toBe(textOf(a * b));
        expect(compare(left, right)).toBe(a < b ? -1 : a > b ? 1 : 0);
        expect(isNegative(left)).toBe(a < 0n);
        expect(isZero(left)).toBe(a === 0n);
      }),
    );
  });

  it('rounds a quotient once, from its exact value', () => {
    fc.assert(
      fc.property(
        millionths,
        millionths.filter((b) => b !== 0n),
        (a, b) => {
          const [dividend, divisor] = [a < 0n ? -a : a, b < 0n ? -b : b];
          const sign = a < 0n === b < 0n ? 1n : -1n;
          const scaled = dividend * 1_000_000n;
          const down = scaled / divisor;
          const up = scaled % divisor === 0n ? down : down + 1n;
          const halfUp = 2n * (scaled % divisor) >= divisor ? down + 1n : down;
          const at = (rounding: 'DOWN' | 'UP' | 'HALF_UP') =>
            divide(textOf(a), textOf(b), { decimals: SCALE, rounding });
          expect(at('DOWN')).toBe(textOf(sign * down));
          expect(at('UP')).toBe(textOf(sign * up));
          expect(at('HALF_UP')).toBe(textOf(sign * halfUp));
        },
      ),
    );
  });

  it.each([
    ['1', '3', 4, 'HALF_UP', '0.3333'],
    ['2', '3', 4, 'HALF_UP', '0.6667'],
    ['-1', '8', 2, 'HALF_UP', '-0.13'],
    ['1', '-3', 2, 'UP', '-0.34'],
    ['-1', '1000', 2, 'DOWN', '0'],
    ['10', '4', 0, 'HALF_UP', '3'],
  ] as const)('divides %s by %s to %i places %s as %s', (a, b, decimals, rounding, expected) => {
    expect(divide(a, b, { decimals, rounding })).toBe(expected);
  });

  it('refuses to divide by zero and to compute with what is no decimal', () => {
    expect(() => divide('1', '0', { decimals: 2, rounding: 'UP' })).toThrow(RangeError);
    expect(() => add('1', 'NaN')).toThrow(RangeError);
    expect(() => multiply('', '1')).toThrow(RangeError);
  });

  it('counts the digits after the point and turns into a JSON number', () => {
    expect([decimalPlaces('12'), decimalPlaces('1200'), decimalPlaces('-0.125')]).toEqual([0, 0, 3]);
    expect(toNumber('18.333333333')).toBe(18.333333333);
  });
});

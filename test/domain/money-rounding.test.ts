import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  fitsMinor,
  fromMinor,
  MAX_AMOUNT_MINOR,
  minorToNumber,
  roundToMinor,
  toMinor,
} from '../../src/domain/money.ts';
import vectors from '../vectors.json' with { type: 'json' };

// Shows that amounts go into minor units without loss or not at all, and that rounding follows the
// currency's digits, mode and increment, on the magnitude (semantics E.5).

const minorAmount = fc.integer({ min: -MAX_AMOUNT_MINOR, max: MAX_AMOUNT_MINOR });
const currency = fc.constantFrom('USD', 'JPY', 'KWD', 'CLF');

describe('rounding to minor units', () => {
  const cases = Object.entries(vectors.rounding).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );

  it('has the single amounts of the reference vectors', () => {
    expect(cases.map(([name]) => name)).toEqual(['1.005 USD', '-1.005 USD', '2.5 JPY', '0.0005 KWD']);
  });

  it.each(cases)('rounds %s to %s half up', (name, expected) => {
    const [amount, code] = name.split(' ') as [string, string];
    expect(fromMinor(roundToMinor(amount, code, 'HALF_UP'), code)).toBe(expected);
  });

  it('rounds each of three thirds of 10 on its own', () => {
    const third = roundToMinor('3.333333333333', 'USD', 'HALF_UP');
    const items = [third, third, third].map((minor) => fromMinor(minor, 'USD'));
    expect(items).toEqual(vectors.rounding['10/3 three items']);
  });

  it.each([
    ['1.001', 'UP', 101],
    ['-1.001', 'UP', -101],
    ['1.009', 'DOWN', 100],
    ['-1.009', 'DOWN', -100],
    ['1.004999999999999999999', 'HALF_UP', 100],
    ['-0.001', 'DOWN', 0],
    ['-0.004', 'HALF_UP', 0],
  ] as const)('rounds %s USD %s to %i', (amount, mode, minor) => {
    expect(roundToMinor(amount, 'USD', mode)).toBe(minor);
  });

  it.each([
    ['1.02', 'HALF_UP', 100],
    ['1.025', 'HALF_UP', 105],
    ['-1.025', 'HALF_UP', -105],
    ['1.01', 'UP', 105],
    ['1.09', 'DOWN', 105],
    ['-0.01', 'DOWN', 0],
  ] as const)('rounds %s CHF in steps of 5 %s to %i', (amount, mode, minor) => {
    expect(roundToMinor(amount, 'CHF', mode, 5)).toBe(minor);
  });

  it('refuses an amount beyond the limit and says so beforehand', () => {
    expect(roundToMinor('9999999999999.99', 'USD', 'HALF_UP')).toBe(MAX_AMOUNT_MINOR);
    expect(fitsMinor('9999999999999.99', 'USD')).toBe(true);
    expect(fitsMinor('9999999999999.991', 'USD')).toBe(false);
    expect(() => roundToMinor('9999999999999.991', 'USD', 'UP')).toThrow(RangeError);
    expect(() => roundToMinor('10000000000000', 'USD', 'HALF_UP')).toThrow(RangeError);
  });

  it('refuses a currency that does not exist', () => {
    expect(() => roundToMinor('1', 'XXX', 'HALF_UP')).toThrow(RangeError);
    expect(() => toMinor('1', 'usd')).toThrow(RangeError);
    expect(() => fromMinor(1, 'EURO')).toThrow(RangeError);
  });
});

describe('minor units', () => {
  it.each([
    ['12.34', 'USD', 1234],
    ['-12.3', 'USD', -1230],
    ['1000', 'JPY', 1000],
    ['0.001', 'KWD', 1],
    ['0.0001', 'CLF', 1],
    ['0', 'USD', 0],
  ])('takes %s %s as %i', (amount, code, minor) => {
    expect(toMinor(amount, code)).toBe(minor);
  });

  it.each([
    ['12.345', 'USD'],
    ['0.5', 'JPY'],
    ['0.0001', 'KWD'],
    ['10000000000000', 'USD'],
    ['-1000000000000000', 'JPY'],
  ])('takes no %s %s', (amount, code) => {
    expect(toMinor(amount, code)).toBeNull();
  });

  it('refuses to print a fraction of a minor unit', () => {
    expect(() => fromMinor(0.5, 'USD')).toThrow(RangeError);
  });

  it('comes back exactly from text and from a JSON number', () => {
    fc.assert(
      fc.property(minorAmount, currency, (minor, code) => {
        const amount = fromMinor(minor, code);
        const viaJson: number = JSON.parse(JSON.stringify(minorToNumber(minor, code)));
        expect(toMinor(amount, code)).toBe(minor + 0);
        expect(roundToMinor(amount, code, 'HALF_UP')).toBe(minor + 0);
        expect(Number(amount)).toBe(viaJson);
        expect(Object.is(viaJson, -0)).toBe(false);
      }),
    );
  });
});

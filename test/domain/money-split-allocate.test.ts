import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  add,
  allocateMinor,
  fitsMrr,
  fromMinor,
  joinMrr,
  MAX_MRR_WHOLE,
  splitMrr,
} from '../../src/domain/money.ts';

// Shows that MRR kept as two integers adds up exactly, and that an amount shared out by weights loses
// no minor unit.

const nanos = fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n });
const mrr = nanos.map((value) => joinMrr(0, value));

describe('MRR as two integers', () => {
  it.each([
    ['18.333333333', 18, 333333333],
    ['-18.333333333', -18, -333333333],
    ['-0.5', 0, -500000000],
    ['0.000000001', 0, 1],
    ['-3', -3, 0],
    ['0', 0, 0],
  ])('splits %s into %i and %i billionths', (value, whole, nano) => {
    expect(splitMrr(value)).toStrictEqual({ whole, nano });
    expect(joinMrr(whole, nano)).toBe(value);
  });

  it('joins parts of either sign and of any integer type', () => {
    expect(joinMrr('10', '-500000000')).toBe('9.5');
    expect(joinMrr(-1n, 2_000_000_000n)).toBe('1');
    expect(joinMrr(0, 0)).toBe('0');
  });

  it('adds up to the exact sum when the parts are summed apart', () => {
    fc.assert(
      fc.property(fc.array(mrr, { maxLength: 20 }), (values) => {
        const parts = values.map(splitMrr);
        const whole = parts.reduce((sum, part) => sum + part.whole, 0);
        const nano = parts.reduce((sum, part) => sum + part.nano, 0);
        expect(joinMrr(whole, nano)).toBe(values.reduce(add, '0'));
      }),
    );
  });

  it('refuses more digits than are kept and what is out of range', () => {
    expect(fitsMrr(`${MAX_MRR_WHOLE}.999999999`)).toBe(true);
    expect(splitMrr(`-${MAX_MRR_WHOLE}.999999999`)).toEqual({ whole: -MAX_MRR_WHOLE, nano: -999999999 });
    expect(fitsMrr(String(MAX_MRR_WHOLE + 1))).toBe(false);
    expect(fitsMrr('0.0000000001')).toBe(false);
    expect(() => splitMrr('0.0000000001')).toThrow(RangeError);
    expect(() => joinMrr(0.5, 0)).toThrow(RangeError);
  });
});

describe('allocation', () => {
  it.each([
    [1000, ['1', '1', '1'], [334, 333, 333]],
    [-1000, ['1', '1', '1'], [-334, -333, -333]],
    [100, ['0', '2.5', '7.5'], [0, 25, 75]],
    [5, ['1', '1'], [3, 2]],
    [2, ['1', '1', '3'], [1, 0, 1]],
    [0, ['0', '0'], [0, 0]],
    [0, [], []],
  ])('shares %i by %j as %j', (total, weights, parts) => {
    expect(allocateMinor(total, weights)).toEqual(parts);
  });

  it('loses no minor unit and stays within one of the exact share', () => {
    const weights = fc
      .array(fc.integer({ min: 0, max: 1_000_000_000 }), { minLength: 1, maxLength: 30 })
      .filter((values) => values.some((value) => value > 0));
    const total = fc.integer({ min: -999_999_999_999_999, max: 999_999_999_999_999 });
    fc.assert(
      fc.property(total, weights, (totalMinor, weightsMinor) => {
        const parts = allocateMinor(
          totalMinor,
          weightsMinor.map((weight) => fromMinor(weight, 'USD')),
        );
        const weightSum = weightsMinor.reduce((sum, weight) => sum + BigInt(weight), 0n);
        expect(parts.reduce((sum, part) => sum + BigInt(part), 0n)).toBe(BigInt(totalMinor));
        parts.forEach((part, index) => {
          const error = BigInt(part) * weightSum - BigInt(totalMinor) * BigInt(weightsMinor[index]!);
          expect(error < weightSum && error > -weightSum).toBe(true);
        });
      }),
    );
  });

  it('refuses weights that can carry nothing', () => {
    expect(() => allocateMinor(1, [])).toThrow(RangeError);
    expect(() => allocateMinor(1, ['0'])).toThrow(RangeError);
    expect(() => allocateMinor(1, ['2', '-1'])).toThrow(RangeError);
    expect(() => allocateMinor(0.5, ['1'])).toThrow(RangeError);
  });
});

import { env } from 'cloudflare:workers';
import { BigNumber } from 'bignumber.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  decimalSql,
  fromMillionths,
  jsonDecimalSql,
  moneySql,
  shownDecimalSql,
  shownMillionthsSql,
  splitMoneySql,
  toMillionths,
} from '../../src/query/objects/values.ts';

// Amounts and decimals as D1 computes them for the query languages, against a decimal library: never a float, half up where they are rounded.

/** Column `v` of each JSON row, through an expression that yields millionths. */
async function inSql(expression: string, rows: ReadonlyArray<Record<string, unknown>>): Promise<string[]> {
  const { results } = await env.DB.prepare(
    `SELECT CAST(${expression} AS TEXT) AS shown FROM (SELECT e.value ->> '$.v' AS v, e.value ->> '$.c' AS c, ` +
      "e.value ->> '$.n' AS n, e.value AS details FROM json_each(?1) AS e) AS t",
  )
    .bind(JSON.stringify(rows))
    .all<{ shown: string }>();
  return results.map(({ shown }) => fromMillionths(shown));
}

const DIGITS = { USD: 2, JPY: 0, KWD: 3 } as const;
const currency = fc.constantFrom(...(Object.keys(DIGITS) as Array<keyof typeof DIGITS>));
/** Decimal text of up to eleven digits before the point and nine after it. */
const decimal = fc
  .tuple(
    fc.boolean(),
    fc.integer({ min: 0, max: 99_999_999_999 }),
    fc.integer({ min: 0, max: 9 }),
    fc.nat(999_999_999),
  )
  .map(([negative, whole, digits, places]) => {
    const fraction = digits === 0 ? '' : `.${String(places).padStart(9, '0').slice(0, digits)}`;
    return new BigNumber(`${negative ? '-' : ''}${whole}${fraction}`).toFixed();
  });

const rounded = (value: string | BigNumber, digits: number) =>
  new BigNumber(value).decimalPlaces(digits, BigNumber.ROUND_HALF_UP).toFixed();

async function holds(
  expression: string,
  rows: ReadonlyArray<Record<string, unknown>>,
  expected: readonly string[],
) {
  const plain = (text: string) => (text === '-0' ? '0' : text);
  expect((await inSql(expression, rows)).map(plain)).toEqual(expected.map(plain));
}

const RUNS = { numRuns: 20 };

describe('decimals are exact', () => {
  test('decimal text is read digit by digit, half up at six places or at the currency’s', async () => {
    const rows = fc.array(fc.record({ v: decimal, c: currency }), { minLength: 1, maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(rows, async (given) => {
        await holds(
          decimalSql('t.v'),
          given,
          given.map(({ v }) => rounded(v, 6)),
        );
        await holds(
          shownDecimalSql('t.v', 't.c'),
          given,
          given.map(({ v, c }) => rounded(v, DIGITS[c])),
        );
        await holds(
          shownMillionthsSql(`(${decimalSql('t.v')})`, 't.c'),
          given,
          given.map(({ v, c }) => rounded(rounded(v, 6), DIGITS[c])),
        );
      }),
      RUNS,
    );
  });

  test('minor units are amounts of their currency, whole units and billionths are shown half up', async () => {
    const rows = fc.array(
      fc.record({
        v: fc.integer({ min: -99_999_999_999, max: 99_999_999_999 }),
        n: fc.integer({ min: 0, max: 999_999_999 }),
        c: currency,
      }),
      { minLength: 1, maxLength: 60 },
    );
    await fc.assert(
      fc.asyncProperty(rows, async (given) => {
        await holds(
          moneySql('t.v', 't.c'),
          given,
          given.map(({ v, c }) => new BigNumber(v).shiftedBy(-DIGITS[c]).toFixed()),
        );
        // Sums of whole units and of billionths have signs of their own, and meet at half units.
        const signed = given.flatMap(({ v, n, c }) => [
          { v, n: -n, c },
          { v, n, c },
          { v, n: -5 * 10 ** (8 - DIGITS[c]), c },
          { v, n: 5 * 10 ** (8 - DIGITS[c]), c },
        ]);
        await holds(
          splitMoneySql('t.v', 't.n', 't.c'),
          signed,
          signed.map(({ v, n, c }) => rounded(new BigNumber(n).shiftedBy(-9).plus(v), DIGITS[c])),
        );
      }),
      RUNS,
    );
  });

  test('numbers in JSON are read as they are written', async () => {
    const number = fc
      .tuple(fc.integer({ min: -999_999_999, max: 999_999_999 }), fc.nat(6))
      .map(([units, places]) => units / 10 ** places);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.record({ v: number }), { minLength: 1, maxLength: 60 }), async (given) => {
        await holds(
          jsonDecimalSql('v'),
          given,
          given.map(({ v }) => new BigNumber(v).toFixed()),
        );
      }),
      RUNS,
    );
    expect(await inSql(jsonDecimalSql('v'), [{ v: 5e-7 }, { v: 4e-7 }])).toEqual(['0.000001', '0']);
  });

  test('what is written is read back', () => {
    fc.assert(
      fc.property(decimal, (text) => {
        const exact = rounded(text, 6);
        expect(fromMillionths(String(toMillionths(exact)))).toBe(exact === '-0' ? '0' : exact);
      }),
    );
    expect(toMillionths('1.0000001')).toBeNull();
    expect(toMillionths('1234567890123')).toBeNull();
    expect(toMillionths('1e3')).toBeNull();
  });
});

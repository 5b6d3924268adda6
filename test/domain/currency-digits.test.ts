import { describe, expect, it } from 'vitest';
import { currencyDigits, isCurrency } from '../../src/domain/currencies.ts';

// Shows that the table has ISO 4217's minor units, and refuses what is no active currency.

describe('currencies', () => {
  it.each([
    ['USD', 2],
    ['EUR', 2],
    ['JPY', 0],
    ['KRW', 0],
    ['ISK', 0],
    ['KWD', 3],
    ['TND', 3],
    ['CLF', 4],
    ['UYW', 4],
    ['IDR', 2],
    ['HUF', 2],
    ['MGA', 2],
  ])('gives %s %i digits', (code, digits) => {
    expect(currencyDigits(code)).toBe(digits);
    expect(isCurrency(code)).toBe(true);
  });

  it.each(['usd', 'XXX', 'XAU', 'XTS', 'DEM', 'HRK', 'USDX', '', 'toString'])('knows no %j', (code) => {
    expect(currencyDigits(code)).toBeUndefined();
    expect(isCurrency(code)).toBe(false);
  });

  it('knows every current currency that the runtime knows, withdrawn and non-money codes apart', () => {
    const withdrawn = ['ANG', 'BGN', 'CUC', 'HRK', 'SLL', 'ZWL', 'ZWR', 'XDR', 'XSU', 'XUA'];
    const missing = Intl.supportedValuesOf('currency').filter(
      (code) => !isCurrency(code) && !withdrawn.includes(code) && !historical(code),
    );
    expect(missing).toEqual([]);
  });
});

/** Runtimes differ in how many past currencies they list; the display name carries the years in which they ended. */
function historical(code: string): boolean {
  const name = new Intl.DisplayNames('en', { type: 'currency' }).of(code) ?? '';
  return /\(\d{4}[–-]\d{4}\)/.test(name);
}

/**
 * The active currencies of ISO 4217 by the number of digits of their minor unit. Metals, bond units, test
 * codes and other entries without a minor unit are left out: nothing can be invoiced in them. The digits are
 * ISO's, not those that a locale library shows (which prints, say, IDR without its two digits).
 */
const CODES_BY_DIGITS: readonly (readonly [number, string])[] = [
  [0, 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'],
  [
    2,
    `AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF
     CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL
     HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU
     MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR
     SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED
     VES WST XAD XCD XCG YER ZAR ZMW ZWG`,
  ],
  [3, 'BHD IQD JOD KWD LYD OMR TND'],
  [4, 'CLF UYW'],
];

const DIGITS_BY_CODE: ReadonlyMap<string, number> = new Map(
  CODES_BY_DIGITS.flatMap(([digits, codes]) => codes.split(/\s+/).map((code) => [code, digits] as const)),
);

/** Digits after the decimal point of the currency's minor unit (USD 2, JPY 0, KWD 3), undefined for no currency. */
export function currencyDigits(code: string): number | undefined {
  return DIGITS_BY_CODE.get(code);
}

/** Whether the text is an active ISO 4217 currency code, in capitals. */
export function isCurrency(code: string): boolean {
  return DIGITS_BY_CODE.has(code);
}

/** The currencies whose minor unit has so many digits. */
export function currenciesOfDigits(digits: number): string[] {
  return [...DIGITS_BY_CODE].filter(([, own]) => own === digits).map(([code]) => code);
}

/**
 * Currencies that money is taken in, and how many digits of an amount are below their unit. One table for pages, providers and
 * organizers, because engines disagree (of HUF one shows 2 digits, another none) and change from version to version.
 *
 * Source: ISO 4217, list one of 2024-06-25, as the npm package currency-codes 2.2.0 carries it, and XCG of amendment 176, which
 * follows ANG. Left out are metals, funds, units of account and test codes.
 */

/** Minor units of a currency: an amount is in units of 10^-digits. */
const BY_DIGITS: Readonly<Record<number, string>> = {
  0: 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF',
  2:
    'AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP CRC CUC CUP ' +
    'CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW ' +
    'KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP ' +
    'PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD ' +
    'UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG',
  3: 'BHD IQD JOD KWD LYD OMR TND',
};

const digits: ReadonlyMap<string, number> = new Map(
  Object.entries(BY_DIGITS).flatMap(([n, codes]) => codes.split(' ').map((code) => [code, Number(n)])),
);

/** Codes of ISO 4217, three capitals each. */
export const CURRENCIES: readonly string[] = [...digits.keys()].sort();

/** Whether money is taken in it. */
export const isCurrency = (code: string): boolean => digits.has(code);

/** How many digits of an amount are below the unit: 2 of EUR, none of JPY, 3 of KWD; 2 of what the table does not have. */
export const minorDigits = (code: string): number => digits.get(code) ?? 2;

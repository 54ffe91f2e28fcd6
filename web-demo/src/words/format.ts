/** Numbers and money as people read them, in the browser's language unless a `locale` is named. Times are in ../time. */
const money = new Map<string, Intl.NumberFormat>();

/** With all of the currency's own digits (2 of EUR, none of JPY, 3 of KWD), or with none. */
function moneyFormat(currency: string, whole: boolean, locale: string | undefined): Intl.NumberFormat {
  const key = `${currency} ${whole} ${locale}`;
  let format = money.get(key);
  if (!format) {
    format = new Intl.NumberFormat(locale, {
      style: 'currency',
      currency,
      ...(whole ? { minimumFractionDigits: 0, maximumFractionDigits: 0 } : {}),
    });
    money.set(key, format);
  }
  return format;
}

/** `amount` in minor units of `currency`, exact: decimals are left out only where they are zeros. */
export function formatSum(amount: number, currency: string, locale?: string): string {
  const digits = moneyFormat(currency, false, locale).resolvedOptions().maximumFractionDigits ?? 2;
  // Moved by its digits, not divided: no sum is rounded on the way.
  const all = String(Math.abs(amount)).padStart(digits + 1, '0');
  const [units, parts] = [all.slice(0, all.length - digits), all.slice(all.length - digits)];
  const whole = /^0*$/.test(parts);
  const decimal = `${amount < 0 ? '-' : ''}${units}${whole ? '' : `.${parts}`}`;
  return moneyFormat(currency, whole, locale).format(decimal as Intl.StringNumericLiteral);
}

/** A price, or what is to be paid. */
export const formatMoney = (amount: number, currency: string, locale?: string): string =>
  amount === 0 ? 'Free' : formatSum(amount, currency, locale);

const count = new Intl.NumberFormat();
export const formatCount = (n: number): string => count.format(n);

/** 94_000 ms -> "1:34". Never negative. */
export function formatCountdown(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

export const plural = (n: number, one: string, many = `${one}s`): string =>
  `${formatCount(n)} ${n === 1 ? one : many}`;

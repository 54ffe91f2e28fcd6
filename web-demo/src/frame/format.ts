/** Numbers, money and times as people read them, in the browser's language. */
const money = new Map<string, Intl.NumberFormat>();

/** `amount` in minor units of `currency`; whole amounts (and sums too large for cents to matter) without decimals. */
export function formatMoney(amount: number, currency: string): string {
  const whole = amount % 100 === 0 || amount >= 10_000_000;
  const key = `${currency}${whole}`;
  let format = money.get(key);
  if (!format) {
    format = new Intl.NumberFormat(undefined, {
      style: 'currency',
      currency,
      minimumFractionDigits: whole ? 0 : 2,
      maximumFractionDigits: whole ? 0 : 2,
    });
    money.set(key, format);
  }
  return format.format(amount / 100);
}

const count = new Intl.NumberFormat();
export const formatCount = (n: number): string => count.format(n);

const date = new Intl.DateTimeFormat(undefined, {
  weekday: 'short',
  day: 'numeric',
  month: 'long',
  hour: '2-digit',
  minute: '2-digit',
});
export const formatDate = (iso: string): string => date.format(new Date(iso));

const month = new Intl.DateTimeFormat(undefined, { month: 'short', year: 'numeric' });
export const formatMonth = (iso: string): string => month.format(new Date(iso));
export const formatDay = (iso: string): string => String(new Date(iso).getDate());

/** 94_000 ms -> "1:34". Never negative. */
export function formatCountdown(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

export const plural = (n: number, one: string, many = `${one}s`): string =>
  `${formatCount(n)} ${n === 1 ? one : many}`;

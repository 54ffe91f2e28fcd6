/** Whether a long run stayed flat, from k6's summary: the last third of the holds against the first. */

/** As k6 exports it: by metric, or metric{tag}, its statistics. */
export type Summary = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** A median moves this much by itself on a busy machine. */
const TIMES = 2;
const NOISE_MS = 10;

/** What is wrong, or null. Absent figures are wrong too: then nothing was shown. */
export function notFlat(metrics: Summary): string | null {
  const first = metrics['seatwire_hold_ms{third:first}']?.med;
  const last = metrics['seatwire_hold_ms{third:last}']?.med;
  if (typeof first !== 'number' || typeof last !== 'number') return 'no holds to compare';
  if (last <= first * TIMES + NOISE_MS) return null;
  return `not flat: a hold took ${round(first)} ms (median) in the first third, ${round(last)} ms in the last`;
}

const round = (ms: number): number => Math.round(ms * 10) / 10;

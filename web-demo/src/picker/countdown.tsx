import { useServerNow } from '../time/now.ts';
import { formatCountdown } from '../words/format.ts';

/** From here on the countdown warns. */
export const ENDING_MS = 60_000;

/** When "4:12", counted to `end`, next reads otherwise. */
export function nextSecond(end: number, now: number): number | null {
  return now >= end ? null : end - (Math.ceil((end - now) / 1000) - 1) * 1000;
}

/** Ms left until `end`, by the server's clock, drawn anew each second. */
export function useTimeLeft(end: number): number {
  return end - useServerNow((now) => nextSecond(end, now), [end]);
}

export function Countdown({ left }: { left: number }) {
  return (
    <span
      class={left < ENDING_MS ? 'countdown ending number' : 'countdown number'}
      data-testid="countdown"
      role="timer"
    >
      {formatCountdown(left)}
    </span>
  );
}

import { useEffect, useState } from 'preact/hooks';
import { client } from '../connection/live.ts';
import { formatCountdown } from '../frame/format.ts';

/** From here on the countdown warns. */
export const ENDING_MS = 60_000;

/** Ms left until `expiresAt`, by the server's clock, counted each quarter second. */
export function useTimeLeft(expiresAt: number): number {
  const [left, setLeft] = useState(() => expiresAt - client().serverNow());
  useEffect(() => {
    const tick = () => setLeft(expiresAt - client().serverNow());
    tick();
    const timer = setInterval(tick, 250);
    return () => clearInterval(timer);
  }, [expiresAt]);
  return left;
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

export interface Backoff {
  readonly baseMs: number;
  readonly capMs: number;
}

/** How long to wait before try `attempt` (1 is the first repeat): exponential, between half and all of it, so that workers do not return in step. */
export function backoffMs(attempt: number, { baseMs, capMs }: Backoff, random = Math.random): number {
  const whole = Math.min(capMs, baseMs * 2 ** Math.min(attempt - 1, 30));
  return Math.round(whole / 2 + (random() * whole) / 2);
}

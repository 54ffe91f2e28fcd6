/**
 * No answer means unknown, not failed: the same question under the same op gets the first answer, so it is asked again, quietly,
 * for as long as a person would wait.
 */
import { type OpId, type RejectCode, type Result, randomToken } from '@seatwire/protocol';
import type { SaleTime } from './sale-client.ts';

/** Codes after which nobody knows whether it happened. */
export const UNKNOWN: ReadonlySet<RejectCode> = new Set<RejectCode>(['unavailable', 'internal']);
/** Codes that do not tell what became of a command that was asked before under the same op. */
export const UNTOLD: ReadonlySet<RejectCode> = new Set<RejectCode>([
  ...UNKNOWN,
  ...(['overloaded', 'rate_limited', 'event_rebuilding'] as const),
  ...(['unauthenticated', 'token_expired', 'bad_token'] as const),
]);

/** After this long no further try begins. */
const GO_ON_MS = 20_000;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 4_000;

export const newOp = (): OpId => randomToken() as OpId;

export const pause = ({ after }: SaleTime, ms: number): Promise<void> =>
  new Promise((resolve) => {
    after(ms, resolve);
  });

/** `wanted` false: nobody waits for the answer any more. `open`: codes that are no answer. */
export async function askAgain<T>(
  ask: (op: OpId) => Promise<Result<T>>,
  op: OpId,
  time: SaleTime,
  wanted: () => boolean,
  open: ReadonlySet<RejectCode> = UNKNOWN,
): Promise<Result<T>> {
  const until = time.now() + GO_ON_MS;
  for (let ms = FIRST_PAUSE_MS; ; ms = Math.min(2 * ms, LONGEST_PAUSE_MS)) {
    const reply = await ask(op);
    if (reply.ok || !open.has(reply.code) || !wanted() || time.now() >= until) return reply;
    await pause(time, ms);
    if (!wanted()) return reply;
  }
}

/** Which failures of a Redis call mean that Redis is lost, and which are mistakes of ours. */
import { Unavailable } from '../unavailable.ts';

// A reply starting so is our own mistake; OOM, LOADING, READONLY, CLUSTERDOWN, MISCONF and their like pass with time.
const DEFECT = /^(ERR|WRONGTYPE|CROSSSLOT|NOGROUP|BUSYGROUP)\b/;

export function asUnavailable(error: unknown): unknown {
  if (error instanceof Unavailable) return error;
  if (error instanceof Error && error.name === 'ReplyError' && DEFECT.test(error.message)) return error;
  const why = error instanceof Error ? error.message : String(error);
  return new Unavailable('redis', `Redis is not available: ${why}`, { cause: error });
}

/** A call on a connection of role `commands`, which has a deadline of its own. */
export async function orUnavailable<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    throw asUnavailable(error);
  }
}

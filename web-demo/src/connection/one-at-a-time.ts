/**
 * What changes the refresh cookie happens once at a time in the whole browser: Web Locks. Where there are none (pages not served
 * over TLS), each tab goes ahead: the server gives a repeated refresh the same successor.
 */
const LOCK = 'seatwire.account';
/** Longer than any request under the lock may take. */
const WAIT_MS = 12_000;

/** `contended` runs first when another tab was at it: it may have left what is wanted. */
export async function oneAtATime<T>(
  work: () => Promise<T>,
  contended: () => Promise<void> = async () => {},
): Promise<T> {
  const locks = (navigator as { locks?: LockManager }).locks;
  if (!locks) return work();
  let begun = false;
  const held = async (): Promise<T> => {
    begun = true;
    return work();
  };
  try {
    const first = await locks.request(LOCK, { ifAvailable: true }, async (lock) =>
      lock ? { done: await held() } : null,
    );
    if (first) return first.done;
    return await locks.request(LOCK, { signal: AbortSignal.timeout(WAIT_MS) }, async () => {
      await contended();
      return held();
    });
  } catch (error) {
    if (begun) throw error;
    // The other tab hangs, or the browser grants no locks here.
    return work();
  }
}

/** The one place where a failed call of these files becomes `StoreUnavailable`. */
import { StoreUnavailable } from '../seats/seat-store.ts';

export async function reached<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (cause) {
    throw new StoreUnavailable('Redis did not answer', { cause });
  }
}

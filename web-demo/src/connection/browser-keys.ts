/** What all tabs of this browser know of the sign-in: local storage, and no secret in it. A browser that forbids it has one tab's memory instead. */

/** The id of the user signed in here; set with the refresh cookie, which the page itself cannot see. */
export const SIGNED_IN = 'seatwire.signed-in';
/** A sign-out that the server has not heard of yet. */
export const SIGN_OUT_OWED = 'seatwire.sign-out-owed';

export interface BrowserKeys {
  get(key: string): string | null;
  set(key: string, value: string | null): void;
}

export function browserKeys(): BrowserKeys {
  const memory = new Map<string, string>();
  const storage = <T>(work: (storage: Storage) => T, otherwise: () => T): T => {
    try {
      return work(localStorage);
    } catch {
      return otherwise();
    }
  };
  return {
    get: (key) =>
      storage(
        (kept) => kept.getItem(key),
        () => memory.get(key) ?? null,
      ),
    set(key, value) {
      storage<unknown>(
        (kept) => (value === null ? kept.removeItem(key) : kept.setItem(key, value)),
        () => (value === null ? memory.delete(key) : memory.set(key, value)),
      );
    },
  };
}

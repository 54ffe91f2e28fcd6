/** A tab's storage, which a browser may forbid, and which may be full or hold what is not ours. */
export type Shelf = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

/** What `use` comes to, or `otherwise` where that fails: what is kept there is a convenience, and the sale goes on without it. */
export function onShelf<T>(shelf: () => Shelf, use: (shelf: Shelf) => T, otherwise: T): T {
  try {
    return use(shelf());
  } catch {
    return otherwise;
  }
}

/** Keeps `value` as JSON; null: keeps nothing. */
export function keepOnShelf(shelf: () => Shelf, key: string, value: unknown): void {
  onShelf(
    shelf,
    (kept) => (value === null ? kept.removeItem(key) : kept.setItem(key, JSON.stringify(value))),
    undefined,
  );
}

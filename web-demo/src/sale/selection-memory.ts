/** What was picked at an event survives a reload of its tab. Only numbers are kept, and no more than can be held in one go. */
import type { EventId } from '@seatwire/protocol';

export interface SelectionMemory {
  load(): readonly number[];
  save(selection: readonly number[]): void;
}

export type Shelf = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

export function selectionMemory(
  /** Asking for it may throw, where a browser forbids it. */
  shelf: () => Shelf,
  event: EventId,
  bounds: { readonly places: number; readonly most: number },
): SelectionMemory {
  const key = `seatwire.selection.${event}`;
  return {
    load() {
      try {
        const kept: unknown = JSON.parse(shelf().getItem(key) ?? '[]');
        if (!Array.isArray(kept)) return [];
        const valid = kept.filter((p) => Number.isInteger(p) && p >= 0 && p < bounds.places);
        return [...new Set(valid as number[])].slice(0, bounds.most);
      } catch {
        return [];
      }
    },
    save(selection) {
      try {
        if (selection.length === 0) shelf().removeItem(key);
        else shelf().setItem(key, JSON.stringify(selection));
      } catch {
        // A full or forbidden storage costs the selection at a reload, nothing more.
      }
    },
  };
}

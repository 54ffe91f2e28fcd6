/** What was picked at an event survives a reload of its tab. Only numbers are kept, and no more than can be held in one go. */
import type { EventId } from '@seatwire/protocol';
import { keepOnShelf, onShelf, type Shelf } from './shelf.ts';

export interface SelectionMemory {
  load(): readonly number[];
  save(selection: readonly number[]): void;
}

export function selectionMemory(
  /** Asking for it may throw, where a browser forbids it. */
  shelf: () => Shelf,
  event: EventId,
  bounds: { readonly places: number; readonly most: number },
): SelectionMemory {
  const key = `seatwire.selection.${event}`;
  return {
    load: () =>
      onShelf(
        shelf,
        (tab) => {
          const kept: unknown = JSON.parse(tab.getItem(key) ?? '[]');
          if (!Array.isArray(kept)) return [];
          const valid = kept.filter((p) => Number.isInteger(p) && p >= 0 && p < bounds.places);
          return [...new Set(valid as number[])].slice(0, bounds.most);
        },
        [],
      ),
    save: (selection) => keepOnShelf(shelf, key, selection.length === 0 ? null : selection),
  };
}

import type { EventId } from '@seatwire/protocol';
import { expect, test } from 'vitest';
import { selectionMemory } from './selection-memory.ts';
import { ann, event, held, ScriptedSale } from './testing/scripted-sale.ts';

class Shelf {
  readonly kept = new Map<string, string>();
  getItem = (key: string) => this.kept.get(key) ?? null;
  setItem = (key: string, value: string) => void this.kept.set(key, value);
  removeItem = (key: string) => void this.kept.delete(key);
}
const bounds = { places: 100, most: 3 };

test('[CD17] what was picked is there after a reload, and gone once it is held', async () => {
  const shelf = new Shelf();
  const before = new ScriptedSale({ memory: selectionMemory(() => shelf, event, bounds) });
  before.sale.toggle(4);
  before.sale.toggle(5);
  const s = new ScriptedSale({ memory: selectionMemory(() => shelf, event, bounds) });
  expect(s.state.selection).toEqual([4, 5]);
  await s.as(ann);
  s.answers.hold = held('a', [4, 5]);
  await s.sale.hold();
  expect(shelf.kept.size).toBe(0);
});

test('[CD17] another event knows nothing of it', () => {
  const shelf = new Shelf();
  selectionMemory(() => shelf, event, bounds).save([1]);
  expect(selectionMemory(() => shelf, ann as string as EventId, bounds).load()).toEqual([]);
});

test.each([
  ['not json', 'nonsense{'],
  ['no list', '{"0":1}'],
  ['strange numbers', '[1.5,-1,100,"4",null]'],
])('[CD17] a shelf with %s is an empty one', (_, text) => {
  const shelf = new Shelf();
  shelf.setItem(`seatwire.selection.${event}`, text);
  expect(selectionMemory(() => shelf, event, bounds).load()).toEqual([]);
});

test('[CD17] no more is taken back than can be held, and a full shelf costs nothing else', () => {
  const shelf = new Shelf();
  selectionMemory(() => shelf, event, bounds).save([1, 2, 2, 3, 4, 5]);
  expect(selectionMemory(() => shelf, event, bounds).load()).toEqual([1, 2, 3]);
  shelf.setItem = () => {
    throw new Error('full');
  };
  expect(() => selectionMemory(() => shelf, event, bounds).save([1])).not.toThrow();
});

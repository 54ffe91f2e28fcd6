import type { Epoch, EventId } from '@seatwire/protocol';
import { describe, expect, test } from 'vitest';
import { compare, type Difference, lasting, type View } from './differences.ts';

/** Eight places: 1 and 2 sold, 4 held, 7 blocked, and both sides agree. */
const agreed: View = {
  snapshot: {
    event: 'e' as EventId,
    epoch: 'x' as Epoch,
    version: 5,
    places: 8,
    codes: Uint8Array.of(0, 2, 2, 0, 1, 0, 0, 3),
    at: 0,
  },
  fences: new Map([
    [1, 10],
    [2, 11],
  ]),
  tickets: [
    { place: 1, fence: 10 },
    { place: 2, fence: 11 },
  ],
  plan: { places: 8, blocked: [7] },
};
const snapshot = agreed.snapshot!;
const codes = (...changed: [number, number][]) => {
  const copy = Uint8Array.from(snapshot.codes);
  for (const [place, code] of changed) copy[place] = code;
  return { ...snapshot, codes: copy };
};

describe('comparing Redis and the ledger', () => {
  test('nothing differs where they agree; holds are of no concern', () => {
    expect(compare(agreed)).toEqual([]);
  });

  test.each<[string, Partial<View>, Difference]>([
    ['a missing state', { snapshot: null }, { kind: 'no_state' }],
    [
      'another number of places',
      { plan: { places: 9, blocked: [7] } },
      { kind: 'places', redis: 8, ledger: 9 },
    ],
    [
      'a sale the ledger does not know',
      { tickets: [{ place: 1, fence: 10 }] },
      { kind: 'not_in_ledger', place: 2, fence: 11 },
    ],
    [
      'a ticket Redis does not know',
      { fences: new Map([[1, 10]]), snapshot: codes([2, 0]) },
      { kind: 'not_in_redis', place: 2, ticket: 11 },
    ],
    [
      'a sale under another fence',
      { tickets: [agreed.tickets[0]!, { place: 2, fence: 12 }] },
      { kind: 'fence', place: 2, fence: 11, ticket: 12 },
    ],
    [
      'a sold place that the map shows free',
      { snapshot: codes([1, 0]) },
      { kind: 'map', place: 1, code: 0, fence: 10 },
    ],
    [
      'a free place that the map shows sold',
      { snapshot: codes([0, 2]) },
      { kind: 'map', place: 0, code: 2, fence: null },
    ],
    [
      'a block Redis lost',
      { snapshot: codes([7, 0]) },
      { kind: 'blocked', place: 7, redis: false, ledger: true },
    ],
    [
      'a block the ledger does not know',
      { plan: { places: 8, blocked: [] } },
      { kind: 'blocked', place: 7, redis: true, ledger: false },
    ],
  ])('comparing Redis and the ledger finds %s', (_, changed, difference) => {
    expect(compare({ ...agreed, ...changed })).toEqual([difference]);
  });

  test('a difference that is gone or changed at the next look does not last', () => {
    const before: Difference[] = [
      { kind: 'not_in_ledger', place: 1, fence: 10 },
      { kind: 'not_in_ledger', place: 2, fence: 11 },
    ];
    const now: Difference[] = [
      { kind: 'not_in_ledger', place: 2, fence: 11 },
      { kind: 'not_in_ledger', place: 1, fence: 99 },
    ];
    expect(lasting(before, now)).toEqual([{ kind: 'not_in_ledger', place: 2, fence: 11 }]);
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MAX_PLACES } from '../words/ids.ts';
import type { MapCode } from '../words/seat.ts';
import { decodeChanges, encodeChanges } from './changes.ts';
import { mix } from './checksum.ts';
import { SeatMap } from './seat-map.ts';

const code = fc.constantFrom<MapCode>(0, 1, 2, 3);
/** A map of `places`, and changes to it. */
const sequence = fc.integer({ min: 1, max: 300 }).chain((places) =>
  fc.record({
    places: fc.constant(places),
    sets: fc.array(fc.tuple(fc.nat(places - 1), code), { maxLength: 200 }),
  }),
);

function mapOf(places: number, sets: readonly (readonly [number, MapCode])[]): SeatMap {
  const map = new SeatMap(places);
  for (const [place, to] of sets) map.set(place, to);
  return map;
}

function checksumFromScratch(map: SeatMap): number {
  let checksum = 0;
  for (let place = 0; place < map.places; place++) checksum ^= mix(place, map.get(place));
  return checksum >>> 0;
}

describe('SeatMap', () => {
  test('packing and unpacking gives the same map, checksum and counts', () => {
    fc.assert(
      fc.property(sequence, ({ places, sets }) => {
        const map = mapOf(places, sets);
        const again = SeatMap.unpack(places, map.pack())!;
        for (let place = 0; place < places; place++) expect(again.get(place)).toBe(map.get(place));
        expect(again.checksum).toBe(map.checksum);
        for (const c of [0, 1, 2, 3] as const) expect(again.count(c)).toBe(map.count(c));
      }),
    );
  });

  test('the checksum kept along equals the one from scratch, and the counts are those of the codes', () => {
    fc.assert(
      fc.property(sequence, ({ places, sets }) => {
        const map = mapOf(places, sets);
        expect(map.checksum).toBe(checksumFromScratch(map));
        const counts = [0, 0, 0, 0];
        for (let place = 0; place < places; place++) counts[map.get(place)]!++;
        expect([map.count(0), map.count(1), map.count(2), map.count(3)]).toEqual(counts);
      }),
    );
  });

  test('applying encoded changes is setting each place, and tells exactly the real ones', () => {
    fc.assert(
      fc.property(sequence, sequence, ({ places, sets }, { sets: later }) => {
        const wanted = new Map(later.map(([place, to]) => [place % places, to] as const));
        const changed = [...wanted.keys()].sort((a, b) => a - b);
        const map = mapOf(places, sets);
        const bySet = mapOf(places, [...sets, ...wanted]);
        const before = mapOf(places, sets);
        const heard: [number, MapCode, MapCode][] = [];
        const bytes = encodeChanges(changed, (place) => wanted.get(place)!);
        expect(map.apply(bytes, (...change) => heard.push(change))).toBe(true);
        expect(map.pack()).toEqual(bySet.pack());
        expect(map.checksum).toBe(bySet.checksum);
        expect(heard).toEqual(
          changed
            .filter((place) => before.get(place) !== wanted.get(place))
            .map((place) => [place, wanted.get(place), before.get(place)]),
        );
      }),
    );
  });

  test('two maps that differ in one place have different checksums', () => {
    fc.assert(
      fc.property(sequence, fc.nat(299), code, ({ places, sets }, at, to) => {
        const map = mapOf(places, sets);
        const other = mapOf(places, sets);
        fc.pre(other.set(at % places, to));
        expect(other.checksum).not.toBe(map.checksum);
      }),
    );
  });

  test('a place outside the map changes nothing and reads as blocked', () => {
    const map = new SeatMap(5);
    expect(map.set(5, 2)).toBe(false);
    expect(map.set(-1, 2)).toBe(false);
    expect(map.get(5)).toBe(3);
    expect(map.checksum).toBe(0);
  });

  test('a snapshot of the wrong length is refused', () => {
    expect(SeatMap.unpack(9, new Uint8Array(2))).toBeNull();
    expect(SeatMap.unpack(9, new Uint8Array(4))).toBeNull();
    expect(SeatMap.unpack(9, new Uint8Array(3))).not.toBeNull();
  });
});

describe('changes', () => {
  test('three near places take at most 9 bytes, and the farthest place 3', () => {
    expect(encodeChanges([31_002, 31_003, 31_004], () => 1).length).toBeLessThanOrEqual(9);
    expect(encodeChanges([MAX_PLACES - 1], () => 3).length).toBe(3);
  });

  test('any bytes either decode to ascending places within the limit, or are refused', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 40 }),
        fc.integer({ min: 1, max: MAX_PLACES }),
        (bytes, limit) => {
          const places: number[] = [];
          decodeChanges(bytes, limit, (place) => places.push(place));
          for (let i = 0; i < places.length; i++) {
            expect(places[i]).toBeGreaterThan(places[i - 1] ?? -1);
            expect(places[i]).toBeLessThan(limit);
          }
        },
      ),
    );
  });

  test.each([
    ['a place twice', [0b101, 0b001]],
    ['a place beyond the map', [0xff, 0x7f]],
    ['half a number', [0x85]],
    ['a number that never ends', [0x85, 0x80, 0x80, 0x80, 0x01]],
  ])('%s is refused', (_, bytes) => {
    expect(new SeatMap(100).apply(Uint8Array.from(bytes))).toBe(false);
  });
});

test('the mix of a free place is 0, of all others an unsigned 32-bit number', () => {
  fc.assert(
    fc.property(fc.nat(MAX_PLACES - 1), code, (place, c) => {
      const mixed = mix(place, c);
      expect(mixed).toBe(mixed >>> 0);
      expect(mixed === 0).toBe(c === 0);
    }),
  );
});

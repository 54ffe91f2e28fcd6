import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { decodeChanges, encodeChanges } from '../map/changes.ts';
import { mix } from '../map/checksum.ts';
import { SeatMap } from '../map/seat-map.ts';
import { DOWN, type Down } from '../messages/down.ts';
import { UP, type Up } from '../messages/up.ts';
import { checkUp, decodeDown, decodeUp, encodeDown, encodeUp } from '../wire/codec.ts';
import { PROTOCOL_VERSION, SUBPROTOCOL } from '../wire/version.ts';
import type { MapCode } from '../words/seat.ts';
import { DOWN_EXAMPLES, UP_EXAMPLES } from './example-messages.ts';
import { bytesOf, hexOf } from './hex.ts';
import { vectorsJson } from './vectors.ts';

interface Frame {
  readonly name: string;
  readonly message: Readonly<Record<string, unknown>>;
  readonly hex: string;
}
interface Vectors {
  readonly protocol: number;
  readonly subprotocol: string;
  readonly up: readonly Frame[];
  readonly down: readonly Frame[];
  readonly refused: readonly { readonly name: string; readonly hex: string; readonly close: string }[];
  readonly maps: readonly {
    readonly places: number;
    readonly states: string;
    readonly packed: string;
    readonly checksum: number;
  }[];
  readonly mixes: readonly { readonly place: number; readonly state: MapCode; readonly mix: number }[];
  readonly changes: readonly {
    readonly places: number;
    readonly list: readonly (readonly [number, MapCode])[];
    readonly hex: string;
    readonly checksum: number;
  }[];
  readonly refusedChanges: readonly {
    readonly name: string;
    readonly places: number;
    readonly hex: string;
  }[];
}

const text = readFileSync(new URL('../../examples/vectors.json', import.meta.url), 'utf8');
const vectors = JSON.parse(text) as Vectors;

/** As vectors.json writes a message: bytes in hex. */
const written = (message: object) =>
  Object.fromEntries(
    Object.entries(message).map(([name, value]) => [
      name,
      value instanceof Uint8Array ? hexOf(value) : value,
    ]),
  );

test('vectors.json is the file that is generated, of this version', () => {
  expect(vectorsJson()).toBe(text);
  expect(vectors).toMatchObject({ protocol: PROTOCOL_VERSION, subprotocol: SUBPROTOCOL });
});

test('every message has a vector', () => {
  const types = (frames: readonly Frame[]) => [...new Set(frames.map(({ message }) => message.type))].sort();
  expect(types(vectors.up)).toEqual(UP.map(({ type }) => type).sort());
  expect(types(vectors.down)).toEqual(DOWN.map(({ type }) => type).sort());
});

test.each(vectors.up)('the frame of a client is decoded and encoded as in vectors.json: $name', (vector) => {
  const message = (UP_EXAMPLES as Readonly<Record<string, Up>>)[vector.name]!;
  expect(checkUp(message)).toBeNull();
  const decoded = decodeUp(bytesOf(vector.hex));
  expect(decoded).toEqual({ ok: true, message });
  expect(decoded.ok && written(decoded.message)).toEqual(vector.message);
  expect(hexOf(encodeUp(message))).toBe(vector.hex);
});

test.each(vectors.down)(
  'the frame of a server is decoded and encoded as in vectors.json: $name',
  (vector) => {
    const message = (DOWN_EXAMPLES as Readonly<Record<string, Down>>)[vector.name]!;
    // A client checks kinds only, but what we show as an example keeps every bound too.
    const { schema } = DOWN.find(({ type }) => type === message.type)!;
    expect(schema.safeParse(message).error).toBeUndefined();
    const decoded = decodeDown(bytesOf(vector.hex));
    expect(decoded).toEqual({ ok: true, message });
    expect(decoded.ok && written(decoded.message)).toEqual(vector.message);
    expect(hexOf(encodeDown(message))).toBe(vector.hex);
  },
);

test.each(vectors.refused)('a frame to refuse is refused as vectors.json says: $name', ({ hex, close }) => {
  expect(decodeUp(bytesOf(hex))).toMatchObject({ ok: false, reason: close });
});

test.each(vectors.maps)('the map $states is packed, and summed up, as in vectors.json', (vector) => {
  const map = SeatMap.unpack(vector.places, bytesOf(vector.packed))!;
  const states = Array.from({ length: vector.places }, (_, place) => map.get(place)).join('');
  expect({ states, packed: hexOf(map.pack()), checksum: map.checksum }).toEqual({
    states: vector.states,
    packed: vector.packed,
    checksum: vector.checksum,
  });
});

test.each(vectors.changes)(
  'the changes $hex are read, written and summed up as in vectors.json',
  (vector) => {
    const read: (readonly [number, MapCode])[] = [];
    expect(decodeChanges(bytesOf(vector.hex), vector.places, (...change) => read.push(change))).toBe(true);
    expect(read).toEqual(vector.list);
    const states = new Map(vector.list);
    expect(hexOf(encodeChanges([...states.keys()], (place) => states.get(place)!))).toBe(vector.hex);
    const map = new SeatMap(vector.places);
    map.apply(bytesOf(vector.hex));
    expect(map.checksum).toBe(vector.checksum);
  },
);

test.each(vectors.refusedChanges)('changes that are none are refused: $name', ({ places, hex }) => {
  expect(new SeatMap(places).apply(bytesOf(hex))).toBe(false);
});

test('the mixes are those of MurmurHash3', () => {
  // Published values of fmix32.
  expect([mix(0, 1), mix(0, 2), mix(0, 3)]).toEqual([0x514e28b7, 0x30f4c306, 0x85f0b427]);
  for (const vector of vectors.mixes) expect(mix(vector.place, vector.state)).toBe(vector.mix);
});

describe('the evening that the examples tell', () => {
  test('each diff of the example evening makes of the map before it the one after it, and the beacons agree', () => {
    const { snapshot, beacon } = DOWN_EXAMPLES;
    if (snapshot.type !== 'snapshot' || beacon.type !== 'beacon') throw new TypeError('misnamed');
    const map = SeatMap.unpack(snapshot.places, snapshot.map)!;
    let version = snapshot.version;
    expect({ version, checksum: map.checksum }).toEqual({
      version: beacon.version,
      checksum: beacon.checksum,
    });
    for (const name of ['diff, two places held', 'diff, two places sold'] as const) {
      const diff = DOWN_EXAMPLES[name];
      if (diff.type !== 'diff') throw new TypeError('misnamed');
      expect(diff.to - diff.span).toBe(version);
      expect(map.apply(diff.changes)).toBe(true);
      version = diff.to;
    }
    expect(DOWN_EXAMPLES['beacon, after the sale']).toMatchObject({ version, checksum: map.checksum });
    expect([map.get(4), map.get(5)]).toEqual([2, 2]);
  });
});

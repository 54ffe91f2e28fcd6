/**
 * `examples/vectors.json`: what a codec in another language is tested against. Frames of every message in hex with what they mean,
 * frames to refuse, maps with their checksums, and changes. Times, ids and names are fixed, so it differs only when the wire does.
 */
import { decodeChanges, encodeChanges } from '../map/changes.ts';
import { mix } from '../map/checksum.ts';
import { SeatMap } from '../map/seat-map.ts';
import { decodeUp, encodeDown, encodeUp } from '../wire/codec.ts';
import { PROTOCOL_VERSION, SUBPROTOCOL } from '../wire/version.ts';
import type { MapCode } from '../words/seat.ts';
import { DOWN_EXAMPLES, UP_EXAMPLES } from './example-messages.ts';
import { bytesOf, hexOf } from './hex.ts';

const ABOUT = [
  'Generated from the code of @seatwire/protocol by `npm run generate`; PROTOCOL.md says what it all means.',
  'up, down: `hex` is the frame of `message`; bytes within a message (map, changes) are hex too.',
  'refused: frames from a client, and the close that a server answers each with.',
  'maps: `states` has a digit a place (0 free, 1 held, 2 sold, 3 blocked); `packed` is the `map` of a snapshot.',
  'mixes: what one place adds to a checksum, by XOR.',
  'changes: `places` of them are all free before; `list` is [place, state]; `checksum` is the one after.',
  'refusedChanges: no changes of a map of `places`: the client joins again with nulls.',
];

/** Frames of a client that cost it the session. */
const REFUSED: Readonly<Record<string, string>> = {
  'nothing at all': '',
  'ends in the middle of a string': '9204a9616263',
  'two values': '9104c0',
  'an array that claims 4 billion elements': 'ddffffffff',
  'a map': '81a474797065a568656c6c6f',
  'an extension type': '9104d40100',
  'no array': 'a568656c6c6f',
  'a code that no message has': '91cc7f',
  'leave, its event missing': '9104',
  'leave, with one field more': '9304c0c0',
  'leave, its event a number': '920407',
  'sync-time, before 1970': '920eff',
};

const MAPS = ['0120000003', '0123', '00000', '2', '33333333', '1000000001000'];

const CHANGES: readonly (readonly [places: number, list: readonly (readonly [number, MapCode])[]])[] = [
  [10, []],
  [10, [[0, 1]]],
  [
    10,
    [
      [4, 1],
      [5, 1],
    ],
  ],
  [
    10,
    [
      [0, 2],
      [3, 0],
      [9, 3],
    ],
  ],
  // A byte takes a gap of 31, two take one of 4,095, three take one of 524,287.
  [
    250_000,
    [
      [30, 1],
      [62, 1],
      [4157, 2],
      [8253, 2],
      [249_999, 3],
    ],
  ],
];

const REFUSED_CHANGES: Readonly<Record<string, readonly [places: number, hex: string]>> = {
  'ends within a number': [10, '1595'],
  'names a place twice': [10, '1501'],
  'a place beyond the map': [10, '2d'],
  'a number longer than any gap': [10, '8180808001'],
};

/** The file's whole text. */
export function vectorsJson(): string {
  const sections: Readonly<Record<string, readonly unknown[]>> = {
    about: ABOUT,
    up: Object.entries(UP_EXAMPLES).map(([name, message]) => frame(name, message, encodeUp(message))),
    down: Object.entries(DOWN_EXAMPLES).map(([name, message]) => frame(name, message, encodeDown(message))),
    refused: Object.entries(REFUSED).map(([name, hex]) => ({ name, hex, close: closeOf(name, hex) })),
    maps: MAPS.map(mapOf),
    mixes: [[0, 1] as const, [0, 2] as const, [0, 3] as const, [1, 1] as const, [249_999, 3] as const].map(
      ([place, state]) => ({ place, state, mix: mix(place, state) }),
    ),
    changes: CHANGES.map(changesOf),
    refusedChanges: Object.entries(REFUSED_CHANGES).map(([name, [places, hex]]) => {
      if (decodeChanges(bytesOf(hex), places, () => undefined)) throw new Error(`${name}: is taken`);
      return { name, places, hex };
    }),
  };
  const lines = Object.entries(sections).map(([name, entries]) => `  ${json(name)}: ${block(entries)}`);
  const head = [`  "protocol": ${PROTOCOL_VERSION}`, `  "subprotocol": ${json(SUBPROTOCOL)}`];
  return `{\n${[...head, ...lines].join(',\n')}\n}\n`;
}

function frame(name: string, message: object, encoded: Uint8Array) {
  return { name, message, hex: hexOf(encoded) };
}

function closeOf(name: string, hex: string) {
  const decoded = decodeUp(bytesOf(hex));
  if (decoded.ok) throw new Error(`${name}: is taken`);
  return decoded.reason;
}

function mapOf(states: string) {
  const map = new SeatMap(states.length);
  for (const [place, state] of [...states].entries()) map.set(place, Number(state) as MapCode);
  return { places: map.places, states, packed: hexOf(map.pack()), checksum: map.checksum };
}

function changesOf([places, list]: (typeof CHANGES)[number]) {
  const states = new Map(list);
  const encoded = encodeChanges([...states.keys()], (place) => states.get(place)!);
  const map = new SeatMap(places);
  map.apply(encoded);
  return { places, list, hex: hexOf(encoded), checksum: map.checksum };
}

/** A line an entry; a frame's fields on lines of their own. */
function block(entries: readonly unknown[]): string {
  return `[\n${entries.map((entry) => `    ${isFrame(entry) ? spread(entry) : json(entry)}`).join(',\n')}\n  ]`;
}

const isFrame = (entry: unknown): entry is object =>
  typeof entry === 'object' && entry !== null && 'message' in entry;

function spread(entry: object): string {
  const fields = Object.entries(entry).map(([name, value]) => `      ${json(name)}: ${json(value)}`);
  return `{\n${fields.join(',\n')}\n    }`;
}

const json = (value: unknown): string =>
  JSON.stringify(value, (_, inner: unknown) => (inner instanceof Uint8Array ? hexOf(inner) : inner));

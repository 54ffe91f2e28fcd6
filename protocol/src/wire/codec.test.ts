import { decode, Encoder } from '@msgpack/msgpack';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeChanges } from '../map/changes.ts';
import { SeatMap } from '../map/seat-map.ts';
import { DOWN, type Down } from '../messages/down.ts';
import { UP, type Up } from '../messages/up.ts';
import { messageArbitrary } from '../testing/message-arbitrary.ts';
import { type Epoch, type EventId, type OpId, randomToken, uuidv7 } from '../words/ids.ts';
import { MAX_DOWN_BYTES, MAX_UP_ARRAY, MAX_UP_BYTES } from '../words/limits.ts';
import { checkUp, decodeDown, decodeUp, encodeDown, encodeUp } from './codec.ts';

const event = uuidv7() as EventId;
const op = randomToken() as OpId;
const pack = (value: unknown) => new Encoder().encode(value);
const heap = (bytes: readonly number[]) => Uint8Array.from(bytes);

describe('round trip', () => {
  test.each(UP.map((def) => [def.type, def] as const))('up %s comes back as it went', (_, def) => {
    fc.assert(
      fc.property(messageArbitrary(def), (message) => {
        expect(checkUp(message as Up)).toBeNull();
        expect(decodeUp(encodeUp(message as Up))).toEqual({ ok: true, message });
      }),
      { numRuns: 60 },
    );
  });

  test.each(DOWN.map((def) => [def.type, def] as const))('down %s comes back as it went', (_, def) => {
    fc.assert(
      fc.property(messageArbitrary(def), (message) => {
        expect(decodeDown(encodeDown(message as Down))).toEqual({ ok: true, message });
      }),
      { numRuns: 60 },
    );
  });
});

describe('size', () => {
  test('[D1] a diff of 3 places takes at most 24 bytes', () => {
    const far = encodeChanges([1, 125_000, 249_999], () => 1);
    const near = encodeChanges([31_002, 31_003, 31_004], () => 1);
    expect(
      encodeDown({ type: 'diff', room: 65_000, to: 4_000_000_000, span: 1, changes: far }).length,
    ).toBeLessThanOrEqual(24);
    expect(
      encodeDown({ type: 'diff', room: 3, to: 70_000, span: 1, changes: near }).length,
    ).toBeLessThanOrEqual(20);
  });

  test('[J2] a snapshot of 50,000 places takes at most 13 KB, and one of the largest chart fits a frame', () => {
    const snapshot = (places: number) =>
      encodeDown({
        type: 'snapshot',
        event,
        room: 1,
        epoch: randomToken() as Epoch,
        version: 9_000_000,
        places,
        map: new SeatMap(places).pack(),
        viewers: 100_000,
        serverTime: Date.now(),
      });
    expect(snapshot(50_000).length).toBeLessThanOrEqual(13 * 1024);
    expect(snapshot(250_000).length).toBeLessThan(MAX_DOWN_BYTES);
  });
});

describe('what is refused', () => {
  const hold = [5, op, event, [1, 2, 3]];

  test.each([
    ['an empty frame', heap([])],
    ['a value followed by another', heap([0x90, 0x90])],
    ['a map', pack({ type: 'hold' })],
    ['a map inside', pack([5, op, event, { length: 1 }])],
    ['a key named __proto__', pack([5, op, event, JSON.parse('{"__proto__": 1}')])],
    ['an extension type', pack([5, op, event, new Date(0)])],
    ['the reserved byte', heap([0xc1])],
    ['half a frame', pack(hold).subarray(0, 30)],
    ['an array too long', pack([5, op, event, Array(MAX_UP_ARRAY + 1).fill(0)])],
    ['too many elements in all', pack([5, op, event, Array(100).fill([1, 2])])],
    ['nesting too deep', pack([[[[]]]])],
    ['too many bytes', pack([1, 1, 'x'.repeat(MAX_UP_BYTES), 'c'])],
  ])('[F2] %s is a bad frame', (_, frame) => {
    expect(decodeUp(frame)).toMatchObject({ ok: false, reason: 'bad_frame' });
  });

  test.each([
    ['a number', 7],
    ['an empty array', []],
    ['an unknown code', [99]],
    ['a code as a string', ['5', op, event, [1]]],
    ['a missing field', [5, op, event]],
    ['a field too many', [...hold, null]],
    ['nil for a field that has no null', [5, null, event, [1]]],
    ['a fraction for a place', [5, op, event, [1.5]]],
    ['a negative place', [5, op, event, [-1]]],
    ['no places', [5, op, event, []]],
    ['a place beyond any chart', [5, op, event, [250_000]]],
    ['an event id that is not one', [5, op, 'x', [1]]],
    ['an op id that could be a key or a command', [5, 'a\r\nDEL x', event, [1]]],
    ['bytes for a string', [5, new Uint8Array(22), event, [1]]],
  ])('[F3] %s is a bad message', (_, wire) => {
    expect(decodeUp(pack(wire))).toMatchObject({ ok: false, reason: 'bad_message' });
  });

  test('[A1] a refusal never echoes a token', () => {
    const token = 's3cret'.repeat(1000);
    const decoded = decodeUp(pack([1, 1, token, 'me']));
    expect(decoded).toMatchObject({ ok: false, reason: 'bad_message' });
    expect(JSON.stringify(decoded)).not.toContain('s3cret');
  });

  test('[F3] the client is told before it sends what would cost it the session', () => {
    expect(checkUp({ type: 'hold', op, event, places: [] })).toContain('hold.places');
  });

  test('[F4] a server message of another kind is refused, so a client never shows it', () => {
    expect(decodeDown(pack([5, 1, 2, 'x', new Uint8Array(0)]))).toMatchObject({ reason: 'bad_message' });
    expect(decodeDown(pack([5, 1, 2, 1, 'abc']))).toMatchObject({ reason: 'bad_message' });
    expect(decodeDown(pack([12, op, 'no_such_code', null, '']))).toMatchObject({ reason: 'bad_message' });
  });

  test('[L1] no bytes make decoding throw', () => {
    // A few real frames, then bent: generating a message for each run would cost 8 ms a run.
    const frames = [
      ...UP.flatMap((def) => fc.sample(messageArbitrary(def), 4).map((m) => encodeUp(m as Up))),
      ...DOWN.flatMap((def) => fc.sample(messageArbitrary(def), 4).map((m) => encodeDown(m as Down))),
    ];
    const edits = fc.array(fc.tuple(fc.nat(400), fc.nat(255)), { maxLength: 4 });
    const bent = fc.tuple(fc.constantFrom(...frames), edits, fc.nat(400)).map(([frame, bytes, cut]) => {
      const copy = frame.slice(0, cut < 200 ? cut : undefined);
      for (const [at, byte] of bytes) if (copy.length > 0) copy[at % copy.length] = byte;
      return copy;
    });
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 200 }), bent), (frame) => {
        expect(typeof decodeUp(frame).ok).toBe('boolean');
        expect(typeof decodeDown(frame).ok).toBe('boolean');
      }),
      { numRuns: 5000 },
    );
  });
});

describe('[L1] a bomb of 16 KB costs at most 5 MB and 5 ms', () => {
  const fill = (head: readonly number[], body: number) => {
    const frame = new Uint8Array(MAX_UP_BYTES).fill(body);
    frame.set(head);
    return frame;
  };
  const rows = (row: readonly number[]) => {
    // 128 rows of 124: each array within its bound.
    const out = [0xdc, 0, 128];
    for (let i = 0; i < 128; i++) out.push(0xdc, 0, 124, ...Array(124).fill(row).flat());
    return Uint8Array.from(out).subarray(0, MAX_UP_BYTES);
  };
  const bombs: [string, Uint8Array][] = [
    ['an array that claims 4 billion elements', fill([0xdd, 0xff, 0xff, 0xff, 0xff], 0xc0)],
    ['a string that claims 4 GB', fill([0xdb, 0xff, 0xff, 0xff, 0xff], 0x61)],
    ['arrays in arrays all the way down', fill([], 0x91)],
    ['arrays that each claim 65,535 elements', fill([], 0xdc)],
    ['maps in maps', fill([], 0x81)],
    ['as many elements as the bound of one array allows', rows([0xc0])],
    ['as many empty arrays', rows([0x90])],
    ['a hold of numbers that are none', pack([5, op, event, Array(128).fill(-1)])],
    ['one long string where an array should be', pack([5, op, event, 'x'.repeat(16_000)])],
    ['a token of 16 KB', pack([1, 1, 'x'.repeat(16_000), ''])],
  ];

  /** Time and memory of the costliest part of one call; the median time, because the machine is shared. */
  const cost = (decode: () => void) => {
    const times: number[] = [];
    let bytes = 0;
    for (let i = 0; i < 9; i++) {
      const before = process.memoryUsage();
      const start = performance.now();
      decode();
      times.push(performance.now() - start);
      const after = process.memoryUsage();
      bytes = Math.max(bytes, after.heapUsed + after.external - before.heapUsed - before.external);
    }
    return { ms: times.sort((a, b) => a - b)[4]!, bytes };
  };
  const MB = 1024 * 1024;

  test.each(bombs)('%s', (_, frame) => {
    expect(frame.length).toBeLessThanOrEqual(MAX_UP_BYTES);
    expect(decodeUp(frame).ok).toBe(false);
    const { ms, bytes } = cost(() => decodeUp(frame));
    expect(ms).toBeLessThan(5);
    expect(bytes).toBeLessThan(5 * MB);
  });

  test('the control: without the scan, 60 bytes cost more than that', () => {
    const bomb = new Uint8Array(60).fill(0xdc);
    const { bytes } = cost(() => expect(() => decode(bomb)).toThrow());
    expect(bytes).toBeGreaterThan(5 * MB);
  });
});

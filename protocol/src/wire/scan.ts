/**
 * Walks msgpack bytes without allocating and says whether they are exactly one value within bounds. Decoders allocate by what
 * a header claims (5 bytes can claim 4 billion elements); after this walk every claimed element is known to be there.
 * The wire has no maps and no extension types, so both are refused: no key from outside ever names a property.
 */
export interface Bounds {
  /** Whole frame. */
  readonly bytes: number;
  /** Elements of any one array. */
  readonly array: number;
  /** Elements of all arrays together. */
  readonly elements: number;
  /** Arrays within arrays; the message itself is 1. */
  readonly depth: number;
}

const TRUNCATED = -1;
const TOO_LONG = -2;
const TOO_DEEP = -3;
const FOREIGN = -4;

const REFUSALS: Readonly<Record<number, string>> = {
  [TRUNCATED]: 'ends in the middle of a value',
  [TOO_LONG]: 'an array is too long, or all of them together',
  [TOO_DEEP]: 'arrays are nested too deeply',
  [FOREIGN]: 'maps, extension types and reserved bytes are not of this protocol',
};

/** Elements that the frame under way may still have: of the module, so that the walk passes no object along. It never awaits. */
let elementsLeft = 0;

/** Null when `frame` is exactly one value within bounds; otherwise why not. */
export function scan(frame: Uint8Array, bounds: Bounds): string | null {
  if (frame.length > bounds.bytes) return `longer than ${bounds.bytes} bytes`;
  elementsLeft = bounds.elements;
  const end = skip(frame, 0, bounds, 0);
  if (end < 0) return REFUSALS[end]!;
  return end === frame.length ? null : 'bytes follow the value';
}

/** The position after the value that starts at `at`, or one of the negative refusals. */
function skip(frame: Uint8Array, at: number, bounds: Bounds, depth: number): number {
  const head = frame[at];
  if (head === undefined) return TRUNCATED;
  const body = at + 1;
  if (head < 0x80 || head >= 0xe0) return body;
  if (head < 0x90) return FOREIGN;
  if (head < 0xa0) return skipArray(frame, body, head & 0x0f, bounds, depth + 1);
  if (head < 0xc0) return within(frame, body + (head & 0x1f));
  switch (head) {
    case 0xc0: // nil, false, true
    case 0xc2:
    case 0xc3:
      return body;
    case 0xcc: // uint 8, int 8
    case 0xd0:
      return within(frame, body + 1);
    case 0xcd:
    case 0xd1:
      return within(frame, body + 2);
    case 0xca: // float 32, uint 32, int 32
    case 0xce:
    case 0xd2:
      return within(frame, body + 4);
    case 0xcb: // float 64, uint 64, int 64
    case 0xcf:
    case 0xd3:
      return within(frame, body + 8);
    case 0xc4: // bin 8, str 8
    case 0xd9:
      return sized(frame, body, 1);
    case 0xc5:
    case 0xda:
      return sized(frame, body, 2);
    case 0xc6:
    case 0xdb:
      return sized(frame, body, 4);
    case 0xdc:
      return skipArray(frame, body + 2, length(frame, body, 2), bounds, depth + 1);
    case 0xdd:
      return skipArray(frame, body + 4, length(frame, body, 4), bounds, depth + 1);
    default:
      return FOREIGN;
  }
}

function skipArray(frame: Uint8Array, at: number, count: number, bounds: Bounds, depth: number): number {
  if (count < 0) return TRUNCATED;
  elementsLeft -= count;
  if (count > bounds.array || elementsLeft < 0) return TOO_LONG;
  if (depth > bounds.depth) return TOO_DEEP;
  let position = at;
  for (let i = 0; i < count && position >= 0; i++) position = skip(frame, position, bounds, depth);
  return position;
}

/** A string or byte string whose length takes `width` bytes. */
function sized(frame: Uint8Array, at: number, width: number): number {
  const size = length(frame, at, width);
  return size < 0 ? TRUNCATED : within(frame, at + width + size);
}

/** Big-endian. */
function length(frame: Uint8Array, at: number, width: number): number {
  if (at + width > frame.length) return TRUNCATED;
  let size = 0;
  for (let i = 0; i < width; i++) size = size * 256 + frame[at + i]!;
  return size;
}

function within(frame: Uint8Array, end: number): number {
  return end <= frame.length ? end : TRUNCATED;
}

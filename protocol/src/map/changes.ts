/**
 * Changed places as bytes: for each place in ascending order one varint of (gap << 2 | map code), where gap is the distance
 * from the previous place (the first one counts from -1, so a gap is at least 1). Three near places take 5 to 9 bytes.
 */
import type { MapCode } from '../words/seat.ts';

/** `places` ascending and unique; `codeOf` gives each one's map code. */
export function encodeChanges(places: readonly number[], codeOf: (place: number) => MapCode): Uint8Array {
  const out: number[] = [];
  let previous = -1;
  for (const place of places) {
    let value = ((place - previous) << 2) | codeOf(place);
    previous = place;
    while (value > 0x7f) {
      out.push((value & 0x7f) | 0x80);
      value >>>= 7;
    }
    out.push(value);
  }
  return Uint8Array.from(out);
}

/**
 * Calls `visit` for each change. Returns false, having visited a prefix, when the bytes are not of the form or name a place
 * beyond `limit`: the caller resyncs.
 */
export function decodeChanges(
  changes: Uint8Array,
  limit: number,
  visit: (place: number, code: MapCode) => void,
): boolean {
  let place = -1;
  let value = 0;
  let shift = 0;
  for (const byte of changes) {
    value |= (byte & 0x7f) << shift;
    if (byte & 0x80) {
      shift += 7;
      if (shift > 21) return false;
      continue;
    }
    const gap = value >>> 2;
    place += gap;
    if (gap === 0 || place >= limit) return false;
    visit(place, (value & 3) as MapCode);
    value = 0;
    shift = 0;
  }
  return shift === 0;
}

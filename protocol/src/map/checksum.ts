/**
 * The checksum both sides keep of a map: the XOR over all places that are not free of a 32-bit mix of (place, code).
 * XOR makes it incremental (a change costs two mixes, whatever the map's size) and free of order; an all-free map is 0.
 */
import type { MapCode } from '../words/seat.ts';

/** Unsigned 32 bits. The finaliser of MurmurHash3. 0 for a free place. */
export function mix(place: number, code: MapCode): number {
  if (code === 0) return 0;
  let h = (place * 4 + code) | 0;
  h ^= h >>> 16;
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  h ^= h >>> 16;
  return h >>> 0;
}

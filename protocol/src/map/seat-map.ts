/** A live map: one code a place, counts by code and the checksum kept along. The room, the client and the proofs all hold one. */

import type { MapCode } from '../words/seat.ts';
import { decodeChanges } from './changes.ts';
import { mix } from './checksum.ts';

export class SeatMap {
  readonly places: number;
  readonly #codes: Uint8Array;
  readonly #counts: [number, number, number, number];
  #checksum = 0;

  /** All free. */
  constructor(places: number) {
    this.places = places;
    this.#codes = new Uint8Array(places);
    this.#counts = [places, 0, 0, 0];
  }

  /** From 2 bits a place, least significant first. Null when the length does not fit. */
  static unpack(places: number, packed: Uint8Array): SeatMap | null {
    if (packed.length !== Math.ceil(places / 4)) return null;
    const map = new SeatMap(places);
    for (let place = 0; place < places; place++) {
      const code = ((packed[place >> 2]! >> ((place & 3) * 2)) & 3) as MapCode;
      if (code !== 0) map.set(place, code);
    }
    return map;
  }

  /** 2 bits a place: 50,000 places in 12,500 bytes. */
  pack(): Uint8Array {
    const packed = new Uint8Array(Math.ceil(this.places / 4));
    for (let place = 0; place < this.places; place++) {
      packed[place >> 2]! |= this.#codes[place]! << ((place & 3) * 2);
    }
    return packed;
  }

  get(place: number): MapCode {
    return (this.#codes[place] ?? 3) as MapCode;
  }

  /** True when this changed something. */
  set(place: number, code: MapCode): boolean {
    const before = this.#codes[place];
    if (before === undefined || before === code) return false;
    this.#codes[place] = code;
    this.#counts[before as MapCode]--;
    this.#counts[code]++;
    this.#checksum = (this.#checksum ^ mix(place, before as MapCode) ^ mix(place, code)) >>> 0;
    return true;
  }

  /** Applies encoded changes; `changed` hears each real one. False when the bytes are malformed: resync. */
  apply(changes: Uint8Array, changed?: (place: number, code: MapCode, before: MapCode) => void): boolean {
    return decodeChanges(changes, this.places, (place, code) => {
      const before = this.get(place);
      if (this.set(place, code)) changed?.(place, code, before);
    });
  }

  /** Places with this code. */
  count(code: MapCode): number {
    return this.#counts[code];
  }

  /** Unsigned 32 bits; equal maps have equal checksums. */
  get checksum(): number {
    return this.#checksum;
  }
}

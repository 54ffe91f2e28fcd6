/** One made-up visitor's evening: look around, hold a few places, think, give them back or buy them. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { EventId, RejectCode, SeatMap } from '@seatwire/protocol';
import { SeatwireClient, type SocketConstructor } from '@seatwire/protocol/client';
import { WebSocket } from 'ws';
import type { Guest } from './guest.ts';

export interface Evening {
  readonly url: string;
  readonly event: EventId;
  readonly guest: Guest;
  readonly over: AbortSignal;
  readonly random?: () => number;
  /** Of every pause; 1 is the demo's gentle pace. */
  readonly pace?: number;
}

/** Of the places, how many may be sold before the crowd only looks and holds. */
const SOLD_ENOUGH = 0.6;
const BUYS = 0.12;

/** Ends when this visitor may have no more places, when the server will not have them any more, or when `over`. */
export async function spendAnEvening(evening: Evening): Promise<void> {
  const { url, event, guest, over, random = Math.random, pace = 1 } = evening;
  const client = new SeatwireClient({
    url: `${url.replace(/^http/, 'ws')}/ws`,
    WebSocket: WebSocket as unknown as SocketConstructor,
    name: 'simulated visitor',
    token: () => guest.token(),
  });
  const pause = (from: number, to: number) =>
    sleep((from + random() * (to - from)) * pace, undefined, { signal: over, ref: false });
  client.start();
  try {
    if (!(await client.join(event)).ok) return;
    while (!over.aborted && client.state !== 'stopped') {
      await pause(800, 4000);
      const map = client.room(event)?.map;
      const places = map === undefined ? [] : choose(map, 1 + Math.floor(random() * 4), random);
      if (map === undefined || places.length === 0) continue;
      const held = await client.hold(event, places);
      if (!held.ok) {
        if (isFull(held.code)) return;
        continue;
      }
      await pause(2500, 9000);
      const buys = random() < BUYS && map.count(2) < map.places * SOLD_ENOUGH;
      const bought =
        buys &&
        (await client.checkout(event, held.hold)).ok &&
        (await client.pay(event, held.hold, 'tok_ok')).ok;
      if (!bought) await client.release(event, held.hold);
    }
  } catch (error) {
    if (!over.aborted) throw error;
  } finally {
    client.stop();
  }
}

const isFull = (code: RejectCode): boolean =>
  code === 'buyer_limit' || code === 'sale_closed' || code === 'unauthenticated';

/** Up to `count` free places in a row, starting somewhere at random; none when a dozen looks met none. */
export function choose(map: SeatMap, count: number, random: () => number): number[] {
  for (let look = 0; look < 12; look++) {
    const first = Math.floor(random() * map.places);
    const places: number[] = [];
    for (let place = first; place < map.places && places.length < count && map.get(place) === 0; place++) {
      places.push(place);
    }
    if (places.length > 0) return places;
  }
  return [];
}

/**
 * Buyers who shop through whatever happens to the system, and remember all they were told. The proof at the end holds the system
 * to every word of it.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { DemoAccount } from '@seatwire/local';
import type { OrderId } from '@seatwire/protocol';
import type { SeatwireClient } from '@seatwire/protocol/client';
import type { Hall } from './hall.ts';
import { signIn } from './rest.ts';
import { nativeClient } from './sockets.ts';

export interface Purchase {
  readonly order: OrderId;
  readonly buyer: DemoAccount;
  readonly places: readonly number[];
  /** The last word heard of it. `nothing`: checked out, and then no answer to the payment ever came. */
  told: 'nothing' | 'accepted' | 'confirmed' | 'rejected' | 'cancelled';
}

/** Moments at which a kill hurts most. */
export type Moment = 'holding' | 'paying' | 'accepted';

export interface Shoppers {
  readonly clients: readonly SeatwireClient[];
  /** Everything that was checked out, by order. */
  readonly purchases: ReadonlyMap<OrderId, Purchase>;
  readonly counts: Readonly<Record<'holds' | 'refused' | 'unknown' | 'accepted', number>>;
  /** Resolves at the next such moment of any shopper. */
  next(moment: Moment): Promise<void>;
  /** Shops no more; the sockets stay, to see the last changes. */
  rest(): Promise<void>;
  stop(): void;
}

const BUYS = 0.5;

export async function sendShoppers(url: string, hall: Hall): Promise<Shoppers> {
  const purchases = new Map<OrderId, Purchase>();
  const told = new Map<OrderId, Purchase['told']>();
  const counts = { holds: 0, refused: 0, unknown: 0, accepted: 0 };
  const waiting: { moment: Moment; go: () => void }[] = [];
  let open = true;
  const reached = (moment: Moment) => {
    for (const waiter of waiting.filter((w) => w.moment === moment)) waiter.go();
  };

  const clients: SeatwireClient[] = [];
  const shopping: Promise<void>[] = [];
  for (const buyer of hall.buyers) {
    const token = await signIn(url, buyer);
    const client = nativeClient(url, token);
    clients.push(client);
    client.on('order', ({ order, status }) => {
      told.set(order, status);
      const purchase = purchases.get(order);
      if (purchase) purchase.told = status;
    });
    const joined = await client.join(hall.event);
    if (!joined.ok) throw new Error(`could not join: ${joined.code}`);
    shopping.push(shop(client, buyer));
  }

  async function shop(client: SeatwireClient, buyer: DemoAccount): Promise<void> {
    while (open) {
      await sleep(5 + Math.random() * 40);
      const map = client.room(hall.event)!.map;
      const first = Math.floor(Math.random() * map.places);
      const places = [first, first + 1].filter((place) => place < map.places && map.get(place) === 0);
      if (places.length === 0) continue;
      reached('holding');
      const held = await client.hold(hall.event, places);
      if (!held.ok) {
        counts[held.code === 'unavailable' ? 'unknown' : 'refused']++;
        continue;
      }
      counts.holds++;
      if (Math.random() > BUYS) {
        // Half of these are left to expire, so that expiry is tested too.
        if (Math.random() > 0.5) await client.release(hall.event, held.hold);
        continue;
      }
      const checkedOut = await client.checkout(hall.event, held.hold);
      if (!checkedOut.ok) continue;
      const { order } = checkedOut;
      const purchase: Purchase = { order, buyer, places: held.places, told: told.get(order) ?? 'nothing' };
      purchases.set(order, purchase);
      reached('paying');
      const paid = await client.pay(hall.event, held.hold, 'tok_ok');
      if (!paid.ok) {
        counts[paid.retryable ? 'unknown' : 'refused']++;
        continue;
      }
      counts.accepted++;
      if (purchase.told === 'nothing') purchase.told = 'accepted';
      reached('accepted');
    }
  }

  return {
    clients,
    purchases,
    counts,
    next: (moment) =>
      new Promise((resolve) => {
        const waiter = {
          moment,
          go: () => {
            waiting.splice(waiting.indexOf(waiter), 1);
            resolve();
          },
        };
        waiting.push(waiter);
      }),
    async rest() {
      open = false;
      await Promise.all(shopping);
    },
    stop() {
      for (const client of clients) client.stop();
    },
  };
}

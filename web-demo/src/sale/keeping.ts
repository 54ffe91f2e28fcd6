/** Holding longer, and giving back: the whole basket, or one hold of it. */
import type { HoldId } from '@seatwire/protocol';
import type { SaleDesk } from './sale-desk.ts';

/** Codes that say a hold is over, though its end was not heard of. */
export const OVER: Partial<Record<string, 'expired' | 'gone'>> = {
  hold_expired: 'expired',
  hold_not_found: 'gone',
};

const CLOCKS_DIFFER_MS = 1_000;

/** More time for all that can have it. */
export function extend(desk: SaleDesk): Promise<void> {
  const { client, event, holdMs } = desk.options;
  return desk.during('extend', async (current) => {
    for (const { hold } of desk.now.holds.filter(({ atLimit, paying }) => !atLimit && !paying)) {
      if (!desk.holds(hold)) continue;
      const askedAt = client.serverNow();
      const reply = await desk.ask(current, (asked) => client.extend(event, hold, asked));
      if (!current()) return;
      if (reply.ok) {
        desk.apply({ type: 'extended', hold, expiresAt: reply.expiresAt });
        // Less than a whole extension: the event's bound cut it.
        if (reply.expiresAt < askedAt + holdMs - CLOCKS_DIFFER_MS) desk.apply({ type: 'at-limit', hold });
      } else if (reply.code === 'extension_limit') desk.apply({ type: 'at-limit', hold });
      else if (!over(desk, hold, reply.code)) desk.refuse(reply.code, 'extend');
    }
  });
}

/** `only`: that hold; else all. `leaving` hears which ends are the buyer's own doing. */
export function release(desk: SaleDesk, leaving: Set<HoldId>, only?: HoldId): Promise<void> {
  const { client, event } = desk.options;
  return desk.during('release', async (current) => {
    const wanted = desk.now.holds.filter(({ hold }) => only === undefined || hold === only);
    for (const { hold } of wanted) {
      if (!desk.holds(hold)) continue;
      leaving.add(hold);
      const reply = await desk.ask(current, (asked) => client.release(event, hold, asked));
      leaving.delete(hold);
      if (!current()) return;
      // Gone already is what was wanted.
      if (reply.ok || OVER[reply.code]) desk.apply({ type: 'ended', hold, reason: 'released', byMe: true });
      else if (desk.holds(hold)) desk.refuse(reply.code, 'release');
    }
    if (desk.now.holds.length > 0) void desk.own.find();
  });
}

/** Takes in that a refusal says a hold to be over; true if the refusal needs no words of its own. */
export function over(desk: SaleDesk, hold: HoldId, code: string): boolean {
  // What ended while it was asked about has had its words.
  if (!desk.holds(hold)) return true;
  const reason = OVER[code];
  if (!reason) return false;
  // It may have been bought or given back elsewhere: `mine` knows, and has the word.
  if (reason === 'expired') desk.apply({ type: 'ended', hold, reason });
  void desk.own.find();
  return true;
}

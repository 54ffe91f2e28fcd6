/** Keeps a sale in step with who is signed in, with what the server says, and with the rest of the page. */
import type { EventId, UserId } from '@seatwire/protocol';
import type { SeatwireClient } from '@seatwire/protocol/client';
import type { Account } from '../connection/account.ts';
import type { LiveRoom } from '../connection/live.ts';
import { holdsOf } from '../connection/running-holds.ts';
import type { Readable } from '../connection/store.ts';
import type { Sale } from '../sale/sale.ts';

export interface BuyerSource {
  readonly account: Readable<Account>;
  /** Whose the socket is; null while there is no such session. */
  readonly sessionUser: Readable<UserId | null>;
  /** The sign-out was asked for on this page. */
  signedOutHere(): boolean;
}

/** The account decides when somebody is gone, the connection when somebody is there: only then can it be asked as them. */
export function followBuyer(sale: Sale, { account, sessionUser, signedOutHere }: BuyerSource): () => void {
  const look = () => {
    const now = account.get();
    const user = sessionUser.get();
    // Unknown, too: somebody else has signed in, and who is not known yet.
    if (now.kind !== 'signed-in' || sale.state.get().user !== now.user.id)
      sale.setUser(null, signedOutHere());
    if (now.kind === 'signed-in' && user === now.user.id) {
      if (sale.state.get().user === user) void sale.restore();
      else sale.setUser(user);
    }
  };
  // Whoever comes back from a sleep or another window may have missed something.
  const woken = () => {
    if (document.visibilityState === 'visible') look();
  };
  document.addEventListener('visibilitychange', woken);
  window.addEventListener('pageshow', woken);
  const off = [account.watch(look), sessionUser.watch(look)];
  look();
  return () => {
    for (const stop of off) stop();
    document.removeEventListener('visibilitychange', woken);
    window.removeEventListener('pageshow', woken);
  };
}

/** What the server says by itself, and what happens on the map. */
export function followServer(sale: Sale, socket: SeatwireClient, room: LiveRoom): () => void {
  const off = [
    room.watch(({ places, whole }) => {
      const changed = whole ? sale.state.get().selection : places;
      sale.placesChanged(changed, (place) => room.codeOf(place) === 0);
    }),
    socket.on('order', (notice) => sale.onOrder(notice)),
    socket.on('hold-changed', (notice) => sale.onHoldChanged(notice)),
    socket.on('hold-ended', (notice) => sale.onHoldEnded(notice)),
    socket.on('late', (late) => sale.onLate(late)),
  ];
  return () => {
    for (const stop of off) stop();
  };
}

/** The rest of the page knows of running holds, and goes on knowing when this page is left. */
export function tellPage(sale: Sale, event: EventId): () => void {
  let told = sale.state.get().holds;
  return sale.state.watch(({ holds }) => {
    if (holds === told) return;
    told = holds;
    holdsOf(
      event,
      holds.map(({ expiresAt }) => expiresAt),
    );
  });
}

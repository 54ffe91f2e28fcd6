/** The page's one socket, and live views of the rooms it has joined. Opened at the first use, kept while the page lives. */
import type { EventId, MapCode, Section } from '@seatwire/protocol';
import { type RoomView, SeatwireClient } from '@seatwire/protocol/client';
import { serverClock } from '../time/now.ts';
import { accessToken, currentAccount } from './account.ts';
import { type Readable, store } from './store.ts';

export type Line = 'connecting' | 'live' | 'lost' | 'refused';

export interface MapChange {
  readonly places: readonly number[];
  /** Everything may have changed: a snapshot came. */
  readonly whole: boolean;
}

export interface LiveRoom {
  readonly view: Readable<RoomView | null>;
  readonly viewers: Readable<number>;
  /** Why there is no map, in words for people; null while there is hope. */
  readonly problem: Readable<string | null>;
  codeOf(place: number): MapCode;
  freeIn(section: Section): number;
  watch(listener: (change: MapChange) => void): () => void;
  leave(): void;
}

const line = store<Line>('connecting');
/** How the socket does. */
export const currentLine: Readable<Line> = line;

let opened: SeatwireClient | null = null;

export function client(): SeatwireClient {
  if (opened) return opened;
  const made = new SeatwireClient({
    url: `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/ws`,
    token: accessToken,
  });
  let wasLive = false;
  made.on('state', ({ state, lastClose }) => {
    if (state === 'open') {
      wasLive = true;
      serverClock.heard(made.serverNow());
    }
    if (state === 'open') line.set('live');
    else if (state === 'stopped') {
      // A session refused for its token goes on without one; anything else needs the person.
      if (lastClose?.reason === 'bad_token' || lastClose?.reason === 'logged_out') made.start();
      else line.set('refused');
    } else if (wasLive) line.set('lost');
  });
  // Who is signed in changed: tell the session in band, or start a fresh anonymous one.
  let who = currentAccount.get().kind;
  currentAccount.watch(async (account) => {
    if (account.kind === who) return;
    const before = who;
    who = account.kind;
    if (account.kind === 'signed-in') {
      const token = await accessToken();
      if (token) await made.authenticate(token);
    } else if (before === 'signed-in') {
      made.stop();
      made.start();
    }
  });
  made.start();
  opened = made;
  return made;
}

export function openRoom(event: EventId): LiveRoom {
  const socket = client();
  const view = store<RoomView | null>(null);
  const viewers = store(0);
  const problem = store<string | null>(null);
  const listeners = new Set<(change: MapChange) => void>();
  const tell = (change: MapChange) => {
    for (const listener of listeners) listener(change);
  };
  const off = [
    socket.on('map', ({ room }) => {
      if (room.event !== event) return;
      view.set(room);
      viewers.set(room.viewers);
      tell({ places: [], whole: true });
    }),
    socket.on('changes', ({ room, places }) => {
      if (room.event === event) tell({ places, whole: false });
    }),
    socket.on('viewers', ({ room }) => {
      if (room.event === event) viewers.set(room.viewers);
    }),
  ];
  socket.join(event).then((joined) => {
    if (joined.ok) {
      view.set(joined.room);
      viewers.set(joined.room.viewers);
      tell({ places: [], whole: true });
    } else problem.set(joined.message);
  });
  return {
    view,
    viewers,
    problem,
    codeOf: (place) => view.get()?.map.get(place) ?? 0,
    freeIn(section) {
      const map = view.get()?.map;
      if (!map) return section.count;
      let free = 0;
      for (let place = section.first; place < section.first + section.count; place++) {
        if (map.get(place) === 0) free++;
      }
      return free;
    },
    watch(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    leave() {
      for (const stop of off) stop();
      socket.leave(event);
    },
  };
}

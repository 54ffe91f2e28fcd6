/** The page's one socket, and live views of the rooms it has joined. Opened at the first use, kept while the page lives. */
import type { EventId, MapCode, RejectCode, Section } from '@seatwire/protocol';
import { type RoomView, SeatwireClient } from '@seatwire/protocol/client';
import { serverClock } from '../time/now.ts';
import { accessToken, currentAccount, doubtSignIn, newTokens, tokenAtHand } from './account.ts';
import { followAccount } from './session-user.ts';
import { type Readable, store } from './store.ts';
import { visitorName } from './visitor-name.ts';
import { listenToWaking } from './waking.ts';

/** `live`: heard from within the last few seconds, or it has not been asked yet. `lost`: it was live, and is silent or gone. */
export type Line = 'connecting' | 'live' | 'lost' | 'refused';

/** Silence at which somebody who looks at the page is told that it is not live. */
const SILENCE_MS = 3_000;
/** A session that is ended by a sign-out is followed by an anonymous one, not by one after the other. */
const RESTART_MS = 5_000;

export interface MapChange {
  readonly places: readonly number[];
  /** Everything may have changed: a snapshot came. */
  readonly whole: boolean;
}

export interface LiveRoom {
  readonly view: Readable<RoomView | null>;
  readonly viewers: Readable<number>;
  /** Why there is no map; null while there is hope. */
  readonly problem: Readable<RejectCode | null>;
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
    url: `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/ws?visitor=${visitorName()}`,
    token: accessToken,
  });
  let wasLive = false;
  let restartedAt = Number.NEGATIVE_INFINITY;
  const restart = () => {
    const wait = restartedAt + RESTART_MS - performance.now();
    restartedAt = performance.now();
    if (wait > 0) setTimeout(() => made.start(), wait);
    else made.start();
  };
  made.on('state', ({ state, lastClose }) => {
    if (state === 'open') {
      wasLive = true;
      serverClock.heard(made.serverNow());
    }
    if (state === 'open') line.set('live');
    else if (state === 'stopped') {
      // A session refused for its token, or signed out elsewhere, goes on as whoever we are now; anything else needs the person.
      if (lastClose?.reason === 'bad_token' || lastClose?.reason === 'logged_out') {
        if (wasLive) line.set('lost');
        doubtSignIn();
        restart();
      } else line.set('refused');
    } else if (wasLive) line.set('lost');
  });
  made.on('quiet', ({ quiet }) => line.set(quiet ? 'lost' : 'live'));
  followAccount(made, { account: currentAccount, tokens: newTokens, tokenAtHand, accessToken });
  listenToWaking({
    wake: () => made.checkNow(),
    offline: () => made.checkNow(true),
    visible(visible) {
      made.silenceMs = visible ? SILENCE_MS : null;
    },
  });
  made.start();
  opened = made;
  return made;
}

export function openRoom(event: EventId): LiveRoom {
  const socket = client();
  const view = store<RoomView | null>(null);
  const viewers = store(0);
  const problem = store<RejectCode | null>(null);
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
    } else problem.set(joined.code);
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

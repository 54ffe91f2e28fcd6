/**
 * The native way in: `/ws`, one binary frame a message.
 *
 * uWS must not be spoken to about a socket after its close handler ran, nor may subscriptions change inside a publish: hence the
 * `#open` flag, and `dropped` being acted upon one turn later.
 */
import { CLOSES, type CloseReason, type Down, decodeUp, MAX_UP_BYTES, SUBPROTOCOL } from '@seatwire/protocol';
import type { TemplatedApp, WebSocket } from '../engine/uws.ts';
import type { Room } from '../rooms/room.ts';
import { frameOf } from './frames.ts';
import type { GatewayMetrics } from './metrics.ts';
import { NativeAudience, type NativeGroup } from './native-audience.ts';
import type { GatewayOptions } from './options.ts';
import type { OriginPolicy } from './origin.ts';
import type { Session } from './session.ts';
import type { Sessions } from './sessions.ts';
import type { Transport } from './transport.ts';

/** uWS's word for "not taken: the buffer is full". */
const DROPPED = 2;
/** Kept subscribed for its whole life: uWS ends the process when a socket without topics unsubscribes from one. */
const EVERYBODY = 'everybody';

/** How a browser may name itself, as `?visitor=`. */
const VISITOR = /^[\w-]{16,64}$/;

interface UserData {
  socket: NativeSocket | null;
  readonly visitor: string | undefined;
}

export interface NativeParts {
  readonly sessions: Sessions;
  readonly options: GatewayOptions;
  readonly origins: OriginPolicy;
  readonly metrics: GatewayMetrics;
}

/** Serves `/ws` on the app. */
export function serveNative(app: TemplatedApp, { sessions, options, origins, metrics }: NativeParts): void {
  const audiences = new Audiences(app);
  app.ws<UserData>('/ws', {
    // Twice what is allowed, so that a frame too long is answered with a close that says so; beyond that uWS cuts the line.
    maxPayloadLength: 2 * MAX_UP_BYTES,
    maxBackpressure: options.maxBackpressure,
    idleTimeout: Math.max(8, Math.round((2 * options.heartbeatMs) / 1000)),
    sendPingsAutomatically: true,
    compression: 0,

    upgrade(res, req, context) {
      const offered = req.getHeader('sec-websocket-protocol');
      if (!origins(req.getHeader('origin'), req.getHeader('host'))) {
        metrics.refusedUpgrades.inc({ why: 'origin' });
        res.writeStatus('403 Forbidden').end('This origin may not connect.');
        return;
      }
      if (!offered.split(',').some((name) => name.trim() === SUBPROTOCOL)) {
        metrics.refusedUpgrades.inc({ why: 'subprotocol' });
        res.writeStatus('400 Bad Request').end(`Offer the subprotocol ${SUBPROTOCOL}.`);
        return;
      }
      const key = req.getHeader('sec-websocket-key');
      const named = req.getQuery('visitor') ?? '';
      const visitor = VISITOR.test(named) ? named : undefined;
      res.upgrade<UserData>({ socket: null, visitor }, key, SUBPROTOCOL, '', context);
    },

    open(ws) {
      if (sessions.full) {
        metrics.refusedUpgrades.inc({ why: 'overloaded' });
        ws.end(CLOSES.overloaded.code, 'overloaded');
        return;
      }
      ws.subscribe(EVERYBODY);
      metrics.sockets.inc({ transport: 'native' });
      ws.getUserData().socket = new NativeSocket(ws, audiences, sessions);
    },

    message(ws, frame, isBinary) {
      ws.getUserData().socket?.receive(frame, isBinary);
    },

    dropped(ws) {
      ws.getUserData().socket?.overrun();
    },

    drain(ws) {
      if (ws.getBufferedAmount() === 0) ws.getUserData().socket?.session.drained();
    },

    close(ws) {
      const { socket } = ws.getUserData();
      if (!socket) return;
      metrics.sockets.dec({ transport: 'native' });
      socket.gone();
    },
  });
}

/** The audience of each room that has native sockets. */
class Audiences {
  readonly #app: TemplatedApp;
  readonly #byRoom = new Map<Room, NativeAudience>();

  constructor(app: TemplatedApp) {
    this.#app = app;
  }

  enter(room: Room): { audience: NativeAudience; group: NativeGroup } {
    let audience = this.#byRoom.get(room);
    if (!audience) {
      audience = new NativeAudience(this.#app, `room/${room.number}`);
      this.#byRoom.set(room, audience);
      room.attach(audience);
    }
    return { audience, group: audience.add() };
  }

  exit(room: Room, group: NativeGroup): void {
    const audience = this.#byRoom.get(room);
    if (!audience) return;
    audience.remove(group);
    if (audience.size > 0) return;
    this.#byRoom.delete(room);
    room.detach(audience);
  }
}

class NativeSocket implements Transport {
  readonly visitor: string | undefined;
  readonly session: Session;
  readonly #ws: WebSocket<UserData>;
  readonly #audiences: Audiences;
  /** Of one as a rule, so no Map. */
  #entered: readonly { readonly room: Room; readonly group: NativeGroup }[] = [];
  #open = true;

  constructor(ws: WebSocket<UserData>, audiences: Audiences, sessions: Sessions) {
    this.#ws = ws;
    this.#audiences = audiences;
    this.visitor = ws.getUserData().visitor;
    this.session = sessions.open(this);
  }

  /** `frame` is valid only during this call; what is decoded from it is copied. */
  receive(frame: ArrayBuffer, isBinary: boolean): void {
    if (!this.session.admit()) return;
    if (!isBinary || frame.byteLength > MAX_UP_BYTES) {
      this.session.close('bad_frame');
      return;
    }
    const decoded = decodeUp(new Uint8Array(frame));
    if (decoded.ok) this.session.receive(decoded.message, (answer) => this.send(answer));
    else this.session.close(decoded.reason);
  }

  send(message: Down): void {
    if (!this.#open) return;
    if (this.#ws.send(frameOf(message), true) === DROPPED) this.session.close('slow_consumer');
  }

  enter(room: Room): void {
    if (!this.#open || this.#entered.some((entry) => entry.room === room)) return;
    const { group } = this.#audiences.enter(room);
    this.#entered = this.#entered.concat({ room, group });
    this.#ws.subscribe(group.topic);
  }

  exit(room: Room): void {
    const group = this.#entered.find((entry) => entry.room === room)?.group;
    if (!group) return;
    this.#entered = this.#entered.filter((entry) => entry.room !== room);
    if (this.#open) this.#ws.unsubscribe(group.topic);
    this.#audiences.exit(room, group);
  }

  buffered(): number {
    return this.#open ? this.#ws.getBufferedAmount() : 0;
  }

  /** A frame did not fit. Inside a publish subscriptions must not change, so the session hears of it one turn later. */
  overrun(): void {
    setImmediate(() => this.session.fallBehind());
  }

  close(reason: CloseReason): void {
    if (!this.#open) return;
    const { code } = CLOSES[reason];
    this.#ws.end(code, reason);
  }

  /** The socket is no more. */
  gone(): void {
    this.#open = false;
    this.session.closed();
    for (const { room } of this.#entered) this.exit(room);
  }
}

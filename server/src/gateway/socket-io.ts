/**
 * The other way in: `/socket.io/`, socket.io 4 on the same uWS app. The same commands as events, `(payload, ack)`, answered by the
 * same messages as objects; the same sessions, limits and rooms.
 *
 * WebSocket only: HTTP polling would need sticky sessions where processes share a port, and its request handling on uWS is where the
 * known crashes are (use after abort, a plain request taken for an upgrade). So the engine gets the app through `guardedApp`, which
 * answers plain requests itself, checks the origin, refuses binary frames, and hears what uWS dropped.
 *
 * The engine's fast path is a patch of the adapter class: one gateway per process.
 */
import { CLOSES, type CloseReason, type Down, MAX_UP_BYTES, shouldReconnect } from '@seatwire/protocol';
import { createAdapter } from '@socket.io/redis-adapter';
import { Server, type Socket } from 'socket.io';
import type { TemplatedApp, WebSocket, WebSocketBehavior } from '../engine/uws.ts';
import type { Room } from '../rooms/room.ts';
import type { GatewayMetrics } from './metrics.ts';
import type { GatewayOptions } from './options.ts';
import type { OriginPolicy } from './origin.ts';
import type { Session } from './session.ts';
import type { Sessions } from './sessions.ts';
import { changeList, SocketIoAudience, snapshotBody } from './socket-io-audience.ts';
import { commandOf } from './socket-io-command.ts';
import type { Transport } from './transport.ts';

/** ioredis connections of its own: one to publish, one in subscriber mode. */
export interface SocketIoRedis {
  readonly publisher: unknown;
  readonly subscriber: unknown;
}

export interface SocketIoParts {
  readonly sessions: Sessions;
  readonly options: GatewayOptions;
  readonly origins: OriginPolicy;
  readonly metrics: GatewayMetrics;
  /** null: a single process. */
  readonly redis: SocketIoRedis | null;
}

type Ack = (answer: object) => void;

/** Serves `/socket.io/` on the app. Close the server returned before the app. */
export function serveSocketIo(app: TemplatedApp, parts: SocketIoParts): Server {
  const { sessions, options, metrics, redis } = parts;
  const io = new Server({
    transports: ['websocket'],
    serveClient: false,
    // As for native frames: twice what is allowed, so that a message too long still gets an answer.
    maxHttpBufferSize: 2 * MAX_UP_BYTES,
    pingInterval: options.heartbeatMs,
    pingTimeout: options.heartbeatMs,
    connectTimeout: options.authMs,
    ...(redis ? { adapter: createAdapter(redis.publisher, redis.subscriber) } : {}),
  });
  const byEngine = new WeakMap<object, SocketIoSocket>();
  io.attachApp(guardedApp(app, parts, byEngine, () => io.engine.clientsCount));

  const audiences = new Map<Room, SocketIoAudience>();
  io.on('connection', (socket) => {
    if (sessions.full) {
      metrics.refusedUpgrades.inc({ why: 'overloaded' });
      endWith(socket, 'overloaded');
      return;
    }
    const client = new SocketIoSocket(io, socket, audiences, sessions);
    byEngine.set(socket.conn.transport, client);
    metrics.sockets.inc({ transport: 'socket.io' });
    socket.on('disconnect', () => {
      metrics.sockets.dec({ transport: 'socket.io' });
      client.gone();
    });
  });
  return io;
}

/** What the engine sees of the app. `connections`: the engine's own, of which not all are sessions yet. */
function guardedApp(
  app: TemplatedApp,
  parts: SocketIoParts,
  byEngine: WeakMap<object, SocketIoSocket>,
  connections: () => number,
): object {
  const { origins, metrics, options, sessions } = parts;
  const socketOf = (ws: WebSocket<{ transport: object }>) => byEngine.get(ws.getUserData().transport);
  const narrow = {
    any(pattern: string) {
      app.any(pattern, (res) => {
        res.writeStatus('400 Bad Request').end('Connect by WebSocket: transports ["websocket"].');
      });
      return narrow;
    },
    ws(pattern: string, engine: WebSocketBehavior<{ transport: object }>) {
      app.ws<{ transport: object }>(pattern, {
        ...engine,
        maxBackpressure: options.maxBackpressure,
        compression: 0,
        upgrade(res, req, context) {
          const refuse = (why: string, status: string, body: string): void => {
            metrics.refusedUpgrades.inc({ why });
            res.writeStatus(status).end(body);
          };
          if (!origins(req.getHeader('origin'), req.getHeader('host'))) {
            refuse('origin', '403 Forbidden', 'This origin may not connect.');
          } else if (sessions.full || connections() >= options.maxSockets) {
            refuse('overloaded', '503 Service Unavailable', 'Too many connections here.');
          } else void engine.upgrade?.(res, req, context);
        },
        message(ws, message, isBinary) {
          // No command has bytes in it, and the engine would keep a buffer that uWS takes back.
          const session = socketOf(ws)?.session;
          if (isBinary && session) session.close('bad_frame');
          else if (isBinary) ws.close();
          else if (session?.admit() !== false) void engine.message?.(ws, message, isBinary);
        },
        // Acks and diffs are not told apart here, and a lost ack must not be silent: end it, the client comes back and resumes.
        dropped: (ws) => void setImmediate(() => socketOf(ws)?.session.close('slow_consumer')),
        drain(ws) {
          if (ws.getBufferedAmount() === 0) socketOf(ws)?.session.drained();
        },
      });
      return narrow;
    },
    publish: app.publish.bind(app),
  };
  return narrow;
}

class SocketIoSocket implements Transport {
  readonly session: Session;
  readonly #io: Server;
  readonly #socket: Socket;
  readonly #audiences: Map<Room, SocketIoAudience>;
  readonly #rooms = new Set<Room>();
  #user: string | null = null;

  constructor(io: Server, socket: Socket, audiences: Map<Room, SocketIoAudience>, sessions: Sessions) {
    this.#io = io;
    this.#socket = socket;
    this.#audiences = audiences;
    this.session = sessions.open(this);
    socket.onAny((name: string, ...args: unknown[]) => this.#receive(name, args));
    const { token } = socket.handshake.auth as { token?: unknown };
    // Only no token at all is anonymous: what cannot be one is refused like any bad one.
    void this.session.greet(typeof token === 'string' ? token : token == null ? null : '');
  }

  #receive(name: string, args: readonly unknown[]): void {
    const last = args.at(-1);
    const ack = typeof last === 'function' ? (last as Ack) : null;
    const parsed = commandOf(name, args[0]);
    if (!parsed.ok) {
      ack?.(parsed.rejected);
      return;
    }
    const { message } = parsed;
    this.session.receive(message, (answer) => {
      if (!ack) return this.send(answer);
      this.#heed(answer);
      ack(bodyOf(answer, this.#placesOf(answer)));
    });
  }

  send(message: Down): void {
    this.#heed(message);
    this.#socket.emit(message.type, bodyOf(message, this.#placesOf(message)));
  }

  /** By an event or by an ack: it says who the session is. */
  #heed(message: Down): void {
    if (message.type === 'welcome' || message.type === 'authenticated') this.#follow(message.user);
  }

  enter(room: Room): void {
    if (!this.#socket.connected || this.#rooms.has(room)) return;
    let audience = this.#audiences.get(room);
    if (!audience) {
      audience = new SocketIoAudience(this.#io, room);
      this.#audiences.set(room, audience);
      room.attach(audience);
    }
    this.#rooms.add(room);
    audience.add();
    void this.#socket.join(audience.name);
  }

  exit(room: Room): void {
    const audience = this.#audiences.get(room);
    if (!this.#rooms.delete(room) || !audience) return;
    audience.remove();
    if (this.#socket.connected) void this.#socket.leave(audience.name);
    if (audience.size > 0) return;
    this.#audiences.delete(room);
    room.detach(audience);
  }

  buffered(): number {
    const { socket } = this.#socket.conn.transport as unknown as { socket?: WebSocket<object> };
    return this.#socket.connected && socket ? socket.getBufferedAmount() : 0;
  }

  close(reason: CloseReason): void {
    if (this.#socket.connected) endWith(this.#socket, reason);
  }

  gone(): void {
    this.session.closed();
    for (const room of [...this.#rooms]) this.exit(room);
  }

  /** So that `io.to('user:<id>')`, from any server or from the Redis emitter, reaches the user. */
  #follow(user: string | null): void {
    if (this.#user === user) return;
    if (this.#user !== null) void this.#socket.leave(`user:${this.#user}`);
    if (user !== null) void this.#socket.join(`user:${user}`);
    this.#user = user;
  }

  #placesOf(message: Down): number {
    if (message.type !== 'resumed') return 0;
    for (const room of this.#audiences.keys())
      if (room.event === message.event) return room.replica.map.places;
    return Number.MAX_SAFE_INTEGER;
  }
}

/** A private message as socket.io carries it. */
function bodyOf(message: Down, places: number): object {
  if (message.type === 'snapshot') return snapshotBody(message);
  if (message.type === 'resumed') return { ...message, changes: changeList(message.changes, places) };
  return message;
}

/** A client told to reconnect does so by itself when the line is cut, and does not when it is disconnected politely. */
function endWith(socket: Socket, reason: CloseReason): void {
  const { code, message } = CLOSES[reason];
  const reconnect = shouldReconnect(code);
  socket.emit('closed', { reason, code, message, reconnect });
  if (reconnect) socket.conn.close();
  else socket.disconnect(true);
}

/**
 * The gateway: every socket that comes in, and the one uWS app that HTTP shares with it.
 *
 * - `native.ts` and `socket-io.ts` are thin: bytes in, messages out. `session.ts` is the same for both, and decides by one table.
 * - It calls the domain through its contracts and hears of rooms, private messages and sign-outs; nothing calls it but the composition root.
 * - Invariants: a command is answered once; a frame a socket missed is followed by a snapshot or a close; every input of a
 *   client ends in an answer or a close of the catalogue; every queue here has a bound named in `options.ts`.
 * - Only this folder imports socket.io (and the Redis adapter), and only `engine/` uWebSockets.js; it may import the protocol, rooms/ and the
 *   domain's contracts.
 */
import type { Catalogue, Tokens } from '@seatwire/domain';
import { PortTaken } from '@seatwire/program';
import type { UserId } from '@seatwire/protocol';
import type { News } from '@seatwire/store';
import type { Server } from 'socket.io';
import { App, listenOn, stopListening, type TemplatedApp, type us_listen_socket } from '../engine/uws.ts';
import type { RefusalGuard } from '../refusal-guard.ts';
import type { Rooms } from '../rooms/rooms.ts';
import type { Selling } from './command.ts';
import type { GatewayMetrics } from './metrics.ts';
import { serveNative } from './native.ts';
import type { GatewayOptions } from './options.ts';
import { originPolicy } from './origin.ts';
import { Sessions } from './sessions.ts';
import { type SocketIoRedis, serveSocketIo } from './socket-io.ts';

export interface GatewayParts {
  readonly options: GatewayOptions;
  readonly metrics: GatewayMetrics;
  readonly rooms: Rooms;
  readonly tokens: Tokens;
  readonly catalogue: Pick<Catalogue, 'find'>;
  readonly domain: Selling;
  /** null: socket.io without an adapter, for a single process. */
  readonly socketIoRedis: SocketIoRedis | null;
  /** Registers HTTP routes; its catch-all comes last. */
  routes(app: TemplatedApp): void;
  readonly guard: RefusalGuard;
  /** Told of what should not happen. */
  defect(error: unknown, during: string): void;
}

export class Gateway {
  readonly #parts: GatewayParts;
  readonly #sessions: Sessions;
  #app: TemplatedApp | null = null;
  #io: Server | null = null;
  #listening: us_listen_socket | null = null;

  constructor(parts: GatewayParts) {
    this.#parts = parts;
    this.#sessions = new Sessions(parts);
  }

  /** Listens. Returns the port; throws `PortTaken`. */
  async start(): Promise<number> {
    const { options, metrics, routes, socketIoRedis } = this.#parts;
    const origins = originPolicy(options.allowedOrigins, options.allowNoOrigin);
    const ways = { sessions: this.#sessions, options, origins, metrics };
    const app = App();
    this.#app = app;
    serveNative(app, ways);
    this.#io = serveSocketIo(app, { ...ways, redis: socketIoRedis });
    routes(app);
    const listening = await listenOn(app, options);
    if (!listening) {
      await this.stop();
      throw new PortTaken(options.host, options.port);
    }
    this.#listening = listening.socket;
    this.#sessions.start();
    return listening.port;
  }

  get sockets(): number {
    return this.#sessions.size;
  }

  /** Those with a session here. */
  users(): readonly UserId[] {
    return this.#sessions.users();
  }

  /** A private message, or a change of a user's hold, from any server. */
  notify(news: News): void {
    this.#sessions.notify(news);
  }

  /** Signed out: the user's sockets here end at once. `signIn` not null: only those of that sign-in. */
  closeUser(user: UserId, signIn: string | null): void {
    this.#sessions.closeUser(user, signIn);
  }

  /** No new sockets; clients are told to reconnect, pending commands are finished within `ms`, then all are closed. */
  async drain(ms: number): Promise<void> {
    this.#stopListening();
    await this.#sessions.drain(ms);
  }

  /** Ends everything that is left. */
  async stop(): Promise<void> {
    this.#stopListening();
    this.#sessions.stop();
    await this.#io?.close();
    this.#io = null;
    this.#app?.close();
    this.#app = null;
  }

  #stopListening(): void {
    if (this.#listening) stopListening(this.#listening);
    this.#listening = null;
  }
}

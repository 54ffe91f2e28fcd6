/** A native client that hides nothing: each frame the server sent, and how the connection ended. */
import {
  CLOSES,
  type CloseReason,
  type Down,
  type DownOf,
  decodeDown,
  type EventId,
  encodeUp,
  type OpId,
  randomToken,
  SeatMap,
  SUBPROTOCOL,
  type Up,
} from '@seatwire/protocol';
import { type ClientOptions, WebSocket } from 'ws';

/** Thrown when the server does not let the client in. */
export class UpgradeRefused extends Error {
  readonly status: number;
  constructor(status: number) {
    super(`refused with ${status}`);
    this.status = status;
  }
}

export class WireClient {
  readonly socket: WebSocket;
  readonly heard: Down[] = [];
  /** The close code, once closed. */
  readonly ended: Promise<number>;
  #waiting: (() => void)[] = [];
  #read = 0;

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.binaryType = 'nodebuffer';
    socket.on('message', (data: Buffer) => {
      const decoded = decodeDown(data);
      if (!decoded.ok) throw new Error(`the server sent a bad frame: ${decoded.detail}`);
      this.heard.push(decoded.message);
      for (const wake of this.#waiting.splice(0)) wake();
    });
    this.ended = new Promise((resolve) => socket.on('close', (code) => resolve(code)));
    socket.on('error', () => undefined);
  }

  static connect(
    url: string,
    options: ClientOptions = {},
    protocols: string[] = [SUBPROTOCOL],
  ): Promise<WireClient> {
    const socket = new WebSocket(url, protocols, { perMessageDeflate: false, ...options });
    const client = new WireClient(socket);
    return new Promise((resolve, reject) => {
      socket.once('open', () => resolve(client));
      socket.once('unexpected-response', (_request, response) => {
        reject(new UpgradeRefused(response.statusCode ?? 0));
        socket.terminate();
      });
      socket.once('error', reject);
    });
  }

  /** Connected and welcomed. */
  static async open(
    url: string,
    token: string | null = null,
    options: ClientOptions = {},
  ): Promise<WireClient> {
    const client = await WireClient.connect(url, options);
    client.say({ type: 'hello', protocol: 1, token, client: 'test' });
    await client.next('welcome');
    return client;
  }

  say(message: Up): void {
    this.socket.send(encodeUp(message));
  }
  sayBytes(bytes: Uint8Array | string): void {
    this.socket.send(bytes);
  }

  /** The next message of the type that was not returned before; others are skipped. */
  async next<T extends Down['type']>(type: T, timeoutMs = 5_000): Promise<DownOf<T>> {
    const until = Date.now() + timeoutMs;
    for (;;) {
      while (this.#read < this.heard.length) {
        const message = this.heard[this.#read++]!;
        if (message.type === type) return message as DownOf<T>;
      }
      const left = until - Date.now();
      if (left <= 0)
        throw new Error(`no ${type} within ${timeoutMs} ms; heard ${this.heard.map((m) => m.type)}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.#waiting.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
  }

  all<T extends Down['type']>(type: T): DownOf<T>[] {
    return this.heard.filter((message) => message.type === type) as DownOf<T>[];
  }

  async join(event: EventId, since: { epoch: string; version: number } | null = null): Promise<void> {
    this.say({
      type: 'join',
      op: op(),
      event,
      epoch: (since?.epoch ?? null) as never,
      version: since?.version ?? null,
    });
  }

  /** Reads no more from the network, until `resume`. */
  pause(): void {
    this.socket.pause();
  }
  resume(): void {
    this.socket.resume();
  }

  async close(): Promise<void> {
    this.socket.terminate();
    await this.ended;
  }
}

export const op = (): OpId => randomToken() as OpId;

export function reasonOf(code: number): CloseReason | number {
  const found = Object.entries(CLOSES).find(([, close]) => close.code === code);
  return found ? (found[0] as CloseReason) : code;
}

/** Follows one room as a client must, and fails on a frame that does not join on. */
export class MapFollower {
  map: SeatMap | null = null;
  epoch: string | null = null;
  version = -1;
  #room = -1;
  /** Snapshots after the first. */
  resyncs = 0;

  hear(message: Down): void {
    switch (message.type) {
      case 'snapshot':
        if (this.map) this.resyncs++;
        this.map = SeatMap.unpack(message.places, message.map);
        if (!this.map) throw new Error('a snapshot of the wrong length');
        this.#room = message.room;
        this.epoch = message.epoch;
        this.version = message.version;
        break;
      case 'resumed':
        this.#room = message.room;
        if (message.from !== this.version)
          throw new Error(`resumed from ${message.from}, not ${this.version}`);
        this.#apply(message.changes, message.to);
        break;
      case 'diff':
        if (message.room !== this.#room || message.to <= this.version) break;
        if (message.to - message.span !== this.version) {
          throw new Error(`a gap: ${this.version} then ${message.to - message.span}..${message.to}`);
        }
        this.#apply(message.changes, message.to);
        break;
      case 'beacon':
        if (message.room !== this.#room || message.version !== this.version) break;
        if (message.checksum !== this.map?.checksum)
          throw new Error(`beacon of ${message.version} disagrees`);
        break;
      default:
    }
  }

  #apply(changes: Uint8Array, to: number): void {
    if (!this.map?.apply(changes)) throw new Error('malformed changes');
    this.version = to;
  }
}

/** A world for the client's tests: time that passes when told, and sockets whose other end is the test. */
import type { Environment } from '../client/environment.ts';
import type { Down, DownOf } from '../messages/down.ts';
import type { Up, UpOf } from '../messages/up.ts';
import { decodeUp, encodeDown } from '../wire/codec.ts';

export class FakeSocket {
  binaryType = 'nodebuffer';
  onopen: ((event: never) => void) | null = null;
  onmessage: ((event: never) => void) | null = null;
  onclose: ((event: never) => void) | null = null;
  onerror: ((event: never) => void) | null = null;
  readonly url: string;
  readonly protocols: string;
  /** What the client said, decoded as a server would. */
  readonly heard: Up[] = [];
  closedByClient = false;

  constructor(url: string, protocols: string) {
    this.url = url;
    this.protocols = protocols;
  }

  send(data: Uint8Array<ArrayBuffer>): void {
    const decoded = decodeUp(data);
    if (!decoded.ok) throw new Error(`the client sent what a server refuses: ${decoded.detail}`);
    this.heard.push(decoded.message);
  }

  close(): void {
    this.closedByClient = true;
  }

  /** The server accepts the connection. */
  accept(): void {
    this.onopen?.({} as never);
  }

  say(message: Down): void {
    this.sayBytes(encodeDown(message));
  }

  sayBytes(bytes: Uint8Array<ArrayBuffer>): void {
    const data = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
    this.onmessage?.({ data } as never);
  }

  /** The server, or the network, closes. */
  end(code: number): void {
    this.onclose?.({ code } as never);
  }

  /** The messages of one type heard so far. */
  all<Type extends Up['type']>(type: Type): UpOf<Type>[] {
    return this.heard.filter((message): message is UpOf<Type> => message.type === type);
  }

  last<Type extends Up['type']>(type: Type): UpOf<Type> {
    const message = this.all(type).at(-1);
    if (message === undefined) throw new Error(`no ${type} was heard`);
    return message;
  }
}

interface Timer {
  readonly at: number;
  readonly callback: () => void;
}

export class FakeWorld implements Environment {
  readonly sockets: FakeSocket[] = [];
  readonly #timers = new Set<Timer>();
  #time = 1_750_000_000_000;
  /** What `random` gives. */
  luck = 0.5;
  /** What the server's clock is ahead of ours, ms. */
  serverAhead = 0;

  get WebSocket() {
    const { sockets } = this;
    return class extends FakeSocket {
      constructor(url: string, protocols: string) {
        super(url, protocols);
        sockets.push(this);
      }
    };
  }

  readonly now = (): number => this.#time;
  readonly random = (): number => this.luck;

  readonly after = (ms: number, callback: () => void): (() => void) => {
    const timer = { at: this.#time + ms, callback };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  };

  /** The newest socket. */
  get socket(): FakeSocket {
    return this.sockets.at(-1)!;
  }

  /** Timers that are set. */
  get timers(): number {
    return this.#timers.size;
  }

  get serverTime(): number {
    return this.#time + this.serverAhead;
  }

  /** Lets time pass, each timer in its turn. */
  async advance(ms: number): Promise<void> {
    const end = this.#time + ms;
    await settled();
    for (;;) {
      const due = [...this.#timers].filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at)[0];
      if (due === undefined) break;
      this.#time = Math.max(this.#time, due.at);
      this.#timers.delete(due);
      due.callback();
      await settled();
    }
    this.#time = end;
  }

  /** Accepts the newest socket and welcomes whoever says hello on it. */
  async welcome(fields: Partial<DownOf<'welcome'>> = {}): Promise<FakeSocket> {
    await settled();
    const { socket } = this;
    socket.accept();
    socket.say({
      type: 'welcome',
      protocol: 1,
      session: 's1',
      serverTime: this.serverTime,
      heartbeatMs: 10_000,
      user: null,
      role: 'anonymous',
      expiresAt: null,
      ...fields,
    });
    await settled();
    return socket;
  }
}

/** Every promise that can settle has. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

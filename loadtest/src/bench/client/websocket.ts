/**
 * A WebSocket client that costs next to nothing: prebuilt frames out, no object a frame in. Only for load: it trusts its server, and
 * knows no fragmented messages.
 *
 * All sockets of the process read into one buffer, so what a frame's listener gets is valid only during the call.
 */
import { connect, type Socket } from 'node:net';

export interface FrameListener {
  /** The payload lies at buffer[from..to). */
  onFrame(buffer: Buffer, from: number, to: number): void;
  onClose(why: string): void;
}

const READ_BYTES = 256 * 1024;
const reading = Buffer.allocUnsafe(READ_BYTES);
const PONG = Buffer.from([0x8a, 0x80, 0, 0, 0, 0]);

/** A client's frame, masked with zeros so that the payload stands in it as it is. */
export function frame(opcode: 1 | 2, payload: Uint8Array): Buffer {
  const long = payload.length > 125;
  const head = long
    ? [0x80 | opcode, 0xfe, payload.length >> 8, payload.length & 255, 0, 0, 0, 0]
    : [0x80 | opcode, 0x80 | payload.length, 0, 0, 0, 0];
  return Buffer.concat([Buffer.from(head), payload]);
}

export class LoadSocket {
  readonly #socket: Socket;
  #listener: FrameListener | null = null;
  #rest: Buffer | null = null;
  #open = false;
  #opened!: () => void;
  #failed!: (error: Error) => void;
  bytes = 0;

  private constructor(url: URL, path: string, headers: readonly string[]) {
    this.#socket = connect({
      host: url.hostname,
      port: Number(url.port),
      noDelay: true,
      onread: {
        buffer: reading,
        callback: (length) => {
          this.bytes += length;
          this.#read(length);
          return true;
        },
      },
    });
    const request = [
      `GET ${path} HTTP/1.1`,
      `Host: ${url.host}`,
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
      ...headers,
    ];
    this.#socket.write(`${request.join('\r\n')}\r\n\r\n`);
    const ended = (why: string): void => {
      if (!this.#open) this.#failed(new Error(`${url.host}${path}: ${why}`));
      this.#listener?.onClose(why);
    };
    this.#socket.on('error', (error) => ended(error.message));
    this.#socket.on('close', () => ended('closed'));
  }

  /** Resolves once upgraded; `listener` hears every frame. */
  static open(
    url: string,
    path: string,
    headers: readonly string[],
    listener: FrameListener,
  ): Promise<LoadSocket> {
    const socket = new LoadSocket(new URL(url), path, headers);
    socket.#listener = listener;
    return new Promise((resolve, reject) => {
      socket.#opened = () => resolve(socket);
      socket.#failed = reject;
    });
  }

  write(bytes: Uint8Array): void {
    this.#socket.write(bytes);
  }

  /** Several writes until `uncork` leave as one. */
  cork(): void {
    this.#socket.cork();
  }
  uncork(): void {
    this.#socket.uncork();
  }

  close(): void {
    this.#listener = null;
    this.#socket.destroy();
  }

  #read(length: number): void {
    let buffer = reading;
    let end = length;
    if (this.#rest !== null) {
      buffer = Buffer.concat([this.#rest, reading.subarray(0, length)]);
      end = buffer.length;
      this.#rest = null;
    }
    let at = this.#open ? 0 : this.#upgrade(buffer, end);
    while (at >= 0 && at + 2 <= end) {
      const opcode = buffer[at]! & 15;
      let from = at + 2;
      let size = buffer[at + 1]! & 127;
      if (size === 126) {
        if (at + 4 > end) break;
        size = buffer.readUInt16BE(at + 2);
        from = at + 4;
      } else if (size === 127) {
        if (at + 10 > end) break;
        size = buffer.readUInt32BE(at + 6);
        from = at + 10;
      }
      if (from + size > end) break;
      if (opcode <= 2) this.#listener?.onFrame(buffer, from, from + size);
      else if (opcode === 9) this.#socket.write(PONG);
      else if (opcode === 8) {
        const code = size >= 2 ? buffer.readUInt16BE(from) : 0;
        this.#listener?.onClose(`close ${code} ${buffer.toString('utf8', from + 2, from + size)}`);
      }
      at = from + size;
    }
    if (at < 0) at = 0;
    if (at < end) this.#rest = Buffer.from(buffer.subarray(at, end));
  }

  /** Where frames begin; -1 while the answer is not complete. */
  #upgrade(buffer: Buffer, end: number): number {
    const head = buffer.toString('latin1', 0, end);
    const over = head.indexOf('\r\n\r\n');
    if (over < 0) return -1;
    if (!head.startsWith('HTTP/1.1 101')) {
      this.#failed(new Error(`not upgraded: ${head.slice(0, head.indexOf('\r\n'))}`));
      return end;
    }
    this.#open = true;
    this.#opened();
    return over + 4;
  }
}

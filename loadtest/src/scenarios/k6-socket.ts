/**
 * k6's WebSocket as the protocol's client takes it. The subprotocol travels in a header, since k6 passes over the second argument. What is
 * sent while the connection is closing is dropped, as browsers do: k6 throws, which ends a virtual user and all its clients.
 */
import { WebSocket } from 'k6/websockets';

const OPEN = 1;
type On = ((event: never) => void) | null;

export class K6Socket {
  readonly #socket: WebSocket;

  constructor(url: string, protocol: string) {
    this.#socket = new WebSocket(url, null, { headers: { 'Sec-WebSocket-Protocol': protocol } });
  }

  set binaryType(type: string) {
    this.#socket.binaryType = type as WebSocket['binaryType'];
  }
  set onopen(on: On) {
    this.#socket.onopen = on as WebSocket['onopen'];
  }
  set onmessage(on: On) {
    this.#socket.onmessage = on as WebSocket['onmessage'];
  }
  set onclose(on: On) {
    this.#socket.onclose = on as WebSocket['onclose'];
  }
  set onerror(on: On) {
    this.#socket.onerror = on as WebSocket['onerror'];
  }

  send(data: Uint8Array<ArrayBuffer>): void {
    if (this.#socket.readyState === OPEN) this.#socket.send(data);
  }
  close(code?: number): void {
    this.#socket.close(code);
  }
}

/** A socket class of one client, whose present connection can be broken behind the client's back. */
export function breakable(): { readonly Socket: typeof K6Socket; cut(): void } {
  let present: K6Socket | null = null;
  class Socket extends K6Socket {
    constructor(url: string, protocol: string) {
      super(url, protocol);
      present = this;
    }
  }
  return { Socket, cut: () => present?.close() };
}

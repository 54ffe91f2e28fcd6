/** k6's WebSocket as the protocol's client takes it: the subprotocol travels in a header, since k6 passes over the second argument. */
import { WebSocket } from 'k6/websockets';

export class K6Socket extends WebSocket {
  constructor(url: string, protocol: string) {
    super(url, null, { headers: { 'Sec-WebSocket-Protocol': protocol } });
  }
}

/** A socket class of one client, whose present connection can be broken behind the client's back. */
export function breakable(): { readonly Socket: typeof K6Socket; cut(): void } {
  let present: WebSocket | null = null;
  class Socket extends K6Socket {
    constructor(url: string, protocol: string) {
      super(url, protocol);
      // k6's constructor returns an object of its own.
      present = this;
    }
  }
  return { Socket, cut: () => present?.close() };
}

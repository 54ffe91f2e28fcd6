/** k6's WebSocket as the protocol's client takes it: the subprotocol travels in a header, since k6 passes over the second argument. */
import type { SocketConstructor } from '@seatwire/protocol/client';
import { WebSocket } from 'k6/websockets';

export const K6Socket = ((url: string, protocol: string) =>
  new WebSocket(url, null, {
    headers: { 'Sec-WebSocket-Protocol': protocol },
  })) as unknown as SocketConstructor;

/** k6's WebSocket as the protocol's client takes it: the subprotocol travels in a header, since k6 passes over the second argument. */
import { WebSocket } from 'k6/websockets';

export class K6Socket extends WebSocket {
  constructor(url: string, protocol: string) {
    super(url, null, { headers: { 'Sec-WebSocket-Protocol': protocol } });
  }
}

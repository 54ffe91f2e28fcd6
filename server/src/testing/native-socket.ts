/** A native socket that has said hello, for tests of what happens to it. */
import { decodeDown, encodeUp, PROTOCOL_VERSION, SUBPROTOCOL } from '@seatwire/protocol';
import { WebSocket } from 'ws';

export interface NativeSocket {
  readonly socket: WebSocket;
  /** The close code. */
  readonly closed: Promise<number>;
}

/** Resolves once welcome came. */
export async function openNative(port: number, token: string | null): Promise<NativeSocket> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/ws`, SUBPROTOCOL);
  const closed = new Promise<number>((resolve) => socket.once('close', resolve));
  await new Promise((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  const welcomed = new Promise<void>((resolve, reject) => {
    socket.once('message', (data) => {
      const decoded = decodeDown(new Uint8Array(data as Buffer));
      if (decoded.ok && decoded.message.type === 'welcome') resolve();
      else reject(new Error(`not welcomed: ${JSON.stringify(decoded)}`));
    });
    void closed.then((code) => reject(new Error(`closed with ${code}`)));
  });
  socket.send(encodeUp({ type: 'hello', protocol: PROTOCOL_VERSION, token, client: 'test' }));
  await welcomed;
  return { socket, closed };
}

import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

// Below 32768, where Linux's range for outgoing connections begins: a port from that range can be lost to
// any client between our look and the store's bind.
const FIRST = 20_000;
const LAST = 32_767;

/** A loopback TCP port nobody listened on a moment ago. */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const port = randomInt(FIRST, LAST + 1);
    if (await canListen(port)) return port;
  }
  throw new Error(`no free port found between ${FIRST} and ${LAST}`);
}

function canListen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/** A slow line to a local server, for browsers in tests: every byte, and every end, waits the same time in either direction. */
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface SlowLine {
  /** What a browser opens in place of the server's address. */
  readonly url: string;
  stop(): Promise<void>;
}

/** `roundTripMs`: half of it each way. */
export async function slowLine(target: string, roundTripMs: number): Promise<SlowLine> {
  const { hostname, port } = new URL(target);
  const open = new Set<Socket>();
  const later = (work: () => void) => setTimeout(work, roundTripMs / 2);
  const carry = (from: Socket, to: Socket): void => {
    open.add(from);
    from.setNoDelay(true);
    // Timers of one length fire in the order they were set, so bytes stay in order.
    from.on('data', (bytes) => later(() => to.destroyed || to.write(bytes)));
    from.on('end', () => later(() => to.destroyed || to.end()));
    from.on('error', () => undefined);
    from.on('close', () => {
      open.delete(from);
      later(() => to.destroy());
    });
  };
  const server = createServer({ allowHalfOpen: true }, (near) => {
    const far = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
    carry(near, far);
    carry(far, near);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      for (const socket of open) socket.destroy();
      await new Promise<void>((closed) => server.close(() => closed()));
    },
  };
}

/** From nothing to a socket that was greeted and, with an event, has joined it. */
import { type Dialect, newHeard, SOCKET_IO_PONG } from './dialect.ts';
import { LoadSocket } from './websocket.ts';

/** Connecting at once: enough to be quick, few enough for a listen backlog. */
const AT_ONCE = 50;

export interface Visitor {
  readonly socket: LoadSocket;
  /** Hears what comes after. Set before anything more is sent. */
  listen(onFrame: (buffer: Buffer, from: number, to: number) => void): void;
  /** The version of the map that was joined. */
  readonly version: number;
}

export async function visit(
  dialect: Dialect,
  url: string,
  token: string | null,
  event: string | null,
  trouble: (why: string) => void,
): Promise<Visitor> {
  const greeting = [...dialect.greeting(token)];
  const heard = newHeard();
  let listener: ((buffer: Buffer, from: number, to: number) => void) | null = null;
  let version = 0;
  let answered: () => void = () => undefined;
  let joined = false;
  const arrived = new Promise<void>((resolve) => {
    answered = resolve;
  });
  let socket: LoadSocket | null = null;
  socket = await LoadSocket.open(url, dialect.path, dialect.headers, {
    onFrame(buffer, from, to) {
      if (joined && listener !== null) return listener(buffer, from, to);
      dialect.read(buffer, from, to, heard);
      if (heard.kind === 'greeted') {
        if (event === null) {
          joined = true;
          answered();
        } else socket?.write(dialect.join(event));
      } else if (heard.kind === 'joined') {
        joined = true;
        version = heard.version;
        answered();
      } else if (heard.kind === 'change') {
        listener?.(buffer, from, to);
      } else if (heard.kind === 'ping') socket?.write(SOCKET_IO_PONG);
    },
    onClose: trouble,
  });
  for (const hello of greeting) socket.write(hello);
  await arrived;
  return {
    socket,
    version,
    listen(onFrame) {
      listener = onFrame;
    },
  };
}

/** Visits so many, a bounded number at once, in order of their number. */
export async function visitAll(count: number, one: (i: number) => Promise<Visitor>): Promise<Visitor[]> {
  const visitors: Visitor[] = [];
  let next = 0;
  const worker = async () => {
    while (next < count) {
      const i = next++;
      visitors[i] = await one(i);
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, count) }, worker));
  return visitors;
}

/** The two socket ways in, as a test's buyer uses them. */
import { type Down, type EventId, SeatMap } from '@seatwire/protocol';
import { SeatwireClient, type SocketConstructor } from '@seatwire/protocol/client';
import { io, type Socket } from 'socket.io-client';
import { WebSocket } from 'ws';

export function nativeClient(url: string, token: string | null): SeatwireClient {
  const client = new SeatwireClient({
    url: `${url.replace(/^http/, 'ws')}/ws`,
    WebSocket: WebSocket as unknown as SocketConstructor,
    token: async () => token,
    name: 'e2e',
  });
  client.start();
  return client;
}

/** A map kept over socket.io, by the snapshot and diff events alone. */
export interface SocketIoClient {
  readonly socket: Socket;
  readonly map: () => SeatMap;
  readonly version: () => number;
  /** The answer to a command: the server's message as an object. */
  command(name: string, payload: object): Promise<Down>;
  close(): void;
}

interface SocketIoDiff {
  readonly event: EventId;
  readonly from: number;
  readonly to: number;
  readonly changes: readonly (readonly [number, 0 | 1 | 2 | 3])[];
}

export async function socketIoClient(url: string, token: string, event: EventId): Promise<SocketIoClient> {
  const socket = io(url, { transports: ['websocket'], auth: { token }, reconnection: false });
  let map: SeatMap | null = null;
  let version = 0;
  const gaps: string[] = [];
  socket.on('snapshot', (snapshot: { version: number; places: number; map: Uint8Array }) => {
    map = SeatMap.unpack(snapshot.places, new Uint8Array(snapshot.map));
    version = snapshot.version;
  });
  socket.on('diff', (diff: SocketIoDiff) => {
    if (diff.event !== event || diff.to <= version) return;
    if (diff.from > version) gaps.push(`diff from ${diff.from} at version ${version}`);
    for (const [place, code] of diff.changes) map?.set(place, code);
    version = diff.to;
  });
  const command = (name: string, payload: object) =>
    socket.timeout(15_000).emitWithAck(name, payload) as Promise<Down>;
  const joined = (await command('join', {
    op: `join-${Date.now()}`,
    event,
    epoch: null,
    version: null,
  })) as Down;
  if (joined.type !== 'snapshot') throw new Error(`socket.io could not join: ${JSON.stringify(joined)}`);
  map ??= SeatMap.unpack(joined.places, new Uint8Array(joined.map));
  version = Math.max(version, joined.version);
  return {
    socket,
    map: () => {
      if (gaps.length > 0) throw new Error(`the socket.io map has gaps: ${gaps[0]}`);
      return map!;
    },
    version: () => version,
    command,
    close: () => socket.disconnect(),
  };
}

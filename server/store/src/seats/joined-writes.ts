/**
 * Commands of one turn of the event loop leave in one write. ioredis's own auto-pipelining does that too, but keeps one batch on its
 * way at a time and hands out no answer before the batch's last: under load servers and Redis then wait for each other in turns.
 */
import type { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import type { Cluster, Redis } from 'ioredis';

export function joinWrites(client: Redis | Cluster): void {
  const either: EventEmitter = client;
  if (client.isCluster) either.on('+node', (node: Redis) => joinWritesOf(node));
  else joinWritesOf(client as Redis);
}

function joinWritesOf(connection: Redis): void {
  // A connection made again has another socket.
  connection.on('connect', () => cork(connection.stream));
}

function cork(socket: Socket): void {
  const write = socket.write;
  const uncork = (): void => socket.uncork();
  const joined = (...args: Parameters<Socket['write']>): boolean => {
    if (socket.writableCorked === 0) {
      socket.cork();
      setImmediate(uncork);
    }
    return write.apply(socket, args);
  };
  socket.write = joined as Socket['write'];
}

/**
 * Commands of one turn of the event loop leave in one write. ioredis's own auto-pipelining does that too, but keeps one batch on its
 * way at a time and gives no answer before the batch's last: under load, server and Redis then take turns waiting for each other.
 * `atTurnsEnd` runs work at the end of the turn, and its commands still leave in that write.
 */
import type { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import type { Cluster, Redis } from 'ioredis';

export function joinWrites(client: Redis | Cluster): void {
  const either: EventEmitter = client;
  if (client.isCluster) either.on('+node', (node: Redis) => joinWritesOf(node));
  else joinWritesOf(client as Redis);
}

let putOff: (() => void)[] = [];
let corked: Socket[] = [];
let ending = false;

/** `work` does not throw. */
export function atTurnsEnd(work: () => void): void {
  putOff.push(work);
  endTurn();
}

function endTurn(): void {
  if (ending) return;
  ending = true;
  setImmediate(() => {
    const works = putOff;
    putOff = [];
    for (const work of works) work();
    const sockets = corked;
    corked = [];
    ending = false;
    for (const socket of sockets) socket.uncork();
  });
}

function joinWritesOf(connection: Redis): void {
  // A connection made again has another socket.
  connection.on('connect', () => cork(connection.stream));
}

function cork(socket: Socket): void {
  const write = socket.write;
  const joined = (...args: Parameters<Socket['write']>): boolean => {
    if (socket.writableCorked === 0) {
      socket.cork();
      corked.push(socket);
      endTurn();
    }
    return write.apply(socket, args);
  };
  socket.write = joined as Socket['write'];
}

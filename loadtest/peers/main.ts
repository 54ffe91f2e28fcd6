/**
 * Three services that do what Seatwire's hold does, the way it is usually built, to be measured beside it:
 *
 *   node loadtest/dist/peers/main.js http-set-nx      socket.io on node's http (ws), SET NX a seat, JSON, Redis adapter
 *   node loadtest/dist/peers/main.js uws-set-nx       the same on uWebSockets.js
 *   node loadtest/dist/peers/main.js http-for-update  socket.io on node's http, SELECT ... FOR UPDATE in Postgres
 *   node loadtest/dist/peers/main.js no-op            no peer: the server that shows what the load client can do
 *
 * The second argument is JSON: `{redisUrl, databaseUrl, events, places}`. Prints one JSON line with its port, on 127.0.0.1, and ends with
 * its standard input. Each is written as its documentation recommends; what they leave out (versions, repeats, rules, expiry that
 * others hear of, proof) is what makes them short, and is to their advantage here.
 */

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdapter } from '@socket.io/redis-adapter';
import { Redis } from 'ioredis';
import { Server } from 'socket.io';
import { uWS } from './engine.ts';
import { serveNoOp } from './no-op.ts';
import { type PeerServer, serveRooms } from './room.ts';
import type { Seats } from './seats.ts';
import { seatsForUpdate } from './seats-for-update.ts';
import { seatsBySetNx } from './seats-set-nx.ts';

interface Place {
  readonly redisUrl: string;
  readonly databaseUrl: string;
  readonly events: readonly string[];
  /** Of each event. */
  readonly places: number;
}

const [name, given] = process.argv.slice(2);
const { redisUrl, databaseUrl, events, places } = JSON.parse(given ?? '{}') as Place;
process.stdin.once('close', () => process.exit()).resume();
const port = await serve();
process.stdout.write(`${JSON.stringify({ port })}\n`);

async function serve(): Promise<number> {
  switch (name) {
    case 'http-set-nx':
      return listenOnHttp(socketIo(seatsBySetNx(redisUrl)));
    case 'uws-set-nx':
      return listenOnUws(socketIo(seatsBySetNx(redisUrl)));
    case 'http-for-update':
      return listenOnHttp(socketIo(await seatsForUpdate(databaseUrl, events, places)));
    case 'no-op':
      return serveNoOp();
    default:
      throw new Error(`no such peer: ${name}`);
  }
}

function socketIo(seats: Seats): PeerServer {
  const publisher = new Redis(redisUrl);
  const adapter = createAdapter(publisher, publisher.duplicate());
  const io: PeerServer = new Server({ transports: ['websocket'], serveClient: false, adapter });
  serveRooms(io, seats);
  return io;
}

function listenOnHttp(io: PeerServer): Promise<number> {
  const http = createServer();
  io.attach(http);
  return new Promise((resolve) => {
    http.listen(0, '127.0.0.1', () => resolve((http.address() as AddressInfo).port));
  });
}

function listenOnUws(io: PeerServer): Promise<number> {
  const app = uWS.App();
  io.attachApp(app);
  return new Promise((resolve, reject) => {
    app.listen('127.0.0.1', 0, (socket) =>
      socket ? resolve(uWS.us_socket_local_port(socket)) : reject(new Error('cannot listen')),
    );
  });
}

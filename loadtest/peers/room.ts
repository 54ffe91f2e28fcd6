/** The peers' socket.io application: join an event's room, hold places, everybody in the room hears of it, the buyer gets an ack. */
import type { Server } from 'socket.io';
import type { Seats, Wish } from './seats.ts';

interface ToServer {
  join(event: string, ack: (answer: { ok: boolean }) => void): void;
  hold(wish: Wish, ack: (answer: { ok: boolean; places?: readonly number[] }) => void): void;
}
interface ToClient {
  seats(change: { event: string; places: readonly number[]; state: 'held' | 'free' }): void;
}
export type PeerServer = Server<ToServer, ToClient>;

export function serveRooms(io: PeerServer, seats: Seats): void {
  io.on('connection', (socket) => {
    // "Discard the initial HTTP request": saves its memory, as the documentation's page on performance recommends.
    (socket.conn as unknown as { request: unknown }).request = null;
    socket.on('join', async (event, ack) => {
      await socket.join(event);
      ack({ ok: true });
    });
    socket.on('hold', async (wish, ack) => {
      try {
        const held = await seats.hold(socket.id, wish);
        ack(held ? { ok: true, places: wish.places } : { ok: false });
        if (held) io.to(wish.event).emit('seats', { event: wish.event, places: wish.places, state: 'held' });
      } catch (error) {
        process.stderr.write(`${String(error)}\n`);
        ack({ ok: false });
      }
    });
  });
}

/** The socket.io sockets of one room. Each server has its own replica of the room, so it publishes locally: `io.local`. */
import { type DownOf, decodeChanges, type MapCode } from '@seatwire/protocol';
import type { Server } from 'socket.io';
import type { Audience, RoomMessage } from '../rooms/audience.ts';
import type { Room } from '../rooms/room.ts';

export class SocketIoAudience implements Audience {
  /** socket.io's name for the room. */
  readonly name: string;
  readonly #io: Server;
  readonly #room: Room;
  #size = 0;

  constructor(io: Server, room: Room) {
    this.#io = io;
    this.#room = room;
    this.name = `room:${room.event}`;
  }

  get size(): number {
    return this.#size;
  }
  add(): void {
    this.#size++;
  }
  remove(): void {
    this.#size--;
  }

  /** One room, no `except`: socket.io then publishes natively, encoded once. */
  publish(message: RoomMessage): void {
    this.#io.local.to(this.name).emit(message.type, bodyOf(message, this.#room));
  }
}

export interface SocketIoDiff {
  readonly event: string;
  readonly from: number;
  readonly to: number;
  /** [place, map code] */
  readonly changes: readonly (readonly [number, MapCode])[];
}

function bodyOf(message: RoomMessage, room: Room): object {
  switch (message.type) {
    case 'diff':
      return diffBody(room, message);
    case 'snapshot':
      return snapshotBody(message);
    case 'beacon':
      return { event: room.event, version: message.version, checksum: message.checksum };
    case 'presence':
      return { event: room.event, viewers: message.viewers };
  }
}

function diffBody(room: Room, diff: DownOf<'diff'>): SocketIoDiff {
  const { places } = room.replica.map;
  return {
    event: room.event,
    from: diff.to - diff.span,
    to: diff.to,
    changes: changeList(diff.changes, places),
  };
}

export function changeList(changes: Uint8Array, places: number): [number, MapCode][] {
  const list: [number, MapCode][] = [];
  decodeChanges(changes, places, (place, code) => list.push([place, code]));
  return list;
}

/** The map as 2 bits a place, as one binary attachment. */
export function snapshotBody(snapshot: DownOf<'snapshot'>): object {
  return { ...snapshot, map: Buffer.from(snapshot.map) };
}

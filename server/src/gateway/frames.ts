/**
 * Messages to frames. What goes to many sockets (a diff, a snapshot during a stampede, a private message) is encoded once per object;
 * messages are never changed after they were made. An answer is for one socket: remembering it would only feed the collector.
 */
import { type Down, encodeDown } from '@seatwire/protocol';

const SHARED: ReadonlySet<Down['type']> = new Set([
  'snapshot',
  'diff',
  'beacon',
  'presence',
  'stats',
  'order',
  'hold-changed',
  'hold-ending',
  'hold-ended',
]);

const frames = new WeakMap<Down, Uint8Array>();

export function frameOf(message: Down): Uint8Array {
  if (!SHARED.has(message.type)) return encodeDown(message);
  let frame = frames.get(message);
  if (!frame) {
    frame = encodeDown(message);
    frames.set(message, frame);
  }
  return frame;
}

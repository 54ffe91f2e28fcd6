/** A message object said to many sockets (a diff, a snapshot during a stampede, a notice) is encoded once. Messages are never changed after they were made. */
import { type Down, encodeDown } from '@seatwire/protocol';

const frames = new WeakMap<Down, Uint8Array>();

export function encodeOnce(message: Down): Uint8Array {
  let frame = frames.get(message);
  if (!frame) {
    frame = encodeDown(message);
    frames.set(message, frame);
  }
  return frame;
}

/** Seatwire's own wire, read at fixed places: the codec is what a client uses, but a load must cost less than what it loads. */
import { type EventId, encodeUp, type OpId, PROTOCOL_VERSION, SUBPROTOCOL } from '@seatwire/protocol';
import type { Dialect, Heard } from './dialect.ts';
import { frame } from './websocket.ts';

const OP_DIGITS = 9;
const FIXSTR = 0xa0;
const UINT32 = 0xce;
const UINT64 = 0xcf;
/** [code, op (1 + 10), event (2 + 36), hold (1 + 22)]: where `held` has its fence. */
const FENCE_AT = 2 + (1 + 1 + OP_DIGITS) + 38 + 23;

const op = (index: number) => `h${String(index).padStart(OP_DIGITS, '0')}` as OpId;

/** The frame of a hold for each event and number of places, patched for every command. */
const templates = new Map<
  string,
  { readonly bytes: Buffer; readonly opAt: number; readonly placesAt: number }
>();

function template(event: string, count: number) {
  const key = `${event}/${count}`;
  let made = templates.get(key);
  if (!made) {
    // Places of 5 bytes each, so that any place fits where the next one stands.
    const places = Array.from({ length: count }, () => 100_000);
    const bytes = frame(2, encodeUp({ type: 'hold', op: op(0), event: event as EventId, places }));
    const opAt = bytes.indexOf(op(0)) + 1;
    made = { bytes, opAt, placesAt: bytes.length - 5 * count };
    templates.set(key, made);
  }
  return made;
}

/** A msgpack unsigned integer; `next` is where what follows it begins. */
function uint(buffer: Buffer, at: number): { value: number; next: number } {
  const first = buffer[at]!;
  if (first < 0x80) return { value: first, next: at + 1 };
  if (first === 0xcc) return { value: buffer[at + 1]!, next: at + 2 };
  if (first === 0xcd) return { value: buffer.readUInt16BE(at + 1), next: at + 3 };
  if (first === UINT32) return { value: buffer.readUInt32BE(at + 1), next: at + 5 };
  return { value: buffer.readUInt32BE(at + 1) * 2 ** 32 + buffer.readUInt32BE(at + 5), next: at + 9 };
}

function indexAt(buffer: Buffer, at: number): number {
  if (buffer[at] !== FIXSTR + 1 + OP_DIGITS) return -1;
  let index = 0;
  for (let i = at + 2; i < at + 2 + OP_DIGITS; i++) index = index * 10 + buffer[i]! - 48;
  return index;
}

/** The codes of PROTOCOL.md's table, from server to client. */
const WELCOME = 1;
const SNAPSHOT = 3;
const DIFF = 5;
const HELD = 7;
const REJECTED = 12;

export const seatwire: Dialect = {
  path: '/ws',
  headers: [`Sec-WebSocket-Protocol: ${SUBPROTOCOL}`],
  greeting: (token) => [
    frame(2, encodeUp({ type: 'hello', protocol: PROTOCOL_VERSION, token, client: 'bench' })),
  ],
  join: (event) =>
    frame(
      2,
      encodeUp({
        type: 'join',
        op: 'join-bench' as OpId,
        event: event as EventId,
        epoch: null,
        version: null,
      }),
    ),
  hold(index, event, places) {
    const { bytes, opAt, placesAt } = template(event, places.length);
    for (let i = opAt + OP_DIGITS - 1, left = index; i >= opAt; i--, left = Math.floor(left / 10)) {
      bytes[i] = 48 + (left % 10);
    }
    for (let i = 0; i < places.length; i++) {
      bytes[placesAt + 5 * i] = UINT32;
      bytes.writeUInt32BE(places[i]!, placesAt + 5 * i + 1);
    }
    return Buffer.from(bytes);
  },
  read(buffer, from, to, heard: Heard) {
    switch (buffer[from + 1]) {
      case DIFF: {
        heard.kind = 'change';
        heard.version = uint(buffer, uint(buffer, from + 2).next).value;
        return;
      }
      case HELD:
        heard.kind = 'granted';
        heard.index = indexAt(buffer, from + 2);
        heard.at = buffer[from + FENCE_AT] === UINT64 ? uint(buffer, from + FENCE_AT).value : 0;
        return;
      case REJECTED:
        heard.kind = 'refused';
        heard.index = indexAt(buffer, from + 2);
        return;
      case WELCOME:
        heard.kind = 'greeted';
        return;
      case SNAPSHOT: {
        heard.kind = 'joined';
        // [code, event (2 + 36), room, epoch (1 + 22), version]
        const afterRoom = uint(buffer, from + 2 + 38).next;
        heard.version = uint(buffer, afterRoom + 23).value;
        return;
      }
      default:
        heard.kind = 'other';
    }
    void to;
  },
};

// A load test to begin with: buyers who watch one event, hold a place and give it back. The protocol is spoken by hand, since k6
// has no packages: as much msgpack as the messages are made of fits below.
//
//   npm start -- --quiet                    in another terminal
//   k6 run protocol/examples/hello.k6.js
//   k6 run -e SEATWIRE_URL=http://... -e SEATWIRE_EVENT=... --vus 20 --iterations 20 protocol/examples/hello.k6.js
//
// Each buyer signs up, which a server allows an address only so often (SIGN_INS_PER_MINUTE). loadtest/ has scenarios that say more.
import { check, fail } from 'k6';
import http from 'k6/http';
import { Counter, Trend } from 'k6/metrics';
import { WebSocket } from 'k6/websockets';

export const options = { vus: 5, iterations: 5, thresholds: { checks: ['rate==1'] } };

const SERVER = __ENV.SEATWIRE_URL || 'http://localhost:3000';
// Codes of the messages, from PROTOCOL.md.
const UP = { hello: 1, join: 3, holdBest: 6, release: 8 };
const DOWN = { welcome: 1, snapshot: 3, diff: 5, held: 7, released: 9, rejected: 12 };

const holdMs = new Trend('seatwire_hold_ms', true);
const diffs = new Counter('seatwire_diffs');

/** Once, before everybody: which event. */
export function setup() {
  if (__ENV.SEATWIRE_EVENT) return __ENV.SEATWIRE_EVENT;
  const { events } = http.get(`${SERVER}/api/events`).json();
  return events.find(({ saleOpensAt }) => Date.parse(saleOpensAt) <= Date.now()).id;
}

export default function visit(event) {
  const token = signUp();
  // k6 passes over the second argument; the subprotocol travels in a header.
  const socket = new WebSocket(`${SERVER.replace(/^http/, 'ws')}/ws`, null, {
    headers: { 'Sec-WebSocket-Protocol': 'seatwire.v1.msgpack' },
  });
  socket.binaryType = 'arraybuffer';
  const say = (...message) => socket.send(pack(message).buffer);
  let askedAt = 0;
  let done = false;
  const late = setTimeout(() => socket.close(), 20_000);

  socket.onopen = () => say(UP.hello, 1, token, 'hello.k6.js');
  socket.onmessage = ({ data }) => {
    const [code, ...fields] = unpack(new Uint8Array(data));
    if (code === DOWN.welcome) say(UP.join, op('join'), event, null, null);
    if (code === DOWN.snapshot) {
      askedAt = Date.now();
      say(UP.holdBest, op('hold'), event, 1, null, null, true);
    }
    if (code === DOWN.diff) diffs.add(1);
    if (code === DOWN.held) {
      holdMs.add(Date.now() - askedAt);
      const [, , hold] = fields;
      say(UP.release, op('free'), event, hold);
    }
    if (code === DOWN.rejected) console.error(`${fields[1]}: ${fields[3]}`);
    done = code === DOWN.released;
    if (done || code === DOWN.rejected) socket.close();
  };
  socket.onclose = () => {
    clearTimeout(late);
    check(done, { 'a place was held and given back': (is) => is });
  };
}

/** A buyer of its own, since one buyer may hold only so many places. */
function signUp() {
  const name = `k6-${__VU}-${__ITER}-${Date.now()}`;
  const body = JSON.stringify({ name, email: `${name}@example.test`, password: `${name}-secret` });
  const answer = http.post(`${SERVER}/api/auth/register`, body, {
    headers: { 'content-type': 'application/json' },
  });
  if (answer.status !== 201) fail(`no account: ${answer.body}`);
  return answer.json('accessToken');
}

/** New for each command; the same one again would ask for the same answer. */
function op(what) {
  return `${what}-${__VU}-${__ITER}-${Date.now()}`;
}

/** Integers up to 16 bits, ASCII, booleans, nil and short arrays: all that is said here. */
function pack(value) {
  if (value === null) return Uint8Array.of(0xc0);
  if (typeof value === 'boolean') return Uint8Array.of(value ? 0xc3 : 0xc2);
  if (typeof value === 'number')
    return value < 0x80 ? Uint8Array.of(value) : Uint8Array.of(0xcd, value >> 8, value & 0xff);
  if (typeof value === 'string')
    return joined([
      Uint8Array.of(0xda, value.length >> 8, value.length & 0xff),
      Uint8Array.from([...value], (letter) => letter.charCodeAt(0)),
    ]);
  return joined([Uint8Array.of(0x90 | value.length), ...value.map(pack)]);
}

function joined(parts) {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Whatever a server says: no maps, no extension types. Bytes come back as bytes. */
function unpack(frame) {
  const view = new DataView(frame.buffer);
  let at = 0;
  const skip = (count) => {
    at += count;
    return at - count;
  };
  const size = (width) => Number(`0x${hex(frame.subarray(skip(width), at))}`);
  const text = (length) => String.fromCharCode(...frame.subarray(skip(length), at));
  const list = (length) => Array.from({ length }, value);
  function value() {
    const head = frame[skip(1)];
    if (head < 0x80) return head;
    if (head >= 0xe0) return head - 0x100;
    if (head >= 0x90 && head < 0xa0) return list(head & 0x0f);
    if (head >= 0xa0 && head < 0xc0) return text(head & 0x1f);
    if (head === 0xc0) return null;
    if (head === 0xc2 || head === 0xc3) return head === 0xc3;
    if (head >= 0xc4 && head <= 0xc6) return frame.subarray(skip(size(1 << (head - 0xc4))), at);
    if (head === 0xcb) return view.getFloat64(skip(8));
    if (head >= 0xcc && head <= 0xcf) return size(1 << (head - 0xcc));
    if (head >= 0xd9 && head <= 0xdb) return text(size(1 << (head - 0xd9)));
    if (head === 0xdc || head === 0xdd) return list(size(head === 0xdc ? 2 : 4));
    throw new Error(`not of this protocol: 0x${head.toString(16)}`);
  }
  return value();
}

function hex(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

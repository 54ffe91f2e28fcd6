/** The peers' wire: socket.io 4 with its own parser (JSON), one packet a text frame. */
import type { Dialect, Heard } from './dialect.ts';
import { frame } from './websocket.ts';

const text = (words: string) => frame(1, Buffer.from(words, 'latin1'));
const DIGIT_0 = 48;

/** Engine.IO packet types, and the socket.io packet types behind a 4. */
const OPEN = 48;
const PING = 50;
const MESSAGE = 52;
const CONNECT = 48;
const EVENT = 50;
const ACK = 51;
/** The ack number of a join; holds count from 0. */
const JOIN = 999_999_999;

export const socketIo: Dialect = {
  path: '/socket.io/?EIO=4&transport=websocket',
  headers: [],
  greeting: () => [text('40')],
  join: (event) => text(`42${JOIN}["join",${JSON.stringify(event)}]`),
  hold: (index, event, places) => text(`42${index}["hold",{"event":"${event}","places":[${places.join()}]}]`),
  read(buffer, from, _to, heard: Heard) {
    heard.kind = 'other';
    if (buffer[from] === PING) heard.kind = 'ping';
    if (buffer[from] === OPEN || buffer[from] !== MESSAGE) return;
    const type = buffer[from + 1];
    if (type === CONNECT) heard.kind = 'greeted';
    else if (type === EVENT) {
      heard.kind = 'change';
      heard.version = 0;
    } else if (type === ACK) {
      let index = 0;
      let at = from + 2;
      for (; buffer[at]! >= DIGIT_0 && buffer[at]! <= DIGIT_0 + 9; at++) {
        index = index * 10 + buffer[at]! - DIGIT_0;
      }
      heard.index = index;
      heard.at = 0;
      heard.version = 0;
      // [{"ok":true...}] or [{"ok":false...}]
      if (index === JOIN) heard.kind = 'joined';
      else heard.kind = buffer[at + 7] === 116 ? 'granted' : 'refused';
    }
  },
};

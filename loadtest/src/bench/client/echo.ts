/**
 * The dialects of servers that only answer greetings and commands with themselves: `echo` counts the answers to holds (what the load
 * client reaches there is its own ceiling), `sink` counts the changes it is sent.
 */
import type { Dialect, Heard } from './dialect.ts';
import { seatwire } from './seatwire.ts';

/** Codes of PROTOCOL.md's tables; 5 is a hold on the way up, and a diff on the way down. */
const HELLO = 1;
const JOIN = 3;
const HOLD_OR_DIFF = 5;
const OP_AT = 4;
const DIGITS = 9;

function readGreeting(buffer: Buffer, from: number, heard: Heard): void {
  heard.version = 0;
  heard.at = 0;
  if (buffer[from + 1] === HELLO) heard.kind = 'greeted';
  else if (buffer[from + 1] === JOIN) heard.kind = 'joined';
  else heard.kind = 'other';
}

export const echo: Dialect = {
  ...seatwire,
  read(buffer, from, _to, heard) {
    readGreeting(buffer, from, heard);
    if (buffer[from + 1] !== HOLD_OR_DIFF) return;
    let index = 0;
    for (let i = from + OP_AT; i < from + OP_AT + DIGITS; i++) index = index * 10 + buffer[i]! - 48;
    heard.kind = 'granted';
    heard.index = index;
  },
};

export const sink: Dialect = {
  ...seatwire,
  read(buffer, from, _to, heard) {
    readGreeting(buffer, from, heard);
    if (buffer[from + 1] === HOLD_OR_DIFF) heard.kind = 'change';
  },
};

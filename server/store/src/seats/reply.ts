/** The scripts' words back into values. Their grammar stands in each script's header; nothing in it holds a space but the spaces. */
import {
  type Epoch,
  type HoldId,
  type MapCode,
  type OrderId,
  type RejectCode,
  refused,
  type UserId,
} from '@seatwire/protocol';
import { DIGEST_LENGTH } from './command-shape.ts';
import type { Granted, Hold, Result } from './seat-store.ts';
import type { Transition } from './transition.ts';

const HEAD = '1800000000'.length + DIGEST_LENGTH;

/** An answer comes as it is kept, behind the second it was given and its digest; a refusal is kept nowhere. */
export function answerOf(reply: string): string {
  return reply.startsWith('no ') ? reply : reply.slice(HEAD);
}

/** `no <code> [places]`, or `ok <version> ...` with the rest read by `grant`. */
export function readResult<T>(reply: string, grant: (words: readonly string[]) => T): Result<T> {
  const words = reply.split(' ');
  if (words[0] === 'no')
    return refused(words[1] as RejectCode, words[2] === undefined ? undefined : readNumbers(words[2]));
  return { ok: true, version: Number(words[1]), ...grant(words.slice(2)) } as Granted<T>;
}

export function readNumbers(csv: string): number[] {
  return csv === '' ? [] : csv.split(',').map(Number);
}

/** `<hold> <h|p> <fence> <heldAt> <expiresAt> <buyer> <order|-> <currency> <places> <prices>` */
export function readHold(words: readonly string[]): Hold {
  const prices = readNumbers(words[9]!);
  return {
    hold: words[0] as HoldId,
    state: words[1] === 'p' ? 'paying' : 'held',
    fence: Number(words[2]),
    heldAt: Number(words[3]),
    expiresAt: Number(words[4]),
    buyer: words[5] as UserId,
    order: words[6] === '-' ? null : (words[6] as OrderId),
    currency: words[7]!,
    places: readNumbers(words[8]!),
    prices,
    amount: prices.reduce((sum, price) => sum + price, 0),
  };
}

/** A message of the feed: one transition a line, in order. */
export function readTransitions(text: string): Transition[] {
  return text.split('\n').map(readTransition);
}

/** `<epoch> <version> <kind> <code> <places> [<hold>:<buyer>,...]`; entries from before holds were named lack the last word. */
export function readTransition(text: string): Transition {
  const words = text.split(' ');
  return {
    epoch: words[0] as Epoch,
    version: Number(words[1]),
    kind: words[2] as Transition['kind'],
    code: Number(words[3]) as MapCode,
    places: readNumbers(words[4]!),
    holds: words[5] ? words[5].split(',').map(readHoldOf) : [],
  };
}

function readHoldOf(text: string): Transition['holds'][number] {
  const [hold, buyer] = text.split(':');
  return { hold: hold as HoldId, buyer: buyer as UserId };
}

/** Map code of a letter's code. */
const CODE_OF_LETTER = new Uint8Array(128);
for (const [letters, code] of [
  ['hHpP', 1],
  ['sS', 2],
  ['bB', 3],
] as const) {
  for (const letter of letters) CODE_OF_LETTER[letter.charCodeAt(0)] = code;
}

/** Letters of the map to map codes: 50k places in 0.05 ms. */
export function readMap(letters: Uint8Array): Uint8Array {
  const codes = new Uint8Array(letters.length);
  for (let i = 0; i < letters.length; i++) codes[i] = CODE_OF_LETTER[letters[i]!]!;
  return codes;
}

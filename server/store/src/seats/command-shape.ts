/**
 * What can be said of a command without knowing the event: both stores refuse the same nonsense with the same codes before they
 * look at anything, and both compare commands under one op id by the same digest.
 */
import { hash } from 'node:crypto';
import { MAX_PLACES, MAX_PLACES_PER_COMMAND, refused as no, type Refusal } from '@seatwire/protocol';
import type { HoldCommand, HoldRef } from './seat-store.ts';

const TOKEN = /^[A-Za-z0-9_-]{22}$/;
const ID = /^[A-Za-z0-9_-]{1,64}$/;

const isCount = (n: number) => Number.isSafeInteger(n) && n >= 1;
const isAmount = (n: number) => Number.isSafeInteger(n) && n >= 0;

/** Ids become parts of keys and of space-separated words, so their alphabet is checked here once more. */
export function badIds(...ids: readonly string[]): Refusal | null {
  return ids.every((id) => ID.test(id)) ? null : no('bad_request');
}

/** `order`: of the commands that name one. */
export function badRef(command: HoldRef, order?: string): Refusal | null {
  return badIds(
    command.event,
    command.buyer,
    command.op,
    command.hold,
    ...(order === undefined ? [] : [order]),
  );
}

export function badHold(command: HoldCommand): Refusal | null {
  const { want } = command;
  if (!TOKEN.test(command.hold)) return no('bad_request');
  const ids = badIds(command.event, command.buyer, command.op);
  if (ids !== null) return ids;
  if (want.kind === 'places') {
    if (want.places.length !== want.prices.length || !want.prices.every(isAmount)) return no('bad_request');
    if (want.places.length > MAX_PLACES_PER_COMMAND) return no('too_many_places');
    return badPlaces(want.places);
  }
  if (!isCount(want.count)) return no('bad_request');
  if (want.count > MAX_PLACES_PER_COMMAND) return no('too_many_places');
  const sound = want.stretches.every((s) => isAmount(s.first) && isCount(s.count) && isAmount(s.price));
  return sound ? null : no('bad_request');
}

/** At least one place, each a place of some chart, none twice. */
export function badPlaces(places: readonly number[]): Refusal | null {
  if (places.length === 0 || !places.every(isAmount)) return no('bad_request');
  const beyond = places.filter((place) => place >= MAX_PLACES);
  if (beyond.length > 0) return no('unknown_place', beyond);
  const seen = new Set<number>();
  const twice = places.filter((place) => seen.size === seen.add(place).size);
  return twice.length > 0 ? no('duplicate_place', twice) : null;
}

export const DIGEST_LENGTH = 16;

/**
 * That many characters that differ for commands that ask for different things. The hold's fresh id, prices and their revision are not
 * part of a hold's: a client that repeats its op asks for the same places, even if their price has changed.
 */
export function digest(kind: string, ...parts: readonly (string | number)[]): string {
  return hash('sha1', `${kind}\n${parts.join('\n')}`, 'base64url').slice(0, DIGEST_LENGTH);
}

export function holdDigest(want: HoldCommand['want']): string {
  if (want.kind === 'places') return digest('hold', want.places.toSorted((a, b) => a - b).join());
  const where = want.stretches.map(({ first, count }) => `${first}+${count}`);
  return digest('best', want.count, String(want.together), where.join());
}

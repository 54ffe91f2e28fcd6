import { MAX_PLACES } from '../words/ids.ts';
import * as limits from '../words/limits.ts';
import { table } from './markdown.ts';

/** A new limit without words here does not compile. */
const MEANINGS: Readonly<Record<keyof typeof limits, string>> = {
  MAX_UP_BYTES: 'bytes of a frame from a client; beyond: close `bad_frame`',
  MAX_UP_ARRAY: 'elements of an array in a frame from a client; beyond: close `bad_frame`',
  MAX_UP_ELEMENTS: 'elements of all arrays of a frame from a client together; beyond: close `bad_frame`',
  MAX_UP_DEPTH:
    'arrays within arrays in a frame from a client, the message included; beyond: close `bad_frame`',
  MAX_DOWN_BYTES: 'bytes of a frame from a server',
  MAX_DOWN_ARRAY: 'elements of an array in a frame from a server',
  MAX_DOWN_ELEMENTS: 'elements of all arrays of a frame from a server together',
  MAX_DOWN_DEPTH: 'arrays within arrays in a frame from a server, the message included',
  MAX_PLACES_PER_COMMAND: 'places in one command; an event may allow fewer (`too_many_places`)',
  MAX_ROOMS_PER_SESSION: 'rooms a session is in at a time; beyond: `already_joined`',
  COMMAND_MS: 'ms that a command may take; beyond: `unavailable`',
};

export function limitsTable(): string {
  const values = new Map<string, number>(Object.entries(limits));
  const rows = Object.entries(MEANINGS).map(([name, meaning]) => [figure(values.get(name)!), meaning]);
  return table(['at most', 'of'], [...rows, [figure(MAX_PLACES), 'places of one event']]);
}

const figure = (value: number): string => value.toLocaleString('en');

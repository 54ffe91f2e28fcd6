import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import * as z from 'zod';
import type { MessageDef } from '../messages/define.ts';
import { DOWN } from '../messages/down.ts';
import { UP } from '../messages/up.ts';
import { PROTOCOL_FLOOR, PROTOCOL_HISTORY, PROTOCOL_VERSION, SUBPROTOCOL } from './version.ts';

/** All that both ends must agree on: direction, type, code, and each field's name and schema, in wire order. Docs are not of it. */
function wire(direction: string, defs: readonly MessageDef[]): unknown {
  return defs
    .toSorted((a, b) => a.code - b.code)
    .map(({ type, code, fields }) => [
      direction,
      type,
      code,
      Object.entries(fields).map(([name, schema]) => [
        name,
        z.toJSONSchema(schema as z.ZodType, { unrepresentable: 'any' }),
      ]),
    ]);
}

const hashOf = (up: readonly MessageDef[], down: readonly MessageDef[]) =>
  createHash('sha256')
    .update(JSON.stringify([wire('up', up), wire('down', down)]))
    .digest('hex')
    .slice(0, 16);

/** One entry a version, never changed once released. A message changed? Add a version, its line in PROTOCOL_HISTORY, and its hash here. */
const HASHES: Readonly<Record<number, string>> = {
  1: '63fdd55eb3266b46',
};

test('[H2] the messages are those of the current version', () => {
  expect(hashOf(UP, DOWN)).toBe(HASHES[PROTOCOL_VERSION]);
});

test('[H2] a changed bound, a renamed field and a new order each change the hash', () => {
  const [first, ...rest] = UP as readonly MessageDef[];
  const variant = (fields: Record<string, z.ZodType>) =>
    hashOf([{ ...first!, fields } as MessageDef, ...rest], DOWN);
  const { protocol, token, client } = first!.fields as Record<string, z.ZodType>;
  const unchanged = variant({ protocol: protocol!, token: token!, client: client! });
  expect(unchanged).toBe(hashOf(UP, DOWN));
  expect(variant({ protocol: protocol!, client: client!, token: token! })).not.toBe(unchanged);
  expect(variant({ protocol: protocol!, token: token!, name: client! })).not.toBe(unchanged);
  expect(variant({ protocol: protocol!, token: token!, client: z.string().max(65) })).not.toBe(unchanged);
});

test('every version since the first has its line of history and its hash', () => {
  const versions = Array.from({ length: PROTOCOL_VERSION }, (_, i) => i + 1);
  expect(Object.keys(PROTOCOL_HISTORY).map(Number)).toEqual(versions);
  expect(Object.keys(HASHES).map(Number)).toEqual(versions);
  expect(PROTOCOL_FLOOR).toBeLessThanOrEqual(PROTOCOL_VERSION);
  expect(SUBPROTOCOL).toBe(`seatwire.v${PROTOCOL_VERSION}.msgpack`);
});

test.each([
  ['up', UP],
  ['down', DOWN],
])('%s codes and types are unique', (_, defs: readonly MessageDef[]) => {
  expect(new Set(defs.map((def) => def.code)).size).toBe(defs.length);
  expect(new Set(defs.map((def) => def.type)).size).toBe(defs.length);
});

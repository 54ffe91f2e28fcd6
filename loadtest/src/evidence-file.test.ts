import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SeatMap, uuidv7 } from '@seatwire/protocol';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { gatherParts, NoParts, writePart } from './evidence-file.ts';
import { type Evidence, judge } from './proof.ts';
import type { Result } from './result.ts';

const EPOCH = 'e'.repeat(22);
const event = uuidv7();
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'seatwire-parts-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const SOLD = [3, 7];
const OCCASION = {
  title: 'A run',
  venue: 'Hall',
  city: 'Testville',
  startsAt: '2026-12-21T20:00:00.000Z',
  timeZone: 'Etc/UTC',
};

/** Generator `i` (from 1) of two bought one of the two places, with one socket. */
function part(i: number, place = SOLD[i - 1]!): Evidence {
  const map = new SeatMap(10);
  for (const sold of SOLD) map.set(sold, 2);
  const id = uuidv7();
  const tickets = [{ id: `t${i}`, place, label: 'A1', price: 100 }];
  const order = { id, event, status: 'confirmed', amount: 100, currency: 'EUR', tickets, reason: null };
  return {
    sockets: 1,
    findings: [
      { kind: 'map', socket: 0, epoch: EPOCH, version: 9, checksum: map.checksum, sold: 2, held: 0 },
      { kind: 'progress', vu: 1, joined: 1, granted: 1, refused: 0, bought: 1, rejoined: 0 },
    ],
    orders: [
      { ...order, ...OCCASION, createdAt: '2026-11-21T12:00:00.000Z' },
    ] as unknown as Evidence['orders'],
    before: new SeatMap(10),
    after: { epoch: EPOCH, version: 9, map },
    complete: false,
  };
}
const write = (i: number, of: number, evidence: Evidence, result: Result = 'passed') =>
  writePart(folder, { number: i, of }, event, evidence, result);

describe('several load generators', () => {
  test('several load generators are proven together, by all of their sockets and buyers', () => {
    for (const i of [1, 2]) write(i, 2, part(i));
    const { evidence, results } = gatherParts(folder);
    expect(results).toEqual(['passed', 'passed']);
    expect(evidence.findings.map((finding) => 'socket' in finding && finding.socket)).toEqual([0, 1]);
    expect(judge(evidence)).toMatchObject({ proven: true, problems: [] });
  });

  test('several load generators fail together when two of them bought the same place, though each is content', () => {
    write(1, 2, part(1));
    write(2, 2, part(2, 3));
    expect(judge(part(2, 3)).proven).toBe(true);
    expect(judge(gatherParts(folder).evidence).soldTwice).toEqual([3]);
  });

  test('several load generators are not proven while one is missing, or of another run', () => {
    expect(() => gatherParts(folder)).toThrow(NoParts);
    write(1, 2, part(1));
    expect(() => gatherParts(folder)).toThrow(/Part 2 of 2 is missing/);
    writePart(folder, { number: 2, of: 2 }, uuidv7(), part(2), 'passed');
    expect(() => gatherParts(folder)).toThrow(/different runs/);
  });

  test('each of several load generators says how it ended', () => {
    write(2, 2, part(2), 'undecided');
    write(1, 2, part(1), 'failed');
    expect(gatherParts(folder).results).toEqual(['failed', 'undecided']);
  });
});

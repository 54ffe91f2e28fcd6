/** One load generator's evidence as a file, and the evidence of all of them as one: so that what several did is proven once. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { orderBody, SeatMap } from '@seatwire/protocol';
import type { Part } from './config.ts';
import type { Evidence } from './proof.ts';
import type { Result } from './result.ts';
import type { Finding } from './run-file.ts';

/** The parts are not all there, or not of one run. The message says which. */
export class NoParts extends Error {
  override readonly name = 'NoParts';
}

interface PartFile {
  readonly part: Part;
  readonly event: string;
  readonly sockets: number;
  readonly findings: readonly Finding[];
  readonly orders: readonly unknown[];
  /** base64 of 2 bits a place. */
  readonly before: string;
  readonly places: number;
  readonly after: { readonly epoch: string; readonly version: number; readonly map: string };
  readonly result: Result;
}

export function writePart(
  folder: string,
  part: Part,
  event: string,
  evidence: Evidence,
  result: Result,
): string {
  const { sockets, orders, before, after } = evidence;
  const file: PartFile = {
    part,
    event,
    sockets,
    findings: evidence.findings.filter(({ kind }) => kind !== 'progress'),
    orders,
    before: packed(before),
    places: before.places,
    after: { ...after, map: packed(after.map) },
    result,
  };
  const name = join(folder, `part-${part.number}-of-${part.of}.json`);
  writeFileSync(name, JSON.stringify(file));
  return name;
}

export interface Gathered {
  readonly evidence: Evidence;
  /** How each part ended by itself, the first one first. */
  readonly results: readonly Result[];
}

/** Throws `NoParts`. */
export function gatherParts(folder: string): Gathered {
  const files = readdirSync(folder)
    .filter((name) => /^part-\d+-of-\d+\.json$/.test(name))
    .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as PartFile)
    .sort((a, b) => a.part.number - b.part.number);
  const [first] = files;
  if (first === undefined) throw new NoParts(`There is no part-1-of-….json in ${folder}.`);
  if (files.some(({ event, part }) => event !== first.event || part.of !== first.part.of))
    throw new NoParts('The parts are of different runs.');
  const there = new Set(files.map(({ part }) => part.number));
  const absent = Array.from({ length: first.part.of }, (_, i) => i + 1).filter((i) => !there.has(i));
  if (absent.length > 0) throw new NoParts(`Part ${absent.join(', ')} of ${first.part.of} is missing.`);
  // All read the map before anybody bought, and after everybody had; what moved in between is not theirs.
  const last = files.reduce((a, b) => (b.after.version > a.after.version ? b : a));
  let sockets = 0;
  const findings: Finding[] = [];
  for (const file of files) {
    const from = sockets;
    findings.push(
      ...file.findings.map((finding) =>
        finding.kind === 'progress' ? finding : { ...finding, socket: finding.socket + from },
      ),
    );
    sockets += file.sockets;
  }
  return {
    evidence: {
      sockets,
      findings,
      orders: files.flatMap(({ orders }) => orderBody.array().parse(orders)),
      before: unpacked(first.places, first.before),
      complete: true,
      after: { ...last.after, map: unpacked(last.places, last.after.map) },
    },
    results: files.map(({ result }) => result),
  };
}

const packed = (map: SeatMap): string => Buffer.from(map.pack()).toString('base64');

function unpacked(places: number, text: string): SeatMap {
  const map = SeatMap.unpack(places, Buffer.from(text, 'base64'));
  if (map === null) throw new NoParts('A part has a map that is not as long as its places.');
  return map;
}

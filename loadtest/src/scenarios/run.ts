/** What every scenario shares: the run file, metrics, thresholds, and how sockets are spread over k6's virtual users. */
import { Counter, Trend } from 'k6/metrics';
import type { Options } from 'k6/options';
import type { Finding, RunFile } from '../run-file.ts';

export const run = JSON.parse(open(__ENV.SEATWIRE_RUN!)) as RunFile;

/** A virtual user is about 3 MB and an engine of its own; a socket is little. So few users with many sockets each. */
const SOCKETS_PER_VU = 50;
/**
 * The sockets that are timed. In a large run they have a virtual user to themselves: one that decodes the frames of 50 sockets is
 * itself late by up to seconds, and would be measured in place of the server.
 */
const TIMED = Math.min(run.sockets, run.sockets > SOCKETS_PER_VU ? 10 : SOCKETS_PER_VU);
const vus = 1 + Math.ceil((run.sockets - TIMED) / SOCKETS_PER_VU);

export const options: Options = {
  scenarios: {
    buyers: {
      executor: 'per-vu-iterations',
      vus,
      iterations: 1,
      maxDuration: `${Math.ceil((run.readsAt - Date.now()) / 1000) + 60}s`,
    },
  },
  thresholds: {
    seatwire_trouble: ['count==0'],
    seatwire_join_ms: ['p(95)<5000'],
    seatwire_hold_ms: ['p(95)<1000'],
    seatwire_confirm_ms: ['p(95)<5000'],
    seatwire_places_bought: ['count>0'],
  },
  summaryTrendStats: ['min', 'med', 'p(95)', 'p(99)', 'max'],
};

/** From `join` to the first whole map, sign-in included. */
export const joinMs = new Trend('seatwire_join_ms', true);
/** From `hold` to its answer, granted or refused. */
export const holdMs = new Trend('seatwire_hold_ms', true);
/** From `pay` to `confirmed`, the payment provider's answer included. */
export const confirmMs = new Trend('seatwire_confirm_ms', true);
export const granted = new Counter('seatwire_holds_granted');
export const refused = new Counter('seatwire_holds_refused');
export const bought = new Counter('seatwire_places_bought');
const trouble = new Counter('seatwire_trouble');

/** The sockets of this virtual user. `vu` counts from 1. */
export function socketsOf(vu: number): number[] {
  const first = vu === 1 ? 0 : TIMED + (vu - 2) * SOCKETS_PER_VU;
  const count = vu === 1 ? TIMED : Math.min(SOCKETS_PER_VU, run.sockets - first);
  return Array.from({ length: Math.max(0, count) }, (_, i) => first + i);
}

/** Adds the time since `began`, if the socket is one of those that are timed. */
export function time(trend: Trend, socket: number, began: number): void {
  if (socket < TIMED) trend.add(Date.now() - began);
}

export function report(finding: Finding): void {
  if (finding.kind === 'trouble') trouble.add(1);
  console.log(JSON.stringify(finding));
}

export const until = (at: number): Promise<void> => pause(Math.max(0, at - Date.now()));
export const pause = (ms: number): Promise<void> => new Promise((done) => void setTimeout(() => done(), ms));

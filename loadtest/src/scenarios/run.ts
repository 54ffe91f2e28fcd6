/** What every scenario shares: the run file, thresholds, and how sockets are spread over k6's virtual users. */
import type { Options } from 'k6/options';
import type { Finding, RunFile } from '../run-file.ts';
import { trouble } from './metrics.ts';

export const run = JSON.parse(open(__ENV.SEATWIRE_RUN!)) as RunFile;

/** A virtual user is about 3 MB and an engine of its own; a socket is little. So few users with many sockets each. */
const SOCKETS_PER_VU = 50;
/**
 * The sockets that are timed. In a large run they have a virtual user to themselves: one that decodes the frames of 50 sockets is
 * itself late by up to seconds, and would be measured in place of the server.
 */
export const TIMED = Math.min(run.sockets, run.sockets > SOCKETS_PER_VU ? 10 : SOCKETS_PER_VU);
const vus = 1 + Math.ceil((run.sockets - TIMED) / SOCKETS_PER_VU);

export const PURCHASES = { seatwire_confirm_ms: ['p(95)<5000'], seatwire_places_bought: ['count>0'] };

/** `thresholds`: those of the scenario, besides what always holds. */
export function optionsWith(thresholds: NonNullable<Options['thresholds']> = {}): Options {
  return {
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
      ...thresholds,
    },
    summaryTrendStats: ['min', 'med', 'p(95)', 'p(99)', 'max', 'count'],
  };
}

/** The sockets of this virtual user. `vu` counts from 1. */
export function socketsOf(vu: number): number[] {
  const first = vu === 1 ? 0 : TIMED + (vu - 2) * SOCKETS_PER_VU;
  const count = vu === 1 ? TIMED : Math.min(SOCKETS_PER_VU, run.sockets - first);
  return Array.from({ length: Math.max(0, count) }, (_, i) => first + i);
}

export function report(finding: Finding): void {
  if (finding.kind === 'trouble') trouble.add(1);
  console.log(JSON.stringify(finding));
}

export const until = (at: number): Promise<void> => pause(Math.max(0, at - Date.now()));
export const pause = (ms: number): Promise<void> => new Promise((done) => void setTimeout(() => done(), ms));

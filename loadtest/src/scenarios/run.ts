/** What every scenario shares: the run file, metrics, thresholds, and how sockets are spread over k6's virtual users. */
import { Counter, Trend } from 'k6/metrics';
import type { Options } from 'k6/options';
import type { Finding, RunFile } from '../run-file.ts';

export const run = JSON.parse(open(__ENV.SEATWIRE_RUN!)) as RunFile;

/** A virtual user is about 3 MB and an engine of its own; a socket is little. So few users with many sockets each. */
const SOCKETS_PER_VU = 50;
const vus = Math.ceil(run.sockets / SOCKETS_PER_VU);

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
  const first = (vu - 1) * SOCKETS_PER_VU;
  return Array.from(
    { length: Math.max(0, Math.min(SOCKETS_PER_VU, run.sockets - first)) },
    (_, i) => first + i,
  );
}

export function report(finding: Finding): void {
  if (finding.kind === 'trouble') trouble.add(1);
  console.log(JSON.stringify(finding));
}

export const until = (at: number): Promise<void> => pause(Math.max(0, at - Date.now()));
export const pause = (ms: number): Promise<void> => new Promise((done) => void setTimeout(() => done(), ms));

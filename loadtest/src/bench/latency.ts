/**
 * How long a buyer waits for the answer, and how old a change is when the last of 1,000 viewers hears it. Paced, beside socket.io on
 * uWS. A hold's fence is the microsecond of Redis TIME it was granted at, and fences rise with versions: so the n-th least fence is
 * that of version n, and its age is known without a word more on the wire.
 */
import type { Bench, Finding, Surroundings } from './finding.ts';
import { type LoadOutcome, runLoad } from './run-load.ts';
import { freshEvents, ours, peer } from './services.ts';
import { median, percentile, spread } from './spread.ts';
import { openStage, type Stage } from './stage.ts';

const VIEWERS = 1_000;
const PLACES = 50_000;
/** TICK_MS, and 10 ms. */
const WANTED_AGE_MS = 30;
const RATES = [80, 1_000] as const;

interface Pair {
  readonly mine: LoadOutcome;
  readonly theirs: LoadOutcome;
}

export const latency: Bench = {
  name: 'latency',
  about:
    'time to the answer at 80 and 1,000 holds a second, and the age of a change at the last of 1,000 viewers',
  async run(around) {
    const rounds = 5;
    const stage = await openStage({
      buyers: 1_000,
      halls: [{ events: rounds * RATES.length, rows: PLACES / 50, seatsPerRow: 50 }],
    });
    try {
      const halls = [...stage.events[0]!];
      const findings: Finding[] = [];
      for (const perSecond of RATES) {
        const pairs: Pair[] = [];
        for (let round = 0; round < rounds; round++) {
          pairs.push(await measure(stage, around, halls.pop()!, perSecond));
        }
        findings.push(...judge(pairs, perSecond));
      }
      return findings;
    } finally {
      await stage.stop();
    }
  },
};

async function measure(
  stage: Stage,
  { say, hinderMs }: Surroundings,
  event: string,
  perSecond: number,
): Promise<Pair> {
  const wish = (events: readonly string[]) => ({
    events,
    places: PLACES,
    placesPerHold: 2,
    viewers: VIEWERS,
    pace: { perSecond },
    warmUpMs: 1000,
    windowMs: perSecond < 500 ? 5000 : 4000,
    timing: true,
  });
  const own = await ours(stage, hinderMs);
  const mine = await runLoad(own, wish([event])).finally(() => own.stop());
  const events = freshEvents(1);
  const other = await peer('uws-set-nx', stage, events, PLACES);
  const theirs = await runLoad(other, wish(events)).finally(() => other.stop());
  const p99 = (outcome: LoadOutcome) => percentile(outcome.buyers.latencies, 0.99).toFixed(1);
  say(
    `${perSecond} holds/s: p99 ${p99(mine)} ms, uws-set-nx ${p99(theirs)} ms; ` +
      `a change at the last viewer p99 ${percentile(agesOf(mine), 0.99).toFixed(1)} ms`,
  );
  return { mine, theirs };
}

function judge(pairs: readonly Pair[], perSecond: number): Finding[] {
  const of = (which: keyof Pair) => pairs.map((pair) => percentile(pair[which].buyers.latencies, 0.99));
  const ratios = of('theirs').map((theirs, i) => theirs / of('mine')[i]!);
  const ages = pairs.map(({ mine }) => percentile(agesOf(mine), 0.99));
  return [
    {
      goal: '5',
      what: `answer to a hold, p99, at ${perSecond}/s, ${VIEWERS} viewers`,
      figure: `${median(of('mine')).toFixed(1)} ms (p50 ${medianLatency(pairs, 'mine')} ms)`,
      calibration: `uws-set-nx ${median(of('theirs')).toFixed(1)} ms (p50 ${medianLatency(pairs, 'theirs')} ms)`,
      ratio: median(ratios),
      wanted: perSecond >= 1000 ? 3 : 1,
      collapse: 0.1,
      runs: pairs.length,
      spread: spread(ratios),
    },
    {
      goal: '5',
      what: `a change at the last of ${VIEWERS} viewers, p99, at ${perSecond}/s`,
      figure: `${median(ages).toFixed(1)} ms after its commit`,
      calibration: `a goal of ${WANTED_AGE_MS} ms`,
      ratio: WANTED_AGE_MS / median(ages),
      wanted: 1,
      collapse: 0.1,
      runs: pairs.length,
      spread: spread(ages),
    },
  ];
}

const medianLatency = (pairs: readonly Pair[], which: keyof Pair) =>
  median(pairs.map((pair) => percentile(pair[which].buyers.latencies, 0.5))).toFixed(1);

/** ms from each grant to the moment the last viewer had it. */
function agesOf({ buyers, viewers }: LoadOutcome): number[] {
  if (!viewers) return [];
  const told = viewers.heard.filter(([, , count]) => count === VIEWERS).toSorted(([a], [b]) => a - b);
  // The last version is that of the last grant: everything that was asked had been answered before the report.
  const granted = buyers.grantedAt.toSorted((a, b) => a - b);
  const firstVersion = viewers.reached - granted.length + 1;
  const ages: number[] = [];
  let next = 0;
  granted.forEach((at, i) => {
    while (next < told.length && told[next]![0] < firstVersion + i) next++;
    const frame = told[next];
    if (frame) ages.push((frame[1] - at) / 1000);
  });
  return ages;
}

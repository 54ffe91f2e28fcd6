/**
 * What is granted while three times as much is offered as can be carried, beside the most that is granted when buyers wait: of the whole
 * way over sockets, and of the seat store alone, where the control without bounds shows what they are for.
 */
import { join } from 'node:path';
import { PROJECT } from '../config.ts';
import { outputOf } from './built-program.ts';
import type { Bench, Finding, Surroundings } from './finding.ts';
import { type LoadOutcome, type LoadWish, runLoad } from './run-load.ts';
import { ours } from './services.ts';
import { median, percentile, spread } from './spread.ts';
import { openStage, type Stage } from './stage.ts';

const BUYERS = 1_000;
const PLACES = 200_000;
const TIMES = 3;
const WANTED = 0.8;
const STORE = join(PROJECT, 'server', 'store', 'dist', 'seats', 'overload.bench.js');
const STORE_WITHIN_MS = 120_000;
const LINE =
  /peak (\d+)\/s; of \d+\/s offered (\d+)\/s \(\d+% of the peak\) granted, without bounds (\d+)\/s/;

export const overload: Bench = {
  name: 'overload',
  about: 'holds granted a second while three times the peak is offered, against the peak',
  async run(around) {
    const rounds = around.quick ? 1 : 3;
    const stage = await openStage({
      buyers: BUYERS,
      // What is refused leaves gaps, and must not make others leave orphans.
      halls: [{ events: 2 * rounds, rows: PLACES / 50, seatsPerRow: 50, noOrphans: false }],
    });
    const peaks: LoadOutcome[] = [];
    const floods: LoadOutcome[] = [];
    try {
      const halls = [...stage.events[0]!];
      for (let round = 0; round < rounds; round++) {
        const peak = await load(stage, around, halls.pop()!, { depth: 1 });
        const perSecond = Math.round(TIMES * peak.grantedPerSecond);
        const flood = await load(stage, around, halls.pop()!, { perSecond });
        around.say(
          `peak ${Math.round(peak.grantedPerSecond)} holds/s; of ${perSecond}/s offered ${Math.round(flood.grantedPerSecond)}/s granted, ` +
            `${flood.refused} refused; half were answered within ${percentile(flood.buyers.latencies, 0.5).toFixed(0)} ms`,
        );
        peaks.push(peak);
        floods.push(flood);
      }
    } finally {
      await stage.stop();
    }
    const ratios = floods.map((flood, i) => flood.grantedPerSecond / peaks[i]!.grantedPerSecond);
    const rate = (outcomes: readonly LoadOutcome[]) =>
      `${Math.round(median(outcomes.map(({ grantedPerSecond }) => grantedPerSecond)))} holds/s`;
    return [
      {
        goal: '10',
        what: `granted while ${TIMES} times the peak is offered`,
        figure: rate(floods),
        calibration: `the peak: ${rate(peaks)}; a goal of ${WANTED} of it`,
        ratio: median(ratios) / WANTED,
        wanted: around.quick ? 0 : 1,
        collapse: 0,
        runs: rounds,
        spread: spread(ratios),
      },
      await ofTheStore(around),
    ];
  },
};

async function ofTheStore({ quick, say }: Surroundings): Promise<Finding> {
  const out = await outputOf([STORE, ...(quick ? ['--quick'] : [])], STORE_WITHIN_MS);
  say(out.trim());
  const [peak, bounded, control] = (LINE.exec(out)?.slice(1) ?? []).map(Number);
  if (control === undefined) throw new Error(`the overload benchmark printed something else:\n${out}`);
  return {
    goal: '10',
    what: `the same of the seat store alone`,
    figure: `${bounded} holds/s; without bounds ${control}`,
    calibration: `the peak: ${peak} holds/s; a goal of ${WANTED} of it`,
    ratio: bounded! / peak! / WANTED,
    wanted: quick ? 0 : 1,
    collapse: 0,
    runs: 1,
    spread: 0,
  };
}

async function load(
  stage: Stage,
  { hinderMs, quick }: Surroundings,
  event: string,
  pace: LoadWish['pace'],
): Promise<LoadOutcome> {
  const service = await ours(stage, hinderMs);
  try {
    return await runLoad(service, {
      events: [event],
      places: PLACES,
      placesPerHold: 1,
      viewers: 200,
      pace,
      warmUpMs: 1_000,
      windowMs: quick ? 2_000 : 3_000,
      mayRefuse: 1,
    });
  } finally {
    await service.stop();
  }
}

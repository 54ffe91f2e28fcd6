/** What is granted while three times as much is offered as can be carried, beside the most that is granted when buyers wait. */
import type { Bench, Surroundings } from './finding.ts';
import { type LoadOutcome, type LoadWish, runLoad } from './run-load.ts';
import { ours } from './services.ts';
import { median, percentile, spread } from './spread.ts';
import { openStage, type Stage } from './stage.ts';

const BUYERS = 1_000;
const PLACES = 200_000;
const TIMES = 3;
const WANTED = 0.8;

export const overload: Bench = {
  name: 'overload',
  about: 'holds granted a second while three times the peak is offered, against the peak',
  async run(around) {
    const rounds = around.quick ? 1 : 3;
    const stage = await openStage({
      buyers: BUYERS,
      halls: [{ events: 2 * rounds, rows: PLACES / 50, seatsPerRow: 50 }],
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
        collapse: 0.2,
        runs: rounds,
        spread: spread(ratios),
      },
    ];
  },
};

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

/** What joining the changes of a tick in one frame is worth: changes told a CPU second, and the server's CPU at 1,000 holds a second. */
import type { Bench, Finding } from './finding.ts';
import { type Published, publishingTo } from './publishing.ts';
import { type LoadOutcome, runLoad } from './run-load.ts';
import { ours } from './services.ts';
import { median, spread } from './spread.ts';
import { openStage } from './stage.ts';

const VIEWERS = 1_000;
const HOLDS_PER_SECOND = 1_000;
const PLACES = 50_000;

export const conflation: Bench = {
  name: 'conflation',
  about: 'changes told with and without joining those of a tick; the server’s CPU at 1,000 holds a second',
  run: async ({ quick, say }) => [await told(quick), ...(quick ? [] : [await cpu(say)])],
};

async function told(quick: boolean): Promise<Finding> {
  const rounds = await publishingTo(VIEWERS, quick ? 3 : 5, quick ? 400 : 1000);
  const rate = ({ changes, cpuUs }: Published) => (changes * 1e6) / cpuUs;
  // One publish a change, each leaving at once, is what a service without ticks does.
  const ratios = rounds.map((round) => rate(round['conflated-32']) / rate(round.publish));
  const joined = median(rounds.map((round) => rate(round['conflated-32'])));
  const single = median(rounds.map(({ publish }) => rate(publish)));
  const batched = median(rounds.map((round) => rate(round['publish-32'])));
  const millions = (value: number) => `${(value / 1e6).toFixed(2)} M/s`;
  return {
    goal: '2',
    what: '32 changes joined in one frame to 1,000 sockets',
    figure: `${millions(joined)} of CPU time`,
    calibration: `one publish a change: ${millions(single)}; 32 in one turn: ${millions(batched)}`,
    ratio: median(ratios),
    wanted: quick ? 0 : 20,
    collapse: 5,
    runs: ratios.length,
    spread: spread(ratios),
  };
}

/** With a tick of 1 ms nearly every change of a paced load has a frame of its own. */
async function cpu(say: (line: string) => void): Promise<Finding> {
  const rounds = 3;
  const ticks = [20, 1] as const;
  const outcomes = new Map<number, LoadOutcome[]>(ticks.map((tick) => [tick, []]));
  for (let round = 0; round < rounds; round++) {
    for (const tick of ticks) {
      const stage = await openStage({
        buyers: 64,
        halls: [{ events: 1, rows: PLACES / 50, seatsPerRow: 50 }],
        env: { TICK_MS: String(tick) },
      });
      try {
        const outcome = await runLoad(await ours(stage), {
          events: stage.events[0]!,
          places: PLACES,
          placesPerHold: 2,
          viewers: VIEWERS,
          pace: { perSecond: HOLDS_PER_SECOND },
          warmUpMs: 1000,
          windowMs: 5000,
        });
        say(
          `tick ${tick} ms: ${Math.round(outcome.cpu.service * 100)}% of a core for ${Math.round(outcome.framesPerSecond / VIEWERS)} frames/s to each viewer`,
        );
        outcomes.get(tick)!.push(outcome);
      } finally {
        await stage.stop();
      }
    }
  }
  const shares = (tick: number) => outcomes.get(tick)!.map((outcome) => outcome.cpu.service);
  const ratios = shares(20).map((share, i) => shares(1)[i]! / share);
  return {
    goal: '2',
    what: "the server's CPU at 1,000 holds/s, 1,000 viewers",
    figure: `${Math.round(median(shares(20)) * 100)}% of a core with a tick of 20 ms`,
    calibration: `${Math.round(median(shares(1)) * 100)}% with one of 1 ms`,
    ratio: median(ratios),
    wanted: 2,
    collapse: 0.5,
    runs: rounds,
    spread: spread(ratios),
  };
}

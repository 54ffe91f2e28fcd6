/** What joining the changes of a tick in one frame is worth: changes told a CPU second, and the server's CPU at 1,000 holds a second. */
import type { Bench, Finding } from './finding.ts';
import { type Published, type Publishing, publishingTo } from './publishing.ts';
import { runLoad } from './run-load.ts';
import { ours } from './services.ts';
import { median, spread } from './spread.ts';
import { openStage } from './stage.ts';

const VIEWERS = 1_000;
const HOLDS_PER_SECOND = 1_000;
const PLACES = 50_000;

export const conflation: Bench = {
  name: 'conflation',
  about: 'changes told with and without joining those of a tick; the server’s CPU at 1,000 holds a second',
  async run({ quick, say }) {
    const rounds = await publishingTo(VIEWERS, quick ? 3 : 5, quick ? 400 : 1000);
    const findings = [told(rounds, quick)];
    if (!quick) findings.push(await cpu(rounds, say));
    return findings;
  },
};

/** Changes told to sockets, a second of CPU. */
const rate = ({ changes, cpuUs }: Published) => (changes * 1e6) / cpuUs;

function told(rounds: readonly Publishing[], quick: boolean): Finding {
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

/** Everything a server does for 1,000 holds a second, beside what the publishes alone would cost it with one a change. */
async function cpu(rounds: readonly Publishing[], say: (line: string) => void): Promise<Finding> {
  const unjoined = (HOLDS_PER_SECOND * VIEWERS) / median(rounds.map(({ publish }) => rate(publish)));
  const shares: number[] = [];
  const stage = await openStage({
    buyers: 1_000,
    halls: [{ events: 3, rows: PLACES / 50, seatsPerRow: 50 }],
  });
  try {
    for (const event of stage.events[0]!) {
      const { cpu, framesPerSecond } = await runLoad(await ours(stage), {
        events: [event],
        places: PLACES,
        placesPerHold: 2,
        viewers: VIEWERS,
        pace: { perSecond: HOLDS_PER_SECOND },
        warmUpMs: 1000,
        windowMs: 5000,
      });
      say(
        `${Math.round(cpu.service * 100)}% of a core, ${Math.round(framesPerSecond / VIEWERS)} frames/s to each viewer`,
      );
      shares.push(cpu.service);
    }
  } finally {
    await stage.stop();
  }
  return {
    goal: '2',
    what: "the server's CPU at 1,000 holds/s, 1,000 viewers, all it does",
    figure: `${Math.round(median(shares) * 100)}% of a core`,
    calibration: `publishes alone, one a change, at the price measured above: ${Math.round(unjoined * 100)}%`,
    ratio: unjoined / median(shares),
    wanted: 2,
    collapse: 0.5,
    runs: shares.length,
    spread: spread(shares),
  };
}

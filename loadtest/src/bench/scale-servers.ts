/**
 * Two servers and two workers on one Redis and Postgres: what the second server adds, and what it costs. As many holds as they can
 * carry is a question to a machine with cores for all; what a hold costs the servers together, at a pace both reach, is answered anywhere.
 */
import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Bench, Finding, Surroundings } from './finding.ts';
import { shown, useDuring } from './process-cpu.ts';
import { type LoadOutcome, type LoadWish, runLoad, serverUsPerHold } from './run-load.ts';
import { ours } from './services.ts';
import { median, spread } from './spread.ts';
import { openStage, type Stage } from './stage.ts';

const PLACES = 200_000;
const ROUNDS = 3;
const VIEWERS = 1_000;
const IDLE_MS = 5_000;
const PACE = 1_000;
/** Two servers, Redis, Postgres and the workers, and two processes of clients: fewer cores show who is scheduled, not what scales. */
const CORES = 6;
const LOADS = {
  most: { pace: { depth: 1 }, windowMs: 3_000 },
  paced: { pace: { perSecond: PACE }, windowMs: 4_000 },
} as const satisfies Record<string, Pick<LoadWish, 'pace' | 'windowMs'>>;
type Outcomes = Readonly<Record<1 | 2, LoadOutcome[]>>;

export const scaleServers: Bench = {
  name: 'scale-servers',
  about:
    'two servers and two workers against one server: holds a second, CPU of a hold; each process idle and busy',
  async run(around) {
    const stage = await openStage({
      servers: 2,
      workers: 2,
      buyers: 1_000,
      halls: [{ events: ROUNDS * 4, rows: PLACES / 50, seatsPerRow: 50 }],
    });
    try {
      const halls = [...stage.events[0]!];
      const pids = [...stage.servers, ...stage.workers].map(({ pid }) => pid);
      const { uses: idle } = await useDuring(pids, () => sleep(IDLE_MS));
      around.say(`idle: a server ${shown(idle.slice(0, 2))}; a worker ${shown(idle.slice(2))}`);
      const most = await compare(stage, around, halls, 'most');
      const { outcome: paced, uses: busy } = await useDuring(pids, () =>
        compare(stage, around, halls, 'paced'),
      );
      return [
        carried(most),
        costOfAHold(paced),
        {
          goal: null,
          what: `a server with ${VIEWERS / 2} viewers at ${PACE / 2} holds/s, half of two`,
          figure: `${Math.round(busy[0]!.rss / 1e6)} MB, ${(median(paced[2].map(({ cpu }) => cpu.service)) * 50).toFixed(1)}% of a core`,
          calibration: `idle: ${shown(idle.slice(0, 2))}; a worker, idle: ${shown(idle.slice(2))}, busy: ${shown(busy.slice(2))}`,
          ratio: 1,
          wanted: 0,
          collapse: 0,
          runs: ROUNDS,
          spread: spread(paced[2].map(({ cpu }) => cpu.service)),
        },
      ];
    } finally {
      await stage.stop();
    }
  },
};

/** One and two in turn, each on an event of its own. */
async function compare(
  stage: Stage,
  { say }: Surroundings,
  halls: string[],
  load: keyof typeof LOADS,
): Promise<Outcomes> {
  const outcomes: Outcomes = { 1: [], 2: [] };
  for (let round = 0; round < ROUNDS; round++) {
    for (const servers of [1, 2] as const) {
      const outcome = await runLoad(await ours({ ...stage, servers: stage.servers.slice(0, servers) }), {
        events: [halls.pop()!],
        places: PLACES,
        placesPerHold: 2,
        viewers: VIEWERS,
        warmUpMs: 1_000,
        mayRefuse: 0.05,
        ...LOADS[load],
      });
      say(
        `${servers} server(s): ${Math.round(outcome.grantedPerSecond)} holds/s, ` +
          `${Math.round(outcome.cpu.service * 100)}% of a core, ${serverUsPerHold(outcome).toFixed(0)} us a hold`,
      );
      outcomes[servers].push(outcome);
    }
  }
  return outcomes;
}

function carried(outcomes: Outcomes): Finding {
  const rates = (servers: 1 | 2) => outcomes[servers].map(({ grantedPerSecond }) => grantedPerSecond);
  const ratios = rates(2).map((two, i) => two / rates(1)[i]!);
  const cores = availableParallelism();
  return {
    goal: '9',
    what: `two servers and two workers, ${VIEWERS} viewers, one event`,
    figure: `${Math.round(median(rates(2)))} holds/s`,
    calibration: `one server: ${Math.round(median(rates(1)))} holds/s${cores < CORES ? `; ${cores} cores carry servers, stores and clients, so nothing is to be gained here` : ''}`,
    ratio: median(ratios),
    wanted: cores < CORES ? 0 : 1.7,
    collapse: 0.3,
    runs: ROUNDS,
    spread: spread(ratios),
  };
}

function costOfAHold(outcomes: Outcomes): Finding {
  const ratios = outcomes[1].map((one, i) => serverUsPerHold(one) / serverUsPerHold(outcomes[2][i]!));
  return {
    goal: '9',
    what: `CPU of a hold, both servers together, at ${PACE}/s with ${VIEWERS} viewers`,
    figure: `${median(outcomes[2].map(serverUsPerHold)).toFixed(0)} us`,
    calibration: `one server: ${median(outcomes[1].map(serverUsPerHold)).toFixed(0)} us`,
    ratio: median(ratios),
    wanted: 0.85,
    collapse: 0.3,
    runs: ROUNDS,
    spread: spread(ratios),
  };
}

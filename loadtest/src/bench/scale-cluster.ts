/**
 * Two servers and two workers on a Redis Cluster of three masters, beside one Redis: holds at many events, each in one of the
 * partitions that the nodes share. Every hold granted must be on the map of its event, whichever server is asked.
 */
import { Rest } from '../rest.ts';
import type { Bench, Finding } from './finding.ts';
import { type RedisSpent, spentDuring } from './redis-info.ts';
import { runLoad } from './run-load.ts';
import { ours } from './services.ts';
import { median, spread } from './spread.ts';
import { openStage, type Stage } from './stage.ts';

const NODES = 3;
const EVENTS = 96;
const PLACES = 2_000;
const PLACES_PER_HOLD = 2;
const ROUNDS = 3;

interface Round {
  readonly holdsPerSecond: number;
  readonly nodes: readonly RedisSpent[];
  readonly usPerHold: number;
}

export const scaleCluster: Bench = {
  name: 'scale-cluster',
  about: `holds at ${EVENTS} events on a Redis Cluster of ${NODES}, each found on its map; the share and the CPU of each node`,
  async run({ say }) {
    const [one, cluster] = [await rounds(1, say), await rounds(NODES, say)];
    const rate = ({ holdsPerSecond }: Round) => holdsPerSecond;
    const cost = ({ usPerHold }: Round) => usPerHold;
    const ratios = cluster.map((round, i) => rate(round) / rate(one[i]!));
    const costs = cluster.map((round, i) => cost(one[i]!) / cost(round));
    const least = cluster.map(({ nodes }) => Math.min(...shares(nodes)) * NODES);
    // No goal for the shares: 16 partitions do not divide by three, and which events fall in which is chance.
    const open = { goal: null, wanted: 0, collapse: 0.2, runs: ROUNDS };
    return [
      {
        ...open,
        what: `holds at ${EVENTS} events on a Redis Cluster of ${NODES}, each found on its map`,
        figure: `${Math.round(median(cluster.map(rate)))} holds/s`,
        calibration: `on one Redis: ${Math.round(median(one.map(rate)))} holds/s`,
        ratio: median(ratios),
        spread: spread(ratios),
      },
      {
        ...open,
        what: 'Redis CPU of a hold, all nodes together',
        figure: `${median(cluster.map(cost)).toFixed(0)} us`,
        calibration: `on one Redis: ${median(one.map(cost)).toFixed(0)} us`,
        ratio: median(costs),
        spread: spread(costs),
      },
      {
        ...open,
        what: 'scripts run by the node that ran fewest, against an even share',
        figure: shares(cluster.at(-1)!.nodes).map(percent).join(', '),
        calibration: `CPU of each: ${cluster
          .at(-1)!
          .nodes.map(({ cpuMs }) => `${Math.round(cpuMs)} ms`)
          .join(', ')}`,
        ratio: median(least),
        spread: spread(least),
      },
    ] satisfies Finding[];
  },
};

async function rounds(redisNodes: number, say: (line: string) => void): Promise<Round[]> {
  const stage = await openStage({
    servers: 2,
    workers: 2,
    ...(redisNodes > 1 && { redisNodes }),
    buyers: 500,
    halls: [{ events: EVENTS * ROUNDS, rows: PLACES / 50, seatsPerRow: 50 }],
  });
  try {
    const found: Round[] = [];
    for (let i = 0; i < ROUNDS; i++) {
      const round = await measure(stage, stage.events[0]!.slice(i * EVENTS, (i + 1) * EVENTS));
      const { holdsPerSecond, nodes, usPerHold } = round;
      say(
        `${redisNodes} Redis: ${Math.round(holdsPerSecond)} holds/s, ${usPerHold.toFixed(0)} us of Redis CPU each; ` +
          `scripts ${shares(nodes).map(percent).join(', ')}`,
      );
      found.push(round);
    }
    return found;
  } finally {
    await stage.stop();
  }
}

async function measure(stage: Stage, events: readonly string[]): Promise<Round> {
  const { outcome, spent: nodes } = await spentDuring(stage.redisNodes, async () =>
    runLoad(await ours(stage), {
      events,
      places: PLACES,
      placesPerHold: PLACES_PER_HOLD,
      viewers: EVENTS,
      pace: { depth: 1 },
      warmUpMs: 1_000,
      windowMs: 3_000,
    }),
  );
  await compareMaps(stage, events, outcome.granted * PLACES_PER_HOLD);
  const cpuMs = nodes.reduce((sum, node) => sum + node.cpuMs, 0);
  return { holdsPerSecond: outcome.grantedPerSecond, nodes, usPerHold: (cpuMs * 1000) / outcome.granted };
}

/** Throws unless both servers show the same maps, and on them as many places held as were granted. */
async function compareMaps(stage: Stage, events: readonly string[], granted: number): Promise<void> {
  let held = 0;
  for (const event of events) {
    const maps = await Promise.all(stage.servers.map(({ url }) => new Rest(url).snapshot(event)));
    const [first, second] = maps.map(({ epoch, version, map }) => `${epoch} ${version} ${map.checksum}`);
    if (first !== second) throw new Error(`event ${event} is ${first} on one server, ${second} on the other`);
    held += maps[0]!.map.count(1);
  }
  if (held !== granted) throw new Error(`${granted} places were granted, ${held} are held on the maps`);
}

function shares(nodes: readonly RedisSpent[]): number[] {
  const all = nodes.reduce((sum, { scripts }) => sum + scripts, 0);
  return nodes.map(({ scripts }) => scripts / all);
}

const percent = (share: number): string => `${Math.round(share * 100)}%`;

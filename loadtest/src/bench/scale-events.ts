/**
 * 1, 100 and 10,000 events on sale at once: what a hold costs Redis and the server, all holds at one event and spread over many; what an
 * event that nobody looks at takes; what server and worker do while nobody buys.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Bench, Finding } from './finding.ts';
import { memoryOf, shown, type Use, useDuring } from './process-cpu.ts';
import { readRedis, spentBy } from './redis-info.ts';
import { runLoad } from './run-load.ts';
import { ours } from './services.ts';
import { median, spread } from './spread.ts';
import { openStage, type Stage } from './stage.ts';

const PLACES = 50_000;
const ROUNDS = 3;
const IDLE_MS = 4_000;
/** So many of the others are bought at side by side. */
const BUSY_EVENTS = 1_000;
/** Besides those all holds go to: how many, of how many places. */
const CROWDS = [
  { others: 0, places: 50 },
  { others: 100, places: 5_000 },
  { others: 10_000, places: 100 },
] as const;

interface Cost {
  /** us of a hold. */
  readonly server: number;
  readonly redis: number;
}
interface Found {
  readonly others: number;
  readonly places: number;
  /** All holds at one event, round by round. */
  readonly atOne: readonly Cost[];
  /** Spread over the others. */
  readonly spread: Cost | null;
  /** Bytes, before anybody came. */
  readonly redisBytes: number;
  readonly serverBytes: number;
  readonly idle: readonly Use[];
}

export const scaleEvents: Bench = {
  name: 'scale-events',
  about: 'cost of a hold among 1, 100 and 10,000 events, at one of them and at many; memory of an idle event',
  async run({ say }) {
    const all: Found[] = [];
    for (const { others, places } of CROWDS) {
      const stage = await openStage({
        buyers: 1_000,
        halls: [
          { events: ROUNDS, rows: PLACES / 50, seatsPerRow: 50 },
          { events: others, rows: places / 50, seatsPerRow: 50 },
        ],
      });
      try {
        const found = await measure(stage, others, places);
        say(
          `${others || 1} event(s): a hold costs the server ${us(found.atOne, 'server')} us, Redis ${us(found.atOne, 'redis')} us` +
            `${found.spread ? `; spread over them ${found.spread.server.toFixed(0)} and ${found.spread.redis.toFixed(0)} us` : ''}` +
            `; idle: server ${shown(found.idle.slice(0, 1))}, worker ${shown(found.idle.slice(1))}`,
        );
        all.push(found);
      } finally {
        await stage.stop();
      }
    }
    const [one, ...more] = all as [Found, ...Found[]];
    return [...more.flatMap((found) => flat(one, found)), ...more.map((found) => memory(one, found))];
  },
};

async function measure(stage: Stage, others: number, places: number): Promise<Found> {
  const server = stage.servers[0]!.pid;
  const { uses: idle } = await useDuring([server, stage.workers[0]!.pid], () => sleep(IDLE_MS));
  const redisBytes = (await readRedis(stage.redisUrl, 'memory')).used_memory!;
  const serverBytes = memoryOf(server);
  const atOne: Cost[] = [];
  for (const event of stage.events[0]!) atOne.push(await costOf(stage, [event], PLACES, 3_000));
  const busy = stage.events[1]!.slice(0, BUSY_EVENTS);
  const spreadOut = others === 0 ? null : await costOf(stage, busy, places, 5_000);
  return { others, places, atOne, spread: spreadOut, redisBytes, serverBytes, idle };
}

async function costOf(
  stage: Stage,
  events: readonly string[],
  places: number,
  windowMs: number,
): Promise<Cost> {
  const before = await spentBy(stage.redisUrl);
  const outcome = await runLoad(await ours(stage), {
    events,
    places,
    placesPerHold: 2,
    viewers: 100,
    pace: { perSecond: 1_000 },
    // Twice round all events, so that none is held at for the first time.
    warmUpMs: events.length > 1 ? 2_000 : 1_000,
    windowMs,
  });
  const after = await spentBy(stage.redisUrl);
  return {
    server: (outcome.cpu.service * 1e6) / outcome.grantedPerSecond,
    redis: ((after.cpuMs - before.cpuMs) * 1000) / outcome.granted,
  };
}

const us = (costs: readonly Cost[], of: keyof Cost): string =>
  median(costs.map((cost) => cost[of])).toFixed(0);
const sum = ({ server, redis }: Cost): number => server + redis;

function flat(one: Found, found: Found): Finding[] {
  const among = `${found.others.toLocaleString('en')} events`;
  const beside = `at the only one: ${us(one.atOne, 'server')} and ${us(one.atOne, 'redis')} us`;
  const ratios = found.atOne.map((cost, i) => sum(one.atOne[i]!) / sum(cost));
  const spreadOut = found.spread!;
  return [
    {
      goal: '9',
      what: `CPU of a hold at one of ${among}, server and Redis`,
      figure: `${us(found.atOne, 'server')} and ${us(found.atOne, 'redis')} us`,
      calibration: beside,
      ratio: median(ratios),
      wanted: 0.85,
      collapse: 0.2,
      runs: ROUNDS,
      spread: spread(ratios),
    },
    {
      goal: '9',
      what: `the same, holds spread over ${Math.min(BUSY_EVENTS, found.others).toLocaleString('en')} of ${among}, 100 viewers in all`,
      figure: `${spreadOut.server.toFixed(0)} and ${spreadOut.redis.toFixed(0)} us`,
      calibration: beside,
      ratio: median(one.atOne.map(sum)) / sum(spreadOut),
      wanted: 0.85,
      collapse: 0.2,
      runs: 1,
      spread: 0,
    },
  ];
}

function memory(one: Found, found: Found): Finding {
  const each = (bytes: 'redisBytes' | 'serverBytes') => (found[bytes] - one[bytes]) / found.others;
  return {
    goal: null,
    what: `an idle event of ${found.places.toLocaleString('en')} places, of ${found.others.toLocaleString('en')}`,
    figure: `${(each('redisBytes') / 1024).toFixed(1)} KB in Redis, ${(each('serverBytes') / 1024).toFixed(1)} KB in a server`,
    calibration: `idle among them: a server ${shown(found.idle.slice(0, 1))}, a worker ${shown(found.idle.slice(1))}`,
    ratio: 1,
    wanted: 0,
    collapse: 0,
    runs: 1,
    spread: 0,
  };
}

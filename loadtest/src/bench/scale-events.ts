/**
 * 1, 100 and 10,000 events on sale at once: what a hold costs Redis and the server, all holds at one event and spread over many; what an
 * event that nobody looks at takes; what server and worker do while nobody buys. The three systems stand side by side and take turns,
 * so that a busy machine is as busy for each.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Bench, Finding } from './finding.ts';
import { memoryOf, shown, type Use, useDuring } from './process-cpu.ts';
import { readRedis, spentDuring } from './redis-info.ts';
import { runLoad, serverUsPerHold } from './run-load.ts';
import { ours } from './services.ts';
import { median, spread } from './spread.ts';
import { openStage, type Stage } from './stage.ts';

const PLACES = 20_000;
const ROUNDS = 3;
const IDLE_MS = 4_000;
/** Of the others, so many are bought at side by side in a round, if there are as many. */
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

class Crowd {
  readonly others: number;
  readonly places: number;
  readonly stage: Stage;
  /** Round by round: all holds at one event, and spread over the others. */
  readonly atOne: Cost[] = [];
  readonly spread: Cost[] = [];
  /** Bytes, before anybody came. */
  redisBytes = 0;
  serverBytes = 0;
  idle: readonly Use[] = [];

  constructor({ others, places }: { others: number; places: number }, stage: Stage) {
    this.others = others;
    this.places = places;
    this.stage = stage;
  }

  async beforeAnybodyCame(): Promise<void> {
    const server = this.stage.servers[0]!.pid;
    const { uses } = await useDuring([server, this.stage.workers[0]!.pid], () => sleep(IDLE_MS));
    this.idle = uses;
    this.redisBytes = (await readRedis(this.stage.redisUrl, 'memory')).used_memory!;
    this.serverBytes = memoryOf(server);
  }

  async measure(round: number): Promise<void> {
    const [main, others] = this.stage.events as [string[], string[]];
    this.atOne.push(await costOf(this.stage, [main[round]!], PLACES));
    if (this.others === 0) return;
    const busy = Math.min(BUSY_EVENTS, Math.floor(this.others / ROUNDS));
    this.spread.push(await costOf(this.stage, others.slice(round * busy, (round + 1) * busy), this.places));
  }

  line(): string {
    const spreadOut = this.spread.length === 0 ? '' : `; spread over them ${shownCost(this.spread)}`;
    const [server, worker] = this.idle.map((use) => shown([use]));
    return `${this.others + 1} event(s): a hold costs server and Redis ${shownCost(this.atOne)}${spreadOut}; idle: server ${server}, worker ${worker}`;
  }
}

export const scaleEvents: Bench = {
  name: 'scale-events',
  about: 'cost of a hold among 1, 100 and 10,000 events, at one of them and at many; memory of an idle event',
  async run({ say }) {
    const crowds: Crowd[] = [];
    try {
      for (const crowd of CROWDS) crowds.push(new Crowd(crowd, await open(crowd)));
      for (const crowd of crowds) await crowd.beforeAnybodyCame();
      for (let round = 0; round < ROUNDS; round++) for (const crowd of crowds) await crowd.measure(round);
    } finally {
      await Promise.all(crowds.map(({ stage }) => stage.stop()));
    }
    for (const crowd of crowds) say(crowd.line());
    const [one, ...more] = crowds as [Crowd, ...Crowd[]];
    return [...more.flatMap((crowd) => flat(one, crowd)), ...more.map((crowd) => memory(one, crowd))];
  },
};

function open({ others, places }: { others: number; places: number }): Promise<Stage> {
  return openStage({
    buyers: 1_000,
    halls: [
      { events: ROUNDS, rows: PLACES / 50, seatsPerRow: 50 },
      { events: others, rows: places / 50, seatsPerRow: 50 },
    ],
  });
}

async function costOf(stage: Stage, events: readonly string[], places: number): Promise<Cost> {
  const { outcome, spent } = await spentDuring([stage.redisUrl], async () =>
    runLoad(await ours(stage), {
      events,
      places,
      placesPerHold: 2,
      viewers: 100,
      pace: { perSecond: 1_000 },
      // Twice round all events, so that none is held at for the first time.
      warmUpMs: events.length > 1 ? 2_000 : 1_000,
      windowMs: 3_000,
    }),
  );
  return { server: serverUsPerHold(outcome), redis: (spent[0]!.cpuMs * 1000) / outcome.granted };
}

const sum = ({ server, redis }: Cost): number => server + redis;
const shownCost = (costs: readonly Cost[]): string =>
  `${median(costs.map(({ server }) => server)).toFixed(0)} and ${median(costs.map(({ redis }) => redis)).toFixed(0)} us`;

function flat(one: Crowd, crowd: Crowd): Finding[] {
  const among = `${crowd.others.toLocaleString('en')} events`;
  const row = (what: string, costs: readonly Cost[]): Finding => {
    const ratios = costs.map((cost, i) => sum(one.atOne[i]!) / sum(cost));
    return {
      goal: '9',
      what,
      figure: shownCost(costs),
      calibration: `at the only one: ${shownCost(one.atOne)}`,
      ratio: median(ratios),
      wanted: 0.85,
      collapse: 0.2,
      runs: ROUNDS,
      spread: spread(ratios),
    };
  };
  return [
    row(`CPU of a hold at one of ${among}, server and Redis`, crowd.atOne),
    row(`the same, spread over many of ${among}, 100 viewers in all`, crowd.spread),
  ];
}

function memory(one: Crowd, crowd: Crowd): Finding {
  const each = (bytes: 'redisBytes' | 'serverBytes') =>
    `${Math.max(0, (crowd[bytes] - one[bytes]) / crowd.others / 1024).toFixed(1)} KB`;
  const [server, worker] = crowd.idle.map((use) => shown([use]));
  return {
    goal: null,
    what: `an idle event of ${crowd.places.toLocaleString('en')} places, of ${crowd.others.toLocaleString('en')}`,
    figure: `${each('redisBytes')} in Redis, ${each('serverBytes')} in a server`,
    calibration: `idle among them: a server ${server}, a worker ${worker}`,
    ratio: 1,
    wanted: 0,
    collapse: 0,
    runs: 1,
    spread: 0,
  };
}

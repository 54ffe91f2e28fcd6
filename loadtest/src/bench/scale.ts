/** What a second server process adds, and what a hold and an idle event cost when there are many events. */

import type { Bench, Finding, Surroundings } from './finding.ts';
import { memoryOf } from './process-cpu.ts';
import { readRedis } from './redis-info.ts';
import { type LoadOutcome, runLoad } from './run-load.ts';
import { ours } from './services.ts';
import { median, spread } from './spread.ts';
import { openStage } from './stage.ts';

const PLACES = 200_000;
const SMALL = 100;
const CROWDS = [1, 100, 10_000] as const;

export const scale: Bench = {
  name: 'scale',
  about:
    'two server processes against one; cost of a hold among 1, 100 and 10,000 events; memory of an idle event',
  run: async (around) => [await processes(around), ...(await manyEvents(around))],
};

async function processes({ say }: Surroundings): Promise<Finding> {
  const rounds = 3;
  const outcomes: Record<1 | 2, LoadOutcome[]> = { 1: [], 2: [] };
  for (let round = 0; round < rounds; round++) {
    for (const servers of [1, 2] as const) {
      const stage = await openStage({
        servers,
        buyers: 1_000,
        halls: [{ events: 1, rows: PLACES / 50, seatsPerRow: 50 }],
      });
      try {
        const outcome = await runLoad(await ours(stage), {
          events: stage.events[0]!,
          places: PLACES,
          placesPerHold: 2,
          viewers: 1_000,
          pace: { depth: 1 },
          warmUpMs: 1000,
          windowMs: 3000,
        });
        say(
          `${servers} server(s): ${Math.round(outcome.grantedPerSecond)} holds/s, ${Math.round(outcome.cpu.service * 100)}% of a core`,
        );
        outcomes[servers].push(outcome);
      } finally {
        await stage.stop();
      }
    }
  }
  const rates = (servers: 1 | 2) => outcomes[servers].map(({ grantedPerSecond }) => grantedPerSecond);
  const ratios = rates(2).map((two, i) => two / rates(1)[i]!);
  return {
    goal: '9',
    what: 'two server processes, 1,000 viewers, one event',
    figure: `${Math.round(median(rates(2)))} holds/s`,
    calibration: `one: ${Math.round(median(rates(1)))} holds/s`,
    ratio: median(ratios),
    wanted: 1.7,
    collapse: 0.3,
    runs: rounds,
    spread: spread(ratios),
  };
}

/** All holds at one event, while the others only exist. */
async function manyEvents({ say }: Surroundings): Promise<Finding[]> {
  const costs = new Map<number, { us: number; redis: number; server: number }>();
  let [redisPerEvent, serverPerEvent] = [0, 0];
  let one = { redis: 0, server: 0 };
  for (const events of CROWDS) {
    const stage = await openStage({
      buyers: 1_000,
      halls: [
        { events: 1, rows: PLACES / 50, seatsPerRow: 50 },
        { events: events - 1, rows: SMALL / 50, seatsPerRow: 50 },
      ],
    });
    try {
      const redis = await readRedis(stage.redisUrl, 'memory');
      const idle = { redis: redis.used_memory!, server: memoryOf(stage.servers[0]!.pid) };
      if (events === 1) one = idle;
      redisPerEvent = (idle.redis - one.redis) / Math.max(1, events - 1);
      serverPerEvent = (idle.server - one.server) / Math.max(1, events - 1);
      const before = await readRedis(stage.redisUrl, 'cpu');
      const outcome = await runLoad(await ours(stage), {
        events: stage.events[0]!,
        places: PLACES,
        placesPerHold: 2,
        viewers: 100,
        pace: { perSecond: 1_000 },
        warmUpMs: 1000,
        windowMs: 5000,
      });
      const after = await readRedis(stage.redisUrl, 'cpu');
      const spent = (info: typeof after) => info.used_cpu_user! + info.used_cpu_sys!;
      const holds = outcome.grantedPerSecond * 6;
      const us = (outcome.cpu.service * 1e6) / outcome.grantedPerSecond;
      const redisUs = ((spent(after) - spent(before)) * 1e6) / holds;
      costs.set(events, { us, redis: redisUs, server: outcome.cpu.service });
      say(
        `${events} event(s): a hold costs the server ${us.toFixed(0)} us, Redis ${redisUs.toFixed(0)} us; ` +
          `an idle event ${(redisPerEvent / 1024).toFixed(1)} KB in Redis, ${(serverPerEvent / 1024).toFixed(1)} KB in the server`,
      );
    } finally {
      await stage.stop();
    }
  }
  const cost = (events: number) => costs.get(events)!;
  const flat = (events: number): Finding => ({
    goal: '9',
    what: `cost of a hold among ${events.toLocaleString('en')} events, server and Redis`,
    figure: `${(cost(events).us + cost(events).redis).toFixed(0)} us`,
    calibration: `among 1: ${(cost(1).us + cost(1).redis).toFixed(0)} us`,
    ratio: (cost(1).us + cost(1).redis) / (cost(events).us + cost(events).redis),
    wanted: 0.85,
    collapse: 0.2,
    runs: 1,
    spread: 0,
  });
  return [
    ...CROWDS.slice(1).map(flat),
    {
      goal: null,
      what: `memory of an idle event of ${SMALL} places, of ${CROWDS.at(-1)!.toLocaleString('en')}`,
      figure: `${(redisPerEvent / 1024).toFixed(1)} KB in Redis`,
      calibration: `${(serverPerEvent / 1024).toFixed(1)} KB of the server's RSS, which is the noise of its heap`,
      ratio: 1,
      wanted: 0,
      collapse: 0,
      runs: 1,
      spread: 0,
    },
  ];
}

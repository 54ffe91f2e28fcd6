/** Drives the model and Redis with the same random commands, and compares every answer and everything there is to see. */
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { memorySeatStore } from '../seat-store.memory.ts';
import type { RedisSeatStore } from '../seat-store.redis.ts';
import type { Outbox } from '../seat-store.ts';
import { begin, runs } from './steps.ts';
import type { VirtualClock } from './virtual-clock.ts';
import { World } from './world.ts';

export interface Comparison {
  readonly runs: number;
  readonly seed?: number;
  /** Look for the shortest sequence that fails; true if left out. */
  readonly shrink?: boolean;
  readonly onRun?: (commands: number) => void;
}

/**
 * Empties the store's database before each run. When the two differ, throws with the shortest sequence of commands found and the seed
 * that gives it again.
 */
export async function compare(
  store: RedisSeatStore,
  clock: VirtualClock,
  options: Comparison,
): Promise<void> {
  const property = fc.asyncProperty(runs, async ([rules, commands]) => {
    await store.redis.flushdb();
    const world = new World(memorySeatStore({ nowUs: clock.now, partitions: 1 }), store, clock);
    await begin(world, rules);
    await fc.asyncModelRun(() => ({ model: {}, real: world }), commands);
    await sameOutbox(world.model.outbox, store.outbox);
    options.onRun?.(world.steps);
  });
  const seed = options.seed === undefined ? {} : { seed: options.seed };
  await fc.assert(property, { numRuns: options.runs, ...seed, endOnFailure: options.shrink === false });
}

/** What is in them, but for the ids the streams gave; read dry, so that the next run finds them empty. */
async function sameOutbox(model: Outbox, redis: Outbox): Promise<void> {
  const read = async (outbox: Outbox) => {
    const [batch] = await outbox.read('compare', [0], 10_000, 0);
    await outbox.ack(0, batch?.entries.map(({ id }) => id) ?? []);
    await outbox.trim(0);
    return batch?.entries.map((entry) => ({ ...entry, id: null })) ?? [];
  };
  const [expected, actual] = [await read(model), await read(redis)];
  if (!isDeepStrictEqual(expected, actual)) {
    throw new Error(`outbox differs\nmodel ${JSON.stringify(expected)}\nredis ${JSON.stringify(actual)}`);
  }
}

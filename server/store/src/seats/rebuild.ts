/**
 * The new state of an event, gathered under names of its own in small steps (50k sold places in one script would stop Redis for
 * 0.1 s), then put in the place of the old by scripts/rebuild.lua at once. Staged keys that are never used expire.
 */
import type { Epoch } from '@seatwire/protocol';
import type { SeatPlan } from '../words/seat-plan.ts';
import type { RedisClient } from './connections.ts';
import type { Deadline } from './deadline.ts';
import { type EventKeys, stagingKey } from './keys.ts';
import { packRules } from './rules.ts';

const STAGED_FOR_MS = 60_000;
const STEP = 1_000;

/** Returns the staged state's, map's and sold places' keys. */
export async function stageRebuild(
  redis: RedisClient,
  deadline: Deadline,
  keys: EventKeys,
  plan: SeatPlan,
  epoch: Epoch,
): Promise<readonly [state: string, map: string, sold: string]> {
  const [state, map, sold] = [keys.state, keys.map, keys.sold].map((key) => stagingKey(key, epoch)) as [
    string,
    string,
    string,
  ];
  const fields: [string, string | number | Buffer][] = [
    ['epoch', epoch],
    ['version', 0],
    ['fence', plan.fence],
    ['rules', packRules(plan.rules, plan.places)],
    ...[...placesHad(plan)].map(([buyer, count]): [string, number] => [`@${buyer}`, count]),
  ];
  const fences = plan.sold.map(({ place, fence }): [string, number] => [String(place), fence]);
  await deadline.within(() => redis.unlink(state, map, sold));
  await deadline.within(() => redis.set(map, letters(plan), 'PX', STAGED_FOR_MS));
  for (const [key, entries] of [
    [state, fields],
    [sold, fences],
  ] as const) {
    for (let i = 0; i < entries.length; i += STEP) {
      await deadline.within(() => redis.hset(key, ...entries.slice(i, i + STEP).flat()));
      if (i === 0) await deadline.within(() => redis.pexpire(key, STAGED_FOR_MS));
    }
  }
  return [state, map, sold];
}

/** I4 across a rebuild: copies what was answered, in small steps. The old state is frozen. True when there was any. */
export async function takeAnswers(
  redis: RedisClient,
  deadline: Deadline,
  keys: EventKeys,
  staged: string,
): Promise<boolean> {
  let cursor = '0';
  let any = false;
  do {
    const ask = () => redis.hscan(keys.state, cursor, 'MATCH', '*:*', 'COUNT', STEP);
    const [next, answers] = await deadline.within(ask);
    if (answers.length > 0) {
      await deadline.within(() => redis.hset(staged, ...answers));
      any = true;
    }
    cursor = next;
  } while (cursor !== '0');
  return any;
}

/** One letter a place, upper case at the first of a run. */
export function letters(plan: SeatPlan): string {
  const map = Buffer.alloc(plan.places, 'f');
  for (const { place } of plan.sold) map[place] = 's'.charCodeAt(0);
  for (const place of plan.blocked) map[place] = 'b'.charCodeAt(0);
  for (const place of plan.runStarts) map[place] = map[place]! - 32;
  return map.toString('latin1');
}

function placesHad(plan: SeatPlan): Map<string, number> {
  const had = new Map<string, number>();
  for (const { buyer } of plan.sold) had.set(buyer, (had.get(buyer) ?? 0) + 1);
  return had;
}

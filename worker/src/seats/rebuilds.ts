/** When events are rebuilt without a command: they are missing, a server asks, or a rebuild was begun and not ended. */
import { repeat, type Service } from '@seatwire/program';
import type { EventId } from '@seatwire/protocol';
import {
  eventsOnSale,
  type RedisClient,
  takeRebuildRequest,
  takeWorkLease,
  unfinishedRebuilds,
  withoutState,
} from '@seatwire/store';
import { inParallel } from '../in-parallel.ts';
import { ABANDONED_MS, type RebuildParts, rebuild } from './rebuild.ts';

export interface RequestsParts extends RebuildParts {
  /** For blocking reads. */
  readonly blocking: RedisClient;
}

export interface MissingParts extends RebuildParts {
  readonly holder: string;
  /** Pause between two looks of one worker. */
  readonly everyMs: number;
}

const REQUEST_WAIT_S = 1;
const PARALLEL = 4;

/** Answers the servers' requests: an event was looked for and has no state. */
export function rebuildRequests(parts: RequestsParts): Service {
  return repeat({
    name: 'rebuild requests',
    everyMs: 0,
    log: parts.log,
    async run(signal) {
      const event = await takeRebuildRequest(parts.blocking, REQUEST_WAIT_S);
      if (event !== null) await rebuild(parts, event, 'missing', signal);
    },
  });
}

/** Published events without state, and rebuilds that lost their worker. */
export async function rebuildMissing(parts: MissingParts, signal: AbortSignal): Promise<void> {
  const { db, redis, seats, holder, everyMs, log } = parts;

  async function each(events: readonly EventId[], when: 'missing' | 'always') {
    await inParallel(events, PARALLEL, async (event) => {
      if (signal.aborted || !(await takeWorkLease(redis, `rebuild-${event}`, holder, everyMs / 2))) return;
      try {
        await rebuild(parts, event, when, signal);
      } catch (error) {
        if (!signal.aborted) log.error({ err: error, event }, 'cannot rebuild, will try again');
      }
    });
  }

  await each(await unfinishedRebuilds(redis, Date.now() - ABANDONED_MS), 'always');
  await each(await withoutState(redis, await eventsOnSale(db), seats.partitions), 'missing');
}

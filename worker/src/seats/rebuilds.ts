/** When events are rebuilt without anybody's command: they are missing, a server asks, or a rebuild was begun and not ended. */

import type { Service } from '@seatwire/program';
import { repeat } from '@seatwire/program';
import type { EventId } from '@seatwire/protocol';
import {
  eventsOnSale,
  takeRebuildRequest,
  takeTurn,
  unfinishedRebuilds,
  withoutState,
} from '@seatwire/store';
import type { Cluster, Redis } from 'ioredis';
import { inParallel } from '../in-parallel.ts';
import { ABANDONED_MS, type RebuildParts, rebuild } from './rebuild.ts';

export interface RebuildsParts extends RebuildParts {
  /** For blocking reads. */
  readonly blocking: Redis | Cluster;
  readonly holder: string;
  readonly everyMs: number;
}

const REQUEST_WAIT_S = 1;
const PARALLEL = 4;

/** Answers the servers' requests: an event was looked for and has no state. */
export function rebuildRequests(parts: RebuildsParts): Service {
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

/** Looks at once and then again and again for published events without state, and for rebuilds nobody is at. */
export function missingEvents(parts: RebuildsParts): Service {
  const { db, redis, seats, holder, everyMs, log } = parts;

  async function each(events: readonly EventId[], when: 'missing' | 'always', signal: AbortSignal) {
    await inParallel(events, PARALLEL, async (event) => {
      if (signal.aborted || !(await takeTurn(redis, `rebuild-${event}`, holder, everyMs / 2))) return;
      try {
        await rebuild(parts, event, when, signal);
      } catch (error) {
        if (!signal.aborted) log.error({ err: error, event }, 'cannot rebuild, will try again');
      }
    });
  }

  return repeat({
    name: 'missing events',
    everyMs,
    log,
    async run(signal) {
      await each(await unfinishedRebuilds(redis, Date.now() - ABANDONED_MS), 'always', signal);
      const missing = await withoutState(redis, await eventsOnSale(db), seats.partitions);
      await each(missing, 'missing', signal);
    },
  });
}
